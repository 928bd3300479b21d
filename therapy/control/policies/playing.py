"""Pain sessions with play: intensity is locked, and the pace of the play follows how much the patient plays.

Attention is what counts, so a patient who hits often gets more to do, and one who hardly plays is left in peace
(CLINICAL basis, sections 1 and 4).  The play comes to rest before it ends.  All figures are engineering defaults [D].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.base import passed_s, stay

FIRST_M_PER_MIN = 36.0
LEAST_M_PER_MIN, MOST_M_PER_MIN = 15.0, 60.0
STEP_M_PER_MIN = 6.0
MANY_TIMES, FEW_TIMES = 1.25, 0.6
"""From so many times the wished hits a minute the play goes quicker, below so many slower."""

SAME_M_PER_MIN = 0.5


@dataclass(frozen=True, slots=True)
class PlayingState:
    """For how long the present pace has stood."""

    t_s: float | None = None
    stood_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Playing:
    """The wished hits a minute, how long a pace stands at least, and when the play comes to rest."""

    hits_per_min: float = 5.0
    every_s: float = 30.0
    lasts_s: float = 600.0
    rests_s: float = 25.0
    ramp_s: float = 3.0

    def begin(self) -> PlayingState:
        """Nothing played yet."""
        return PlayingState()

    def step(self, state: PlayingState, inputs: LoopInputs) -> tuple[PlayingState, Proposal]:
        """Go on, or change the pace a little."""
        state = PlayingState(inputs.t_s, state.stood_s + passed_s(state.t_s, inputs.t_s))
        place = inputs.place
        if not place.practising or place.paused:
            return state, stay(inputs, self.ramp_s, Reason.NOT_GRADING)
        now = place.pace_per_min
        if place.in_phase_s >= self.lasts_s - self.rests_s:
            return self._at(state, inputs, 0.0, Reason.PLAY_ENDS)
        if now is None:
            return self._at(state, inputs, FIRST_M_PER_MIN, Reason.PLAY_GOES_ON)
        hits = inputs.play.hits_per_min
        if hits is None or state.stood_s < self.every_s:
            return state, stay(inputs, self.ramp_s, Reason.PLAY_GOES_ON)
        if hits >= MANY_TIMES * self.hits_per_min:
            return self._at(state, inputs, min(now + STEP_M_PER_MIN, MOST_M_PER_MIN), Reason.PLAY_QUICKER)
        if hits <= FEW_TIMES * self.hits_per_min:
            return self._at(state, inputs, max(now - STEP_M_PER_MIN, LEAST_M_PER_MIN), Reason.PLAY_SLOWER)
        return state, stay(inputs, self.ramp_s, Reason.PLAY_GOES_ON)

    def _at(self, state: PlayingState, inputs: LoopInputs, pace: float, why: Reason) -> tuple[PlayingState, Proposal]:
        now = inputs.place.pace_per_min
        if now is not None and abs(now - pace) < SAME_M_PER_MIN:
            return state, stay(inputs, self.ramp_s, why)
        proposal = Proposal(inputs.place.current_0to1, Rule.PACE, (why,), self.ramp_s, pace)
        return replace(state, stood_s=0.0), proposal
