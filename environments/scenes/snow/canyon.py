"""The shape of the canyon: where ice, snow and ledges are.  It repeats every `PERIOD_M` along the way.

`s` is metres along the way from the start; the way leads straight along -z.  Sides are -1 (left) and 1 (right).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PERIOD_M, SEGMENT_M = 360.0, 60.0
SEGMENTS = round(PERIOD_M / SEGMENT_M)
RIVER_M = 3.3
"""Half the width of the river."""

_CELL_M = (7.5, 6.0)
_OUT_M = (-2.0, 0.0, 0.35, 0.75, 1.0, 2.6, 3.0, 3.7, 4.2, 4.6, 5.6, 5.9, 7.2, 8.6, 9.4, 10.6, 18.0)
_UP_M = (-0.6, 0.0, 1.6, 2.7, 2.95, 3.15, 3.5, 7.0, 9.3, 9.6, 9.85, 10.4, 16.0, 22.0, 25.0, 26.0, 27.0)
"""The wall's foot, a ledge at 3 m, another at 10 m and the crest: metres outwards and up."""

LEDGE = 0.30
"""Where along the profile the lower ledge is (see `wall_points`)."""


def _wave(s: Array, seed: int, stream: int, cycles: tuple[int, ...]) -> Array:
    rng = np.random.default_rng((seed, 60, stream))
    phases = rng.uniform(0.0, 2.0 * np.pi, len(cycles))
    turns = 2.0 * np.pi * s[..., None] / PERIOD_M * np.array(cycles) + phases
    return np.asarray((np.sin(turns) / np.sqrt(np.arange(1, len(cycles) + 1))).sum(-1))


def river_middle_m(s: Array, seed: int) -> Array:
    """Where the middle of the river is, x in metres; the sledge's way at x 0 always lies on the ice."""
    return 0.62 * _wave(s, seed, 1, (2, 5))


def foot_m(s: Array, side: float, seed: int) -> Array:
    """Where the foot of a wall is, x in metres."""
    bend = 3.4 * _wave(s, seed, 2, (3, 5))
    width = 9.2 + 1.5 * _wave(s, seed, 3 + (side > 0), (4, 7, 11))
    return np.asarray(side * np.maximum(side * bend + width, 6.6))


def shore_m(s: Array, side: float, seed: int) -> Array:
    """How far from its middle the river reaches on a side."""
    return np.asarray(RIVER_M + 0.34 * _wave(s, seed, 16 + (side > 0), (17, 29, 53, 83)))


def bank_y_m(x: Array, s: Array, seed: int) -> Array:
    """Height of the snow between river and wall: a step of blown snow, then a slope with soft drifts."""
    away = x - river_middle_m(s, seed)
    reach = np.where(away > 0.0, shore_m(s, 1.0, seed), shore_m(s, -1.0, seed))
    out = np.maximum(np.abs(away) - reach, 0.0)
    drift = 0.10 * _wave(s + 1.7 * x, seed, 6, (9, 14, 23)) + 0.05 * _wave(s - 2.3 * x, seed, 7, (31, 47))
    rise = 0.20 * (1.0 - np.exp(-2.2 * out)) + 0.085 * out
    return np.asarray(rise + drift * (1.0 - np.exp(-0.8 * out)) - 0.12 * np.exp(-14.0 * out))


@lru_cache(maxsize=8)
def _bulges(seed: int, side: float) -> tuple[Array, Array, Array]:
    """Middles (cells, 2) of the facets along s and height, how far they stand out, and how they lean (cells, 2)."""
    rng = np.random.default_rng((seed, 61, int(side > 0)))
    along, up = round(PERIOD_M / _CELL_M[0]), 6
    a, b = np.meshgrid(np.arange(along), np.arange(up), indexing="ij")
    middles = (np.stack([a, b], -1) + rng.uniform(0.1, 0.9, (along, up, 2))) * np.array(_CELL_M)
    out = rng.uniform(-0.5, 2.6, (along, up))
    leans = rng.normal(0.0, 0.30, (along, up, 2))
    return middles, out, leans


def _facets_m(s: Array, y: Array, seed: int, side: float) -> Array:
    """How far the wall's facets stand out (m): the foremost of flat plates around each place."""
    middles, out, leans = _bulges(seed, side)
    along, up = middles.shape[:2]
    cell_s, cell_y = np.floor(s / _CELL_M[0]).astype(int), np.floor(y / _CELL_M[1]).astype(int)
    best = np.full(np.broadcast(s, y).shape, -3.0)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            k, m = (cell_s + i) % along, np.clip(cell_y + j, 0, up - 1)
            turn = np.floor((cell_s + i) / along) * PERIOD_M
            ds, dy = s - middles[k, m, 0] - turn, y - middles[k, m, 1]
            plate = out[k, m] + leans[k, m, 0] * ds + leans[k, m, 1] * dy - 0.05 * (ds**2 + 0.6 * dy**2)
            best = np.maximum(best, plate)
    return best


def wall_points(s: Array, part_0to1: Array, side: float, seed: int) -> Array:
    """Places (…, 3) on a wall: `part_0to1` runs up its profile from below the snow to behind the crest."""
    at = part_0to1 * (len(_OUT_M) - 1)
    out = np.interp(at, np.arange(len(_OUT_M)), _OUT_M)
    y = np.interp(at, np.arange(len(_UP_M)), _UP_M)
    tall = 1.0 + 0.16 * _wave(s, seed, 8 + (side > 0), (5, 8, 13))
    y = np.where(y > 3.5, 3.5 + (y - 3.5) * tall, y)
    y = y + 0.8 * _wave(s, seed, 18 + (side > 0), (7, 12, 19)) * np.exp(-(((y - 3.1) / 2.6) ** 2))
    loose = np.clip((y - 3.2) / 4.0, 0.25, 1.0) * np.clip((27.0 - y) / 3.0, 0.3, 1.0)
    stands_out = _facets_m(s, y, seed, side) * loose
    ribs = 0.22 * _wave(s + 0.35 * y, seed, 11 + (side > 0), (37, 61, 89)) * loose
    x = foot_m(s, side, seed) + side * (out - stands_out - ribs)
    y = y + 0.35 * loose * _wave(s, seed, 14 + (side > 0), (19, 29))
    return np.stack([x, y, np.broadcast_to(-s, x.shape)], axis=-1)


def ledge_m(s: float, side: float, seed: int) -> tuple[float, float, float]:
    """A place to stand on the lower ledge."""
    x, y, z = wall_points(np.array(s), np.array(LEDGE), side, seed)
    return float(x), float(y), float(z)


def bank_m(s: float, side: float, part_0to1: float, seed: int) -> tuple[float, float, float]:
    """A place to stand between river (0) and wall (1)."""
    inner = float(river_middle_m(np.array(s), seed)) + side * (RIVER_M + 0.5)
    x = inner + part_0to1 * (float(foot_m(np.array(s), side, seed)) - side * 1.2 - inner)
    return x, float(bank_y_m(np.array(x), np.array(s), seed)), -s
