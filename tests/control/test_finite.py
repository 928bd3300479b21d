"""No number, no rule: NaN and infinities are taken out before anything compares them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.control.guarding import judged, wants
from tests.control.inputs import ALLOWED, GOOD_PLACE, GOOD_RATING, OPEN_LIMITS, allowed
from therapy.control.decision import HeartView, Reason
from therapy.control.finite import all_finite, without_numbers

NUMBERS = (
    "t_s",
    "heart__hr10_bpm",
    "heart__hr5_bpm",
    "heart__delta_bpm",
    "heart__baseline_bpm",
    "heart__age_s",
    "heart__valid_for_s",
    "heart__quality_0to1",
    "rating__age_s",
    "place__current_0to1",
    "place__dwell_s",
    "limits__protocol_0to1",
    "limits__therapist_0to1",
    "limits__patient_0to1",
    "limits__next_0to1",
)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf])
def test_one_number_that_is_none_makes_the_moment_unusable(name: str, nonsense: float) -> None:
    inputs = allowed(**{name: nonsense})
    assert not all_finite(inputs)
    assert all_finite(without_numbers(inputs))
    decision = judged(inputs, wants(0.3))
    assert decision.applied_0to1 <= 0.2
    assert Reason.CLOCK_JUMPED in decision.reasons or decision.rule.value == "guard-cap"


@pytest.mark.parametrize("unknown", [None, 0.0])
def test_what_is_unknown_or_zero_is_finite(unknown: float | None) -> None:
    assert all_finite(ALLOWED)
    assert all_finite(allowed(heart__hr10_bpm=unknown, heart__age_s=unknown, rating__age_s=unknown))


def test_of_an_unusable_moment_the_rating_itself_and_the_finite_bounds_are_kept() -> None:
    kept = without_numbers(allowed(heart__hr10_bpm=math.nan))
    assert kept == replace(
        ALLOWED,
        heart=HeartView(contact=True),
        rating=replace(GOOD_RATING, age_s=None),
        place=replace(GOOD_PLACE, dwell_s=0.0, clock_ok=False),
    )


def test_a_time_a_place_or_a_bound_that_is_no_number_becomes_nothing() -> None:
    kept = without_numbers(allowed(t_s=math.nan, place__current_0to1=math.nan))
    assert (kept.t_s, kept.place.current_0to1) == (0.0, 0.0)
    for name in ("protocol_0to1", "therapist_0to1", "patient_0to1", "next_0to1"):
        bounds = without_numbers(allowed(**{f"limits__{name}": math.nan})).limits
        assert bounds == replace(OPEN_LIMITS, **{name: 0.0})  # type: ignore[arg-type]
