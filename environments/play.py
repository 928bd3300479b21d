"""Playing: what a player, a renderer and a played scene tell each other.  Plain data.

A played scene is drawn from its parameters, its seed, scene time and the throws made so far, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from environments.interact.geometry import Direction
from environments.render.model import SceneFrame
from environments.scenes.manifest import ParameterValue

Values = Mapping[str, ParameterValue]
KEPT_THROWS = 400
"""Older throws are forgotten: what they hit lies far behind."""


@dataclass(frozen=True, slots=True)
class Throw:
    """One snowball: when and from where in the world (m) it was thrown, where and when it lands, what it hits."""

    at_s: float
    start_m: tuple[float, float, float]
    end_m: tuple[float, float, float]
    flight_s: float
    target: int | None = None

    @property
    def lands_s(self) -> float:
        """Scene time at which it lands."""
        return self.at_s + self.flight_s


@dataclass(frozen=True, slots=True)
class Aim:
    """Something that can be hit now: its number, where it is seen from the seat, and how far away."""

    target: int
    at: Direction
    distance_m: float


@dataclass(frozen=True, slots=True)
class Moment:
    """What a game needs of a moment; `eye_m` is the height of the eyes over the floor."""

    values: Values
    seed: int
    time_s: float
    throws: tuple[Throw, ...] = ()
    eye_m: float = 1.2


class Game(Protocol):
    """The rules of a played scene; all pure."""

    def aims(self, moment: Moment) -> tuple[Aim, ...]:
        """What can be hit, the nearest first."""
        ...

    def throw(self, moment: Moment, gaze: Direction, target: int | None) -> Throw:
        """A throw at a target, or to where the gaze meets the ground."""
        ...


@runtime_checkable
class PlayedScene(Protocol):
    """A scene with a game in it (beside `environments.render.model.Scene`)."""

    def played(
        self, parameters: Values, seed: int, time_s: float, events: Mapping[str, float], throws: tuple[Throw, ...]
    ) -> SceneFrame:
        """The moment at `time_s` with what was thrown so far."""
        ...


def hits(throws: tuple[Throw, ...], time_s: float) -> int:
    """How many of the throws have hit something by a scene time."""
    return sum(one.target is not None and one.lands_s <= time_s for one in throws)
