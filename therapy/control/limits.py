"""How far intensity may rise: a bound that only ever narrows, each time with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

from therapy.control.decision import Limits, LoopInputs, Proposal, Reason
from therapy.frozen import made, quick

HARD_LIMIT_0TO1 = 1.0
TINY = 1e-9
FASTEST_DRIFT_M_PER_MIN = 60.0
"""A played scene never moves the patient faster than 1 m/s."""

SLOWEST_PACE_PER_MIN = 4.0
FASTEST_PACE_PER_MIN = 12.0
PACE_STEP_PER_MIN = 0.5
PACE_EVERY_S = 20.0


@quick
@dataclass(frozen=True, slots=True)
class Allowance:
    """At most this intensity; `reasons` are what narrowed it, the most limiting first.

    There is no way to widen it: `narrowed` gives back the same allowance for a bound that is not smaller.
    """

    at_most_0to1: float
    reasons: tuple[Reason, ...] = ()

    def narrowed(self, at_most_0to1: float, reason: Reason) -> Allowance:
        """At most `at_most_0to1` as well; a bound that is not a number allows nothing."""
        if at_most_0to1 >= self.at_most_0to1 - TINY:
            return self
        return made(Allowance)(max(0.0, at_most_0to1), (reason, *self.reasons))

    @property
    def limiting(self) -> Reason:
        """The reason that binds."""
        return self.reasons[0] if self.reasons else Reason.HARD_LIMIT


UNLIMITED = Allowance(HARD_LIMIT_0TO1)
"""Nothing but the hard limit binds."""
CAPS = (Reason.CEILING, Reason.PROTOCOL_LIMIT, Reason.PATIENT_LIMIT, Reason.NOT_TOLERATED_YET)
"""The reasons of the bounds that `cap` looks at, in its order."""


def cap(limits: Limits) -> Allowance:
    """The smallest of hard limit, protocol, therapist's ceiling, patient's limit, and one step above the tolerated."""
    bounds = (limits.therapist_0to1, limits.protocol_0to1, limits.patient_0to1, limits.next_0to1)
    allowed = UNLIMITED
    for at_most_0to1, reason in zip(bounds, CAPS, strict=True):
        allowed = allowed.narrowed(at_most_0to1, reason)
    return allowed


def bounded_pace_per_min(inputs: LoopInputs, proposal: Proposal) -> float | None:
    """The pace that is set, within its limits; None leaves it as it is."""
    if inputs.play.hits is None:
        return _bounded_breath(inputs, proposal)
    wanted = proposal.pace_per_min
    if wanted is None or not math.isfinite(wanted):
        return None
    return min(max(wanted, 0.0), FASTEST_DRIFT_M_PER_MIN)


def _bounded_breath(inputs: LoopInputs, proposal: Proposal) -> float | None:
    """A breathing pace within what people can follow, changed by little and not often; None leaves it as it is."""
    wanted, now, since_s = proposal.pace_per_min, inputs.place.pace_per_min, inputs.place.since_pace_s
    if wanted is None or not math.isfinite(wanted):
        return None
    if now is None or not math.isfinite(now):
        return min(max(wanted, SLOWEST_PACE_PER_MIN), FASTEST_PACE_PER_MIN)
    if since_s is not None and not since_s >= PACE_EVERY_S:
        return None
    nearer = min(max(wanted, now - PACE_STEP_PER_MIN), now + PACE_STEP_PER_MIN)
    bounded = min(max(nearer, SLOWEST_PACE_PER_MIN), FASTEST_PACE_PER_MIN)
    return None if abs(bounded - now) <= TINY else bounded
