"""The guard alone: one judgement, or the same moment for exactly so long."""

from __future__ import annotations

from dataclasses import replace

from therapy.control import guard
from therapy.control.decision import Decision, LoopInputs, Proposal, Reason, Rule
from therapy.control.guard import GuardState

TICK_S = 0.5


def wants(intensity_0to1: float, rule: Rule = Rule.LADDER_UP, ramp_s: float = 3.0) -> Proposal:
    """A proposal of that intensity."""
    return Proposal(intensity_0to1, rule, (Reason.SUDS_LOW,), ramp_s)


def judged(inputs: LoopInputs, proposal: Proposal, state: GuardState | None = None) -> Decision:
    """The guard's decision on a proposal, by a guard that has seen nothing unless told."""
    return guard.step(state or GuardState(), inputs, proposal)[1]


def lasting(
    inputs: LoopInputs, seconds: float, proposal: Proposal | None = None, state: GuardState | None = None
) -> tuple[GuardState, Decision]:
    """The same moment now and until `seconds` later, in ticks of half a second and a shorter last one."""
    proposal = proposal or wants(inputs.place.current_0to1, Rule.HOLD)
    state, decision = guard.step(state or GuardState(), inputs, proposal)
    later_s = 0.0
    while later_s < seconds:
        later_s = min(later_s + TICK_S, seconds)
        state, decision = guard.step(state, replace(inputs, t_s=inputs.t_s + later_s), proposal)
    return state, decision
