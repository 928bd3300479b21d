"""The personal baseline: median and spread of HR10 at rest.

`b = median(HR10)`, `s = max(1.4826 x MAD, 3 bpm)`; CLINICAL basis, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

MAD_TO_SD = 1.4826
SMALLEST_SPREAD_BPM = 3.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """A resting heart rate and its spread, and how many seconds of HR10 they rest on."""

    bpm: float
    spread_bpm: float
    valid_s: float


@dataclass(frozen=True, slots=True)
class BaselineSamples:
    """HR10 once a second while the patient rests."""

    hr10_bpm: tuple[float, ...] = ()


def add_sample(samples: BaselineSamples, hr10_bpm: float) -> BaselineSamples:
    """One more second of HR10."""
    return BaselineSamples((*samples.hr10_bpm, hr10_bpm))


def baseline_of(samples: BaselineSamples, needed_s: float) -> Baseline | None:
    """The baseline, or None while fewer than `needed_s` seconds were valid."""
    if len(samples.hr10_bpm) < max(needed_s, 1.0):
        return None
    middle_bpm = median(samples.hr10_bpm)
    mad_bpm = median(abs(bpm - middle_bpm) for bpm in samples.hr10_bpm)
    return Baseline(middle_bpm, max(MAD_TO_SD * mad_bpm, SMALLEST_SPREAD_BPM), float(len(samples.hr10_bpm)))
