"""By hand: nothing moves but on a person's word or the session's plan."""

from __future__ import annotations

from dataclasses import dataclass

from therapy.control.decision import LoopInputs, Proposal, Reason, Wish
from therapy.control.policies.base import asked_up, ordered, stay, steps_from


@dataclass(frozen=True, slots=True)
class ManualState:
    """There is nothing to remember."""


@dataclass(frozen=True, slots=True)
class Manual:
    """A person's words, with no objection of its own: the guard's are the only ones."""

    ramp_s: float = 3.0

    def begin(self) -> ManualState:
        """Nothing."""
        return ManualState()

    def step(self, state: ManualState, inputs: LoopInputs) -> tuple[ManualState, Proposal]:
        """What the plan or a person says, or stay."""
        return state, ordered(inputs, self.ramp_s) or self._raise(inputs)

    def _raise(self, inputs: LoopInputs) -> Proposal:
        current = inputs.place.current_0to1
        if inputs.place.wish is not Wish.UP:
            return stay(inputs, self.ramp_s, Reason.MANUAL)
        if steps_from(current, 1) <= current:
            return stay(inputs, self.ramp_s, Reason.TOP_REACHED)
        return asked_up(inputs, self.ramp_s)
