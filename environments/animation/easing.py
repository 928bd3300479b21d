"""Smooth ways from 0 to 1, and chance that depends on numbers alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from environments.animation.quaternions import Floats

Keys = NDArray[np.uint64]

_GOLDEN, _ALL = 0x9E3779B97F4A7C15, 0xFFFFFFFFFFFFFFFF
FASTEST = 1.875
"""The top speed of `eased`, in its mean speeds."""


def eased(part: Floats) -> Floats:
    """0 before 0, 1 after 1, between them with the least jerk (Flash and Hogan 1985)."""
    t = np.minimum(np.maximum(part, 0.0), 1.0)
    return np.asarray(t * t * t * (10.0 + t * (6.0 * t - 15.0)))


def keys_of(seed: int, count: int) -> Keys:
    """A key (k,) for each of `count` individuals, by which `chance` tells them apart."""
    numbers = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GOLDEN)
    return _mixed(_mixed(numbers) ^ np.uint64((seed * _GOLDEN + 1) & _ALL))


def chance(keys: Keys, streams: ArrayLike, slots: ArrayLike = 0) -> Floats:
    """Even in 0 to 1 and the same for the same key, stream and slot (whole numbers that broadcast), asked at any time.

    The numbers are mixed by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    """
    apart = np.asarray(streams).astype(np.int64).astype(np.uint64) * np.uint64(0x9FB21C651E98DF25)
    turn = np.asarray(slots).astype(np.int64).astype(np.uint64) * np.uint64(_GOLDEN)
    mixed = _mixed(keys + (apart + turn))
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def between(low: float, high: float, part_0to1: Floats) -> Floats:
    """From low to high."""
    return np.asarray(low + (high - low) * part_0to1)


def _mixed(value: Keys) -> Keys:
    z = value ^ (value >> np.uint64(30))
    z = z * np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z
