"""Ratings and heart rate fused: the estimate, what it may decide, and that heart rate never replaces a rating."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.control.inputs import allowed
from tests.control.life import watched
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.fused import Fused, FusedState

POLICY = Fused()
UNHEARD: dict[str, Any] = {"heart__delta_bpm": None, "rating__suds": None, "rating__age_s": None}


def knowing(mean: float, variance: float, **fields: Any) -> FusedState:
    """The estimate at the allowed moment, its rating taken in already."""
    return replace(FusedState(), mean=mean, variance=variance, absorbed_s=990.0, level_0to1=0.2, **fields)


def answer(state: FusedState, **changes: Any) -> Proposal:
    return POLICY.step(state, allowed(**{"heart__delta_bpm": None, **changes}))[1]


def after(state: FusedState, inputs: LoopInputs) -> FusedState:
    new: FusedState = POLICY.step(state, inputs)[0]
    return new


def test_a_rating_counts_by_its_bias_and_noise() -> None:
    state = after(knowing(50.0, 113.0), allowed(rating__suds=80, rating__age_s=0.0, heart__delta_bpm=None))
    assert state.mean == pytest.approx(65.0), "as sure as the rating (8² + 7²): the middle of the two"
    assert state.variance == pytest.approx(56.5)


def test_the_first_rating_counts_even_at_the_first_moment_of_all() -> None:
    at_once = allowed(t_s=10.0, rating__age_s=10.0, rating__suds=80, heart__delta_bpm=None)
    assert after(POLICY.begin(), at_once).mean > 15.0


@pytest.mark.parametrize(("age_s", "is_new"), [(9.505, False), (9.5, False), (9.495, True)])
def test_ratings_half_a_second_apart_are_one(age_s: float, is_new: bool) -> None:
    state = after(knowing(50.0, 113.0), allowed(rating__suds=80, rating__age_s=age_s, heart__delta_bpm=None))
    assert (state.mean > 50.0) is is_new


def test_a_rating_counts_once_however_often_it_is_seen() -> None:
    rated = allowed(rating__suds=80, heart__delta_bpm=None)
    first = after(POLICY.begin(), rated)
    later = replace(rated, t_s=1000.7, rating=replace(rated.rating, age_s=10.7 + 1e-13))
    assert after(first, later).mean == first.mean
    again = replace(rated, t_s=1060.0, rating=replace(rated.rating, age_s=0.0))
    assert after(first, again).mean > first.mean


@pytest.mark.parametrize(
    "changes",
    [{"rating__suds": None}, {"rating__suds": -1}, {"rating__suds": 101}, {"rating__age_s": math.nan}],
)
def test_what_is_no_rating_changes_no_estimate(changes: dict[str, Any]) -> None:
    start = replace(knowing(50.0, 113.0), absorbed_s=None)
    state = after(start, allowed(**{"rating__suds": 80, "heart__delta_bpm": None, **changes}))
    assert (state.mean, state.variance) == (50.0, 113.0)


@pytest.mark.parametrize(("suds", "mean"), [(0, 25.0), (100, 75.0)])
def test_the_ends_of_the_scale_are_ratings(suds: int, mean: float) -> None:
    rated = allowed(rating__suds=suds, rating__age_s=0.0, heart__delta_bpm=None)
    assert after(knowing(50.0, 113.0), rated).mean == pytest.approx(mean)


def test_at_first_a_patient_at_rest_is_supposed_and_not_believed() -> None:
    assert (POLICY.begin().mean, POLICY.begin().variance) == (15.0, 400.0)


def test_a_place_that_is_no_number_moves_no_estimate() -> None:
    lost = allowed(**UNHEARD, place__current_0to1=math.nan, place__grading=False)
    state = after(after(knowing(50.0, 100.0), lost), allowed(**UNHEARD))
    assert (state.mean, state.variance) == (50.0, 100.0)


def test_doubt_grows_with_time_up_to_a_bound() -> None:
    state, _ = watched(POLICY, allowed(**UNHEARD), 60, knowing(50.0, 100.0))
    assert (state.mean, state.variance) == (50.0, pytest.approx(160.0))
    state, _ = watched(POLICY, allowed(**UNHEARD), 2000, knowing(50.0, 100.0))
    assert state.variance == 900.0


@pytest.mark.parametrize(("level_0to1", "mean"), [(0.3, 60.0), (0.1, 40.0), (0.0, 30.0), (1.0, 100.0)])
def test_another_level_moves_the_estimate_and_adds_doubt(level_0to1: float, mean: float) -> None:
    state = after(knowing(50.0, 100.0), allowed(**UNHEARD, place__current_0to1=level_0to1))
    moved = abs(level_0to1 - 0.2) * 10
    assert state.mean == pytest.approx(mean)
    assert state.variance == pytest.approx(min(100.0 + 225.0 * moved * moved, 900.0))


def test_a_level_moves_the_estimate_once_and_the_first_not_at_all() -> None:
    raised = allowed(**UNHEARD, place__current_0to1=0.3)
    state = after(after(knowing(50.0, 100.0), raised), raised)
    assert (state.mean, state.level_0to1) == (60.0, 0.3)
    assert after(POLICY.begin(), raised).mean == 15.0


def test_however_right_a_heart_has_been_it_is_no_better_than_a_rating_without_noise() -> None:
    trusted = knowing(30.0, 384.0, hr_variance=1.0, since_hr_s=60.0)
    state = after(trusted, allowed(**{**UNHEARD, "heart__delta_bpm": 12.0}))
    assert state.mean == pytest.approx(45.0), "8² for each of six moments alike"


@pytest.mark.parametrize(("later_s", "counts"), [(0.995, False), (1.0, True)])
def test_heart_rate_counts_at_ten_seconds_exactly(later_s: float, counts: bool) -> None:
    raised = allowed(**{**UNHEARD, "heart__delta_bpm": 12.0})
    state, _ = watched(POLICY, raised, 9, replace(POLICY.begin(), level_0to1=0.2))
    state = after(state, replace(raised, t_s=1009.0 + later_s))
    assert (state.mean > 15.0) is counts


def test_heart_rate_counts_every_ten_seconds_by_its_gain_and_its_learned_error() -> None:
    raised = allowed(**{**UNHEARD, "heart__delta_bpm": 12.0})
    state, _ = watched(POLICY, raised, 9, knowing(30.0, 600.0, hr_variance=100.0))
    assert state.mean == 30.0
    state, _ = watched(replace(POLICY, drift_per_s=0.0), raised, 10, knowing(30.0, 600.0, hr_variance=100.0))
    assert state.mean == pytest.approx(45.0), "12 bpm are fear 60, with the error of six moments alike"
    assert state.since_hr_s == 0.0


def test_a_heart_that_was_off_at_a_rating_weighs_less_and_one_that_was_right_more() -> None:
    rated = {"rating__suds": 60, "rating__age_s": 0.0}
    right = after(knowing(50.0, 100.0), allowed(**rated, heart__delta_bpm=12.0))
    wrong = after(knowing(50.0, 100.0), allowed(**rated, heart__delta_bpm=-3.0))
    assert right.hr_variance == pytest.approx(675.0)
    assert wrong.hr_variance == pytest.approx(900.0 + (3600.0 - 900.0) / 4.0)


def test_a_falling_heart_rate_is_no_better_than_one_at_baseline() -> None:
    at_base = watched(POLICY, allowed(heart__delta_bpm=0.0), 60, knowing(60.0, 400.0))[0]
    fallen = watched(POLICY, allowed(heart__delta_bpm=-25.0), 60, knowing(60.0, 400.0))[0]
    assert (fallen.mean, fallen.variance) == (at_base.mean, at_base.variance)


@pytest.mark.parametrize(
    "changes",
    [
        {"heart__delta_bpm": None},
        {"heart__delta_bpm": math.nan},
        {"heart__delta_bpm": math.inf},
        {"heart__moved_beyond": True},
        {"suds_only": True},
    ],
)
def test_a_heart_rate_that_may_not_be_used_changes_no_estimate(changes: dict[str, Any]) -> None:
    inputs = allowed(**{"heart__delta_bpm": 30.0, **changes})
    assert watched(POLICY, inputs, 20, knowing(50.0, 100.0))[0].mean == 50.0


def test_a_low_and_sure_estimate_goes_one_level_up() -> None:
    proposal = answer(knowing(39.9, 225.0))
    assert (proposal.rule, proposal.reasons) == (Rule.FUSED_UP, (Reason.ESTIMATE_LOW,))
    assert proposal.intensity_0to1 == 0.3


@pytest.mark.parametrize(
    ("mean", "variance", "reason"),
    [
        (39.9, 230.0, Reason.ESTIMATE_UNCERTAIN),
        (39.0, 256.0, Reason.ESTIMATE_UNCERTAIN),
        (40.0, 1.0, Reason.ESTIMATE_IN_WINDOW),
        (77.9, 1.0, Reason.ESTIMATE_IN_WINDOW),
        (78.0, 170.0, Reason.ESTIMATE_UNCERTAIN),
    ],
)
def test_it_holds_with_what_it_estimates(mean: float, variance: float, reason: Reason) -> None:
    proposal = answer(knowing(mean, variance))
    assert (proposal.rule, proposal.reasons) == (Rule.HOLD, (reason,))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rating__suds": None}, Reason.WAITING_FOR_RATING),
        ({"rating__given_on_level": False}, Reason.WAITING_FOR_RATING),
        ({"rating__age_s": None}, Reason.WAITING_FOR_RATING),
        ({"rating__age_s": 120.1, "t_s": 1110.1}, Reason.WAITING_FOR_RATING),
        ({"rating__age_s": -1.0, "t_s": 989.0}, Reason.WAITING_FOR_RATING),
        ({"rating__suds": 75, "place__since_lower_s": 1.0}, Reason.SUDS_HIGH),
        ({"place__dwell_s": 44.9}, Reason.DWELL_SHORT),
        ({"place__held": True}, Reason.HELD_BY_THERAPIST),
    ],
)
def test_the_lowest_estimate_goes_nowhere_without_a_fresh_rating_or_against_an_objection(
    changes: dict[str, Any], reason: Reason
) -> None:
    proposal = answer(knowing(5.0, 10.0), **changes)
    assert (proposal.rule, proposal.reasons) == (Rule.HOLD, (reason,))


def test_a_rating_is_fresh_from_this_moment_to_two_minutes() -> None:
    sure = knowing(5.0, 10.0)
    assert answer(sure, rating__age_s=120.0, t_s=1110.0).rule is Rule.FUSED_UP
    assert answer(sure, rating__age_s=0.0, t_s=990.0).rule is Rule.FUSED_UP
    assert answer(sure, rating__age_s=-0.005, t_s=990.0).reasons == (Reason.WAITING_FOR_RATING,)


def test_a_high_and_sure_estimate_steps_down() -> None:
    proposal = answer(knowing(78.0, 169.0), place__since_lower_s=20.0)
    assert answer(knowing(78.0, 169.0)) == proposal
    assert (proposal.rule, proposal.reasons) == (Rule.FUSED_DOWN, (Reason.ESTIMATE_HIGH,))
    assert proposal.intensity_0to1 == pytest.approx(0.1)


@pytest.mark.parametrize(
    "changes",
    [{"place__since_lower_s": 19.9}, {"heart__moved_beyond": True}, {"place__current_0to1": 0.0}],
)
def test_a_high_estimate_waits_for_the_last_step_and_lowers_nothing_on_movement(changes: dict[str, Any]) -> None:
    level_0to1 = changes.get("place__current_0to1", 0.2)
    state = replace(knowing(78.0, 169.0), level_0to1=level_0to1)
    proposal = answer(state, **changes)
    assert (proposal.rule, proposal.reasons) == (Rule.HOLD, (Reason.ESTIMATE_HIGH,))


def test_a_high_estimate_steps_down_from_however_little() -> None:
    low = replace(knowing(95.0, 10.0), level_0to1=0.005)
    assert answer(low, place__current_0to1=0.005).rule is Rule.FUSED_DOWN


def test_the_brake_is_kept_and_a_step_of_the_estimate_starts_it_anew() -> None:
    sustained = allowed(heart__delta_bpm=15.0, rating__given_on_level=False)
    assert watched(POLICY, sustained, 60)[1][-1].rule is Rule.HR_BRAKE
    state = after(replace(knowing(95.0, 10.0), ladder=replace(POLICY.ladder.begin(), raised_s=50.0)), sustained)
    assert state.ladder.raised_s == 0.0


def test_heart_rate_speeds_a_step_up_that_the_rating_left_open() -> None:
    rated = {"rating__suds": 40, "rating__age_s": 0.0, "rating__peak_on_level": 50}
    trusting = knowing(45.0, 150.0, hr_variance=64.0)
    at_base = watched(POLICY, allowed(**rated, heart__delta_bpm=0.0), 60, trusting)[1]
    unheard = watched(POLICY, allowed(**rated, heart__delta_bpm=None), 60, trusting)[1]
    raised = watched(POLICY, allowed(**rated, heart__delta_bpm=12.0), 60, trusting)[1]
    assert Rule.FUSED_UP in [one.rule for one in at_base]
    assert {one.rule for one in (*unheard, *raised)} == {Rule.HOLD}


def test_a_wish_is_heard() -> None:
    assert answer(knowing(60.0, 10.0), place__wish=Wish.UP).rule is Rule.THERAPIST_UP
    assert answer(knowing(10.0, 10.0), place__wish=Wish.DOWN).rule is Rule.THERAPIST_DOWN


number = st.none() | st.floats(allow_nan=True, allow_infinity=True)


@given(
    heard=st.lists(
        st.tuples(number, number, st.none() | st.integers(-50, 200), number, st.floats(0.0, 1.0)), max_size=40
    )
)
def test_whatever_it_hears_the_estimate_stays_a_number_within_its_bounds(
    heard: list[tuple[float | None, float | None, int | None, float | None, float]],
) -> None:
    state = POLICY.begin()
    for t_s, delta_bpm, suds, age_s, level_0to1 in heard:
        inputs = allowed(
            heart__delta_bpm=delta_bpm, rating__suds=suds, rating__age_s=age_s, place__current_0to1=level_0to1
        )
        state, proposal = POLICY.step(state, inputs if t_s is None else replace(inputs, t_s=t_s))
        assert 0.0 <= state.mean <= 100.0
        assert 0.0 < state.variance <= 900.0
        assert 0.0 <= state.hr_variance <= 10_000.0
        if proposal.rule is Rule.FUSED_UP:
            assert suds is not None
            assert suds < 75
