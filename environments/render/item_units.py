"""How the items of a scene become units: pieces, surfaces, coarser copies, and from where each is drawn as far away."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from environments.render.mesh_detail import details_of, mean_edge_m, pieces_of, thinned
from environments.render.model import Item, Material
from environments.render.places import Placed
from environments.render.pool import Pool, Span
from environments.render.programs import TEXTURED, Look
from environments.render.selection import Kind
from environments.render.surfaces import Layers
from environments.render.units import DETAIL_PX, Unit
from environments.render.ways import Reach

_BLENDED_PATTERNS = frozenset({"glass", "grating"})
_SQUARE_M = 40.0
_UNSEEN_PART = 0.1
"""Fine detail is not drawn where a pixel is this part of a pattern's unit."""
_CORNERS_PX = 12.0
"""Surfaces with pictures are lit at the corners of triangles where those are smaller than this."""
_QUICK_CORNERS_PX = 32.0
"""The same for quick pictures, where leaves are among them."""
_LEAFY, _ONE_LEAF_IN, _LEAF_PX = 200, 4, 20.0
"""Quick pictures: cut-out meshes of so many triangles lose leaves where one is smaller than this."""
_DULL = 0.5
"""Smoother surfaces are always drawn with all their reflections."""
_PIECE_TRIANGLES = 100
"""Large meshes are cut where that leaves pieces of more triangles than this."""
STILL = "static"


def parts_of(item: Item) -> Iterator[Item]:
    """An item in pieces, so that far ones can be drawn coarser or not at all."""
    if item.material.maps is not None or item.going is not None or item.streams:
        yield item
        return
    if len(item.transforms) == 1 and item.material.sways <= 0.0 and item.mesh.coarse is None:
        for mesh in pieces_of(item.mesh, _SQUARE_M, _PIECE_TRIANGLES):
            yield replace(item, mesh=mesh)
        return
    if item.group != STILL or len(item.transforms) < 2:
        yield item
        return
    squares = np.floor(item.transforms[:, [0, 2], 3] / _SQUARE_M).astype(np.int64)
    numbers = np.unique(squares, axis=0, return_inverse=True)[1].reshape(-1)
    for number in range(numbers.max() + 1):
        yield replace(item, transforms=item.transforms[numbers == number])


def wears(item: Item) -> tuple[Material, float]:
    """The material, and the height of the mesh as far as the material needs it."""
    height_m = float(item.mesh.positions_m[:, 1].max()) if item.material.sways > 0.0 else 0.0
    return item.material, height_m


def materials_of(items: Sequence[Item]) -> dict[tuple[Material, float], None]:
    """All materials that are worn, each once, in order."""
    return dict.fromkeys(wears(item) for item in items)


def kinds_of(
    items: Sequence[Item], layers: Sequence[Layers], *, has_lamps: bool, is_quick: bool
) -> tuple[list[Kind], list[int]]:
    """All kinds of surfaces, and the number of each item's; `layers` are those of each item's pictures."""
    numbers: dict[Kind, int] = {}
    found = []
    for item, own in zip(items, layers, strict=True):
        material = item.material
        is_blended = material.opacity < 1.0 or material.pattern in _BLENDED_PATTERNS
        pattern = TEXTURED if material.maps is not None else material.pattern
        look = Look(pattern, cut_out=material.alpha_cutoff > 0.0, has_lamps=has_lamps)
        look = replace(look, lacks=_lacking(own)) if is_quick and own.size_px else look
        kind = Kind(look, own.size_px, is_blended and not look.cut_out)
        found.append(numbers.setdefault(kind, len(numbers)))
    return list(numbers), found


def _lacking(layers: Layers) -> tuple[str, ...]:
    """The switches for the kinds of pictures that a surface does not have (shaders/patterns/textured.glsl)."""
    have = {
        "NO_DATA": layers.packed, "NO_SLOPE": layers.normal, "NO_GLOW": layers.emission, "NO_BAKED": layers.light,
    }  # fmt: skip
    return tuple(name for name, layer in have.items() if layer < 0)


def spans_of(items: Sequence[Item], pool: Pool, *, is_quick: bool) -> list[tuple[Span, ...]]:
    """Every item's mesh and coarser copies in the pool; items that share a mesh share them."""
    known: dict[tuple[int, bool], tuple[Span, ...]] = {}
    found = []
    for item in items:
        textured = item.material.maps is not None
        key = (id(item.mesh), textured and item.material.two_sided)
        if key not in known:
            known[key] = (_in_pool if textured else _with_details)(item, pool, is_quick=is_quick)
        found.append(known[key])
    return found


def _in_pool(item: Item, pool: Pool, *, is_quick: bool) -> tuple[Span, ...]:
    """A mesh with pictures; quick pictures have fewer and larger leaves where those are small."""
    is_closed = not item.material.two_sided
    whole = pool.add(item.mesh, is_closed=is_closed)
    if not is_quick or item.material.alpha_cutoff <= 0.0 or len(item.mesh.indices) < _LEAFY:
        return (whole,)
    cell_m = DETAIL_PX * _largest_scale(item) * mean_edge_m(item.mesh) / _LEAF_PX
    return whole, pool.add(thinned(item.mesh, _ONE_LEAF_IN), is_closed=is_closed, cell_m=cell_m)


def _with_details(item: Item, pool: Pool, *, is_quick: bool) -> tuple[Span, ...]:
    mesh, scale = item.mesh, float(np.linalg.norm(item.transforms[:, :3, :3], axis=1).max(initial=1e-6))
    if is_quick and mesh.coarse is not None:
        mesh = replace(mesh, indices=mesh.coarse)
    return tuple(pool.add_detail(detail) for detail in details_of(mesh, scale))


def placed_of(item: Item, names: Sequence[str]) -> Placed:
    """Where an item stands; `names` are those of the groups that may move."""
    low, high = item.mesh.positions_m.min(axis=0), item.mesh.positions_m.max(axis=0)
    group = -1 if item.group == STILL else names.index(item.group)
    radius_m = float(np.linalg.norm(high - low) / 2.0)
    return Placed(group, item.transforms, ((low + high) / 2.0).astype(np.float64), radius_m, item.going, item.streams)


def unit_of(
    item: Item, kind: Kind, where: tuple[int, int, int, Reach], details: tuple[Span, ...], *, is_quick: bool
) -> Unit:
    """A unit; `where` is the number of its kind, its group, its first place, and what it reaches."""
    number, group, base, reach = where
    center, radius_m = reach.ball()
    casts = item.material.casts_shadow and not (kind.is_blended or item.going is not None or item.streams)
    at_once, count = item.material.maps is not None, len(item.transforms)
    far_m = _far_from_m(item, is_quick=is_quick)
    return Unit(number, group, base, count, center, radius_m, reach.part_m, far_m, details, casts, at_once)


def _far_from_m(item: Item, *, is_quick: bool) -> float:
    """How wide (m) a pixel is when a surface's fine detail can no longer be seen."""
    material = item.material
    if material.maps is not None:
        whole = is_quick or material.alpha_cutoff <= 0.0
        if not whole or material.opacity < 1.0 or item.going is not None or not len(item.transforms):
            return math.inf
        return _largest_scale(item) * mean_edge_m(item.mesh) / (_QUICK_CORNERS_PX if is_quick else _CORNERS_PX)
    is_dull = material.roughness >= _DULL or material.pattern == "facade"
    return _UNSEEN_PART * material.pattern_scale_m if is_dull else math.inf


def _largest_scale(item: Item) -> float:
    return float(np.sqrt((item.transforms[:, :3, :3] ** 2).sum(axis=1).max()))
