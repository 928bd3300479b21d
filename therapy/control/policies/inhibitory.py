"""The ladder of inhibitory learning: a level ends when the feared expectation was tested there and violated.

CLINICAL basis, section 2: first graded; after the top was reached once, in varied order.  Which level follows
then is a fixed pattern around the top [D].  Steps down, the brake of heart rate and a person's word are the ladder's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.base import LEVELS, level_of, ordered, stay
from therapy.control.policies.ladder import (
    Ladder,
    LadderState,
    acted,
    count_raised,
    lowering,
    objections,
    raising,
)

BELOW_TOP = (2, 0, 1, 3, 0)
"""How many levels below the top each further test takes place, in turn."""

LOW_EXPECTANCY = 20


@dataclass(frozen=True, slots=True)
class InhibitoryState:
    """The ladder's memory, and where the varied order stands: its next place in the pattern, and the level sought."""

    ladder: LadderState = LadderState()
    turn: int = 0
    sought: int | None = None


@dataclass(frozen=True, slots=True)
class Inhibitory:
    """The ladder's numbers, and by how many points an expectation must fall to count as violated."""

    ladder: Ladder = Ladder()
    violated_by: int = 20

    def begin(self) -> InhibitoryState:
        """Nothing tested yet."""
        return InhibitoryState()

    def step(self, state: InhibitoryState, inputs: LoopInputs) -> tuple[InhibitoryState, Proposal]:
        """One step: a person or the plan first, then a step down, then the next test."""
        ladder = count_raised(self.ladder, state.ladder, inputs)
        state = replace(state, ladder=ladder)
        first = ordered(inputs, self.ladder.ramp_s) or lowering(self.ladder, ladder, inputs)
        if first is not None:
            return replace(state, ladder=acted(ladder, inputs, first), sought=None), first
        return self._next(state, inputs)

    def _next(self, state: InhibitoryState, inputs: LoopInputs) -> tuple[InhibitoryState, Proposal]:
        here, top = level_of(inputs.place.current_0to1), _top(inputs)
        if state.sought is not None and here < min(state.sought, top):
            return state, self._up(state, inputs, Reason.VARIED_ORDER)
        state = replace(state, sought=None)
        verdict = self._verdict(inputs)
        climbing = here < top and state.turn == 0
        if inputs.place.wish is Wish.UP or verdict is not Reason.EXPECTATION_VIOLATED or climbing:
            return state, self._up(state, inputs, verdict)
        return self._vary(state, inputs, here)

    def _vary(self, state: InhibitoryState, inputs: LoopInputs, here: int) -> tuple[InhibitoryState, Proposal]:
        """The top was reached and the test violated the expectation: on to another level, by the pattern."""
        against: list[Reason] = [
            one for one in objections(self.ladder, state.ladder, inputs) if one is not Reason.TOP_REACHED
        ]
        top = _top(inputs)
        if against or top <= 0:
            return state, stay(inputs, self.ladder.ramp_s, *(against or [Reason.TOP_REACHED]))
        sought = max(top - BELOW_TOP[state.turn % len(BELOW_TOP)], 0)
        if sought == here:
            sought = here - 1 if here >= top else top
        state = replace(state, turn=state.turn + 1, sought=sought)
        if sought > here:
            return state, self._up(state, inputs, Reason.VARIED_ORDER)
        lower = Proposal(sought / LEVELS, Rule.LADDER_VARY, (Reason.VARIED_ORDER,), self.ladder.ramp_s)
        return state, lower

    def _up(self, state: InhibitoryState, inputs: LoopInputs, why: Reason) -> Proposal:
        """One level up for `why`, once the patient has rated this level and not high."""
        rating = inputs.rating
        if rating.suds is None or not rating.given_on_level:
            return raising(self.ladder, state.ladder, inputs, Reason.WAITING_FOR_RATING, None)
        if rating.suds >= self.ladder.down_one_at:
            return raising(self.ladder, state.ladder, inputs, Reason.SUDS_HIGH, None)
        rule = {Reason.EXPECTATION_VIOLATED: Rule.LADDER_UP, Reason.VARIED_ORDER: Rule.LADDER_VARY}.get(why)
        return raising(self.ladder, state.ladder, inputs, why, rule)

    def _verdict(self, inputs: LoopInputs) -> Reason:
        """What the test on this level has shown."""
        before, after = inputs.rating.expectancy_before, inputs.rating.expectancy_after
        if before is None or after is None:
            return Reason.EXPECTATION_UNTESTED
        violated = before - after >= self.violated_by or after <= LOW_EXPECTANCY
        return Reason.EXPECTATION_VIOLATED if violated else Reason.EXPECTATION_HELD


def _top(inputs: LoopInputs) -> int:
    """The highest level that anyone allows; what has not been tolerated yet is still to come and does not count."""
    limits = inputs.limits
    return level_of(min(limits.protocol_0to1, limits.therapist_0to1, limits.patient_0to1))
