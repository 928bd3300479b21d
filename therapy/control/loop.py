"""One control step: policy, then the patient's stage, then guard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from therapy.control import guard
from therapy.control.decision import Decision, LoopInputs, Proposal
from therapy.control.graduation import graduated
from therapy.control.guard import GuardState
from therapy.control.policies.base import Policy, stay
from therapy.frozen import changed, quick


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
    guard_state, decision = guard.step(state.guard, inputs, proposal)
    if suggested_0to1 is not None:
        decision = changed(decision, suggested_0to1=suggested_0to1)
    return LoopState(policy_state, guard_state), decision


def _failed(inputs: LoopInputs) -> Proposal:
    return stay(inputs, guard.CALM_RAMP_S)
