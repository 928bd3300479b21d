"""Three published adaptive rules, as published: what the product is compared with (CLINICAL basis, section 7).

They run in cohorts only and are not to be chosen in a protocol.  They read HR as a naive program does: where there
is no usable HR, the last one seen goes on counting.  What the sources leave open is set here and marked [ours].
The session's plan and a person's words come first, as everywhere, and start the rule's counting anew [ours].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.base import Policy, asked_up, ordered, passed_s, stay, steps_from

RAMP_S = 3.0


@dataclass(frozen=True, slots=True)
class PublishedState:
    """The last step's time and HR, for how long each condition has held, and the level the calm scene was called at.

    `trial_bpm_s` is the sum of HR over the seconds of a trial.
    """

    t_s: float | None = None
    bpm: float | None = None
    above_s: float = 0.0
    far_above_s: float = 0.0
    stable_s: float = 0.0
    trial_s: float = 0.0
    trial_bpm_s: float = 0.0
    calm_from_0to1: float | None = None


@dataclass(frozen=True, slots=True)
class PercentOfBaseline:
    """Rule (a): 20 % above baseline for 15 s, down one; 40 % for 12 s, relaxation; stable for 30 s, up one.

    Stable is anything not 20 % above baseline [ours]; relaxation is the calm scene, left one level lower as soon as
    HR is less than 20 % above baseline [ours]; each move starts the counting anew [ours].
    """

    above_share: float = 0.2
    above_for_s: float = 15.0
    far_above_share: float = 0.4
    far_above_for_s: float = 12.0
    stable_for_s: float = 30.0

    def begin(self) -> PublishedState:
        """Nothing seen yet."""
        return PublishedState()

    def step(self, state: PublishedState, inputs: LoopInputs) -> tuple[PublishedState, Proposal]:
        """One step."""
        gone_s, state = _seen(state, inputs)
        if said := _said(inputs):
            return _anew(state), said
        bpm, baseline_bpm = state.bpm, inputs.heart.baseline_bpm
        if bpm is None or baseline_bpm is None:
            return state, stay(inputs, RAMP_S, Reason.HR_UNKNOWN)
        above = bpm >= baseline_bpm * (1.0 + self.above_share)
        far_above = bpm >= baseline_bpm * (1.0 + self.far_above_share)
        if state.calm_from_0to1 is not None:
            return _calm(state) if above else _back(state, steps_from(state.calm_from_0to1, -1))
        state = replace(
            state,
            above_s=state.above_s + gone_s if above else 0.0,
            far_above_s=state.far_above_s + gone_s if far_above else 0.0,
            stable_s=0.0 if above else state.stable_s + gone_s,
        )
        if state.far_above_s >= self.far_above_for_s:
            return _calm(replace(_anew(state), calm_from_0to1=inputs.place.current_0to1))
        if state.above_s >= self.above_for_s:
            return _anew(state), _down(inputs, Reason.HR_ABOVE_BAND)
        if state.stable_s >= self.stable_for_s:
            return _anew(state), _up(inputs, Reason.HR_STABLE)
        return state, stay(inputs, RAMP_S, Reason.HR_ABOVE_BAND if above else Reason.HR_STABLE)


@dataclass(frozen=True, slots=True)
class NinetyBpm:
    """Rule (b): above 90 bpm for 3 s, the calm scene until HR is below 85.

    The source says nothing of how exposure grows: one level for each 30 s outside the calm scene [ours].  The calm
    scene is left to the level it was called at [ours].
    """

    calm_above_bpm: float = 90.0
    calm_after_s: float = 3.0
    back_below_bpm: float = 85.0
    up_every_s: float = 30.0

    def begin(self) -> PublishedState:
        """Nothing seen yet."""
        return PublishedState()

    def step(self, state: PublishedState, inputs: LoopInputs) -> tuple[PublishedState, Proposal]:
        """One step."""
        gone_s, state = _seen(state, inputs)
        if said := _said(inputs):
            return _anew(state), said
        if state.bpm is None:
            return state, stay(inputs, RAMP_S, Reason.HR_UNKNOWN)
        if state.calm_from_0to1 is not None:
            return _back(state, state.calm_from_0to1) if state.bpm < self.back_below_bpm else _calm(state)
        above = state.bpm > self.calm_above_bpm
        state = replace(state, above_s=state.above_s + gone_s if above else 0.0, stable_s=state.stable_s + gone_s)
        if state.above_s >= self.calm_after_s:
            return _calm(replace(_anew(state), calm_from_0to1=inputs.place.current_0to1))
        if state.stable_s >= self.up_every_s and not above:
            return _anew(state), _up(inputs, Reason.HR_STABLE)
        return state, stay(inputs, RAMP_S, Reason.HR_ABOVE_BAND if above else Reason.HR_STABLE)


@dataclass(frozen=True, slots=True)
class AnxietyClass:
    """Rule (c): after each trial one level up at low anxiety, one down at high, none between.

    A trial is a minute [ours].  The class is told from the mean HR of the trial as a z-score against the baseline
    and its spread: low below `low_below_z`, high from `high_from_z` on [ours].
    """

    trial_s: float = 60.0
    low_below_z: float = 1.0
    high_from_z: float = 2.5

    def begin(self) -> PublishedState:
        """Nothing seen yet."""
        return PublishedState()

    def step(self, state: PublishedState, inputs: LoopInputs) -> tuple[PublishedState, Proposal]:
        """One step."""
        gone_s, state = _seen(state, inputs)
        if said := _said(inputs):
            return _anew(state), said
        baseline_bpm, spread_bpm = inputs.heart.baseline_bpm, inputs.heart.baseline_spread_bpm
        if state.bpm is None or baseline_bpm is None or spread_bpm is None:
            return state, stay(inputs, RAMP_S, Reason.HR_UNKNOWN)
        state = replace(state, trial_s=state.trial_s + gone_s, trial_bpm_s=state.trial_bpm_s + gone_s * state.bpm)
        if state.trial_s < self.trial_s:
            return state, stay(inputs, RAMP_S, Reason.DWELL_SHORT)
        over_bpm = state.trial_bpm_s / state.trial_s - baseline_bpm
        if over_bpm < self.low_below_z * spread_bpm:
            return _anew(state), _up(inputs, Reason.HR_BELOW_BAND)
        if over_bpm >= self.high_from_z * spread_bpm:
            return _anew(state), _down(inputs, Reason.HR_ABOVE_BAND)
        return _anew(state), stay(inputs, RAMP_S, Reason.HR_IN_BAND)


PUBLISHED: Mapping[str, Policy] = MappingProxyType(
    {"published-percent": PercentOfBaseline(), "published-ninety": NinetyBpm(), "published-class": AnxietyClass()}
)
"""The three by the names that cohorts give them."""


def _seen(state: PublishedState, inputs: LoopInputs) -> tuple[float, PublishedState]:
    """Seconds since the last step, and the state with this moment's HR; without one the last is kept."""
    bpm = state.bpm if inputs.heart.hr10_bpm is None else inputs.heart.hr10_bpm
    return passed_s(state.t_s, inputs.t_s), replace(state, t_s=inputs.t_s, bpm=bpm)


def _said(inputs: LoopInputs) -> Proposal | None:
    """What the plan or a person says."""
    said = ordered(inputs, RAMP_S)
    return asked_up(inputs, RAMP_S) if said is None and inputs.place.wish is Wish.UP else said


def _anew(state: PublishedState) -> PublishedState:
    return PublishedState(state.t_s, state.bpm)


def _calm(state: PublishedState) -> tuple[PublishedState, Proposal]:
    return state, Proposal(0.0, Rule.PUBLISHED_CALM, (Reason.HR_ABOVE_BAND,), RAMP_S)


def _back(state: PublishedState, to_0to1: float) -> tuple[PublishedState, Proposal]:
    return _anew(state), Proposal(to_0to1, Rule.PUBLISHED_UP, (Reason.HR_STABLE,), RAMP_S)


def _up(inputs: LoopInputs, reason: Reason) -> Proposal:
    return Proposal(steps_from(inputs.place.current_0to1, 1), Rule.PUBLISHED_UP, (reason,), RAMP_S)


def _down(inputs: LoopInputs, reason: Reason) -> Proposal:
    return Proposal(steps_from(inputs.place.current_0to1, -1), Rule.PUBLISHED_DOWN, (reason,), RAMP_S)
