"""Pain sessions: intensity is locked, and the scene's pace leads the patient's breath slowly to a goal.

The loop does not chase arousal here (CLINICAL basis, section 1).  Pace and lead: begin near the patient's own
breath, go towards the goal in small steps, and wait while the breath does not come along.  Figures are [D].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.base import passed_s, stay

LEAD_STEP_PER_MIN = 0.5
FOLLOWS_WITHIN_PER_MIN = 1.5
WAITS_AT_MOST_S = 240.0
SAME_PACE_PER_MIN = 0.01


@dataclass(frozen=True, slots=True)
class DistractionState:
    """The pace led to so far, None before the patient's own breath was seen, and for how long it has stood."""

    t_s: float | None = None
    led_per_min: float | None = None
    stood_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Distraction:
    """The goal, and how long each step of the way stands at least; without a goal the pace is the scene's own."""

    goal_per_min: float | None = None
    lead_every_s: float = 60.0
    ramp_s: float = 3.0

    def begin(self) -> DistractionState:
        """Nothing led yet."""
        return DistractionState()

    def step(self, state: DistractionState, inputs: LoopInputs) -> tuple[DistractionState, Proposal]:
        """Lead on, or wait."""
        seconds = passed_s(state.t_s, inputs.t_s)
        state = replace(state, t_s=inputs.t_s)
        place = inputs.place
        if self.goal_per_min is None or not place.practising or place.paused:
            return state, stay(inputs, self.ramp_s, Reason.NOT_GRADING)
        led = state.led_per_min
        if led is None:
            own = inputs.breath.rate_per_min
            led = self.goal_per_min if own is None else max(own, self.goal_per_min)
            state = replace(state, led_per_min=led)
        else:
            state = self._lead(replace(state, stood_s=state.stood_s + seconds), inputs, led, self.goal_per_min)
        wanted = state.led_per_min
        now = place.pace_per_min
        if wanted is None or (now is not None and abs(now - wanted) < SAME_PACE_PER_MIN):
            return state, stay(inputs, self.ramp_s, Reason.PACE_LED)
        return state, Proposal(place.current_0to1, Rule.PACE, (Reason.PACE_LED,), self.ramp_s, wanted)

    def _lead(self, state: DistractionState, inputs: LoopInputs, led: float, goal: float) -> DistractionState:
        """A step nearer to the goal once the last one has stood and the breath came along, or will not come."""
        if led <= goal + SAME_PACE_PER_MIN or state.stood_s < self.lead_every_s:
            return state
        own = inputs.breath.rate_per_min
        follows = own is None or own <= led + FOLLOWS_WITHIN_PER_MIN
        if not follows and state.stood_s < WAITS_AT_MOST_S:
            return state
        return replace(state, led_per_min=max(led - LEAD_STEP_PER_MIN, goal), stood_s=0.0)
