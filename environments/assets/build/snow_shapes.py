"""Shapes for the ice canyon: bodies lofted through rings, balls, blocks of snow."""

from __future__ import annotations

import numpy as np

from environments.assets.build.mesh import Floats, Part

Ring = tuple[Floats, float, float]
"""The middle of a ring, its half width and its half height."""


def lofted(rings: list[Ring], sides: int = 18, power: float = 2.0) -> Part:
    """A body through upright rings along z; a ring of no size closes it; `power` 2 is round, more is boxier."""
    angle = np.arange(sides) * 2 * np.pi / sides
    across = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2.0 / power)
    above = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2.0 / power)
    rows = [np.column_stack([across * w, above * h, np.zeros(sides)]) + middle for middle, w, h in rings]
    return _sheet(np.stack(rows))


def turned_up(profile: list[tuple[float, float]], sides: int = 20, deep: float = 1.0) -> Part:
    """A body turned about the upright axis; the profile is (height, radius) from below; `deep` scales along z."""
    angle = np.arange(sides) * 2 * np.pi / sides
    rows = [np.column_stack([r * np.sin(angle), np.full(sides, y), deep * r * np.cos(angle)]) for y, r in profile]
    return _sheet(np.stack(rows))


def ball(middle: tuple[float, float, float], radii: tuple[float, float, float], rows: int = 9, sides: int = 14) -> Part:
    """An ellipsoid."""
    polar = np.linspace(0.0, np.pi, rows)
    found = turned_up([(float(-np.cos(p)), float(np.sin(p))) for p in polar], sides)
    return Part(found.points * np.array(radii) + np.array(middle), found.triangles, found.uv)


def bar(start: Floats, end: Floats, radius_m: tuple[float, float], sides: int = 7) -> Part:
    """A round bar between two places, with a radius at each end."""
    way = np.asarray(end, float) - start
    side = np.cross(way, [0.0, 1.0, 0.0] if abs(way[1]) < 0.9 * np.linalg.norm(way) else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(side, way / np.linalg.norm(way))
    angle = np.arange(sides) * 2 * np.pi / sides
    circle = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * other
    places = [(start, 0.0), (start, radius_m[0]), (end, radius_m[1]), (end, 0.0)]
    return _sheet(np.stack([circle * r + at for at, r in places]))


def block(low: Floats, high: Floats, bevel_m: float) -> Part:
    """A box with its edges cut."""
    rings: list[Ring] = []
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    for z, shrink in ((low[2], bevel_m), (low[2] + bevel_m, 0.0), (high[2] - bevel_m, 0.0), (high[2], bevel_m)):
        at = np.array([middle[0], middle[1], z])
        rings.append((at, half[0] - shrink, half[1] - shrink))
    ends = [(rings[0][0], 0.0, 0.0), *rings, (rings[-1][0], 0.0, 0.0)]
    return lofted(ends, sides=16, power=12.0)


def spun(part: Part, turn: Floats, to: Floats | tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Part:
    """The part turned by (3, 3) and moved."""
    return Part(part.points @ turn.T + np.asarray(to), part.triangles, part.uv, part.weights)


def about(axis: str, degrees: float) -> Floats:
    """A rotation (3, 3)."""
    a = np.radians(degrees)
    c, s = np.cos(a), np.sin(a)
    rows = {"x": [[1, 0, 0], [0, c, -s], [0, s, c]], "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]]}
    rows["z"] = [[c, -s, 0], [s, c, 0], [0, 0, 1]]
    return np.array(rows[axis], float)


def lumpy(part: Part, size_m: float, amount_m: float, seed: int) -> Part:
    """The part with soft bumps, as snow that was patted."""
    rng = np.random.default_rng(seed)
    ways, phases = rng.normal(size=(7, 3)) / size_m, rng.uniform(0, 2 * np.pi, 7)
    bumps = np.sin(part.points @ ways.T + phases).sum(1) / 7.0
    return Part(part.points + part.normals * (amount_m * bumps)[:, None], part.triangles, part.uv, part.weights)


def _sheet(rows: Floats) -> Part:
    """Rings (r, s, 3) joined; coordinates run 0-1 around and along."""
    count, sides = rows.shape[:2]
    ring = np.arange(sides)
    faces, coords = [], []
    around = np.arange(sides + 1) / sides
    for k in range(count - 1):
        a, b, c, d = k * sides + ring, k * sides + (ring + 1) % sides, (k + 1) * sides + ring, 0
        d = (k + 1) * sides + (ring + 1) % sides
        u, v, low, high = around[:-1], around[1:], k / (count - 1), (k + 1) / (count - 1)
        for corners, places in (
            ((a, b, c), ((u, low), (v, low), (u, high))),
            ((b, d, c), ((v, low), (v, high), (u, high))),
        ):
            faces.append(np.column_stack(corners))
            coords.append(np.stack([np.column_stack([x, np.full(sides, y)]) for x, y in places], axis=1))
    points, triangles, uv = rows.reshape(-1, 3), np.concatenate(faces), np.concatenate(coords)
    p = points[triangles]
    whole = np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), axis=1) > 1e-10
    return Part(points, triangles[whole].astype(np.int64), uv[whole])
