"""Real recordings: the figures the clinical basis states, and agreement with NeuroKit2 and hrv-analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.signals import references
from tests.signals.references import Series
from therapy.signals.correction import ArtifactKind, correct, count
from therapy.signals.hrv import analyse, variability
from therapy.signals.quality import Quality

WITHIN = 0.001


def rmssd_ms(beats_ms: npt.NDArray[Any]) -> float:
    return variability(np.diff(beats_ms).astype(float)).rmssd_ms


def series() -> dict[str, Series]:
    return {
        "pyhrv, 5 minutes": references.pyhrv_nn_ms("Short"),
        "pyhrv, 1 hour": references.pyhrv_nn_ms("Long"),
        "systole, 3.6 minutes": references.systole_rr_ms(),
        "systole, 25.6 minutes": np.diff(references.systole_beats_ms()).astype(float),
        "peakdet, 45 seconds": references.peakdet_rr_ms(),
    }


NAMES = ["pyhrv, 5 minutes", "pyhrv, 1 hour", "systole, 3.6 minutes", "systole, 25.6 minutes", "peakdet, 45 seconds"]


def test_the_sample_series_of_pyhrv_has_the_figures_of_the_clinical_basis() -> None:
    analysis = analyse(references.pyhrv_nn_ms("Short"), corrected=False)
    assert analysis.beats == 337
    assert analysis.mean_nn_ms == pytest.approx(888.955, rel=WITHIN)
    assert analysis.variability.sdnn_ms == pytest.approx(95.690, rel=WITHIN)
    assert analysis.variability.rmssd_ms == pytest.approx(101.301, rel=WITHIN)


def test_the_clean_recording_has_the_rmssd_of_the_clinical_basis() -> None:
    assert rmssd_ms(references.clean_beats_ms()) == pytest.approx(25.8, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "spoilt_ms", "mended_ms"), [("missed", 118.5, 25.7), ("extra", 63.8, 25.7), ("ectopic", 57.6, 32.9)]
)
def test_twenty_injected_artifacts_are_mended_as_neurokit_mends_them(
    kind: str, spoilt_ms: float, mended_ms: float
) -> None:
    beats_ms = references.injected_ms(kind)
    rr_ms = np.diff(beats_ms).astype(float)
    correction = correct(rr_ms)
    theirs_ms, _ = references.neurokit_fixed(beats_ms)
    assert rmssd_ms(beats_ms) == pytest.approx(spoilt_ms, abs=0.1)
    assert variability(correction.nn_ms).rmssd_ms == pytest.approx(rmssd_ms(theirs_ms), rel=WITHIN)
    assert variability(correction.nn_ms).rmssd_ms == pytest.approx(mended_ms, abs=0.1)
    assert len(correction.found[ArtifactKind(kind)]) >= 19


@pytest.mark.parametrize("name", NAMES)
def test_artifacts_and_mended_series_are_those_of_neurokit(name: str) -> None:
    rr_ms = np.round(series()[name])
    beats_ms = np.concatenate(([0], np.cumsum(rr_ms))).astype(np.int64)
    theirs_ms, found = references.neurokit_fixed(beats_ms)
    correction = correct(rr_ms)
    assert {kind.value: beats for kind, beats in correction.found.items()} == found
    np.testing.assert_array_equal(correction.nn_ms, np.diff(theirs_ms))


@pytest.mark.parametrize("seed", range(12))
def test_series_spoilt_in_every_way_up_to_their_ends_are_mended_as_neurokit_mends_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rr_ms = np.diff(references.clean_beats_ms()).astype(float)[150 * seed : 150 * seed + 140]
    at = np.concatenate([rng.choice(len(rr_ms), 8, replace=False), [0, 1, len(rr_ms) - 2]])
    rr_ms[at] = np.round(rr_ms[at] * rng.choice([0.5, 0.7, 0.85, 1.2, 1.5, 2.0], len(at)))
    beats_ms = np.concatenate(([0], np.cumsum(rr_ms))).astype(np.int64)
    theirs_ms, found = references.neurokit_fixed(beats_ms)
    correction = correct(rr_ms)
    assert {kind.value: beats for kind, beats in correction.found.items()} == found
    np.testing.assert_array_equal(correction.nn_ms, np.diff(theirs_ms))


def test_a_series_in_ticks_of_a_strap_is_mended_as_well() -> None:
    beats_ticks = np.round(references.injected_ms("extra") * 1.024)
    rr_ms = np.diff(beats_ticks) / 1.024
    theirs_ms, _ = references.neurokit_fixed(references.injected_ms("extra"))
    assert variability(correct(rr_ms).nn_ms).rmssd_ms == pytest.approx(rmssd_ms(theirs_ms), rel=0.005)


@pytest.mark.parametrize("name", NAMES)
def test_figures_agree_with_neurokit_and_hrv_analysis(name: str) -> None:
    rr_ms = series()[name]
    analysis = analyse(rr_ms, corrected=False)
    ours = {
        "mean_nn_ms": analysis.mean_nn_ms,
        "sdnn_ms": analysis.variability.sdnn_ms,
        "rmssd_ms": analysis.variability.rmssd_ms,
        "pnn50_pct": analysis.variability.pnn50_pct,
    }
    for figures in (references.neurokit_figures(rr_ms), references.hrv_analysis_figures(rr_ms)):
        for figure in ours.keys() & figures.keys():
            assert ours[figure] == pytest.approx(figures[figure], rel=1e-9), figure


def test_lf_hf_lies_among_what_programs_give_for_the_same_series() -> None:
    for name in ("Short", "Long"):
        rr_ms = references.pyhrv_nn_ms(name)
        theirs = [references.neurokit_figures(rr_ms)["lf_hf"], references.hrv_analysis_figures(rr_ms)["lf_hf"]]
        ours = analyse(rr_ms, corrected=False).bands.lf_hf
        assert 0.75 * min(theirs) <= ours <= 1.25 * max(theirs)


@pytest.mark.parametrize("name", NAMES)
def test_real_recordings_are_of_good_quality(name: str) -> None:
    analysis = analyse(series()[name], corrected=True)
    assert analysis.quality in {Quality.GOOD, Quality.FAIR}
    assert analysis.artifacts_left <= count(analysis.artifacts)
