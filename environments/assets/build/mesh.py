"""Meshes while they are being made: triangles with corner coordinates, weights and morphs, and what is done to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one material.

    points (n, 3) metres, y up, facing +z; triangles (m, 3); uv (m, 3, 2) per corner, v down;
    weights (n, joints) or empty; morphs: name → offsets (n, 3); bent: normals (n, 3) to use instead of the surface's.
    """

    points: Floats
    triangles: Ints
    uv: Floats
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    morphs: dict[str, Floats] = field(default_factory=dict)
    bent: Floats | None = None

    @property
    def normals(self) -> Floats:
        """Unit normals (n, 3)."""
        return normals(self.points, self.triangles) if self.bent is None else self.bent


def unit(vectors: Floats) -> Floats:
    """Vectors of length one; zero stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12))


def normals(points: Floats, triangles: Ints) -> Floats:
    """Area-weighted vertex normals (n, 3)."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    found = np.zeros_like(points)
    for k in range(3):
        np.add.at(found, triangles[:, k], across)
    return unit(found)


def fans(faces: list[tuple[int, ...]]) -> Ints:
    """Triangles (m, 3) of polygons."""
    return np.array([(f[0], f[k], f[k + 1]) for f in faces for k in range(1, len(f) - 1)], dtype=np.int64).reshape(
        -1, 3
    )


def neighbours(count: int, triangles: Ints) -> tuple[Ints, Ints]:
    """Every edge of the mesh in both directions: from (e,), to (e,)."""
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    both = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    return both[:, 0], both[:, 1]


def smoothed(points: Floats, triangles: Ints, rounds: int, factor: float = 0.5, hold: Floats | None = None) -> Floats:
    """Laplacian smoothing; `hold` (n,) 0–1 keeps vertices where they are."""
    start, end = neighbours(len(points), triangles)
    degree = np.maximum(np.bincount(start, minlength=len(points)), 1)[:, None]
    move = factor * (np.ones(len(points)) if hold is None else 1.0 - hold)[:, None]
    now = points.copy()
    for _ in range(rounds):
        total = np.zeros_like(now)
        np.add.at(total, start, now[end])
        now += move * (total / degree - now)
    return now


def border_loops(triangles: Ints) -> list[list[int]]:
    """The open edges of a mesh as closed loops of vertices, in the direction of their triangles."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).tolist()
    known = {(a, b) for a, b in edges}
    after = {a: b for a, b in edges if (b, a) not in known}
    loops = []
    while after:
        first, here = after.popitem()
        loop = [first]
        while here != first and here in after:
            loop.append(here)
            here = after.pop(here)
        if len(loop) > 2:
            loops.append(loop)
    return loops


def kept(part: Part, triangles: NDArray[np.bool_]) -> Part:
    """The part with only these triangles and the vertices they need."""
    chosen = part.triangles[triangles]
    used, flat = np.unique(chosen, return_inverse=True)
    return replace(
        part,
        points=part.points[used],
        triangles=flat.reshape(-1, 3),
        uv=part.uv[triangles],
        weights=part.weights[used] if part.weights.size else part.weights,
        morphs={name: offsets[used] for name, offsets in part.morphs.items()},
        bent=None if part.bent is None else part.bent[used],
    )


def joined(parts: list[Part]) -> Part:
    """Several parts as one; weights of all or of none."""
    starts = np.cumsum([0, *(len(p.points) for p in parts)])
    names = sorted({name for p in parts for name in p.morphs})
    bent = any(p.bent is not None for p in parts)
    return Part(
        points=np.concatenate([p.points for p in parts]),
        triangles=np.concatenate([p.triangles + s for p, s in zip(parts, starts, strict=False)]),
        uv=np.concatenate([p.uv for p in parts]),
        weights=np.concatenate([p.weights for p in parts]) if parts[0].weights.size else parts[0].weights,
        morphs={n: np.concatenate([p.morphs.get(n, np.zeros_like(p.points)) for p in parts]) for n in names},
        bent=np.concatenate([p.normals for p in parts]) if bent else None,
    )


def placed(part: Part, rectangle: tuple[float, float, float, float]) -> Part:
    """The part with its corner coordinates moved from 0–1 into (u, v, width, height) of an atlas."""
    u, v, width, height = rectangle
    return replace(part, uv=part.uv * (width, height) + (u, v))


def tangents(points: Floats, normal: Floats, uv: Floats, triangles: Ints) -> NDArray[np.float32]:
    """Tangents (n, 4) of vertices with one coordinate each; w is the handedness (v down, as glTF has it)."""
    p, q = (values[triangles] for values in (points, uv))
    e1, e2 = p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]
    d1, d2 = q[:, 1] - q[:, 0], q[:, 2] - q[:, 0]
    area = d1[:, 0] * d2[:, 1] - d2[:, 0] * d1[:, 1]
    scale = np.where(np.abs(area) < 1e-12, 0.0, 1.0 / np.where(np.abs(area) < 1e-12, 1.0, area))[:, None]
    along = (e1 * d2[:, 1:] - e2 * d1[:, 1:]) * scale
    down = (e2 * d1[:, :1] - e1 * d2[:, :1]) * scale
    t, b = np.zeros_like(points), np.zeros_like(points)
    for k in range(3):
        np.add.at(t, triangles[:, k], unit(along))
        np.add.at(b, triangles[:, k], unit(down))
    t -= normal * (t * normal).sum(1, keepdims=True)
    lost = np.linalg.norm(t, axis=1) < 1e-6
    spare = np.cross(normal, np.where(np.abs(normal[:, :1]) < 0.9, [[1.0, 0, 0]], [[0, 1.0, 0]]))
    t = unit(np.where(lost[:, None], spare, t))
    # A texture's v points down while the bitangent of glTF points up: the sign is turned.
    hand = np.where((np.cross(normal, t) * -b).sum(1) < 0, -1.0, 1.0)
    return np.column_stack([t, hand]).astype(np.float32)


def vertices(part: Part) -> dict[str, Any]:
    """The part as a GPU wants it: one vertex per point and coordinate; arrays by name, `source` is the point."""
    corner = np.round(part.uv.reshape(-1, 2), 6)
    keys = np.column_stack([part.triangles.reshape(-1), corner])
    unique, flat = np.unique(keys, axis=0, return_inverse=True)
    source = unique[:, 0].astype(np.int64)
    triangles = flat.reshape(-1, 3)
    triangles = triangles[(triangles[:, [0, 1, 2]] != triangles[:, [1, 2, 0]]).all(1)]
    points, normal, uv = part.points[source], part.normals[source], unique[:, 1:]
    return {
        "source": source,
        "triangles": triangles,
        "points": points.astype(np.float32),
        "normals": normal.astype(np.float32),
        "tangents": tangents(points, normal, uv, triangles),
        "uv": uv.astype(np.float32),
    }
