"""How far the guard lets a raise go, what it says then, and the way back into the scene."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.control.guarding import judged, lasting, wants
from tests.control.inputs import allowed
from therapy.control import guard
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule
from therapy.control.guard import GuardState

OPEN: dict[str, Any] = {"limits__therapist_0to1": 1.0, "limits__patient_0to1": 1.0}


def at(level_0to1: float, **changes: Any) -> LoopInputs:
    return allowed(**{**OPEN, "place__current_0to1": level_0to1, **changes})


def test_a_raise_that_is_granted_names_no_limit() -> None:
    decision = judged(at(0.2), wants(0.3))
    assert (decision.rule, decision.reasons, decision.limiting) == (Rule.LADDER_UP, (Reason.SUDS_LOW,), None)
    assert (decision.calm, decision.latched) == (False, False)


def test_a_leap_is_cut_to_a_step_and_says_so_before_the_policys_reason() -> None:
    decision = judged(at(0.2), wants(0.9))
    assert decision.applied_0to1 == pytest.approx(0.3)
    assert (decision.rule, decision.limiting) == (Rule.GUARD_CAP, Reason.RAISE_TOO_LARGE)
    assert decision.reasons == (Reason.RAISE_TOO_LARGE, Reason.SUDS_LOW)


def test_a_raise_beyond_a_limit_goes_as_far_as_the_limit() -> None:
    decision = judged(at(0.2, limits__therapist_0to1=0.25), wants(0.3))
    assert (decision.applied_0to1, decision.rule, decision.limiting) == (0.25, Rule.GUARD_CAP, Reason.CEILING)


def test_at_a_limit_a_raise_is_held_by_it() -> None:
    decision = judged(at(0.2, limits__protocol_0to1=0.2), wants(0.3))
    assert (decision.applied_0to1, decision.rule) == (0.2, Rule.GUARD_HOLD)
    assert decision.reasons == (decision.limiting,) == (Reason.PROTOCOL_LIMIT,)


@pytest.mark.parametrize("intensity_0to1", [2.0, 1.005])
def test_wanting_more_than_everything_is_wanting_everything(intensity_0to1: float) -> None:
    last = judged(at(0.9), wants(intensity_0to1))
    assert (last.applied_0to1, last.rule, last.limiting) == (1.0, Rule.LADDER_UP, Reason.HARD_LIMIT)
    assert last.reasons == (Reason.HARD_LIMIT, Reason.SUDS_LOW)
    top = judged(at(1.0), wants(intensity_0to1))
    assert (top.applied_0to1, top.rule, top.limiting) == (1.0, Rule.LADDER_UP, None)
    exact = judged(at(0.9), wants(1.0))
    assert (exact.applied_0to1, exact.limiting) == (1.0, None), "what is wanted and given is not limited"


@pytest.mark.parametrize("intensity_0to1", [math.nan, math.inf, -math.inf])
def test_a_proposal_that_is_no_number_stays(intensity_0to1: float) -> None:
    decision = judged(at(0.2), wants(intensity_0to1))
    assert (decision.applied_0to1, decision.proposed_0to1) == (0.2, -1.0)


def test_what_was_proposed_is_on_the_decision_as_it_was() -> None:
    assert judged(at(0.2), wants(0.9)).proposed_0to1 == 0.9


@pytest.mark.parametrize(
    ("ramp_s", "applied_s"), [(3.0, 3.0), (1.0, 1.0), (0.5, 1.0), (-2.0, 1.0), (math.nan, 1.0), (math.inf, 1.0)]
)
def test_no_ramp_is_shorter_than_a_second_or_no_number(ramp_s: float, applied_s: float) -> None:
    assert judged(at(0.2), wants(0.3, ramp_s=ramp_s)).ramp_s == applied_s


@pytest.mark.parametrize(
    "changes", [{}, {"rating__suds": None, "heart__hr10_bpm": None, "place__paused": True, "place__grading": False}]
)
@pytest.mark.parametrize(("wanted", "applied"), [(0.2, 0.2), (0.1, 0.1), (0.0, 0.0), (-0.5, 0.0)])
def test_staying_and_lowering_pass_as_they_are_whatever_stands_against_a_raise(
    changes: dict[str, Any], wanted: float, applied: float
) -> None:
    decision = judged(at(0.2, **changes), wants(wanted, Rule.LADDER_DOWN_ONE))
    assert (decision.applied_0to1, decision.rule, decision.limiting) == (applied, Rule.LADDER_DOWN_ONE, None)
    assert decision.reasons == (Reason.SUDS_LOW,)


def test_a_limit_that_comes_down_takes_the_intensity_along_unless_less_is_wanted() -> None:
    lowered = at(0.5, limits__patient_0to1=0.3)
    decision = judged(lowered, wants(0.6))
    assert (decision.applied_0to1, decision.rule) == (0.3, Rule.GUARD_CAP)
    assert decision.reasons == (decision.limiting,) == (Reason.PATIENT_LIMIT,)
    assert judged(lowered, wants(0.1, Rule.LADDER_DOWN_TWO)).applied_0to1 == 0.1
    assert judged(lowered, wants(0.1, Rule.LADDER_DOWN_TWO)).rule is Rule.LADDER_DOWN_TWO


def test_at_the_ceiling_staying_is_no_cap() -> None:
    assert judged(at(0.3, limits__therapist_0to1=0.3), wants(0.3, Rule.HOLD)).rule is Rule.HOLD


def test_small_raises_add_up_to_one_step() -> None:
    state, _ = guard.step(GuardState(), at(0.2), wants(0.25))
    state, decision = guard.step(state, at(0.25, t_s=1010.0), wants(0.28))
    assert decision.applied_0to1 == 0.28
    state, decision = guard.step(state, at(0.28, t_s=1020.0), wants(0.38))
    assert decision.applied_0to1 == pytest.approx(0.3)
    assert decision.limiting is Reason.RAISE_TOO_LARGE
    decision = judged(at(0.3, t_s=1044.0), wants(0.4), state)
    assert (decision.applied_0to1, decision.limiting) == (0.3, Reason.RAISE_TOO_SOON)
    later = judged(at(0.3, t_s=1045.0), wants(0.4), state)
    assert later.applied_0to1 == pytest.approx(0.35), "the first of them is over, the others are not"


def test_a_raise_that_was_refused_does_not_count_as_one() -> None:
    state, _ = guard.step(GuardState(), at(0.2, limits__next_0to1=0.2), wants(0.3))
    assert state.raises == ()


def test_rising_sickness_lowers_once_for_a_rating_and_holds_for_as_long_as_it_lasts() -> None:
    sick = at(0.5, rating__fms=6, rating__fms_rise=5)
    state, decision = guard.step(GuardState(), sick, wants(0.6))
    assert (decision.applied_0to1, decision.rule) == (0.4, Rule.GUARD_SICKNESS_DOWN)
    assert decision.reasons == (decision.limiting,) == (Reason.SICKNESS_RISING,)
    held = judged(replace(sick, t_s=1100.0), wants(0.6), state)
    assert (held.applied_0to1, held.rule, held.reasons) == (0.5, Rule.GUARD_HOLD, (Reason.SICKNESS_RISING,))
    worse = judged(at(0.5, rating__fms=7, rating__fms_rise=6, t_s=1100.0), wants(0.6), state)
    assert worse.rule is Rule.GUARD_SICKNESS_DOWN


# --- back into the scene -----------------------------------------------------------------------------


def left(level_0to1: float) -> GuardState:
    """Stopped at a level, a while in the calm scene, and the therapist has resumed."""
    state, _ = guard.step(GuardState(), at(level_0to1, place__patient_stopped=True), wants(level_0to1))
    state, _ = lasting(at(0.0, t_s=1001.0), 20.0, state=state)
    return guard.release(state)


def back(level_0to1: float, **changes: Any) -> LoopInputs:
    return at(0.0, **{"t_s": 1030.0, "place__reentry_0to1": level_0to1, **changes})


def enters(level_0to1: float) -> Proposal:
    return wants(level_0to1, Rule.RE_ENTRY)


@pytest.mark.parametrize(("wanted", "applied"), [(0.9, 0.4), (0.4, 0.4), (0.2, 0.2), (0.0, 0.0)])
def test_the_way_back_is_to_what_is_wanted_and_at_most_a_level_below_where_it_was_left(
    wanted: float, applied: float
) -> None:
    decision = judged(back(wanted), enters(wanted), left(0.5))
    assert decision.applied_0to1 == pytest.approx(applied)
    assert (decision.rule, decision.reasons, decision.limiting) == (Rule.RE_ENTRY, (Reason.SUDS_LOW,), None)


def test_who_left_at_the_ground_comes_back_to_the_ground() -> None:
    for state in (left(0.0), left(0.1), GuardState()):
        assert judged(back(0.5), enters(0.5), state).applied_0to1 == 0.0


def test_a_re_entry_never_lowers() -> None:
    assert judged(replace(back(0.5), place=replace(back(0.5).place, current_0to1=0.3)), enters(0.5)).applied_0to1 == 0.3


def test_the_way_back_ends_at_a_limit_and_says_which() -> None:
    decision = judged(back(0.4, limits__therapist_0to1=0.3), enters(0.4), left(0.5))
    assert (decision.applied_0to1, decision.rule, decision.limiting) == (0.3, Rule.RE_ENTRY, Reason.CEILING)
    assert decision.reasons == (Reason.CEILING, Reason.SUDS_LOW)


@pytest.mark.parametrize("level_0to1", [0.0, 0.4])
def test_the_way_back_needs_what_a_raise_needs_also_to_the_lowest_level(level_0to1: float) -> None:
    unheard = back(level_0to1, heart__hr10_bpm=None, place__frames_in_budget=False)
    decision = judged(unheard, enters(level_0to1), left(0.5))
    assert (decision.applied_0to1, decision.rule, decision.limiting) == (0.0, Rule.GUARD_HOLD, Reason.HR_MISSING)
    assert decision.reasons == (Reason.HR_MISSING, Reason.FRAMES_LATE)


def test_less_is_granted_also_by_the_name_of_a_re_entry() -> None:
    decision = judged(at(0.3, rating__suds=None), enters(0.1))
    assert (decision.applied_0to1, decision.limiting) == (0.1, Reason.SUDS_STALE)


def test_only_a_re_entry_that_was_asked_for_leaps() -> None:
    unasked = replace(back(0.4), place=replace(back(0.4).place, reentry_0to1=None))
    assert judged(unasked, enters(0.4), left(0.5)).applied_0to1 == pytest.approx(0.1)
    assert judged(back(0.4), wants(0.4), left(0.5)).applied_0to1 == pytest.approx(0.1)


def test_there_is_one_way_back_and_after_it_no_raise_for_forty_five_seconds() -> None:
    state, _ = guard.step(left(0.5), back(0.2), enters(0.2))
    again = judged(at(0.2, t_s=1031.0, place__reentry_0to1=0.4), enters(0.4), state)
    assert again.applied_0to1 == 0.2
    assert judged(at(0.2, t_s=1074.0), wants(0.3), state).limiting is Reason.RAISE_TOO_SOON
    assert judged(at(0.2, t_s=1075.0), wants(0.3), state).applied_0to1 == pytest.approx(0.3)


def test_who_climbed_again_has_no_way_back_left() -> None:
    state, _ = guard.step(left(0.5), at(0.0, t_s=1030.0), wants(0.1))
    assert judged(back(0.4, t_s=1100.0), enters(0.4), state).applied_0to1 == 0.0


def test_waiting_outside_the_scene_keeps_the_way_back() -> None:
    state, _ = lasting(at(0.0, t_s=1025.0, place__grading=False), 10.0, state=left(0.5))
    assert judged(back(0.4, t_s=1040.0), enters(0.4), state).applied_0to1 == pytest.approx(0.4)


def test_a_session_may_begin_above_the_lowest_level_once_admitted() -> None:
    admitted = guard.admit(GuardState(), 0.3)
    assert judged(back(0.5), enters(0.5), admitted).applied_0to1 == pytest.approx(0.3)
