"""Collects geometry by material, so that a scene ends in few items."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from environments.render.model import Float32, Item, Material, Mesh
from environments.render.shapes import merge


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
            name = f"{group}: {material} {len(self._items)}"
            self._items.append(Item(name, mesh, self.materials[material], np.asarray(matrices, np.float32), group))

    def items(self) -> tuple[Item, ...]:
        """Everything collected, in a fixed order."""
        still = np.eye(4, dtype=np.float32)[None]
        joined = [
            Item(f"{group}: {material}", merge(meshes), self.materials[material], still, group)
            for (group, material), meshes in self._joined.items()
        ]
        return (*joined, *self._items)
