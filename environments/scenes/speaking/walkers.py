"""Who walks through the hall: somebody who leaves through a door at the back, somebody who comes in late.

A walker is worked out on level ground by `environments.animation` and then sheared along the slope of the floor, so
that feet stand on the ramp and bodies stay upright.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from environments.animation.moments import Moment
from environments.animation.people import People
from environments.animation.quaternions import Floats
from environments.animation.routes import Route, Routes
from environments.render.model import Float32, Poses
from environments.scenes.speaking import cast, seats
from environments.scenes.speaking.happenings import LEAVES_AFTER_S, WALK_M_PER_S
from environments.scenes.speaking.postures import STAND_M
from environments.scenes.speaking.room import BACK_M, DOOR_M, TOP_M

AISLE_M, AISLE_FROM_M, RAMP_M, RAMP_END_M, LOW_M = 4.6, 3.85, -7.3, -13.3, -0.35
GONE_M, DOOR_NEAR_M, DOOR_LATE_M = -17.1, 1.5, 1.0
"""Where walkers are out of sight; how near the door opens before them, and stays open behind them."""
GRID_S, SLOPE_STEP_M = 0.08, 0.06
SETTLES_S = 0.45
"""How long a body takes from rising into walking."""


def floor_m(x_m: float, z_m: float) -> float:
    """The height of the floor that somebody walks on: rows, then ramps, then the cross aisle."""
    ramp_m = float(np.interp(-z_m, (-RAMP_M, -RAMP_END_M), (LOW_M, TOP_M)))
    row = np.clip(np.ceil((RAMP_M - z_m) / seats.PITCH_M) - 1.0, 0.0, seats.ROWS - 1.0)
    tier_m = seats.TIER_M + seats.RISE_M * float(row)
    part = float(np.clip((abs(x_m) - AISLE_FROM_M + 0.25) / 0.5, 0.0, 1.0))
    return tier_m + (ramp_m - tier_m) * part


@dataclass(frozen=True, slots=True)
class Walk:
    """One person's way: who of the audience, from or to which seat, and whether out or in."""

    person: int
    seat_m: tuple[float, float, float]
    is_out: bool


class Walker:
    """A walk that can be asked for at any age."""

    def __init__(self, walk: Walk, character: int, seed: int) -> None:
        self.walk, self.character = walk, character
        x, _, z = walk.seat_m
        side = 1.0 if x >= 0.0 else -1.0
        points = [
            (x, z + STAND_M),
            (side * AISLE_M, z + STAND_M - 0.05),
            (side * DOOR_M, RAMP_END_M),
            (side * DOOR_M, GONE_M),
        ]
        if walk.is_out:
            route = Route(tuple(points), WALK_M_PER_S, LEAVES_AFTER_S, facing_deg=0.0, corner_m=0.45)
        else:
            route = Route(tuple(points[::-1]), WALK_M_PER_S, 0.0, ends_deg=0.0, corner_m=0.45)
        self.door = 1 if side > 0.0 else 0
        self.routes = Routes([route])
        self._people = People(cast.body_of(cast.WHO[character][0]), seed * 31 + walk.person, 1, routes=self.routes)
        self.ends_s = _end_s(self.routes)
        self._known: dict[int, tuple[Float32, Float32]] = {}

    def is_walking(self, age_s: float) -> bool:
        """Whether the body is on its way, neither in a seat nor gone."""
        begins_s = LEAVES_AFTER_S if self.walk.is_out else 0.0
        return begins_s < age_s < self.ends_s

    def door_0to1(self, age_s: float) -> float:
        """How far the door stands open for the walker."""
        z = float(self.routes.at(np.full((1, 1), age_s))[0, 0, 1])
        away = BACK_M - z if self.walk.is_out else z - BACK_M
        # Before the door `away` is below 0.
        opens, closes = (
            np.clip((away + DOOR_NEAR_M) / 0.9, 0.0, 1.0),
            np.clip((DOOR_LATE_M + 0.9 - away) / 0.9, 0.0, 1.0),
        )
        part = float(min(opens, closes))
        return part * part * (3.0 - 2.0 * part)

    def poses(self, age_s: float, seated: Float32, morphs: Float32) -> Poses:
        """The walking body; `seated` (1, j, 3, 4) is the same body as it stands at its seat."""
        at = age_s / GRID_S
        number = int(np.floor(at))
        pair = [self._known[one] if one in self._known else self._tick(one) for one in (number, number + 1)]
        self._known = {number: pair[0], number + 1: pair[1]}
        part = np.float32(at - number)
        place, joints = (first + (second - first) * part for first, second in zip(*pair, strict=True))
        own = np.clip((age_s - LEAVES_AFTER_S) / SETTLES_S, 0.0, 1.0) if self.walk.is_out else 1.0
        if not self.walk.is_out:
            own = np.clip((self.ends_s - age_s) / SETTLES_S, 0.0, 1.0)
        if own < 1.0:
            still = seated.copy()
            still[..., 2, 3] -= STAND_M
            joints = still + (joints - still) * np.float32(own)
        return Poses(place, joints, morphs)

    def _tick(self, number: int) -> tuple[Float32, Float32]:
        moment = Moment(number * GRID_S)
        places = self._people.places(moment)
        joints = self._people.rig.palettes(self._people.globals_at(moment, places))[:, :, :3]
        return _on_slope(places), np.asarray(joints, np.float32)


def _on_slope(places: Floats) -> Float32:
    """Level places lifted onto the floor and sheared along it."""
    found = places.copy()
    x, z = float(places[0, 0, 3]), float(places[0, 2, 3])
    step = SLOPE_STEP_M
    slopes = [
        (floor_m(x + step, z) - floor_m(x - step, z)) / (2.0 * step),
        (floor_m(x, z + step) - floor_m(x, z - step)) / (2.0 * step),
    ]
    level = np.clip(slopes, -0.25, 0.25)
    found[0, 1, :3] += level @ places[0, [0, 2], :3]
    found[0, 1, 3] = floor_m(x, z)
    return np.asarray(found, np.float32)


def _end_s(routes: Routes) -> float:
    times_s = np.arange(0.0, 40.0, 0.05)
    at = routes.at(times_s[:, None])[:, 0]
    moving = np.linalg.norm(at - at[-1], axis=1) > 1e-3
    return float(times_s[moving][-1]) + 0.1


@lru_cache(maxsize=8)
def walker_of(seed: int, walk: Walk, character: int) -> Walker:
    """A walker, made once."""
    return Walker(walk, character, seed)
