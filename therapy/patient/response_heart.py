"""How one person's heart rate follows what their ratings follow: a regression with residuals that drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float64]
Heart = tuple[tuple[float, float], ...]

HEART_EVERY_S = 30.0
HEART_NEEDED = 20
DRIFT_S = 90.0
GAIN_PRIOR = (2.5, 1.7)
"""Mean and spread of the rise of heart rate for 10 points of rating, in bpm: 12 ± 8 bpm at fear 60."""

OFFSET_SD_BPM = 3.0
"""How far a day's heart rate may lie off its measured baseline [D]."""

DRIFT_PRIOR = (4.0, 4.0)
"""Spread of the drift of heart rate in bpm, and how many samples this prior is worth."""


@dataclass(frozen=True, slots=True, eq=False)
class HeartResponse:
    """Heart rate over baseline: gain in bpm for 10 points of rating (n), and the spread of its drift in bpm (n)."""

    gain_bpm: Array
    drift_bpm: Array


def heart_response(
    hearts: Sequence[Heart], feelings: Sequence[Array], draws: int, rng: Generator
) -> HeartResponse | None:
    """Gain and drift from heart rate over baseline (t_s, bpm) and what candidates felt at those times (m, n).

    Residuals drift with `DRIFT_S`; differences between neighbours in time that allow for it are independent.
    None with fewer than `HEART_NEEDED` of them.
    """
    rows: list[Array] = []
    wanted: list[float] = []
    days = len(hearts)
    for day, (heart, felt) in enumerate(zip(hearts, feelings, strict=True)):
        mean_felt = np.mean(felt, axis=1)
        for (t0_s, bpm0), (t1_s, bpm1), felt0, felt1 in zip(heart, heart[1:], mean_felt, mean_felt[1:], strict=False):
            kept = exp(-(t1_s - t0_s) / DRIFT_S)
            scale = (1.0 - kept * kept) ** -0.5
            row = np.zeros(days + 1)
            row[day], row[days] = scale * (1.0 - kept), scale * (felt1 - kept * felt0) / 10.0
            rows.append(row)
            wanted.append(scale * (bpm1 - kept * bpm0))
    if len(rows) < HEART_NEEDED:
        return None
    return _regressed(np.array(rows), np.array(wanted), draws, rng)


def _regressed(rows: Array, wanted: Array, draws: int, rng: Generator) -> HeartResponse:
    """Draws from the posterior: the spread of the drift first, then offsets and gain given that spread."""
    days = rows.shape[1] - 1
    prior_mean = np.array([0.0] * days + [GAIN_PRIOR[0]])
    prior_sd = np.array([OFFSET_SD_BPM] * days + [GAIN_PRIOR[1]])
    precision = np.diag((DRIFT_PRIOR[0] / prior_sd) ** 2)
    total = precision + rows.T @ rows
    mean = np.linalg.solve(total, precision @ prior_mean + rows.T @ wanted)
    off = wanted - rows @ mean
    squares = DRIFT_PRIOR[1] * DRIFT_PRIOR[0] ** 2 + off @ off + (mean - prior_mean) @ precision @ (mean - prior_mean)
    freedom = DRIFT_PRIOR[1] + len(wanted)
    drift = np.sqrt(squares / rng.chisquare(freedom, draws))
    root = np.linalg.cholesky(np.linalg.inv(total))
    drawn = mean + drift[:, None] * (rng.standard_normal((draws, days + 1)) @ root.T)
    return HeartResponse(drawn[:, days], drift)
