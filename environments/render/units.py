"""What can be drawn by itself, as a table: where it is, how coarse it may be, and the draw commands of a view.

Pure arithmetic over whole columns, so that a view of thousands of units costs well under a millisecond.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from environments.render.matrices import Vector
from environments.render.pool import Span

Numbers = NDArray[np.float64]
Indexes = NDArray[np.int64]
Commands = NDArray[np.uint32]

DETAIL_PX = 1.4
"""Details smaller than this many pixels may be merged."""
SMALLEST_PX = 0.3
"""Units with a radius under this many pixels are not drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One mesh in one surface, at `count` places from place `base` on.

    `kind` numbers the program and textures it needs; `group` is -1 for what never moves.  `center` and `radius_m`
    bound all of it, `part_m` is the radius at one place; from `far_from_m` a pixel its fine detail is not seen, at any
    distance if `far_at_once`, else beyond the fine shadow maps.
    """

    kind: int
    group: int
    base: int
    count: int
    center: Vector
    radius_m: float
    part_m: float
    far_from_m: float
    details: tuple[Span, ...]
    casts_shadow: bool
    far_at_once: bool = False


class Table:
    """The units of a scene, column by column; `count`, `center`, `radius_m` and `hidden` change with the moment."""

    def __init__(self, units: Sequence[Unit]) -> None:
        most = max((len(unit.details) for unit in units), default=1)
        self.kind = np.array([unit.kind for unit in units], np.int64)
        self.group = np.array([unit.group for unit in units], np.int64)
        self.base = np.array([unit.base for unit in units], np.int64)
        self.count = np.array([unit.count for unit in units], np.int64)
        self.center = np.array([unit.center for unit in units], np.float64).reshape(-1, 3)
        self.radius_m = np.array([unit.radius_m for unit in units], np.float64)
        self.part_m = np.array([unit.part_m for unit in units], np.float64)
        self.far_from_m = np.array([unit.far_from_m for unit in units], np.float64)
        self.far_at_once = np.array([unit.far_at_once for unit in units], np.bool_)
        self.casts_shadow = np.array([unit.casts_shadow for unit in units], np.bool_)
        self.hidden = np.zeros(len(units), np.bool_)
        self._cell_m = np.full((len(units), most), np.inf)
        self._spans = np.zeros((len(units), most, 3), np.int64)
        for number, unit in enumerate(units):
            for place, span in enumerate(unit.details):
                self._cell_m[number, place] = span.cell_m
                self._spans[number, place] = span.first, span.closed, span.open

    def __len__(self) -> int:
        return len(self.kind)

    def spans(self, units: Indexes, cell_m: Numbers) -> Indexes:
        """First index, closed and open indices (n, 3) of the coarsest copy whose cells are at most `cell_m` (n)."""
        return np.asarray(self._spans[units, self.detail(units, cell_m)])

    def detail(self, units: Indexes, cell_m: Numbers) -> Indexes:
        """Number (n) of the coarsest copy whose cells are at most `cell_m` (n)."""
        chosen = (self._cell_m[units] <= cell_m[:, None]).sum(axis=1) - 1
        return np.asarray(np.maximum(chosen, 0))

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Whether a unit is there at this moment."""
        return ~self.hidden & (self.count > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The units in a view, nearest first: their numbers, the detail (m) not worth drawing, and whether far."""

    units: Indexes
    cell_m: Numbers
    is_far: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Balls:
    """Balls around n units as seen from a point: their middles (n, 3) from there, squares of distances, radii."""

    away_m: Numbers
    square_m2: Numbers
    radius_m: Numbers

    def in_cone(self, axis: Vector, half_rad: float) -> NDArray[np.bool_]:
        """Which reach into a cone of unit `axis` with its tip at the point."""
        along = self.away_m @ axis
        aside = np.sqrt(np.maximum(self.square_m2 - along * along, 0.0))
        return np.asarray(aside * math.cos(half_rad) - along * math.sin(half_rad) <= self.radius_m)


def balls_of(table: Table, units: Indexes, eye_m: Vector, *, more_m: float) -> Balls:
    """The balls of some units from an eye, each taken `more_m` larger than it is."""
    away = table.center[units] - eye_m
    return Balls(away, np.einsum("ni,ni->n", away, away), table.radius_m[units] + more_m)


def seen_of(table: Table, units: Indexes, eye_m: Vector, nearest_m: Numbers, pixel: float, *, far_m: float) -> Seen:
    """What is large enough to be seen of some units.

    `nearest_m` (n) is the distance to each unit's nearest place, `pixel` the width of a pixel at 1 m; the fine shadow
    maps reach to `far_m`.
    """
    width_m = nearest_m * pixel
    large = table.shown[units] & (table.part_m[units] > SMALLEST_PX * width_m)
    units, nearest_m, width_m = units[large], nearest_m[large], width_m[large]
    # What surrounds the eye, as the ground does, is mostly about its radius away.
    about_m = np.maximum(np.sqrt(((table.center[units] - eye_m) ** 2).sum(axis=1)), table.radius_m[units])
    order = np.argsort(about_m, kind="stable")
    units, nearest_m, width_m = units[order], nearest_m[order], width_m[order]
    is_far = ((nearest_m > far_m) | table.far_at_once[units]) & (width_m > table.far_from_m[units])
    return Seen(units, width_m * DETAIL_PX, is_far)


def commands_of(table: Table, units: Indexes, cell_m: Numbers, views: int) -> tuple[Commands, Indexes, Indexes]:
    """Indirect draw commands (m, 5), for each its unit's place in `units`, and 1 where both sides are drawn."""
    spans = table.spans(units, cell_m)
    closed, opened = np.nonzero(spans[:, 1])[0], np.nonzero(spans[:, 2])[0]
    of_unit = np.concatenate([closed, opened])
    both_sides = np.repeat(np.array([0, 1]), [len(closed), len(opened)])
    commands = np.zeros((len(of_unit), 5), np.uint32)
    chosen = spans[of_unit]
    commands[:, 0] = np.where(both_sides, chosen[:, 2], chosen[:, 1])
    commands[:, 1] = table.count[units[of_unit]] * views
    commands[:, 2] = chosen[:, 0] + np.where(both_sides, chosen[:, 1], 0)
    commands[:, 4] = table.base[units[of_unit]]
    return commands, of_unit, both_sides


def sorted_by_batch(batches: Indexes) -> tuple[Indexes, list[tuple[int, int, int]]]:
    """An order that keeps what shares a batch together, batches by their first; and (batch, first, count) of each."""
    if not len(batches):
        return np.zeros(0, np.int64), []
    names, firsts, numbers = np.unique(batches, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(firsts))
    order = np.argsort(rank[numbers.reshape(-1)], kind="stable")
    sizes = np.bincount(rank[numbers.reshape(-1)])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return order, [(int(names[i]), int(starts[rank[i]]), int(sizes[rank[i]])) for i in np.argsort(rank)]


def runs_of(batches: Indexes) -> list[tuple[int, int, int]]:
    """(batch, first, count) of each stretch of one batch, in the order given."""
    if not len(batches):
        return []
    edges = np.concatenate([[0], np.nonzero(np.diff(batches))[0] + 1, [len(batches)]])
    return [(int(batches[begin]), int(begin), int(end - begin)) for begin, end in pairwise(edges.tolist())]
