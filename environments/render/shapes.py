"""Mesh primitives with flat sides: boxes, extruded outlines, grids, and what joins and turns meshes.

Every shape is a `Mesh` in metres with outward unit normals, counter-clockwise triangles seen from
outside, and texture coordinates in metres.  Round shapes are in `shapes_round`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from environments.render.model import Float32, Mesh

Float64 = NDArray[np.float64]
Vec3 = tuple[float, float, float]


def mesh_of(positions_m: ArrayLike, normals: ArrayLike, uvs_m: ArrayLike, indices: ArrayLike) -> Mesh:
    """A `Mesh` from anything array-like, in the types the renderer takes."""
    return Mesh(
        np.ascontiguousarray(positions_m, np.float32).reshape(-1, 3),
        np.ascontiguousarray(normals, np.float32).reshape(-1, 3),
        np.ascontiguousarray(uvs_m, np.float32).reshape(-1, 2),
        np.ascontiguousarray(indices, np.uint32).reshape(-1, 3),
    )


# --- matrices -----------------------------------------------------------------------------------


def translation(x_m: float, y_m: float, z_m: float) -> Float32:
    """A matrix that moves by metres."""
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, 3] = (x_m, y_m, z_m)
    return matrix


def scaling(x: float, y: float, z: float) -> Float32:
    """A matrix that stretches along the axes."""
    return np.diag(np.array([x, y, z, 1.0], np.float32))


def rotation(axis: str, angle_deg: float) -> Float32:
    """A matrix that turns about the axis "x", "y" or "z", by the right-hand rule."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(4, dtype=np.float32)
    matrix[first, first] = matrix[second, second] = cosine
    matrix[second, first], matrix[first, second] = sine, -sine
    return matrix


def placed(x_m: float, y_m: float, z_m: float, turn_deg: float = 0.0, scale: float = 1.0) -> Float32:
    """A matrix that scales, turns about the vertical and moves."""
    turned = rotation("y", turn_deg) @ scaling(scale, scale, scale)
    return np.asarray(translation(x_m, y_m, z_m) @ turned, np.float32)


def placements(points_m: ArrayLike, turns_deg: ArrayLike = 0.0, scales: ArrayLike = 1.0) -> Float32:
    """`placed` for many points (k, 3) at once: (k, 4, 4)."""
    points = np.asarray(points_m, np.float64).reshape(-1, 3)
    turns = np.broadcast_to(np.radians(np.asarray(turns_deg, np.float64)), len(points))
    sizes = np.broadcast_to(np.asarray(scales, np.float64), len(points))
    matrices = np.zeros((len(points), 4, 4), np.float32)
    matrices[:, 0, 0] = matrices[:, 2, 2] = np.cos(turns) * sizes
    matrices[:, 0, 2] = np.sin(turns) * sizes
    matrices[:, 2, 0] = -np.sin(turns) * sizes
    matrices[:, 1, 1] = sizes
    matrices[:, :3, 3] = points
    matrices[:, 3, 3] = 1.0
    return matrices


# --- joining and turning ------------------------------------------------------------------------


def merge(meshes: Iterable[Mesh]) -> Mesh:
    """All meshes as one."""
    parts = list(meshes)
    if not parts:
        return mesh_of([], [], [], [])
    starts = np.cumsum([0] + [len(part.positions_m) for part in parts[:-1]])
    return mesh_of(
        np.concatenate([part.positions_m for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([part.uvs_m for part in parts]),
        np.concatenate([part.indices + np.uint32(start) for part, start in zip(parts, starts, strict=True)]),
    )


def transform(mesh: Mesh, matrix: Float32) -> Mesh:
    """The mesh moved by a (4, 4) matrix; normals stay unit, mirrored matrices keep triangles outward."""
    linear = np.asarray(matrix[:3, :3], np.float64)
    normals = mesh.normals @ np.linalg.inv(linear)
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    indices = mesh.indices if np.linalg.det(linear) > 0 else mesh.indices[:, ::-1]
    return mesh_of(mesh.positions_m @ linear.T + matrix[:3, 3], normals, mesh.uvs_m, indices)


def moved(mesh: Mesh, x_m: float, y_m: float, z_m: float) -> Mesh:
    """The mesh moved by metres."""
    return transform(mesh, translation(x_m, y_m, z_m))


def copies(mesh: Mesh, matrices: Float32) -> Mesh:
    """One mesh holding a copy for every (4, 4) matrix of (k, 4, 4)."""
    return merge(transform(mesh, matrix) for matrix in matrices)


def with_normals(mesh: Mesh, crease_deg: float = 180.0) -> Mesh:
    """The mesh with normals made anew: smooth over edges flatter than `crease_deg`, hard elsewhere."""
    corners = mesh.positions_m[mesh.indices].astype(np.float64)
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(faces, axis=1, keepdims=True)
    keep = areas[:, 0] > 1e-12
    faces, areas, corners = faces[keep], areas[keep], corners[keep]
    units = faces / areas
    places = np.unique(np.round(corners.reshape(-1, 3), 5), axis=0, return_inverse=True)[1].reshape(-1)
    owners = np.repeat(np.arange(len(faces)), 3)
    order = np.argsort(places, kind="stable")
    normals = np.empty((len(owners), 3))
    least = np.cos(np.radians(crease_deg)) - 1e-9
    for group in np.split(order, np.flatnonzero(np.diff(places[order])) + 1):
        around = owners[group]
        near = (units[around] @ units[around].T) >= least
        normals[group] = near @ faces[around]
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    uvs = mesh.uvs_m[mesh.indices][keep].reshape(-1, 2)
    return mesh_of(corners.reshape(-1, 3), normals, uvs, np.arange(len(owners)).reshape(-1, 3))


# --- flat-sided shapes --------------------------------------------------------------------------


def across(one: Float64, two: Float64) -> Float64:
    """The cross products of vectors (n, 3), without the cost of NumPy's general one."""
    (a, b, c), (x, y, z) = one.T, two.T
    return np.stack([b * z - c * y, c * x - a * z, a * y - b * x], axis=-1)


def quads(corners_m: ArrayLike) -> Mesh:
    """Flat quadrilaterals (n, 4, 3), counter-clockwise; u runs along the first edge, v along the last."""
    corners = np.asarray(corners_m, np.float64).reshape(-1, 4, 3)
    along = corners[:, 1] - corners[:, 0]
    normals = across(along, corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    lengths = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
    first = along / lengths
    second = across(normals, first)
    origin = np.stack([np.sum(corners[:, 0] * first, 1), np.sum(corners[:, 0] * second, 1)], -1)
    offsets = corners - corners[:, :1]
    uvs = np.stack([np.einsum("nij,nj->ni", offsets, first), np.einsum("nij,nj->ni", offsets, second)], -1)
    starts = np.arange(len(corners))[:, None, None] * 4
    indices = starts + np.array([[0, 1, 2], [0, 2, 3]])
    return mesh_of(corners, np.repeat(normals, 4, axis=0), uvs + origin[:, None], indices)


_FACES = {  # the corners of each side of a box as (x, y, z) choices of low 0 and high 1
    "right": ((1, 0, 1), (1, 0, 0), (1, 1, 0), (1, 1, 1)),
    "left": ((0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0)),
    "top": ((0, 1, 1), (1, 1, 1), (1, 1, 0), (0, 1, 0)),
    "bottom": ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
    "front": ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
    "back": ((1, 0, 0), (0, 0, 0), (0, 1, 0), (1, 1, 0)),
}
ALL_SIDES = tuple(_FACES)
WALLS = ("right", "left", "front", "back")
NO_BOTTOM = (*WALLS, "top")


def boxes(lows_m: ArrayLike, highs_m: ArrayLike, sides: Sequence[str] = ALL_SIDES) -> Mesh:
    """Many boxes from opposite corners (n, 3); "front" is the side towards +z."""
    lows = np.asarray(lows_m, np.float64).reshape(-1, 1, 3)
    highs = np.asarray(highs_m, np.float64).reshape(-1, 1, 3)
    chosen = np.array([_FACES[side] for side in sides], np.float64).reshape(1, -1, 3)
    corners = lows + (highs - lows) * chosen
    return quads(corners.reshape(-1, 4, 3))


def box(size_m: Vec3, center_m: Vec3 = (0.0, 0.0, 0.0), bevel_m: float = 0.0) -> Mesh:
    """A box; with a bevel its edges are rounded by smooth normals over one narrow strip."""
    half = np.asarray(size_m, np.float64) / 2
    center = np.asarray(center_m, np.float64)
    if bevel_m <= 0.0:
        return boxes(center - half, center + half)
    return _bevelled(half, center, min(bevel_m, float(half.min()) * 0.99))


def _bevelled(half: Float64, center: Float64, bevel_m: float) -> Mesh:
    inner = _SIGNS * (half - bevel_m)
    positions = np.stack([inner + np.eye(3)[axis] * _SIGNS * bevel_m for axis in range(3)], 1)  # corner, face axis
    normals = np.stack([np.eye(3)[axis] * _SIGNS for axis in range(3)], 1)
    uvs = np.stack([(inner + half)[:, [2, 1]], (inner + half)[:, [0, 2]], (inner + half)[:, [0, 1]]], 1)
    return mesh_of(positions.reshape(-1, 3) + center, normals, uvs, _bevelled_triangles())


_SIGNS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)


@lru_cache(maxsize=1)
def _bevelled_triangles() -> list[tuple[int, ...]]:
    """The triangles of every bevelled box: three corners for each of its eight, by the face they lie on."""
    polygons: list[list[int]] = [[corner * 3 + axis for axis in range(3)] for corner in range(8)]
    step = {0: 4, 1: 2, 2: 1}
    for axis in range(3):
        one, two = (other for other in range(3) if other != axis)
        for low in (c for c in range(8) if not c & step[axis]):
            high = low | step[axis]
            polygons.append([low * 3 + one, high * 3 + one, high * 3 + two, low * 3 + two])
        for side in (0, step[axis]):
            ring = [side, side | step[one], side | step[one] | step[two], side | step[two]]
            polygons.append([corner * 3 + axis for corner in ring])
    unit = (0.5 * (_SIGNS[:, None] + np.eye(3) * _SIGNS[:, None])).reshape(-1, 3)
    triangles = [(p[0], p[i], p[i + 1]) for p in polygons for i in range(1, len(p) - 1)]
    return [t if _faces_out(unit[list(t)]) else t[::-1] for t in triangles]


def _faces_out(triangle: Float64) -> bool:
    return bool(np.dot(np.cross(triangle[1] - triangle[0], triangle[2] - triangle[0]), triangle.mean(0)) > 0)


def prism(outline_m: ArrayLike, low_m: float, high_m: float) -> Mesh:
    """A convex outline (n, 2) of x and z, extruded upwards; closed."""
    ring = np.asarray(outline_m, np.float64)
    area = np.sum(ring[:, 0] * np.roll(ring[:, 1], -1) - np.roll(ring[:, 0], -1) * ring[:, 1])
    if area > 0:  # seen from above, x right and z down, this order is clockwise
        ring = ring[::-1]
    count = len(ring)
    low = np.insert(ring, 1, low_m, axis=1)
    high = np.insert(ring, 1, high_m, axis=1)
    after = np.roll(np.arange(count), -1)
    walls = quads(np.stack([low, low[after], high[after], high], 1))
    fan = np.array([(0, i, i + 1) for i in range(1, count - 1)])
    top = mesh_of(high, np.tile([0.0, 1.0, 0.0], (count, 1)), ring, fan)
    bottom = mesh_of(low, np.tile([0.0, -1.0, 0.0], (count, 1)), ring, fan[:, ::-1])
    return merge((walls, top, bottom))


def plane_grid(width_m: float, depth_m: float, cells_x: int = 1, cells_z: int = 1) -> Mesh:
    """A level grid around the origin, facing up."""
    xs = np.linspace(-width_m / 2, width_m / 2, cells_x + 1)
    zs = np.linspace(-depth_m / 2, depth_m / 2, cells_z + 1)
    x, z = np.meshgrid(xs, zs)
    positions = np.stack([x, np.zeros_like(x), z], -1).reshape(-1, 3)
    first = (np.arange(cells_z)[:, None] * (cells_x + 1) + np.arange(cells_x)).reshape(-1)
    below = first + cells_x + 1
    indices = np.concatenate([np.stack([first, below, below + 1], 1), np.stack([first, below + 1, first + 1], 1)])
    return mesh_of(positions, np.tile([0.0, 1.0, 0.0], (len(positions), 1)), positions[:, [0, 2]], indices)


def stairs(width_m: float, rise_m: float, run_m: float, steps: int) -> Mesh:
    """Solid steps going up towards -z, starting at the origin, centred on x."""
    count = np.arange(steps)
    lows = np.stack([np.full(steps, -width_m / 2), np.zeros(steps), -(count + 1.0) * run_m], 1)
    highs = np.stack([np.full(steps, width_m / 2), (count + 1.0) * rise_m, -count * run_m], 1)
    return boxes(lows, highs, NO_BOTTOM)
