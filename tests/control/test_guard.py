"""The guard: what it refuses, what it forces, and that no input whatever raises intensity against its rules."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.control.inputs import ALLOWED, allowed, any_inputs, intensities, nearly_allowed, proposals, up
from therapy.control import guard
from therapy.control.decision import Decision, LoopInputs, Proposal, Reason, Rule
from therapy.control.guard import GuardState

TINY = 1e-9


def judge(inputs: LoopInputs, proposal: Proposal | None = None, state: GuardState | None = None) -> Decision:
    return guard.step(state or GuardState(), inputs, proposal or up())[1]


def hold(inputs: LoopInputs, seconds: int, proposal: Proposal | None = None) -> tuple[GuardState, Decision]:
    """The same moment for some seconds, once a second."""
    state, decision = GuardState(), judge(inputs)
    for second in range(seconds + 1):
        moment = replace(inputs, t_s=inputs.t_s + second)
        state, decision = guard.step(state, moment, proposal or up(moment.place.current_0to1))
    return state, decision


def test_a_raise_passes_when_every_rule_allows_it() -> None:
    decision = judge(ALLOWED)
    assert decision.applied_0to1 == 0.3
    assert decision.rule is Rule.LADDER_UP


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rating__suds": None}, Reason.SUDS_STALE),
        ({"rating__age_s": 120.5}, Reason.SUDS_STALE),
        ({"rating__since_signal_return": False}, Reason.SUDS_AFTER_SIGNAL_LOSS_MISSING),
        ({"heart__age_s": None}, Reason.HR_MISSING),
        ({"heart__age_s": -0.1}, Reason.HR_MISSING),
        ({"rating__age_s": -0.1}, Reason.SUDS_STALE),
        ({"heart__hr10_bpm": None}, Reason.HR_MISSING),
        ({"heart__age_s": 3.1}, Reason.HR_STALE),
        ({"heart__age_s": 15.1}, Reason.HR_LOST),
        ({"heart__valid_for_s": 29.9}, Reason.HR_NOT_REQUALIFIED),
        ({"heart__baseline_bpm": None}, Reason.NO_BASELINE),
        ({"heart__is_flat": True}, Reason.HR_TOO_FLAT),
        ({"heart__reconnects_in_10_min": 7}, Reason.SENSOR_UNRELIABLE),
        ({"place__paused": True}, Reason.PAUSED),
        ({"place__grading": False}, Reason.NOT_GRADING),
        ({"place__frames_in_budget": False}, Reason.FRAMES_LATE),
        ({"place__clock_ok": False}, Reason.CLOCK_JUMPED),
        ({"limits__therapist_0to1": 0.2}, Reason.CEILING),
        ({"limits__protocol_0to1": 0.2}, Reason.PROTOCOL_LIMIT),
        ({"limits__patient_0to1": 0.2}, Reason.PATIENT_LIMIT),
        ({"heart__hr10_bpm": math.nan}, Reason.CLOCK_JUMPED),
    ],
)
def test_a_raise_is_held_with_the_reason(change: dict[str, object], reason: Reason) -> None:
    decision = judge(allowed(**change))
    assert decision.applied_0to1 == 0.2
    assert decision.reasons[0] is reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"place__patient_stopped": True}, Reason.PATIENT_STOPPED),
        ({"place__therapist_stopped": True}, Reason.THERAPIST_STOPPED),
        ({"place__loop_ok": False}, Reason.EXCEPTION),
        ({"place__store_ok": False}, Reason.STORE_FAILED),
        ({"place__watchdog_ok": False}, Reason.WATCHDOG_MISSED),
        ({"place__player_present": False}, Reason.PLAYER_LOST),
        ({"place__player_latched": True}, Reason.PLAYER_LATCHED),
        ({"place__player_matches": False}, Reason.PLAYER_MISMATCH),
        ({"place__head_worn": False}, Reason.HEADSET_OFF),
        ({"place__head_tracked": False}, Reason.TRACKING_LOST),
        ({"rating__suds": 95, "rating__is_new": True}, Reason.SUDS_EXTREME),
        ({"rating__suds": 80, "rating__is_new": True, "limits__suds_calm_at": 80}, Reason.SUDS_EXTREME),
        ({"rating__missed_in_a_row": 2}, Reason.PROMPTS_MISSED),
        ({"rating__fms": 10}, Reason.SICKNESS),
    ],
)
def test_a_stop_rule_latches_the_calm_scene(change: dict[str, object], reason: Reason) -> None:
    state, decision = guard.step(GuardState(), allowed(**change), up())
    assert decision.calm
    assert decision.latched
    assert decision.applied_0to1 == 0.0
    assert decision.reasons[0] is reason
    later = guard.step(state, replace(ALLOWED, t_s=2000.0), up())[1]
    assert later.calm, "a latch outlasts its cause"
    released = guard.step(guard.release(state), replace(ALLOWED, t_s=2000.0), up())[1]
    assert not released.calm


@pytest.mark.parametrize(
    ("bpm", "baseline_bpm", "reason"),
    [
        (0.85 * (208 - 0.7 * 40), 130.0, Reason.HR_NEAR_MAXIMUM),
        (112.0, 70.0, Reason.HR_FAR_ABOVE_BASELINE),
        (50.0, 70.0, Reason.HR_FAR_BELOW_BASELINE),
    ],
)
def test_an_extreme_heart_rate_goes_to_calm_after_ten_seconds_not_before(
    bpm: float, baseline_bpm: float, reason: Reason
) -> None:
    extreme = allowed(heart__hr5_bpm=bpm, heart__baseline_bpm=baseline_bpm)
    assert not hold(extreme, 9)[1].calm
    decision = hold(extreme, 10)[1]
    assert decision.calm
    assert reason in decision.reasons


def test_forty_percent_above_baseline_steps_down_every_twenty_seconds() -> None:
    high = allowed(heart__hr5_bpm=98.5)
    assert hold(high, 9)[1].applied_0to1 == 0.2
    decision = hold(high, 10)[1]
    assert decision.rule is Rule.GUARD_HR_HIGH_DOWN
    assert decision.applied_0to1 == pytest.approx(0.1)
    assert hold(high, 29)[1].rule is not Rule.GUARD_HR_HIGH_DOWN
    assert hold(high, 30)[1].rule is Rule.GUARD_HR_HIGH_DOWN


def test_a_strap_gone_for_a_minute_steps_down_every_fifteen_seconds_but_not_with_ratings_only() -> None:
    gone = allowed(heart__age_s=60.5, heart__hr10_bpm=None, heart__hr5_bpm=None, heart__delta_bpm=None)
    downs = []
    state = GuardState()
    for second in range(46):
        state, decision = guard.step(state, replace(gone, t_s=gone.t_s + second), up(0.2))
        downs += [second] if decision.rule is Rule.GUARD_STALE_DOWN else []
    assert downs == [0, 15, 30, 45]
    only_ratings = replace(gone, suds_only=True)
    assert judge(only_ratings).applied_0to1 == 0.3


def test_a_lowered_ceiling_lowers_at_once() -> None:
    decision = judge(allowed(limits__therapist_0to1=0.1))
    assert decision.applied_0to1 == pytest.approx(0.1)
    assert decision.rule is Rule.GUARD_CAP
    assert decision.reasons == (Reason.CEILING,)


def test_two_raises_within_forty_five_seconds_are_one_too_many() -> None:
    state, first = guard.step(GuardState(), ALLOWED, up())
    assert first.applied_0to1 == 0.3
    soon = replace(allowed(place__current_0to1=0.3), t_s=1044.0)
    state, second = guard.step(state, soon, up(0.4))
    assert second.applied_0to1 == 0.3
    assert second.reasons == (Reason.RAISE_TOO_SOON,)
    assert guard.step(state, replace(soon, t_s=1045.5), up(0.4))[1].applied_0to1 == 0.4


def test_a_leap_is_cut_to_one_step() -> None:
    decision = judge(ALLOWED, up(0.9))
    assert decision.applied_0to1 == pytest.approx(0.3)
    assert decision.reasons[0] is Reason.RAISE_TOO_LARGE


def test_a_sustained_high_heart_rate_vetoes_a_raise_after_thirty_seconds() -> None:
    raised = allowed(heart__delta_bpm=15.0)
    assert hold(raised, 29, up())[0].veto_s < guard.VETO_S
    state, _ = hold(raised, 30, up(0.2))
    decision = guard.step(state, replace(raised, t_s=raised.t_s + 31), up())[1]
    assert decision.applied_0to1 == 0.2
    assert Reason.HR_VETO in decision.reasons


def test_re_entry_is_at_most_one_level_below_where_it_was_left() -> None:
    state, _ = guard.step(GuardState(), allowed(place__patient_stopped=True, place__current_0to1=0.5), up())
    back = allowed(place__current_0to1=0.0, place__reentry_0to1=0.9, limits__patient_0to1=1.0)
    wants = Proposal(0.9, Rule.RE_ENTRY, (Reason.ASKED_BY_THERAPIST,), 3.0)
    decision = guard.step(guard.release(state), back, wants)[1]
    assert decision.applied_0to1 == pytest.approx(0.4)
    unasked = replace(back, place=replace(back.place, reentry_0to1=None))
    assert guard.step(guard.release(state), unasked, wants)[1].applied_0to1 <= 0.1 + TINY


@given(inputs=st.one_of(nearly_allowed(), any_inputs), proposal=st.one_of(st.builds(up, intensities), proposals))
@settings(max_examples=200)
def test_no_input_raises_intensity_against_a_rule(inputs: LoopInputs, proposal: Proposal) -> None:
    decision = judge(inputs, proposal)
    before = inputs.place.current_0to1
    assert math.isfinite(decision.applied_0to1)
    assert 0.0 <= decision.applied_0to1 <= 1.0
    if decision.applied_0to1 <= before + TINY:
        return
    heart, rating, place = inputs.heart, inputs.rating, inputs.place
    assert decision.applied_0to1 <= before + guard.RAISE_LIMIT_0TO1 + TINY
    assert (
        decision.applied_0to1
        <= min(inputs.limits.protocol_0to1, inputs.limits.therapist_0to1, inputs.limits.patient_0to1) + TINY
    )
    assert rating.suds is not None
    assert 0 <= rating.suds <= 100
    assert rating.age_s is not None
    assert 0 <= rating.age_s <= 120
    assert not place.paused
    assert place.grading
    assert place.head_worn
    assert place.head_tracked
    assert place.frames_in_budget
    assert place.player_present
    assert not place.player_latched
    assert place.store_ok
    assert place.loop_ok
    assert place.clock_ok
    if not inputs.suds_only:
        assert heart.hr10_bpm is not None
        assert math.isfinite(heart.hr10_bpm)
        assert heart.age_s is not None
        assert 0 <= heart.age_s <= 3
        assert heart.valid_for_s >= 30
        assert heart.baseline_bpm is not None
        assert not heart.is_flat
        assert rating.since_signal_return


@given(inputs=any_inputs, proposal=proposals)
@settings(max_examples=150)
def test_a_wish_for_less_is_always_granted(inputs: LoopInputs, proposal: Proposal) -> None:
    before = inputs.place.current_0to1
    if math.isfinite(proposal.intensity_0to1) and proposal.intensity_0to1 <= before:
        assert judge(inputs, proposal).applied_0to1 <= max(proposal.intensity_0to1, 0.0) + TINY


@given(steps=st.lists(st.tuples(any_inputs, proposals), min_size=2, max_size=12))
@settings(max_examples=200)
def test_once_latched_nothing_but_a_release_ends_it(steps: list[tuple[LoopInputs, Proposal]]) -> None:
    state, _ = guard.step(GuardState(), allowed(place__patient_stopped=True), up())
    for inputs, proposal in steps:
        state, decision = guard.step(state, inputs, proposal)
        assert decision.calm
        assert decision.applied_0to1 == 0.0


@given(
    waits_s=st.lists(st.floats(0.1, 60.0), min_size=3, max_size=40),
    wanted=st.lists(st.floats(0.0, 1.0), min_size=3, max_size=40),
)
@settings(max_examples=200)
def test_whatever_is_proposed_intensity_gains_at_most_a_step_in_forty_five_seconds(
    waits_s: list[float], wanted: list[float]
) -> None:
    state, now_s, current = GuardState(), 0.0, 0.0
    gains: list[tuple[float, float]] = []
    for wait_s, want in zip(waits_s, wanted, strict=False):
        now_s += wait_s
        moment = replace(
            allowed(place__current_0to1=current, limits__therapist_0to1=1.0, limits__patient_0to1=1.0), t_s=now_s
        )
        state, decision = guard.step(state, moment, up(want))
        if decision.applied_0to1 > current:
            gains.append((now_s, decision.applied_0to1 - current))
        current = decision.applied_0to1
    for at_s, _ in gains:
        assert sum(gain for then_s, gain in gains if 0 <= at_s - then_s < 45.0) <= 0.1 + 1e-6
