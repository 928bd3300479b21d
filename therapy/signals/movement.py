"""How much of a risen heart rate the patient's own movement explains.

A calibration ("look and reach") tells how this heart follows this head's speed, smoothed over 5, 15 and 40 s so
that a rise may lag by up to a minute (CLINICAL basis, section 3).  Decisions rest on this: only + - * / sqrt on
floats, so that a session replays to the same bits anywhere; `head_speed_m_s` alone stands outside that path.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, pairwise

# exp(-1 s / 5 s), exp(-1 s / 15 s), exp(-1 s / 40 s)
DECAYS_PER_S = (0.818730753078, 0.935506985032, 0.975309912029)
LONGEST_HOLD_S = 2.0
FORGOTTEN_S = 300.0
PEAK_WINDOW_S = 60.0
FASTEST_M_S = 3.0
LEVER_ARM_M = 0.12
SAMPLES_NEEDED = 40
SPREAD_NEEDED_M_S = 0.015
RIDGE = 0.01
MOST_EXPLAINED_BPM = 25.0
BEYOND_FACTOR = 1.25
BEYOND_MARGIN_M_S = 0.03
LOWEST_BPM, HIGHEST_BPM = 30.0, 220.0

PoseRow = tuple[float, float, float, float, float, float, float]
"""Scene time s, yaw °, pitch °, roll °, x m, y m, z m."""


@dataclass(frozen=True, slots=True)
class MovementState:
    """Head speed in m/s, smoothed over 5, 15 and 40 s.

    `peaks` are (time, 5-s speed) of the last minute, each higher than all that came after it.
    """

    t_s: float | None = None
    smoothed_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    peaks: tuple[tuple[float, float], ...] = ()

    @property
    def peak_m_s(self) -> float:
        """The highest 5-s speed of the last minute."""
        return self.peaks[0][1] if self.peaks else 0.0


@dataclass(frozen=True, slots=True)
class MovementSamples:
    """Smoothed speeds and HR10, once a second during the calibration."""

    rows: tuple[tuple[tuple[float, float, float], float], ...] = ()


@dataclass(frozen=True, slots=True)
class MovementModel:
    """Beats per minute for each m/s of the three smoothed speeds, and the highest of each that was calibrated."""

    bpm_per_m_s: tuple[float, float, float]
    range_m_s: tuple[float, float, float]


def head_speed_m_s(before: PoseRow, after: PoseRow) -> float | None:
    """Speed between two poses: of the head's place, and of a point 0.12 m from the axis it turns about.

    None where no time passed or a number is not finite; rounded to 0.1 mm/s.
    """
    passed_s = after[0] - before[0]
    if not all(map(math.isfinite, (*before, *after))) or passed_s <= 0:
        return None
    yaw_deg, pitch_deg, roll_deg = (math.remainder(b - a, 360.0) for a, b in zip(before[1:4], after[1:4], strict=True))
    level = math.cos(math.radians((before[2] + after[2]) / 2.0))
    turned_deg = math.hypot(yaw_deg * level, pitch_deg, roll_deg)
    moved_m = math.dist(before[4:], after[4:])
    return round((moved_m + LEVER_ARM_M * math.radians(turned_deg)) / passed_s, 4)


def mean_speed_m_s(poses: tuple[PoseRow, ...]) -> float | None:
    """The mean speed along a series of poses; None for fewer than two, or where one cannot be used."""
    if len(poses) < 2:
        return None
    passed_s = poses[-1][0] - poses[0][0]
    speeds = [(head_speed_m_s(a, b), b[0] - a[0]) for a, b in pairwise(poses)]
    if passed_s <= 0.0 or any(speed is None for speed, _ in speeds):
        return None
    return round(sum(speed * seconds for speed, seconds in speeds if speed is not None) / passed_s, 4)


def add_speed(state: MovementState, t_s: float, speed_m_s: float) -> MovementState:
    """Take in the head's speed at `t_s`, about once a second.

    A speed that is no number or negative is ignored, as is a clock that stands or goes back.  A speed stands for
    at most the 2 s before it; a longer gap counts as rest, so that unseen movement explains nothing.
    """
    if not (0.0 <= speed_m_s < math.inf and -math.inf < t_s < math.inf):
        return state
    speed_m_s = min(speed_m_s, FASTEST_M_S)
    if state.t_s is None:
        return MovementState(t_s, peaks=((t_s, 0.0),))
    passed_s = t_s - state.t_s
    if passed_s <= 0.0:
        return state
    held_s = min(passed_s, LONGEST_HOLD_S)
    smoothed = []
    for old_m_s, decay_per_s in zip(state.smoothed_m_s, DECAYS_PER_S, strict=True):
        kept = _decayed(decay_per_s, held_s)
        smoothed.append(old_m_s * _decayed(decay_per_s, passed_s - held_s) * kept + speed_m_s * (1.0 - kept))
    fast_m_s, middle_m_s, slow_m_s = smoothed
    recent = (peak for peak in state.peaks if peak[0] > t_s - PEAK_WINDOW_S and peak[1] > fast_m_s)
    return MovementState(t_s, (fast_m_s, middle_m_s, slow_m_s), (*recent, (t_s, fast_m_s)))


def _decayed(decay_per_s: float, passed_s: float) -> float:
    """What is left after `passed_s`: whole seconds by multiplication, the rest on a straight line."""
    if passed_s >= FORGOTTEN_S:
        return 0.0
    whole_s = int(passed_s)
    left = 1.0
    for _ in range(whole_s):
        left *= decay_per_s
    return left * (1.0 - (passed_s - whole_s) * (1.0 - decay_per_s))


def add_sample(samples: MovementSamples, state: MovementState, hr10_bpm: float | None) -> MovementSamples:
    """One more second of the calibration; a second without a plausible heart rate is left out."""
    if hr10_bpm is None or not LOWEST_BPM <= hr10_bpm <= HIGHEST_BPM:
        return samples
    return MovementSamples((*samples.rows, (state.smoothed_m_s, hr10_bpm)))


def fit(samples: MovementSamples, baseline_bpm: float) -> MovementModel | None:
    """Least squares of HR10 minus baseline on the smoothed speeds and a constant, none of them below zero.

    The constant takes up a rise that is there without movement; it is no part of the model.  None with
    fewer than 40 seconds or hardly any movement.  Columns are shrunk by 1 % of their own square (ridge).
    """
    if len(samples.rows) < SAMPLES_NEEDED or _spread_m_s(samples) < SPREAD_NEEDED_M_S:
        return None
    rows = [(*speeds, 1.0) for speeds, _ in samples.rows]
    rises_bpm = [hr10_bpm - baseline_bpm for _, hr10_bpm in samples.rows]
    products = [[_dot([r[i] for r in rows], [r[j] for r in rows]) for j in range(4)] for i in range(4)]
    targets = [_dot([r[i] for r in rows], rises_bpm) for i in range(4)]
    for i in range(4):
        products[i][i] *= 1.0 + RIDGE
    fast, middle, slow, _ = _not_negative(products, targets)
    highest = [max(speeds[i] for speeds, _ in samples.rows) for i in range(3)]
    return MovementModel((fast, middle, slow), (highest[0], highest[1], highest[2]))


def _spread_m_s(samples: MovementSamples) -> float:
    fast = [speeds[0] for speeds, _ in samples.rows]
    mean = _dot(fast, [1.0] * len(fast)) / len(fast)
    off = [speed - mean for speed in fast]
    return math.sqrt(_dot(off, off) / len(fast))


def _dot(left: list[float], right: list[float]) -> float:
    """A plain sum of products; the built-in sum rounds differently from one Python to the next."""
    total = 0.0
    for a, b in zip(left, right, strict=True):
        total += a * b
    return total


def _not_negative(products: list[list[float]], targets: list[float]) -> list[float]:
    """The best of all solutions that leave some columns out and have no negative share of the others."""
    best, best_gain = [0.0] * len(targets), 0.0
    for size in range(1, len(targets) + 1):
        for columns in combinations(range(len(targets)), size):
            shares = _solved([[products[i][j] for j in columns] for i in columns], [targets[i] for i in columns])
            if min(shares) < 0.0:
                continue
            gain = _dot(shares, [targets[i] for i in columns])
            if gain > best_gain:
                best_gain = gain
                best = [shares[columns.index(i)] if i in columns else 0.0 for i in range(len(targets))]
    return best


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss without pivots, which a positive definite matrix does not need."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for pivot in range(size):
        for below in range(pivot + 1, size):
            share = rows[below][pivot] / rows[pivot][pivot]
            for column in range(pivot, size + 1):
                rows[below][column] -= share * rows[pivot][column]
    solution = [0.0] * size
    for at in range(size - 1, -1, -1):
        solution[at] = (rows[at][size] - _dot(rows[at][at + 1 : size], solution[at + 1 :])) / rows[at][at]
    return solution


def explained_bpm(model: MovementModel, state: MovementState) -> float:
    """The part of the heart rate that movement explains: 0 to 25 bpm, and never more than was calibrated."""
    bpm = 0.0
    for share, speed, highest in zip(model.bpm_per_m_s, state.smoothed_m_s, model.range_m_s, strict=True):
        bpm += share * min(speed, highest)
    return min(bpm, MOST_EXPLAINED_BPM)


def is_beyond(model: MovementModel, state: MovementState) -> bool:
    """Whether movement of the last minute lies outside what was calibrated, by a quarter and 3 cm/s."""
    speeds = (state.peak_m_s, *state.smoothed_m_s[1:])
    limits = (BEYOND_FACTOR * highest + BEYOND_MARGIN_M_S for highest in model.range_m_s)
    return any(speed > limit for speed, limit in zip(speeds, limits, strict=True))
