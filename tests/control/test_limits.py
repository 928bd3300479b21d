"""Limits: they only ever narrow, the smallest binds and says so, and a pace stays where people can follow."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.control.inputs import allowed
from therapy.control.decision import Limits, Proposal, Reason, Rule
from therapy.control.limits import (
    FASTEST_PACE_PER_MIN,
    HARD_LIMIT_0TO1,
    PACE_EVERY_S,
    PACE_STEP_PER_MIN,
    SLOWEST_PACE_PER_MIN,
    Allowance,
    bounded_pace_per_min,
    cap,
)

any_float = st.floats(allow_nan=True, allow_infinity=True)
bounds = st.lists(st.tuples(any_float | st.floats(-0.5, 1.5), st.sampled_from(Reason)), max_size=8)


def test_without_a_bound_the_hard_limit_binds() -> None:
    assert Allowance(1.0).limiting is Reason.HARD_LIMIT


def test_a_smaller_bound_narrows_and_binds() -> None:
    allowance = Allowance(1.0).narrowed(0.6, Reason.CEILING).narrowed(0.4, Reason.PATIENT_LIMIT)
    assert allowance == Allowance(0.4, (Reason.PATIENT_LIMIT, Reason.CEILING))
    assert allowance.limiting is Reason.PATIENT_LIMIT


def test_a_bound_a_little_smaller_narrows() -> None:
    assert Allowance(0.4).narrowed(0.39, Reason.CEILING) == Allowance(0.39, (Reason.CEILING,))


@pytest.mark.parametrize("at_most_0to1", [0.4, 0.4 - 1e-12, 0.5, 1.0, math.inf])
def test_a_bound_that_is_not_smaller_changes_nothing(at_most_0to1: float) -> None:
    allowance = Allowance(0.4, (Reason.CEILING,))
    assert allowance.narrowed(at_most_0to1, Reason.PROTOCOL_LIMIT) == allowance


@pytest.mark.parametrize("at_most_0to1", [math.nan, -math.inf, -0.1, 0.0])
def test_a_bound_below_the_scale_or_that_is_no_number_allows_nothing(at_most_0to1: float) -> None:
    assert Allowance(0.4).narrowed(at_most_0to1, Reason.CEILING) == Allowance(0.0, (Reason.CEILING,))


@given(found=bounds)
def test_no_bounds_in_no_order_ever_widen(found: list[tuple[float, Reason]]) -> None:
    allowance = Allowance(HARD_LIMIT_0TO1)
    for at_most_0to1, reason in found:
        narrower = allowance.narrowed(at_most_0to1, reason)
        assert 0.0 <= narrower.at_most_0to1 <= allowance.at_most_0to1
        assert not narrower.at_most_0to1 > max(at_most_0to1, 0.0) + 1e-8
        allowance = narrower


@pytest.mark.parametrize(
    ("smallest", "reason"),
    [
        ("protocol_0to1", Reason.PROTOCOL_LIMIT),
        ("therapist_0to1", Reason.CEILING),
        ("patient_0to1", Reason.PATIENT_LIMIT),
        ("next_0to1", Reason.NOT_TOLERATED_YET),
    ],
)
def test_the_smallest_of_the_limits_binds_with_its_reason(smallest: str, reason: Reason) -> None:
    others = Limits(protocol_0to1=0.9, therapist_0to1=0.8, patient_0to1=0.7, next_0to1=0.6)
    lowered: dict[str, Any] = {smallest: 0.3}
    allowance = cap(replace(others, **lowered))
    assert (allowance.at_most_0to1, allowance.limiting) == (0.3, reason)


def test_with_every_limit_open_the_hard_limit_binds() -> None:
    allowance = cap(Limits(protocol_0to1=5.0, therapist_0to1=1.0, patient_0to1=2.0, next_0to1=math.inf))
    assert (allowance.at_most_0to1, allowance.limiting) == (1.0, Reason.HARD_LIMIT)


@given(st.tuples(*[any_float | st.floats(0.0, 1.0)] * 4))
def test_the_cap_is_never_above_any_limit(found: tuple[float, float, float, float]) -> None:
    protocol_0to1, therapist_0to1, patient_0to1, next_0to1 = found
    at_most_0to1 = cap(Limits(protocol_0to1, therapist_0to1, patient_0to1, next_0to1=next_0to1)).at_most_0to1
    assert 0.0 <= at_most_0to1 <= HARD_LIMIT_0TO1
    assert all(at_most_0to1 <= max(one, 0.0) + 1e-8 for one in found if math.isfinite(one))
    assert at_most_0to1 == 0.0 or not any(math.isnan(one) for one in found)


def pace(wanted: float | None, now: float | None = None, since_s: float | None = None) -> float | None:
    proposal = Proposal(0.2, Rule.PACE, (Reason.PACE_FOUND,), 3.0, wanted)
    return bounded_pace_per_min(allowed(place__pace_per_min=now, place__since_pace_s=since_s), proposal)


@pytest.mark.parametrize(("wanted", "first"), [(1.0, 4.0), (4.0, 4.0), (6.0, 6.0), (12.0, 12.0), (30.0, 12.0)])
def test_a_first_pace_is_brought_within_what_people_can_follow(wanted: float, first: float) -> None:
    assert pace(wanted) == first
    for no_number in (math.nan, math.inf, -math.inf):
        assert pace(wanted, now=no_number, since_s=1.0) == first


def test_at_the_ends_a_pace_goes_no_further() -> None:
    assert pace(30.0, now=11.8, since_s=20.0) == 12.0
    assert pace(30.0, now=12.0, since_s=20.0) is None
    assert pace(1.0, now=4.2, since_s=20.0) == 4.0
    assert pace(1.0, now=4.0, since_s=20.0) is None


@pytest.mark.parametrize(("wanted", "then"), [(4.0, 5.5), (5.8, 5.8), (6.3, 6.3), (9.0, 6.5)])
def test_a_pace_changes_by_little(wanted: float, then: float) -> None:
    assert pace(wanted, now=6.0, since_s=20.0) == then
    assert pace(wanted, now=6.0) == then


def test_a_pace_does_not_change_often() -> None:
    assert pace(5.5, now=6.0, since_s=19.9) is None
    assert pace(5.5, now=6.0, since_s=math.nan) is None


@pytest.mark.parametrize("wanted", [None, math.nan, math.inf, -math.inf, 6.0])
def test_no_pace_or_the_same_one_leaves_it_as_it_is(wanted: float | None) -> None:
    assert pace(wanted, now=6.0, since_s=60.0) is None


@given(wanted=any_float, now=st.none() | st.floats(4.0, 12.0), since_s=st.none() | st.floats(0.0, 100.0))
def test_whatever_is_wanted_the_pace_keeps_its_bounds(wanted: float, now: float | None, since_s: float | None) -> None:
    bounded = pace(wanted, now, since_s)
    if bounded is None:
        return
    assert SLOWEST_PACE_PER_MIN <= bounded <= FASTEST_PACE_PER_MIN
    if now is not None:
        assert abs(bounded - now) <= PACE_STEP_PER_MIN + 1e-9
        assert since_s is None or since_s >= PACE_EVERY_S
