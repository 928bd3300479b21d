"""The calm scene: what is said when it is called, what it keeps, what a resume clears; and the forced steps down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.guarding import judged, lasting, wants
from tests.control.inputs import allowed
from therapy.control import guard
from therapy.control.decision import Reason, Rule
from therapy.control.guard import GuardState

STOPPED = allowed(place__patient_stopped=True, place__current_0to1=0.5, place__pace_per_min=None)
ABOVE: dict[str, Any] = {"heart__hr5_bpm": 98.0}


def test_the_calm_scene_comes_in_a_second_with_its_reasons_and_without_a_pace() -> None:
    proposal = replace(wants(0.6, ramp_s=5.0), pace_per_min=6.0)
    decision = judged(replace(STOPPED, rating=replace(STOPPED.rating, missed_in_a_row=2)), proposal)
    assert (decision.rule, decision.applied_0to1, decision.ramp_s) == (Rule.GUARD_CALM, 0.0, 1.0)
    assert (decision.calm, decision.latched, decision.pace_per_min) == (True, True, None)
    assert decision.reasons == (Reason.PATIENT_STOPPED, Reason.PROMPTS_MISSED)
    assert decision.limiting is Reason.PATIENT_STOPPED


def test_a_pace_is_passed_on_while_nothing_stops() -> None:
    assert judged(allowed(), replace(wants(0.2), pace_per_min=6.0)).pace_per_min == 6.0


def test_the_first_reason_stays_whatever_comes_after_it() -> None:
    state, _ = guard.step(GuardState(), STOPPED, wants(0.6))
    state, decision = guard.step(state, allowed(t_s=1001.0, place__head_worn=False), wants(0.6))
    assert decision.reasons == (Reason.PATIENT_STOPPED,)
    assert state.latched_from_0to1 == 0.5, "and where the patient was"


def test_every_reason_at_once_is_told_the_most_urgent_first() -> None:
    everything = allowed(
        place__patient_stopped=True,
        place__therapist_stopped=True,
        place__loop_ok=False,
        place__store_ok=False,
        place__watchdog_ok=False,
        place__player_present=False,
        place__player_matches=False,
        place__player_latched=True,
        place__head_worn=False,
        place__head_tracked=False,
        rating__suds=95,
        rating__is_new=True,
        rating__missed_in_a_row=2,
        rating__fms=10,
    )
    extremes = GuardState(t_s=1000.0, near_maximum_s=10.0, far_above_s=10.0, far_below_s=10.0)
    unheard = replace(everything, heart=replace(everything.heart, hr5_bpm=None))
    assert judged(unheard, wants(0.3), extremes).reasons == (
        Reason.PATIENT_STOPPED,
        Reason.THERAPIST_STOPPED,
        Reason.EXCEPTION,
        Reason.STORE_FAILED,
        Reason.WATCHDOG_MISSED,
        Reason.PLAYER_LOST,
        Reason.PLAYER_MISMATCH,
        Reason.PLAYER_LATCHED,
        Reason.HEADSET_OFF,
        Reason.TRACKING_LOST,
        Reason.HR_NEAR_MAXIMUM,
        Reason.HR_FAR_ABOVE_BASELINE,
        Reason.HR_FAR_BELOW_BASELINE,
        Reason.SUDS_EXTREME,
        Reason.PROMPTS_MISSED,
        Reason.SICKNESS,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"heart__hr5_bpm": 155.0, "heart__baseline_bpm": 130.0},
        {"heart__hr5_bpm": 112.0},
        {"heart__hr5_bpm": 50.0},
    ],
)
def test_after_a_resume_an_extreme_heart_rate_is_given_ten_seconds_again(changes: dict[str, Any]) -> None:
    extreme = allowed(**changes)
    state, decision = lasting(extreme, 10.0)
    assert decision.calm
    later = replace(extreme, t_s=1010.0)
    assert not lasting(later, 9.995, state=guard.release(state))[1].calm
    assert lasting(later, 10.0, state=guard.release(state))[1].calm


# --- steps down that are forced ----------------------------------------------------------------------


@pytest.mark.parametrize(("start_0to1", "after_0to1"), [(1.0, 0.9), (0.5, 0.4), (0.3, 0.2), (0.05, 0.0), (0.005, 0.0)])
def test_a_forced_step_is_a_level_and_ends_at_the_ground(start_0to1: float, after_0to1: float) -> None:
    state, _ = lasting(allowed(place__current_0to1=start_0to1, **ABOVE), 9.5)
    high = allowed(t_s=1010.0, place__current_0to1=start_0to1, limits__therapist_0to1=1.0, **ABOVE)
    high = replace(high, limits=replace(high.limits, patient_0to1=1.0))
    decision = judged(high, wants(start_0to1, Rule.HOLD), state)
    assert (decision.rule, decision.applied_0to1) == (Rule.GUARD_HR_HIGH_DOWN, after_0to1)


@pytest.mark.parametrize("changes", [{"place__current_0to1": 0.0}, {"place__grading": False}])
def test_at_the_ground_and_outside_the_exposure_nothing_is_forced(changes: dict[str, Any]) -> None:
    high = allowed(**ABOVE, **changes)
    assert {lasting(high, seconds)[1].rule for seconds in (10.0, 10.5, 30.0)} == {Rule.HOLD}


def test_a_policy_that_goes_lower_still_has_its_way() -> None:
    state, _ = lasting(allowed(place__current_0to1=0.5, **ABOVE), 9.5)
    high = allowed(t_s=1010.0, place__current_0to1=0.5, **ABOVE)
    lower = judged(high, wants(0.1, Rule.LADDER_DOWN_TWO), state)
    assert (lower.rule, lower.applied_0to1) == (Rule.LADDER_DOWN_TWO, 0.1)
    same = judged(high, wants(0.4, Rule.LADDER_DOWN_ONE), state)
    assert (same.rule, same.applied_0to1) == (Rule.GUARD_HR_HIGH_DOWN, 0.4)
