"""From the moment of a scene to gains, pitches, places and the times of what sounds now and then.  Pure."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from environments.scenes.manifest import BREATH_PACE, BREATH_PHASE, ParameterValue
from environments.sound.description import BREATH, EVENT, RATE, Follow, Part, Vector

OFF_DB = -60.0
"""At this and below a sound is silent."""

EDGE_S = 0.6
"""Fade at both ends of a loop that sounds for a while only."""


@dataclass(frozen=True, slots=True)
class Now:
    """A moment of a scene as sounds see it; `rates_per_s` are how fast parameters change."""

    values: Mapping[str, ParameterValue]
    time_s: float
    event_ages_s: Mapping[str, float]
    rates_per_s: Mapping[str, float]
    seed: int = 0
    event_places_m: Mapping[str, Vector] = field(default_factory=dict)

    @property
    def breath_0to1(self) -> float:
        """How far the present breath, and wave, is: in from 0, out from 0.4, 0 again at the next."""
        pace, phase = self.values.get(BREATH_PACE, 0.0), self.values.get(BREATH_PHASE, 0.0)
        return (self.time_s * float(pace) / 60.0 + float(phase)) % 1.0


def gain(part: Part, now: Now) -> float:
    """The factor of a part at a moment; 0 where a table says -60 dB or less."""
    level_db = part.gain_db
    for table in part.follow:
        here = read(table, now)
        if here <= OFF_DB:
            return 0.0
        level_db += here
    return float(10.0 ** (level_db / 20.0))


def pitch(part: Part, now: Now) -> float:
    """The factor of a part's pitch at a moment."""
    return math.prod((read(table, now) for table in part.pitch), start=1.0)


def read(table: Follow, now: Now) -> float:
    """What a table says at a moment; an event that has not happened reads as long ago."""
    if table.choices:
        return dict(table.choices)[str(now.values[table.by])]
    return _between(table.points, _input(table.by, now))


def _input(by: str, now: Now) -> float:
    if by == BREATH:
        return now.breath_0to1
    if by.startswith(EVENT):
        return now.event_ages_s.get(by.removeprefix(EVENT), math.inf)
    if by.startswith(RATE):
        return abs(now.rates_per_s.get(by.removeprefix(RATE), 0.0))
    return float(now.values[by])


def _between(points: tuple[tuple[float, float], ...], at: float) -> float:
    low = points[0]
    if at <= low[0]:
        return low[1]
    for high in points[1:]:
        if at <= high[0]:
            return low[1] + (high[1] - low[1]) * (at - low[0]) / (high[0] - low[0])
        low = high
    return low[1]


def place(part: Part, index: int, age_s: float, base_m: Vector) -> tuple[Vector, Vector]:
    """Where a part is and how it moves (m/s) when it has sounded for `age_s`; `base_m` is where the patient sits."""
    here = part.places_m[index] if part.places_m else (0.0, 0.0, 0.0)
    speed = (0.0, 0.0, 0.0)
    if part.to_m is not None and part.lasts_s is not None:
        way = min(max(age_s / part.lasts_s, 0.0), 1.0)
        step = tuple(after - before for before, after in zip(here, part.to_m, strict=True))
        here = (here[0] + step[0] * way, here[1] + step[1] * way, here[2] + step[2] * way)
        speed = (step[0] / part.lasts_s, step[1] / part.lasts_s, step[2] / part.lasts_s)
    if part.moves_along or not part.places_m:
        here = (here[0] + base_m[0], here[1] + base_m[1], here[2] + base_m[2])
    return here, speed


def edge(part: Part, age_s: float) -> float:
    """The fade of a loop that sounds for `lasts_s`; 1 for any other."""
    if part.lasts_s is None:
        return 1.0
    near = min(age_s, part.lasts_s - age_s) / min(EDGE_S, part.lasts_s / 2.0)
    return 0.5 - 0.5 * math.cos(math.pi * min(max(near, 0.0), 1.0))


def slot_of(part: Part, time_s: float) -> int:
    """Which turn of a sound that comes now and then a scene time belongs to."""
    return math.floor(time_s / _slot_s(part))


def turn(part: Part, slot: int, seed: int) -> tuple[float, int, float]:
    """When a turn begins (scene s), at which of its places, and at which pitch; the same for one seed."""
    rng = np.random.default_rng((zlib.crc32(part.name.encode()), seed % 2**32, slot % 2**32))
    spread = _slot_s(part) - (part.every_s or (0.0, 0.0))[0]
    at_s = slot * _slot_s(part) + float(rng.uniform(0.0, max(spread, 0.01)))
    return at_s, int(rng.integers(max(len(part.places_m), 1))), float(rng.uniform(0.95, 1.05))


def _slot_s(part: Part) -> float:
    shortest_s, longest_s = part.every_s or (1.0, 1.0)
    return (shortest_s + longest_s) / 2.0
