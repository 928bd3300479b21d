"""Inhibitory learning: a level ends when its expectation was tested and violated; after the top the order varies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.inputs import allowed
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
        (70, 51, Reason.EXPECTATION_HELD),
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


def test_a_person_may_go_up_untested() -> None:
    assert propose(after_test(None, None, place__wish=Wish.UP)).rule is Rule.THERAPIST_UP


def test_what_is_not_tolerated_yet_does_not_count_as_the_top() -> None:
    proposal = propose(after_test(70, 10, limits__next_0to1=0.2))
    assert proposal.rule is Rule.LADDER_UP


def test_after_the_top_the_levels_come_in_varied_order() -> None:
    state, levels = POLICY.begin(), [8]
    for _ in range(40):
        at = {"place__current_0to1": levels[-1] / 10, "limits__therapist_0to1": 0.8, "limits__patient_0to1": 1.0}
        state, proposal = POLICY.step(state, after_test(70, 10, **at))
        assert proposal.rule is Rule.LADDER_VARY
        level = round(proposal.intensity_0to1 * 10)
        assert level <= 8
        assert level - levels[-1] <= 1, "up by single levels only"
        levels.append(level)
    assert len({*levels}) >= 4
    assert levels.count(8) >= 3, "the top comes again"


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
    assert propose(after_test(70, 10, **at)).rule is Rule.HOLD


def test_one_rating_steps_down_once() -> None:
    high = after_test(70, 10, rating__suds=80)
    state, first = POLICY.step(POLICY.begin(), high)
    assert first.rule is Rule.LADDER_DOWN_ONE
    later = replace(high, t_s=high.t_s + 30.0, rating=replace(high.rating, age_s=40.0))
    assert POLICY.step(state, later)[1].rule is Rule.HOLD
