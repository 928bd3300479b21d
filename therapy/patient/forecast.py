"""How a planned session may go for one person: every candidate of the response model walks up the ladder.

Like the model it advises only.  Sources of spread: what is not known of the person, the day, single ratings, the
drift of heart rate, and where the ladder takes each candidate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from therapy.patient.response import Interval, ResponseModel, interval
from therapy.patient.walks import STEP_S, Plan, Walks

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOMENT_EVERY_S = 60.0
HIGH_SUDS = 85
LEVELS = 11
LEAST_SHARE = 0.02
"""A level that fewer candidates reach is not told of: its interval would rest on a handful."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is likely at a time of the exposure: the level, a rating asked for then, heart rate over baseline."""

    t_s: float
    level: Interval
    suds: Interval
    delta_bpm: Interval | None


@dataclass(frozen=True, slots=True)
class LevelForecast:
    """What is likely on a level: who reaches it (0-1), the first rating there, and heart rate with that rating."""

    level: int
    reached_0to1: float
    suds: Interval
    delta_bpm: Interval | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """How the exposure may go.  Shares are of all candidates; intervals hold 80 % of what is likely.

    `high_0to1` is the share with a rating of `HIGH_SUDS` or more, `calm_0to1` that which ends in the calm scene.
    """

    moments: tuple[Moment, ...]
    levels: tuple[LevelForecast, ...]
    highest_level: Interval
    peak_suds: Interval
    high_0to1: float
    calm_0to1: float


def predict(model: ResponseModel, plan: Plan, rng: Generator) -> Forecast:
    """Walk every candidate through a plan, once each; `rng` draws the day, the ratings and the drift."""
    walks, first = Walks(model, plan, rng), _FirstRatings(len(model.felt.rise), rng)
    moments: list[Moment] = []
    highest, peak = walks.level.copy(), np.zeros_like(walks.level)
    for number in range(1, round(plan.duration_s / STEP_S) + 1):
        on_level = walks.level
        walks.step()
        first.note(walks, on_level)
        highest = np.maximum(highest, walks.level)
        peak = np.where(walks.rated, np.maximum(peak, walks.suds), peak)
        if number * STEP_S % MOMENT_EVERY_S == 0.0 and not walks.ended.all():
            moments.append(_moment(walks, rng))
    return Forecast(
        moments=tuple(moments),
        levels=first.levels(highest, plan.start_level),
        highest_level=interval(highest),
        peak_suds=interval(peak),
        high_0to1=float(np.mean(peak >= HIGH_SUDS)),
        calm_0to1=float(np.mean(walks.ended)),
    )


def _moment(walks: Walks, rng: Generator) -> Moment:
    there = ~walks.ended
    delta_bpm = None if walks.delta_bpm is None else interval(walks.delta_bpm[there])
    suds = interval(_between_tens(walks.ratings_now()[there], rng))
    return Moment(walks.t_s, interval(walks.level[there]), suds, delta_bpm)


def _between_tens(ratings: Array, rng: Generator) -> Array:
    """Ratings spread over what each of the dial's tens stands for, so that bounds do not jump by tens."""
    return np.clip(ratings + rng.uniform(-5.0, 5.0, len(ratings)), 0.0, 100.0)


class _FirstRatings:
    """The first rating of each candidate on each level, and the heart rate with it; NaN where there was none."""

    def __init__(self, n: int, rng: Generator) -> None:
        self._rng = rng
        self._suds = np.full((LEVELS, n), np.nan)
        self._delta_bpm = np.full((LEVELS, n), np.nan)

    def note(self, walks: Walks, on_level: Array) -> None:
        """Take in the ratings of one step, given on the levels before the step moved anybody."""
        level = on_level.astype(int)
        everyone = np.arange(len(level))
        new = walks.rated & np.isnan(self._suds[level, everyone])
        self._suds[level[new], everyone[new]] = walks.suds[new]
        if walks.delta_bpm is not None:
            self._delta_bpm[level[new], everyone[new]] = walks.delta_bpm[new]

    def levels(self, highest: Array, start_level: int) -> tuple[LevelForecast, ...]:
        """Every level from the start on that enough candidates reach and rate."""
        found = []
        for level in range(start_level, LEVELS):
            reached = float(np.mean(highest >= level))
            given = ~np.isnan(self._suds[level])
            if np.mean(given) < LEAST_SHARE:
                continue
            bpm = self._delta_bpm[level][given]
            heart = None if np.isnan(bpm).any() else interval(bpm)
            suds = interval(_between_tens(self._suds[level][given], self._rng))
            found.append(LevelForecast(level, reached, suds, heart))
        return tuple(found)
