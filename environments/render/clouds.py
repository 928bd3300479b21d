"""A tileable map of fair-weather clouds seen as heaps on a flat base: how high each reaches."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bytes = NDArray[np.uint8]

SIZE = 1024
CLOUDS, BALLS, LUMPS = 110, 18, 2600
"""Clouds on the tile, balls that each is heaped up of, and lumps all over the tile."""


@lru_cache(maxsize=1)
def cloud_map(size: int = SIZE) -> Bytes:
    """(size, size): height of the clouds' tops over their base; it wraps around.

    A cloud is a heap of half balls, smaller and higher ones on larger ones, as cumulus grows; lumps lie on it all.
    """
    rng = np.random.default_rng(17)
    tops, lumps = np.zeros((size, size)), np.zeros((size, size))
    for center, radius, lift in _balls(rng):
        _heap(tops, center, radius, lift)
    for center, radius in zip(rng.random((LUMPS, 2)), 0.004 + 0.012 * rng.random(LUMPS) ** 2, strict=True):
        _heap(lumps, center, radius, 0.0)
    tops /= tops.max()
    inside = np.clip((tops - 0.02) / 0.25, 0.0, 1.0)
    whole = tops * 0.85 + 0.22 * inside * lumps / lumps.max()
    found: Bytes = np.round(np.clip(whole / whole.max(), 0.0, 1.0) * 255.0).astype(np.uint8)
    found.setflags(write=False)
    return found


def _balls(rng: np.random.Generator) -> list[tuple[Array, float, float]]:
    """Middle (2) on the tile, radius and height of the middle over the base, in parts of the tile."""
    found = []
    for number in range(CLOUDS):
        at = rng.random(2)
        large = 0.018 + 0.046 * (number / CLOUDS) ** 2
        stretch = rng.uniform(0.6, 1.0, 2)
        for _ in range(BALLS):
            out = rng.normal(size=2) * stretch
            away = min(float(np.hypot(*out)), 2.2)
            radius = large * rng.uniform(0.32, 0.62) * (1.15 - 0.38 * away)
            found.append((at + out * large * 0.85, radius, large * max(0.62 - 0.45 * away, 0.0) * rng.random()))
    return found


def _heap(tops: Array, center: Array, radius: float, lift: float) -> None:
    """Raise a map to the upper half of a ball, around the edges of the tile."""
    size = len(tops)
    reach = np.arange(-int(radius * size) - 1, int(radius * size) + 2)
    middle = np.floor(center * size).astype(int)
    off = center * size - middle
    apart = ((reach[:, None] - off[0]) ** 2 + (reach[None, :] - off[1]) ** 2) / (radius * size) ** 2
    ball = np.where(apart < 1.0, lift + radius * np.sqrt(np.maximum(1.0 - apart, 0.0)), 0.0)
    part = np.ix_((middle[0] + reach) % size, (middle[1] + reach) % size)
    tops[part] = np.maximum(tops[part], ball)
