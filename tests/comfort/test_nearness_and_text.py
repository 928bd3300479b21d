"""Distances to geometry, the size and contrast of text, and what the limits say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from environments.comfort.colour import contrast_ratio
from environments.comfort.flicker import Flashes
from environments.comfort.limits import LEAST_CONTRAST, LEAST_TEXT_DEG, EyeMeasures, Load, Seen, reasons
from environments.comfort.motion import Motion
from environments.comfort.nearness import Nearest, Surroundings, distance_to_triangles_m
from environments.comfort.panel_text import PanelText, panel_texts
from environments.contract import PanelKind
from environments.interact import discs, pictures
from environments.interact.layout import half_size
from environments.render.model import Item, Material, Mesh, SceneFrame, SceneModel, Sun

CORNERS = np.array([[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])


@pytest.mark.parametrize(
    ("point", "distance_m"),
    [
        ((0.2, 0.2, 0.3), 0.3),
        ((-0.3, 0.5, 0.4), 0.5),
        ((2.0, 0.0, 0.0), 1.0),
        ((1.0, 1.0, 0.0), 0.5**0.5),
        ((0.1, 0.1, 0.0), 0.0),
    ],
)
def test_the_distance_to_a_triangle_is_to_its_face_edge_or_corner(
    point: tuple[float, float, float], distance_m: float
) -> None:
    assert distance_to_triangles_m(np.array(point), CORNERS) == pytest.approx(distance_m)


def _scene(distance_m: float, group: str = "static") -> Surroundings:
    points = np.array([[-9, -9, 0], [9, -9, 0], [0, 9, 0]], np.float32)
    mesh = Mesh(points, np.zeros_like(points), np.zeros((3, 2), np.float32), np.array([[0, 1, 2]], np.uint32))
    place = np.eye(4, dtype=np.float32)
    place[2, 3] = -distance_m
    return Surroundings(SceneModel((Item("pane", mesh, Material((1.0, 1.0, 1.0)), place[None], group),)))


EYE = np.zeros(3)
FRAME = SceneFrame(Sun(0.0, 30.0), (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("distance_m", "is_near"), [(0.39, True), (0.41, False)])
def test_what_is_nearer_than_the_limit_is_named_with_its_distance(distance_m: float, is_near: bool) -> None:
    found = _scene(distance_m).nearest(FRAME, EYE, 0.4)
    assert (found is not None) is is_near
    assert not is_near or (found.name, found.distance_m) == ("pane", pytest.approx(distance_m))


def test_hidden_moved_away_and_permitted_things_do_not_count() -> None:
    scene = _scene(0.2, "glass")
    away = np.eye(4, dtype=np.float32)
    away[2, 3] = -3.0
    assert scene.nearest(FRAME, EYE, 0.4) is not None
    assert scene.nearest(replace(FRAME, hidden=frozenset({"glass"})), EYE, 0.4) is None
    assert scene.nearest(replace(FRAME, moves={"glass": away[None]}), EYE, 0.4) is None
    assert scene.nearest(FRAME, EYE, 0.4, frozenset({"glass"})) is None


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast_ratio((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert contrast_ratio((80, 90, 100), (80, 90, 100)) == pytest.approx(1.0)


def test_every_text_of_the_player_is_measured() -> None:
    names = {text.name for text in panel_texts()}
    for wanted in ("suds question", "nrs answer 10", "fms word queasy", "expectancy answer 50", "yes-no answer Yes",
                   "message answer Continue", "calm disc", "guidance line", "notice"):  # fmt: skip
        assert wanted in names


def test_the_angle_of_a_text_is_that_of_its_drawn_capitals() -> None:
    disc = next(text for text in panel_texts() if text.name == "calm disc")
    assert disc.angle_deg == pytest.approx(np.degrees(discs.DISC_CAPS), rel=0.03)


def test_every_text_can_be_read_before_a_white_and_a_black_scene() -> None:
    for text in panel_texts():
        assert text.angle_deg >= LEAST_TEXT_DEG, text
        for behind in ((0, 0, 0), (255, 255, 255)):
            assert text.contrast(behind) >= LEAST_CONTRAST, text


def test_a_long_strip_grows_and_keeps_every_word() -> None:
    words = "Simulated patient: nothing here was measured on a person. " * 5
    lines, caps = pictures.fitted(words, 0.0175, 1.0, 3.0 * pictures.LINE_GAP * 0.0175)
    assert " ".join(lines).split() == words.split()
    assert caps >= pictures.SMALLEST_CAPS
    assert max(pictures.text_width(line, caps) for line in lines) <= 1.0


def test_a_question_that_is_far_too_long_is_cut_inside_its_panel() -> None:
    blank = pictures.blank_panel(PanelKind.SUDS)
    seen = pictures.panel_picture(blank, PanelKind.SUDS, "MMMMMM " * 80)
    rows = np.flatnonzero((seen != blank.picture()).any(axis=(1, 2)))
    top_up, bottom_up = (half_size(PanelKind.SUDS)[1] - row / pictures.PX_PER_TANGENT for row in (rows[0], rows[-1]))
    assert top_up - bottom_up <= pictures.QUESTION_HEIGHT
    assert bottom_up > -half_size(PanelKind.SUDS)[1] + 0.05


def test_a_text_on_a_clear_ground_loses_contrast_before_a_bright_scene() -> None:
    opaque = PanelText("a", 1.0, (255, 255, 255, 255), (0, 0, 0, 255))
    clear = PanelText("b", 1.0, (255, 255, 255, 255), (0, 0, 0, 60))
    assert opaque.contrast((255, 255, 255)) == pytest.approx(21.0)
    assert clear.contrast((255, 255, 255)) < 2.0
    assert clear.contrast((0, 0, 0)) > 15.0


GOOD = EyeMeasures(
    Seen(Flashes(1.0), "a fade"), Seen(), Motion(1.5, 0.5, 0.0, 0.5), "a ride", Load(300, 1_500_000, 1_000_000_000),
    Nearest(0.4, "pane"), (PanelText("a", 0.75, (255, 255, 255, 255), (0, 0, 0, 255)),), ((0, 0, 0), (255, 255, 255)),
)  # fmt: skip


def test_a_level_exactly_at_every_limit_passes() -> None:
    assert reasons(GOOD) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"general": Seen(Flashes(1.5, 0.7), "event gust")}, "1.5 flashes in a second (event gust, at 0.7 s"),
        ({"general": Seen(Flashes(3.5), "a")}, "3 is the law's limit"),
        ({"red": Seen(Flashes(2.0), "a")}, "2 red flashes"),
        ({"motion": Motion(1.0, 0.51)}, "acceleration 0.51 m/s² (a ride)"),
        ({"motion": Motion(1.51)}, "speed 1.51 m/s"),
        ({"motion": Motion(yaw_deg_s=0.1)}, "nothing may turn the patient"),
        ({"motion": Motion(shortest_fade_s=0.4)}, "a fade lasts 0.40 s"),
        ({"motion": Motion(cuts=("wall becomes rope",))}, "a cut: wall becomes rope in sight"),
        ({"load": Load(301)}, "301 draws"),
        ({"load": Load(0, 1_500_001)}, "1500001 triangles"),
        ({"load": Load(0, 0, 1_010_000_000)}, "1010 MB of textures"),
        ({"nearest": Nearest(0.39, "pane")}, "pane is 0.39 m from the eye"),
        ({"texts": (replace(GOOD.texts[0], angle_deg=0.74),)}, "text of 0.74° (a)"),
        ({"texts": (replace(GOOD.texts[0], ground=(160, 160, 160, 255)),)}, "of a before this scene"),
    ],
)
def test_what_is_beyond_a_limit_is_said_with_its_number(changed: dict[str, Any], said: str) -> None:
    found = reasons(replace(GOOD, **changed))
    assert len(found) == 1
    assert said in found[0]
