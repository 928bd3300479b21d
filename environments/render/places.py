"""Where the instances of a scene's units are: what never moves once, what moves gathered anew for each moment."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from environments.render.matrices import Vector
from environments.render.model import Float32
from environments.render.units import Indexes, Numbers, Table
from environments.render.ways import Going, Ways, place_rows, reached

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Slots of one unit: its group (-1 for what never moves), the places that were built, the ball around its mesh."""

    group: int
    transforms: Float32
    center: Vector
    radius_m: float
    going: Going | None = None
    streams: bool = False


class Stretches:
    """Arrays one after the other, of which some can be picked in any order."""

    def __init__(self, parts: Sequence[NDArray[Any]]) -> None:
        self.content = np.concatenate(parts)
        self.counts: Indexes = np.array([len(part) for part in parts], np.int64)
        self._starts = np.cumsum(self.counts) - self.counts

    def places(self, chosen: Indexes) -> Indexes:
        """Where in `content` the rows of the chosen ones are, in that order."""
        counts = self.counts[chosen]
        begins = np.cumsum(counts) - counts
        return np.asarray(np.arange(int(counts.sum())) + np.repeat(self._starts[chosen] - begins, counts))


class Places:
    """Rows of all slots; `rows` (s, 12) are object-to-world matrices without their last row, or how something goes.

    `reaches` tell for every unit where its places are as they were built, or go.  Slots of groups that ever moved come
    first, so that one write brings a moment up to date; `source` (s,) is which place as built has each slot.  `version`
    changes when something moved.
    """

    def __init__(self, placed: Sequence[Placed], names: Sequence[str], ways: Ways | None = None) -> None:
        self._placed, self._names = placed, names
        self.reaches = [
            reached((one.center, one.radius_m), one.transforms, one.going, ways, streams=one.streams) for one in placed
        ]
        self._moving: list[int] = []
        self._known: set[str] = set()
        self.version = 0
        self._shown: list[Float32] = []
        self._counts: tuple[int, ...] = ()
        self._built = {one.group: one.transforms for one in placed if one.group >= 0}
        self._center = np.array([one.center for one in placed]).reshape(-1, 3)
        self._part_m = np.array([one.radius_m for one in placed])
        self._group = np.array([one.group for one in placed], np.int64)
        rows = [place_rows(one.transforms, one.going) for one in placed]
        self._slots = Stretches(rows or [np.zeros((0, 12), np.float32)])
        self._points = Stretches([one.points for one in self.reaches] or [np.zeros((0, 3))])
        self._lay_out()

    def _lay_out(self) -> None:
        """Give every unit its slots: those of moving groups first."""
        is_moving = np.isin(self._group, self._moving)
        self.units_moving, self.still = np.flatnonzero(is_moving), np.flatnonzero(~is_moving)
        order = np.concatenate([self.units_moving, self.still])
        counts = self._slots.counts[order]
        self.base = np.zeros(len(self._placed), np.int64)
        self.base[order] = np.cumsum(counts) - counts
        self.source = self._slots.places(order)
        self.rows: Rows = self._slots.content[self.source]
        self.moving_rows = int(self._slots.counts[self.units_moving].sum())
        sizes = self._points.counts[self.still]
        self._still_placed = sizes > 0
        self._still_points = self._points.content[self._points.places(self.still)]
        self._still_starts = (np.cumsum(sizes) - sizes)[self._still_placed]
        self._here = np.zeros(0, np.int64)
        self._all: Rows = np.zeros((0, 4, 4), np.float32)
        self._shown, self._counts = [], ()

    def move(self, table: Table, moves: Mapping[str, Float32]) -> tuple[bool, bool]:
        """Bring the table and the rows to a moment; whether places changed, and whether slots were given anew."""
        fresh = not self._known.issuperset(moves) and self._begin_to_move(table, moves)
        if not self._moving:
            return False, False
        arrays = [moves.get(self._names[group], self._built[group]) for group in self._moving]
        if len(arrays) == len(self._shown) and all(map(operator.is_, arrays, self._shown)):
            return False, False
        self._shown = arrays
        counts = tuple(len(one) for one in arrays)
        everything = np.concatenate(arrays)
        if counts != self._counts:
            self._count_anew(table, counts)
        elif np.array_equal(everything, self._all):
            return fresh, fresh
        self._all = everything
        self._set_bounds(table, everything)
        matrices = everything[:, :3, :].reshape(-1, 12)
        np.take(matrices, self._row_shown, axis=0, out=self.rows[: self.moving_rows], mode="clip")
        self.version += 1
        return True, fresh

    def _begin_to_move(self, table: Table, moves: Mapping[str, Float32]) -> bool:
        """Groups that never moved before get slots among those that do; whether there are any."""
        self._known |= moves.keys()
        fresh = [number for number, name in enumerate(self._names) if name in moves and number not in self._moving]
        fresh = [number for number in fresh if number in self._built]
        if not fresh:
            return False
        if any((one.going is not None or one.streams) and one.group in fresh for one in self._placed):
            raise ValueError(f"{', '.join(self._names[number] for number in fresh)}: what goes or streams is not moved")
        self._moving += fresh
        self._lay_out()
        table.base[:] = self.base
        return True

    def _count_anew(self, table: Table, counts: tuple[int, ...]) -> None:
        """Another number of bodies in some group: which row each slot shows now."""
        self._counts = counts
        starts = np.cumsum([0, *counts])[:-1]
        of_group = dict(zip(self._moving, zip(starts, counts, strict=True), strict=True))
        shown = np.zeros(self.moving_rows, np.int64)
        for number in self.units_moving.tolist():
            one = self._placed[number]
            start, count = of_group[one.group]
            capacity = len(one.transforms)
            if count > capacity:
                raise ValueError(f"{self._names[one.group]} has {count} places; {capacity} were built")
            table.count[number] = count
            base = self.base[number]
            shown[base : base + count] = np.arange(start, start + count)
        self._row_shown = shown
        used = [place for place, count in enumerate(counts) if count]
        self._starts = starts[used]
        rank = {self._moving[place]: index for index, place in enumerate(used)}
        here = [number for number in self.units_moving.tolist() if self._placed[number].group in rank]
        self._here = np.array(here, np.int64)
        self._group_of = np.array([rank[self._placed[number].group] for number in here], np.int64)

    def _set_bounds(self, table: Table, everything: Rows) -> None:
        """A ball around all places of each moving group, wide enough for each of its units."""
        if not len(self._here):
            return
        points = everything[:, :3, 3].astype(np.float64)
        low = np.minimum.reduceat(points, self._starts)
        high = np.maximum.reduceat(points, self._starts)
        scale = np.sqrt(np.maximum.reduceat((everything[:, :3, :3] ** 2).sum(axis=1).max(axis=1), self._starts))
        reach = scale[self._group_of] * (self._part_m[self._here] + np.linalg.norm(self._center[self._here], axis=1))
        spread = np.linalg.norm(high - low, axis=1) / 2.0
        table.center[self._here] = ((low + high) / 2.0)[self._group_of]
        table.radius_m[self._here] = spread[self._group_of] + reach
        table.part_m[self._here] = scale[self._group_of] * self._part_m[self._here]
        self._group_points, self._reach = points, reach

    def still_nearest_m(self, table: Table, eye_m: Vector) -> Numbers:
        """Distance (n) from an eye to the nearest place of every unit of `still`, 0 inside its ball."""
        near: Numbers = np.full(len(self.still), np.inf)
        if len(self._still_starts):
            apart_m2 = ((self._still_points - eye_m) ** 2).sum(axis=1)
            near[self._still_placed] = np.sqrt(np.minimum.reduceat(apart_m2, self._still_starts))
        return np.maximum(near - table.part_m[self.still], 0.0)

    def moving_nearest_m(self, table: Table, eye_m: Vector) -> Numbers:
        """The same for every unit of `units_moving`."""
        near: Numbers = np.full(len(table), np.inf)
        if len(self._here):
            of_group = np.sqrt(np.minimum.reduceat(((self._group_points - eye_m) ** 2).sum(axis=1), self._starts))
            near[self._here] = of_group[self._group_of] - self._reach
        return np.maximum(near[self.units_moving], 0.0)
