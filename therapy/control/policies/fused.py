"""An estimate of fear from ratings and heart rate together: a Kalman filter of one number.  Experimental.

Model: fear (0-100) wanders, and a step of a level moves it by about `level_mean` ± `level_sd`.  A rating is fear
with bias and noise (CLINICAL basis, section 7: 8 and 7).  HR over baseline is fear by `gain_bpm` at fear 60 with a
large error, which is learned from how far HR was off at each rating: a heart that tells nothing soon weighs nothing.
HR below baseline counts as baseline, so that a falling HR is never a success.

HR may speed a step up, never replace the rating: a fresh one on the present level must exist and not be high.  The
ladder's steps down, on ratings and on HR raised for long, are kept.  Every figure is an engineering default.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.base import LEVELS, ordered, passed_s, rated_at_s, steps_from
from therapy.control.policies.ladder import Ladder, LadderState, acted, count_raised, lowering, raising

SAME_RATING_S = 0.5
"""Two ratings are never nearer in time; less is the rounding of their age."""


@dataclass(frozen=True, slots=True)
class FusedState:
    """What the ladder's parts remember, and the estimate.

    `mean` and `variance` are of fear; `hr_variance` is the learned squared error of HR as a measure of fear;
    `absorbed_s` is when the newest rating in the estimate was given; `since_hr_s` counts since HR was taken in.
    """

    ladder: LadderState = LadderState()
    mean: float = 15.0
    variance: float = 400.0
    hr_variance: float = 900.0
    absorbed_s: float | None = None
    since_hr_s: float = 0.0
    level_0to1: float | None = None


@dataclass(frozen=True, slots=True)
class Fused:
    """The filter's numbers, the marks on its estimate, and the ladder's numbers for all else.

    Up: the estimate is below `up_below` and one standard deviation more is below `up_within`.  Down: it is at
    `down_at` or more, and one standard deviation less at `down_beyond` or more.  HR counts every `hr_every_s`;
    `hr_alike` such moments share one error, since resting HR drifts over a minute and more.
    """

    ladder: Ladder = Ladder()
    up_below: float = 40.0
    up_within: float = 55.0
    down_at: float = 78.0
    down_beyond: float = 65.0
    rating_lasts_s: float = 120.0
    bias_sd: float = 8.0
    noise_sd: float = 7.0
    gain_bpm: float = 12.0
    hr_every_s: float = 10.0
    hr_alike: float = 6.0
    drift_per_s: float = 1.0
    level_mean: float = 10.0
    level_sd: float = 15.0
    widest_variance: float = 900.0

    def begin(self) -> FusedState:
        """A patient at rest, loosely."""
        return FusedState()

    def step(self, state: FusedState, inputs: LoopInputs) -> tuple[FusedState, Proposal]:
        """One step: estimate; then a person or the plan, the ladder's steps down, the estimate's down and up."""
        state = self._estimate(state, inputs)
        proposal = (
            ordered(inputs, self.ladder.ramp_s)
            or lowering(self.ladder, state.ladder, inputs)
            or self._lower(state, inputs)
            or raising(self.ladder, state.ladder, inputs, *self._answer(state, inputs))
        )
        return replace(state, ladder=acted(state.ladder, inputs, proposal)), proposal

    def _estimate(self, state: FusedState, inputs: LoopInputs) -> FusedState:
        gone_s = passed_s(state.ladder.t_s, inputs.t_s)
        state = replace(
            self._moved(state, inputs.place.current_0to1, gone_s),
            ladder=count_raised(self.ladder, state.ladder, inputs),
            since_hr_s=state.since_hr_s + gone_s,
        )
        hr_fear = self._fear_from_hr(inputs)
        suds, rated_s = inputs.rating.suds, rated_at_s(inputs)
        if suds is not None and 0 <= suds <= 100 and _is_new(rated_s, state.absorbed_s):
            if hr_fear is not None:
                error = hr_fear - suds
                state = replace(state, hr_variance=state.hr_variance + (error * error - state.hr_variance) / 4.0)
            state = replace(state, absorbed_s=rated_s)
            state = _taken_in(state, float(suds), self.bias_sd * self.bias_sd + self.noise_sd * self.noise_sd)
        if hr_fear is not None and state.since_hr_s >= self.hr_every_s:
            state = replace(state, since_hr_s=0.0)
            state = _taken_in(state, hr_fear, max(state.hr_variance, self.bias_sd * self.bias_sd) * self.hr_alike)
        return state

    def _moved(self, state: FusedState, current_0to1: float, gone_s: float) -> FusedState:
        """The estimate after some seconds and perhaps another level, before anything is heard."""
        if not math.isfinite(current_0to1):
            return state
        levels = 0.0 if state.level_0to1 is None else (current_0to1 - state.level_0to1) * LEVELS
        jump = levels * self.level_sd
        variance = min(state.variance + self.drift_per_s * gone_s + jump * jump, self.widest_variance)
        return replace(
            state, mean=_within(state.mean + levels * self.level_mean), variance=variance, level_0to1=current_0to1
        )

    def _fear_from_hr(self, inputs: LoopInputs) -> float | None:
        """Fear as HR alone would have it; None where HR is unknown, not to be used, or driven by movement."""
        delta_bpm = inputs.heart.delta_bpm
        if inputs.suds_only or inputs.heart.moved_beyond or delta_bpm is None or not math.isfinite(delta_bpm):
            return None
        return _within(delta_bpm * 60.0 / self.gain_bpm)

    def _lower(self, state: FusedState, inputs: LoopInputs) -> Proposal | None:
        place = inputs.place
        soon = place.since_lower_s is not None and place.since_lower_s < self.ladder.dwell_down_s
        high = state.mean >= self.down_at and state.mean - math.sqrt(state.variance) >= self.down_beyond
        if soon or not high or place.current_0to1 <= 0.0 or inputs.heart.moved_beyond:
            return None
        lower = steps_from(place.current_0to1, -1)
        return Proposal(lower, Rule.FUSED_DOWN, (Reason.ESTIMATE_HIGH,), self.ladder.ramp_s)

    def _answer(self, state: FusedState, inputs: LoopInputs) -> tuple[Reason, Rule | None]:
        """What the estimate says about a step up; without a fresh rating on this level, or with a high one, no."""
        rating, spread = inputs.rating, math.sqrt(state.variance)
        fresh = rating.age_s is not None and 0.0 <= rating.age_s <= self.rating_lasts_s
        if rating.suds is None or not rating.given_on_level or not fresh:
            return Reason.WAITING_FOR_RATING, None
        if rating.suds >= self.ladder.down_one_at:
            return Reason.SUDS_HIGH, None
        if state.mean < self.up_below:
            sure = state.mean + spread < self.up_within
            return (Reason.ESTIMATE_LOW, Rule.FUSED_UP) if sure else (Reason.ESTIMATE_UNCERTAIN, None)
        if state.mean < self.down_at:
            return Reason.ESTIMATE_IN_WINDOW, None
        sure = state.mean - spread >= self.down_beyond
        return Reason.ESTIMATE_HIGH if sure else Reason.ESTIMATE_UNCERTAIN, None


def _is_new(rated_s: float | None, absorbed_s: float | None) -> bool:
    if rated_s is None or not math.isfinite(rated_s):
        return False
    return absorbed_s is None or abs(rated_s - absorbed_s) > SAME_RATING_S


def _taken_in(state: FusedState, measured: float, variance: float) -> FusedState:
    """The Kalman update by one measurement and its variance."""
    weight = state.variance / (state.variance + variance)
    mean = state.mean + weight * (measured - state.mean)
    return replace(state, mean=mean, variance=state.variance * (1.0 - weight))


def _within(fear: float) -> float:
    return min(max(fear, 0.0), 100.0)
