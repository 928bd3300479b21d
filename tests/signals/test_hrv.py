"""Figures of variability by their definitions, and what is withheld."""

from __future__ import annotations

import numpy as np
import pytest

from tests.signals.test_correction import breathing_heart_ms
from therapy.signals.correction import ArtifactKind
from therapy.signals.hrv import Caution, analyse, variability
from therapy.signals.quality import Quality, of_moment, of_recording
from therapy.signals.spectrum import band_power, cubic_spline, welch


def test_figures_follow_their_definitions() -> None:
    figures = variability(np.array([800.0, 860.0, 840.0, 900.0, 850.0]))
    assert figures.sdnn_ms == pytest.approx(np.sqrt((50**2 + 10**2 + 10**2 + 50**2 + 0) / 4))
    assert figures.rmssd_ms == pytest.approx(np.sqrt((60**2 + 20**2 + 60**2 + 50**2) / 4))
    assert figures.pnn50_pct == pytest.approx(100.0 * 2 / 5)


def test_mean_heart_rate_is_beats_over_time() -> None:
    analysis = analyse(np.array([500.0, 1000.0] * 60), corrected=False)
    assert analysis.mean_nn_ms == pytest.approx(750.0)
    assert analysis.mean_hr_bpm == pytest.approx(80.0)
    assert analysis.duration_s == pytest.approx(90.0)


def spoilt_ms(rng: np.random.Generator, every: int) -> np.ndarray:
    """A sound series in which every so manyth beat is missed."""
    rr_ms = breathing_heart_ms(rng, 600)
    ends_ms = np.cumsum(rr_ms)
    return np.diff(np.delete(ends_ms, np.arange(30, 570, every)), prepend=0.0)


@pytest.mark.parametrize("corrected", [False, True])
def test_variability_is_withheld_with_more_than_five_percent_of_artifacts(
    rng: np.random.Generator, corrected: bool
) -> None:
    analysis = analyse(spoilt_ms(rng, every=15), corrected=corrected)
    assert analysis.sound_0to1 < 0.95
    assert analysis.variability is None
    assert analysis.bands is None
    assert Caution.TOO_MANY_ARTIFACTS in analysis.cautions
    assert analysis.quality == Quality.POOR


def test_with_few_artifacts_the_correction_gives_back_the_true_variability(rng: np.random.Generator) -> None:
    series_ms = spoilt_ms(rng, every=60)
    true_ms = variability(breathing_heart_ms(np.random.default_rng(20261122), 600)).rmssd_ms
    as_given, corrected = analyse(series_ms, corrected=False), analyse(series_ms, corrected=True)
    assert as_given.artifacts == corrected.artifacts
    assert len(as_given.artifacts[ArtifactKind.MISSED]) == 9
    assert as_given.variability.rmssd_ms > 3.0 * true_ms
    assert corrected.variability.rmssd_ms == pytest.approx(true_ms, rel=0.03)
    assert as_given.cautions == (Caution.NOT_CORRECTED,)
    assert corrected.cautions == ()


def test_impossible_intervals_lower_the_quality_though_they_are_no_artifacts() -> None:
    analysis = analyse(np.full(100, 2100.0), corrected=False)
    assert analysis.artifact_count == 0
    assert analysis.quality == Quality.UNUSABLE
    assert analysis.variability is None


def test_an_interval_that_is_both_impossible_and_an_artifact_counts_once(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    rr_ms[100] = 2600.0
    analysis = analyse(rr_ms, corrected=False)
    assert analysis.artifact_count == 1
    assert analysis.sound_0to1 == pytest.approx(1.0 - 1.0 / len(rr_ms))


def test_short_recordings_are_marked_and_have_no_bands(rng: np.random.Generator) -> None:
    analysis = analyse(breathing_heart_ms(rng, 60), corrected=False)
    assert analysis.bands is None
    assert analysis.cautions == (Caution.SHORT, Caution.TOO_SHORT_FOR_BANDS)


def test_band_power_finds_each_rhythm_in_its_band() -> None:
    # Intervals swing by 30 ms at 0.1 Hz, by 20 ms at 0.25 Hz (powers of 30²/2 and 20²/2), and slowly, in no band.
    times_s, t_s = [], 0.0
    for _ in range(500):
        rr_s = 0.8 + 0.040 * np.sin(2 * np.pi * 0.015 * t_s)
        rr_s += 0.030 * np.sin(2 * np.pi * 0.1 * t_s) + 0.020 * np.sin(2 * np.pi * 0.25 * t_s)
        t_s += rr_s
        times_s.append(t_s)
    bands = band_power(np.diff(times_s) * 1000.0)
    assert bands.lf_ms2 == pytest.approx(450.0, rel=0.05)
    assert bands.hf_ms2 == pytest.approx(200.0, rel=0.1)
    assert bands.lf_hf == pytest.approx(2.25, rel=0.1)


def test_an_even_heart_has_no_ratio() -> None:
    assert band_power(np.full(200, 1000.0)).lf_hf is None


@pytest.mark.parametrize("points", [1024, 512, 300])
def test_the_spectrum_keeps_the_variance(rng: np.random.Generator, points: int) -> None:
    noise = rng.normal(0.0, 3.0, 1024)
    frequency_hz, density = welch(noise, 4.0, points)
    assert frequency_hz[-1] == pytest.approx(2.0)
    assert density.sum() * frequency_hz[1] == pytest.approx(9.0, rel=0.15)


def test_the_spline_goes_through_its_points_and_follows_a_smooth_curve(rng: np.random.Generator) -> None:
    x = np.cumsum(rng.uniform(0.5, 1.0, 60))
    y = np.sin(x / 2.0)
    np.testing.assert_allclose(cubic_spline(x, y, x), y, atol=1e-12)
    between = np.linspace(x[3], x[-4], 500)
    np.testing.assert_allclose(cubic_spline(x, y, between), np.sin(between / 2.0), atol=5e-3)


@pytest.mark.parametrize(
    ("sound_0to1", "word"),
    [(1.0, "good"), (0.98, "good"), (0.95, "fair"), (0.94, "poor"), (0.8, "poor"), (0.0, "unusable")],
)
def test_quality_of_a_recording_is_a_word(sound_0to1: float, word: str) -> None:
    assert of_recording(sound_0to1) == word


@pytest.mark.parametrize(
    ("covered_0to1", "word"), [(0.8, "good"), (0.79, "fair"), (0.5, "fair"), (0.2, "poor"), (0.1, "unusable")]
)
def test_quality_of_a_moment_is_a_word(covered_0to1: float, word: str) -> None:
    assert of_moment(covered_0to1) == word
