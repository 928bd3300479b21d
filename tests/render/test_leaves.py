"""Cards of leaves and hair, whose normals are those of a whole crown."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np
import pytest

from environments.render.model import EyePose, Item, Material, Mesh, Picture, SceneFrame, SceneModel, Sun, SurfaceMaps
from environments.render.renderer import Renderer, View

pytestmark = pytest.mark.gl

CORNERS = np.array([[-3, -3, 0], [3, -3, 0], [3, 3, 0], [-3, 3, 0]], np.float32)
AHEAD_AND_UP, TO_THE_EYE = (0.0, 0.6, -0.8), (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Card:
    """A dark green card in front of the eye with the sun ahead or behind."""

    normal: tuple[float, float, float]
    is_turned: bool
    sun_azimuth_deg: float
    solid_0to1: float = 1.0

    def build(self, _: int) -> SceneModel:
        order = [[0, 2, 1], [0, 3, 2]] if self.is_turned else [[0, 1, 2], [0, 2, 3]]
        normals = np.tile(np.array(self.normal, np.float32), (4, 1))
        mesh = Mesh(CORNERS, normals, CORNERS[:, :2].copy(), np.array(order, np.uint32))
        pixels = np.full((256, 256, 4), 255, np.uint8)
        pixels[..., 3] = 255 * (np.random.default_rng(1).random((256, 256)) < self.solid_0to1)
        white = Picture("white", pixels, is_colour=True)
        leaf = Material(
            (0.03, 0.10, 0.01), 0.5, maps=SurfaceMaps(base_color=white), alpha_cutoff=0.5, two_sided=True
        )  # fmt: skip
        return SceneModel((Item("leaf", mesh, leaf, np.eye(4, dtype=np.float32)[None]),))

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(Sun(self.sun_azimuth_deg, 35.0), (0.0, -1.2, 2.0))


def seen(context: moderngl.Context, monkeypatch: pytest.MonkeyPatch, card: Card, samples: int = 1) -> np.ndarray:
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: card)
    renderer = Renderer(context, 64, 48, samples)
    renderer.draw(View("leaf", {}, 0, 0.0, EyePose(eye_height_m=1.2)))
    picture = renderer.read_rgb().astype(float)
    renderer.release()
    middle: np.ndarray = picture[16:32, 24:40].mean(axis=(0, 1))
    return middle


def test_a_leaf_against_the_light_stays_green(context: moderngl.Context, monkeypatch: pytest.MonkeyPatch) -> None:
    red, green, blue = seen(context, monkeypatch, Card(AHEAD_AND_UP, False, 0.0))
    assert green > 3.5 * blue
    assert green > 1.6 * red


def test_the_back_of_a_card_is_as_light_as_its_front(
    context: moderngl.Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = seen(context, monkeypatch, Card(TO_THE_EYE, False, 180.0))
    back = seen(context, monkeypatch, Card(TO_THE_EYE, True, 180.0))
    assert back == pytest.approx(front, abs=1.0)


@pytest.mark.parametrize("samples", [1, 4])
def test_leaves_do_not_vanish_where_their_picture_is_small(
    context: moderngl.Context, monkeypatch: pytest.MonkeyPatch, samples: int
) -> None:
    nothing, some, all_of_it = (
        seen(context, monkeypatch, Card(TO_THE_EYE, False, 0.0, solid), samples) for solid in (0.0, 0.42, 1.0)
    )
    assert np.abs(some - nothing).sum() > 0.4 * np.abs(all_of_it - nothing).sum()
