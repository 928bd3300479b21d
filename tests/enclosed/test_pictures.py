"""What is really drawn of the tight places: golden pictures, and that each level looks different from the next."""

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
GOLDEN_DIR = Path(__file__).parent / "golden"
REWRITE = "ACCLIMATE_WRITE_GOLDEN"
MANIFEST = load_manifest("enclosed")
Picture = NDArray[np.float64]
Draw = Callable[..., Picture]


@pytest.fixture(scope="module", name="draw")
def _draw(context: moderngl.Context) -> Iterator[Draw]:
    renderer = Renderer(context, *SIZE_PX, for_stills=True)

    def draw_level(level: float, pitch_deg: float = -6.0, **events: float) -> Picture:
        eye = EyePose(pitch_deg=pitch_deg, eye_height_m=1.2)
        renderer.draw(View("enclosed", MANIFEST.values_at(level / 10.0), 0, 8.0, eye, events))
        return renderer.read_rgb().astype(np.float64)

    yield draw_level
    renderer.release()


@pytest.mark.parametrize("level", [0, 5, 10])
def test_levels_look_as_in_their_golden_pictures(context: moderngl.Context, draw: Draw, level: int) -> None:
    if "llvmpipe" not in context.info["GL_RENDERER"]:
        pytest.skip("golden pictures belong to Mesa llvmpipe")
    path, picture = GOLDEN_DIR / f"level-{level}.png", draw(level)
    if os.environ.get(REWRITE):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(picture.astype(np.uint8)).save(path, optimize=True)
    golden = np.asarray(Image.open(path).convert("RGB"), np.float64)
    assert np.abs(picture - golden).mean() < 2.5
    assert (np.abs(picture - golden).max(axis=2) > 40).mean() < 0.02


def test_every_level_looks_different_from_its_neighbours(draw: Draw) -> None:
    pictures = [draw(level) for level in range(11)]
    differences = [float(np.abs(one - two).mean()) for one, two in pairwise(pictures)]
    assert min(differences) > 6.0, differences


@pytest.mark.parametrize(
    ("level", "event", "age_s"),
    [(0, "door_closes", 5.0), (4, "door_opens", 5.0), (4, "stops", 8.0), (4, "flicker", 0.35), (9, "scan", 2.0)],
)
def test_events_can_be_seen(draw: Draw, level: int, event: str, age_s: float) -> None:
    assert np.abs(draw(level) - draw(level, **{event: age_s})).mean() > 0.8


def test_the_intercom_can_be_seen(draw: Draw) -> None:
    for level, pitch_deg in ((4, 20.0), (9, -6.0)):
        changed = np.abs(draw(level, pitch_deg) - draw(level, pitch_deg, intercom=3.0)).max(axis=2)
        assert (changed > 40).sum() > 8, "its lamp or its words"


def test_pictures_are_neither_black_nor_blown_nor_flat(draw: Draw) -> None:
    for level in range(11):
        picture = draw(level)
        assert 25 < picture.mean() < 205
        assert (picture.min(axis=2) > 250).mean() < 0.08
        assert picture.std() > 12
