from dataclasses import replace
from math import exp

import numpy as np
import pytest
from numpy.random import default_rng

from therapy.patient.beats import TICKS_PER_S, BeatingHeart
from therapy.patient.traits import Stratum, Traits, draw_traits

STEP_S = 0.125
STEADY = replace(
    draw_traits(default_rng(1), Stratum.TYPICAL),
    rest_fear=10.0,
    rest_bpm=70.0,
    hr_gain_bpm=20.0,
    drift_sd_bpm=0.0,
    movement_bpm_per_m_s=30.0,
)


class _Life:
    """A heart lived through second by second at given fears."""

    def __init__(self, traits: Traits, seed: int = 1) -> None:
        self.heart = BeatingHeart(traits, default_rng(seed), STEP_S)
        self.steps = 0

    def live(self, duration_s: float, fear: float, pace_per_min: float | None = None) -> float:
        steps = round(duration_s / STEP_S)
        self.heart.live(self.steps, [fear] * steps, pace_per_min)
        self.steps += steps
        return self.heart.mean_bpm


def _power(ticks: tuple[int, ...], low_hz: float, high_hz: float) -> float:
    rr_s = np.array(ticks) / TICKS_PER_S
    even_s = np.arange(0.0, rr_s.sum() - 1.0, 0.5)
    series = np.interp(even_s, np.cumsum(rr_s), rr_s)
    power = np.abs(np.fft.rfft((series - series.mean()) * np.hanning(series.size))) ** 2
    hz = np.fft.rfftfreq(series.size, 0.5)
    return float(power[(hz > low_hz) & (hz < high_hz)].sum())


def test_the_gain_is_the_rise_at_fear_60():
    life = _Life(STEADY)
    assert life.live(10.0, 10.0) == pytest.approx(70.0)
    assert life.live(300.0, 60.0) == pytest.approx(90.0, abs=0.01)


def test_the_response_begins_after_two_seconds_and_rises_by_its_time_constant():
    life = _Life(STEADY)
    life.live(10.0, 10.0)
    assert life.live(2.0, 60.0) == pytest.approx(70.0)
    assert life.live(10.0, 60.0) == pytest.approx(70.0 + 20.0 * (1 - exp(-1)), abs=0.01)


def test_the_response_falls_more_slowly():
    life = _Life(STEADY)
    life.live(300.0, 60.0)
    life.live(2.0, 10.0)
    assert life.live(22.0, 10.0) == pytest.approx(70.0 + 20.0 * exp(-1), abs=0.01)


def test_movement_raises_the_rate_by_its_gain_and_its_time_constant():
    life = _Life(STEADY)
    life.live(10.0, 10.0)
    life.heart.move(0.5)
    assert life.live(15.0, 10.0) == pytest.approx(70.0 + 15.0 * (1 - exp(-1)), abs=0.01)
    assert life.live(200.0, 10.0) == pytest.approx(85.0, abs=0.01)
    life.heart.move(0.0)
    assert life.live(15.0, 10.0) == pytest.approx(70.0 + 15.0 * exp(-1), abs=0.01)


def test_beats_hold_the_mean_rate():
    life = _Life(STEADY)
    life.live(600.0, 10.0)
    assert len(life.heart.take_rr_ticks()) == pytest.approx(700, abs=2)


def test_the_rhythm_has_a_slow_part_and_the_breath():
    life = _Life(replace(STEADY, lf_depth=0.03, breath_depth=0.03, breath_per_min=15.0))
    life.live(300.0, 10.0)
    ticks = life.heart.take_rr_ticks()
    bands = [_power(ticks, hz - 0.02, hz + 0.02) for hz in (0.1, 0.17, 0.25)]
    assert bands[0] > 20 * bands[1]
    assert bands[2] > 20 * bands[1]


def test_paced_breath_moves_its_rhythm_to_the_pace_and_deepens_it():
    life = _Life(replace(STEADY, lf_depth=0.0, breath_depth=0.02, breath_per_min=15.0, paces_breath_0to1=1.0))
    life.live(300.0, 10.0)
    own = life.heart.take_rr_ticks()
    life.live(120.0, 10.0, 6.0)
    life.heart.take_rr_ticks()
    life.live(300.0, 10.0, 6.0)
    paced = life.heart.take_rr_ticks()
    assert _power(own, 0.22, 0.28) > 20 * _power(own, 0.08, 0.12)
    assert _power(paced, 0.08, 0.12) > 20 * _power(paced, 0.22, 0.28)
    assert np.std(paced) > 1.8 * np.std(own)


def test_fear_flattens_the_rhythm():
    life = _Life(replace(STEADY, hr_gain_bpm=0.0))
    life.live(300.0, 10.0)
    calm = np.std(life.heart.take_rr_ticks())
    life.live(300.0, 100.0)
    assert np.std(life.heart.take_rr_ticks()) < 0.75 * calm
