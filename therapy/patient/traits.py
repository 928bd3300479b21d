"""What makes one virtual patient differ from another: strata, and the traits drawn within them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from numpy.random import Generator

LOWEST_THRESHOLD_0TO1 = 0.2
LOW_THRESHOLD_0TO1 = 0.3
HIGHEST_THRESHOLD_0TO1 = 0.6
"""The model's thresholds; the low ones end at `LOW_THRESHOLD_0TO1`."""


class Stratum(StrEnum):
    """Kinds of patients a policy has to serve."""

    LOW_THRESHOLD = "low-threshold"
    TYPICAL = "typical"
    TOLERANT = "tolerant"
    LOW_HR_RESPONDER = "low-hr-responder"
    BETA_BLOCKED = "beta-blocked"
    BLOOD_INJECTION = "blood-injection"
    RETURN_OF_FEAR = "return-of-fear"
    UNDER_REPORTER = "under-reporter"
    LATE_ANSWERER = "late-answerer"


@dataclass(frozen=True, slots=True)
class Traits:
    """One virtual patient.

    Fear and ratings are on 0-100, drive on 0-1.  `hr_gain_bpm` is the rise of heart rate at fear 60;
    `lf_depth` and `breath_depth` are relative depths of the beat rhythm at 0.1 Hz and at the breath.
    `recovered_share` is how much of the habituation is lost when the feared scene is entered again.
    `movement_bpm_per_m_s` is the rise of heart rate while the head moves; `sickness` is what is felt of it, 0-20.
    `pain_0to10` is the pain that something causes; `pain_relief_0to1` is the share of it
    that full attention to a play takes away.
    """

    stratum: Stratum
    threshold_0to1: float
    slope: float
    rest_fear: float
    fear_rise_s: float
    fear_fall_s: float
    habituation_half_life_s: float
    recovered_share: float
    belief_percent: float
    belief_half_life_s: float
    rest_bpm: float
    hr_gain_bpm: float
    drift_sd_bpm: float
    breath_per_min: float
    paces_breath_0to1: float
    lf_depth: float
    breath_depth: float
    suds_bias: float
    suds_share: float
    answer_median_s: float
    answer_spread: float
    miss_0to1: float
    movement_bpm_per_m_s: float = 0.0
    sickness: float = 0.0
    pain_0to10: float = 0.0
    pain_relief_0to1: float = 0.0


def draw_traits(rng: Generator, stratum: Stratum) -> Traits:
    """A patient of `stratum`; every stratum takes the same draws, so a seed gives comparable patients."""
    highest_0to1 = LOW_THRESHOLD_0TO1 if stratum is Stratum.LOW_THRESHOLD else HIGHEST_THRESHOLD_0TO1
    drawn = _of_stratum(_drawn(rng, highest_0to1), stratum, rng.uniform())
    return replace(
        drawn,
        movement_bpm_per_m_s=rng.uniform(10.0, 40.0),
        sickness=min(rng.exponential(1.0), 6.0),
        pain_0to10=rng.uniform(3.0, 9.0),
        pain_relief_0to1=_normal_within(rng, (0.45, 0.12), (0.15, 0.75)),
    )


def _drawn(rng: Generator, highest_threshold_0to1: float) -> Traits:
    return Traits(
        stratum=Stratum.TYPICAL,
        threshold_0to1=rng.uniform(LOWEST_THRESHOLD_0TO1, highest_threshold_0to1),
        slope=rng.uniform(8.0, 18.0),
        rest_fear=rng.uniform(5.0, 18.0),
        fear_rise_s=rng.uniform(12.0, 35.0),
        fear_fall_s=rng.uniform(30.0, 90.0),
        habituation_half_life_s=60.0 * rng.uniform(6.0, 20.0),
        recovered_share=0.0,
        belief_percent=rng.uniform(50.0, 90.0),
        belief_half_life_s=60.0 * rng.uniform(6.0, 14.0),
        rest_bpm=_normal_within(rng, (70.0, 7.0), (55.0, 90.0)),
        hr_gain_bpm=_normal_within(rng, (12.0, 8.0), (-3.0, 40.0)),
        drift_sd_bpm=rng.uniform(2.5, 5.0),
        breath_per_min=rng.uniform(13.0, 17.0),
        paces_breath_0to1=rng.uniform(0.8, 1.0),
        lf_depth=rng.uniform(0.012, 0.03),
        breath_depth=rng.uniform(0.015, 0.04),
        suds_bias=rng.normal(0.0, 8.0),
        suds_share=1.0,
        answer_median_s=rng.uniform(2.5, 6.0),
        answer_spread=0.35,
        miss_0to1=0.01,
    )


def _of_stratum(typical: Traits, stratum: Stratum, draw: float) -> Traits:
    changed = replace(typical, stratum=stratum)
    match stratum:
        case Stratum.TYPICAL | Stratum.LOW_THRESHOLD:
            return changed
        case Stratum.TOLERANT:
            return replace(changed, threshold_0to1=0.3 + 0.3 * draw)
        case Stratum.LOW_HR_RESPONDER:
            return replace(changed, hr_gain_bpm=-3.0 + 7.0 * draw)
        case Stratum.BETA_BLOCKED:
            slow = typical.rest_bpm - 12.0
            return replace(changed, rest_bpm=slow, hr_gain_bpm=4.0 * draw, drift_sd_bpm=0.5 * typical.drift_sd_bpm)
        case Stratum.BLOOD_INJECTION:
            return replace(changed, hr_gain_bpm=-10.0 - 15.0 * draw)
        case Stratum.RETURN_OF_FEAR:
            return replace(changed, recovered_share=0.6 + 0.4 * draw)
        case Stratum.UNDER_REPORTER:
            return replace(changed, suds_bias=-10.0, suds_share=0.5 + 0.2 * draw)
        case Stratum.LATE_ANSWERER:
            return replace(changed, answer_median_s=18.0 + 12.0 * draw, answer_spread=0.4, miss_0to1=0.15)


def _normal_within(rng: Generator, mean_sd: tuple[float, float], bounds: tuple[float, float]) -> float:
    return min(max(rng.normal(*mean_sd), bounds[0]), bounds[1])
