"""Fear of a virtual patient: driven by intensity, slow to fall, weakened by habituation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log

from therapy.patient.traits import Traits

FULL_LEARNING_DRIVE_0TO1 = 0.6
"""From this drive on habituation and learning run at their full rate."""


@dataclass(frozen=True, slots=True)
class FearState:
    """Fear 0-100, what habituation has left of it (1: nothing lost), and the belief in the feared outcome in %."""

    fear: float
    unhabituated_0to1: float
    belief_percent: float


def resting(traits: Traits) -> FearState:
    """A patient at rest before any exposure."""
    return FearState(traits.rest_fear, 1.0, traits.belief_percent)


def drive_0to1(traits: Traits, intensity_0to1: float | None) -> float:
    """How strongly a scene drives fear: a sigmoid of its intensity, 0 in the calm scene (None)."""
    if intensity_0to1 is None:
        return 0.0
    return 1.0 / (1.0 + exp(-traits.slope * (intensity_0to1 - traits.threshold_0to1)))


def fear_after(traits: Traits, state: FearState, drive: float, step_s: float) -> FearState:
    """The state `step_s` later under a constant drive 0-1."""
    learning = min(1.0, drive / FULL_LEARNING_DRIVE_0TO1)
    left = state.unhabituated_0to1 * _halved(learning, step_s, traits.habituation_half_life_s)
    belief = state.belief_percent * _halved(learning, step_s, traits.belief_half_life_s)
    target = traits.rest_fear + (100.0 - traits.rest_fear) * drive * 0.5 * (left + state.unhabituated_0to1)
    tau_s = traits.fear_rise_s if target > state.fear else traits.fear_fall_s
    fear = target + (state.fear - target) * exp(-step_s / tau_s)
    return FearState(fear, left, belief)


def entered_again(traits: Traits, state: FearState) -> FearState:
    """The state on entering a feared scene anew: part of the habituation may be lost (return of fear)."""
    lost = 1.0 - state.unhabituated_0to1
    return replace(state, unhabituated_0to1=state.unhabituated_0to1 + traits.recovered_share * lost)


def _halved(rate: float, step_s: float, half_life_s: float) -> float:
    return exp(-log(2.0) * rate * step_s / half_life_s)
