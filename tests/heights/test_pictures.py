"""What is really drawn of the heights scene: golden pictures, and that each level looks different from the next."""

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

pytestmark = pytest.mark.gl

SIZE_PX = (240, 135)
STANDING_M = 1.62
GOLDEN_DIR = Path(__file__).parent / "golden"
REWRITE = "ACCLIMATE_WRITE_GOLDEN"
"""Set this variable to draw the golden pictures anew."""
MANIFEST = load_manifest("heights")
Picture = NDArray[np.float64]
Draw = Callable[..., Picture]


@pytest.fixture(scope="module")
def draw(context: moderngl.Context) -> Iterator[Draw]:
    renderer = Renderer(context, *SIZE_PX, for_stills=True)

    def draw_level(level: float, pitch_deg: float = 0.0, **events: float) -> Picture:
        eye = EyePose(pitch_deg=pitch_deg, eye_height_m=STANDING_M)
        renderer.draw(View("heights", MANIFEST.values_at(level / 10.0), 0, 8.0, eye, events))
        return renderer.read_rgb().astype(np.float64)

    yield draw_level
    renderer.release()


def _difference(one: Picture, two: Picture) -> float:
    """Mean absolute difference in 8-bit steps."""
    return float(np.abs(one - two).mean())


@pytest.mark.parametrize("level", [0, 4, 10])
def test_levels_look_as_in_their_golden_pictures(context: moderngl.Context, draw: Draw, level: int) -> None:
    if "llvmpipe" not in context.info["GL_RENDERER"]:
        pytest.skip("golden pictures belong to Mesa llvmpipe")
    path, picture = GOLDEN_DIR / f"level-{level}.png", draw(level, -12.0)
    if os.environ.get(REWRITE):
        Image.fromarray(picture.astype(np.uint8)).save(path, optimize=True)
    golden = np.asarray(Image.open(path).convert("RGB"), np.float64)
    assert _difference(picture, golden) < 2.5
    assert (np.abs(picture - golden).max(axis=2) > 40).mean() < 0.02


@pytest.mark.parametrize("pitch_deg", [0.0, -35.0])
def test_every_level_looks_different_from_its_neighbours(draw: Draw, pitch_deg: float) -> None:
    pictures = [draw(level, pitch_deg) for level in range(11)]
    differences = [_difference(one, two) for one, two in pairwise(pictures)]
    assert min(differences) > 6.0, differences


def test_pictures_are_neither_black_nor_blown_nor_flat(draw: Draw) -> None:
    for level in (0, 5, 10):
        picture = draw(level)
        assert 60 < picture.mean() < 200
        assert (picture.min(axis=2) > 250).mean() < 0.02
        assert (picture.max(axis=2) < 4).mean() < 0.05
        assert picture.std() > 20


def test_drawing_a_moment_twice_gives_the_same_picture(draw: Draw) -> None:
    first = draw(6, -20.0)
    draw(2)
    assert _difference(first, draw(6, -20.0)) == 0.0


@pytest.mark.parametrize(
    ("event", "age_s"), [("lift_up", 8.0), ("lift_down", 8.0), ("gust", 4.0), ("birds", 4.5), ("leaning_person", 5.0)]
)
def test_every_event_is_seen(draw: Draw, event: str, age_s: float) -> None:
    calm, eventful = draw(6, -8.0), draw(6, -8.0, **{event: age_s})
    changed = (np.abs(calm - eventful).max(axis=2) > 20).sum()
    assert changed > 25, changed
