"""The shore's own shapes: boulders, driftwood, grass, a headland, gulls, a boat."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Float32, Mesh

Array = NDArray[np.float64]


def mesh_of(positions: Array, triangles: NDArray[np.int64], uvs: Array | None = None) -> Mesh:
    """A smooth mesh with normals gathered from its triangles; texture coordinates default to x and z."""
    corners = positions[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(positions)
    for column in range(3):
        np.add.at(normals, triangles[:, column], faces)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    places = positions[:, [0, 2]] if uvs is None else uvs
    return Mesh(
        positions.astype(np.float32), normals.astype(np.float32), places.astype(np.float32), triangles.astype(np.uint32)
    )


def grid_triangles(rows: int, columns: int) -> NDArray[np.int64]:
    """Triangles (m, 3) of a grid of points stored row by row."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None, :]).reshape(-1)
    first = np.stack([corner, corner + columns, corner + 1], axis=-1)
    return np.concatenate([first, np.stack([corner + 1, corner + columns, corner + columns + 1], axis=-1)])


def placed(places: Array, turns: Array, sizes: Array) -> Float32:
    """Transforms (k, 4, 4): scaled by `sizes` (k,) or (k, 3), turned about the vertical, moved."""
    count = len(places)
    scale = np.broadcast_to(sizes[:, None] if sizes.ndim == 1 else sizes, (count, 3))
    matrices = np.zeros((count, 4, 4))
    matrices[:, 0, 0], matrices[:, 0, 2] = np.cos(turns) * scale[:, 0], np.sin(turns) * scale[:, 2]
    matrices[:, 1, 1] = scale[:, 1]
    matrices[:, 2, 0], matrices[:, 2, 2] = -np.sin(turns) * scale[:, 0], np.cos(turns) * scale[:, 2]
    matrices[:, :3, 3] = places
    matrices[:, 3, 3] = 1.0
    return matrices.astype(np.float32)


def boulder(seed: int, rings: int = 15) -> Mesh:
    """A worn stone about 1 m across: a ball with blunt facets cut off and a rough skin."""
    rng = np.random.default_rng([seed, 5])
    up = np.linspace(0.0, math.pi, rings)
    around = np.linspace(0.0, 2.0 * math.pi, rings * 2)
    ways = np.stack(
        [
            np.sin(up)[:, None] * np.cos(around),
            np.cos(up)[:, None] + 0.0 * around,
            np.sin(up)[:, None] * np.sin(around),
        ],
        -1,
    ).reshape(-1, 3)
    cuts = rng.normal(size=(22, 3))
    cuts /= np.linalg.norm(cuts, axis=1, keepdims=True)
    depths = rng.uniform(0.33, 0.5, 22)
    facing = np.maximum(ways @ cuts.T, 0.05)
    sharp = 14.0
    radius = ((depths / facing) ** -sharp).sum(axis=1) ** (-1.0 / sharp)
    for size, weight in ((3.0, 0.05), (7.0, 0.022), (15.0, 0.010)):
        wave = rng.normal(size=(4, 3)) * size
        radius = radius * (1.0 + weight * np.sin(ways @ wave.T + rng.uniform(0, 6.0, 4)).sum(axis=1))
    return mesh_of(ways * radius[:, None], grid_triangles(rings, rings * 2)[:, ::-1])


def log_mesh(seed: int, length_m: float, thick_m: float) -> Mesh:
    """A bent, tapering trunk lying along x, pale from salt and sun."""
    rng = np.random.default_rng([seed, 6])
    rows, columns = 26, 13
    along = np.linspace(0.0, 1.0, rows)
    around = np.linspace(0.0, 2.0 * math.pi, columns)
    bend = 0.16 * length_m * np.sin(along * 2.6 + 0.4) * (along - 0.2)
    lift = 0.05 * length_m * np.sin(along * 4.0)
    radius = thick_m / 2.0 * (1.0 - 0.62 * along) * np.clip(np.sqrt(1.0 - (2.0 * along - 1.0) ** 14), 0.02, 1.0)
    knots = 1.0 + 0.16 * np.sin(along[:, None] * 31.0 + 3.0 * np.sin(around) + rng.uniform(0, 6)) * np.cos(2.0 * around)
    knots += 0.12 * np.cos(5.0 * around + along[:, None] * 3.0)
    positions = np.stack(
        [
            np.broadcast_to((along[:, None] - 0.5) * length_m, (rows, columns)),
            lift[:, None] + radius[:, None] * knots * np.cos(around),
            bend[:, None] + radius[:, None] * knots * np.sin(around),
        ],
        axis=-1,
    )
    uvs = np.stack(np.broadcast_arrays(around[None, :] / (2 * math.pi) * 0.8, along[:, None] * length_m), axis=-1)
    return mesh_of(positions.reshape(-1, 3), grid_triangles(rows, columns), uvs.reshape(-1, 2))


def tuft(seed: int, blades: int, height_m: float, thick_m: float) -> Mesh:
    """Marram grass: arching blades from one root, each a tapering strip of three triangles."""
    rng = np.random.default_rng([seed, 7])
    positions: list[Array] = []
    triangles: list[list[int]] = []
    for _ in range(blades):
        turn, lean = rng.uniform(0.0, 2.0 * math.pi), rng.uniform(0.12, 0.75)
        tall = height_m * rng.uniform(0.55, 1.0)
        out = np.array([math.cos(turn), 0.0, math.sin(turn)])
        side = np.array([-out[2], 0.0, out[0]]) * thick_m * rng.uniform(0.6, 1.1)
        root = out * rng.uniform(0.0, 0.16) + np.array([rng.normal() * 0.04, -0.04, rng.normal() * 0.04])
        middle = root + out * tall * 0.35 * lean + np.array([0.0, tall * 0.62, 0.0])
        tip = root + out * tall * lean + np.array([0.0, tall * (1.0 - 0.35 * lean), 0.0])
        first = len(positions)
        positions += [root - side, root + side, middle - side * 0.7, middle + side * 0.7, tip]
        triangles += [
            [first, first + 1, first + 2],
            [first + 1, first + 3, first + 2],
            [first + 2, first + 3, first + 4],
        ]
    mesh = mesh_of(np.array(positions), np.array(triangles), np.array(positions)[:, [0, 1]])
    # Blades are lit as one soft cushion: their own faces would glitter.
    soft = mesh.normals * 0.35 + np.array([0.0, 1.0, 0.0], np.float32)
    soft = soft / np.linalg.norm(soft, axis=1, keepdims=True)
    return Mesh(mesh.positions_m, soft.astype(np.float32), mesh.uvs_m, mesh.indices)


def shell() -> Mesh:
    """A cockle 1 m wide lying on its rim: a ribbed dome that narrows to its hinge."""
    rows, columns = 8, 27
    out, turn = np.linspace(0.03, 1.0, rows)[:, None], np.linspace(-1.25, 1.25, columns)[None, :]
    ribs = 1.0 + 0.05 * np.cos(turn * 30.0) * out
    positions = np.stack(
        np.broadcast_arrays(
            0.62 * out * np.sin(turn),
            0.30 * ribs * np.sin(out**0.8 * math.pi * 0.93),
            -0.45 + out * np.cos(turn) * ribs,
        ),
        axis=-1,
    )
    return mesh_of(positions.reshape(-1, 3), grid_triangles(rows, columns)[:, ::-1])


def headland(seed: int) -> Mesh:
    """A far cape: a ridge falling to the sea, 2.6 km long."""
    rng = np.random.default_rng([seed, 8])
    rows, columns = 7, 44
    along, across = np.linspace(0.0, 1.0, columns), np.linspace(0.0, 1.0, rows)
    ridge = 190.0 * along**0.75
    for size in (3.0, 7.0, 16.0, 34.0):
        ridge = ridge * (1.0 + 0.36 / size**0.6 * np.sin(along * size * 3.0 + rng.uniform(0, 6.0)))
    profile = np.sin(across * math.pi) ** 0.7
    rough = rng.normal(size=(rows, columns)) * 5.0 * along[None, :]
    height = ridge[None, :] * profile[:, None] + rough * profile[:, None] - 2.0
    x, z = (
        np.broadcast_to(along * 2600.0, (rows, columns)),
        np.broadcast_to((across[:, None] - 0.5) * 1100.0, (rows, columns)),
    )
    z = z + 260.0 * np.sin(along * 5.0)[None, :]
    return mesh_of(np.stack([x, height, z], axis=-1).reshape(-1, 3), grid_triangles(rows, columns)[:, ::-1])


def gull_body() -> Mesh:
    """A bird's body about 0.45 m long, flying towards -z."""
    rows, columns = 12, 9
    along, around = np.linspace(0.0, 1.0, rows), np.linspace(0.0, 2.0 * math.pi, columns)
    radius = 0.062 * np.sin(np.clip(along, 0.02, 1.0) ** 0.6 * math.pi) ** 0.8 + 0.012 * (along > 0.85)
    positions = np.stack(
        np.broadcast_arrays(
            radius[:, None] * np.cos(around), radius[:, None] * np.sin(around), (along[:, None] - 0.45) * 0.46
        ),
        axis=-1,
    )
    return mesh_of(positions.reshape(-1, 3), grid_triangles(rows, columns))


def gull_wing(side: float) -> Mesh:
    """One wing, hinged at the origin, 0.62 m long towards +x (`side` 1) or -x (-1)."""
    along = np.linspace(0.0, 1.0, 9)
    sweep = 0.10 * np.sin(along * 2.4) - 0.22 * along**2
    front, back = -0.07 - sweep, 0.10 * (1.0 - along**1.6) - sweep - 0.03
    lift = 0.10 * np.sin(along * 2.2) - 0.03 * along
    x = side * (0.03 + 0.62 * along)
    points = np.concatenate([np.stack([x, lift, front], -1), np.stack([x, lift, np.maximum(back, front + 0.015)], -1)])
    return mesh_of(points, grid_triangles(2, 9))


def boat_hull() -> Mesh:
    """A slim hull 8 m long, bow towards +x."""
    rows, columns = 16, 9
    along, around = np.linspace(-1.0, 1.0, rows), np.linspace(0.0, math.pi, columns)
    width = 1.15 * (1.0 - np.abs(along) ** 2.6) + 0.02
    positions = np.stack(
        np.broadcast_arrays(
            along[:, None] * 4.0 + 0.0 * around,
            0.75 + 0.12 * along[:, None] ** 2 - 1.0 * np.sin(around) ** 0.7,
            width[:, None] * np.cos(around),
        ),
        axis=-1,
    )
    return mesh_of(positions.reshape(-1, 3), grid_triangles(rows, columns))


def boat_sails() -> Mesh:
    """Main sail and jib, 10 m high, bellied by the wind."""
    parts: list[Array] = []
    triangles: list[NDArray[np.int64]] = []
    for foot, clew, top in ((0.2, -3.4, 10.2), (0.5, 3.7, 8.2)):
        rows, columns = 9, 7
        up, across = np.linspace(0.0, 1.0, rows), np.linspace(0.0, 1.0, columns)
        mast = 0.3 + 0.0 * up
        x = mast[:, None] + (clew - foot) * (1.0 - up[:, None]) * across
        belly = 0.5 * np.sin(across * math.pi) * (1.0 - up[:, None]) * np.ones((rows, columns))
        parts.append(np.stack([x, (1.4 + up * (top - 1.4))[:, None] + 0.0 * across, belly], axis=-1).reshape(-1, 3))
        triangles.append(grid_triangles(rows, columns) + sum(len(part) for part in parts[:-1]))
    return mesh_of(np.concatenate(parts), np.concatenate(triangles))
