"""Snowballs in the air, and the soft burst of flakes where they land."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.play import Throw
from environments.scenes.snow.game import flown
from environments.scenes.snow.models import FLAKES, MOST
from environments.scenes.snow.placing import Row, placed

BURST_S = 1.5
_FLAKES_EACH = 24
_Floats = NDArray[np.float64]


def balls(throws: tuple[Throw, ...], time_s: float) -> list[Row]:
    """Where the snowballs in the air are, the newest first."""
    found = []
    for one in reversed(throws):
        age_s = time_s - one.at_s
        if 0.0 <= age_s < one.flight_s:
            grown = min(0.3 + age_s * 5.0, 1.0)
            found.append(placed(flown(one, age_s), 180.0 * age_s, grown))
        elif age_s > BURST_S + 3.0 or len(found) == MOST["balls"]:
            break
    return found


def flakes(throws: tuple[Throw, ...], time_s: float, seed: int) -> list[Row]:
    """The flakes of all bursts that can still be seen."""
    found: list[Row] = []
    for one in reversed(throws):
        age_s = time_s - one.lands_s
        if age_s > BURST_S or len(found) >= FLAKES:
            break
        if age_s >= 0.0:
            found += _burst(one, age_s, seed)
    return found


@lru_cache(maxsize=1)
def _ways() -> _Floats:
    """How the flakes of a burst fly: (n, 5) directions, spin, size."""
    rng = np.random.default_rng(63)
    ways = rng.normal(0.0, 1.0, (_FLAKES_EACH, 3)) * (0.9, 0.7, 0.9) + (0.0, 0.7, 0.25)
    return np.column_stack([ways, rng.uniform(-3.0, 3.0, _FLAKES_EACH), rng.uniform(0.03, 0.075, _FLAKES_EACH)])


def _burst(one: Throw, age_s: float, seed: int) -> list[Row]:
    slowed = (1.0 - math.exp(-3.2 * age_s)) / 3.2
    fade = max(1.0 - age_s / BURST_S, 0.0)
    x, y, z = one.end_m
    found = []
    for right, up, back, spin, size in _ways().tolist():
        spot = (x + 1.2 * right * slowed, y + 1.2 * up * slowed - 0.35 * age_s * age_s, z + 1.2 * back * slowed + 0.1)
        found.append(placed(spot, math.degrees(spin * age_s + seed), size * (0.3 + 0.7 * fade)))
    return found
