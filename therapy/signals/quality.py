"""Signal quality as a word and a number, for a moment of a live signal and for a whole recording.

The limits are engineering defaults without a published authority, but for the one between fair and poor
in a recording: more than 5 % artefacts leave no heart-rate variability (CLINICAL basis, section 3).
"""

from __future__ import annotations

from enum import StrEnum

MOST_ARTIFACTS_0TO1 = 0.05


class Quality(StrEnum):
    """What a signal is good for; of a recording: variability, the same with care, heart rate alone, nothing."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNUSABLE = "unusable"


def of_moment(covered_0to1: float) -> Quality:
    """The word for the share of the last 10 s that accepted beats cover."""
    return _word(covered_0to1, (0.8, 0.5, 0.2))


def of_recording(sound_0to1: float) -> Quality:
    """The word for the share of a recording's intervals that are sound."""
    return _word(sound_0to1, (0.98, 1.0 - MOST_ARTIFACTS_0TO1, 0.8))


def _word(share_0to1: float, limits_0to1: tuple[float, float, float]) -> Quality:
    for limit_0to1, word in zip(limits_0to1, (Quality.GOOD, Quality.FAIR, Quality.POOR), strict=True):
        if share_0to1 >= limit_0to1:
            return word
    return Quality.UNUSABLE
