from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from therapy.patient.traits import Stratum, Traits, draw_traits


def _cohort(stratum: Stratum, size: int = 500) -> list[Traits]:
    return [draw_traits(default_rng(seed), stratum) for seed in range(size)]


def test_typical_gain_follows_the_clipped_normal_of_the_model():
    gains = np.array([traits.hr_gain_bpm for traits in _cohort(Stratum.TYPICAL)])
    assert gains.min() >= -3.0
    assert gains.max() <= 40.0
    assert abs(np.median(gains) - 12.0) < 1.2
    assert abs(np.percentile(gains, 84) - 20.0) < 1.8


def test_typical_traits_lie_in_the_ranges_of_the_model():
    cohort = _cohort(Stratum.TYPICAL)
    assert all(8.0 <= traits.slope <= 18.0 for traits in cohort)
    assert all(12.0 <= traits.fear_rise_s <= 35.0 for traits in cohort)
    assert all(30.0 <= traits.fear_fall_s <= 90.0 for traits in cohort)
    assert all(360.0 <= traits.habituation_half_life_s <= 1200.0 for traits in cohort)
    assert all(2.5 <= traits.drift_sd_bpm <= 5.0 for traits in cohort)


def test_thresholds_span_the_range_of_the_model_in_every_stratum_but_two():
    for stratum in Stratum:
        thresholds = [traits.threshold_0to1 for traits in _cohort(stratum)]
        lowest, highest = {Stratum.LOW_THRESHOLD: (0.2, 0.3), Stratum.TOLERANT: (0.3, 0.6)}.get(stratum, (0.2, 0.6))
        assert lowest <= min(thresholds) < lowest + 0.01
        assert highest - 0.01 < max(thresholds) <= highest


def test_a_seed_of_the_low_threshold_differs_from_the_typical_in_its_threshold_alone():
    for seed in range(20):
        low, typical = (draw_traits(default_rng(seed), s) for s in (Stratum.LOW_THRESHOLD, Stratum.TYPICAL))
        assert replace(low, stratum=typical.stratum, threshold_0to1=typical.threshold_0to1) == typical
        assert (low.threshold_0to1 - 0.2) * 4.0 == pytest.approx(typical.threshold_0to1 - 0.2)


def test_rating_bias_is_normal_around_nothing():
    biases = np.array([traits.suds_bias for traits in _cohort(Stratum.TYPICAL)])
    assert abs(biases.mean()) < 1.2
    assert abs(biases.std() - 8.0) < 0.8


@pytest.mark.parametrize("stratum", Stratum)
def test_a_seed_gives_comparable_patients_in_every_stratum(stratum: Stratum):
    typical, other = draw_traits(default_rng(5), Stratum.TYPICAL), draw_traits(default_rng(5), stratum)
    assert (other.slope, other.fear_rise_s, other.rest_fear) == (typical.slope, typical.fear_rise_s, typical.rest_fear)
    assert other.stratum is stratum


def test_strata_differ_where_they_should():
    typical = _cohort(Stratum.TYPICAL, 50)
    assert all(traits.hr_gain_bpm <= -10.0 for traits in _cohort(Stratum.BLOOD_INJECTION, 50))
    assert all(-3.0 <= traits.hr_gain_bpm <= 4.0 for traits in _cohort(Stratum.LOW_HR_RESPONDER, 50))
    blocked = _cohort(Stratum.BETA_BLOCKED, 50)
    assert all(slow.rest_bpm < own.rest_bpm for slow, own in zip(blocked, typical, strict=True))
    assert all(0.0 <= traits.hr_gain_bpm <= 4.0 for traits in blocked)
