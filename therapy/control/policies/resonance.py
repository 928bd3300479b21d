"""The search for the breathing pace at which heart rate swings most: CLINICAL basis, section 3."""

from __future__ import annotations

from dataclasses import dataclass

PACES_PER_MIN = (6.5, 6.0, 5.5, 5.0, 4.5)
COVERED_AT_LEAST_S = 50.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One pace tried: peak-to-trough heart rate, spectral power at the breath, and the seconds of beats seen."""

    pace_per_min: float
    swing_bpm: float | None
    power_bpm2: float | None
    covers_s: float


def best_pace(trials: tuple[Trial, ...]) -> float | None:
    """The pace with the largest swing and power: the best sum of ranks, ties by swing; None if none is valid."""
    valid = [
        (one.swing_bpm, one.power_bpm2, one.pace_per_min)
        for one in trials
        if one.swing_bpm is not None and one.power_bpm2 is not None and one.covers_s >= COVERED_AT_LEAST_S
    ]
    if not valid:
        return None

    def rank(one: tuple[float, float, float]) -> tuple[int, float, float]:
        worse = sum(other[0] < one[0] for other in valid) + sum(other[1] < one[1] for other in valid)
        return worse, one[0], one[2]

    return max(valid, key=rank)[2]
