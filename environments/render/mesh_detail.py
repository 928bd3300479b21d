"""Meshes made ready for drawing: back faces that can be skipped, and coarser copies for far away.

Software and hardware alike pay for every small triangle, so parts smaller than a pixel are merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Mesh

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

CELLS_M = (0.1, 0.25, 0.6, 1.5)
"""Sizes to which coarser copies are snapped."""
_WORTH_IT = 0.75
_FEWEST = 48
_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class Detail:
    """One copy: rows of position, normal, texture coordinates (n, 8); triangles, the closed ones first."""

    cell_m: float
    rows: NDArray[np.float32]
    triangles: NDArray[np.uint32]
    closed: int


@dataclass(frozen=True, slots=True)
class _Parts:
    """Connected parts of a mesh: a part's number and whether it is closed, for each triangle."""

    of_triangle: Indices
    is_closed: NDArray[np.bool_]
    extent_m: Floats


def mean_edge_m(mesh: Mesh) -> float:
    """The longest edges (m) of triangles, averaged over the surface; of large meshes a sample is measured."""
    sample = mesh.indices[:: max(len(mesh.indices) // _SAMPLE, 1)]
    corners = mesh.positions_m[sample].astype(np.float64)
    edges = np.roll(corners, -1, axis=1) - corners
    areas = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1)
    lengths = np.linalg.norm(edges, axis=2).max(axis=1)
    return float((areas * lengths).sum() / max(areas.sum(), 1e-12))


def details_of(mesh: Mesh, scale: float) -> tuple[Detail, ...]:
    """The mesh itself and those of its coarser copies that save enough; `scale` is that of its instances."""
    positions = mesh.positions_m.astype(np.float64)
    triangles = _wound_like_normals(positions, mesh.normals, _proper(positions, mesh.indices.astype(np.int64)))
    parts = _parts(positions, triangles)
    rows = np.hstack([mesh.positions_m, mesh.normals, mesh.uvs_m]).astype(np.float32)
    details = [_detail(0.0, rows, triangles, parts.is_closed)]
    if len(triangles) < _FEWEST:
        return tuple(details)
    for cell_m in CELLS_M:
        snapped, kept = _snapped(positions, triangles, parts, cell_m / max(scale, 1e-6))
        if 0 < kept.sum() < _WORTH_IT * len(details[-1].triangles):
            coarse = rows.copy()
            coarse[:, :3] = snapped
            details.append(_detail(cell_m, coarse, triangles[kept], parts.is_closed[kept]))
    return tuple(details)


def thinned(mesh: Mesh, one_in: int) -> Mesh:
    """One in so many of a mesh's connected parts, as leaves are, each grown so that together they cover as much."""
    triangles = mesh.indices.astype(np.int64)
    parts = np.unique(_labels(triangles), return_inverse=True)[1].reshape(-1)
    kept = triangles[parts[triangles[:, 0]] % one_in == 0]
    used, renumbered = np.unique(kept, return_inverse=True)
    of, sizes = parts[used], np.bincount(parts[used])
    places = mesh.positions_m[used].astype(np.float64)
    middles = np.stack([np.bincount(of, places[:, axis]) / np.maximum(sizes, 1) for axis in range(3)], axis=-1)[of]
    grown = (middles + (places - middles) * one_in**0.5).astype(np.float32)
    colors, light_uvs = (None if rows is None else rows[used] for rows in (mesh.colors, mesh.light_uvs))
    indices = renumbered.reshape(kept.shape).astype(np.uint32)
    return Mesh(grown, mesh.normals[used], mesh.uvs_m[used], indices, light_uvs, colors)


def pieces_of(mesh: Mesh, widest_m: float, fewest: int) -> Iterator[Mesh]:
    """The mesh in pieces at most about `widest_m` wide, unless they have fewer triangles than `fewest`.

    Connected parts stay whole, so that pieces drawn in different detail leave no gaps.
    """
    if len(mesh.indices) <= fewest:
        yield mesh
        return
    positions = mesh.positions_m.astype(np.float64)
    corners = _welded(positions, 2e-4)[mesh.indices]
    part = np.unique(_labels(corners)[corners[:, 0]], return_inverse=True)[1].reshape(-1)
    middles, sizes = positions[mesh.indices].mean(axis=1), np.bincount(part)
    places = np.stack([np.bincount(part, middles[:, axis]) / sizes for axis in (0, 2)], axis=-1)
    for together in _grouped(places, sizes, widest_m, fewest):
        indices = mesh.indices[np.isin(part, together)]
        used, renumbered = np.unique(indices, return_inverse=True)
        triangles = renumbered.reshape(indices.shape).astype(np.uint32)
        yield Mesh(mesh.positions_m[used], mesh.normals[used], mesh.uvs_m[used], triangles)


def _grouped(places: Floats, sizes: Indices, widest_m: float, fewest: int) -> Iterator[Indices]:
    """Numbers of points (n, 2) that lie together, halved along their longer side while wide and many."""
    waiting = [np.arange(len(places))]
    while waiting:
        group = waiting.pop()
        low, high = places[group].min(axis=0), places[group].max(axis=0)
        axis = int(np.argmax(high - low))
        if sizes[group].sum() <= fewest or (high - low)[axis] <= widest_m:
            yield group
            continue
        is_low = places[group, axis] <= (low[axis] + high[axis]) / 2.0
        waiting += [group[is_low], group[~is_low]]


def _detail(cell_m: float, rows: NDArray[np.float32], triangles: Indices, is_closed: NDArray[np.bool_]) -> Detail:
    """One copy with only the rows that it needs."""
    ordered = np.concatenate([triangles[is_closed], triangles[~is_closed]])
    used, renumbered = np.unique(ordered, return_inverse=True)
    indices = renumbered.reshape(ordered.shape).astype(np.uint32)
    return Detail(cell_m, np.ascontiguousarray(rows[used]), np.ascontiguousarray(indices), int(is_closed.sum()))


def _proper(positions: Floats, triangles: Indices) -> Indices:
    """Without triangles that have no area, as at the poles of a ball."""
    corners = _welded(positions, 2e-4)[triangles]
    same = (corners[:, 0] == corners[:, 1]) | (corners[:, 1] == corners[:, 2]) | (corners[:, 0] == corners[:, 2])
    return np.asarray(triangles[~same])


def _wound_like_normals(positions: Floats, normals: NDArray[np.float32], triangles: Indices) -> Indices:
    """Triangles turned so that their own side is the one their normals point to."""
    corners = positions[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    wrong = (faces * normals[triangles].sum(axis=1)).sum(axis=1) < 0.0
    return np.asarray(np.where(wrong[:, None], triangles[:, [0, 2, 1]], triangles))


def _welded(positions: Floats, size_m: float) -> Indices:
    """One number for all points in the same cell of a grid."""
    cells = np.round(positions / size_m).astype(np.int64)
    cells -= cells.min(axis=0)
    spans = cells.max(axis=0) + 1
    flat = (cells[:, 0] * spans[1] + cells[:, 1]) * spans[2] + cells[:, 2]
    return np.asarray(np.unique(flat, return_inverse=True)[1].reshape(-1))


def _parts(positions: Floats, triangles: Indices) -> _Parts:
    """Connected parts; closed ones have every edge twice and enclose a positive volume."""
    corners = _welded(positions, 2e-4)[triangles]
    labels = _labels(corners)
    part = labels[corners[:, 0]]
    edges = np.sort(corners[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    flat = edges[:, 0] * (corners.max() + 1) + edges[:, 1]
    _, first, counts = np.unique(flat, return_index=True, return_counts=True)
    is_open = np.zeros(len(labels), dtype=bool)
    is_open[labels[edges[first[counts != 2], 0]]] = True
    a, b, c = (positions[triangles[:, column]] - positions[triangles[0, 0]] for column in range(3))
    volume = np.bincount(part, (a * np.cross(b, c)).sum(axis=1), len(labels))
    low, high = np.full((len(labels), 3), np.inf), np.full((len(labels), 3), -np.inf)
    for column in range(3):
        np.minimum.at(low, part, positions[triangles[:, column]])
        np.maximum.at(high, part, positions[triangles[:, column]])
    extent = np.where(np.isfinite(low[:, 0]), (high - low).max(axis=1), 0.0)
    return _Parts(part, (~is_open & (volume > 0.0))[part], extent[part])


def _labels(corners: Indices) -> Indices:
    """The smallest point number in each point's connected part."""
    labels = np.arange(corners.max() + 1)
    while True:
        before = labels.copy()
        least = labels[corners].min(axis=1)
        for column in range(3):
            np.minimum.at(labels, corners[:, column], least)
        labels = labels[labels]
        if np.array_equal(labels, before):
            return labels


def _snapped(positions: Floats, triangles: Indices, parts: _Parts, cell_m: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Positions moved to one point per cell, and the triangles that remain.

    Slender parts that would vanish whole (a bar, a blade) keep their own points and triangles.
    """
    cells = _welded(positions, cell_m)
    count = np.bincount(cells)
    middle = np.stack([np.bincount(cells, positions[:, axis]) / count for axis in range(3)], axis=-1)
    corners = cells[triangles]
    kept = (corners[:, 0] != corners[:, 1]) & (corners[:, 1] != corners[:, 2]) & (corners[:, 0] != corners[:, 2])
    left = np.bincount(parts.of_triangle, kept)
    slender = (left[parts.of_triangle] < 4) & (parts.extent_m > 2.0 * cell_m)
    moved = middle[cells]
    untouched = np.unique(triangles[slender])
    moved[untouched] = positions[untouched]
    return moved, kept | slender
