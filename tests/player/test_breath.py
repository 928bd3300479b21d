"""A paced scene's breath: it goes on from where it is, whatever the pace does."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from environments.contract import KeyInput, PlayerState, Refused, SceneCommand, decode_report, encode_report
from environments.player_model import Rules, State
from environments.player_reports import state_report
from environments.scenes.manifest import load_manifest
from environments.scenes.shore.build import SCENE
from tests.player.stand_in import FRAME_S, HEIGHTS, MANIFESTS, Bench, scene

SHORE = load_manifest("shore")
SEED = 0
RULES = Rules({"shore": SHORE, "heights": HEIGHTS}, seed=SEED)
EASED_PER_MIN_PER_S = 0.25


def shore(pace_per_min: float, ramp_s: float = 1.0, **overrides: float) -> SceneCommand:
    return scene(1, 0.0, ramp_s, "shore", seed=SEED, overrides={"pace_per_min": pace_per_min, **overrides})


def on_the_shore(pace_per_min: float = 6.0, speed: float = 1.0) -> Bench:
    bench = Bench(replace(RULES, speed=speed))
    bench.run(4.0, shore(pace_per_min))
    assert bench.state.shown.fade_0to1 == 0.0
    return bench


def pace_of(state: State) -> float:
    return float(state.shown.values["pace_per_min"])


def cycles_of(state: State) -> float:
    """The breaths drawn, as the scene counts them."""
    sea = SCENE.frame(state.shown.values, SEED, state.scene_time_s, {}).sea
    assert sea is not None
    return sea.cycles


def assert_breath_goes_on(before: State, after: State) -> None:
    """Between two frames the breath moves on by what the paces at both ends allow, no more and no less."""
    passed_min = (after.scene_time_s - before.scene_time_s) / 60.0
    slow, fast = sorted((pace_of(before), pace_of(after)))
    moved = cycles_of(after) - cycles_of(before)
    assert slow * passed_min - 1e-9 <= moved <= fast * passed_min + 1e-9


PACES = st.floats(3.0, 15.0)
COMMANDS = st.one_of(
    st.builds(shore, PACES, st.floats(0.0, 8.0)),
    st.builds(shore, PACES, time_of_day_h=st.floats(5.5, 20.0)),
    st.just(KeyInput("stop")),
    st.none(),
)
FRAMES = st.lists(st.tuples(COMMANDS, st.floats(0.001, 1.5)), min_size=1, max_size=40)


@settings(max_examples=200, deadline=None)
@given(FRAMES, st.sampled_from([0.5, 1.0, 7.0, 60.0]))
def test_breath_never_jumps_whatever_the_paces_and_the_frames(frames, speed):
    bench = on_the_shore(speed=speed)
    first = len(bench.seen)
    for command, dt_s in frames:
        bench.frame(*(() if command is None else (command,)), dt_s=dt_s)
    assert {state.shown.target.scene for state in bench.seen[first:]} == {"shore"}
    for before, after in pairwise(bench.seen[first - 1 :]):
        assert_breath_goes_on(before, after)


@settings(max_examples=50, deadline=None)
@given(PACES, st.lists(st.floats(0.03, 0.25), min_size=4, max_size=8), st.sampled_from([1.0, 20.0]))
@example(6.5, [FRAME_S] * 4, 1.0)
def test_pace_is_eased_in_sight_until_it_is_what_was_commanded(pace_per_min, frames_s, speed):
    bench = on_the_shore(speed=speed)
    first = len(bench.seen)
    frames_needed = int((12.0 / EASED_PER_MIN_PER_S + 1.0) / (sum(frames_s) * speed)) + 1
    for _ in range(frames_needed):
        for dt_s in frames_s:
            bench.frame(shore(pace_per_min), dt_s=dt_s)
    assert pace_of(bench.state) == pace_per_min
    for before, after in pairwise(bench.seen[first - 1 :]):
        passed_s = after.scene_time_s - before.scene_time_s
        assert abs(pace_of(after) - pace_of(before)) <= EASED_PER_MIN_PER_S * passed_s + 1e-9
        assert after.shown.fade_0to1 == 0.0


def test_half_a_breath_a_minute_takes_two_seconds_even_when_told_at_once():
    bench = on_the_shore()
    bench.run(1.0, shore(5.5, ramp_s=0.0))
    assert pace_of(bench.state) == pytest.approx(5.75)
    bench.run(1.1, shore(5.5, ramp_s=0.0))
    assert pace_of(bench.state) == 5.5


def test_breath_does_not_depend_on_how_often_a_frame_is_drawn():
    breaths = []
    for dt_s in (0.25, 0.0625):
        bench = on_the_shore()
        for _ in range(round(3.0 / dt_s)):
            bench.frame(shore(6.5), dt_s=dt_s)
        breaths.append(cycles_of(bench.state))
    assert breaths[0] == pytest.approx(breaths[1], abs=1e-9)


def test_command_that_repeats_the_pace_changes_nothing():
    bench = on_the_shore()
    bench.run(5.0, shore(5.5))
    settled = bench.state.shown
    assert settled.values["breath_phase_cycles"] != 0.0
    bench.run(60.0, shore(5.5))
    assert bench.state.shown == settled


def test_breath_keeps_its_clock_while_no_pace_is_changed():
    bench = on_the_shore()
    assert bench.state.shown.values["breath_phase_cycles"] == 0.0
    assert cycles_of(bench.state) == bench.state.scene_time_s * 6.0 / 60.0


def test_moment_is_drawn_again_from_what_the_session_was_told():
    bench = on_the_shore()
    bench.run(40.0, shore(5.5))
    bench.run(1.0, shore(5.0))
    sent = encode_report(state_report(bench.state, 0.0, True))
    told = decode_report(sent)
    assert isinstance(told, PlayerState)
    assert 5.0 < float(told.parameters["pace_per_min"]) < 5.5
    again = SCENE.frame(SHORE.values_at(0.0, told.parameters), SEED, told.scene_time_s, {})
    drawn = SCENE.frame(bench.state.shown.values, SEED, bench.state.scene_time_s, {})
    assert again == drawn


def test_change_that_needs_the_dark_keeps_the_breath_too():
    bench = on_the_shore()
    first = len(bench.seen)
    bench.run(2.0, shore(9.0, time_of_day_h=18.0))
    assert max(state.shown.fade_0to1 for state in bench.seen[first:]) == 1.0
    assert bench.state.shown.values["time_of_day_h"] == 18.0
    for before, after in pairwise(bench.seen[first - 1 :]):
        assert_breath_goes_on(before, after)


def test_phase_of_the_breath_cannot_be_commanded():
    bench = on_the_shore()
    bench.frame(shore(6.0, breath_phase_cycles=0.5))
    assert [refusal.reason for refusal in bench.told(Refused)] == ["breath_phase_cycles of shore is kept by the player"]
    assert bench.state.shown.values["breath_phase_cycles"] == 0.0


def test_scene_without_a_breath_is_shown_as_before():
    bench = Bench(RULES)
    bench.run(4.0, scene(1, 0.3, overrides={"hour": 15.0}))
    assert bench.state.shown.values == HEIGHTS.values_at(0.3, {"hour": 15.0})


def test_scene_with_a_pace_and_no_phase_is_ramped_like_any_other():
    bench = Bench(Rules(MANIFESTS))
    bench.run(1.5, scene(1, 0.0, 3.0, "shore", overrides={"pace_per_min": 6.0}))
    assert pace_of(bench.state) == pytest.approx(3.0)
    assert "breath_phase_cycles" not in bench.state.shown.values
