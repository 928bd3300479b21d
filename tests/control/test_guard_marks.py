"""Every mark of the guard is exact: at it, and the least bit before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.guarding import judged, lasting, wants
from tests.control.inputs import allowed
from therapy.control import guard
from therapy.control.decision import Reason, Rule
from therapy.control.guard import GuardState

UP = wants(0.3)


@pytest.mark.parametrize(
    "changes",
    [
        {"rating__age_s": 0.0},
        {"rating__age_s": 120.0},
        {"rating__suds": 0},
        {"rating__suds": 100},
        {"rating__fms": 4, "rating__fms_rise": 4},
        {"heart__age_s": 0.0},
        {"heart__age_s": 3.0},
        {"heart__valid_for_s": 30.0},
        {"heart__reconnects_in_10_min": 6},
    ],
)
def test_at_the_mark_a_raise_still_passes(changes: dict[str, Any]) -> None:
    assert judged(allowed(**changes), UP).applied_0to1 == 0.3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rating__age_s": -0.005}, Reason.SUDS_STALE),
        ({"rating__age_s": 120.005}, Reason.SUDS_STALE),
        ({"rating__suds": -1}, Reason.NOT_FINITE),
        ({"rating__suds": 101}, Reason.NOT_FINITE),
        ({"heart__age_s": -0.005}, Reason.HR_MISSING),
        ({"heart__age_s": 3.0, "heart__hr10_bpm": None}, Reason.HR_MISSING),
        ({"heart__age_s": 3.005}, Reason.HR_STALE),
        ({"heart__age_s": 3.005, "heart__hr10_bpm": None}, Reason.HR_STALE),
        ({"heart__age_s": 15.0}, Reason.HR_STALE),
        ({"heart__age_s": 15.005}, Reason.HR_LOST),
        ({"heart__valid_for_s": 29.995}, Reason.HR_NOT_REQUALIFIED),
        ({"heart__reconnects_in_10_min": 7}, Reason.SENSOR_UNRELIABLE),
        ({"heart__repeats": True}, Reason.BEATS_REPEATED),
    ],
)
def test_the_least_bit_beyond_the_mark_it_is_held(changes: dict[str, Any], reason: Reason) -> None:
    decision = judged(allowed(**changes), UP)
    assert (decision.applied_0to1, decision.rule) == (0.2, Rule.GUARD_HOLD)
    assert decision.reasons == (reason,)
    assert decision.limiting is reason


@pytest.mark.parametrize(
    ("delta_bpm", "seconds", "applied"), [(14.995, 60.0, 0.3), (15.0, 29.995, 0.3), (15.0, 30.0, 0.2)]
)
def test_hr_vetoes_from_fifteen_beats_and_thirty_seconds_on(delta_bpm: float, seconds: float, applied: float) -> None:
    raised = allowed(heart__delta_bpm=delta_bpm)
    state, _ = lasting(raised, seconds)
    decision = judged(replace(raised, t_s=1000.0 + seconds), UP, state)
    assert decision.applied_0to1 == applied
    assert (decision.limiting is Reason.HR_VETO) is (applied == 0.2)


HIGH_MARKS = [
    ({"heart__baseline_bpm": 130.0}, 153.0, Reason.HR_NEAR_MAXIMUM),
    ({"heart__baseline_bpm": None, "age_years": 60}, 0.85 * 166.0, Reason.HR_NEAR_MAXIMUM),
    ({}, 112.0, Reason.HR_FAR_ABOVE_BASELINE),
    ({"heart__baseline_bpm": 60.0}, 96.0, Reason.HR_FAR_ABOVE_BASELINE),
]
LOW_MARKS = [
    ({}, 50.0, Reason.HR_FAR_BELOW_BASELINE),
    ({"heart__baseline_bpm": 60.0}, 40.0, Reason.HR_FAR_BELOW_BASELINE),
]


@pytest.mark.parametrize(
    ("changes", "bpm", "bit_bpm", "reason"),
    [(*mark[:2], 0.1, mark[2]) for mark in HIGH_MARKS] + [(*mark[:2], -0.1, mark[2]) for mark in LOW_MARKS],
)
def test_an_extreme_heart_rate_calls_the_calm_scene_at_its_mark_and_ten_seconds(
    changes: dict[str, Any], bpm: float, bit_bpm: float, reason: Reason
) -> None:
    extreme = allowed(heart__hr5_bpm=bpm, **changes)
    assert not lasting(extreme, 9.995)[1].calm
    decision = lasting(extreme, 10.0)[1]
    assert decision.calm
    assert decision.limiting is reason
    assert not lasting(allowed(heart__hr5_bpm=bpm - bit_bpm, **changes), 15.0)[1].calm


@pytest.mark.parametrize(("baseline_bpm", "mark_bpm"), [(70.0, 98.0), (60.0, 84.0)])
def test_forty_percent_above_baseline_lowers_at_ten_seconds_and_each_twenty(
    baseline_bpm: float, mark_bpm: float
) -> None:
    high = allowed(heart__hr5_bpm=mark_bpm, heart__baseline_bpm=baseline_bpm, place__current_0to1=0.5)
    assert lasting(high, 9.995)[1].rule is Rule.HOLD
    assert lasting(replace(high, heart=replace(high.heart, hr5_bpm=mark_bpm - 0.1)), 10.0)[1].rule is Rule.HOLD
    state, decision = lasting(high, 10.0)
    assert (decision.rule, decision.applied_0to1) == (Rule.GUARD_HR_HIGH_DOWN, 0.4)
    assert decision.reasons == (decision.limiting,) == (Reason.HR_ABOVE_BASELINE,)
    stay = wants(0.5, Rule.HOLD)
    assert judged(replace(high, t_s=1029.995), stay, state).rule is Rule.HOLD
    assert judged(replace(high, t_s=1030.0), stay, state).rule is Rule.GUARD_HR_HIGH_DOWN


def test_a_heart_rate_gone_for_over_a_minute_lowers_each_fifteen_seconds() -> None:
    gone = allowed(heart__age_s=60.005, heart__hr10_bpm=None, heart__hr5_bpm=None, heart__delta_bpm=None)
    stay = wants(0.2, Rule.HOLD)
    assert judged(replace(gone, heart=replace(gone.heart, age_s=60.0)), stay).rule is Rule.HOLD
    state, decision = guard.step(GuardState(), gone, stay)
    assert (decision.rule, decision.applied_0to1) == (Rule.GUARD_STALE_DOWN, 0.1)
    assert decision.reasons == (decision.limiting,) == (Reason.HR_LOST,)
    assert judged(replace(gone, t_s=1014.995), stay, state).rule is Rule.HOLD
    assert judged(replace(gone, t_s=1015.0), stay, state).rule is Rule.GUARD_STALE_DOWN


def test_the_first_step_down_waits_for_no_earlier_one_however_soon_it_comes() -> None:
    gone = allowed(heart__age_s=61.0, heart__hr10_bpm=None, t_s=2.0)
    assert judged(gone, wants(0.2, Rule.HOLD)).rule is Rule.GUARD_STALE_DOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"rating__suds": 94, "rating__is_new": True},
        {"rating__suds": 95, "rating__is_new": False},
        {"rating__suds": 79, "rating__is_new": True, "limits__suds_calm_at": 80},
        {"rating__missed_in_a_row": 1},
        {"rating__fms": 9},
    ],
)
def test_just_below_its_mark_nothing_stops(changes: dict[str, Any]) -> None:
    assert not judged(allowed(**changes), UP).calm


def test_a_protocol_may_call_calm_earlier_than_the_guard_never_later() -> None:
    assert judged(allowed(rating__suds=95, rating__is_new=True, limits__suds_calm_at=200), UP).calm


def test_a_second_step_waits_exactly_forty_five_seconds_for_the_first() -> None:
    state, _ = guard.step(GuardState(), allowed(), UP)
    later = allowed(place__current_0to1=0.3)
    assert judged(replace(later, t_s=1044.995), wants(0.4), state).reasons == (Reason.RAISE_TOO_SOON,)
    assert judged(replace(later, t_s=1045.0), wants(0.4), state).applied_0to1 == pytest.approx(0.4)


def test_a_gap_counts_as_one_second_and_a_clock_that_goes_back_as_none() -> None:
    extreme = allowed(heart__hr5_bpm=120.0, heart__delta_bpm=50.0)
    state, _ = guard.step(GuardState(), extreme, UP)
    assert (state.far_above_s, state.above_s, state.veto_s) == (0.0, 0.0, 0.0), "nothing has passed yet"
    state, _ = guard.step(state, replace(extreme, t_s=1100.0), UP)
    assert (state.far_above_s, state.above_s, state.veto_s) == (1.0, 1.0, 1.0)
    state, _ = guard.step(state, replace(extreme, t_s=1050.0), UP)
    assert (state.far_above_s, state.above_s, state.veto_s) == (1.0, 1.0, 1.0)
    state, _ = guard.step(state, replace(extreme, t_s=1050.25), UP)
    assert (state.far_above_s, state.above_s, state.veto_s) == (1.25, 1.25, 1.25)


def test_a_normal_heart_rate_starts_every_count_anew_and_an_unknown_one_leaves_it() -> None:
    state = GuardState(t_s=999.0, near_maximum_s=5.0, far_above_s=5.0, above_s=5.0, far_below_s=5.0, veto_s=5.0)
    unknown = allowed(heart__hr5_bpm=None, heart__delta_bpm=None)
    kept, _ = guard.step(state, unknown, UP)
    assert (kept.near_maximum_s, kept.far_above_s, kept.above_s, kept.far_below_s, kept.veto_s) == (5.0,) * 5
    anew, _ = guard.step(state, allowed(), UP)
    assert (anew.near_maximum_s, anew.far_above_s, anew.above_s, anew.far_below_s, anew.veto_s) == (0.0,) * 5
