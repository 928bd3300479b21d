"""Units as a table: what a cone holds, which copy fits, and batches in order; places that move."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.render.places import Placed, Places
from environments.render.pool import Span
from environments.render.units import Table, Unit, balls_of, commands_of, runs_of, seen_of, sorted_by_batch

FINE, COARSE = Span(0.0, 0, 30, 12), Span(0.5, 42, 6, 3)


def unit(center: tuple[float, float, float] = (0.0, 0.0, -10.0), **changes: object) -> Unit:
    values: dict[str, object] = {
        "kind": 0, "group": -1, "base": 3, "count": 2, "center": np.array(center), "radius_m": 1.0, "part_m": 1.0,
        "far_from_m": 0.1, "details": (FINE, COARSE), "casts_shadow": True,
    }  # fmt: skip
    return Unit(**{**values, **changes})  # type: ignore[arg-type]


@given(
    st.tuples(*[st.floats(-50, 50) for _ in range(3)]),
    st.floats(0.1, 10.0),
    st.floats(0.2, 1.4),
    st.tuples(*[st.floats(-1, 1) for _ in range(3)]),
)
def test_whatever_has_a_point_in_the_cone_is_found(
    center: tuple[float, float, float], radius_m: float, half_rad: float, way: tuple[float, float, float]
) -> None:
    axis = np.array([0.0, 0.0, -1.0])
    length = float(np.linalg.norm(way))
    point = np.array(center) + (np.array(way) * radius_m / length if length > 1e-3 else 0.0)
    distance = float(np.linalg.norm(point))
    inside = distance > 1e-6 and float(point @ axis) >= distance * np.cos(half_rad)
    balls = balls_of(Table([unit(center, radius_m=radius_m)]), np.array([0]), np.zeros(3), more_m=1e-6)
    found = balls.in_cone(axis, half_rad)
    assert found[0] or not inside


def test_a_cone_leaves_out_what_is_behind_and_beside() -> None:
    table = Table([unit(), unit((0.0, 0.0, 10.0)), unit((20.0, 0.0, -10.0)), unit((6.6, 0.0, -10.0))])
    found = balls_of(table, np.arange(4), np.zeros(3), more_m=0.0).in_cone(np.array([0.0, 0.0, -1.0]), 0.5)
    assert found.tolist() == [True, False, False, True]


def test_commands_take_the_coarsest_copy_that_fits_and_both_kinds_of_triangles() -> None:
    table = Table([unit()])
    fine, of, both = commands_of(table, np.array([0]), np.array([0.4]), 2)
    assert fine.tolist() == [[30, 4, 0, 0, 3], [12, 4, 30, 0, 3]]
    assert (of.tolist(), both.tolist()) == ([0, 0], [0, 1])
    coarse, _, _ = commands_of(table, np.array([0]), np.array([0.6]), 1)
    assert coarse.tolist() == [[6, 2, 42, 0, 3], [3, 2, 48, 0, 3]]


def test_nearest_come_first_and_the_too_small_not_at_all() -> None:
    table = Table([unit((0.0, 0.0, -30.0)), unit(), unit((0.0, 0.0, -900.0), part_m=0.01), unit(count=0)])
    nearest_m = np.array([29.0, 9.0, 899.0, 9.0])
    seen = seen_of(table, np.arange(4), np.zeros(3), nearest_m, 0.01, far_m=20.0)
    assert seen.units.tolist() == [1, 0]
    assert seen.is_far.tolist() == [False, True]
    table.hidden[1] = True
    assert seen_of(table, np.arange(4), np.zeros(3), nearest_m, 0.01, far_m=20.0).units.tolist() == [0]


@given(st.lists(st.integers(0, 4), max_size=30))
def test_batches_keep_together_in_the_order_of_their_first(batches: list[int]) -> None:
    order, found = sorted_by_batch(np.array(batches, np.int64))
    assert [name for name, _, _ in found] == list(dict.fromkeys(batches))
    again = [batches[place] for place in order]
    for name, first, count in found:
        assert again[first : first + count] == [name] * batches.count(name)
        assert list(order[first : first + count]) == [i for i, one in enumerate(batches) if one == name]
    assert [(name, count) for name, _, count in runs_of(np.array(again, np.int64))] == [
        (name, count) for name, _, count in found
    ]


def at(*points: tuple[float, float, float]) -> np.ndarray:
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(points), 1, 1))
    matrices[:, :3, 3] = points
    return matrices


def test_a_group_that_moves_takes_its_units_along_and_what_stays_keeps_its_rows() -> None:
    placed = [
        Placed(-1, at((1.0, 0.0, 0.0)), np.zeros(3), 1.0),
        Placed(0, at((2.0, 0.0, 0.0), (3.0, 0.0, 0.0)), np.zeros(3), 1.0),
        Placed(0, at((2.0, 0.0, 0.0), (3.0, 0.0, 0.0)), np.zeros(3), 0.5),
    ]
    places = Places(placed, ["birds"])
    table = Table(
        [unit(base=int(base), count=len(one.transforms)) for base, one in zip(places.base, placed, strict=True)]
    )
    assert places.move(table, {}) == (False, False)
    assert places.move(table, {"birds": at((7.0, 0.0, 0.0), (9.0, 0.0, 0.0))}) == (True, True)
    assert places.rows[table.base[1] : table.base[1] + 2, 3].tolist() == [7.0, 9.0]
    assert places.rows[table.base[2] : table.base[2] + 2, 3].tolist() == [7.0, 9.0]
    assert places.rows[table.base[0], 3] == 1.0
    assert table.center[1].tolist() == [8.0, 0.0, 0.0]
    assert places.moving_nearest_m(table, np.array([4.0, 0.0, 0.0])) == pytest.approx([2.0, 2.5])
    assert places.move(table, {"birds": at((7.0, 0.0, 0.0), (9.0, 0.0, 0.0))}) == (False, False)
    assert places.move(table, {"birds": at((5.0, 0.0, 0.0))}) == (True, False)
    assert table.count.tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="birds has 3 places; 2 were built"):
        places.move(table, {"birds": at(*[(0.0, 0.0, 0.0)] * 3)})
