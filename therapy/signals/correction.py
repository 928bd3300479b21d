"""Finds artefacts in a recorded series of RR intervals and mends them.

Source: Lipponen and Tarvainen 2019, J Med Eng Technol 43(3):173-181, "A robust algorithm for heart rate
variability time series artefact correction using novel beat classification", with the numbers of that paper.
Where the paper leaves room (the ends of the series, several artefacts side by side) the choices are those of
NeuroKit2 0.2.13, so that figures can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

ECTOPIC_SLOPE = 0.13
ECTOPIC_OFFSET = 0.17
QUARTILE_FACTOR = 5.2
WINDOW_BEATS = 91
MEDIAN_BEATS = 11
FROM_MEDIAN_LIMIT = 3.0
FEWEST_INTERVALS = 5
# A series without any spread (a paced heart, a coarse clock) gives no threshold of its own [D].
LEAST_THRESHOLD_S = 1e-6
THRESHOLD_WITHOUT_SPREAD_S = QUARTILE_FACTOR * 0.01

Series = npt.NDArray[np.float64]


class ArtifactKind(StrEnum):
    """What is wrong with a beat."""

    ECTOPIC = "ectopic"
    MISSED = "missed"
    EXTRA = "extra"
    LONG_SHORT = "long-short"


Artifacts = dict[ArtifactKind, tuple[int, ...]]
"""Of each kind, the beats; beat i ends the interval i - 1, beat 0 begins the series."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A mended series in ms, what was found at first, and what is found in the mended series."""

    nn_ms: Series
    found: Artifacts
    left: Artifacts


@dataclass(frozen=True, slots=True)
class _Features:
    """Of each beat: its interval; the step to it and its distance from the median in units of their thresholds."""

    rr_s: Series
    median_s: Series
    limit_s: Series
    step: Series
    beside: Series
    after: Series
    from_median: Series


def count(artifacts: Artifacts) -> int:
    """How many beats are artefacts."""
    return sum(map(len, artifacts.values()))


def find_artifacts(rr_ms: Series) -> Artifacts:
    """The artefacts in a series of at least five positive, finite RR intervals in ms.

    Raises:
        ValueError: the series is shorter.
    """
    if len(rr_ms) < FEWEST_INTERVALS:
        raise ValueError(f"{len(rr_ms)} intervals are too few to tell artefacts from beats")
    return _classified(_features(_beats_ms(rr_ms)))


def correct(rr_ms: Series) -> Correction:
    """Mend a series of RR intervals in ms, again and again while the number of artefacts falls.

    Extra beats are taken out, missed beats set in the middle, ectopic, long and short beats moved to the
    middle between their neighbours.  A series in whole milliseconds stays in whole milliseconds.
    """
    found = left = find_artifacts(rr_ms)
    whole = bool(np.all(rr_ms == np.floor(rr_ms)))
    beats_ms = _beats_ms(rr_ms)
    while True:
        beats_ms = _mended(beats_ms, left, whole)
        now = _classified(_features(beats_ms))
        if count(now) >= count(left):
            return Correction(np.diff(beats_ms), found, now)
        left = now


def _beats_ms(rr_ms: Series) -> Series:
    return np.concatenate(([0.0], np.cumsum(rr_ms)))


def _features(beats_ms: Series) -> _Features:
    intervals_s = np.diff(beats_ms) / 1000.0
    rr_s = np.concatenate(([intervals_s.mean()], intervals_s))
    steps_s = np.diff(rr_s)
    steps_s = np.concatenate(([steps_s.mean()], steps_s))
    step = steps_s / _threshold(steps_s)
    padded = np.pad(step, 2, mode="reflect")
    before, next_one, next_two = padded[1:-3], padded[3:-1], padded[4:]
    beside = np.where(step > 0, np.maximum(before, next_one), np.minimum(before, next_one))
    after = np.where(step >= 0, np.minimum(next_one, next_two), np.maximum(next_one, next_two))
    (median_s,) = _rolling_quantiles(rr_s, MEDIAN_BEATS, (0.5,))
    off_s = rr_s - median_s
    off_s = np.where(off_s < 0, 2.0 * off_s, off_s)
    limit_s = _threshold(off_s)
    return _Features(rr_s, median_s, limit_s, step, beside, after, off_s / limit_s)


def _threshold(series_s: Series) -> Series:
    """5.2 quartile deviations of the absolute values, over 91 beats around each beat."""
    low_s, high_s = _rolling_quantiles(np.abs(series_s), WINDOW_BEATS, (0.25, 0.75))
    threshold_s = QUARTILE_FACTOR * (high_s - low_s) / 2.0
    return np.where(threshold_s > LEAST_THRESHOLD_S, threshold_s, THRESHOLD_WITHOUT_SPREAD_S)


def _rolling_quantiles(series: Series, width: int, shares: tuple[float, ...]) -> list[Series]:
    """Quantiles in a window around each value; at the ends the window holds what there is."""
    half = width // 2
    found = np.empty((len(shares), len(series)))
    inner = range(half, len(series) - half)
    for at in range(len(series)):
        if at not in inner:
            found[:, at] = np.quantile(series[max(at - half, 0) : at + half + 1], shares)
    if inner:
        windows = np.sort(np.lib.stride_tricks.sliding_window_view(series, width), axis=1)
        for row, share in enumerate(shares):
            below, part = divmod(share * (width - 1), 1.0)
            low, high = windows[:, int(below)], windows[:, min(int(below) + 1, width - 1)]
            found[row, half : len(series) - half] = low + (high - low) * part
    return list(found)


def _classified(features: _Features) -> Artifacts:
    """The paper's decision tree (its figure 1), beat by beat."""
    found: dict[ArtifactKind, list[int]] = {kind: [] for kind in ArtifactKind}
    step = features.step.tolist()
    beat = 0
    while beat < len(step) - 2:
        if abs(step[beat]) <= 1.0:
            beat += 1
        elif _is_ectopic(features, beat):
            found[ArtifactKind.ECTOPIC].append(beat)
            beat += 1
        else:
            # A long or short interval shows in two steps; the greater of them tells which beat it is.
            candidates = (beat, beat + 1) if abs(step[beat + 1]) < abs(step[beat + 2]) else (beat,)
            for candidate in candidates:
                kind = _kind(features, candidate)
                if kind is not None:
                    found[kind].append(candidate)
            beat += len(candidates)
    return {kind: tuple(beats) for kind, beats in found.items()}


def _is_ectopic(features: _Features, beat: int) -> bool:
    step, beside = features.step[beat], features.beside[beat]
    if step > 1.0:
        return bool(beside < -ECTOPIC_SLOPE * step - ECTOPIC_OFFSET)
    return bool(beside > -ECTOPIC_SLOPE * step + ECTOPIC_OFFSET)


def _kind(features: _Features, beat: int) -> ArtifactKind | None:
    """Whether a beat that is not ectopic is missed, extra, long or short; None for a normal one."""
    rr_s, median_s, limit_s = features.rr_s, features.median_s[beat], features.limit_s[beat]
    is_long = features.step[beat] > 1.0 and features.after[beat] < -1.0
    is_short = features.step[beat] < -1.0 and features.after[beat] > 1.0
    if not (is_long or is_short or abs(features.from_median[beat]) > FROM_MEDIAN_LIMIT):
        return None
    if is_short and abs(rr_s[beat] + rr_s[beat + 1] - median_s) < limit_s:
        return ArtifactKind.EXTRA
    if is_long and abs(rr_s[beat] / 2.0 - median_s) < limit_s:
        return ArtifactKind.MISSED
    return ArtifactKind.LONG_SHORT


def _mended(beats_ms: Series, artifacts: Artifacts, whole: bool) -> Series:
    extra, missed = artifacts[ArtifactKind.EXTRA], artifacts[ArtifactKind.MISSED]
    beats_ms = np.delete(beats_ms, extra)
    missed = _moved(missed, extra, -1)
    inside = [beat for beat in missed if 1 < beat < len(beats_ms)]
    added_ms = [_between(beats_ms[beat - 1], beats_ms[beat], whole) for beat in inside]
    beats_ms = np.insert(beats_ms, inside, added_ms)
    for kind in (ArtifactKind.ECTOPIC, ArtifactKind.LONG_SHORT):
        moved = beats_ms.copy()
        for beat in _moved(_moved(artifacts[kind], extra, -1), missed, 1):
            if 1 < beat < len(beats_ms) - 1:
                moved[beat] = _between(beats_ms[beat - 1], beats_ms[beat + 1], whole)
        beats_ms = np.sort(moved)
    return beats_ms


def _between(before_ms: float, after_ms: float, whole: bool) -> float:
    middle_ms = before_ms + (after_ms - before_ms) / 2.0
    return float(np.floor(middle_ms)) if whole else middle_ms


def _moved(beats: tuple[int, ...], changes: tuple[int, ...], by: int) -> tuple[int, ...]:
    """Where beats stand after others were taken out (-1) or set in (+1), one change after the other.

    Changes are not moved by earlier ones, as in NeuroKit2: beside a removed beat a flag moves to its neighbour.
    """
    for change in changes:
        beats = tuple(beat + by if beat > change else beat for beat in beats)
    return tuple(sorted(set(beats)))
