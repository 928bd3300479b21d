"""A schedule: one level after another by the clock, with the ladder's steps down.

Ratings, the HR brake and a person's words act as on the ladder.  After any step down that the schedule did not
make itself it waits: it raises again only once a rating on the level would authorise a step up on the ladder.
"""

from __future__ import annotations

from dataclasses import dataclass

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.base import level_of, ordered, steps_from
from therapy.control.policies.ladder import (
    AUTHORISED,
    Ladder,
    LadderState,
    acted,
    authority,
    count_raised,
    lowering,
    raising,
)

TINY = 1e-9


@dataclass(frozen=True, slots=True)
class FixedState:
    """What the ladder's parts remember, and how the schedule goes.

    `level_0to1` is the intensity at the last step, `reached` how many of the explicit steps have been reached,
    and `waits` says that something else stepped down and no low rating has come since.
    """

    ladder: LadderState = LadderState()
    level_0to1: float | None = None
    reached: int = 0
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """Either `minutes_per_level` on each level, or explicit `steps` in their place.

    `steps` are (seconds since the phase began, level 0-10) in order of time.  One that is due is walked to a level
    at a time, with the ladder's dwell times between: up from wherever the patient is, down only until it was
    reached once, so that a person's step beyond it stands.
    """

    ladder: Ladder = Ladder()
    minutes_per_level: float = 3.0
    steps: tuple[tuple[float, int], ...] = ()

    def begin(self) -> FixedState:
        """Nothing seen yet."""
        return FixedState()

    def step(self, state: FixedState, inputs: LoopInputs) -> tuple[FixedState, Proposal]:
        """One step: a person or the plan, then the ladder's steps down, then the schedule."""
        due = sum(after_s <= inputs.place.in_phase_s for after_s, _ in self.steps)
        target = self.steps[due - 1][1] if due else None
        state = self._noticed(state, inputs, due, target)
        proposal = (
            ordered(inputs, self.ladder.ramp_s)
            or lowering(self.ladder, state.ladder, inputs)
            or self._lower(state, inputs, due, target)
            or raising(self.ladder, state.ladder, inputs, *self._answer(state, inputs, target))
        )
        remembered = acted(state.ladder, inputs, proposal)
        return FixedState(remembered, state.level_0to1, state.reached, state.waits), proposal

    def _noticed(self, state: FixedState, inputs: LoopInputs, due: int, target: int | None) -> FixedState:
        current = inputs.place.current_0to1
        fell = state.level_0to1 is not None and current < state.level_0to1 - TINY
        stepped_back = fell and (target is None or level_of(current) < target)
        waits = stepped_back or (state.waits and authority(self.ladder, inputs) not in AUTHORISED)
        reached = due if level_of(current) == target else state.reached
        return FixedState(count_raised(self.ladder, state.ladder, inputs), current, reached, waits)

    def _lower(self, state: FixedState, inputs: LoopInputs, due: int, target: int | None) -> Proposal | None:
        place = inputs.place
        soon = place.since_lower_s is not None and place.since_lower_s < self.ladder.dwell_down_s
        if target is None or due <= state.reached or level_of(place.current_0to1) <= target or soon or place.held:
            return None
        return Proposal(steps_from(place.current_0to1, -1), Rule.SCHEDULE, (Reason.SCHEDULED,), self.ladder.ramp_s)

    def _answer(self, state: FixedState, inputs: LoopInputs, target: int | None) -> tuple[Reason, Rule | None]:
        """What the schedule says about a step up."""
        if state.waits:
            return authority(self.ladder, inputs), None
        place = inputs.place
        if self.steps:
            is_due = target is not None and level_of(place.current_0to1) < target
        else:
            is_due = place.dwell_s >= 60.0 * self.minutes_per_level
        return Reason.SCHEDULED, Rule.SCHEDULE if is_due else None
