"""The response model of a real patient: what their own record says about how they answer to a scene, and how surely.

It advises a therapist.  It never authorises anything: no part of the loop, the session or the player may import it,
which the build checks.  Method: many candidate persons are drawn from wide priors and moved, step by step, to where
the recorded ratings are likely (sequential Monte Carlo with tempering); heart rate is a regression on what the
candidates feel, with residuals that drift.  The spread of what is left is the uncertainty.  See `docs/prediction.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from therapy.patient.response_curve import (
    UNKNOWNS,
    Course,
    Curves,
    Felt,
    another_day,
    at_first,
    curves_of,
    live_through,
    log_likelihood,
)
from therapy.patient.response_heart import HeartResponse, heart_response

Array = NDArray[np.float64]

CANDIDATES = 1000
MOVES = 6
KEPT_SHARE = 0.5
SESSIONS_NEEDED = 1
RATINGS_NEEDED = 6
LEVELS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class PastSession:
    """One session of the person in one scene, in session seconds.

    `course` is (from t_s on, intensity 0-1 or None in the calm scene); `ratings` are (t_s, SUDS 0-100); `heart` are
    (t_s, bpm over baseline) about every `HEART_EVERY_S`, empty where there was no usable heart rate.
    """

    completed: bool
    course: Course
    ratings: tuple[tuple[float, int], ...]
    heart: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Too little to say anything: what there is in the scene; the constants `…_NEEDED` say what is needed."""

    sessions_completed: int
    ratings: int
    levels: int


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle, and the bounds between which 80 % of what is likely lies."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class ResponseModel:
    """What is likely about one person in one scene: n candidates, all equally likely now.

    `felt` is where they were left at the end of the newest session.  `heart` is None without enough heart rate.
    Above `highest_rated_0to1` nothing is known but the form of the curve.
    """

    curves: Curves
    felt: Felt
    heart: HeartResponse | None
    tolerated_0to1: float
    highest_rated_0to1: float
    sessions: int
    ratings: int

    @property
    def half_life_min(self) -> Interval:
        """Minutes of full exposure in which the rise of ratings halves."""
        return interval(self.curves.half_life_min)

    @property
    def gain_bpm(self) -> Interval | None:
        """Rise of heart rate for 10 points of rating, in bpm."""
        return None if self.heart is None else interval(self.heart.gain_bpm)

    @property
    def noise(self) -> Interval:
        """Spread of single ratings around what is felt, in points."""
        return interval(self.curves.noise)

    @property
    def returned_0to1(self) -> Interval | None:
        """Share of what habituation had taken that is back at the next session; None before a second session."""
        return interval(self.curves.returned_0to1) if self.sessions > 1 else None


def interval(drawn: Array) -> Interval:
    """The 10th, 50th and 90th percentile."""
    low, middle, high = np.percentile(drawn, (10.0, 50.0, 90.0))
    return Interval(float(low), float(middle), float(high))


def fit(history: Sequence[PastSession], too_high_suds: int, rng: Generator) -> ResponseModel | NotEnough:
    """Fit a person's sessions in one scene, oldest first; a rating below `too_high_suds` makes its level tolerated."""
    missing = _missing(history)
    if missing is not None:
        return missing
    curves = _posterior(history, rng)
    felt, feelings = _lives(curves, history, heart=True)
    return ResponseModel(
        curves=curves,
        felt=felt,
        heart=heart_response([one.heart for one in history], feelings, CANDIDATES, rng),
        tolerated_0to1=max((at for suds, at in _rated(history) if suds < too_high_suds), default=0.0),
        highest_rated_0to1=max(at for _, at in _rated(history)),
        sessions=len(history),
        ratings=sum(len(one.ratings) for one in history),
    )


def intensity_at(course: Course, t_s: float) -> float | None:
    """The intensity at a time of a course; None in the calm scene and before the course."""
    return next((intensity for begins_s, intensity in reversed(course) if begins_s <= t_s), None)


def _rated(history: Sequence[PastSession]) -> list[tuple[int, float]]:
    """Every rating given in the scene, with its intensity."""
    rated = [(suds, intensity_at(one.course, t_s)) for one in history for t_s, suds in one.ratings]
    return [(suds, at) for suds, at in rated if at is not None]


def _missing(history: Sequence[PastSession]) -> NotEnough | None:
    rated = _rated(history)
    levels = {round(at * 10) for _, at in rated}
    found = NotEnough(sum(one.completed for one in history), len(rated), len(levels))
    enough = found.sessions_completed >= SESSIONS_NEEDED and found.ratings >= RATINGS_NEEDED
    return None if enough and found.levels >= LEVELS_NEEDED else found


def _lives(curves: Curves, history: Sequence[PastSession], *, heart: bool) -> tuple[Felt, list[Array]]:
    """Where the candidates are left at the end, and what they felt over rest at each rating (or heart) time (m, n)."""
    felt, feelings = at_first(len(curves.rest)), []
    for number, session in enumerate(history):
        felt = another_day(curves, felt) if number else felt
        times_s = np.array([t_s for t_s, _ in (session.heart if heart else session.ratings)])
        *seen, felt = live_through(curves, felt, session.course, times_s)
        feelings.append(np.array([one.rise for one in seen]).reshape(len(times_s), len(curves.rest)))
    return felt, feelings


# --- ratings: sequential Monte Carlo -----------------------------------------------------------


def _posterior(history: Sequence[PastSession], rng: Generator) -> Curves:
    """Candidates drawn from the prior, brought to the ratings by tempering, resampling and moving."""
    z = rng.standard_normal((CANDIDATES, UNKNOWNS))
    fits, heat = _fits(z, history), 0.0
    while heat < 1.0:
        further = _next_heat(fits, heat)
        weights = _weights(fits, further - heat)
        chosen = _systematic(weights, rng)
        z, fits, heat = z[chosen], fits[chosen], further
        z, fits = _moved(z, fits, history, heat, rng)
    return curves_of(z)


def _fits(z: Array, history: Sequence[PastSession]) -> Array:
    curves = curves_of(z)
    _, feelings = _lives(curves, history, heart=False)
    fits = np.zeros(len(z))
    for session, felt in zip(history, feelings, strict=True):
        if session.ratings:
            fits += log_likelihood(curves, felt, np.array([float(suds) for _, suds in session.ratings]))
    return fits


def _weights(fits: Array, heat: float) -> Array:
    weights = np.exp(heat * (fits - np.max(fits)))
    normed: Array = weights / np.sum(weights)
    return normed


def _next_heat(fits: Array, heat: float) -> float:
    """The furthest heat at which half of the candidates still count."""

    def counting(further: float) -> float:
        return float(1.0 / np.sum(_weights(fits, further - heat) ** 2))

    if counting(1.0) >= KEPT_SHARE * len(fits):
        return 1.0
    low, high = heat, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if counting(middle) >= KEPT_SHARE * len(fits) else (low, middle)
    return high


def _systematic(weights: Array, rng: Generator) -> NDArray[np.intp]:
    places = (rng.uniform() + np.arange(len(weights))) / len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)


def _moved(z: Array, fits: Array, history: Sequence[PastSession], heat: float, rng: Generator) -> tuple[Array, Array]:
    """Random-walk Metropolis steps at one heat; a bold and a careful one in turn."""
    spread = np.linalg.cholesky(np.cov(z.T) + 1e-6 * np.eye(UNKNOWNS))
    for turn in range(MOVES):
        size = (2.38 if turn % 2 == 0 else 0.8) / UNKNOWNS**0.5
        tried = z + size * rng.standard_normal(z.shape) @ spread.T
        tried_fits = _fits(tried, history)
        gain = heat * (tried_fits - fits) - 0.5 * (np.sum(tried**2, axis=1) - np.sum(z**2, axis=1))
        taken = np.log(rng.uniform(size=len(z))) < gain
        z, fits = np.where(taken[:, None], tried, z), np.where(taken, tried_fits, fits)
    return z, fits
