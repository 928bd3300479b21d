"""A scene's geometry on the graphics card: all meshes in one buffer, drawn by a command for each kind of surface.

What is drawn with the same program and textures goes out together, however many meshes it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.characters import GpuCharacters
from environments.render.drawing import CommandList, Drawing
from environments.render.matrices import Camera, Matrix, frustum_planes
from environments.render.mesh_detail import details_of, mean_edge_m, pieces_of
from environments.render.model import Item, Material, SceneFrame, SceneModel
from environments.render.places import Placed, Places
from environments.render.pool import Pool, Span
from environments.render.programs import TEXTURED, Look, Programs, matrix_bytes
from environments.render.selection import Kind, Selection, Selector, lens_of
from environments.render.surfaces import Surfaces
from environments.render.units import Table, Unit
from environments.render.ways import Reach, place_notes

BLENDED_PATTERNS = frozenset({"glass", "grating"})
_SQUARE_M = 40.0
_UNSEEN_PART = 0.1
"""Fine detail is not drawn where a pixel is this part of a pattern's unit."""
_CORNERS_PX = 12.0
"""Surfaces with pictures are lit at the corners of triangles where those are smaller than this."""
_DULL = 0.5
"""Smoother surfaces are always drawn with all their reflections."""
_PIECE_TRIANGLES = 100
"""Large meshes are cut where that leaves pieces of more triangles than this."""
STILL = "static"


class GpuScene:
    """All items of a scene; `arrange` applies a moment's moves and hidden groups, `look` chooses what a view sees.

    `version` changes when a group moved or was hidden or shown, and so may cast another shadow.
    """

    def __init__(self, ctx: moderngl.Context, programs: Programs, model: SceneModel) -> None:
        self.has_sea, self.has_lake = model.has_sea, model.has_lake
        items = [part for item in model.items if len(item.mesh.indices) for part in _parts_of(item)]
        materials = _materials_of(items)
        self.surfaces = Surfaces(ctx, list(materials))
        rows = {key: number for number, key in enumerate(materials)}
        kinds, kind_of = _kinds_of(items, self.surfaces, rows)
        names = list(dict.fromkeys(item.group for item in items))
        self._names = [name for name in names if name != STILL]
        pool = Pool()
        spans = _spans_of(items, pool)
        placed = [_placed(item, self._names) for item in items]
        self._places = Places(placed, self._names, model.ways)
        reaches = zip(self._places.base.tolist(), self._places.reaches, strict=True)
        units = [
            _unit(item, kinds[kind], (kind, placed[number].group, *reach), spans[number])
            for number, (item, kind, reach) in enumerate(zip(items, kind_of, reaches, strict=True))
        ]
        self.table = Table(units)
        notes = [
            place_notes(len(item.transforms), rows[_wears(item)], item.going, streams=item.streams) for item in items
        ]
        self._notes = np.concatenate([np.zeros((0, 4), np.float32), *notes])
        self._group_of_item = np.array([names.index(item.group) for item in items], np.int64)
        self._group_names = names
        self.hidden: frozenset[str] = frozenset()
        self.version = 0
        self._dark: dict[float, tuple[object, CommandList, Selection]] = {}
        self.characters = GpuCharacters(ctx, programs, model.characters)
        self._drawing = Drawing(ctx, programs, pool, model.ways)
        self._drawing.set_places(self._places.rows, self._notes[self._places.source])
        for kind in kinds:
            self._drawing.prepare(kind.look)
            if not kind.is_blended and not (kind.size_px and kind.look.cut_out):
                self._drawing.prepare(replace(kind.look, is_far=True))
        self._selector = Selector(self.table, self._places, kinds)
        self._lists: tuple[tuple[CommandList, Selection], ...] = ()
        self.draws = self.triangles = 0

    def arrange(self, moment: SceneFrame) -> None:
        """Move and hide groups and bodies."""
        if moment.hidden != self.hidden:
            self.hidden = moment.hidden
            self.table.hidden[:] = self._are_in(moment.hidden)
            self.version += 1
        self.characters.place(moment.poses)
        moved, anew = self._places.move(self.table, moment.moves)
        if anew:
            self._selector.forget()
            self._drawing.set_places(self._places.rows, self._notes[self._places.source])
        elif moved:
            self._drawing.set_moving(self._places.rows)
        if moved:
            self.version += 1

    def _are_in(self, groups: frozenset[str]) -> NDArray[np.bool_]:
        """Which items are in one of some groups."""
        chosen = np.array([name in groups for name in self._group_names], np.bool_)
        return np.asarray(chosen[self._group_of_item])

    def look(self, cameras: Sequence[Camera], height_px: int, far_m: float) -> None:
        """Choose what the eyes see and how coarse it may be, and hand the commands to the graphics card."""
        lens = lens_of(cameras, height_px)
        still = self._selector.still(cameras, lens, self.hidden, far_m)
        moving = self._selector.moving(cameras, lens, self.hidden, far_m)
        self._lists = ((self._drawing.still, still), (self._drawing.moving, moving))
        for commands, chosen in self._lists:
            commands.write(chosen.commands)
        if len(self.characters.bounds()):
            self.characters.look([frustum_planes(camera.clip_from_world) for camera in cameras])
        self.draws = sum(len(chosen.solid) + len(chosen.blended) for _, chosen in self._lists)
        self.draws += self.characters.draws()
        self.triangles = still.triangles + moving.triangles + self.characters.triangles() * len(cameras)

    def draw_solid(self, views: int) -> None:
        """Draw what is not blended, as chosen by `look`."""
        self.surfaces.bind()
        self._drawing.bind()
        for commands, chosen in self._lists:
            self._drawing.draw(self.surfaces, commands, chosen.solid, views)
        self.characters.draw(views, is_blended=False)

    def draw_blended(self, views: int) -> None:
        """Draw what is blended, the farthest first."""
        self.surfaces.bind()
        self._drawing.bind()
        for commands, chosen in self._lists:
            self._drawing.draw(self.surfaces, commands, chosen.blended, views)
        self.characters.draw(views, is_blended=True)

    def draw_shadow(self, matrix: Matrix, radius_m: float, texel_m: float, *, bodies: bool) -> None:
        """Draw the depth of all casters in a light's column, `radius_m` wide; the light's matrix is (4, 4)."""
        content = matrix_bytes(matrix)
        if bodies:
            self.characters.draw_shadow(content)
        commands, chosen = self._casting(matrix, radius_m, texel_m)
        self.surfaces.bind()
        self._drawing.draw_shadow(self.surfaces, commands, chosen.solid, content)

    def _casting(self, matrix: Matrix, radius_m: float, texel_m: float) -> tuple[CommandList, Selection]:
        """The casters in a light's column, chosen anew when the column or one of them has moved."""
        key, kept = (matrix.tobytes(), self.version), self._dark.get(radius_m)
        if kept is not None and kept[0] == key:
            return kept[1], kept[2]
        table = self.table
        place = np.abs(table.center @ matrix[:2, :3].T + matrix[:2, 3])
        casting = table.casts_shadow & table.shown & (place < 1.0 + table.radius_m[:, None] / radius_m).all(axis=1)
        chosen = self._selector.shadow(np.nonzero(casting)[0], 1.5 * texel_m)
        commands = self._drawing.new_list() if kept is None else kept[1]
        commands.write(chosen.commands)
        self._dark[radius_m] = (key, commands, chosen)
        return commands, chosen

    def moving_casters(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Centres (k, 3) and radii (k) of balls around all that casts shadows and may move, bodies left aside."""
        table = self.table
        moving = (table.group >= 0) & table.casts_shadow & table.shown
        return table.center[moving], table.radius_m[moving]

    def caster_bounds(self) -> tuple[NDArray[np.float64], float]:
        """Centre and radius of a ball around everything that casts a shadow."""
        casting = self.table.casts_shadow & (self.table.count > 0)
        if not casting.any():
            return np.zeros(3), 50.0
        center, radius = self.table.center[casting], self.table.radius_m[casting, None]
        low, high = (center - radius).min(axis=0), (center + radius).max(axis=0)
        return (low + high) / 2.0, float(np.linalg.norm(high - low) / 2.0)

    @property
    def texture_bytes(self) -> int:
        """Bytes of all pictures, smaller copies included."""
        return self.surfaces.texture_bytes + self.characters.surfaces.texture_bytes

    def release(self) -> None:
        """Free everything."""
        self._drawing.release()
        self.surfaces.release()
        self.characters.release()


# --- from items to units ------------------------------------------------------------------------


def _parts_of(item: Item) -> Iterator[Item]:
    """An item in pieces, so that far ones can be drawn coarser or not at all."""
    if item.material.maps is not None or item.going is not None or item.streams:
        yield item
        return
    if len(item.transforms) == 1 and item.material.sways <= 0.0:
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


def _wears(item: Item) -> tuple[Material, float]:
    """The material, and the height of the mesh as far as the material needs it."""
    height_m = float(item.mesh.positions_m[:, 1].max()) if item.material.sways > 0.0 else 0.0
    return item.material, height_m


def _materials_of(items: Sequence[Item]) -> dict[tuple[Material, float], None]:
    return dict.fromkeys(_wears(item) for item in items)


def _kinds_of(
    items: Sequence[Item], surfaces: Surfaces, rows: Mapping[tuple[Material, float], int]
) -> tuple[list[Kind], list[int]]:
    """All kinds of surfaces, and the number of each item's."""
    numbers: dict[Kind, int] = {}
    found = []
    for item in items:
        material = item.material
        is_blended = material.opacity < 1.0 or material.pattern in BLENDED_PATTERNS
        textured = material.maps is not None
        look = Look(TEXTURED if textured else material.pattern, cut_out=material.alpha_cutoff > 0.0)
        kind = Kind(look, surfaces.layers[rows[_wears(item)]].size_px, is_blended and not look.cut_out)
        found.append(numbers.setdefault(kind, len(numbers)))
    return list(numbers), found


def _spans_of(items: Sequence[Item], pool: Pool) -> list[tuple[Span, ...]]:
    """Every item's mesh and coarser copies in the pool; items that share a mesh share them."""
    known: dict[tuple[int, bool], tuple[Span, ...]] = {}
    found = []
    for item in items:
        textured = item.material.maps is not None
        key = (id(item.mesh), textured and item.material.two_sided)
        if key not in known:
            known[key] = _in_pool(item, pool) if textured else _with_details(item, pool)
        found.append(known[key])
    return found


def _in_pool(item: Item, pool: Pool) -> tuple[Span, ...]:
    return (pool.add(item.mesh, is_closed=not item.material.two_sided),)


def _with_details(item: Item, pool: Pool) -> tuple[Span, ...]:
    scale = float(np.linalg.norm(item.transforms[:, :3, :3], axis=1).max()) if len(item.transforms) else 1.0
    return tuple(pool.add_detail(detail) for detail in details_of(item.mesh, scale))


def _placed(item: Item, names: Sequence[str]) -> Placed:
    low, high = item.mesh.positions_m.min(axis=0), item.mesh.positions_m.max(axis=0)
    group = -1 if item.group == STILL else names.index(item.group)
    radius_m = float(np.linalg.norm(high - low) / 2.0)
    return Placed(group, item.transforms, ((low + high) / 2.0).astype(np.float64), radius_m, item.going, item.streams)


def _unit(item: Item, kind: Kind, where: tuple[int, int, int, Reach], details: tuple[Span, ...]) -> Unit:
    """A unit; `where` is the number of its kind, its group, its first place, and what it reaches."""
    number, group, base, reach = where
    center, radius_m = reach.ball()
    casts = item.material.casts_shadow and not (kind.is_blended or item.going is not None or item.streams)
    far_m, at_once, count = _far_from_m(item), item.material.maps is not None, len(item.transforms)
    return Unit(number, group, base, count, center, radius_m, reach.part_m, far_m, details, casts, at_once)


def _far_from_m(item: Item) -> float:
    """How wide (m) a pixel is when a surface's fine detail can no longer be seen."""
    material = item.material
    if material.maps is not None:
        whole = material.alpha_cutoff <= 0.0 and material.opacity >= 1.0 and item.going is None and len(item.transforms)
        return _largest_scale(item) * mean_edge_m(item.mesh) / _CORNERS_PX if whole else math.inf
    is_dull = material.roughness >= _DULL or material.pattern == "facade"
    return _UNSEEN_PART * material.pattern_scale_m if is_dull else math.inf


def _largest_scale(item: Item) -> float:
    return float(np.sqrt((item.transforms[:, :3, :3] ** 2).sum(axis=1).max()))
