"""One step of the loop: a policy that fails is a fault of the program, and its memory outlives the fault."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.control.inputs import allowed, up
from therapy.control import loop
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule
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
