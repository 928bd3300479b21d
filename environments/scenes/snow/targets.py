"""What stands along the way: one slot every few metres, filled by chance from the seed and the slot's number alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from environments.scenes.manifest import DRIFT, DRIFT_PACE, ParameterValue
from environments.scenes.snow import canyon

SPACING_M, FIRST_M = 2.4, 10.0
SEEN_M = 46.0
"""Things come into being this far ahead, hidden by the bends and the snowfall."""

REACH_M, PASSED_M = 30.0, 3.5
"""They can be hit up to so far away, until they are so near ahead."""

BEHIND_M = 14.0
SLIDE_M = 9.0
"""How far ahead a penguin slides that was hit."""

TARGETS = "targets_0to1"


class Kind(StrEnum):
    """What can be hit."""

    SNOWMAN = "snowman"
    PENGUIN = "penguin"
    LANTERN = "lantern"
    IGLOO = "igloo"


_CHANCES = ((Kind.SNOWMAN, 0.34), (Kind.PENGUIN, 0.36), (Kind.LANTERN, 0.24), (Kind.IGLOO, 0.06))
MIDDLES_M = {Kind.SNOWMAN: 0.95, Kind.PENGUIN: 0.42, Kind.LANTERN: 0.25, Kind.IGLOO: 0.9}
"""How high over its foot the middle of each is, at a size of 1."""


@dataclass(frozen=True, slots=True)
class Target:
    """One of them: where it stands, which way it faces (degrees from +z), its size, its own habits 0-1.

    `ahead_y_m` is how high the snow is where a penguin comes to lie that slides away.
    """

    number: int
    kind: Kind
    foot_m: tuple[float, float, float]
    facing_deg: float
    size: float
    wanted_0to1: float
    habit_0to1: float
    ahead_y_m: float

    @property
    def along_m(self) -> float:
        """How far along the way."""
        return -self.foot_m[2]


def gone_m(values: dict[str, ParameterValue], time_s: float) -> float:
    """How far the sledge has come."""
    return time_s * float(values[DRIFT_PACE]) + float(values[DRIFT])


@lru_cache(maxsize=4096)
def target(number: int, seed: int) -> Target:
    """What may stand in a slot; it does where there are enough targets wanted."""
    rng = np.random.default_rng((seed, 62, number % (1 << 31)))
    chance, kind = float(rng.random()), Kind.IGLOO
    for one, share in _CHANCES:
        if chance < share:
            kind = one
            break
        chance -= share
    side = 1.0 if rng.random() < 0.5 else -1.0
    s = FIRST_M + SPACING_M * number + float(rng.uniform(-0.8, 0.8))
    on_ledge = kind in (Kind.PENGUIN, Kind.LANTERN) and rng.random() < 0.3
    part = float(rng.uniform(0.04, 0.55)) if kind is not Kind.IGLOO else 0.62
    x, y, z = canyon.ledge_m(s, side, seed) if on_ledge else canyon.bank_m(s, side, part, seed)
    y_ahead = y if on_ledge else float(canyon.bank_y_m(np.array(x), np.array(s + SLIDE_M), seed)) - 0.03
    facing = math.degrees(math.atan2(-x, 7.0)) + float(rng.uniform(-14.0, 14.0))
    size = float(rng.uniform(0.85, 1.15)) * (1.35 if kind is Kind.PENGUIN else 1.5 if kind is Kind.LANTERN else 1.0)
    return Target(number, kind, (x, y - 0.03, z), facing, size, float(rng.random()), float(rng.random()), y_ahead)


def around(gone: float, wanted_0to1: float, seed: int) -> tuple[Target, ...]:
    """All that stand from a little behind the sledge to as far as can be seen, in their order along the way."""
    first = max(math.floor((gone - BEHIND_M - FIRST_M) / SPACING_M), 0)
    last = math.ceil((gone + SEEN_M - FIRST_M) / SPACING_M)
    return _between(first, last, round(wanted_0to1, 2), seed)


@lru_cache(maxsize=64)
def _between(first: int, last: int, wanted_0to1: float, seed: int) -> tuple[Target, ...]:
    share = 0.25 + 0.75 * wanted_0to1
    return tuple(one for n in range(first, last + 1) if (one := target(n, seed)).wanted_0to1 <= share)
