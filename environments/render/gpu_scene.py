"""A scene's geometry on the graphics card: one `GpuItem` for each `Item`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.mesh_detail import Detail, details_of, pieces_of
from environments.render.model import Float32, Item, Material, SceneModel
from environments.render.programs import SURFACE_BLOCK, Programs

BLENDED_PATTERNS = frozenset({"glass", "grating"})
_INSTANCE_BYTES = 64
_SQUARE_M = 40.0
_UNSEEN_PART = 0.1
"""Fine detail is not drawn where a pixel is this part of a pattern's unit."""
_DULL = 0.5
"""Smoother surfaces are always drawn with all their reflections."""
_PIECE_TRIANGLES = 100
"""Large meshes are cut where that leaves pieces of more triangles than this."""


@dataclass(frozen=True, slots=True)
class GpuDetail:
    """One copy of a mesh with its vertex arrays (lit, lit from afar, shadow); closed triangles come first."""

    cell_m: float
    indices: int
    closed_indices: int
    lit: moderngl.VertexArray
    far: moderngl.VertexArray
    dark: moderngl.VertexArray
    buffers: tuple[moderngl.Buffer, moderngl.Buffer]


class GpuItem:
    """Buffers and bounds of one item, in several degrees of detail."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, item: Item, details: tuple[Detail, ...]) -> None:
        material = item.material
        self.group = item.group
        self.is_blended = material.opacity < 1.0 or material.pattern in BLENDED_PATTERNS
        self.casts_shadow = material.casts_shadow and not self.is_blended
        self._ctx, self._programs, self._pattern = ctx, programs, material.pattern
        self.far_from_m = _far_from_m(material)
        low, high = item.mesh.positions_m.min(axis=0), item.mesh.positions_m.max(axis=0)
        self._center = np.append((low + high) / 2.0, 1.0)
        self._radius = float(np.linalg.norm(high - low) / 2.0)
        self._surface = ctx.buffer(_surface_block(material, float(high[1])))
        self._built = item.transforms
        self._moved: Float32 | None = None
        self._capacity = max(len(item.transforms), 1)
        self._instances = ctx.buffer(reserve=self._capacity * _INSTANCE_BYTES, dynamic=True)
        self._details = [self._upload(detail) for detail in details]
        self._write(self._built)

    def _upload(self, detail: Detail) -> GpuDetail:
        vertices, indices = self._ctx.buffer(detail.rows), self._ctx.buffer(detail.triangles)
        dark = self._programs.get("shadow.vert.glsl", "shadow.frag.glsl")
        instances = (self._instances, "16f4/i", "in_transform")

        def lit(program: moderngl.Program) -> moderngl.VertexArray:
            parts = (("in_position", "3f4", "3x4"), ("in_normal", "3f4", "3x4"), ("in_uv", "2f4", "2x4"))
            layout = " ".join(used if name in program else skipped for name, used, skipped in parts)
            names = [name for name, _, _ in parts if name in program]
            return self._ctx.vertex_array(program, [(vertices, layout, *names), instances], indices, 4)

        return GpuDetail(
            detail.cell_m,
            detail.triangles.size,
            detail.closed * 3,
            lit(self._programs.surface(self._pattern)),
            lit(self._programs.surface(self._pattern, is_far=True)),
            self._ctx.vertex_array(dark, [(vertices, "3f4 5x4", "in_position"), instances], indices, 4),
            (vertices, indices),
        )

    def place(self, transforms: Float32 | None) -> bool:
        """Set this moment's instances (at most as many as were built), None for the built ones; tells of a change."""
        before = self._moved
        if transforms is before or (
            transforms is not None and before is not None and np.array_equal(transforms, before)
        ):
            return False
        self._moved = transforms
        self._write(self._built if transforms is None else transforms)
        return True

    def _write(self, transforms: Float32) -> None:
        if len(transforms) > self._capacity:
            self._capacity = len(transforms)
            self._instances.orphan(self._capacity * _INSTANCE_BYTES)
        self.count = len(transforms)
        if self.count:
            self._instances.write(np.ascontiguousarray(transforms.transpose(0, 2, 1), dtype="f4"))
            self._set_bounds(transforms.astype(np.float64))

    def _set_bounds(self, transforms: NDArray[np.float64]) -> None:
        centers = self._centers = (transforms @ self._center)[:, :3]
        scale = float(np.sqrt((transforms[:, :3, :3] ** 2).sum(axis=1).max()))
        low, high = centers.min(axis=0), centers.max(axis=0)
        self.center = (low + high) / 2.0
        self.part_radius = self._radius * scale
        self.radius = float(np.linalg.norm(high - low) / 2.0) + self.part_radius

    def nearest_m(self, eye_m: NDArray[np.float64]) -> float:
        """Distance from the eye to the nearest instance's ball, 0 inside it."""
        apart_m = np.sqrt(((self._centers - eye_m) ** 2).sum(axis=1).min())
        return max(float(apart_m) - self.part_radius, 0.0)

    def _fitting(self, cell_m: float) -> GpuDetail:
        """The coarsest copy whose cells are at most `cell_m`."""
        return max((detail for detail in self._details if detail.cell_m <= cell_m), key=lambda detail: detail.cell_m)

    def draw(self, cell_m: float, *, is_far: bool) -> None:
        """Draw lit, in the item's own material; details under `cell_m` may be merged, and fine ones left out."""
        self._surface.bind_to_uniform_block(SURFACE_BLOCK)
        detail = self._fitting(cell_m)
        self._render(detail, detail.far if is_far else detail.lit)

    def draw_shadow(self, cell_m: float) -> None:
        """Draw depth only."""
        detail = self._fitting(cell_m)
        self._render(detail, detail.dark)

    def _render(self, detail: GpuDetail, array: moderngl.VertexArray) -> None:
        if detail.closed_indices:
            self._ctx.enable(moderngl.CULL_FACE)
            array.render(vertices=detail.closed_indices, instances=self.count)
            self._ctx.disable(moderngl.CULL_FACE)
        if detail.indices > detail.closed_indices:
            rest = detail.indices - detail.closed_indices
            array.render(vertices=rest, first=detail.closed_indices, instances=self.count)

    def release(self) -> None:
        """Free everything."""
        for detail in self._details:
            for part in (detail.lit, detail.far, detail.dark, *detail.buffers):
                part.release()
        self._instances.release()
        self._surface.release()


def _far_from_m(material: Material) -> float:
    """How wide (m) a pixel is when a material's fine detail can no longer be seen."""
    is_dull = material.roughness >= _DULL or material.pattern == "facade"
    return _UNSEEN_PART * material.pattern_scale_m if is_dull else math.inf


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
    """All items of a scene; `arrange` applies a moment's moves and hidden groups.

    `balls` (n, 6) are the shown items' bounds: centre, radius, radius of one instance; and `far_from_m`.
    """

    def __init__(self, ctx: moderngl.Context, programs: Programs, model: SceneModel) -> None:
        self.has_sea = model.has_sea
        self.items = tuple(
            GpuItem(ctx, programs, part, details)
            for item, details in _with_details([part for item in model.items for part in _in_pieces(item)])
            for part in _near_together(item)
        )
        self._hidden: frozenset[str] = frozenset()
        self.shown: tuple[GpuItem, ...] = self.items
        self.version = self.static_version = 0
        self.balls = np.zeros((0, 6))

    def arrange(self, moves: Mapping[str, Float32], hidden: frozenset[str]) -> None:
        """Move and hide groups; `version` changes when a shadow caster did.

        `static_version` changes only when groups were hidden or shown.
        """
        if hidden != self._hidden:
            self.version += 1
            self.static_version += 1
        self._hidden = hidden
        changed = False
        for item in self.items:
            if item.group not in hidden and item.place(moves.get(item.group)) and item.casts_shadow:
                changed = True
        if changed:
            self.version += 1
        self.shown = tuple(item for item in self.items if item.group not in hidden and item.count)
        if self.shown:
            balls = [(*item.center, item.radius, item.part_radius, item.far_from_m) for item in self.shown]
            self.balls = np.array(balls)

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


def _in_pieces(item: Item) -> Iterator[Item]:
    """A single wide mesh cut up, so that its far pieces can be drawn coarser or not at all."""
    if len(item.transforms) != 1 or item.material.sways > 0.0:
        yield item
        return
    for mesh in pieces_of(item.mesh, _SQUARE_M, _PIECE_TRIANGLES):
        yield replace(item, mesh=mesh)


def _with_details(items: Iterable[Item]) -> Iterator[tuple[Item, tuple[Detail, ...]]]:
    """Every item that has triangles; items that share a mesh share its details."""
    known: dict[int, tuple[Detail, ...]] = {}
    for item in items:
        if len(item.mesh.indices) == 0:
            continue
        if id(item.mesh) not in known:
            scale = float(np.linalg.norm(item.transforms[:, :3, :3], axis=1).max()) if len(item.transforms) else 1.0
            known[id(item.mesh)] = details_of(item.mesh, scale)
        yield item, known[id(item.mesh)]


def _near_together(item: Item) -> Iterator[Item]:
    """A still item's instances by squares of `_SQUARE_M`, so that far ones can be drawn coarser or not at all."""
    if item.group != "static" or len(item.transforms) < 2:
        yield item
        return
    squares = np.floor(item.transforms[:, [0, 2], 3] / _SQUARE_M).astype(np.int64)
    numbers = np.unique(squares, axis=0, return_inverse=True)[1].reshape(-1)
    for number in range(numbers.max() + 1):
        yield replace(item, transforms=item.transforms[numbers == number])
