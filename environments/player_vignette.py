"""The few motions that a patient did not make narrow the view in a headset, so that less of it streams past.  Pure.

A lift that rises, or a slow glide, moves the seat; the faster it goes, the narrower the view (engineering defaults).
It closes and opens slowly, and not for a change of place in the dark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FROM_M_PER_S, FULL_M_PER_S = 0.15, 1.5
CUT_M_PER_S = 6.0
"""Faster than any motion that is permitted: the patient is somewhere else."""
CLOSES_PER_S, OPENS_PER_S = 1.0, 0.5

Place = tuple[float, float, float]


@dataclass(slots=True)
class Vignette:
    """Follows where the seat is, once a frame."""

    strength_0to1: float = 0.0
    _seat_m: Place | None = None
    _time_s: float = 0.0

    def moved(self, seat_m: Place, time_s: float) -> float:
        """How strong it is after a frame that showed the seat there at a scene time."""
        since_s = time_s - self._time_s
        before_m, self._seat_m, self._time_s = self._seat_m, seat_m, time_s
        if before_m is None or since_s <= 0.0:
            return self.strength_0to1
        goal = strength_at(math.dist(before_m, seat_m) / since_s)
        change = min(max(goal - self.strength_0to1, -OPENS_PER_S * since_s), CLOSES_PER_S * since_s)
        self.strength_0to1 = min(max(self.strength_0to1 + change, 0.0), 1.0)
        return self.strength_0to1


def strength_at(speed_m_per_s: float) -> float:
    """How strong the vignette of a steady motion is."""
    if speed_m_per_s > CUT_M_PER_S:
        return 0.0
    return min(max((speed_m_per_s - FROM_M_PER_S) / (FULL_M_PER_S - FROM_M_PER_S), 0.0), 1.0)
