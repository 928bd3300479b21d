"""The rules of the play: what can be hit, and where a snowball flies.  Pure.

A snowball leaves beside the patient's head, flies as a thrown thing does under a gentle gravity, and lands where it
was aimed: what the patient looks at is hit.
"""

from __future__ import annotations

import math

import numpy as np

from environments.interact.geometry import Direction, direction_of, vector_of
from environments.play import Aim, Moment, Throw
from environments.scenes.snow import canyon
from environments.scenes.snow.penguins import waddled_m
from environments.scenes.snow.targets import (
    MIDDLES_M,
    PASSED_M,
    REACH_M,
    TARGETS,
    Kind,
    Target,
    around,
    gone_m,
)

DECK_M = 0.22
"""The sledge's deck over the ice: the floor under the patient."""

SPEED_M_S = 11.0
SHORTEST_S, LONGEST_S = 0.55, 2.2
_HAND_M = (0.22, -0.28, -0.35)
_FARTHEST_M = 24.0

Place = tuple[float, float, float]


class SnowGame:
    """See `environments.play.Game`."""

    def aims(self, moment: Moment) -> tuple[Aim, ...]:
        """What can be hit, the nearest first."""
        eye = eye_of(moment)
        struck = {one.target for one in moment.throws if one.target is not None}
        found = []
        for one in around(-eye[2], float(moment.values[TARGETS]), moment.seed):
            if one.number not in struck and PASSED_M < one.along_m + eye[2] < REACH_M:
                way = _minus(middle_of(one, moment.time_s), eye)
                found.append(Aim(one.number, direction_of(way), math.hypot(*way)))
        return tuple(sorted(found, key=lambda aim: aim.distance_m))

    def throw(self, moment: Moment, gaze: Direction, target: int | None) -> Throw:
        """A throw at a target, or to where the gaze meets ground or ice."""
        eye = eye_of(moment)
        start = (eye[0] + _HAND_M[0], eye[1] + _HAND_M[1], eye[2] + _HAND_M[2])
        chosen = next((one for one in self._standing(moment, eye) if one.number == target), None)
        if chosen is None:
            end = _met(eye, vector_of(gaze), moment.seed)
            return Throw(moment.time_s, start, end, _flight_s(start, end))
        flight_s = _flight_s(start, middle_of(chosen, moment.time_s))
        return Throw(moment.time_s, start, middle_of(chosen, moment.time_s + flight_s), flight_s, target)

    def _standing(self, moment: Moment, eye: Place) -> tuple[Target, ...]:
        return around(-eye[2], float(moment.values[TARGETS]), moment.seed)


GAME = SnowGame()


def eye_of(moment: Moment) -> Place:
    """Where the patient's eyes are."""
    return (0.0, DECK_M + moment.eye_m, -gone_m(dict(moment.values), moment.time_s))


def middle_of(one: Target, time_s: float) -> Place:
    """Where a target that was not hit has its middle."""
    x, y, z = one.foot_m
    aside = waddled_m(one, time_s) if one.kind is Kind.PENGUIN else 0.0
    return (x + aside, y + MIDDLES_M[one.kind] * one.size, z)


def flown(throw: Throw, age_s: float) -> Place:
    """Where a snowball is `age_s` after it was thrown."""
    part = min(max(age_s / throw.flight_s, 0.0), 1.0)
    rise = 0.5 * 4.0 * throw.flight_s**2 * part * (1.0 - part)
    x, y, z = (a + (b - a) * part for a, b in zip(throw.start_m, throw.end_m, strict=True))
    return (x, y + rise, z)


def _flight_s(start: Place, end: Place) -> float:
    return min(max(math.dist(start, end) / SPEED_M_S, SHORTEST_S), LONGEST_S)


def _met(eye: Place, way: Place, seed: int) -> Place:
    """The first place along a gaze that is not air; far away where there is none."""
    distance = 2.0
    while distance < _FARTHEST_M:
        x, y, z = (a + w * distance for a, w in zip(eye, way, strict=True))
        if y < ground_m(x, -z, seed):
            return (x, y, z)
        distance += 0.5
    return (eye[0] + way[0] * distance, eye[1] + way[1] * distance, eye[2] + way[2] * distance)


def ground_m(x: float, s: float, seed: int) -> float:
    """Height of ice, snow or wall at a place."""
    at, side = np.array(s), 1.0 if x > 0.0 else -1.0
    if side * (x - float(canyon.foot_m(at, side, seed))) > 0.0:
        return 30.0
    return float(canyon.bank_y_m(np.array(x), at, seed))


def _minus(one: Place, other: Place) -> Place:
    return (one[0] - other[0], one[1] - other[1], one[2] - other[2])
