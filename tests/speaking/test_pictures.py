"""What is really drawn of the lecture hall: golden pictures, levels in order, behaviours and events to be seen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from environments.render.model import EyePose
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import load_manifest
from environments.scenes.speaking import audience as audience_module
from environments.scenes.speaking.behaviours import BEHAVIOURS, NUMBERS
from environments.scenes.speaking.timetable import Acts, Numbers, State, Timetable

pytestmark = pytest.mark.gl
SIZE_PX = (192, 108)
GOLDEN_DIR = Path(__file__).parent / "golden"
REWRITE = "ACCLIMATE_WRITE_GOLDEN"
MANIFEST = load_manifest("speaking")
TIME_S, FEW = 24.0, 10.0
Picture = NDArray[np.float64]
Draw = Callable[..., Picture]


@pytest.fixture(scope="module", name="draw")
def _draw(context: moderngl.Context) -> Iterator[Draw]:
    renderer = Renderer(context, *SIZE_PX)

    def draw_level(level: float, few: float = 0.0, **events: float) -> Picture:
        eye = EyePose(pitch_deg=-6.0, eye_height_m=1.62)
        nearer = {"audience": few, "distance_m": 2.6} if few else {}
        view = View("speaking", MANIFEST.values_at(level / 10.0, nearer), 0, TIME_S, eye, events, vertical_fov_deg=50.0)
        renderer.draw(view)
        return renderer.read_rgb().astype(np.float64)

    yield draw_level
    renderer.release()


@pytest.fixture(scope="module", name="levels")
def _levels(draw: Draw) -> list[Picture]:
    return [draw(level) for level in range(11)]


@pytest.fixture(scope="module", name="calm")
def _calm(draw: Draw) -> Picture:
    return draw(4, FEW)


@pytest.mark.parametrize("level", [0, 5, 10])
def test_levels_look_as_in_their_golden_pictures(context: moderngl.Context, levels: list[Picture], level: int) -> None:
    if "llvmpipe" not in context.info["GL_RENDERER"]:
        pytest.skip("golden pictures belong to Mesa llvmpipe")
    path, picture = GOLDEN_DIR / f"level-{level}.png", levels[level]
    if os.environ.get(REWRITE):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(picture.astype(np.uint8)).save(path, optimize=True)
    golden = np.asarray(Image.open(path).convert("RGB"), np.float64)
    assert np.abs(picture - golden).mean() < 2.5
    assert (np.abs(picture - golden).max(axis=2) > 40).mean() < 0.02


def _crowd_score(picture: Picture, empty: Picture) -> float:
    """How much of the picture people take, by how rough its middle is: heads and clothes against plain rows."""
    low, high = int(0.30 * len(picture)), int(0.80 * len(picture))
    grey = picture[low:high].mean(axis=2)
    rough = np.abs(np.diff(grey, axis=0))[:, :-1] + np.abs(np.diff(grey, axis=1))[:-1]
    none = empty[low:high].mean(axis=2)
    plain = np.abs(np.diff(none, axis=0))[:, :-1] + np.abs(np.diff(none, axis=1))[:-1]
    return float((rough / picture.mean()).mean() - (plain / empty.mean()).mean())


def test_shuffled_pictures_of_levels_are_put_back_in_order_by_what_is_seen(levels: list[Picture]) -> None:
    shuffled = np.random.default_rng(7).permutation(11)
    scores = np.array([_crowd_score(levels[level], levels[0]) for level in shuffled])
    guessed, true = np.argsort(np.argsort(scores)), shuffled
    assert np.corrcoef(guessed, true)[0, 1] > 0.97, list(zip(true.tolist(), scores.round(4).tolist(), strict=True))


def test_every_level_looks_different_from_its_neighbours(levels: list[Picture]) -> None:
    changed = [float((np.abs(one - two).max(axis=2) > 20).mean()) for one, two in pairwise(levels)]
    assert changed[0] > 0.001, "the first four listeners are far away"
    assert min(changed[1:]) > 0.02, changed


def test_pictures_are_neither_black_nor_blown_nor_flat(levels: list[Picture]) -> None:
    for picture in levels:
        assert 25 < picture.mean() < 205
        assert (picture.min(axis=2) > 250).mean() < 0.08
        assert picture.std() > 12


def test_every_behaviour_can_be_seen(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = "listens"

    def acts(self: Timetable, who: Numbers, state: State, time_s: float) -> Acts:
        doing = np.full(len(who), NUMBERS[chosen])
        return Acts(doing, doing, np.ones(len(who)), doing, np.zeros(len(who)), np.zeros((2, len(who))))

    fresh = audience_module.audience_of(0)
    monkeypatch.setattr(Timetable, "acts", acts)
    pictures = {}
    for chosen in BEHAVIOURS:
        # Another state each time, so that nothing is taken from before.
        monkeypatch.setattr(fresh, "_shown", [None] * audience_module.BATCHES)
        monkeypatch.setattr(fresh, "_known", [{} for _ in range(audience_module.BATCHES)])
        pictures[chosen] = draw(4, 6.0)
    rest = pictures.pop("listens")
    seen = {name for name, one in pictures.items() if (np.abs(one - rest).max(axis=2) > 24).sum() > 25}
    assert set(pictures) - seen <= {"looks round"}, set(pictures) - seen
    assert len(seen) >= 12


@pytest.mark.parametrize(
    ("event", "age_s"),
    [
        ("cough", 1.4),
        ("phone", 4.0),
        ("whisper", 4.0),
        ("leaves", 4.0),
        ("leaves", 30.0),
        ("arrives", 8.0),
        ("arrives", 20.0),
        ("question", 2.2),
        ("question", 8.0),
        ("applause", 3.0),
        ("laughter", 3.0),
        ("lights_dim", 6.0),
        ("feedback", 1.4),
    ],
)
def test_events_can_be_seen(draw: Draw, calm: Picture, event: str, age_s: float) -> None:
    changed = np.abs(calm - draw(4, FEW, **{event: age_s})).max(axis=2)
    assert (changed > 24).sum() >= 12
