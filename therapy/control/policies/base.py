"""What a policy is, and what every graded policy answers alike."""

from __future__ import annotations

import math
from typing import Any, Protocol

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.frozen import made

LEVELS = 10
LONGEST_TICK_S = 1.0
PLAN_STEP_S = 8.0


class Policy(Protocol):
    """Proposes what to do next, from what it remembers and what it sees.

    A policy is a frozen record of its numbers.  `begin` gives what it remembers at first; `step` is pure.
    Its proposal goes through the patient's stage and through the guard: nothing it returns, and no exception it
    raises, can raise intensity against them.
    """

    def begin(self) -> Any:
        """What the policy remembers before its first step: a frozen dataclass."""
        ...

    def step(self, state: Any, inputs: LoopInputs) -> tuple[Any, Proposal]:
        """One step: the new memory, and the proposal."""
        ...


def level_of(intensity_0to1: float) -> int:
    """The level nearest to an intensity."""
    return round(intensity_0to1 * LEVELS)


def steps_from(intensity_0to1: float, levels: int) -> float:
    """The intensity `levels` away, kept to whole levels between 0 and 1."""
    moved = math.floor(intensity_0to1 * LEVELS + 1e-6) if levels > 0 else math.ceil(intensity_0to1 * LEVELS - 1e-6)
    return min(max(moved + levels, 0), LEVELS) / LEVELS


def half_above(intensity_0to1: float) -> float:
    """The next half level above an intensity."""
    return min(math.floor(intensity_0to1 * 2 * LEVELS + 1e-6) + 1, 2 * LEVELS) / (2 * LEVELS)


def stay(inputs: LoopInputs, ramp_s: float, *reasons: Reason) -> Proposal:
    """Hold the present intensity, and say why."""
    return made(Proposal)(inputs.place.current_0to1, Rule.HOLD, reasons, ramp_s)


def passed_s(last_s: float | None, t_s: float) -> float:
    """Seconds since the last step, never negative and never more than `LONGEST_TICK_S`; 0 where a time is no number."""
    if last_s is None or not t_s > last_s:
        return 0.0
    return min(t_s - last_s, LONGEST_TICK_S)


def rated_at_s(inputs: LoopInputs) -> float | None:
    """When the newest rating was given; tells one rating from the next."""
    return None if inputs.rating.age_s is None else inputs.t_s - inputs.rating.age_s


def ordered(inputs: LoopInputs, ramp_s: float) -> Proposal | None:
    """What the session's plan or a person's word decides before any policy: the plan, no grading, re-entry, down."""
    place, current = inputs.place, inputs.place.current_0to1
    if place.planned_0to1 is not None:
        return _plan(inputs, place.planned_0to1, ramp_s)
    if not place.grading:
        return Proposal(0.0, Rule.HOLD, (Reason.NOT_GRADING,), ramp_s)
    if place.reentry_0to1 is not None:
        why = Reason.PLANNED_START if place.entry_is_planned else Reason.ASKED_BY_THERAPIST
        return Proposal(place.reentry_0to1, Rule.RE_ENTRY, (why,), ramp_s)
    if place.wish is Wish.DOWN:
        asked = Reason.ASKED_BY_PATIENT if place.wish_is_patients else Reason.ASKED_BY_THERAPIST
        return Proposal(steps_from(current, -1), Rule.THERAPIST_DOWN, (asked,), ramp_s)
    return None


def asked_up(inputs: LoopInputs, ramp_s: float) -> Proposal:
    """One level up on a person's word."""
    rule, reason = (
        (Rule.PATIENT_UP, Reason.ASKED_BY_PATIENT)
        if inputs.place.wish_is_patients
        else (Rule.THERAPIST_UP, Reason.ASKED_BY_THERAPIST)
    )
    return Proposal(steps_from(inputs.place.current_0to1, 1), rule, (reason,), ramp_s)


def _plan(inputs: LoopInputs, planned_0to1: float, ramp_s: float) -> Proposal:
    """Walk towards the session's planned intensity, downward only, a level at a time."""
    place = inputs.place
    soon = place.since_lower_s is not None and place.since_lower_s < PLAN_STEP_S
    if planned_0to1 >= place.current_0to1 or soon:
        return Proposal(place.current_0to1, Rule.SESSION_PLAN, (Reason.PLANNED,), ramp_s)
    return Proposal(max(planned_0to1, steps_from(place.current_0to1, -1)), Rule.SESSION_PLAN, (Reason.PLANNED,), ramp_s)
