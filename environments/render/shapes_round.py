"""Mesh primitives with curved sides, all of them rings of points joined by a skin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from environments.render.model import Mesh
from environments.render.shapes import Float64, Vec3, mesh_of, with_normals


def loft(rings_m: ArrayLike, capped: bool = True, crease_deg: float = 60.0) -> Mesh:
    """A skin over rings (m, n, 3); each ring runs counter-clockwise seen against the way from first to last.

    A capped loft is closed by fans at both ends.  Texture: u round the ring, v along the way.
    """
    rings = np.asarray(rings_m, np.float64)
    count, around = rings.shape[:2]
    closed = np.concatenate([rings, rings[:, :1]], 1)
    u = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=1), axis=2).max(0))])
    v = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(rings, axis=0), axis=2).mean(1))])
    uvs = np.stack(np.broadcast_arrays(u[None, :], v[:, None]), -1).reshape(-1, 2)
    first = (np.arange(count - 1)[:, None] * (around + 1) + np.arange(around)).reshape(-1)
    above = first + around + 1
    faces = [np.stack([first, first + 1, above + 1], 1), np.stack([first, above + 1, above], 1)]
    positions = closed.reshape(-1, 3)
    if capped:
        faces += _caps(rings, len(positions))
        positions = np.concatenate([positions, rings[0].mean(0)[None], rings[-1].mean(0)[None]])
        uvs = np.concatenate([uvs, [[0.0, v[0]], [0.0, v[-1]]]])
    return with_normals(mesh_of(positions, np.zeros_like(positions), uvs, np.concatenate(faces)), crease_deg)


def _caps(rings: Float64, center_index: int) -> list[Float64]:
    count, around = rings.shape[:2]
    ring = np.arange(around)
    last = (count - 1) * (around + 1)
    low = np.stack([np.full(around, center_index), ring + 1, ring], 1)
    high = np.stack([np.full(around, center_index + 1), last + ring, last + ring + 1], 1)
    return [low, high]


def ellipse(center_m: Vec3, radius_x_m: float, radius_z_m: float, around: int) -> Float64:
    """A level ring (around, 3), right for a `loft` that rises."""
    turn = np.arange(around) * (2 * np.pi / around)
    x = center_m[0] + radius_x_m * np.sin(turn)
    z = center_m[2] + radius_z_m * np.cos(turn)
    return np.stack([x, np.full(around, center_m[1]), z], -1)


def lathe(profile_m: Sequence[tuple[float, float]], around: int = 16, crease_deg: float = 40.0) -> Mesh:
    """A profile of (radius, height) from bottom to top, turned about the y axis; closed."""
    rings = [ellipse((0.0, height, 0.0), max(radius, 1e-4), max(radius, 1e-4), around) for radius, height in profile_m]
    return loft(np.stack(rings), crease_deg=crease_deg)


def cylinder(radius_m: float, height_m: float, around: int = 16, top_radius_m: float | None = None) -> Mesh:
    """A closed cylinder or cone frustum standing on the origin."""
    upper = radius_m if top_radius_m is None else top_radius_m
    return lathe([(radius_m, 0.0), (upper, height_m)], around)


def dome(radius_m: float, height_m: float, rings: int = 4, around: int = 12) -> Mesh:
    """A closed half ellipsoid standing on the origin."""
    angles = np.linspace(0.0, np.pi / 2, rings + 1)
    return lathe([(radius_m * float(np.cos(a)), height_m * float(np.sin(a))) for a in angles], around, 60.0)


def limb(start_m: Vec3, end_m: Vec3, radii_m: Sequence[float], around: int = 8, flat: float = 1.0) -> Mesh:
    """A smooth tapered limb with round ends; `radii_m` are spread evenly from start to end.

    `flat` narrows it along z (for upright limbs).
    """
    start, end = np.asarray(start_m, np.float64), np.asarray(end_m, np.float64)
    way = end - start
    length = float(np.linalg.norm(way))
    heights = list(np.linspace(0.0, length, len(radii_m)))
    low, high = radii_m[0], radii_m[-1]
    profile = [(low * 0.62, -low * 0.55), *zip(radii_m, heights, strict=True), (high * 0.62, length + high * 0.55)]
    basis = _frame_along(way / length)
    rings = np.stack([ellipse((0.0, y, 0.0), r, r * flat, around) for r, y in profile])
    return loft(rings @ basis.T + start, crease_deg=180.0)


def _frame_along(up: Float64) -> Float64:
    """A turning matrix (3, 3) that takes the y axis to `up`, with x and z as near to level as can be."""
    reference = np.array([0.0, 0.0, 1.0]) if abs(up[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    x = np.cross(up, reference)
    x /= np.linalg.norm(x)
    return np.stack([x, up, np.cross(x, up)], 1)


def tube(path_m: ArrayLike, radius_m: float, around: int = 8) -> Mesh:
    """A closed round rail along a path (n, 3)."""
    path = np.asarray(path_m, np.float64)
    ways = np.gradient(path, axis=0)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    frame = _frame_along(ways[0])
    rings = []
    for point, way in zip(path, ways, strict=True):
        x = frame[:, 0] - way * np.dot(frame[:, 0], way)
        x /= np.linalg.norm(x)
        frame = np.stack([x, way, np.cross(x, way)], 1)
        rings.append(ellipse((0.0, 0.0, 0.0), radius_m, radius_m, around) @ frame.T + point)
    return loft(np.stack(rings))


def sphere(radius_m: float, rings: int = 6, around: int = 10) -> Mesh:
    """A closed ball around the origin."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    profile = [(radius_m * float(np.cos(a)), radius_m * float(np.sin(a))) for a in angles]
    return lathe(profile, around, 180.0)


def lump(radius_m: Vec3, unevenness: float, rng: np.random.Generator, finer: int = 1) -> Mesh:
    """An uneven closed blob around the origin (an icosahedron split `finer` times), for foliage and stones."""
    points, faces = _icosphere(finer)
    bumps = rng.normal(size=(6, 3))
    phases = rng.uniform(0.0, 2 * np.pi, 6)
    swell = 1.0 + unevenness * np.sin(points @ (bumps.T * 2.2) + phases).mean(1) * 1.6
    positions = points * swell[:, None] * np.asarray(radius_m)
    uvs = np.stack([np.arctan2(points[:, 0], points[:, 2]), points[:, 1]], -1) * float(np.mean(radius_m))
    rough = mesh_of(positions, points, uvs, faces)
    smooth = with_normals(rough, 180.0)
    return mesh_of(smooth.positions_m, smooth.normals, smooth.uvs_m, smooth.indices)


def _icosphere(finer: int) -> tuple[Float64, Float64]:
    golden = (1 + 5**0.5) / 2
    corners = [(0.0, s, t * golden) for s in (-1, 1) for t in (-1, 1)]
    points = np.array([p[-shift:] + p[:-shift] for p in corners for shift in (0, 1, 2)], np.float64)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    side = np.min(np.linalg.norm(points[0] - points[1:], axis=1)) * 1.01
    near = np.linalg.norm(points[:, None] - points, axis=2) < side
    faces = np.array([abc for abc in combinations(range(12), 3) if near[np.ix_(abc, abc)].all()])
    for _ in range(finer):
        middles = (points[faces] + points[np.roll(faces, -1, axis=1)]) / 2
        start = len(points) + np.arange(len(faces))[:, None] * 3
        m = start + np.arange(3)
        points = np.concatenate([points, middles.reshape(-1, 3)])
        faces = np.concatenate(
            [m] + [np.stack([faces[:, i], m[:, i], m[:, i - 1]], 1) for i in range(3)],
        )
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    corner = points[faces]
    outward = np.sum(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]) * corner[:, 0], 1) > 0
    return points, np.where(outward[:, None], faces, faces[:, ::-1])
