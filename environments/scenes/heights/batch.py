"""Collects geometry by material, so that a scene ends in few items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from environments.render.model import Float32, Item, Material, Mesh
from environments.render.shapes import merge
from environments.render.ways import Going

EYES_M = tuple((x, y, z) for x in (-2.0, 2.0) for y in (0.4, 126.0) for z in (-5.0, 3.6))
"""Corners of the space in which the patient's eyes can be."""
TWO_SIDED = frozenset({"spray", "clear glass", "grating"})
SMALL, SQUARE_M = "small", 40.0
"""Single leaves, chairs and bollards: a group that is hidden from high up and never moves."""
MOVING_GROUPS = frozenset({"deck", "plank wood", "plank glass"})


@dataclass(slots=True)
class Batch:
    """Meshes waiting to be joined: one item for each group and material, one for each instanced mesh."""

    materials: dict[str, Material]
    _joined: dict[tuple[str, str], list[Mesh]] = field(default_factory=dict)
    _items: list[Item] = field(default_factory=list)

    def add(self, material: str, *meshes: Mesh, group: str = "static") -> None:
        """Join meshes to everything else of that material and group."""
        self._joined.setdefault((group, material), []).extend(meshes)

    def scatter(self, material: str, mesh: Mesh, matrices: Float32, group: str = "static") -> None:
        """Draw one mesh at every matrix of (k, 4, 4)."""
        if len(matrices):
            matrices = matrices[np.argsort(np.hypot(matrices[:, 0, 3], matrices[:, 2, 3]), kind="stable")]
            for near in by_squares(np.asarray(matrices, np.float32)) if group == SMALL else (matrices,):
                name = f"{group}: {material} {len(self._items)}"
                self._items.append(Item(name, mesh, self.materials[material], np.asarray(near, np.float32), group))

    def put(self, item: Item) -> None:
        """Take up something ready-made."""
        self._items.append(replace(item, name=f"{item.group}: {item.name} {len(self._items)}"))

    def send(
        self, material: str, mesh: Mesh, going: Going, standing: Float32 | None = None, group: str = "static"
    ) -> None:
        """Draw one mesh wherever it goes; `standing` (k, 4, 4) is where those are that do not go."""
        if len(going.way):
            still = np.tile(np.eye(4, dtype=np.float32), (len(going.way), 1, 1)) if standing is None else standing
            name = f"{group}: {material} {len(self._items)}"
            self._items.append(Item(name, mesh, self.materials[material], still, group, going))

    def stream(self, material: str, mesh: Mesh, matrices: Float32) -> None:
        """Draw one mesh at every matrix of (k, 4, 4), blown about by the wind."""
        name = f"static: {material} {len(self._items)}"
        self._items.append(Item(name, mesh, self.materials[material], matrices, streams=True))

    def items(self) -> tuple[Item, ...]:
        """Everything collected, in a fixed order."""
        return (*(self._joined_item(group, material) for group, material in self._joined), *self._items)

    def _joined_item(self, group: str, material: str) -> Item:
        mesh = merge(self._joined[group, material])
        if group not in MOVING_GROUPS:
            mesh = near_first(mesh if material in TWO_SIDED else facing_tower(mesh))
        still = np.eye(4, dtype=np.float32)[None]
        return Item(f"{group}: {material}", mesh, self.materials[material], still, group)


def by_squares(matrices: Float32, square_m: float = SQUARE_M) -> Iterator[Float32]:
    """Placements (k, 4, 4) that lie in the same square, so that far ones can be drawn more simply."""
    squares = np.floor(matrices[:, [0, 2], 3] / square_m)
    numbers = np.unique(squares, axis=0, return_inverse=True)[1].reshape(-1)
    for number in range(numbers.max() + 1):
        yield matrices[numbers == number]


def near_first(mesh: Mesh) -> Mesh:
    """The mesh with its triangles in order of distance from the tower, where the patient always is.

    Drawn in this order, what is near hides what is behind it before that is shaded.
    """
    middles = mesh.positions_m[mesh.indices].mean(axis=1)
    order = np.argsort(np.hypot(middles[:, 0], middles[:, 2]), kind="stable")
    return Mesh(mesh.positions_m, mesh.normals, mesh.uvs_m, np.ascontiguousarray(mesh.indices[order]))


def facing_tower(mesh: Mesh) -> Mesh:
    """The mesh without the triangles whose outside cannot be seen from anywhere the patient can be."""
    corners = mesh.positions_m[mesh.indices].astype(np.float64)
    outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    seen = np.zeros(len(corners), bool)
    for eye in EYES_M:
        seen |= np.einsum("ni,ni->n", outward, np.asarray(eye) - corners[:, 0]) > 0.0
    indices = mesh.indices[seen]
    used, compact = np.unique(indices, return_inverse=True)
    compacted = compact.reshape(-1, 3).astype(np.uint32)
    return Mesh(mesh.positions_m[used], mesh.normals[used], mesh.uvs_m[used], compacted)
