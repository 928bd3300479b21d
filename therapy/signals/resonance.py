"""The search for the breathing pace at which heart rate swings most: each pace for two minutes, then the best.

Source: CLINICAL basis, section 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PACES_PER_MIN = (6.5, 6.0, 5.5, 5.0, 4.5)
TRIAL_S = 120.0
VALID_NEEDED_S = 60.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What breathing at one pace gave: swing of heart rate, power of its rhythm, and the seconds these rest on."""

    pace_per_min: float
    swing_bpm: float
    power_bpm2: float
    seconds: float


def best_pace(trials: tuple[Trial, ...]) -> float | None:
    """The pace with the best sum of ranks in swing and power, of equal ones the larger swing.

    Trials with less than a minute of valid signal or a figure that is no number are left out; None if none is left.
    """
    valid = [one for one in trials if _is_valid(one)]
    if not valid:
        return None

    def standing(one: Trial) -> tuple[int, float, float]:
        swing_rank = len([other for other in valid if other.swing_bpm < one.swing_bpm])
        power_rank = len([other for other in valid if other.power_bpm2 < one.power_bpm2])
        return swing_rank + power_rank, one.swing_bpm, one.power_bpm2

    return max(valid, key=standing).pace_per_min


def _is_valid(trial: Trial) -> bool:
    figures = (trial.pace_per_min, trial.swing_bpm, trial.power_bpm2, trial.seconds)
    return all(map(math.isfinite, figures)) and trial.seconds >= VALID_NEEDED_S
