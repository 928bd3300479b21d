"""Heart-rate variability of a recording, from RR intervals to figures that may be shown.

Definitions: Task Force 1996, Eur Heart J 17:354-381, table 1; CLINICAL basis, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from therapy.signals.beats import LONGEST_RR_MS, SHORTEST_RR_MS
from therapy.signals.correction import Artifacts, correct, count, find_artifacts
from therapy.signals.quality import MOST_ARTIFACTS_0TO1, Quality, of_recording
from therapy.signals.spectrum import SHORTEST_S, BandPower, band_power

PNN_MS = 50.0
SHORT_S = 60.0

Series = npt.NDArray[np.float64]


class Caution(StrEnum):
    """What a reader of the figures has to know."""

    TOO_MANY_ARTIFACTS = "too-many-artifacts"
    NOT_CORRECTED = "not-corrected"
    ARTIFACTS_LEFT = "artifacts-left"
    SHORT = "short"
    TOO_SHORT_FOR_BANDS = "too-short-for-bands"


@dataclass(frozen=True, slots=True)
class Variability:
    """Figures of the time domain: sample SD of the intervals, root mean square and share above 50 ms of their steps."""

    sdnn_ms: float
    rmssd_ms: float
    pnn50_pct: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """A recording in figures.

    `beats` is the number of intervals analysed and `mean_hr_bpm` 60,000 divided by their mean.  `artifacts` are
    those of the recording as it was given.  `variability` is None when artefacts are more than 5 % of the beats,
    `bands` also when the recording is shorter than two minutes.  `sound_0to1` is the share of the given intervals
    that are neither artefacts nor outside 300-2000 ms.
    """

    beats: int
    duration_s: float
    mean_nn_ms: float
    mean_hr_bpm: float
    variability: Variability | None
    bands: BandPower | None
    artifacts: Artifacts
    artifacts_left: int
    sound_0to1: float
    quality: Quality
    corrected: bool
    cautions: tuple[Caution, ...]

    @property
    def artifact_count(self) -> int:
        """How many artefacts the recording has as it was given."""
        return count(self.artifacts)


def variability(nn_ms: Series) -> Variability:
    """SDNN, RMSSD in ms and pNN50 in percent of at least three intervals in ms.

    pNN50 divides by the number of intervals, as the Task Force has it, not of differences.
    """
    steps_ms = np.diff(nn_ms)
    return Variability(
        sdnn_ms=float(np.std(nn_ms, ddof=1)),
        rmssd_ms=float(np.sqrt(np.mean(steps_ms**2))),
        pnn50_pct=float(100.0 * np.sum(np.abs(steps_ms) > PNN_MS) / len(nn_ms)),
    )


def analyse(rr_ms: Series, *, corrected: bool) -> Analysis:
    """Figures of at least five RR intervals in ms, mended before if `corrected`.

    Raises:
        ValueError: the series is shorter.
    """
    if corrected:
        correction = correct(rr_ms)
        nn_ms, found, left = correction.nn_ms, correction.found, count(correction.left)
    else:
        nn_ms, found = rr_ms, find_artifacts(rr_ms)
        left = count(found)
    sound_0to1 = _sound_0to1(rr_ms, found)
    withheld = 1.0 - sound_0to1 > MOST_ARTIFACTS_0TO1
    duration_s = float(nn_ms.sum()) / 1000.0
    return Analysis(
        beats=len(nn_ms),
        duration_s=duration_s,
        mean_nn_ms=float(nn_ms.mean()),
        mean_hr_bpm=60000.0 / float(nn_ms.mean()),
        variability=None if withheld else variability(nn_ms),
        bands=None if withheld else band_power(nn_ms),
        artifacts=found,
        artifacts_left=left,
        sound_0to1=sound_0to1,
        quality=of_recording(sound_0to1),
        corrected=corrected,
        cautions=_cautions(withheld, left, corrected, duration_s),
    )


def _sound_0to1(rr_ms: Series, found: Artifacts) -> float:
    """The share of intervals that end in a sound beat and are no impossible length."""
    sound = (rr_ms >= SHORTEST_RR_MS) & (rr_ms <= LONGEST_RR_MS)
    ends = [beat - 1 for beats in found.values() for beat in beats if beat > 0]
    sound[ends] = False
    return float(np.mean(sound))


def _cautions(withheld: bool, left: int, corrected: bool, duration_s: float) -> tuple[Caution, ...]:
    said = (
        (Caution.TOO_MANY_ARTIFACTS, withheld),
        (Caution.ARTIFACTS_LEFT, left > 0 and corrected and not withheld),
        (Caution.NOT_CORRECTED, left > 0 and not corrected and not withheld),
        (Caution.SHORT, duration_s < SHORT_S),
        (Caution.TOO_SHORT_FOR_BANDS, duration_s < SHORTEST_S and not withheld),
    )
    return tuple(caution for caution, applies in said if applies)
