"""Where the things are that listeners look at."""

from __future__ import annotations

import numpy as np

from environments.animation.easing import Keys, between, chance
from environments.animation.quaternions import Floats
from environments.scenes.speaking.behaviours import Sight
from environments.scenes.speaking.seats import BETWEEN_M

Point = tuple[float, float, float]
SCREEN_M = (0.0, 2.5, 4.0)
FACE_M = np.array((0.0, 1.2, 0.06))
_DESK_M, _PHONE_M, _WATCH_M = np.array([(-0.05, 0.73, 0.50), (-0.09, 0.86, 0.40), (0.02, 0.94, 0.32)])
_BESIDE_M = np.array((BETWEEN_M, 0.0, 0.0))
_AWAY = 70


def sight_points_m(places_m: Floats, keys: Keys, speaker_m: Point, other_m: Point) -> Floats:
    """What each of n people may look at (n, sights, 3), in the order of `Sight`, but for where they look away."""
    found = np.empty((len(places_m), len(Sight), 3))
    face = places_m + FACE_M
    found[:, Sight.SPEAKER], found[:, Sight.OTHER] = speaker_m, other_m
    found[:, Sight.DESK] = places_m + _DESK_M
    found[:, Sight.PHONE] = places_m + _PHONE_M
    found[:, Sight.LEFT] = face + _BESIDE_M
    found[:, Sight.RIGHT] = face - _BESIDE_M
    found[:, Sight.SCREEN] = SCREEN_M
    found[:, Sight.SCREEN, 0] += 2.0 * chance(keys, _AWAY + 2) - 1.0
    found[:, Sight.WATCH] = places_m + _WATCH_M
    return found


def away_m(places_m: Floats, keys: Keys, slots: Floats) -> Floats:
    """Somewhere else (n, 3), in each slot of time another point."""
    side = np.where(chance(keys, _AWAY, slots) < 0.5, -1.0, 1.0)
    yaw = side * np.radians(between(28.0, 62.0, chance(keys, _AWAY + 1, slots)))
    rise = between(-0.12, 0.5, chance(keys, _AWAY + 3, slots))
    return np.asarray(places_m + FACE_M + 5.0 * np.stack([np.sin(yaw), rise, np.cos(yaw)], -1))
