"""Where feet stand and swing under a body that goes its way: every footprint is planned from the way alone.

A foot stands on the spot that is under its hip in the middle of its stance, and swings from one such spot to the
next; so a planted foot does not slip, whatever the body's speed and turns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from environments.animation.easing import eased
from environments.animation.quaternions import Floats

LATERAL_WALK = (0.0, 0.25, 0.5, 0.75)
"""Left hind, left fore, right hind, right fore: the walk of most mammals (Hildebrand, Science 150:701, 1965)."""
DIAGONAL_WALK = (0.0, 0.75, 0.5, 0.25)
"""Left hind, right fore, right hind, left fore: the walk of most primates."""
WALK_RATIO_M_MIN = 0.0064
"""A step's length over its rate is the same at all speeds (Sekiya and Nagasaki, Gait and Posture 7:225, 1998)."""


@dataclass(frozen=True, slots=True)
class Gait:
    """n feet: when each is set down as a part of the stride, how long it stands, how high it swings.

    `homes_m` are (x, z) where the feet stand under the body at rest.
    """

    phases: tuple[float, ...]
    homes_m: tuple[tuple[float, float], ...]
    stance_part: float
    lift_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Feet:
    """k bodies' n feet in the world: `places_m` (k, n, 3), `headings_rad`, `swings` (k, n): 0 set down to 1 set down.

    While a foot stands its swing is 0 and `stances` goes from 0 to 1; `strides_m` is how far it goes this stride.
    """

    places_m: Floats
    headings_rad: Floats
    swings: Floats
    stances: Floats
    strides_m: Floats


def stride_s(speeds_m_per_s: Floats) -> Floats:
    """How long two steps of a grown person take at a speed."""
    steps_per_min = np.sqrt(60.0 * np.maximum(speeds_m_per_s, 0.25) / WALK_RATIO_M_MIN)
    return np.asarray(120.0 / steps_per_min)


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """How k bodies step: seconds a stride (k,) and how many strides each is ahead (k,), so that none march in step."""

    strides_s: Floats
    ahead: Floats

    def cycles(self, time_s: float) -> Floats:
        """Strides (k,) since the foot of phase 0 was first set down."""
        return np.asarray(time_s / self.strides_s + self.ahead)


def feet_at(gait: Gait, way: Callable[[Floats], Floats], pace: Pace, time_s: float) -> Feet:
    """The feet of k bodies whose `way` gives (..., k, 3) of x, z, heading at moments (..., k)."""
    phases = np.array(gait.phases)
    cycles = pace.cycles(time_s)[:, None] - phases
    whole = np.floor(cycles)
    part = cycles - whole
    middle_s = (whole + phases - pace.ahead[:, None] + 0.5 * gait.stance_part) * pace.strides_s[:, None]
    homes = np.array(gait.homes_m)
    before, after = _prints(homes, way(np.stack([middle_s.T, (middle_s + pace.strides_s[:, None]).T])))
    swing = np.maximum((part - gait.stance_part) / (1.0 - gait.stance_part), 0.0)
    # Half way between least jerk and least acceleration, as feet do; they rise before they have got anywhere.
    going = 0.5 * (eased(swing) + swing * swing * (3.0 - 2.0 * swing))
    moved = before + (after - before) * going[..., None]
    stride = np.linalg.norm(after[..., :2] - before[..., :2], axis=-1)
    turned = np.abs(after[..., 2] - before[..., 2])
    # A foot that has nowhere to go stays on the ground; one that goes a little is lifted by more than it goes.
    size_m = stride + 0.3 * turned
    lift = gait.lift_m * size_m / (size_m + 0.03)
    places = np.stack([moved[..., 0], lift * np.sin(np.pi * swing) ** 2, moved[..., 1]], -1)
    return Feet(places, moved[..., 2], swing, np.minimum(part / gait.stance_part, 1.0), stride)


def rolled(feet: Feet, pitches: Floats, ankles_m: float | Floats, pivots_m: Floats) -> Floats:
    """Where the ends of legs are (k, n, 3) in the world, `ankles_m` over feet that point down by `pitches` (k, n).

    Each foot turns about a point on the ground that is `pivots_m` in front of its end at rest.
    """
    cosine, sine = np.cos(pitches), np.sin(pitches)
    ahead = pivots_m + ankles_m * sine - pivots_m * cosine
    out = feet.places_m.copy()
    out[..., 0] += ahead * np.sin(feet.headings_rad)
    out[..., 2] += ahead * np.cos(feet.headings_rad)
    out[..., 1] += ankles_m * cosine + pivots_m * sine
    return out


def _prints(homes_m: Floats, at: Floats) -> Floats:
    """Footprints (2, k, n, 3) of n feet below bodies at x, z, heading (2, n, k, 3)."""
    x, z, heading = np.moveaxis(np.swapaxes(at, 1, 2), -1, 0)
    cosine, sine = np.cos(heading), np.sin(heading)
    sideways, ahead = homes_m.T
    return np.stack([x + sideways * cosine + ahead * sine, z - sideways * sine + ahead * cosine, heading], -1)
