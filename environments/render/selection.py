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
from environments.render.matrices import Camera, Vector
from environments.render.places import Places
from environments.render.programs import Look
from environments.render.units import (
    Commands,
    Indexes,
    Seen,
    Table,
    commands_of,
    in_cone,
    runs_of,
    seen_of,
    sorted_by_batch,
)

FAR_LOOK, BOTH_SIDES = 1, 2
EYE_STEP_M = 0.25
"""Width of the cells of places."""
WAYS = 8
"""Directions are rounded to this part of a unit vector."""
BESIDE_RAD = 0.11
"""How far a direction may be from its rounded one: the angle of (1/16, 1/16, 1/16)."""
BESIDE_M = 0.5 * math.sqrt(3.0) * EYE_STEP_M + 0.05
"""How far an eye may be from the middle of its cell, half the distance of two eyes included."""
KEPT = 256


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


@dataclass(frozen=True, slots=True)
class Lens:
    """What the eyes have in common: their number, a pixel's width at 1 m, half of the angle from corner to corner."""

    views: int
    pixel: float
    corner_rad: float


def lens_of(cameras: Sequence[Camera], height_px: int) -> Lens:
    """The lens of one eye or two that look the same way."""
    rays = cameras[0].ray_from_clip
    across, up = float(np.linalg.norm(rays[:3, 0])), float(np.linalg.norm(rays[:3, 1]))
    return Lens(len(cameras), 2.0 * up / height_px, math.atan(math.hypot(across, up)))


class Selector:
    """Chooses from a scene's units."""

    def __init__(self, table: Table, places: Places, kinds: Sequence[Kind]) -> None:
        self._table, self._places, self._kinds = table, places, tuple(kinds)
        self._far_looks = [replace(kind.look, is_far=True) for kind in kinds]
        self._blended = np.array([kind.is_blended for kind in kinds], np.bool_)
        self._whole = np.array([not (kind.look.cut_out and kind.size_px) for kind in kinds], np.bool_)
        self._kept: OrderedDict[Hashable, Selection] = OrderedDict()

    def forget(self) -> None:
        """Units or places were given anew."""
        self._kept.clear()

    def still(self, cameras: Sequence[Camera], lens: Lens, hidden: frozenset[str], far_m: float) -> Selection:
        """What the eyes may see of what never moves."""
        eye_m = cameras[0].eye_m if len(cameras) == 1 else (cameras[0].eye_m + cameras[1].eye_m) * 0.5
        cell = np.round(eye_m / EYE_STEP_M)
        way = np.round(cameras[0].ray_from_clip[:3, 2] * WAYS)
        key = (cell.tobytes(), way.tobytes(), lens, hidden)
        if key not in self._kept:
            middle_m = cell * EYE_STEP_M
            nearest_m = self._places.still_nearest_m(self._table, middle_m)
            units = self._places.still
            axis = way / np.linalg.norm(way)
            cone = in_cone(self._table, units, middle_m, axis, lens.corner_rad + BESIDE_RAD, more_m=BESIDE_M)
            seen = seen_of(self._table, units[cone], middle_m, nearest_m[cone], lens.pixel, far_m=far_m)
            self._keep(key, self._chosen(seen, lens.views))
        self._kept.move_to_end(key)
        return self._kept[key]

    def moving(self, eye_m: Vector, lens: Lens, hidden: frozenset[str], far_m: float) -> Selection:
        """All that moves, as coarse as its distance allows."""
        units = self._places.units_moving
        if not len(units):
            return NOTHING
        nearest_m = self._places.moving_nearest_m(self._table, eye_m)
        seen = seen_of(self._table, units, eye_m, nearest_m, lens.pixel, far_m=far_m)
        details = self._table.detail(seen.units, seen.cell_m)
        counts = self._table.count[seen.units]
        parts = (seen.units, details, counts, seen.is_far)
        key = (*(one.tobytes() for one in parts), lens.views, hidden)
        if key not in self._kept:
            self._keep(key, self._chosen(seen, lens.views))
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

    def _chosen(self, seen: Seen, views: int) -> Selection:
        """The commands of what is seen: solid ones by batch, the nearest first; blended ones the farthest first."""
        kinds = self._table.kind[seen.units]
        glassy = self._blended[kinds]
        commands, of, both = commands_of(self._table, seen.units, seen.cell_m, views)
        batch = kinds[of] * 4 + np.where(seen.is_far[of] & ~glassy[of], FAR_LOOK, 0) + both * BOTH_SIDES
        solid = np.nonzero(~glassy[of])[0]
        solid = solid[np.argsort(of[solid], kind="stable")]
        order, batches = sorted_by_batch(batch[solid])
        back_first = np.nonzero(glassy[of])[0]
        back_first = back_first[np.argsort(-of[back_first], kind="stable")]
        begin = len(solid)
        return Selection(
            np.concatenate([commands[solid[order]], commands[back_first]]),
            tuple(self._batch(*one) for one in batches),
            tuple(self._batch(number, begin + first, count) for number, first, count in runs_of(batch[back_first])),
            int((commands[:, 0].astype(np.int64) * commands[:, 1]).sum()) // 3,
        )

    def _batch(self, number: int, first: int, count: int) -> Batch:
        kind = self._kinds[number // 4]
        look = self._far_looks[number // 4] if number & FAR_LOOK else kind.look
        return Batch(look, kind.size_px, bool(number & BOTH_SIDES), first, count)
