"""The player's decisions, without a picture, a clock or a socket."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from environments.contract import (
    EventShown,
    FireEvent,
    KeyInput,
    LatchReason,
    PanelKind,
    PatientStopped,
    Refused,
    ReleaseLatch,
    SceneCommand,
    ShowPanel,
    Shutdown,
    StopSource,
)
from environments.interact.geometry import Direction
from environments.player_input import FromPatient, Head, Inputs, Received, SessionCame, SessionWent
from environments.player_loop import safe_step
from environments.player_model import Rules, first_state
from environments.player_state import step
from environments.scenes.manifest import load_manifest
from tests.player.stand_in import FRAME_S, MANIFESTS, RULES, Bench, scene


def in_heights(intensity_0to1: float = 0.3) -> Bench:
    bench = Bench()
    bench.run(2.0, scene(1, intensity_0to1))
    assert bench.state.shown.target.scene == "heights"
    assert bench.state.shown.fade_0to1 == 0.0
    return bench


def test_first_picture_is_the_calm_scene_fading_in():
    bench = Bench()
    assert bench.state.shown.target.scene == "shore"
    assert 0.0 < bench.state.shown.fade_0to1 < 1.0


def test_scene_change_happens_in_the_dark():
    bench = Bench()
    bench.run(1.0)
    bench.run(2.0, scene(1, 0.3))
    changes = [
        (before, after)
        for before, after in zip(bench.seen, bench.seen[1:], strict=False)
        if before.shown.target.scene != after.shown.target.scene
    ]
    assert [(before.shown.fade_0to1, after.shown.fade_0to1) for before, after in changes] == [(1.0, 1.0)]


def test_a_repeated_command_does_not_restart_the_ramp():
    bench = in_heights(0.1)
    bench.run(3.1, scene(2, 0.105, ramp_s=3.0))
    assert bench.state.shown.intensity_0to1 == pytest.approx(0.105)
    assert bench.state.shown.ramp is None


def test_scene_time_runs_at_the_speed_that_was_set():
    bench = Bench(Rules(MANIFESTS, speed=20.0))
    before_s = bench.state.scene_time_s
    bench.frame()
    assert bench.state.scene_time_s - before_s == pytest.approx(20.0 * FRAME_S)


def test_a_change_beyond_the_comfort_limit_happens_in_the_dark():
    bench = in_heights(0.2)
    first = len(bench.seen)
    bench.run(1.5, scene(2, 0.4, ramp_s=3.0))
    heights = [(s.shown.values["height_m"], s.shown.fade_0to1) for s in bench.seen[first:]]
    assert {height for height, _ in heights} == {24.0, 48.0}
    assert [fade for (height, fade), after in itertools.pairwise(heights) if height != after[0]] == [1.0]


def test_a_railing_is_never_swapped_in_sight():
    bench = in_heights(0.5)
    first = len(bench.seen)
    bench.run(20.0, scene(2, 0.6, ramp_s=20.0))
    swaps = [s.shown.fade_0to1 for s in bench.seen[first:] if s.shown.values["railing"] == "none"]
    assert swaps[0] == 1.0


def test_an_override_ramps_with_the_intensity():
    bench = in_heights(0.1)
    bench.run(1.5, scene(2, 0.1, overrides={"hour": 18.0}))
    assert 12.0 < bench.state.shown.values["hour"] < 18.0
    bench.run(1.6, scene(2, 0.1, overrides={"hour": 18.0}))
    assert bench.state.shown.values["hour"] == 18.0


def test_rise_takes_two_seconds_at_least_whatever_is_commanded():
    bench = in_heights(0.1)
    bench.run(1.9, scene(2, 0.1025, ramp_s=0.0))
    assert 0.1 < bench.state.shown.intensity_0to1 < 0.1025


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (scene(9, 0.5, name="moon"), "no scene 'moon'"),
        (scene(9, 1.5), "between 0 and 1"),
        (scene(9, 0.3, overrides={"hour": 99.0}), "between 0.0 and 24.0"),
        (scene(9, 0.3, overrides={"warp": 1.0}), "no parameter 'warp'"),
        (scene(9, 0.3, ramp_s=-1.0), "cannot take"),
        (FireEvent("earthquake"), "no event 'earthquake'"),
        (KeyInput("warp"), "no key 'warp'"),
        (ReleaseLatch(1), "nothing is latched"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason_and_the_scene_goes_on(command, words):
    bench = in_heights(0.3)
    shown = bench.state.shown
    bench.frame(command)
    bench.frame(command)
    (refusal,) = bench.told(Refused)
    assert words in refusal.reason
    assert bench.state.shown == shown
    assert bench.state.latch is None


# --- stop and latch ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "source"),
    [
        (FromPatient(keys=("stop",)), StopSource.KEY),
        (FromPatient(is_window_closed=True), StopSource.WINDOW_CLOSED),
        (FromPatient(clicks=(Direction(0.0, -31.0),)), StopSource.CALM_DISC),
        (FromPatient(head=Head(is_worn=False)), StopSource.HEADSET_OFF),
    ],
)
def test_the_stop_begins_to_fade_in_the_very_next_frame(act, source):
    bench = in_heights()
    state = bench.frame(patient=act)
    assert state.shown.fade_0to1 > 0.0
    assert state.shown.pending is not None
    assert state.shown.pending.scene == "shore"
    assert state.latch is LatchReason.PATIENT_STOP
    assert bench.told(PatientStopped) == [PatientStopped(source, state.latch_id)]


def test_a_scripted_stop_key_is_the_same_stop():
    bench = in_heights()
    assert bench.frame(KeyInput("stop")).shown.fade_0to1 > 0.0


def test_the_stop_is_dark_in_half_a_second_and_calm_in_one_at_any_speed():
    bench = Bench(Rules(MANIFESTS, speed=0.1))
    bench.run(30.0, scene(1, 0.3))
    began = len(bench.seen)
    bench.frame(scene(1, 0.3), patient=FromPatient(keys=("stop",)))
    bench.run(1.1, scene(1, 0.3))
    faded = bench.seen[began:]
    dark_frame = next(index for index, s in enumerate(faded) if s.shown.fade_0to1 == 1.0)
    assert dark_frame * FRAME_S == pytest.approx(0.5, abs=0.05)
    assert faded[-1].shown.target.scene == "shore"
    assert faded[-1].shown.fade_0to1 == 0.0


def test_looking_at_the_calm_disc_stops_after_a_second_and_a_half():
    bench = in_heights()
    down = FromPatient(head=Head(pitch_deg=-31.0))
    bench.run(1.4, scene(1, 0.3), patient=down)
    assert bench.state.latch is None
    bench.run(0.2, scene(1, 0.3), patient=down)
    assert bench.told(PatientStopped) == [PatientStopped(StopSource.CALM_DISC, 1)]


def test_the_calm_disc_is_found_low_in_front_after_turning_round():
    bench = in_heights()
    bench.run(0.2, patient=FromPatient(head=Head(yaw_deg=170.0)))
    bench.run(1.6, scene(1, 0.3), patient=FromPatient(head=Head(yaw_deg=170.0, pitch_deg=-31.0)))
    assert bench.state.latch is LatchReason.PATIENT_STOP


def test_latched_player_ignores_scenes_but_follows_the_calm_one():
    bench = in_heights()
    bench.frame(KeyInput("stop"))
    bench.run(3.0, scene(2, 0.5))
    assert bench.state.shown.goal.scene == "shore"
    bench.run(4.0, scene(3, 0.9, name="shore", overrides={"pace_per_min": 6.0}))
    assert bench.state.shown.values["pace_per_min"] == 6.0
    assert bench.state.shown.intensity_0to1 == 0.0
    assert bench.state.sequence == 3


def test_only_the_newest_latch_is_released():
    bench = in_heights()
    bench.frame(KeyInput("stop"))
    bench.frame(KeyInput("stop"))
    bench.frame(ReleaseLatch(1))
    assert bench.state.latch is LatchReason.PATIENT_STOP
    assert bench.told(Refused)
    bench.frame(ReleaseLatch(2))
    assert bench.state.latch is None
    bench.run(3.0, scene(4, 0.2))
    assert bench.state.shown.target.scene == "heights"


def test_commanded_latch_is_one_latch_however_often_it_is_renewed():
    bench = in_heights()
    bench.run(1.5, scene(2, 0.0, name="shore", latch=True))
    assert (bench.state.latch, bench.state.latch_id) == (LatchReason.COMMANDED, 1)
    assert bench.state.shown.target.scene == "shore"


def test_stop_takes_panels_and_lines_away():
    bench = in_heights()
    bench.frame(ShowPanel(4, PanelKind.SUDS, "How tense?"))
    bench.frame(KeyInput("stop"))
    assert bench.state.asked.panel is None


def test_headset_that_loses_its_tracking_latches():
    bench = in_heights()
    bench.frame(scene(2, 0.3), patient=FromPatient(head=Head(is_tracked=False)))
    assert bench.state.latch is LatchReason.DISPLAY_LOST


def test_scene_that_cannot_be_drawn_goes_dark_and_is_reported():
    bench = in_heights()
    state = bench.frame(fault="a texture is missing")
    assert state.latch is LatchReason.SCENE_FAULT
    assert state.shown.fade_0to1 == 1.0
    assert bench.told(Refused) == [Refused("draw", "a texture is missing")]
    bench.run(1.0, scene(3, 0.3))
    assert bench.state.shown.target.scene == "shore"


def test_fault_of_the_player_s_own_begins_anew_in_the_calm_scene():
    bench = in_heights()
    without_heights = Rules({"shore": MANIFESTS["shore"]})
    inputs = Inputs(bench.state.wall_s + FRAME_S)
    state, (told,) = safe_step(bench.state, inputs, without_heights)
    assert told.reason == "KeyError: 'heights'"
    assert (state.latch, state.latch_id) == (LatchReason.SCENE_FAULT, 1)
    assert (state.shown.target.scene, state.shown.fade_0to1) == ("shore", 1.0)
    assert state.is_attached
    again, _ = safe_step(state, Inputs(state.wall_s + FRAME_S), without_heights)
    assert again.shown.fade_0to1 < 1.0


# --- lease ------------------------------------------------------------------------------------


def test_lease_holds_for_a_second_and_then_the_calm_scene_comes_by_itself():
    bench = in_heights()
    bench.run(0.95)
    assert bench.state.latch is None
    bench.run(0.1)
    assert bench.state.latch is LatchReason.LEASE_LOST
    assert bench.state.shown.fade_0to1 > 0.0
    bench.run(1.1)
    assert bench.state.shown.target.scene == "shore"


def test_lease_counts_from_arrival_so_a_stalled_frame_costs_nothing():
    bench = in_heights()
    now_s = bench.state.wall_s + 5.0
    inputs = Inputs(now_s, (Received(now_s - 0.5, scene(2, 0.3)),))
    state, _ = step(bench.state, inputs, RULES)
    assert state.latch is None


def test_lease_lapses_in_wall_time_at_any_speed():
    bench = Bench(Rules(MANIFESTS, speed=50.0))
    bench.run(1.0, scene(1, 0.3))
    bench.run(0.9)
    assert bench.state.latch is None
    bench.run(0.2)
    assert bench.state.latch is LatchReason.LEASE_LOST


def test_lapsed_lease_does_not_hide_that_the_patient_stopped():
    bench = in_heights()
    bench.frame(KeyInput("stop"))
    bench.run(3.0)
    assert (bench.state.latch, bench.state.latch_id) == (LatchReason.PATIENT_STOP, 1)


def test_restarted_session_finds_the_latch_and_can_release_it():
    bench = in_heights()
    wall_s = bench.state.wall_s + FRAME_S
    bench.state, _ = step(bench.state, Inputs(wall_s, (SessionWent("closed"),)), RULES)
    bench.run(3.0)
    bench.frame(came=True)
    assert bench.state.latch is LatchReason.LEASE_LOST
    bench.frame(ReleaseLatch(bench.state.latch_id))
    bench.run(2.0, scene(1, 0.2))
    assert bench.state.shown.target.scene == "heights"


def test_orphan_without_a_window_ends_after_half_a_minute_and_one_with_a_window_stays():
    for ends in (True, False):
        rules = Rules(MANIFESTS, ends_when_orphaned=ends)
        state = first_state(0.0, rules)
        for second in range(35):
            state, _ = step(state, Inputs(float(second)), rules)
        for _ in range(30):
            state, _ = step(state, Inputs(state.wall_s + FRAME_S), rules)
        assert state.is_over is ends


def test_closing_the_window_again_in_the_calm_scene_ends_the_player():
    bench = in_heights()
    bench.frame(patient=FromPatient(is_window_closed=True))
    assert not bench.state.is_ending
    bench.frame(patient=FromPatient(is_window_closed=True))
    bench.run(1.0)
    assert bench.state.is_over


def test_shutdown_fades_out_before_it_ends():
    bench = in_heights()
    assert not bench.frame(Shutdown()).is_over
    bench.run(0.6)
    assert bench.state.is_over


# --- events -----------------------------------------------------------------------------------


def test_event_is_shown_once_and_not_again_while_it_shows():
    bench = in_heights()
    bench.frame(FireEvent("gust"))
    bench.frame(FireEvent("gust"))
    assert bench.told(EventShown) == [EventShown("gust")]
    assert [refusal.reason for refusal in bench.told(Refused)] == ["gust is still showing"]
    assert 0.0 < bench.state.event_ages_s["gust"] < 0.1


def test_an_event_that_nothing_could_be_seen_of_is_refused_with_what_it_needs():
    manifest = load_manifest("enclosed")
    bench = Bench(Rules({**MANIFESTS, "enclosed": manifest}))
    bench.run(2.5, scene(1, 0.9, name="enclosed"))
    bench.frame(FireEvent("door_opens"))
    bench.frame(FireEvent("scan"))
    assert bench.told(EventShown) == [EventShown("scan")]
    (refusal,) = bench.told(Refused)
    assert refusal.reason == "door_opens cannot be seen now: it needs place lift, which is scanner"


def test_no_event_is_fired_while_the_calm_scene_is_held():
    bench = in_heights()
    bench.frame(KeyInput("stop"))
    bench.run(1.5, scene(2, 0.3))
    bench.frame(FireEvent("gulls"))
    assert not bench.told(EventShown)


# --- whatever is sent -------------------------------------------------------------------------

COMMANDS = st.one_of(
    st.builds(
        SceneCommand,
        sequence=st.integers(1, 99),
        scene=st.sampled_from(["heights", "shore", "moon"]),
        intensity_0to1=st.floats(-0.5, 1.5, allow_nan=False),
        ramp_s=st.floats(-1.0, 10.0, allow_nan=False),
        seed=st.integers(0, 1),
        overrides=st.none() | st.fixed_dictionaries({}, optional={"hour": st.floats(-5.0, 30.0)}),
        latch=st.booleans(),
    ),
    st.builds(ReleaseLatch, st.integers(0, 4)),
    st.builds(KeyInput, st.sampled_from(["stop", "rate", "5", "confirm"])),
    st.builds(FireEvent, st.sampled_from(["gust", "gulls"])),
    st.builds(ShowPanel, st.integers(1, 3), st.sampled_from(list(PanelKind)), st.text(max_size=5)),
)
FRAMES = st.lists(st.tuples(st.lists(COMMANDS, max_size=2), st.sampled_from([0.01, 0.1, 0.4, 1.2])), max_size=40)


def _is_valid(command):
    return (
        isinstance(command, SceneCommand)
        and command.scene in MANIFESTS
        and 0.0 <= command.intensity_0to1 <= 1.0
        and command.ramp_s >= 0.0
    )


@settings(max_examples=150, deadline=None)
@given(FRAMES)
def test_no_sequence_of_commands_shows_more_than_was_commanded(frames):
    bench = Bench()
    commanded = {0.0}
    for commands, dt_s in frames:
        before = bench.state.shown
        state = bench.frame(*commands, dt_s=dt_s)
        commanded |= {command.intensity_0to1 for command in commands if _is_valid(command)}
        goal_0to1 = state.shown.goal.intensity_0to1
        assert goal_0to1 in commanded
        assert state.shown.intensity_0to1 <= max(before.intensity_0to1, goal_0to1) + 1e-12
        newest = [command for command in commands if isinstance(command, SceneCommand)]
        if len(newest) == len(commands) == 1 and _is_valid(newest[0]) and newest[0].overrides is None:
            assert goal_0to1 <= newest[0].intensity_0to1


@settings(max_examples=150, deadline=None)
@given(FRAMES)
def test_no_sequence_of_commands_leaves_the_latch_without_its_release(frames):
    bench = Bench()
    for commands, dt_s in frames:
        before = bench.state
        state = bench.frame(*commands, dt_s=dt_s)
        is_released = any(isinstance(command, ReleaseLatch) for command in commands)
        if before.latch is not None and not is_released:
            assert state.latch is not None
            assert state.shown.goal.scene == "shore"
            assert state.shown.goal.intensity_0to1 == 0.0
        assert state.latch_id >= before.latch_id


@settings(max_examples=150, deadline=None)
@given(FRAMES)
def test_no_sequence_of_commands_cuts_the_picture(frames):
    bench = Bench()
    for commands, dt_s in frames:
        before = bench.state.shown
        after = bench.frame(*commands, dt_s=dt_s).shown
        changed_place = (before.target.scene, before.target.seed) != (after.target.scene, after.target.seed)
        swapped = before.values.get("railing") != after.values.get("railing")
        if changed_place or swapped:
            assert before.fade_0to1 == after.fade_0to1 == 1.0
        assert abs(after.fade_0to1 - before.fade_0to1) <= 0.2 + 1e-9


def test_came_and_went_are_followed():
    state = first_state(0.0, RULES)
    state, _ = step(state, Inputs(0.1, (SessionCame(),)), RULES)
    assert state.is_attached
    state, _ = step(state, Inputs(0.2, (SessionWent("closed"),)), RULES)
    assert not state.is_attached


def test_what_lies_over_the_scene_holds_it_at_once_and_while_it_stays():
    bench = Bench()
    bench.frame(scene(1, 0.3))
    bench.frame(patient=FromPatient(head=Head(is_focused=False)))
    assert bench.state.latch is LatchReason.FOCUS_LOST
    bench.frame(ReleaseLatch(bench.state.latch_id))
    held = [bench.frame(scene(2, 0.3), patient=FromPatient(head=Head(is_focused=False))).latch for _ in range(120)]
    assert held[0] is None
    assert held[-1] is LatchReason.FOCUS_LOST


def test_a_headset_that_has_just_been_put_on_may_take_a_moment_to_show_only_ours():
    bench = Bench()
    bench.state = replace(bench.state, head=Head(is_worn=False, is_tracked=False, is_focused=False))
    for _ in range(20):
        bench.frame(scene(1, 0.3), patient=FromPatient(head=Head(is_focused=False)))
    bench.frame(scene(1, 0.3), patient=FromPatient(head=Head()))
    assert bench.state.latch is None
