"""The shore: its waves keep the breathing pace, its things cast shadows, its pictures stay as they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from environments.contract import SceneCommand
from environments.picture import Job, view_of
from environments.player_model import Rules, State
from environments.player_reports import state_report
from environments.render.gpu_scene import GpuScene
from environments.render.model import EyePose
from environments.render.renderer import Renderer, View
from environments.render.sea_mesh import SeaSheet
from environments.scenes.manifest import load_manifest
from environments.scenes.shore.build import SCENE, breath_0to1
from tests.player.stand_in import FRAME_S, Bench, scene
from tests.render.pictures import brightness, drawn, save_difference, shore_view

pytestmark = pytest.mark.gl

GOLDEN = Path(__file__).parent / "golden"
SETTINGS = {
    "dawn": {"time_s": 4.0},
    "noon": {"time_s": 12.0, "time_of_day_h": 12.5, "swell_0to1": 0.8, "wind_0to1": 0.6},
}


def test_breath_goes_in_and_out_once_per_cycle_without_jumps() -> None:
    values = [breath_0to1(step / 1000.0) for step in range(3001)]
    assert max(abs(after - before) for before, after in pairwise(values)) < 0.005
    assert breath_0to1(0.0) == breath_0to1(1.0) == 0.0
    assert breath_0to1(0.4) == pytest.approx(1.0)
    assert [breath_0to1(0.2), breath_0to1(0.7)] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("pace_per_min", [4.5, 6.0, 10.0])
def test_waves_reach_up_at_the_end_of_inhaling_and_down_at_the_end_of_exhaling(
    renderer: Renderer, pace_per_min: float
) -> None:
    period_s = 60.0 / pace_per_min
    rows = [_water_row(renderer, share * period_s, pace_per_min) for share in (1.0, 1.2, 1.4, 1.7, 2.0)]
    assert rows[0] < rows[1] < rows[2] > rows[3] > rows[4]
    assert rows[2] - rows[0] >= 8
    assert rows[0] == pytest.approx(rows[4], abs=3)


@pytest.fixture(name="eased", scope="module")
def _eased() -> list[State]:
    """The player's states from just before a change of pace on, 6 to 6.5 a minute, after ten minutes by the sea."""
    bench = Bench(Rules({"shore": load_manifest("shore")}, speed=60.0))
    bench.run(10.0, _paced(6.0, 60.0))
    bench.frame(_paced(6.0, 1.0))
    return [bench.frame(_paced(6.0, 1.0)), *(bench.frame(_paced(6.5, 1.0)) for _ in range(62))]


def test_change_of_pace_is_no_jump_in_the_picture(renderer: Renderer, eased: list[State]) -> None:
    before, after = drawn(renderer, _view(eased[0])), drawn(renderer, _view(eased[1]))
    unchanged = replace(_view(eased[0]), time_s=eased[0].scene_time_s + FRAME_S)
    assert eased[1].shown.values["pace_per_min"] > 6.0
    change = np.abs(before.astype(np.float64) - after).mean()
    usual = np.abs(before.astype(np.float64) - drawn(renderer, unchanged)).mean()
    assert change == pytest.approx(usual, rel=0.1)
    jumped = replace(_view(eased[-1]), parameters={**eased[-1].shown.values, "breath_phase_cycles": 0.0})
    assert eased[-1].shown.values["pace_per_min"] == 6.5
    assert np.abs(drawn(renderer, _view(eased[-1])).astype(np.float64) - drawn(renderer, jumped)).mean() > 2.0 * usual


@pytest.mark.parametrize("index", [30, 62])
def test_moment_of_a_session_is_drawn_again_from_what_was_told(
    renderer: Renderer, eased: list[State], index: int
) -> None:
    told = state_report(eased[index], 0.0, True)
    job = Job(scene=told.scene, output=Path("again.png"), overrides=told.parameters, time_s=told.scene_time_s)
    assert np.array_equal(drawn(renderer, view_of(job)), drawn(renderer, _view(eased[index])))


def test_driftwood_and_rocks_cast_shadows(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    view = shore_view(yaw_deg=-60.0, pitch_deg=-20.0, time_of_day_h=8.0)
    with_shadow = brightness(drawn(renderer, view))
    monkeypatch.setattr(GpuScene, "draw_shadow", lambda self, *_, **__: None)
    without = brightness(drawn(renderer, replace(view, parameters={**view.parameters, "time_of_day_h": 8.001})))
    darker = without - with_shadow > 20.0
    assert 0.001 < darker.mean() < 0.3


def test_events_show_and_pass() -> None:
    values = load_manifest("shore").values_at(0.0)
    hidden_before = SCENE.frame(values, 0, 50.0, {}).hidden
    assert {"gull bodies", "boat"} <= hidden_before
    assert "gull bodies" not in SCENE.frame(values, 0, 50.0, {"gulls": 5.0}).hidden
    assert "gull bodies" in SCENE.frame(values, 0, 50.0, {"gulls": 100.0}).hidden
    assert "boat" not in SCENE.frame(values, 0, 50.0, {"sail": 30.0}).hidden
    heights = [SCENE.frame(values, 0, 50.0, {"sunset": age}).sun.elevation_deg for age in (90.0, 100.0, 120.0)]
    assert heights[0] > heights[1] > heights[2]
    assert -1.0 < heights[2] < 3.0


@pytest.mark.parametrize(("event", "age_s", "least_px"), [("gulls", 23.0, 10), ("sail", 145.0, 15)])
def test_who_comes_by_is_seen_without_looking_for_it(
    renderer: Renderer, event: str, age_s: float, least_px: int
) -> None:
    view = shore_view(pitch_deg=4.0)
    plain = drawn(renderer, view).astype(int)
    visited = drawn(renderer, replace(view, events={event: age_s})).astype(int)
    assert (np.abs(visited - plain).max(axis=2) > 15).sum() >= least_px


def test_default_time_of_day_is_used_unless_overridden() -> None:
    values = load_manifest("shore").values_at(0.0)
    assert SCENE.frame(values, 0, 0.0, {}).sun.elevation_deg < 25.0


@pytest.mark.parametrize("content", [None, b"glTF, but not really"])
def test_shore_does_without_a_missing_or_damaged_asset(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "plants").mkdir()
        (tmp_path / "plants" / "grass.glb").write_bytes(content)
    whole = {item.name for item in SCENE.build(0).items}
    monkeypatch.setattr("environments.gltf.built_in.ASSETS", tmp_path)
    left = {item.name for item in SCENE.build(0).items}
    missing = whole - left
    assert missing
    assert all(name.startswith("grass ") and not name.startswith("grass near") for name in missing)
    assert any(name.startswith("grass near") for name in left)


def test_sand_shines_where_a_wave_has_just_been_and_dulls_until_the_next(renderer: Renderer) -> None:
    """The band that the wave uncovers first, looked at along the mirrored sky."""
    period_s = 10.0
    shining, dull = (
        brightness(drawn(renderer, shore_view(share * period_s, pitch_deg=-12.0, swell_0to1=0.8, wind_0to1=0.0)))
        for share in (1.62, 1.98)
    )
    band = slice(92, 108)
    assert np.abs(shining - dull)[band].mean() > 2.0


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_picture_is_the_golden_one(renderer: Renderer, name: str, tmp_path: Path) -> None:
    if "llvmpipe" not in str(renderer.device):
        pytest.skip("golden pictures hold on Mesa llvmpipe only")
    got = drawn(renderer, shore_view(**SETTINGS[name]))
    expected = np.asarray(Image.open(GOLDEN / f"shore-{name}.png").convert("RGB"))
    difference = np.abs(expected.astype(np.float64) - got)
    assert difference.mean() < 1.5, save_difference(expected, got, tmp_path)
    assert (difference.max(axis=2) > 40).mean() < 0.01, save_difference(expected, got, tmp_path)


def _paced(pace_per_min: float, speed: float) -> SceneCommand:
    return scene(1, 0.0, 1.0, "shore", overrides={"pace_per_min": pace_per_min}, speed=speed)


def _view(state: State) -> View:
    """What the player draws in a state, without its panels."""
    shown = state.shown
    return View("shore", shown.values, shown.target.seed, state.scene_time_s, EyePose(), fade_0to1=shown.fade_0to1)


def _water_row(renderer: Renderer, time_s: float, pace_per_min: float) -> int:
    """The lowest row in the middle columns that looks different without the water."""
    view = shore_view(time_s, pitch_deg=-20.0, pace_per_min=pace_per_min, wind_0to1=0.1)
    whole = drawn(renderer, view).astype(np.float64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SeaSheet, "draw", lambda *_: (0, 0))
        bare = drawn(renderer, view)
    change = np.abs(whole - bare)[:, 140:180].mean(axis=(1, 2))
    return int(np.nonzero(change > 4.0)[0].max())
