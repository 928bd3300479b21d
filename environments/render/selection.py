"""Which units a view draws, in which batches; worked out once for each corner of the world a head may look into.

What never moves is chosen for a cell of places and directions that the head is in, with a cone wide enough for all of
the cell, so that a head that turns a little finds its choice ready.  The choice depends on the cell alone: the same
view gives the same picture whatever was drawn before.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from environments.render.drawing import Batch
from environments.render.eyes import middle_way
from environments.render.matrices import Camera, Vector
from environments.render.places import Places
from environments.render.programs import Look
from environments.render.units import (
    Balls,
    Commands,
    Indexes,
    Seen,
    Table,
    balls_of,
    commands_of,
    runs_of,
    seen_of,
    sorted_by_batch,
)

FAR_LOOK, BOTH_SIDES = 1, 2
EYE_STEP_M = 0.5
"""Width of the cells of places."""
WAYS = 8
"""Directions are rounded to this part of a unit vector."""
BESIDE_RAD = 0.11
"""How far a direction may be from its rounded one: the angle of (1/16, 1/16, 1/16)."""
BESIDE_M = 0.5 * math.sqrt(3.0) * EYE_STEP_M + 0.05
"""How far an eye may be from the middle of its cell, half the distance of two eyes included."""
KEPT, CELLS_KEPT = 256, 16


@dataclass(frozen=True, slots=True)
class Kind:
    """What decides how a unit is drawn: its look, the size of its pictures, whether it is blended."""

    look: Look
    size_px: int
    is_blended: bool


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Commands (n, 5), and the batches that send them out: solid ones, and blended ones with the farthest first."""

    commands: Commands
    solid: tuple[Batch, ...]
    blended: tuple[Batch, ...]
    triangles: int


NOTHING = Selection(np.zeros((0, 5), np.uint32), (), (), 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Around:
    """All commands (m, 5) of a place; for each the place in `balls` of its unit, its batch and its triangles.

    Solid ones come first, in batches of a number in `solid`, which begin at `edges` (b + 1); then the blended ones.
    """

    balls: Balls
    commands: Commands
    of: Indexes
    batch: Indexes
    triangles: Indexes
    solid: tuple[int, ...]
    edges: Indexes


@dataclass(frozen=True, slots=True)
class Lens:
    """What the eyes have in common: their number, a pixel's width at 1 m, half the angle that holds all corners."""

    views: int
    pixel: float
    corner_rad: float


def lens_of(cameras: Sequence[Camera], height_px: int) -> Lens:
    """The lens of one eye or two."""
    up = min(camera.up for camera in cameras)
    return Lens(len(cameras), 2.0 * up / height_px, cameras[0].cone_rad)


def _cell_of(cameras: Sequence[Camera]) -> tuple[int, int, int]:
    """The cell in which the middle between the eyes is."""
    x, y, z = cameras[0].eye_m.tolist()
    a, b, c = cameras[-1].eye_m.tolist()
    step_m = 2.0 * EYE_STEP_M
    return round((x + a) / step_m), round((y + b) / step_m), round((z + c) / step_m)


class Selector:
    """Chooses from a scene's units."""

    def __init__(self, table: Table, places: Places, kinds: Sequence[Kind]) -> None:
        self._table, self._places, self._kinds = table, places, tuple(kinds)
        self._far_looks = [replace(kind.look, is_far=True) for kind in kinds]
        self._blended = np.array([kind.is_blended for kind in kinds], np.bool_)
        self._whole = np.array([not (kind.look.cut_out and kind.size_px) for kind in kinds], np.bool_)
        self._kept: OrderedDict[Hashable, Selection] = OrderedDict()
        self._around: OrderedDict[Hashable, _Around] = OrderedDict()
        self._moved: tuple[object, Selection] = (None, NOTHING)

    def forget(self) -> None:
        """Units or places were given anew."""
        self._kept.clear()
        self._around.clear()
        self._moved = (None, NOTHING)

    def still(self, cameras: Sequence[Camera], lens: Lens, hidden: frozenset[str], far_m: float) -> Selection:
        """What the eyes may see of what never moves."""
        cell = _cell_of(cameras)
        x, y, z = middle_way([camera.ray_from_clip for camera in cameras])
        way = (round(x * WAYS), round(y * WAYS), round(z * WAYS))
        here = (cell, lens, hidden)
        key = (here, way)
        if key not in self._kept:
            if here not in self._around:
                self._around[here] = self._all_around(np.array(cell) * EYE_STEP_M, lens, far_m)
                if len(self._around) > CELLS_KEPT:
                    self._around.popitem(last=False)
            axis = np.array(way) / math.hypot(*way)
            self._keep(key, self._ahead(self._around[here], axis, lens.corner_rad + BESIDE_RAD))
        return self._kept[key]

    def _all_around(self, eye_m: Vector, lens: Lens, far_m: float) -> _Around:
        """All that never moves as it looks from a place, whatever the direction."""
        nearest_m = np.maximum(self._places.still_nearest_m(self._table, eye_m) - BESIDE_M, 0.0)
        seen = seen_of(self._table, self._places.still, eye_m, nearest_m, lens.pixel, far_m=far_m)
        return self._ordered(seen, eye_m, lens.views)

    def _ahead(self, around: _Around, axis: Vector, half_rad: float) -> Selection:
        """The part of it that reaches into a cone."""
        return self._selected(around, np.flatnonzero(around.balls.in_cone(axis, half_rad).take(around.of)))

    def moving(self, cameras: Sequence[Camera], lens: Lens, hidden: frozenset[str], far_m: float) -> Selection:
        """All that moves, as coarse as its distance allows."""
        units = self._places.units_moving
        if not len(units):
            return NOTHING
        cell = _cell_of(cameras)
        now = (cell, lens, hidden, self._places.version)
        if now != self._moved[0]:
            eye_m = np.array(cell) * EYE_STEP_M
            self._moved = now, self._moving(units, eye_m, lens, (hidden, far_m))
        return self._moved[1]

    def _moving(self, units: Indexes, eye_m: Vector, lens: Lens, what: tuple[frozenset[str], float]) -> Selection:
        """The same for an eye in the middle of its cell."""
        hidden, far_m = what
        nearest_m = np.maximum(self._places.moving_nearest_m(self._table, eye_m) - BESIDE_M, 0.0)
        seen = seen_of(self._table, units, eye_m, nearest_m, lens.pixel, far_m=far_m)
        details = self._table.detail(seen.units, seen.cell_m)
        counts = self._table.count[seen.units]
        parts = (seen.units, details, counts, seen.is_far)
        key = (*(one.tobytes() for one in parts), lens.views, hidden)
        if key not in self._kept:
            around = self._ordered(seen, eye_m, lens.views)
            self._keep(key, self._selected(around, np.arange(len(around.commands))))
        return self._kept[key]

    def shadow(self, units: Indexes, cell_m: float) -> Selection:
        """The depth of some units, with details merged that are smaller than `cell_m`."""
        commands, of, both = commands_of(self._table, units, np.full(len(units), cell_m), 1)
        batch = self._table.kind[units[of]] * 4 + both * BOTH_SIDES
        first = int(np.argmax(self._whole)) if self._whole.any() else 0
        batch = np.where(self._whole[batch // 4], first * 4 + (batch & BOTH_SIDES), batch)
        order, batches = sorted_by_batch(batch)
        return Selection(commands[order], tuple(self._batch(*one) for one in batches), (), 0)

    def _keep(self, key: Hashable, selection: Selection) -> None:
        self._kept[key] = selection
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _ordered(self, seen: Seen, eye_m: Vector, views: int) -> _Around:
        """The commands of what is seen: solid ones by batch, the nearest first; blended ones the farthest first."""
        kinds = self._table.kind[seen.units]
        glassy = self._blended[kinds]
        commands, of, both = commands_of(self._table, seen.units, seen.cell_m, views)
        # What is lit at its corners does not know which side a pixel shows.
        is_far = seen.is_far[of] & ~glassy[of] & ~(self._table.far_at_once[seen.units[of]] & (both > 0))
        batch = kinds[of] * 4 + np.where(is_far, FAR_LOOK, 0) + both * BOTH_SIDES
        solid = np.nonzero(~glassy[of])[0]
        solid = solid[np.argsort(of[solid], kind="stable")]
        order, batches = sorted_by_batch(batch[solid])
        back_first = np.nonzero(glassy[of])[0]
        back_first = back_first[np.argsort(-of[back_first], kind="stable")]
        chosen = np.concatenate([solid[order], back_first])
        balls = balls_of(self._table, seen.units, eye_m, more_m=BESIDE_M)
        commands = commands.take(chosen, axis=0)
        triangles = commands[:, 0].astype(np.int64) * commands[:, 1] // 3
        edges = np.array([*(begin for _, begin, _ in batches), len(solid)], np.int64)
        numbers = tuple(number for number, _, _ in batches)
        return _Around(balls, commands, of[chosen], batch[chosen], triangles, numbers, edges)

    def _selected(self, around: _Around, wanted: Indexes) -> Selection:
        """The wanted ones of some commands, by their places."""
        bounds = np.searchsorted(wanted, around.edges).tolist()
        begin = bounds[-1]
        runs = runs_of(around.batch.take(wanted[begin:]))
        return Selection(
            around.commands.take(wanted, axis=0),
            tuple(
                self._batch(number, first, end - first)
                for number, first, end in zip(around.solid, bounds, bounds[1:], strict=False)
                if end > first
            ),
            tuple(self._batch(number, begin + at, count) for number, at, count in runs),
            int(around.triangles.take(wanted).sum()),
        )

    def _batch(self, number: int, first: int, count: int) -> Batch:
        kind = self._kinds[number // 4]
        look = self._far_looks[number // 4] if number & FAR_LOOK else kind.look
        return Batch(look, kind.size_px, bool(number & BOTH_SIDES), first, count)
