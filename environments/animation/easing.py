"""Smooth ways from 0 to 1, and chance that depends on numbers alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from environments.animation.quaternions import Floats

FASTEST = 1.875
"""The top speed of `eased`, in its mean speeds."""


def eased(part: Floats) -> Floats:
    """0 before 0, 1 after 1, between them with the least jerk (Flash and Hogan 1985)."""
    t = np.clip(part, 0.0, 1.0)
    return np.asarray(t * t * t * (10.0 + t * (6.0 * t - 15.0)))


def chance(seed: int, stream: int, *numbers: ArrayLike) -> Floats:
    """Even in 0 to 1 and the same for the same whole numbers (which broadcast), in any order of asking.

    The numbers are mixed by the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    """
    mixed = _mixed(np.uint64((seed * 0x9E3779B9 + stream * 0x85EBCA6B) & 0xFFFFFFFFFFFFFFFF))
    for part in numbers:
        mixed = _mixed(mixed ^ np.asarray(part).astype(np.int64).astype(np.uint64))
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def between(low: float, high: float, part_0to1: Floats) -> Floats:
    """From low to high."""
    return np.asarray(low + (high - low) * part_0to1)


def _mixed(value: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    # An array, because arrays wrap around silently and single numbers warn.
    z = np.atleast_1d(np.asarray(value)) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))
