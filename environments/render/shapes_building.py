"""Mesh primitives of buildings: walls with openings, windows, roofs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from environments.render.model import Mesh
from environments.render.shapes import NO_BOTTOM, Float64, across, boxes, merge, mesh_of, quads

Opening = tuple[float, float, float, float]
"""Left, bottom, right and top of an opening, in metres from the wall's lower left corner."""


def wall_with_openings(width_m: float, height_m: float, openings: Sequence[Opening]) -> Mesh:
    """A wall in the plane z = 0 facing +z, from x = 0 to its width, with rectangular holes.

    Openings have to stand in rows: those that overlap in height share bottom and top.
    """
    rows: dict[tuple[float, float], list[Opening]] = {}
    for opening in openings:
        rows.setdefault((opening[1], opening[3]), []).append(opening)
    rectangles: list[Opening] = []
    reached_m = 0.0
    for (bottom, top), row in sorted(rows.items()):
        rectangles.append((0.0, reached_m, width_m, bottom))
        left = 0.0
        for opening in sorted(row):
            rectangles.append((left, bottom, opening[0], top))
            left = opening[2]
        rectangles.append((left, bottom, width_m, top))
        reached_m = top
    rectangles.append((0.0, reached_m, width_m, height_m))
    solid = np.array([r for r in rectangles if r[2] - r[0] > 1e-6 and r[3] - r[1] > 1e-6])
    x0, y0, x1, y1 = solid.T
    zero = np.zeros_like(x0)
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    return quads(np.stack([np.stack([x, y, zero], -1) for x, y in corners], 1))


def window_frame(width_m: float, height_m: float, recess_m: float = 0.18, bar_m: float = 0.07) -> Mesh:
    """What fills an opening but the panes: the sides of the recess, frame, a cross and the sill.

    The opening's lower left corner is the origin, the wall's surface z = 0.
    """
    w, h, r = width_m, height_m, recess_m
    sides = quads(
        np.array(
            [
                [(0, 0, 0), (0, 0, -r), (0, h, -r), (0, h, 0)],
                [(w, 0, -r), (w, 0, 0), (w, h, 0), (w, h, -r)],
                [(0, h, -r), (w, h, -r), (w, h, 0), (0, h, 0)],
            ]
        )
    )
    b, face = bar_m, -r + 0.03
    flat = [(0.0, 0.0, w, h, -r)]
    flat += [(w / 2 - b / 2, b, w / 2 + b / 2, h - b, face), (b, h * 0.68, w - b, h * 0.68 + b * 0.8, face)]
    fronts = quads([[(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)] for x0, y0, x1, y1, z in flat])
    sill = boxes([(-0.08, -0.09, -r)], [(w + 0.08, 0.0, 0.12)], ("front", "top", "left", "right"))
    return merge((sides, fronts, sill))


def pane(width_m: float, height_m: float, recess_m: float = 0.18, bar_m: float = 0.07) -> Mesh:
    """The glass of a `window_frame`, in front of its back and behind its cross."""
    x0, y0, z = bar_m, bar_m, -recess_m + 0.015
    x1, y1 = width_m - bar_m, height_m - bar_m
    return quads([[(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]])


def gable_roofs(lows_m: ArrayLike, highs_m: ArrayLike, ridge_along_x: ArrayLike, hip_m: ArrayLike = 0.0) -> Mesh:
    """Pitched roofs filling boxes (n, 3): ridge along x or z, ends upright or leaning in by `hip_m`; open below."""
    lows, highs = np.asarray(lows_m, np.float64).reshape(-1, 3), np.asarray(highs_m, np.float64).reshape(-1, 3)
    along_x = np.broadcast_to(np.asarray(ridge_along_x, bool), len(lows))
    hips = np.broadcast_to(np.asarray(hip_m, np.float64), len(lows))
    parts = []
    for flag in (True, False):
        chosen = along_x == flag
        if chosen.any():
            parts.append(_roofs_one_way(lows[chosen], highs[chosen], hips[chosen], flag))
    return merge(parts)


def _roofs_one_way(lows: Float64, highs: Float64, hips: Float64, along_x: bool) -> Mesh:
    one, two = (0, 2) if along_x else (2, 0)
    a0, a1, b0, b1 = lows[:, one], highs[:, one], lows[:, two], highs[:, two]
    y0, y1, middle = lows[:, 1], highs[:, 1], (lows[:, two] + highs[:, two]) / 2

    def point(a: Float64, y: Float64, b: Float64) -> Float64:
        return np.stack([a, y, b] if along_x else [b, y, a], -1)

    ridge0, ridge1 = point(a0 + hips, y1, middle), point(a1 - hips, y1, middle)
    c00, c10 = point(a0, y0, b0), point(a1, y0, b0)
    c01, c11 = point(a0, y0, b1), point(a1, y0, b1)
    slopes = [np.stack([c01, c11, ridge1, ridge0], 1), np.stack([c10, c00, ridge0, ridge1], 1)]
    ends = [np.stack([c00, c01, ridge0], 1), np.stack([c11, c10, ridge1], 1)]
    if not along_x:
        slopes, ends = [s[:, [1, 0, 3, 2]] for s in slopes], [e[:, ::-1] for e in ends]
    return merge((quads(np.concatenate(slopes)), triangles(np.concatenate(ends))))


def triangles(corners_m: ArrayLike) -> Mesh:
    """Flat triangles (n, 3, 3), counter-clockwise; u along the first edge."""
    corners = np.asarray(corners_m, np.float64).reshape(-1, 3, 3)
    along = corners[:, 1] - corners[:, 0]
    normals = across(along, corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    first = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
    offsets = corners - corners[:, :1]
    uvs = np.stack(
        [np.einsum("nij,nj->ni", offsets, first), np.einsum("nij,nj->ni", offsets, across(normals, first))], -1
    )
    return mesh_of(corners, np.repeat(normals, 3, axis=0), uvs, np.arange(len(corners) * 3))


def block_walls(lows_m: ArrayLike, highs_m: ArrayLike) -> Mesh:
    """The four walls of many boxes, with v counted from each box's foot and u from each wall's corner."""
    lows = np.asarray(lows_m, np.float64).reshape(-1, 3)
    highs = np.asarray(highs_m, np.float64).reshape(-1, 3)
    mesh = boxes(lows, highs, ("right", "left", "front", "back"))
    corners = mesh.positions_m.reshape(-1, 4, 3).astype(np.float64)
    widths = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
    heights = corners[:, 3, 1] - corners[:, 0, 1]
    zero = np.zeros_like(widths)
    uvs = np.stack([np.stack([zero, widths, widths, zero], 1), np.stack([zero, zero, heights, heights], 1)], -1)
    return mesh_of(mesh.positions_m, mesh.normals, uvs, mesh.indices)


def flat_roofs(lows_m: ArrayLike, highs_m: ArrayLike, parapet_m: float = 0.6) -> Mesh:
    """Flat roofs on boxes with a parapet around."""
    lows = np.asarray(lows_m, np.float64).reshape(-1, 3)
    highs = np.asarray(highs_m, np.float64).reshape(-1, 3)
    thick = 0.3
    up = np.array([0.0, parapet_m, 0.0])
    parts = [boxes(lows, highs, ("top",))]
    for axis, side in ((0, 0), (0, 1), (2, 0), (2, 1)):
        low, high = lows.copy(), highs.copy()
        low[:, 1] = highs[:, 1]
        if side:
            low[:, axis] = highs[:, axis] - thick
        else:
            high[:, axis] = lows[:, axis] + thick
        parts.append(boxes(low, high + up, NO_BOTTOM))
    return merge(parts)
