"""Breathing read from the beats: what is regular ranks above what is not, and gaps give nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from therapy.control.decision import BreathView
from therapy.signals.beats import Beat
from therapy.signals.rhythm import POINTS, RhythmState, add_beats, breath_view


def heart(
    rhythm_hz: float,
    swing_bpm: float,
    noise_bpm: float = 0.0,
    seed: int = 0,
    for_s: float = 80.0,
    climb_bpm: float = 0.0,
) -> RhythmState:
    """Beats whose rate follows a sinusoid with white noise on it."""
    rng = np.random.default_rng(seed)
    state, t_s = RhythmState(), 0.0
    while t_s < for_s:
        rate_bpm = 70.0 + swing_bpm / 2.0 * math.sin(2.0 * math.pi * rhythm_hz * t_s) + rng.normal(0.0, noise_bpm)
        rate_bpm += climb_bpm * t_s / 60.0
        ticks = round(61440.0 / rate_bpm)
        t_s += ticks / 1024.0
        state = add_beats(state, (Beat(t_s, ticks, True, False),))
    return state


def now(state: RhythmState, later_s: float = 0.5) -> BreathView:
    return breath_view(state, state.beats[-1][0] + later_s)


def odds(view: BreathView) -> float:
    """The score of the clinical basis: the peak's power against all other."""
    return view.regularity_0to1 / (1.0 - view.regularity_0to1)


@pytest.mark.parametrize("breaths_per_min", [3.5, 4.5, 5.0, 5.5, 6.0, 6.5, 9.0, 12.0, 15.0])
def test_rate_swing_and_power_of_a_breath_are_found(breaths_per_min: float) -> None:
    view = now(heart(breaths_per_min / 60.0, swing_bpm=8.0))
    assert view.rate_per_min == pytest.approx(breaths_per_min, abs=0.12)
    assert view.swing_bpm == pytest.approx(8.0, rel=0.2)
    assert view.power_bpm2 == pytest.approx(8.0, rel=0.3)
    assert view.regularity_0to1 > 0.97
    assert view.covers_s >= 60.0


def test_a_tenth_of_a_hertz_ranks_above_any_of_a_hundred_draws_of_noise() -> None:
    sinusoid = now(heart(0.1, swing_bpm=8.0))
    noise = [now(heart(0.1, swing_bpm=0.0, noise_bpm=4.0, seed=seed)) for seed in range(100)]
    assert odds(sinusoid) > 20.0 * max(odds(view) for view in noise)


def test_a_tenth_of_a_hertz_ranks_far_above_itself_with_noise() -> None:
    clean = now(heart(0.1, swing_bpm=8.0))
    noisy = [now(heart(0.1, swing_bpm=8.0, noise_bpm=4.0, seed=seed)) for seed in range(20)]
    assert odds(clean) > 10.0 * max(odds(view) for view in noisy)


def test_more_noise_is_less_regular() -> None:
    means = [
        np.mean([now(heart(0.1, 8.0, noise_bpm, seed)).regularity_0to1 for seed in range(10)])
        for noise_bpm in (0.0, 1.0, 3.0, 6.0, 12.0)
    ]
    assert means == sorted(means, reverse=True)


def test_a_rising_or_level_heart_rate_has_no_rhythm() -> None:
    level = now(heart(0.1, swing_bpm=0.0))
    assert (level.rate_per_min, level.regularity_0to1) == (None, 0.0)
    rising = now(heart(0.1, swing_bpm=0.0, climb_bpm=15.0))
    assert rising.power_bpm2 is None or rising.power_bpm2 < 0.05


def test_a_climbing_heart_rate_does_not_hide_the_breath() -> None:
    level, climbing = now(heart(0.075, swing_bpm=4.0)), now(heart(0.075, swing_bpm=4.0, climb_bpm=20.0))
    assert climbing.rate_per_min == pytest.approx(4.5, abs=0.12)
    assert climbing.regularity_0to1 > 0.95
    assert climbing.swing_bpm == pytest.approx(level.swing_bpm, rel=0.05)


def test_nothing_is_known_before_a_minute_of_beats() -> None:
    assert breath_view(RhythmState(), 10.0) == BreathView()
    early = now(heart(0.1, 8.0, for_s=59.0))
    assert early.rate_per_min is None
    assert early.regularity_0to1 is None
    assert 57.0 < early.covers_s < 60.0


def test_nothing_is_known_when_the_beats_stopped_or_the_clock_went_back() -> None:
    state = heart(0.1, 8.0)
    for later_s in (3.1, 60.0, -10.0):
        assert now(state, later_s).regularity_0to1 is None
    assert now(state, 2.9).regularity_0to1 is not None


def test_a_gap_begins_the_series_anew() -> None:
    state = heart(0.1, 8.0)
    last_s = state.beats[-1][0]
    for beat in (
        Beat(last_s + 0.9, 922, True, True),
        Beat(last_s + 5.0, 922, True, False),
        Beat(last_s - 9.0, 922, True, False),
    ):
        after = add_beats(state, (beat,))
        assert after.beats == ((beat.t_s, beat.rr_ms),)
        assert now(after).regularity_0to1 is None


def test_rejected_beats_are_left_out_and_two_of_them_do_little_harm() -> None:
    state, whole = RhythmState(), heart(0.1, 8.0)
    for number, (t_s, rr_ms) in enumerate(whole.beats):
        state = add_beats(state, (Beat(t_s, round(rr_ms * 1.024), number not in {40, 41}, False),))
    assert len(state.beats) == len(whole.beats) - 2
    assert now(state).rate_per_min == pytest.approx(now(whole).rate_per_min, abs=0.1)
    assert now(state).regularity_0to1 > 0.95


def test_only_seventy_seconds_are_kept() -> None:
    state = heart(0.1, 8.0, for_s=300.0)
    assert 68.0 <= state.beats[-1][0] - state.beats[0][0] <= 70.0
    assert len(state.beats) < 2 * POINTS


def test_the_same_beats_give_the_same_bits() -> None:
    one, other = (now(heart(0.11, 6.0, 2.0, seed=3)) for _ in range(2))
    assert one.regularity_0to1.hex() == other.regularity_0to1.hex()
