"""The lake's basin: banks, a meadow on the left that reaches into the water, wooded hills, mountains far off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Mesh
from environments.render.terrain import Rings, terrain_meshes

Array = NDArray[np.float64]
LEVEL_M = -0.55
"""The water under the boards of the jetty, on which the patient sits."""
_MIDDLE_Z_M, _HALF_X_M, _HALF_Z_M = -62.0, 62.0, 66.0


def bumps(x: Array, z: Array, size_m: float, seed: int) -> Array:
    """Smooth hills between about -1 and 1, from turned sine waves."""
    rng = np.random.default_rng([seed, 72])
    total = np.zeros(np.broadcast(x, z).shape)
    for octave in range(5):
        angle, phase = rng.uniform(0.0, np.pi), rng.uniform(0.0, 2.0 * np.pi)
        length = size_m * 1.7 ** (-octave / 1.5)
        total += np.sin((x * np.cos(angle) + z * np.sin(angle)) * 2.0 * np.pi / length + phase) * 0.72 ** (octave / 1.5)
    return np.asarray(total / 2.2)


def ease(low: float, high: float, at: Array) -> Array:
    """From 0 to 1, smoothly."""
    part = np.clip((at - low) / (high - low), 0.0, 1.0)
    return np.asarray(part * part * (3.0 - 2.0 * part))


def inland_m(x: Array, z: Array, seed: int) -> Array:
    """About how far from the water's edge a place is, on land; below 0 in the lake."""
    out = np.hypot(x / _HALF_X_M, (z - _MIDDLE_Z_M) / _HALF_Z_M)
    bays = 5.0 * bumps(x, z, 60.0, seed) * ease(12.0, 30.0, np.hypot(x, z))
    lake = (out - 1.0) * _HALF_X_M + bays
    # The meadow: a tongue of land from the left bank.
    part = np.clip((x + 62.0) / 46.0, 0.0, 1.0)
    tongue = 6.6 + 1.2 * bumps(x, z, 14.0, seed + 1) - np.hypot(x + 62.0 - 46.0 * part, z + 33.0 - 13.0 * part)
    return np.asarray(np.maximum(lake, tongue))


def ground_height(x: Array, z: Array, seed: int) -> Array:
    """Height (m) of the ground, the lake's bed included."""
    inland = inland_m(x, z, seed)
    bed = -np.minimum(2.6, 0.28 * np.maximum(-inland, 0.0))
    bank = 0.42 * ease(-0.3, 2.4, inland) + 0.07 * ease(1.0, 5.0, inland) * bumps(x, z, 3.1, seed + 2)
    far = np.maximum(np.hypot(x / _HALF_X_M, (z - _MIDDLE_Z_M) / _HALF_Z_M) - 1.0, 0.0) * _HALF_X_M
    hills = ease(8.0, 150.0, far) * (17.0 + 11.0 * bumps(x, z, 130.0, seed + 3)) * ease(-60.0, 40.0, 70.0 - z)
    ridges = 1.0 - np.abs(bumps(x, z, 520.0, seed + 4)) + 0.22 * (1.0 - np.abs(bumps(x, z, 130.0, seed + 6)))
    mountains = ease(150.0, 620.0, far) * (45.0 + 190.0 * (ridges - 0.35)) * ease(-40.0, 160.0, -z)
    return np.asarray(LEVEL_M + bed + bank + 0.04 * np.clip(far - 4.0, 0.0, 20.0) + hills + np.maximum(mountains, 0.0))


def cover(x: Array, z: Array, seed: int) -> Array:
    """How much grass there is, 0 to 1: on the meadow, by the water and where trees stand wide."""
    inland = inland_m(x, z, seed)
    open_ground = 1.0 - ease(7.0, 16.0, inland)
    slopes = ease(30.0, 60.0, inland) * 0.6
    return np.asarray(np.clip(open_ground + slopes + 0.30 + 0.45 * bumps(x, z, 17.0, seed + 5), 0.0, 1.0))


def ground_meshes(seed: int) -> list[Mesh]:
    """The ground in rings around the jetty."""
    rings = Rings((0.0, 0.0), 0.8, 1100.0, sectors=6, wide=20)
    return terrain_meshes(lambda x, z: ground_height(x, z, seed), lambda x, z: cover(x, z, seed), rings)
