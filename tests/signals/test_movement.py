"""Movement explains the rise of heart rate that it caused, and no other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapy.signals.movement import (
    MOST_EXPLAINED_BPM,
    MovementModel,
    MovementSamples,
    MovementState,
    PoseRow,
    add_sample,
    add_speed,
    explained_bpm,
    fit,
    head_speed_m_s,
    is_beyond,
)

REST: PoseRow = (10.0, 0.0, 0.0, 0.0, 0.0, 1.2, 0.0)
MODEL = MovementModel((10.0, 20.0, 30.0), (0.3, 0.25, 0.2))


def moved(speeds_m_s: list[float], state: MovementState | None = None) -> MovementState:
    """Speeds once a second."""
    state = state or MovementState()
    begun_s = 0.0 if state.t_s is None else state.t_s + 1.0
    for second, speed_m_s in enumerate(speeds_m_s):
        state = add_speed(state, begun_s + second, speed_m_s)
    return state


def look_and_reach(gain_bpm: float, shift_bpm: float = 0.0, noise_bpm: float = 0.5) -> MovementSamples:
    """A minute with 20 s of rest, 25 s of movement and rest again; the heart follows within some 15 s."""
    rng = np.random.default_rng(7)
    state, samples, rise_bpm = MovementState(), MovementSamples(), 0.0
    for second in range(75):
        speed_m_s = 0.2 + 0.1 * math.sin(second) if 20 <= second < 45 else 0.01
        state = add_speed(state, float(second), speed_m_s)
        rise_bpm += (gain_bpm * speed_m_s - rise_bpm) / 15.0
        samples = add_sample(samples, state, 70.0 + shift_bpm + rise_bpm + rng.normal(0.0, noise_bpm))
    return samples


@pytest.mark.parametrize(
    ("after", "speed_m_s"),
    [
        ((10.5, 0.0, 0.0, 0.0, 0.1, 1.2, 0.0), 0.2),
        ((10.5, 0.0, 0.0, 0.0, 0.0, 1.2, 0.0), 0.0),
        ((10.5, 30.0, 0.0, 0.0, 0.0, 1.2, 0.0), 0.1257),
        ((10.5, 0.0, -30.0, 0.0, 0.0, 1.2, 0.0), 0.1257),
        ((10.5, 0.0, 0.0, 30.0, 0.3, 1.6, 0.0), 1.1257),
        ((10.0, 0.0, 0.0, 0.0, 0.1, 1.2, 0.0), None),
        ((9.5, 0.0, 0.0, 0.0, 0.1, 1.2, 0.0), None),
        ((10.5, math.nan, 0.0, 0.0, 0.1, 1.2, 0.0), None),
        ((math.inf, 0.0, 0.0, 0.0, 0.1, 1.2, 0.0), None),
    ],
)
def test_head_speed_is_that_of_place_and_turning(after: PoseRow, speed_m_s: float | None) -> None:
    assert head_speed_m_s(REST, after) == speed_m_s


def test_turning_past_the_back_is_a_short_turn() -> None:
    before = (0.0, 179.0, 0.0, 0.0, 0.0, 1.2, 0.0)
    assert head_speed_m_s(before, (1.0, -179.0, 0.0, 0.0, 0.0, 1.2, 0.0)) == pytest.approx(0.0042, abs=1e-4)


def test_speeds_fade_with_their_three_times() -> None:
    state = moved([1.0] * 300)
    assert state.smoothed_m_s == pytest.approx((1.0, 1.0, 1.0), abs=1e-3)
    after_s = 10
    faded = moved([0.0] * after_s, state)
    assert faded.smoothed_m_s == pytest.approx(
        tuple(
            speed * math.exp(-after_s / time_s) for speed, time_s in zip(state.smoothed_m_s, (5, 15, 40), strict=True)
        )
    )


def test_a_leap_of_the_tracking_counts_as_the_fastest_a_head_can_move() -> None:
    state = moved([0.0] * 60)
    assert add_speed(state, 60.0, 1000.0) == add_speed(state, 60.0, 3.0)


def test_a_gap_counts_as_rest() -> None:
    state = moved([0.5] * 60)
    late = add_speed(state, state.t_s + 30.0, 0.5)
    assert late.smoothed_m_s[0] < 0.5 * 0.4
    assert add_speed(state, state.t_s + 1e6, 0.0).smoothed_m_s == (0.0, 0.0, 0.0)


def test_uneven_reports_give_nearly_the_same_as_even_ones() -> None:
    even = moved([0.3] * 21)
    state = MovementState()
    for t_s in (0.0, 0.7, 2.1, 2.9, 4.6, 6.0, 7.3, 8.8, 10.1, 11.9, 13.0, 14.2, 15.6, 17.0, 18.4, 20.0):
        state = add_speed(state, t_s, 0.3)
    assert state.smoothed_m_s == pytest.approx(even.smoothed_m_s, rel=0.02)


@pytest.mark.parametrize(
    ("t_s", "speed_m_s"),
    [
        (61.0, math.nan),
        (61.0, math.inf),
        (61.0, -0.1),
        (60.0 - 1.0, 0.4),
        (20.0, 0.4),
        (math.nan, 0.4),
        (math.inf, 0.4),
    ],
)
def test_what_is_no_speed_or_no_time_changes_nothing(t_s: float, speed_m_s: float) -> None:
    state = moved([0.2] * 60)
    assert add_speed(state, t_s, speed_m_s) == state


def test_the_peak_is_remembered_for_a_minute() -> None:
    state = moved([0.0] * 5 + [1.0] * 5 + [0.0] * 50)
    assert state.peak_m_s == pytest.approx(1.0 - math.exp(-1.0), rel=1e-6)
    assert moved([0.0] * 15, state).peak_m_s < 0.2
    assert moved([0.0] * 75, state).peak_m_s < 1e-4
    assert len(state.peaks) <= 60


def test_calibration_finds_how_the_heart_follows_movement() -> None:
    model = fit(look_and_reach(gain_bpm=40.0), 70.0)
    assert model is not None
    assert min(model.bpm_per_m_s) >= 0.0
    moving = moved([0.2] * 40)
    assert explained_bpm(model, moving) == pytest.approx(8.0, abs=2.0)
    assert explained_bpm(model, moved([0.0] * 40)) == 0.0


def test_the_shares_found_are_those_put_in_but_for_a_slight_shrinking() -> None:
    state, samples = MovementState(), MovementSamples()
    for second in range(120):
        state = add_speed(state, float(second), 0.3 if second % 40 < 20 else 0.0)
        samples = add_sample(samples, state, 70.0 + 50.0 * state.smoothed_m_s[1])
    model = fit(samples, 70.0)
    assert model is not None
    moving = moved([0.25] * 30)
    true_bpm = 50.0 * moving.smoothed_m_s[1]
    assert 0.9 * true_bpm < explained_bpm(model, moving) < 0.999 * true_bpm


def test_a_rise_that_was_there_at_rest_is_not_laid_to_movement() -> None:
    plain, excited = fit(look_and_reach(40.0), 70.0), fit(look_and_reach(40.0, shift_bpm=12.0), 70.0)
    assert plain is not None
    assert excited is not None
    moving = moved([0.2] * 40)
    assert explained_bpm(excited, moving) == pytest.approx(explained_bpm(plain, moving), abs=1.5)


def test_a_heart_that_falls_with_movement_gets_no_credit_for_it() -> None:
    model = fit(look_and_reach(gain_bpm=-40.0), 70.0)
    assert model is not None
    assert min(model.bpm_per_m_s) >= 0.0
    assert 0.0 <= explained_bpm(model, moved([0.3] * 60)) < 1.0


@pytest.mark.parametrize("seconds", [0, 39])
def test_too_short_a_calibration_gives_no_model(seconds: int) -> None:
    assert fit(MovementSamples(look_and_reach(40.0).rows[:seconds]), 70.0) is None


def test_a_calibration_without_movement_gives_no_model() -> None:
    state, samples = MovementState(), MovementSamples()
    for second in range(120):
        state = add_speed(state, float(second), 0.02)
        samples = add_sample(samples, state, 70.0 + second % 3)
    assert fit(samples, 70.0) is None


@pytest.mark.parametrize("hr10_bpm", [None, math.nan, math.inf, 0.0, 29.0, 221.0])
def test_seconds_without_a_heart_rate_are_left_out(hr10_bpm: float | None) -> None:
    assert add_sample(MovementSamples(), MovementState(), hr10_bpm).rows == ()


@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=120))
def test_what_is_explained_is_bounded_and_never_negative(speeds_m_s: list[float]) -> None:
    bpm = explained_bpm(MovementModel((90.0, 80.0, 70.0), (3.0, 3.0, 3.0)), moved(speeds_m_s))
    assert 0.0 <= bpm <= MOST_EXPLAINED_BPM


def test_no_more_is_explained_than_was_calibrated() -> None:
    most_bpm = 10.0 * 0.3 + 20.0 * 0.25 + 30.0 * 0.2
    assert explained_bpm(MODEL, moved([2.0] * 100)) == pytest.approx(most_bpm)


def test_movement_beyond_the_calibration_is_told_for_a_minute() -> None:
    assert not is_beyond(MODEL, moved([0.2] * 100))
    wild = moved([0.1] * 50 + [1.0] * 5)
    assert is_beyond(MODEL, wild)
    assert is_beyond(MODEL, moved([0.0] * 50, wild))
    assert not is_beyond(MODEL, moved([0.0] * 70, wild))


def test_the_same_speeds_give_the_same_bits() -> None:
    one, other = fit(look_and_reach(40.0), 70.0), fit(look_and_reach(40.0), 70.0)
    assert [share.hex() for share in one.bpm_per_m_s] == [share.hex() for share in other.bpm_per_m_s]
