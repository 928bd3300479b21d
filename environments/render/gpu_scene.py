"""A scene's geometry on the graphics card: one `GpuItem` for each `Item`."""

from __future__ import annotations

from collections.abc import Mapping

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.model import Float32, Item, Material, SceneModel
from environments.render.programs import SURFACE_BLOCK, Programs

BLENDED_PATTERNS = frozenset({"glass", "grating"})
_INSTANCE_BYTES = 64


class GpuItem:
    """Buffers, bounds and the two vertex arrays (lit, shadow) of one item."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, item: Item) -> None:
        material = item.material
        self.group = item.group
        self.is_blended = material.opacity < 1.0 or material.pattern in BLENDED_PATTERNS
        self.casts_shadow = material.casts_shadow and not self.is_blended
        self._ctx, self._programs, self._pattern = ctx, programs, material.pattern
        low, high = item.mesh.positions_m.min(axis=0), item.mesh.positions_m.max(axis=0)
        self._center = np.append((low + high) / 2.0, 1.0)
        self._radius = float(np.linalg.norm(high - low) / 2.0)
        rows = np.hstack([item.mesh.positions_m, item.mesh.normals, item.mesh.uvs_m]).astype("f4")
        self._vertices = ctx.buffer(np.ascontiguousarray(rows))
        self._indices = ctx.buffer(np.ascontiguousarray(item.mesh.indices, dtype=np.uint32))
        self._surface = ctx.buffer(_surface_block(material, float(high[1])))
        self._built = item.transforms
        self._moved: Float32 | None = None
        self._make_instances(max(len(item.transforms), 1))
        self.place(None)

    def _make_instances(self, capacity: int) -> None:
        self._capacity = capacity
        self._instances = self._ctx.buffer(reserve=capacity * _INSTANCE_BYTES, dynamic=True)
        lit, dark = self._programs.surface(self._pattern), self._programs.get("shadow.vert.glsl", "shadow.frag.glsl")
        instances = (self._instances, "16f4/i", "in_transform")
        names = [name if name in lit else None for name in ("in_position", "in_normal", "in_uv")]
        layout = " ".join(size if name else pad for name, size, pad in zip(names, ("3f4", "3f4", "2f4"), ("3x4", "3x4", "2x4"), strict=True))
        used = [name for name in names if name]
        self.lit = self._ctx.vertex_array(lit, [(self._vertices, layout, *used), instances], self._indices, 4)
        self.dark = self._ctx.vertex_array(dark, [(self._vertices, "3f4 5x4", "in_position"), instances], self._indices, 4)

    def place(self, transforms: Float32 | None) -> bool:
        """Set this moment's instances, None for the built ones; tells whether they changed."""
        if transforms is None:
            if self._moved is None and hasattr(self, "count"):
                return False
            wanted = self._built
        else:
            if self._moved is not None and np.array_equal(transforms, self._moved):
                return False
            wanted = transforms
        if len(wanted) > self._capacity:
            self._release_instances()
            self._make_instances(len(wanted))
        self._moved = transforms
        self.count = len(wanted)
        if self.count:
            self._instances.write(np.ascontiguousarray(wanted.transpose(0, 2, 1), dtype="f4"))
            self._set_bounds(wanted.astype(np.float64))
        return True

    def _set_bounds(self, transforms: NDArray[np.float64]) -> None:
        centers = (transforms @ self._center)[:, :3]
        scale = float(np.sqrt((transforms[:, :3, :3] ** 2).sum(axis=1).max()))
        low, high = centers.min(axis=0), centers.max(axis=0)
        self.center = (low + high) / 2.0
        self.radius = float(np.linalg.norm(high - low) / 2.0) + self._radius * scale

    def draw(self) -> None:
        """Draw lit, in the item's own material."""
        self._surface.bind_to_uniform_block(SURFACE_BLOCK)
        self.lit.render(instances=self.count)

    def draw_shadow(self) -> None:
        """Draw depth only."""
        self.dark.render(instances=self.count)

    def _release_instances(self) -> None:
        for part in (self.lit, self.dark, self._instances):
            part.release()

    def release(self) -> None:
        """Free everything."""
        self._release_instances()
        for part in (self._vertices, self._indices, self._surface):
            part.release()


def _surface_block(material: Material, height_m: float) -> bytes:
    values = (
        *material.base_color_linear,
        material.roughness,
        *material.emission_linear,
        material.metallic,
        max(material.pattern_scale_m, 1e-3),
        material.opacity,
        material.sways,
        height_m,
    )
    return np.array(values, dtype="f4").tobytes()


class GpuScene:
    """All items of a scene; `arrange` applies a moment's moves and hidden groups."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, model: SceneModel) -> None:
        self.has_sea = model.has_sea
        self.items = tuple(GpuItem(ctx, programs, item) for item in model.items if len(item.mesh.indices))
        self._hidden: frozenset[str] = frozenset()
        self.shown: tuple[GpuItem, ...] = self.items
        self.version = 0

    def arrange(self, moves: Mapping[str, Float32], hidden: frozenset[str]) -> None:
        """Move and hide groups; `version` changes when a shadow caster did."""
        changed = hidden != self._hidden
        self._hidden = hidden
        for item in self.items:
            if item.group not in hidden and item.place(moves.get(item.group)) and item.casts_shadow:
                changed = True
        if changed:
            self.version += 1
        self.shown = tuple(item for item in self.items if item.group not in hidden and item.count)

    def caster_bounds(self) -> tuple[NDArray[np.float64], float]:
        """Centre and radius of a ball around everything that casts a shadow."""
        balls = [(item.center, item.radius) for item in self.items if item.casts_shadow and item.count]
        if not balls:
            return np.zeros(3), 50.0
        low = np.min([center - radius for center, radius in balls], axis=0)
        high = np.max([center + radius for center, radius in balls], axis=0)
        return (low + high) / 2.0, float(np.linalg.norm(high - low) / 2.0)

    def release(self) -> None:
        """Free everything."""
        for item in self.items:
            item.release()
