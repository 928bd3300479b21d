"""Inhibitory learning: a level ends when its expectation was tested and violated; after the top the order varies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.inputs import allowed
from tests.control.life import watched
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.inhibitory import Inhibitory, InhibitoryState

POLICY = Inhibitory()


def after_test(before: int | None, after: int | None, **changes: Any) -> LoopInputs:
    """The allowed moment after a test of the expectation."""
    return allowed(rating__expectancy_before=before, rating__expectancy_after=after, **changes)


def propose(inputs: LoopInputs, state: InhibitoryState | None = None) -> Proposal:
    return POLICY.step(state or POLICY.begin(), inputs)[1]


@pytest.mark.parametrize(("before", "after"), [(70, 50), (70, 10), (30, 20), (10, 10), (100, 0)])
def test_a_violated_expectation_ends_the_level(before: int, after: int) -> None:
    proposal = propose(after_test(before, after))
    assert (proposal.rule, proposal.reasons) == (Rule.LADDER_UP, (Reason.EXPECTATION_VIOLATED,))
    assert proposal.intensity_0to1 == 0.3


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (None, None, Reason.EXPECTATION_UNTESTED),
        (70, None, Reason.EXPECTATION_UNTESTED),
        (None, 50, Reason.EXPECTATION_UNTESTED),
        (70, 51, Reason.EXPECTATION_HELD),
        (40, 21, Reason.EXPECTATION_HELD),
        (40, 60, Reason.EXPECTATION_HELD),
    ],
)
def test_an_expectation_untested_or_borne_out_keeps_the_level(
    before: int | None, after: int | None, reason: Reason
) -> None:
    proposal = propose(after_test(before, after))
    assert proposal.rule is Rule.HOLD
    assert reason in proposal.reasons


def test_a_low_rating_alone_is_no_reason_to_go_on() -> None:
    assert propose(after_test(None, None, rating__suds=0)).rule is Rule.HOLD


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rating__suds": 75, "place__since_lower_s": 1.0}, Reason.SUDS_HIGH),
        ({"rating__given_on_level": False}, Reason.WAITING_FOR_RATING),
        ({"rating__suds": None}, Reason.WAITING_FOR_RATING),
        ({"place__dwell_s": 30.0}, Reason.DWELL_SHORT),
        ({"place__held": True}, Reason.HELD_BY_THERAPIST),
    ],
)
def test_a_violated_expectation_still_meets_the_other_objections(changes: dict[str, Any], reason: Reason) -> None:
    proposal = propose(after_test(70, 10, **changes))
    assert proposal.rule is Rule.HOLD
    assert reason in proposal.reasons


def test_high_ratings_step_down_as_on_the_ladder() -> None:
    assert propose(after_test(70, 10, rating__suds=80)).rule is Rule.LADDER_DOWN_ONE
    assert propose(after_test(70, 10, rating__suds=90)).rule is Rule.LADDER_DOWN_TWO


def test_raised_heart_rate_vetoes_and_brakes_as_on_the_ladder() -> None:
    untested = after_test(None, None, heart__delta_bpm=16.0)
    _, proposals = watched(POLICY, untested, 60)
    assert Reason.HR_VETO not in proposals[29].reasons
    assert proposals[30].reasons[0] is Reason.HR_VETO
    assert (proposals[59].rule, proposals[60].rule) == (Rule.HOLD, Rule.HR_BRAKE)


def test_the_plan_comes_before_any_test() -> None:
    assert propose(after_test(70, 10, place__planned_0to1=0.0)).rule is Rule.SESSION_PLAN


def test_a_person_may_go_up_untested() -> None:
    assert propose(after_test(None, None, place__wish=Wish.UP)).rule is Rule.THERAPIST_UP


def test_what_is_not_tolerated_yet_does_not_count_as_the_top() -> None:
    proposal = propose(after_test(70, 10, limits__next_0to1=0.2))
    assert proposal.rule is Rule.LADDER_UP


def visited(top: int, steps: int) -> list[int]:
    """Every level in turn, each tested and its expectation violated, from the top on."""
    state, levels = POLICY.begin(), [top]
    for _ in range(steps):
        at = {"place__current_0to1": levels[-1] / 10, "limits__therapist_0to1": top / 10, "limits__patient_0to1": 1.0}
        state, proposal = POLICY.step(state, after_test(70, 10, **at))
        assert (proposal.rule, proposal.reasons) == (Rule.LADDER_VARY, (Reason.VARIED_ORDER,))
        assert proposal.ramp_s == POLICY.ladder.ramp_s
        levels.append(round(proposal.intensity_0to1 * 10))
    return levels


def test_after_the_top_the_levels_come_in_varied_order_and_up_by_single_ones() -> None:
    once = [8, 6, 7, 8, 7, 5, 6, 7]
    assert visited(8, 16) == [*once, *once, 8], "two below, the top, one below, three below, the top, and again"


def test_near_the_ground_the_pattern_keeps_to_what_there_is() -> None:
    assert visited(1, 9) == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]
    assert visited(2, 11) == [2, 0, 1, 2, 1, 0, 1, 2, 0, 1, 2, 1]


@pytest.mark.parametrize(
    ("here", "turn", "sought", "after"), [(8, 1, 7, 7), (5, 2, 7, 6), (6, 5, 8, 7), (5, 3, 8, 6), (9, 6, 8, 8)]
)
def test_the_pattern_goes_on_from_any_level_and_never_stays_on_it(
    here: int, turn: int, sought: int, after: int
) -> None:
    state, proposal = POLICY.step(InhibitoryState(turn=turn), after_test(70, 10, place__current_0to1=here / 10))
    assert (state.sought, state.turn, round(proposal.intensity_0to1 * 10)) == (sought, turn + 1, after)
    assert proposal.rule is Rule.LADDER_VARY


@pytest.mark.parametrize(
    "changes",
    [
        {"limits__protocol_0to1": 0.6},
        {"limits__patient_0to1": 0.6},
        {"limits__therapist_0to1": 0.6},
    ],
)
def test_a_limit_that_came_down_ends_the_way_to_a_level_above_it(changes: dict[str, Any]) -> None:
    sought = InhibitoryState(turn=1, sought=8)
    held = after_test(70, 60, place__current_0to1=0.6, **changes)
    state, proposal = POLICY.step(sought, held)
    assert (proposal.rule, proposal.reasons[0]) == (Rule.HOLD, Reason.EXPECTATION_HELD)
    assert state.sought is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"place__dwell_s": 30.0}, Reason.DWELL_SHORT),
        ({"place__held": True}, Reason.HELD_BY_THERAPIST),
    ],
)
def test_the_varied_order_meets_the_objections_too(changes: dict[str, Any], reason: Reason) -> None:
    begun = InhibitoryState(turn=2)
    at_top = after_test(70, 10, place__current_0to1=0.8, **changes)
    state, proposal = POLICY.step(begun, at_top)
    assert (proposal.rule, proposal.reasons, proposal.intensity_0to1) == (Rule.HOLD, (reason,), 0.8)
    assert (state.turn, state.sought) == (2, None)


def test_the_very_top_of_the_scale_is_no_objection_to_varying() -> None:
    at_top = after_test(70, 10, place__current_0to1=1.0, limits__therapist_0to1=1.0, limits__patient_0to1=1.0)
    assert propose(at_top).intensity_0to1 == 0.8


def test_a_wish_for_more_and_a_level_not_violated_do_not_vary() -> None:
    at_top = {"place__current_0to1": 0.8}
    begun = InhibitoryState(turn=3)
    asked = propose(after_test(70, 10, place__wish=Wish.UP, **at_top), begun)
    assert asked.rule is Rule.THERAPIST_UP
    held = propose(after_test(70, 60, **at_top), begun)
    assert (held.rule, held.reasons) == (Rule.HOLD, (Reason.EXPECTATION_HELD,))


def test_on_the_way_up_to_a_varied_level_the_levels_between_need_a_rating_and_no_test() -> None:
    state = InhibitoryState(turn=1, sought=8)
    proposal = propose(after_test(None, None, place__current_0to1=0.6), state)
    assert (proposal.rule, proposal.intensity_0to1) == (Rule.LADDER_VARY, 0.7)
    waiting = propose(after_test(None, None, place__current_0to1=0.6, rating__given_on_level=False), state)
    assert Reason.WAITING_FOR_RATING in waiting.reasons


def test_a_step_down_on_a_rating_gives_the_varied_level_up() -> None:
    state, proposal = POLICY.step(
        InhibitoryState(turn=1, sought=8), after_test(None, None, place__current_0to1=0.6, rating__suds=80)
    )
    assert proposal.rule is Rule.LADDER_DOWN_ONE
    assert state.sought is None


def test_with_nothing_but_the_ground_allowed_it_stays_there() -> None:
    at = {"place__current_0to1": 0.0, "limits__therapist_0to1": 0.0}
    proposal = propose(after_test(70, 10, **at))
    assert (proposal.rule, proposal.reasons) == (Rule.HOLD, (Reason.TOP_REACHED,))


def test_one_rating_steps_down_once() -> None:
    high = after_test(70, 10, rating__suds=80)
    state, first = POLICY.step(POLICY.begin(), high)
    assert first.rule is Rule.LADDER_DOWN_ONE
    later = replace(high, t_s=high.t_s + 30.0, rating=replace(high.rating, age_s=40.0))
    assert POLICY.step(state, later)[1].rule is Rule.HOLD
