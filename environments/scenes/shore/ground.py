"""The sand: a plane where the sea runs, a low rise behind it, dunes at the back and the sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Mesh
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
    return np.asarray(plane + small + np.maximum(dunes, 0.0))


def _spaced(near: float, far: float, count: int) -> Array:
    """Places from -far to far, dense around 0 where the step is about `near`."""
    part = np.linspace(-1.0, 1.0, count)
    step = near * count / 2.0
    return np.asarray(part * step + (far - step) * np.sign(part) * np.abs(part) ** 3.2)


def beach_mesh(seed: int) -> Mesh:
    """The plane where the sea runs, from 55 m under water to the seat; a handful of large triangles."""
    return _sand(np.array([-420.0, -60.0, -14.0, 0.0, 14.0, 60.0, 420.0]), np.array([-60.0, -16.0, -4.0, -0.5]), seed)


def dunes_mesh(seed: int) -> Mesh:
    """Everything behind the plane; normals from the height itself."""
    z = np.concatenate(
        [np.linspace(-0.5, 6.0, 12, endpoint=False), np.linspace(6.0, 34.0, 30), np.geomspace(36.0, 240.0, 10)]
    )
    return _sand(_spaced(0.8, 420.0, 75), z, seed)


def _sand(x: Array, z: Array, seed: int) -> Mesh:
    grid_x, grid_z = np.meshgrid(x, z)
    step = 0.05
    height = ground_height(grid_x, grid_z, seed)
    slope_x = (ground_height(grid_x + step, grid_z, seed) - ground_height(grid_x - step, grid_z, seed)) / (2 * step)
    slope_z = (ground_height(grid_x, grid_z + step, seed) - ground_height(grid_x, grid_z - step, seed)) / (2 * step)
    normals = np.stack([-slope_x, np.ones_like(height), -slope_z], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    columns = len(x)
    corner = (np.arange(len(z) - 1)[:, None] * columns + np.arange(columns - 1)[None, :]).reshape(-1)
    first = np.stack([corner, corner + columns, corner + 1], axis=-1)
    second = np.stack([corner + 1, corner + columns, corner + columns + 1], axis=-1)
    return Mesh(
        np.stack([grid_x, height, grid_z], axis=-1).reshape(-1, 3).astype(np.float32),
        normals.reshape(-1, 3).astype(np.float32),
        np.stack([grid_x, grid_z], axis=-1).reshape(-1, 2).astype(np.float32),
        np.concatenate([first, second]).astype(np.uint32),
    )
