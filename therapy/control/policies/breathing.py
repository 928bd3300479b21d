"""Calm sessions: the breathing pace follows the patient's resonance, and eases where the breath does not follow.

CLINICAL basis, section 3: try 6.5 to 4.5 breaths a minute for two minutes each and keep the pace at which heart
rate swings most.  Intensity is locked.  The easing and its figures are engineering defaults [D].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from therapy.control.decision import BreathView, LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.base import passed_s, stay
from therapy.control.policies.resonance import PACES_PER_MIN, Trial, best_pace

IRREGULAR_0TO1 = 0.3
REGULAR_0TO1 = 0.6
JUDGED_AFTER_S = 60.0
SETTLED_AFTER_S = 75.0
"""From here on the 64 s that the breath is seen in lie within the trial, but for its first breath."""

EASED_BY_PER_MIN = 0.25
FURTHEST_EASED_PER_MIN = 1.0
SAME_PACE_PER_MIN = 0.01


@dataclass(frozen=True, slots=True)
class BreathingState:
    """The trials done, the one under way, the pace found, how far it is eased, and for how long that is judged.

    `trial` is the newest usable look at the breath during the trial under way.
    """

    t_s: float | None = None
    trials: tuple[Trial, ...] = ()
    trial: Trial | None = None
    tried_s: float = 0.0
    found_per_min: float | None = None
    eased_per_min: float = 0.0
    irregular_s: float = 0.0
    regular_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Breathing:
    """The pace to start from, whether the resonance pace is searched first, and how long each pace is tried."""

    pace_per_min: float = 6.0
    search: bool = False
    trial_s: float = 120.0
    ramp_s: float = 3.0

    def begin(self) -> BreathingState:
        """The protocol's pace, nothing tried."""
        return BreathingState(found_per_min=None if self.search else self.pace_per_min)

    def step(self, state: BreathingState, inputs: LoopInputs) -> tuple[BreathingState, Proposal]:
        """Search, then follow; without a practice, or without a usable heart rate, the pace stays."""
        seconds = passed_s(state.t_s, inputs.t_s)
        state = replace(state, t_s=inputs.t_s)
        if not inputs.place.practising or inputs.place.paused:
            return state, stay(inputs, self.ramp_s, Reason.NOT_GRADING)
        if state.found_per_min is None:
            return self._search(state, inputs, seconds)
        return self._follow(state, inputs, state.found_per_min, seconds)

    def _search(self, state: BreathingState, inputs: LoopInputs, seconds: float) -> tuple[BreathingState, Proposal]:
        wanted = PACES_PER_MIN[len(state.trials)]
        if not _paced(inputs, wanted):
            return replace(state, tried_s=0.0, trial=None), self._pace(inputs, wanted, Reason.PACE_SEARCH)
        state = replace(state, tried_s=state.tried_s + seconds)
        if state.tried_s >= SETTLED_AFTER_S and inputs.breath.swing_bpm is not None:
            state = replace(state, trial=_seen(wanted, inputs.breath))
        if state.tried_s < self.trial_s:
            return state, stay(inputs, self.ramp_s, Reason.PACE_SEARCH)
        trial = state.trial if state.trial is not None else _seen(wanted, inputs.breath)
        state = replace(state, trials=(*state.trials, trial), tried_s=0.0, trial=None)
        if len(state.trials) < len(PACES_PER_MIN):
            return state, stay(inputs, self.ramp_s, Reason.PACE_SEARCH)
        found = best_pace(state.trials)
        found = self.pace_per_min if found is None else found
        return replace(state, found_per_min=found), self._pace(inputs, found, Reason.PACE_FOUND)

    def _follow(
        self, state: BreathingState, inputs: LoopInputs, found: float, seconds: float
    ) -> tuple[BreathingState, Proposal]:
        """Ease the pace towards the patient's own breath while it does not follow, and back once it does."""
        breath = inputs.breath
        if breath.regularity_0to1 is None or breath.rate_per_min is None:
            return state, self._pace(inputs, found + state.eased_per_min, Reason.HR_UNKNOWN)
        irregular_s = state.irregular_s + seconds if breath.regularity_0to1 < IRREGULAR_0TO1 else 0.0
        regular_s = state.regular_s + seconds if breath.regularity_0to1 >= REGULAR_0TO1 else 0.0
        eased = state.eased_per_min
        if irregular_s >= JUDGED_AFTER_S:
            towards = EASED_BY_PER_MIN if breath.rate_per_min > found + eased else -EASED_BY_PER_MIN
            eased = min(max(eased + towards, -FURTHEST_EASED_PER_MIN), FURTHEST_EASED_PER_MIN)
            irregular_s = 0.0
        elif regular_s >= JUDGED_AFTER_S and eased != 0.0:
            eased = eased - EASED_BY_PER_MIN if eased > 0.0 else eased + EASED_BY_PER_MIN
            regular_s = 0.0
        state = replace(state, eased_per_min=eased, irregular_s=irregular_s, regular_s=regular_s)
        why = Reason.PACE_EASED if eased != 0.0 else Reason.PACE_FOUND
        return state, self._pace(inputs, found + eased, why)

    def _pace(self, inputs: LoopInputs, wanted_per_min: float, why: Reason) -> Proposal:
        if _paced(inputs, wanted_per_min):
            return stay(inputs, self.ramp_s, why)
        return Proposal(inputs.place.current_0to1, Rule.PACE, (why,), self.ramp_s, wanted_per_min)


def _seen(pace_per_min: float, breath: BreathView) -> Trial:
    return Trial(pace_per_min, breath.swing_bpm, breath.power_bpm2, breath.covers_s)


def _paced(inputs: LoopInputs, wanted_per_min: float) -> bool:
    """Whether the scene breathes at that pace already."""
    now = inputs.place.pace_per_min
    return now is not None and abs(now - wanted_per_min) < SAME_PACE_PER_MIN
