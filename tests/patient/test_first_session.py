"""The first heights session has something to work with: fear rises and falls, and most come near the ceiling."""

import numpy as np

from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient

CEILING = 4
EXPOSURE_S = 1260.0


def _ladder(seed: int, stratum: Stratum) -> tuple[list[float], list[int], VirtualPatient]:
    """Fear once a prompt and the level at it, under the plain ladder: below 40 up, from 75 down, else stay."""
    patient = VirtualPatient(seed, stratum)
    patient.set_scene(0.0, 0.0)
    level, t_s = 0, 30.0
    fears: list[float] = []
    levels: list[int] = []
    while t_s < EXPOSURE_S:
        answer = patient.answer("suds", t_s)
        fears.append(patient.fear_0to100)
        levels.append(level)
        rating = 50 if answer is None else answer.answer
        move = 1 if rating < 40 else -1 if rating >= 75 else 0
        level = min(max(level + move, 0), CEILING)
        patient.set_scene(t_s, level / 10)
        t_s += 50.0 if rating < 40 else 90.0
    return fears, levels, patient


def test_low_threshold_patients_have_an_arc():
    sessions = [_ladder(seed, Stratum.LOW_THRESHOLD) for seed in range(40)]
    first, peaks, last = (np.array([pick(fears) for fears, _, _ in sessions]) for pick in (_first, max, _last))
    assert np.median(first) < 25.0
    assert 45.0 < np.median(peaks) < 75.0
    assert np.mean(peaks - last >= 5.0) > 0.7
    assert np.mean([max(levels) >= 3 for _, levels, _ in sessions]) > 0.8


def test_no_patient_of_a_low_threshold_is_overwhelmed_by_the_ladder():
    assert max(max(_ladder(seed, Stratum.LOW_THRESHOLD)[0]) for seed in range(40)) < 90.0


def test_the_expectation_falls_in_the_first_session():
    patients = [_ladder(seed, Stratum.LOW_THRESHOLD)[2] for seed in range(20)]
    assert np.median([p.traits.belief_percent - p.belief_percent for p in patients]) > 25.0


def _first(fears: list[float]) -> float:
    return fears[0]


def _last(fears: list[float]) -> float:
    return fears[-1]
