"""No policy at all: the intensity stays where it is."""

from __future__ import annotations

from dataclasses import dataclass

from therapy.control.decision import LoopInputs, Proposal, Reason
from therapy.control.policies.base import stay


@dataclass(frozen=True, slots=True)
class LockedState:
    """There is nothing to remember."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Intensity and pace are locked."""

    ramp_s: float = 1.0

    def begin(self) -> LockedState:
        """Nothing."""
        return LockedState()

    def step(self, state: LockedState, inputs: LoopInputs) -> tuple[LockedState, Proposal]:
        """Stay."""
        return state, stay(inputs, self.ramp_s, Reason.NOT_GRADING)
