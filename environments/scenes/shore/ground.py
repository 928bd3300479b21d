"""The sand: a plane where the sea runs, a low rise behind it, dunes at the back and the sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Mesh
from environments.render.terrain import Rings, terrain_meshes
from environments.render.uniforms import BEACH_SLOPE

Array = NDArray[np.float64]
SHORE_Z_M = -6.5
SEAT_HEIGHT_M = 0.42


def _bumps(x: Array, z: Array, size_m: float, seed: int) -> Array:
    """Smooth hills between about -1 and 1, from turned sine waves."""
    rng = np.random.default_rng([seed, 71])
    total = np.zeros(np.broadcast(x, z).shape)
    for octave in range(7):
        angle, phase = rng.uniform(0.0, np.pi), rng.uniform(0.0, 2.0 * np.pi)
        length = size_m * 1.9 ** (-octave / 2.0)
        total += np.sin((x * np.cos(angle) + z * np.sin(angle)) * 2.0 * np.pi / length + phase) * 0.75 ** (octave / 2.0)
    return np.asarray(total / 2.6)


def _ease(low: float, high: float, at: Array) -> Array:
    part = np.clip((at - low) / (high - low), 0.0, 1.0)
    return np.asarray(part * part * (3.0 - 2.0 * part))


def ground_height(x: Array, z: Array, seed: int) -> Array:
    """Height (m) of the sand; the plane of the beach holds up to z = -0.5."""
    plane = BEACH_SLOPE * (np.minimum(z, 4.0) - SHORE_Z_M)
    back = _ease(-0.5, 4.0, z)
    small = back * 0.05 * _bumps(x, z, 3.4, seed + 1)
    rise = _ease(7.0, 26.0, z + 0.10 * np.abs(x) + 2.5 * _bumps(x, z, 31.0, seed + 2))
    dunes = rise * (3.4 + 1.6 * _bumps(x, z, 23.0, seed + 3) + 0.35 * _bumps(x, z, 6.5, seed + 4))
    # Hummocks where grass holds the sand.
    tufts = rise * 0.22 * np.maximum(_bumps(x, z, 2.6, seed + 6), 0.0)
    return np.asarray(plane + small + np.maximum(dunes, 0.0) + tufts)


def grass_cover(x: Array, z: Array, seed: int) -> Array:
    """How much grass grows, 0 to 1: in patches, more up the dunes and in their lee."""
    patch = np.sin(x * 0.31 + seed) + np.sin(z * 0.43 + 0.2 * x) + 0.06 * (z + 0.10 * np.abs(x) - 12.0)
    back = _ease(5.5, 9.5, z + 0.10 * np.abs(x))
    return np.asarray(back * _ease(-0.4, 1.3, patch + 0.5 * _bumps(x, z, 5.0, seed + 5)))


def sand_meshes(seed: int) -> list[Mesh]:
    """All of the sand in rings around the seat, from under water to the far dunes."""
    rings = Rings((0.0, 0.0), 0.35, 420.0)
    return terrain_meshes(lambda x, z: ground_height(x, z, seed), lambda x, z: 0.75 * grass_cover(x, z, seed), rings)
