"""The ladder: the rating authorises, heart rate holds and steps down, a person's wish is heard."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.control.inputs import ALLOWED, allowed
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.base import steps_from
from therapy.control.policies.ladder import Ladder, LadderState

RULES = Ladder()


def propose(inputs: LoopInputs, rules: Ladder = RULES) -> Proposal:
    return rules.step(LadderState(), inputs)[1]


def hold(inputs: LoopInputs, seconds: int) -> Proposal:
    state, proposal = LadderState(), propose(inputs)
    for second in range(seconds + 1):
        state, proposal = RULES.step(state, replace(inputs, t_s=inputs.t_s + second))
        if proposal.rule is Rule.HR_BRAKE:
            break
    return proposal


def test_a_low_rating_after_the_dwell_goes_one_level_up() -> None:
    proposal = propose(ALLOWED)
    assert proposal.intensity_0to1 == 0.3
    assert proposal.rule is Rule.LADDER_UP
    assert proposal.reasons == (Reason.SUDS_LOW,)


def test_a_rating_halved_from_its_peak_goes_up_even_when_it_is_not_low() -> None:
    proposal = propose(allowed(rating__suds=45, rating__peak_on_level=90, rating__lows_in_a_row=0))
    assert proposal.reasons == (Reason.SUDS_HALVED,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rating__suds": 40}, Reason.SUDS_IN_WINDOW),
        ({"rating__suds": 74}, Reason.SUDS_IN_WINDOW),
        ({"rating__given_on_level": False}, Reason.WAITING_FOR_RATING),
        ({"rating__suds": None}, Reason.WAITING_FOR_RATING),
        ({"place__dwell_s": 44.9}, Reason.DWELL_SHORT),
        ({"place__held": True}, Reason.HELD_BY_THERAPIST),
        ({"place__current_0to1": 1.0}, Reason.TOP_REACHED),
        ({"place__grading": False}, Reason.NOT_GRADING),
    ],
)
def test_it_holds_with_the_reason(change: dict[str, object], reason: Reason) -> None:
    proposal = propose(allowed(**change))
    assert proposal.rule is Rule.HOLD
    assert reason in proposal.reasons


def test_two_low_ratings_in_a_row_can_be_asked_for() -> None:
    rules = replace(RULES, lows_needed=2)
    assert propose(ALLOWED, rules).rule is Rule.HOLD
    assert propose(allowed(rating__lows_in_a_row=2), rules).rule is Rule.LADDER_UP


@pytest.mark.parametrize(("suds", "after"), [(75, 0.1), (84, 0.1), (85, 0.0), (94, 0.0)])
def test_a_high_rating_goes_down_once(suds: int, after: float) -> None:
    high = allowed(rating__suds=suds, rating__peak_on_level=suds)
    state, proposal = RULES.step(LadderState(), high)
    assert proposal.intensity_0to1 == pytest.approx(after)
    assert proposal.reasons[0] in (Reason.SUDS_HIGH, Reason.SUDS_VERY_HIGH)
    later = replace(high, t_s=high.t_s + 30, rating=replace(high.rating, age_s=40.0))
    assert RULES.step(state, later)[1].rule is Rule.HOLD, "one rating must not step down twice"


def test_a_raised_heart_rate_vetoes_after_thirty_and_steps_down_after_sixty_seconds() -> None:
    raised = allowed(heart__delta_bpm=16.0)
    assert hold(raised, 29).rule is Rule.LADDER_UP
    assert Reason.HR_VETO in hold(raised, 30).reasons
    assert Reason.HR_VETO in hold(raised, 59).reasons
    assert hold(raised, 60).rule is Rule.HR_BRAKE


def test_the_brake_counts_neither_up_nor_down_while_heart_rate_is_unknown() -> None:
    state = LadderState()
    for second in range(50):
        state, _ = RULES.step(state, replace(allowed(heart__delta_bpm=16.0), t_s=float(second)))
    for second in range(50, 60):
        state, _ = RULES.step(state, replace(allowed(heart__delta_bpm=None), t_s=float(second)))
    assert state.raised_s == pytest.approx(49.0)
    state, _ = RULES.step(state, replace(allowed(heart__delta_bpm=3.0), t_s=60.0))
    assert state.raised_s == 0.0


@pytest.mark.parametrize("delta_bpm", [math.nan, math.inf, -math.inf])
def test_a_heart_rate_that_is_no_number_neither_counts_nor_clears(delta_bpm: float) -> None:
    state = LadderState(t_s=999.0, raised_s=40.0)
    assert RULES.step(state, allowed(heart__delta_bpm=delta_bpm))[0].raised_s == 40.0


def test_a_falling_heart_rate_alone_never_goes_up() -> None:
    assert propose(allowed(heart__delta_bpm=-30.0, rating__suds=60)).rule is Rule.HOLD


def test_with_ratings_only_heart_rate_does_not_brake() -> None:
    assert hold(allowed(heart__delta_bpm=30.0, suds_only=True), 90).rule is Rule.LADDER_UP


def test_a_therapists_wish_goes_up_from_within_the_window_and_names_who_asked() -> None:
    proposal = propose(allowed(rating__suds=60, place__wish=Wish.UP))
    assert proposal.rule is Rule.THERAPIST_UP
    assert propose(allowed(place__wish=Wish.UP, place__wish_is_patients=True)).rule is Rule.PATIENT_UP


def test_a_therapists_wish_for_less_needs_no_dwell() -> None:
    proposal = propose(allowed(place__wish=Wish.DOWN, place__dwell_s=0.0, place__since_lower_s=1.0))
    assert proposal.intensity_0to1 == pytest.approx(0.1)


def test_the_planned_end_walks_down_a_level_at_a_time() -> None:
    first = propose(allowed(place__planned_0to1=0.0, place__grading=False))
    assert first.intensity_0to1 == pytest.approx(0.1)
    soon = propose(allowed(place__planned_0to1=0.0, place__since_lower_s=3.0, place__current_0to1=0.1))
    assert soon.intensity_0to1 == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("start", "levels", "after"), [(0.2, 1, 0.3), (0.25, 1, 0.3), (0.25, -1, 0.2), (0.05, -2, 0.0)]
)
def test_steps_keep_to_whole_levels(start: float, levels: int, after: float) -> None:
    assert steps_from(start, levels) == pytest.approx(after)


STANDARD = Ladder(whole_below_suds=30, edge_below_suds=65)


@pytest.mark.parametrize(
    ("suds", "rule", "after"),
    [(20, Rule.LADDER_UP, 0.3), (30, Rule.LADDER_UP_HALF, 0.25), (39, Rule.LADDER_UP_HALF, 0.25), (40, Rule.HOLD, 0.2)],
)
def test_near_the_working_range_a_step_is_half_a_level(suds: int, rule: Rule, after: float) -> None:
    proposal = propose(allowed(rating__suds=suds, rating__peak_on_level=suds), STANDARD)
    assert proposal.rule is rule
    assert proposal.intensity_0to1 == pytest.approx(after)


def test_a_whole_step_from_a_half_level_ends_on_a_whole_one() -> None:
    at = {"place__current_0to1": 0.25}
    assert propose(allowed(rating__suds=20, **at), STANDARD).intensity_0to1 == pytest.approx(0.3)
    assert propose(allowed(rating__suds=80, **at), STANDARD).intensity_0to1 == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("changes", "steady"),
    [
        ({"rating__suds": 60, "rating__previous_on_level": 60}, True),
        ({"rating__suds": 60, "rating__previous_on_level": 65}, False),
        ({"rating__suds": 65, "rating__previous_on_level": 60}, False),
        ({"rating__suds": 60, "rating__previous_on_level": None}, False),
        ({"rating__suds": 60, "rating__previous_on_level": 60, "heart__delta_bpm": 14.9}, True),
        ({"rating__suds": 60, "rating__previous_on_level": 60, "heart__delta_bpm": 15.0}, False),
        ({"rating__suds": 60, "rating__previous_on_level": 60, "heart__delta_bpm": None}, False),
        ({"rating__suds": 60, "rating__previous_on_level": 60, "heart__delta_bpm": None, "suds_only": True}, True),
    ],
)
def test_two_steady_ratings_speak_for_half_a_level_while_the_heart_is_calm(
    changes: dict[str, object], steady: bool
) -> None:
    proposal = propose(allowed(rating__peak_on_level=65, **changes), STANDARD)
    assert (proposal.rule is Rule.LADDER_UP_HALF) is steady
    assert (Reason.SUDS_STEADY in proposal.reasons) is steady


def test_without_an_edge_steady_ratings_hold() -> None:
    inputs = allowed(rating__suds=50, rating__previous_on_level=40, rating__peak_on_level=50)
    assert propose(inputs).reasons == (Reason.SUDS_IN_WINDOW,)


def raised_for(seconds: int, inputs: LoopInputs, state: LadderState | None = None) -> tuple[LadderState, Proposal]:
    state, proposal = state or LadderState(), propose(inputs)
    for second in range(seconds + 1):
        state, proposal = RULES.step(state, replace(inputs, t_s=inputs.t_s + second))
        if proposal.rule is Rule.HR_BRAKE:
            break
    return state, proposal


@pytest.mark.parametrize(
    ("changes", "braked"),
    [
        ({"rating__suds": 49}, True),
        ({"rating__suds": 50}, False),
        ({"rating__suds": 74}, False),
        ({"rating__suds": 60, "rating__age_s": 121.0}, True),
        ({"rating__suds": 60, "rating__given_on_level": False}, True),
        ({"rating__suds": None, "rating__age_s": None}, True),
    ],
)
def test_a_rating_that_calls_the_level_hard_explains_a_raised_heart_rate(
    changes: dict[str, object], braked: bool
) -> None:
    inputs = allowed(heart__delta_bpm=18.0, rating__peak_on_level=74, **changes)
    assert (raised_for(70, inputs)[1].rule is Rule.HR_BRAKE) is braked


def test_the_brake_waits_for_a_heart_known_to_beat_high_at_bearable_ratings() -> None:
    bearable = allowed(heart__delta_bpm=14.0, rating__suds=60, rating__is_new=True, rating__peak_on_level=60)
    known, _ = raised_for(120, bearable)
    low = allowed(heart__delta_bpm=18.0, t_s=2000.0)
    assert raised_for(70, low)[1].rule is Rule.HR_BRAKE
    assert raised_for(70, low, known)[1].rule is not Rule.HR_BRAKE
    assert raised_for(70, replace(low, heart=replace(low.heart, delta_bpm=25.0)), known)[1].rule is Rule.HR_BRAKE


def test_no_heart_moves_the_brake_by_more_than_ten() -> None:
    wild = allowed(heart__delta_bpm=60.0, rating__suds=60, rating__is_new=True, rating__peak_on_level=60)
    known, _ = raised_for(120, wild)
    assert raised_for(70, allowed(heart__delta_bpm=25.0, t_s=2000.0), known)[1].rule is Rule.HR_BRAKE
