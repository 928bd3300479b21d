"""Ground from a height field: rings that widen with distance from where the patient is, with baked occlusion.

A mesh of rings has no seams and as many triangles for a square degree near as far.  Texture coordinates of a ground are
no places: u is the share of the sky that is open, v the share of a second cover (grass, moss, snow) from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Mesh

Array = NDArray[np.float64]
Field = Callable[[Array, Array], Array]
"""Something at places x and z (m), of their shape: a height (m), a share."""

OCCLUSION_WAYS = 6
OCCLUSION_M = (0.5, 1.6, 5.0, 16.0)
"""How far away the horizon is looked for."""


@dataclass(frozen=True, slots=True)
class Rings:
    """Where the rings lie: around `middle_m` (x, z), from `near_m` to `far_m`, in `sectors` of `wide` steps each."""

    middle_m: tuple[float, float]
    near_m: float
    far_m: float
    sectors: int = 6
    wide: int = 22


def terrain_meshes(height: Field, cover: Field, rings: Rings) -> list[Mesh]:
    """One mesh for each sector, normals (n, 3) from the height field itself; the first ring closes at the middle."""
    ratio = 1.0 + 2.0 * math.pi / (rings.sectors * rings.wide)
    count = math.ceil(math.log(rings.far_m / rings.near_m) / math.log(ratio)) + 1
    radii = np.concatenate([[0.0], np.geomspace(rings.near_m, rings.far_m, count)])
    turns = np.linspace(0.0, 2.0 * math.pi, rings.sectors * rings.wide + 1)
    x = rings.middle_m[0] + radii[:, None] * np.sin(turns)
    z = rings.middle_m[1] - radii[:, None] * np.cos(turns)
    step = np.maximum(0.02, 0.3 * radii[:, None] * (ratio - 1.0))
    places = np.stack([x, height(x, z), z], axis=-1)
    normals = _normals(height, x, z, step)
    uvs = np.stack(
        [_between(openness(height, x[::2, ::2], z[::2, ::2]), x.shape), np.clip(cover(x, z), 0.0, 1.0)], axis=-1
    )
    parts = [slice(number * rings.wide, (number + 1) * rings.wide + 1) for number in range(rings.sectors)]
    rows, columns = np.arange(len(radii)), np.arange(rings.wide + 1)
    triangles = tuple(_triangles(*some, len(columns)) for some in ((rows, columns), (_fewer(rows), _fewer(columns))))
    return [_mesh(places[:, part], normals[:, part], uvs[:, part], triangles) for part in parts]


def openness(height: Field, x: Array, z: Array) -> Array:
    """Share of the sky's light that reaches level ground past the hills around, 0 to 1.

    The mean over directions of the squared cosine of the horizon's height, the exact share for an even sky.
    """
    here = height(x, z)
    total = np.zeros_like(here)
    for turn in np.arange(OCCLUSION_WAYS) * 2.0 * math.pi / OCCLUSION_WAYS:
        steepest = np.zeros_like(here)
        for away_m in OCCLUSION_M:
            there = height(x + away_m * math.sin(turn), z - away_m * math.cos(turn))
            steepest = np.maximum(steepest, (there - here) / away_m)
        total += 1.0 / (1.0 + steepest**2)
    return np.asarray(total / OCCLUSION_WAYS)


def _between(coarse: Array, shape: tuple[int, ...]) -> Array:
    """Values at every second row and column, and the means between them where there are others."""
    rows = np.minimum(np.arange(shape[0]) / 2.0, len(coarse) - 1.0)
    columns = np.minimum(np.arange(shape[1]) / 2.0, coarse.shape[1] - 1.0)
    low, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    high, right = np.ceil(rows).astype(int), np.ceil(columns).astype(int)
    return np.asarray(
        (coarse[low][:, left] + coarse[high][:, left] + coarse[low][:, right] + coarse[high][:, right]) / 4.0
    )


def _normals(height: Field, x: Array, z: Array, step_m: Array) -> Array:
    slope_x = (height(x + step_m, z) - height(x - step_m, z)) / (2.0 * step_m)
    slope_z = (height(x, z + step_m) - height(x, z - step_m)) / (2.0 * step_m)
    normals = np.stack([-slope_x, np.ones_like(slope_x), -slope_z], axis=-1)
    return np.asarray(normals / np.linalg.norm(normals, axis=-1, keepdims=True))


def _fewer(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every second number, the first and the last in any case."""
    return np.unique(np.concatenate([numbers[::2], numbers[-1:]]))


def _triangles(rows: NDArray[np.int64], columns: NDArray[np.int64], width: int) -> NDArray[np.uint32]:
    """Between some rows and columns of points, `width` of which make a row."""
    point = rows[:, None] * width + columns
    here, right, below = point[:-1, :-1].reshape(-1), point[:-1, 1:].reshape(-1), point[1:, :-1].reshape(-1)
    first = np.stack([here, right, below], axis=-1)
    second = np.stack([right, point[1:, 1:].reshape(-1), below], axis=-1)
    return np.concatenate([first, second]).astype(np.uint32)


def _mesh(places: Array, normals: Array, uvs: Array, triangles: tuple[NDArray[np.uint32], ...]) -> Mesh:
    rows = [part.reshape(-1, part.shape[-1]).astype(np.float32) for part in (places, normals, uvs)]
    return Mesh(rows[0], rows[1], rows[2], triangles[0], coarse=triangles[1])
