"""Many candidates walking up the ladder at once: the rules of the ladder in arrays, for forecasts only.

The rules are those of `therapy.control.policies.ladder` and of the session's prompts, on a grid of `STEP_S`: a rating
is asked for, answered a step later, and moves the level by the plan's numbers.  Nobody misses a prompt, no
therapist steps in, heart rate is never lost, and whoever rates extreme stays in the calm scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from therapy.patient.response import ResponseModel
from therapy.patient.response_curve import DAY_SD, another_day, drive_0to1, live
from therapy.patient.response_heart import DRIFT_S, OFFSET_SD_BPM

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP_S = 5.0
SHORTEST_BETWEEN_S = 45.0
AFTER_RAMP_S = 2.0
NEVER_S = -1.0e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The exposure of a session as the ladder takes it: levels 0-10, ratings SUDS 0-100, times in seconds.

    `heart_brakes` is off where only ratings count.
    """

    duration_s: float
    start_level: int
    top_level: int
    climbing_s: float
    window_s: float
    up_below_suds: int
    lows_needed: int
    halved_from_peak: int
    down_one_at: int
    down_two_at: int
    calm_at: int
    dwell_up_s: float
    dwell_down_s: float
    ramp_s: float
    brake_bpm: float
    brake_s: float
    veto_s: float
    heart_brakes: bool = True


class Walks:
    """Where every candidate is at `t_s` of the exposure; all arrays have one entry for each.

    `level` is 0-10; `suds` the newest rating and `rated` who gave it in this step; `delta_bpm` is heart rate over
    baseline, None where the model knows of none; `ended` who is in the calm scene for good.
    """

    def __init__(self, model: ResponseModel, plan: Plan, rng: Generator) -> None:
        n = len(model.felt.rise)
        self.t_s = 0.0
        self.level = np.full(n, float(plan.start_level))
        self.suds = np.zeros(n)
        self.rated = np.zeros(n, bool)
        self.ended = np.zeros(n, bool)
        self.delta_bpm: Array | None = None
        self._plan, self._rng = plan, rng
        self._curves, self._heart = model.curves, model.heart
        self._felt = another_day(model.curves, model.felt)
        self._day = DAY_SD * rng.standard_normal(n)
        self._offset_bpm = OFFSET_SD_BPM * rng.standard_normal(n)
        self._drift = rng.standard_normal(n)
        self._level_at_s, self._lowered_s = np.zeros(n), np.full(n, NEVER_S)
        self._prompted_s, self._asked = np.full(n, NEVER_S), np.zeros(n, bool)
        self._rated_here = np.zeros(n, bool)
        self._peak, self._lows, self._raised_s = np.zeros(n), np.zeros(n), np.zeros(n)

    def ratings_now(self) -> Array:
        """What each would rate if asked now, in tens."""
        noise = self._curves.noise * self._rng.standard_normal(len(self.level))
        felt = self._curves.rest + self._felt.rise + self._day + noise
        tens: Array = 10.0 * np.round(np.clip(felt, 0.0, 100.0) / 10.0)
        return tens

    def step(self) -> None:
        """Live `STEP_S` on, then answer, move and be asked."""
        self.t_s += STEP_S
        drive = np.where(self.ended, 0.0, drive_0to1(self._curves, self.level / 10.0))
        self._felt = live(self._curves, self._felt, drive, STEP_S)
        self._beat()
        self._answer()
        self._lower()
        self._raise()
        self._prompt()

    def _beat(self) -> None:
        if self._heart is None:
            return
        kept = exp(-STEP_S / DRIFT_S)
        self._drift = kept * self._drift + sqrt(1.0 - kept * kept) * self._rng.standard_normal(len(self.level))
        response = self._heart.gain_bpm * self._felt.rise / 10.0
        self.delta_bpm = self._offset_bpm + response + self._heart.drift_bpm * self._drift
        if self._plan.heart_brakes:
            self._raised_s = np.where(self.delta_bpm >= self._plan.brake_bpm, self._raised_s + STEP_S, 0.0)

    def _answer(self) -> None:
        plan = self._plan
        self.rated = self._asked & ~self.ended
        self.suds = np.where(self.rated, self.ratings_now(), self.suds)
        here = self._prompted_s >= self._level_at_s
        self._rated_here = np.where(self.rated, here, self._rated_here)
        on_level = self.rated & here
        self._peak = np.where(on_level, np.maximum(self._peak, self.suds), self._peak)
        low = self.suds < plan.up_below_suds
        self._lows = np.where(self.rated, np.where(low & here, self._lows + 1.0, 0.0), self._lows)
        self.ended = self.ended | (self.rated & (self.suds >= plan.calm_at))
        self.level = np.where(self.ended, 0.0, self.level)

    def _lower(self) -> None:
        plan = self._plan
        may = ~self.ended & (self.level > 0.0) & (self.t_s - self._lowered_s >= plan.dwell_down_s)
        high = may & self.rated & self._rated_here & (self.suds >= plan.down_one_at)
        by = np.where(high, np.where(self.suds >= plan.down_two_at, 2.0, 1.0), 0.0)
        braked = may & ~high & (self._raised_s >= plan.brake_s)
        self._raised_s = np.where(high | braked, 0.0, self._raised_s)
        self._lowered_s = np.where(high | braked, self.t_s, self._lowered_s)
        self._move_to(np.maximum(self.level - np.where(braked, 1.0, by), 0.0))

    def _raise(self) -> None:
        plan = self._plan
        low = (self.suds < plan.up_below_suds) & (self._lows >= plan.lows_needed)
        halved = (self._peak >= plan.halved_from_peak) & (2.0 * self.suds <= self._peak)
        ready = ~self.ended & self._rated_here & (self.t_s - self._level_at_s >= plan.dwell_up_s)
        vetoed = self._raised_s >= plan.veto_s
        up = ready & (low | halved) & ~vetoed & (self.level < plan.top_level)
        self._move_to(np.where(up, self.level + 1.0, self.level))

    def _move_to(self, level: Array) -> None:
        moved = level != self.level
        self.level = level
        self._level_at_s = np.where(moved, self.t_s, self._level_at_s)
        self._rated_here = self._rated_here & ~moved
        self._peak = np.where(moved, 0.0, self._peak)
        self._lows = np.where(moved, 0.0, self._lows)

    def _prompt(self) -> None:
        plan, since_s = self._plan, self.t_s - self._prompted_s
        climbing = (self._prompted_s == NEVER_S) | (self.suds < plan.up_below_suds)
        cadence = since_s >= np.where(climbing, plan.climbing_s, plan.window_s)
        arrived = self.t_s >= self._level_at_s + plan.ramp_s + AFTER_RAMP_S
        entry = (self._prompted_s < self._level_at_s) & arrived
        self._asked = ~self.ended & (since_s >= SHORTEST_BETWEEN_S) & (cadence | entry)
        self._prompted_s = np.where(self._asked, self.t_s, self._prompted_s)
