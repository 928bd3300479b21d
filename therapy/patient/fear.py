"""Fear of a virtual patient: driven by intensity, slow to fall, weakened by habituation."""

from __future__ import annotations

from math import exp, log

from therapy.patient.traits import Traits

FULL_LEARNING_DRIVE_0TO1 = 0.6
"""From this drive on habituation and learning run at their full rate."""


def drive_0to1(traits: Traits, intensity_0to1: float | None) -> float:
    """How strongly a scene drives fear: a sigmoid of its intensity, 0 in the calm scene (None)."""
    if intensity_0to1 is None:
        return 0.0
    return 1.0 / (1.0 + exp(-traits.slope * (intensity_0to1 - traits.threshold_0to1)))


class Fear:
    """The fear of one patient, lived through in steps of `step_s`.

    `fear` is 0-100; `unhabituated_0to1` is what habituation has left of it (1: nothing lost);
    `belief_percent` is the belief in the feared outcome.
    """

    def __init__(self, traits: Traits, step_s: float) -> None:
        self.fear = traits.rest_fear
        self.unhabituated_0to1 = 1.0
        self.belief_percent = traits.belief_percent
        self._traits = traits
        self._step_s = step_s
        self._rise, self._fall = exp(-step_s / traits.fear_rise_s), exp(-step_s / traits.fear_fall_s)
        self.set_drive(0.0)

    def set_drive(self, drive: float) -> None:
        """From now on a scene drives fear this strongly, 0-1."""
        learning = min(1.0, drive / FULL_LEARNING_DRIVE_0TO1)
        self._left = _halved(learning, self._step_s, self._traits.habituation_half_life_s)
        self._believed = _halved(learning, self._step_s, self._traits.belief_half_life_s)
        self._span = (100.0 - self._traits.rest_fear) * drive * 0.5

    def enter_again(self) -> None:
        """Enter a feared scene anew: part of the habituation may be lost (return of fear)."""
        lost = 1.0 - self.unhabituated_0to1
        self.unhabituated_0to1 += self._traits.recovered_share * lost

    def live(self, steps: int) -> list[float]:
        """Live through steps under an unchanging drive; gives the fear at the beginning of each."""
        fears = []
        rest, span = self._traits.rest_fear, self._span
        for _ in range(steps):
            fears.append(self.fear)
            before = self.unhabituated_0to1
            self.unhabituated_0to1 = before * self._left
            target = rest + span * (self.unhabituated_0to1 + before)
            kept = self._rise if target > self.fear else self._fall
            self.fear = target + (self.fear - target) * kept
            self.belief_percent *= self._believed
        return fears


def _halved(rate: float, step_s: float, half_life_s: float) -> float:
    return exp(-log(2.0) * rate * step_s / half_life_s)
