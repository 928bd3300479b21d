"""The literal "HR window": heart rate alone moves intensity both ways, to keep it in a band over baseline.

Heart rate is not a fear meter (CLINICAL basis, section 1): this policy is off until the therapist gives leave for
it (`LoopInputs.hr_may_drive`).  The patient's ratings, the HR brake and a person's words act as on the ladder, with
leave or without.  Every figure is an engineering default.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.base import ordered, passed_s, steps_from
from therapy.control.policies.ladder import Ladder, LadderState, acted, count_raised, lowering, raising


@dataclass(frozen=True, slots=True)
class HrWindowState:
    """What the ladder's parts remember, and for how long HR has been below and above the band."""

    ladder: LadderState = LadderState()
    below_s: float = 0.0
    above_s: float = 0.0


@dataclass(frozen=True, slots=True)
class HrWindow:
    """The band in bpm over baseline, for how long HR must be out of it, and the ladder's numbers for all else.

    Both times must have passed on the present level, beside the ladder's dwell times.
    """

    ladder: Ladder = Ladder()
    band_low_bpm: float = 4.0
    band_high_bpm: float = 12.0
    below_for_s: float = 30.0
    above_for_s: float = 20.0

    def begin(self) -> HrWindowState:
        """Nothing seen yet."""
        return HrWindowState()

    def step(self, state: HrWindowState, inputs: LoopInputs) -> tuple[HrWindowState, Proposal]:
        """One step: a person or the plan, then the ladder's steps down, then the band."""
        state = self._count(state, inputs)
        proposal = (
            ordered(inputs, self.ladder.ramp_s)
            or lowering(self.ladder, state.ladder, inputs)
            or self._lower(state, inputs)
            or raising(self.ladder, state.ladder, inputs, *self._answer(state, inputs))
        )
        return HrWindowState(acted(state.ladder, inputs, proposal), state.below_s, state.above_s), proposal

    def _count(self, state: HrWindowState, inputs: LoopInputs) -> HrWindowState:
        """Count seconds out of the band; a moment without a usable HR neither adds nor clears."""
        ladder = count_raised(self.ladder, state.ladder, inputs)
        delta_bpm = _usable_bpm(inputs)
        if delta_bpm is None:
            return HrWindowState(ladder, state.below_s, state.above_s)
        gone_s = passed_s(state.ladder.t_s, inputs.t_s)
        below_s = state.below_s + gone_s if delta_bpm < self.band_low_bpm else 0.0
        above_s = state.above_s + gone_s if delta_bpm > self.band_high_bpm else 0.0
        return HrWindowState(ladder, below_s, above_s)

    def _lower(self, state: HrWindowState, inputs: LoopInputs) -> Proposal | None:
        current, dwell_s = inputs.place.current_0to1, inputs.place.dwell_s
        lasting = state.above_s >= self.above_for_s and dwell_s >= max(self.above_for_s, self.ladder.dwell_down_s)
        if not lasting or _usable_bpm(inputs) is None or current <= 0.0:
            return None
        return Proposal(steps_from(current, -1), Rule.HR_WINDOW_DOWN, (Reason.HR_ABOVE_BAND,), self.ladder.ramp_s)

    def _answer(self, state: HrWindowState, inputs: LoopInputs) -> tuple[Reason, Rule | None]:
        """What HR says about a step up; with a rating that calls for a step down it says nothing."""
        delta_bpm, suds = _usable_bpm(inputs), inputs.rating.suds
        if not inputs.hr_may_drive:
            return Reason.NOT_ENABLED, None
        if delta_bpm is None:
            return Reason.HR_UNKNOWN, None
        if suds is not None and suds >= self.ladder.down_one_at:
            return Reason.SUDS_HIGH, None
        if delta_bpm > self.band_high_bpm:
            return Reason.HR_ABOVE_BAND, None
        if delta_bpm >= self.band_low_bpm:
            return Reason.HR_IN_BAND, None
        lasting = state.below_s >= self.below_for_s and inputs.place.dwell_s >= self.below_for_s
        return Reason.HR_BELOW_BAND, Rule.HR_WINDOW_UP if lasting else None


def _usable_bpm(inputs: LoopInputs) -> float | None:
    """HR over baseline where it may move intensity: allowed, known, and not driven by uncalibrated movement."""
    delta_bpm = inputs.heart.delta_bpm
    barred = inputs.suds_only or not inputs.hr_may_drive or inputs.heart.moved_beyond
    return None if barred or delta_bpm is None or not math.isfinite(delta_bpm) else delta_bpm
