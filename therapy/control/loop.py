"""One control step: policy, then guard."""

from __future__ import annotations

from dataclasses import dataclass

from therapy.control import guard, ladder
from therapy.control.decision import Decision, LoopInputs, Proposal, Reason, Rule
from therapy.control.guard import GuardState
from therapy.control.ladder import LadderRules, LadderState


@dataclass(frozen=True, slots=True)
class LoopState:
    """What the loop remembers between steps."""

    ladder: LadderState = LadderState()
    guard: GuardState = GuardState()


def step(state: LoopState, inputs: LoopInputs, rules: LadderRules | None) -> tuple[LoopState, Decision]:
    """Step the loop once; without `rules` the intensity is locked (calm and distraction sessions)."""
    if rules is None:
        ladder_state = state.ladder
        proposal = Proposal(inputs.place.current_0to1, Rule.HOLD, (Reason.NOT_GRADING,), guard.CALM_RAMP_S)
    else:
        ladder_state, proposal = ladder.step(state.ladder, inputs, rules)
    guard_state, decision = guard.step(state.guard, inputs, proposal)
    return LoopState(ladder_state, guard_state), decision
