from collections.abc import Iterable
from math import exp

import numpy as np
import pytest
from numpy.random import default_rng

from therapy.patient.beats import TICKS_PER_S
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient


def _ticks(patient: VirtualPatient, times_s: Iterable[float]) -> list[int]:
    return [tick for t_s in times_s for tick in patient.advance(t_s).rr_ticks]


def _mean_change_bpm(stratum: Stratum, size: int = 40) -> float:
    """Mean heart rate late in a minute of strong exposure, less that of the calm before, over a cohort."""
    changes = []
    for seed in range(size):
        patient = VirtualPatient(seed, stratum)
        patient.set_scene(0.0, None)
        patient.advance(60.0)
        before = patient.mean_bpm
        patient.set_scene(60.0, 0.8)
        patient.advance(180.0)
        changes.append(patient.mean_bpm - before)
    return float(np.mean(changes))


def _power_at_breath(patient: VirtualPatient, scene: tuple[float, float | None, float | None]) -> float:
    """The power of the rhythm around the patient's own breath, over 300 s, 100 s after a scene began."""
    t_s, intensity, pace_per_min = scene
    patient.set_scene(t_s, intensity, pace_per_min)
    patient.advance(t_s + 100.0)
    rr_s = np.array(_ticks(patient, [t_s + 400.0])) / TICKS_PER_S
    even_s = np.arange(0.0, rr_s.sum() - 1.0, 0.5)
    series = np.interp(even_s, np.cumsum(rr_s), rr_s)
    power = np.abs(np.fft.rfft((series - series.mean()) * np.hanning(series.size))) ** 2
    hz = np.fft.rfftfreq(series.size, 0.5)
    return float(power[np.abs(hz - patient.traits.breath_per_min / 60.0) < 0.02].sum())


def test_the_same_seed_lives_the_same_life_whatever_the_times_of_the_calls():
    often, seldom = VirtualPatient(7), VirtualPatient(7)
    for patient in (often, seldom):
        patient.set_scene(0.0, 0.5)
    ticks = _ticks(often, np.arange(0.0, 120.01, 0.25))
    assert ticks == _ticks(seldom, [120.0])
    assert often.fear_0to100 == seldom.fear_0to100


def test_asking_does_not_change_the_heart():
    asked, left_alone = VirtualPatient(3), VirtualPatient(3)
    for patient in (asked, left_alone):
        patient.set_scene(0.0, 0.4)
    for t_s in range(10, 120, 10):
        asked.answer("suds", float(t_s))
    assert asked.advance(120.0).rr_ticks == left_alone.advance(120.0).rr_ticks


def test_different_seeds_are_different_people():
    assert len({VirtualPatient(seed).traits.rest_bpm for seed in range(20)}) == 20


@pytest.mark.parametrize("stratum", Stratum)
def test_intervals_sum_up_to_the_time_that_passed(stratum: Stratum):
    patient = VirtualPatient(11, stratum)
    patient.set_scene(0.0, 0.6)
    heard_ticks, worst_s = 0, 0.0
    for t_s in np.arange(1.0, 601.0):
        heard_ticks += sum(patient.advance(float(t_s)).rr_ticks)
        worst_s = max(worst_s, float(t_s) - heard_ticks / TICKS_PER_S)
    assert 0.0 < worst_s < 3.0


def test_intervals_are_those_of_a_living_heart():
    for seed in range(10):
        patient = VirtualPatient(seed)
        patient.set_scene(0.0, 0.9)
        rr_ms = np.array(_ticks(patient, [300.0])) * 1000 / TICKS_PER_S
        assert rr_ms.min() > 300
        assert rr_ms.max() < 1600
        assert np.max(np.abs(np.diff(rr_ms)) / rr_ms[:-1]) < 0.2


def test_the_rate_shown_is_the_rate_of_the_last_beats():
    patient = VirtualPatient(2)
    patient.set_scene(0.0, None)
    ticks = _ticks(patient, np.arange(0.0, 60.0, 1.0))
    assert patient.advance(59.0).bpm == round(60 * TICKS_PER_S * 8 / sum(ticks[-8:]))


def test_fear_raises_the_typical_heart_and_lowers_the_fainters():
    assert 8.0 < _mean_change_bpm(Stratum.TYPICAL) < 22.0
    assert -35.0 < _mean_change_bpm(Stratum.BLOOD_INJECTION) < -12.0
    assert abs(_mean_change_bpm(Stratum.LOW_HR_RESPONDER)) < 4.0
    assert -2.0 < _mean_change_bpm(Stratum.BETA_BLOCKED) < 6.0


def test_drift_has_its_spread_and_its_memory():
    """Over a cohort at rest: the spread is that of the traits, and e⁻¹ of the deviation is left after 90 s."""
    first, later = [], []
    for seed in range(300):
        patient = VirtualPatient(seed)
        patient.set_scene(0.0, None)
        patient.advance(10.0)
        first.append((patient.mean_bpm - patient.traits.rest_bpm) / patient.traits.drift_sd_bpm)
        patient.advance(100.0)
        later.append((patient.mean_bpm - patient.traits.rest_bpm) / patient.traits.drift_sd_bpm)
    assert np.std(first) == pytest.approx(1.0, abs=0.12)
    assert np.corrcoef(first, later)[0, 1] == pytest.approx(exp(-1), abs=0.12)


def test_a_moving_head_quickens_the_heart_and_leaves_fear_alone():
    gained = []
    for seed in range(40):
        still, moving = VirtualPatient(seed), VirtualPatient(seed)
        for patient in (still, moving):
            patient.set_scene(0.0, 0.3)
        moving.move(30.0, 0.5)
        still.advance(120.0)
        moving.advance(120.0)
        assert moving.fear_0to100 == still.fear_0to100
        gained.append((moving.mean_bpm - still.mean_bpm) / moving.traits.movement_bpm_per_m_s)
    assert float(np.mean(gained)) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -0.1])
def test_a_speed_is_a_number_from_0_on(wrong: float):
    with pytest.raises(ValueError, match="a speed is"):
        VirtualPatient(1).move(0.0, wrong)


def test_breath_follows_the_pace_in_the_calm_scene_alone():
    for seed in range(5):
        patient = VirtualPatient(seed)
        calm = _power_at_breath(patient, (0.0, None, None))
        paced = _power_at_breath(patient, (400.0, None, 5.0))
        exposed = _power_at_breath(patient, (800.0, 0.0, 5.0))
        assert paced < 0.2 * calm
        assert exposed > 2.0 * paced


def test_ratings_follow_fear_with_bias_and_noise():
    """SUDS = fear + bias + noise of 7 in the middle of the dial, rounded to its tens, no ten preferred."""
    patient = VirtualPatient(23)
    patient.set_scene(0.0, 0.3)
    patient.advance(60.0)
    felt = patient.fear_0to100 + patient.traits.suds_bias
    given = [patient.answer("suds", 60.0) for _ in range(400)]
    ratings = np.array([item.answer for item in given if item is not None])
    assert 30.0 < felt < 70.0
    assert ratings.mean() == pytest.approx(felt, abs=1.5)
    assert ratings.std() == pytest.approx(np.hypot(7.0, 2.9), abs=0.7)
    assert set(ratings % 10) == {0}
    middle = 10 * round(felt / 10)
    assert all(0.15 < np.mean(ratings == ten) < 0.6 for ten in (middle, middle + (10 if felt > middle else -10)))


@pytest.mark.parametrize("panel", ["suds", "expectancy", "nrs", "fms", "yes-no", "message"])
def test_answers_stay_on_their_dial(panel: str):
    top = {"suds": 100, "expectancy": 100, "nrs": 10, "fms": 20, "yes-no": 1, "message": 1}[panel]
    for seed in range(30):
        patient = VirtualPatient(seed)
        patient.set_scene(0.0, float(default_rng(seed).uniform()))
        answer = patient.answer(panel, 90.0)
        assert answer is None or (0 <= answer.answer <= top and answer.delay_s >= 1.0)


def test_an_unknown_panel_is_an_error():
    with pytest.raises(ValueError, match="no panel"):
        VirtualPatient(1).answer("mood", 0.0)


def test_under_reporters_rate_far_below_their_fear():
    gaps = []
    for seed in range(30):
        patient = VirtualPatient(seed, Stratum.UNDER_REPORTER)
        patient.set_scene(0.0, 0.5)
        answer = patient.answer("suds", 90.0)
        gaps += [patient.fear_0to100 - answer.answer] if answer else []
    assert float(np.mean(gaps)) > 25.0


def test_late_answerers_often_come_too_late_or_not_at_all():
    patient = VirtualPatient(4, Stratum.LATE_ANSWERER)
    answers = [patient.answer("suds", 0.0) for _ in range(300)]
    missed = sum(answer is None for answer in answers)
    late = sum(answer is not None and answer.delay_s > 30.0 for answer in answers)
    assert 0.08 < missed / 300 < 0.23
    assert late > 15


def test_typical_patients_answer_in_time_and_seldom_miss():
    answers = [VirtualPatient(seed).answer("suds", 0.0) for seed in range(300)]
    assert sum(answer is None for answer in answers) < 12
    assert sum(answer.delay_s < 15.0 for answer in answers if answer) > 280


def test_a_violated_expectation_is_believed_less():
    differences = []
    for seed in range(20):
        patient = VirtualPatient(seed)
        patient.set_scene(0.0, None)
        before = patient.answer("expectancy", 1.0)
        patient.set_scene(1.0, 0.4)
        patient.set_scene(1201.0, None)
        after = patient.answer("expectancy", 1201.0)
        differences += [before.answer - after.answer] if before and after else []
    assert float(np.mean(differences)) > 30.0


def test_on_a_harmless_level_the_feared_thing_seems_less_likely():
    patient = VirtualPatient(3)
    patient.set_scene(0.0, 0.0)
    low = patient.answer("expectancy", 1.0)
    patient.set_scene(1.0, 0.6)
    high = patient.answer("expectancy", 2.0)
    assert low
    assert high
    assert low.answer <= high.answer - 30


def test_fear_returns_on_entering_again_in_its_stratum_alone():
    typical, returning = _second_peak(Stratum.TYPICAL), _second_peak(Stratum.RETURN_OF_FEAR)
    assert returning > typical + 10.0


def _second_peak(stratum: Stratum) -> float:
    peaks = []
    for seed in range(20):
        patient = VirtualPatient(seed, stratum)
        patient.set_scene(0.0, 0.5)
        patient.set_scene(900.0, None)
        patient.set_scene(1200.0, 0.5)
        patient.advance(1290.0)
        peaks.append(patient.fear_0to100)
    return float(np.mean(peaks))


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_times_and_intensities_have_to_be_numbers(wrong: float):
    patient = VirtualPatient(1)
    with pytest.raises(ValueError, match="finite"):
        patient.advance(wrong)
    with pytest.raises(ValueError, match="finite"):
        patient.set_scene(0.0, wrong)


def test_a_time_that_lies_back_brings_no_beats():
    patient = VirtualPatient(1)
    patient.advance(0.0)
    assert patient.advance(10.0).rr_ticks
    assert patient.advance(5.0).rr_ticks == ()


def test_play_that_holds_attention_eases_pain_and_what_was_felt_is_told_afterwards():
    told = []
    for seed in range(40):
        patient = VirtualPatient(seed)
        before = patient.answer("nrs", 0.0)
        hits = 0
        for second in range(300):
            hits += second % 8 == 0
            patient.play(float(second), hits)
        felt = patient.pain_0to10
        patient.play(301.0, None)
        after = patient.answer("nrs", 301.0)
        assert patient.pain_0to10 == patient.traits.pain_0to10 > felt
        told += [(before.answer, after.answer)] if before and after else []
    before_after = np.array(told)
    eased = 1.0 - before_after[:, 1].sum() / before_after[:, 0].sum()
    assert 0.3 < eased < 0.5
    assert len(set(before_after[:, 0])) > 4


def test_a_play_that_nobody_plays_eases_nothing():
    patient = VirtualPatient(3)
    for second in range(120):
        patient.play(float(second), 7)
    assert patient.pain_0to10 == patient.traits.pain_0to10
