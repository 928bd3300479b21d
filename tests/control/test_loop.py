"""One step of the loop: a policy that fails is a fault of the program; what is suggested could also be done."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.control.inputs import allowed, up
from therapy.control import loop
from therapy.control.decision import Decision, LoopInputs, Proposal, Reason, Rule, Stage
from therapy.control.loop import LoopState


@dataclass(frozen=True)
class Counting:
    """Counts its steps, and fails at one of them."""

    fails_at: int

    def begin(self) -> int:
        """No step yet."""
        return 0

    def step(self, state: int, inputs: LoopInputs) -> tuple[int, Proposal]:
        """Up, or a fault."""
        if state == self.fails_at:
            raise ZeroDivisionError
        return state + 1, up()


@dataclass(frozen=True)
class Always:
    """Proposes the same at every step."""

    proposal: Proposal

    def begin(self) -> None:
        """Nothing to remember."""

    def step(self, state: None, inputs: LoopInputs) -> tuple[None, Proposal]:
        """The same."""
        return state, self.proposal


def test_a_policy_that_raises_an_error_calls_the_calm_scene() -> None:
    state, decision = loop.step(LoopState(), allowed(), Counting(fails_at=0))
    assert (decision.calm, decision.applied_0to1) == (True, 0.0)
    assert decision.reasons == (Reason.EXCEPTION,)
    assert (decision.policy_rule, decision.proposed_0to1, decision.ramp_s) == (Rule.HOLD, 0.2, 1.0)
    assert not decision.inputs.place.loop_ok, "the record says what was wrong"
    assert state.guard.latched == (Reason.EXCEPTION,)


def test_what_the_policy_remembered_before_a_fault_is_kept() -> None:
    state, decision = loop.step(LoopState(), allowed(), Counting(fails_at=1))
    assert (state.policy, decision.rule, decision.suggested_0to1) == (1, Rule.LADDER_UP, None)
    state, decision = loop.step(state, replace(allowed(), t_s=1001.0), Counting(fails_at=1))
    assert (state.policy, decision.calm) == (1, True)


# --- what a patient's loop that may only suggest suggests ---------------------------------------------


def suggesting(proposal: Proposal, **changes: Any) -> Decision:
    """One step of a loop that may only suggest."""
    return loop.step(LoopState(), allowed(stage=Stage.SUGGEST_ONLY, **changes), Always(proposal))[1]


@pytest.mark.parametrize(("limit_0to1", "suggested_0to1"), [(0.9, 0.3), (0.3, 0.3), (0.25, 0.25), (0.21, 0.21)])
def test_a_rise_is_suggested_as_far_as_the_limits_allow(limit_0to1: float, suggested_0to1: float) -> None:
    decision = suggesting(up(), limits__therapist_0to1=limit_0to1)
    assert (decision.rule, decision.applied_0to1) == (Rule.SUGGESTED, 0.2)
    assert decision.suggested_0to1 == suggested_0to1


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"limits__therapist_0to1": 0.2}, (Reason.CEILING,)),
        ({"heart__hr10_bpm": None}, (Reason.HR_MISSING,)),
        ({"heart__hr10_bpm": None, "limits__therapist_0to1": 0.2}, (Reason.HR_MISSING,)),
        ({"rating__suds": None, "place__frames_in_budget": False}, (Reason.SUDS_STALE, Reason.FRAMES_LATE)),
    ],
)
def test_a_rise_that_the_guard_would_not_let_a_person_make_is_not_suggested(
    changes: dict[str, Any], reasons: tuple[Reason, ...]
) -> None:
    decision = suggesting(up(), **changes)
    assert (decision.rule, decision.applied_0to1, decision.suggested_0to1) == (Rule.HOLD, 0.2, None)
    assert decision.reasons == reasons
    assert decision.ramp_s == 3.0


@pytest.mark.parametrize("name", ["heart__age_s", "heart__valid_for_s", "heart__baseline_bpm", "heart__hr10_bpm"])
def test_nothing_is_suggested_on_what_is_no_number(name: str) -> None:
    decision = suggesting(up(), **{name: math.nan})
    assert (decision.suggested_0to1, decision.reasons[0]) == (None, Reason.CLOCK_JUMPED)


def test_a_step_down_is_suggested_whatever_stands_against_a_rise() -> None:
    down = Proposal(0.1, Rule.LADDER_DOWN_ONE, (Reason.SUDS_HIGH,), 3.0)
    decision = suggesting(down, heart__hr10_bpm=None, limits__therapist_0to1=0.25)
    assert (decision.rule, decision.applied_0to1, decision.suggested_0to1) == (Rule.SUGGESTED, 0.2, 0.1)


@pytest.mark.parametrize("changes", [{"place__patient_stopped": True}, {"heart__age_s": 61.0}])
@pytest.mark.parametrize("wanted", [0.1, 0.3])
def test_where_the_guard_acts_nothing_is_suggested(changes: dict[str, Any], wanted: float) -> None:
    decision = suggesting(Proposal(wanted, Rule.FUSED_DOWN, (Reason.ESTIMATE_HIGH,), 3.0), **changes)
    assert decision.applied_0to1 < 0.2
    assert decision.suggested_0to1 is None
