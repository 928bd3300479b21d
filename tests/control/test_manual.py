"""By hand: a person's word moves, nothing else does, and the guard alone objects."""

from __future__ import annotations

import pytest

from tests.control.inputs import allowed
from therapy.control import loop
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.loop import LoopState
from therapy.control.policies.manual import Manual, ManualState

POLICY = Manual(ramp_s=4.0)


def propose(inputs: LoopInputs) -> Proposal:
    return POLICY.step(POLICY.begin(), inputs)[1]


@pytest.mark.parametrize("suds", [None, 0, 50, 94])
@pytest.mark.parametrize("delta_bpm", [None, -10.0, 40.0])
def test_it_proposes_nothing_of_its_own(suds: int | None, delta_bpm: float | None) -> None:
    proposal = propose(allowed(rating__suds=suds, heart__delta_bpm=delta_bpm))
    assert proposal == Proposal(0.2, Rule.HOLD, (Reason.MANUAL,), 4.0)


def test_a_wish_for_more_is_one_level_whatever_the_ladder_would_object() -> None:
    wish = allowed(place__wish=Wish.UP, place__dwell_s=0.0, rating__suds=90, place__held=True)
    assert propose(wish) == Proposal(0.3, Rule.THERAPIST_UP, (Reason.ASKED_BY_THERAPIST,), 4.0)
    assert propose(allowed(place__wish=Wish.UP, place__wish_is_patients=True)).rule is Rule.PATIENT_UP


def test_it_remembers_nothing_and_ramps_for_three_seconds_unless_told() -> None:
    state, proposal = Manual().step(Manual().begin(), allowed())
    assert (state, proposal.ramp_s) == (ManualState(), 3.0)
    assert Manual().begin() == ManualState()


def test_at_the_top_a_wish_for_more_holds() -> None:
    assert propose(allowed(place__wish=Wish.UP, place__current_0to1=1.0)).reasons == (Reason.TOP_REACHED,)


def test_the_guard_still_objects_to_a_wish() -> None:
    stale = allowed(place__wish=Wish.UP, rating__age_s=121.0)
    decision = loop.step(LoopState(), stale, POLICY)[1]
    assert decision.rule is Rule.GUARD_HOLD
    assert decision.limiting is Reason.SUDS_STALE


def test_a_wish_for_less_and_the_plan_step_down() -> None:
    assert propose(allowed(place__wish=Wish.DOWN)).rule is Rule.THERAPIST_DOWN
    assert propose(allowed(place__planned_0to1=0.0)).rule is Rule.SESSION_PLAN
    assert propose(allowed(place__grading=False)).reasons == (Reason.NOT_GRADING,)
