"""The breathing guide: a ring that fills while breathing in and empties while breathing out.  Pure.

In a paced scene it breathes with the scene; elsewhere at the pace it was asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from environments.interact.geometry import Direction

INHALE_SHARE = 0.4
"""In during the first 40 % of a breath, out during the rest, as the waves of the shore."""

SMALLEST_0TO1 = 0.3
"""The disc's size when all breath is out, as a part of the ring's."""

RADIUS_DEG = 5.5
BELOW_GAZE_DEG = 9.0
LOWEST_DEG = -17.0
"""Clear of the calm disc."""

FADE_S = 0.6
SLOWEST_PER_MIN, FASTEST_PER_MIN = 3.0, 15.0


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide before the patient: its pace, how many breaths it has drawn, its age; `leaving_s` once it goes."""

    pace_per_min: float
    center: Direction
    cycles: float = 0.0
    age_s: float = 0.0
    leaving_s: float | None = None

    @property
    def breathes_in(self) -> bool:
        """Whether the patient should breathe in now."""
        return self.cycles - math.floor(self.cycles) < INHALE_SHARE

    @property
    def size_0to1(self) -> float:
        """How large the disc in the ring is."""
        return SMALLEST_0TO1 + (1.0 - SMALLEST_0TO1) * breath_0to1(self.cycles)

    @property
    def opacity_0to1(self) -> float:
        """Fades in and out."""
        gone = 0.0 if self.leaving_s is None else self.leaving_s
        return max(min(self.age_s / FADE_S, 1.0) - gone / FADE_S, 0.0)


def breath_0to1(cycles: float) -> float:
    """How much breath is in after `cycles` breaths: 0 all out, 1 all in; smooth, at rest at both ends."""
    part = cycles - math.floor(cycles)
    if part < INHALE_SHARE:
        return 0.5 - 0.5 * math.cos(math.pi * part / INHALE_SHARE)
    return 0.5 + 0.5 * math.cos(math.pi * (part - INHALE_SHARE) / (1.0 - INHALE_SHARE))


def shown(guide: Guide | None, pace_per_min: float, gaze: Direction) -> Guide:
    """The guide at a pace: a new one low before the gaze, or the one that is there, whose breath goes on."""
    if guide is not None and guide.leaving_s is None:
        return replace(guide, pace_per_min=pace_per_min)
    return Guide(pace_per_min, Direction(gaze.yaw_deg, max(min(gaze.pitch_deg, 12.0) - BELOW_GAZE_DEG, LOWEST_DEG)))


def hidden(guide: Guide | None) -> Guide | None:
    """The guide on its way out."""
    return guide if guide is None or guide.leaving_s is not None else replace(guide, leaving_s=0.0)


def breathed(guide: Guide | None, dt_s: float, scene_cycles: float | None) -> Guide | None:
    """The guide `dt_s` later; `scene_cycles` are the breaths of a paced scene, which it then follows."""
    if guide is None:
        return None
    cycles = guide.cycles + dt_s * guide.pace_per_min / 60.0 if scene_cycles is None else scene_cycles
    leaving_s = None if guide.leaving_s is None else guide.leaving_s + dt_s
    if leaving_s is not None and leaving_s >= FADE_S:
        return None
    return replace(guide, cycles=cycles, age_s=guide.age_s + dt_s, leaving_s=leaving_s)
