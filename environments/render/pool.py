"""Vertices and triangles of many meshes, one after the other, as two buffers hold them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.render.mesh_detail import Detail
from environments.render.model import Mesh

VERTEX = np.dtype(
    [("position", "f4", 3), ("normal", "f4", 3), ("uv", "f4", 2), ("light_uv", "f4", 2), ("color", "u1", 4)]
)
"""One vertex, 44 bytes."""


@dataclass(frozen=True, slots=True)
class Span:
    """A mesh, or a coarser copy of one, in the pool: its first index, its closed triangles' indices, the others'.

    `cell_m` is the size of the details that the copy has merged, 0 for the mesh itself.
    """

    cell_m: float
    first: int
    closed: int
    open: int


class Pool:
    """Collects meshes; `vertices` and `indices` give the bytes of all of them."""

    def __init__(self) -> None:
        self._vertices: list[NDArray[np.void]] = []
        self._indices: list[NDArray[np.uint32]] = []
        self._next_vertex = self._next_index = 0

    def add(self, mesh: Mesh, *, is_closed: bool, cell_m: float = 0.0) -> Span:
        """A mesh as it is, or a coarser copy; its triangles are seen from outside only where `is_closed`."""
        vertices = _plain(len(mesh.positions_m))
        vertices["position"], vertices["normal"], vertices["uv"] = mesh.positions_m, mesh.normals, mesh.uvs_m
        if mesh.light_uvs is not None:
            vertices["light_uv"] = mesh.light_uvs
        if mesh.colors is not None:
            vertices["color"] = np.round(np.clip(mesh.colors, 0.0, 1.0) * 255.0)
        size = mesh.indices.size
        return self._take(cell_m, vertices, mesh.indices, size if is_closed else 0)

    def add_detail(self, detail: Detail) -> Span:
        """One copy of a mesh that was made ready by `mesh_detail`."""
        vertices = _plain(len(detail.rows))
        vertices["position"], vertices["normal"] = detail.rows[:, :3], detail.rows[:, 3:6]
        vertices["uv"] = detail.rows[:, 6:]
        return self._take(detail.cell_m, vertices, detail.triangles, detail.closed * 3)

    def _take(self, cell_m: float, vertices: NDArray[np.void], triangles: NDArray[np.uint32], closed: int) -> Span:
        span = Span(cell_m, self._next_index, closed, triangles.size - closed)
        self._vertices.append(vertices)
        self._indices.append(triangles.reshape(-1) + np.uint32(self._next_vertex))
        self._next_vertex += len(vertices)
        self._next_index += triangles.size
        return span

    @property
    def vertices(self) -> NDArray[np.void]:
        """All vertices (n,) of `VERTEX`; one empty vertex where nothing was added."""
        return np.concatenate(self._vertices) if self._vertices else _plain(1)

    @property
    def indices(self) -> NDArray[np.uint32]:
        """All indices (m,)."""
        return np.concatenate(self._indices) if self._indices else np.zeros(3, np.uint32)


def _plain(count: int) -> NDArray[np.void]:
    vertices = np.zeros(count, VERTEX)
    vertices["color"] = 255
    return vertices
