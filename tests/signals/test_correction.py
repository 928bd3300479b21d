"""Artefacts in series made by hand: each kind is known, counted and mended, and sound series are left alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from therapy.signals.correction import ArtifactKind, correct, count, find_artifacts

Series = npt.NDArray[np.float64]


def breathing_heart_ms(rng: np.random.Generator, beats: int = 300) -> Series:
    """A resting heart that follows the breath, without artefacts."""
    breath = 30.0 * np.sin(2.0 * np.pi * np.arange(beats) / 5.0)
    return np.asarray(np.round(850.0 + breath + rng.uniform(-12.0, 12.0, beats)), dtype=np.float64)


def test_a_sound_series_is_left_alone(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    correction = correct(rr_ms)
    assert count(correction.found) == 0
    np.testing.assert_array_equal(correction.nn_ms, rr_ms)


def test_a_missed_beat_is_set_in(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    spoilt_ms = np.concatenate([rr_ms[:100], [rr_ms[100] + rr_ms[101]], rr_ms[102:]])
    correction = correct(spoilt_ms)
    assert correction.found[ArtifactKind.MISSED] == (101,)
    assert len(correction.nn_ms) == len(rr_ms)
    assert np.abs(correction.nn_ms - rr_ms).max() < 60.0
    assert count(correction.left) == 0


def test_an_extra_beat_is_taken_out(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    spoilt_ms = np.concatenate([rr_ms[:100], [400.0, rr_ms[100] - 400.0], rr_ms[101:]])
    correction = correct(spoilt_ms)
    assert correction.found[ArtifactKind.EXTRA] == (101,)
    assert len(correction.nn_ms) == len(rr_ms)
    assert count(correction.left) == 0


def test_an_early_beat_with_its_pause_is_ectopic_and_moved_back(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    spoilt_ms = rr_ms.copy()
    spoilt_ms[100] -= 300.0
    spoilt_ms[101] += 300.0
    correction = correct(spoilt_ms)
    assert correction.found[ArtifactKind.ECTOPIC] == (102,)
    assert np.abs(correction.nn_ms - rr_ms).max() < 110.0, "as near as the paper's method comes"
    assert correction.nn_ms.sum() == rr_ms.sum()


def test_a_single_long_interval_is_called_long_and_evened_out(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    spoilt_ms = rr_ms.copy()
    spoilt_ms[100] += 500.0
    correction = correct(spoilt_ms)
    assert correction.found[ArtifactKind.LONG_SHORT]
    assert correction.nn_ms.max() < spoilt_ms.max()


def test_artifacts_of_several_kinds_are_told_apart(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    spoilt_ms = np.concatenate(
        [rr_ms[:50], [rr_ms[50] + rr_ms[51]], rr_ms[52:150], [420.0, rr_ms[150] - 420.0], rr_ms[151:]]
    )
    found = find_artifacts(spoilt_ms)
    assert found[ArtifactKind.MISSED] == (51,)
    assert found[ArtifactKind.EXTRA] == (150,)


def test_a_series_without_spread_is_sound_and_one_odd_beat_in_it_is_found() -> None:
    flat_ms = np.full(200, 833.0078125)
    assert count(find_artifacts(flat_ms)) == 0
    flat_ms[90] *= 2.0
    assert find_artifacts(flat_ms)[ArtifactKind.MISSED] == (91,)


def test_whole_milliseconds_stay_whole(rng: np.random.Generator) -> None:
    rr_ms = breathing_heart_ms(rng)
    rr_ms[100] -= 301.0
    rr_ms[101] += 301.0
    nn_ms = correct(rr_ms).nn_ms
    np.testing.assert_array_equal(nn_ms, np.round(nn_ms))


def test_too_short_a_series_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        find_artifacts(np.array([800.0, 810.0, 790.0, 805.0]))


@given(arrays(np.float64, st.integers(5, 250), elements=st.floats(10.0, 5000.0)))
def test_any_series_is_mended_to_a_series_that_never_goes_back_in_time(rr_ms: Series) -> None:
    correction = correct(rr_ms)
    assert np.isfinite(correction.nn_ms).all()
    assert (correction.nn_ms >= 0).all()
    assert correction.nn_ms.sum() <= rr_ms.sum() + 1e-6
    assert all(0 <= beat <= len(rr_ms) for beats in correction.found.values() for beat in beats)
