"""A scene's geometry on the graphics card: all meshes in one buffer, drawn by a command for each kind of surface.

What is drawn with the same program and textures goes out together, however many meshes it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.characters import GpuCharacters
from environments.render.drawing import CommandList, Drawing
from environments.render.item_units import (
    STILL,
    kinds_of,
    materials_of,
    parts_of,
    placed_of,
    spans_of,
    unit_of,
    wears,
)
from environments.render.lamps import lamp_block
from environments.render.matrices import Camera, Matrix, frustum_planes
from environments.render.model import SceneFrame, SceneModel
from environments.render.opening import no_room, reported
from environments.render.places import Places
from environments.render.pool import Pool
from environments.render.programs import Programs, matrix_bytes
from environments.render.selection import Selection, Selector, lens_of
from environments.render.surfaces import Surfaces
from environments.render.units import Table
from environments.render.ways import place_notes


class GpuScene:
    """All items of a scene; `arrange` applies a moment's moves and hidden groups, `look` chooses what a view sees.

    `version` changes when a group moved or was hidden or shown, and so may cast another shadow.
    """

    def __init__(self, ctx: moderngl.Context, programs: Programs, model: SceneModel) -> None:
        self.has_sea, self.has_lake = model.has_sea, model.has_lake
        self.lamps = lamp_block(model.lamps)
        """What the frame block ends with, which is written whole: the card may still be reading the one before."""
        items = [part for item in model.items if len(item.mesh.indices) for part in parts_of(item)]
        materials = materials_of(items)
        self.surfaces = Surfaces(ctx, list(materials))
        rows = {key: number for number, key in enumerate(materials)}
        layers, has_lamps = [self.surfaces.layers[rows[wears(item)]] for item in items], bool(model.lamps)
        kinds, kind_of = kinds_of(items, layers, has_lamps=has_lamps, is_quick=programs.is_quick)
        names = list(dict.fromkeys(item.group for item in items))
        self._names, pool = [name for name in names if name != STILL], Pool()
        spans = spans_of(items, pool, is_quick=programs.is_quick)
        placed = [placed_of(item, self._names) for item in items]
        self._places = Places(placed, self._names, model.ways)
        reaches = zip(self._places.base.tolist(), self._places.reaches, strict=True)
        units = [
            unit_of(item, kinds[kind], (kind, placed[number].group, *reach), spans[number], is_quick=programs.is_quick)
            for number, (item, kind, reach) in enumerate(zip(items, kind_of, reaches, strict=True))
        ]
        self.table = Table(units)
        notes = [
            place_notes(len(item.transforms), rows[wears(item)], item.going, streams=item.streams) for item in items
        ]
        self._notes = np.concatenate([np.zeros((0, 4), np.float32), *notes])
        self._group_of_item = np.array([names.index(item.group) for item in items], np.int64)
        self._group_names = names
        self.hidden: frozenset[str] = frozenset()
        self.version = self._laid_out = 0
        self._dark: dict[tuple[float, bool | None], tuple[object, CommandList, Selection]] = {}
        self.characters = GpuCharacters(ctx, programs, model.characters, has_lamps=has_lamps)
        self._drawing = Drawing(ctx, programs, pool, model.ways)
        self._drawing.set_places(self._places.rows, self._notes[self._places.source])
        for kind in kinds:
            self._drawing.prepare(kind.look)
            if not kind.is_blended and (programs.is_quick or not (kind.size_px and kind.look.cut_out)):
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
            self._laid_out += 1
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

    def draw_shadow(self, matrix: Matrix, radius_m: float, texel_m: float, *, moving: bool | None = None) -> None:
        """Draw the depth of casters in a light's column, `radius_m` wide; the light's matrix is (4, 4).

        Of all items, of those that move, or of those that do not; bodies are drawn by `draw_body_shadows`.
        """
        commands, chosen = self._casting(matrix, radius_m, texel_m, moving)
        if chosen.solid:
            self.surfaces.bind()
            self._drawing.draw_shadow(self.surfaces, commands, chosen.solid, matrix_bytes(matrix))

    def draw_body_shadows(self, matrix: Matrix) -> None:
        """Draw the depth of all bodies as a light sees them."""
        self.characters.draw_shadow(matrix_bytes(matrix))

    def _casting(
        self, matrix: Matrix, radius_m: float, texel_m: float, moving: bool | None
    ) -> tuple[CommandList, Selection]:
        """The casters in a light's column, chosen anew when the column or one of them has moved."""
        part = (radius_m, moving)
        moved = (self._laid_out, self.hidden if moving is False else self.version)
        key, kept = (matrix.tobytes(), moved), self._dark.get(part)
        if kept is not None and kept[0] == key:
            return kept[1], kept[2]
        table = self.table
        place = np.abs(table.center @ matrix[:2, :3].T + matrix[:2, 3])
        casting = table.casts_shadow & table.shown & (place < 1.0 + table.radius_m[:, None] / radius_m).all(axis=1)
        if moving is not None:
            casting &= (table.group >= 0) == moving
        chosen = self._selector.shadow(np.nonzero(casting)[0], 1.5 * texel_m)
        commands = self._drawing.new_list() if kept is None else kept[1]
        commands.write(chosen.commands)
        self._dark[part] = (key, commands, chosen)
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


def loaded(ctx: moderngl.Context, programs: Programs, model: SceneModel, name: str) -> GpuScene:
    """A scene on the graphics card; `NoRoom` where the driver has no memory for it, and others can be drawn then."""
    reported(ctx)
    gpu = GpuScene(ctx, programs, model)
    error = reported(ctx)
    if error is not None:
        texture_bytes = gpu.texture_bytes
        gpu.release()
        raise no_room(name, error, texture_bytes)
    return gpu
