"""What is really drawn of the forest lake: golden pictures, seasons, events, the mirror and the light that breathes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import combinations
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

SIZE_PX = (192, 108)
GOLDEN_DIR = Path(__file__).parent / "golden"
REWRITE = "ACCLIMATE_WRITE_GOLDEN"
"""Set this variable to draw the golden pictures anew."""
MANIFEST = load_manifest("forest_lake")
SETTINGS: dict[str, dict[str, float | str]] = {
    "summer": {},
    "winter": {"season": "winter", "mist_0to1": 0.6, "time_of_day_h": 9.0},
}
Picture = NDArray[np.float64]
Draw = Callable[..., Picture]


@pytest.fixture(name="draw", scope="module")
def _draw(context: moderngl.Context) -> Iterator[Draw]:
    renderer = Renderer(context, *SIZE_PX, samples=1, for_stills=True)

    def draw(
        eye: EyePose | None = None,
        time_s: float = 14.0,
        fov_deg: float = 75.0,
        stereo: bool = False,
        **wanted: float | str,
    ) -> Picture:
        events = {name: float(wanted.pop(name)) for name in MANIFEST.events if name in wanted}
        values = MANIFEST.values_at(0.0, wanted)
        eye = eye or EyePose(pitch_deg=-8.0)
        view = View("forest_lake", values, 0, time_s, eye, events, vertical_fov_deg=fov_deg)
        (renderer.draw_stereo if stereo else renderer.draw)(view)
        return renderer.read_rgb().astype(np.float64)

    yield draw
    with context:
        renderer.release()


def _difference(one: Picture, two: Picture) -> float:
    return float(np.abs(one - two).mean())


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_picture_is_the_golden_one(context: moderngl.Context, draw: Draw, name: str) -> None:
    if "llvmpipe" not in context.info["GL_RENDERER"]:
        pytest.skip("golden pictures belong to Mesa llvmpipe")
    path, picture = GOLDEN_DIR / f"{name}.png", draw(**SETTINGS[name])
    if os.environ.get(REWRITE):
        Image.fromarray(picture.astype(np.uint8)).save(path, optimize=True)
    golden = np.asarray(Image.open(path).convert("RGB"), np.float64)
    assert _difference(picture, golden) < 2.5
    assert (np.abs(picture - golden).max(axis=2) > 40).mean() < 0.02


def test_seasons_look_different(draw: Draw) -> None:
    eye = EyePose(yaw_deg=165.0, pitch_deg=-6.0)
    pictures = [draw(eye, season=season) for season in ("spring", "summer", "autumn", "winter")]
    assert min(_difference(one, two) for one, two in combinations(pictures, 2)) > 1.5


def test_water_mirrors_the_far_shore(draw: Draw) -> None:
    """Below the water's edge the dark woods come again, upside down, and are gone where nothing stands."""
    picture = draw(EyePose(pitch_deg=0.0), mist_0to1=0.0, wind_0to1=0.0, cloud_0to1=0.0, time_s=10.0)
    rows = picture[:, 110:180].mean(axis=(1, 2))
    above, below = rows[36:54], rows[57:75][::-1]
    assert np.corrcoef(above, below)[0, 1] > 0.6


def test_light_spreads_over_the_water_with_the_breath(draw: Draw) -> None:
    light = [draw(time_s=time_s)[75:95, 60:180].mean() for time_s in (20.0, 24.0, 30.0)]
    assert light[1] - max(light[0], light[2]) > 4.0


@pytest.mark.parametrize(
    ("event", "age_s", "yaw_deg", "fov_deg"),
    [("deer", 52.0, -40.0, 50.0), ("rain_ends", 14.0, 0.0, 75.0), ("fireflies", 40.0, 0.0, 75.0)],
)
def test_every_event_is_seen(draw: Draw, event: str, age_s: float, yaw_deg: float, fov_deg: float) -> None:
    eye, hour = EyePose(yaw_deg=yaw_deg, pitch_deg=-3.0), 20.8 if event == "fireflies" else 9.0
    calm = draw(eye, time_of_day_h=hour, fov_deg=fov_deg)
    eventful = draw(eye, time_of_day_h=hour, fov_deg=fov_deg, **{event: age_s})
    assert (np.abs(calm - eventful).max(axis=2) > 15).sum() > 9


def test_mist_leaves_no_broken_pixels(draw: Draw) -> None:
    """Where a wall of mist is seen straight on, it looks as it does a little above and below."""
    rows = draw(EyePose(pitch_deg=-2.0), fov_deg=16.0, mist_0to1=0.8).mean(axis=2)
    middle = rows.shape[0] // 2 - round(2.0 / 16.0 * rows.shape[0])
    steps = np.abs(np.diff(rows[middle - 4 : middle + 5], axis=0))
    assert steps.max() < 90.0


def test_both_eyes_see_the_mirrored_woods_at_their_depth(draw: Draw) -> None:
    """The far shore and its image have next to no disparity; both halves show the same row of water."""
    picture = draw(EyePose(pitch_deg=-4.0), stereo=True, mist_0to1=0.0, wind_0to1=0.0)
    left, right = picture[:, :96], picture[:, 96:]
    assert np.abs(left[50:64, 8:88] - right[50:64, 8:88]).mean() < 9.0
    assert np.abs(left[88:] - right[88:]).mean() > np.abs(left[50:64] - right[50:64]).mean()
