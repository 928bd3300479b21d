"""How one person's ratings follow a scene's intensity: the curve, its prior, and how well it fits a session.

A rating is what is felt at rest plus a rise that the scene drives, that habituates while it is driven, and that
comes up faster than it goes.  The form is that of virtual patient A and the priors are its ranges (CLINICAL basis,
section 7), written in ratings instead of fear: a person who rates half of what they feel has half the rise.
All arrays have one entry for each of n candidate persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Course = tuple[tuple[float, float | None], ...]

STEP_S = 10.0
FULL_LEARNING_DRIVE_0TO1 = 0.6
ROUNDING_VARIANCE = 100.0 / 12.0
"""Ratings come in tens."""

DAY_SD = 4.0
"""How far all ratings of one day may lie above or below those of another [D]."""

NEARLY_NORMAL = 1.702
"""A logistic function of 1.702 z is within 0.01 of the normal distribution of z."""


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of n candidate persons, in ratings (SUDS 0-100), intensity (0-1), minutes and seconds."""

    rest: Array
    rise: Array
    threshold_0to1: Array
    slope: Array
    half_life_min: Array
    returned_0to1: Array
    rises_in_s: Array
    falls_in_s: Array
    noise: Array


UNKNOWNS = 9


def curves_of(z: Array) -> Curves:
    """Candidates from standard normal numbers of shape (n, UNKNOWNS): the prior, where the numbers are drawn freely."""
    return Curves(
        rest=12.0 + 9.0 * z[:, 0],
        rise=_between(z[:, 1], 35.0, 100.0),
        threshold_0to1=0.4 + 0.14 * z[:, 2],
        slope=_between(z[:, 3], 6.0, 20.0),
        half_life_min=11.0 * np.exp(0.5 * z[:, 4]),
        returned_0to1=_between(z[:, 5], 0.0, 1.0),
        rises_in_s=_between(z[:, 6], 10.0, 40.0),
        falls_in_s=_between(z[:, 7], 25.0, 100.0),
        noise=7.0 * np.exp(0.3 * z[:, 8]),
    )


@dataclass(frozen=True, slots=True)
class Felt:
    """Where n candidates are: the rise of their ratings over rest, and what habituation has left (1: nothing lost)."""

    rise: Array
    left_0to1: Array


def at_first(n: int) -> Felt:
    """Before any exposure."""
    return Felt(np.zeros(n), np.ones(n))


def another_day(curves: Curves, felt: Felt) -> Felt:
    """At rest on another day: part of what habituation had taken is back (return of fear)."""
    back = felt.left_0to1 + curves.returned_0to1 * (1.0 - felt.left_0to1)
    return Felt(np.zeros_like(felt.rise), back)


def drive_0to1(curves: Curves, intensity_0to1: float | Array | None) -> Array:
    """How strongly a scene drives; nothing in the calm scene (None)."""
    if intensity_0to1 is None:
        return np.zeros_like(curves.rest)
    driven: Array = 1.0 / (1.0 + np.exp(-curves.slope * (intensity_0to1 - curves.threshold_0to1)))
    return driven


def live(curves: Curves, felt: Felt, drive: Array, seconds: float) -> Felt:
    """Live on under an unchanging drive, exactly but for what habituation takes within the step."""
    learning = np.minimum(1.0, drive / FULL_LEARNING_DRIVE_0TO1)
    left = felt.left_0to1 * np.exp(-log(2.0) * learning * seconds / (60.0 * curves.half_life_min))
    target = curves.rise * drive * 0.5 * (felt.left_0to1 + left)
    tau_s = np.where(target > felt.rise, curves.rises_in_s, curves.falls_in_s)
    return Felt(target + (felt.rise - target) * np.exp(-seconds / tau_s), left)


def live_through(curves: Curves, felt: Felt, course: Course, times_s: Array) -> Iterator[Felt]:
    """Where the candidates are at each of some rising times of a course, and last at its end.

    A course is (from t_s on, intensity or None in the calm scene); nothing is felt before it begins.
    """
    ends_s = [*(t_s for t_s, _ in course[1:]), max(course[-1][0], float(times_s[-1]) if len(times_s) else 0.0)]
    waiting = list(times_s)
    for (begins_s, intensity_0to1), ends_at_s in zip(course, ends_s, strict=True):
        while waiting and waiting[0] < begins_s:
            waiting.pop(0)
            yield felt
        drive, now_s = drive_0to1(curves, intensity_0to1), begins_s
        while now_s < ends_at_s:
            until_s = min(ends_at_s, now_s + STEP_S, *waiting[:1])
            felt, now_s = live(curves, felt, drive, until_s - now_s), until_s
            while waiting and waiting[0] <= now_s:
                waiting.pop(0)
                yield felt
    yield from (felt for _ in waiting)
    yield felt


def log_likelihood(curves: Curves, felt: Array, ratings: Array) -> Array:
    """How well candidates explain one session's ratings (m) with what they felt then, over rest (m, n).

    Ratings scatter around what is felt by the candidate's noise and the dial's tens; a whole day may lie higher or
    lower, which is integrated out (a normal shift of `DAY_SD`).
    """
    wide = curves.noise**2 + ROUNDING_VARIANCE
    off = ratings[:, None] - np.clip(curves.rest + felt, 0.0, 100.0)
    count, shared = len(ratings), DAY_SD**2
    inflated = 1.0 + count * shared / wide
    square = np.sum(off**2, axis=0) / wide - shared * np.sum(off, axis=0) ** 2 / (wide**2 * inflated)
    fits: Array = -0.5 * (count * np.log(wide) + np.log(inflated) + square)
    return fits


def _between(z: Array, low: float, high: float) -> Array:
    """Evenly spread between two bounds where `z` is standard normal."""
    spread: Array = low + (high - low) / (1.0 + np.exp(-NEARLY_NORMAL * z))
    return spread
