"""The default policy: the patient's rating authorises each step up; heart rate may hold or step down.

Figures and their marks: CLINICAL basis, section 2.  The policy proposes; the guard disposes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.base import asked_up, half_above, ordered, passed_s, rated_at_s, stay, steps_from
from therapy.frozen import changed, quick

AUTHORISED: Mapping[Reason, Rule] = MappingProxyType(
    {
        Reason.SUDS_LOW: Rule.LADDER_UP,
        Reason.SUDS_HALVED: Rule.LADDER_UP,
        Reason.SUDS_FAIRLY_LOW: Rule.LADDER_UP_HALF,
        Reason.SUDS_STEADY: Rule.LADDER_UP_HALF,
    }
)
"""What each answer of the ratings authorises; other answers authorise nothing."""
BEFORE_THE_RATING = (Reason.HELD_BY_THERAPIST, Reason.HR_VETO)
"""Objections that weigh more than what the ratings say."""
DOWN_ON_A_RATING = (Rule.LADDER_DOWN_ONE, Rule.LADDER_DOWN_TWO)
DOWN_ON_HEART_RATE = (Rule.HR_BRAKE, Rule.HR_WINDOW_DOWN, Rule.FUSED_DOWN)


@quick
@dataclass(frozen=True, slots=True)
class LadderState:
    """What the policy remembers: how long HR has been raised, and which rating it acted on."""

    t_s: float | None = None
    raised_s: float = 0.0
    acted_on_rating_s: float | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder and its numbers; a protocol sets them within its guardrails.

    A rating below `whole_below_suds` authorises a whole level, one from there to `up_below_suds` half a level.  Two
    ratings in a row below `edge_below_suds` authorise half a level too, while HR is less than half the brake over
    baseline: near the goal steps are smaller, and need more to speak for them.
    """

    up_below_suds: int = 40
    whole_below_suds: int = 40
    edge_below_suds: int = 0
    lows_needed: int = 1
    halved_from_peak: int = 30
    down_one_at: int = 75
    down_two_at: int = 85
    dwell_up_s: float = 45.0
    dwell_down_s: float = 20.0
    ramp_s: float = 3.0
    brake_bpm: float = 15.0
    brake_s: float = 60.0
    veto_s: float = 30.0

    def begin(self) -> LadderState:
        """Nothing seen yet."""
        return LadderState()

    def step(self, state: LadderState, inputs: LoopInputs) -> tuple[LadderState, Proposal]:
        """One step: what a person or the plan says first, then a step down, then a step up."""
        state = count_raised(self, state, inputs)
        proposal = ordered(inputs, self.ramp_s) or lowering(self, state, inputs) or self._raise(state, inputs)
        return acted(state, inputs, proposal), proposal

    def _raise(self, state: LadderState, inputs: LoopInputs) -> Proposal:
        why = authority(self, inputs)
        return raising(self, state, inputs, why, AUTHORISED.get(why))


def count_raised(rules: Ladder, state: LadderState, inputs: LoopInputs) -> LadderState:
    """Count seconds of raised HR; a moment without a usable HR, or with one that is no number, changes nothing."""
    delta_bpm = inputs.heart.delta_bpm
    raised_s = state.raised_s
    if inputs.suds_only:
        raised_s = 0.0
    elif delta_bpm is not None and math.isfinite(delta_bpm):
        raised_s = raised_s + passed_s(state.t_s, inputs.t_s) if delta_bpm >= rules.brake_bpm else 0.0
    return LadderState(inputs.t_s, raised_s, state.acted_on_rating_s)


def lowering(rules: Ladder, state: LadderState, inputs: LoopInputs) -> Proposal | None:
    """A step down on a rating not acted on yet, or on HR raised for long; None if neither."""
    place, rating = inputs.place, inputs.rating
    if place.since_lower_s is not None and place.since_lower_s < rules.dwell_down_s:
        return None
    current = place.current_0to1
    unused = rating.given_on_level and rated_at_s(inputs) != state.acted_on_rating_s
    if unused and rating.suds is not None and current > 0.0:
        if rating.suds >= rules.down_two_at:
            return Proposal(steps_from(current, -2), Rule.LADDER_DOWN_TWO, (Reason.SUDS_VERY_HIGH,), rules.ramp_s)
        if rating.suds >= rules.down_one_at:
            return Proposal(steps_from(current, -1), Rule.LADDER_DOWN_ONE, (Reason.SUDS_HIGH,), rules.ramp_s)
    if state.raised_s >= rules.brake_s and current > 0.0 and not inputs.heart.moved_beyond:
        return Proposal(steps_from(current, -1), Rule.HR_BRAKE, (Reason.HR_SUSTAINED,), rules.ramp_s)
    return None


def acted(state: LadderState, inputs: LoopInputs, proposal: Proposal) -> LadderState:
    """Remember which rating, or which stretch of raised HR, a step down has used up."""
    if proposal.rule in DOWN_ON_A_RATING:
        return changed(state, acted_on_rating_s=rated_at_s(inputs), raised_s=0.0)
    if proposal.rule in DOWN_ON_HEART_RATE:
        return changed(state, raised_s=0.0)
    return state


def raising(rules: Ladder, state: LadderState, inputs: LoopInputs, why: Reason, rule: Rule | None) -> Proposal:
    """One level up by `rule`, or on a person's word, unless something stands against it.

    `rule` is None where `why` gives no authority: it then joins the reasons to hold.
    """
    against = objections(rules, state, inputs)
    if inputs.place.wish is not Wish.UP and rule is None:
        against.insert(_rank_of_authority(against), why)
    if against:
        return stay(inputs, rules.ramp_s, *against)
    if inputs.place.wish is Wish.UP or rule is None:
        return asked_up(inputs, rules.ramp_s)
    current = inputs.place.current_0to1
    higher_0to1 = half_above(current) if rule is Rule.LADDER_UP_HALF else steps_from(current, 1)
    return Proposal(higher_0to1, rule, (why,), rules.ramp_s)


def objections(rules: Ladder, state: LadderState, inputs: LoopInputs) -> list[Reason]:
    """Everything but the rating's authority that stands against a step up, most important first."""
    place = inputs.place
    asked = place.wish is Wish.UP
    against: list[Reason] = []
    if place.held and not asked:
        against.append(Reason.HELD_BY_THERAPIST)
    if state.raised_s >= rules.veto_s:
        against.append(Reason.HR_VETO)
    if asked and inputs.rating.suds is not None and inputs.rating.suds >= rules.down_one_at:
        against.append(Reason.SUDS_HIGH)
    if place.dwell_s < rules.dwell_up_s:
        against.append(Reason.DWELL_SHORT)
    if steps_from(place.current_0to1, 1) <= place.current_0to1:
        against.append(Reason.TOP_REACHED)
    return against


def authority(rules: Ladder, inputs: LoopInputs) -> Reason:
    """What the patient's ratings on this level say about a step up."""
    rating = inputs.rating
    if rating.suds is None or not rating.given_on_level:
        return Reason.WAITING_FOR_RATING
    if rating.suds >= rules.down_one_at:
        return Reason.SUDS_HIGH
    peak = rating.peak_on_level if rating.peak_on_level is not None else rating.suds
    if peak >= rules.halved_from_peak and rating.suds * 2 <= peak:
        return Reason.SUDS_HALVED
    if rating.suds < rules.up_below_suds:
        low = Reason.SUDS_LOW if rating.suds < rules.whole_below_suds else Reason.SUDS_FAIRLY_LOW
        return low if rating.lows_in_a_row >= rules.lows_needed else Reason.WAITING_FOR_RATING
    return Reason.SUDS_STEADY if _is_steady(rules, inputs) else Reason.SUDS_IN_WINDOW


def _is_steady(rules: Ladder, inputs: LoopInputs) -> bool:
    """Whether two ratings in a row lie at the lower edge of the working range, and HR says nothing against it."""
    rating, delta_bpm = inputs.rating, inputs.heart.delta_bpm
    if rating.suds is None or rating.previous_on_level is None:
        return False
    calm = inputs.suds_only or (delta_bpm is not None and delta_bpm < rules.brake_bpm / 2.0)
    return calm and max(rating.suds, rating.previous_on_level) < rules.edge_below_suds


def _rank_of_authority(against: list[Reason]) -> int:
    """Where the rating's answer stands among the objections: after a hold and a veto, before dwell and top."""
    return len([reason for reason in against if reason in BEFORE_THE_RATING])
