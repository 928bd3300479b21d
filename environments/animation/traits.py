"""What differs between people and never changes in one: drawn from a seed alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.animation.easing import Keys, between, chance, keys_of
from environments.animation.quaternions import Floats

WANDERINGS = 13
"""How many slow movements wander on their own."""
_RATES_HZ = np.array([0.11, 0.23, 0.47])


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """k people: everything (k,) but for the wandering (k, 13, 3); `keys` are for chance that comes with time.

    `late_0to1` is where in its own rhythm each stands at time 0.
    """

    keys: Keys
    breaths_per_min: Floats
    late_0to1: Floats
    blinks_per_min: Floats
    closing_s: Floats
    shift_every: Floats
    glance_every: Floats
    scan_every: Floats
    wander_hz: Floats
    wander_phases: Floats


def traits_of(seed: int, count: int) -> Traits:
    """Traits of `count` people.

    Adults at rest breathe 12 to 20 times a minute (Chourpiliadis and Bhardwaj, Physiology, Respiratory Rate,
    StatPearls 2022) and blink about 17 times (Bentivoglio et al., Movement Disorders 12:1028, 1997).
    """
    keys = keys_of(seed, count)
    streams = np.arange(100, 100 + WANDERINGS * 3).reshape(WANDERINGS, 3)
    each = keys[:, None, None]
    return Traits(
        keys,
        between(12.0, 18.0, chance(keys, 1)),
        chance(keys, 2),
        between(15.0, 20.0, chance(keys, 3)),
        between(0.10, 0.15, chance(keys, 4)),
        between(0.7, 1.3, chance(keys, 5)),
        between(0.75, 1.4, chance(keys, 6)),
        between(0.8, 1.4, chance(keys, 7)),
        _RATES_HZ * between(0.8, 1.2, chance(each, streams)),
        chance(each, streams + 100),
    )


def wandering(traits: Traits, time_s: float) -> Floats:
    """Slow smooth movements (k, 13), each with a root mean square of 1: sums of three sines of unrelated rates."""
    cycles = traits.wander_hz * time_s + traits.wander_phases
    return np.asarray(np.sin(2.0 * np.pi * cycles).sum(axis=2) * np.sqrt(2.0 / 3.0))
