"""One control step: policy, then the patient's stage, then guard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from therapy.control import guard
from therapy.control.decision import Decision, LoopInputs, Proposal, Rule
from therapy.control.graduation import graduated
from therapy.control.guard import GuardState
from therapy.control.limits import cap
from therapy.control.policies.base import Policy, stay
from therapy.frozen import changed, made, quick


@quick
@dataclass(frozen=True, slots=True)
class LoopState:
    """What the loop remembers between steps; `policy` is the policy's own memory, None before its first step."""

    policy: Any = None
    guard: GuardState = GuardState()


def step(state: LoopState, inputs: LoopInputs, policy: Policy) -> tuple[LoopState, Decision]:
    """Step the loop once.

    A policy that raises is a fault of the program: the guard sees it and calls the calm scene.
    """
    policy_state = policy.begin() if state.policy is None else state.policy
    try:
        policy_state, proposal = policy.step(policy_state, inputs)
    except Exception:  # noqa: BLE001 - whatever a policy does wrong, the patient goes to the calm scene
        proposal = _failed(inputs)
        inputs = changed(inputs, place=changed(inputs.place, loop_ok=False))
    proposal, suggested_0to1 = graduated(inputs, proposal)
    if suggested_0to1 is not None and suggested_0to1 > inputs.place.current_0to1:
        proposal, suggested_0to1 = _possible(state.guard, inputs, proposal, suggested_0to1)
    guard_state, decision = guard.step(state.guard, inputs, proposal)
    if decision.rule is Rule.SUGGESTED:  # where the guard acts, nothing is left to suggest
        decision = changed(decision, suggested_0to1=suggested_0to1)
    return made(LoopState)(policy_state, guard_state), decision


def _possible(
    state: GuardState, inputs: LoopInputs, proposal: Proposal, suggested_0to1: float
) -> tuple[Proposal, float | None]:
    """A suggested rise as far as the guard would let a person make it; none, with the reason, where it would not."""
    against = guard.raise_objections(state, inputs)
    allowed = cap(inputs.limits)
    if not against and allowed.at_most_0to1 <= inputs.place.current_0to1:
        against = (allowed.limiting,)
    if against:
        return stay(inputs, proposal.ramp_s, *against), None
    return proposal, min(suggested_0to1, allowed.at_most_0to1)


def _failed(inputs: LoopInputs) -> Proposal:
    return stay(inputs, guard.CALM_RAMP_S)
