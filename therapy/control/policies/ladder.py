"""The default policy: the patient's rating authorises each step up; heart rate may hold or step down.

Figures and their marks: CLINICAL basis, section 2.  The policy proposes; the guard disposes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Stage, Wish
from therapy.control.policies.base import asked_up, half_above, ordered, passed_s, rated_at_s, stay, steps_from
from therapy.frozen import changed, made, quick

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
EXPLAINS_FROM_SUDS = 50
EXPLAINS_FOR_S = 120.0
"""A rating from this on, and for this long, explains a raised heart rate."""

DOUBTFUL_SHARE = 2.0 / 3.0
"""From this share of the brake on, HR speaks against a step up on a low rating."""

SAME_RATING_S = 0.2
SMOOTHED_OVER_S = 20.0
BEYOND_KNOWN_BPM = 8.0
KNOWN_AT_MOST_BPM = 10.0
"""By how much a patient's own heart rate at hard but bearable ratings may move the brake."""


@quick
@dataclass(frozen=True, slots=True)
class LadderState:
    """What the policy remembers.

    For how long HR has been raised, which rating it acted on, HR over baseline smoothed over some 20 s, the highest
    of it at a rating that called the level hard but bearable (0 before there was one), and for how long HR has been
    too high to go with a low rating.
    """

    t_s: float | None = None
    raised_s: float = 0.0
    acted_on_rating_s: float | None = None
    smoothed_bpm: float = 0.0
    known_bpm: float = 0.0
    doubtful_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder and its numbers; a protocol sets them within its guardrails.

    A rating below `whole_below_suds` authorises a whole level, one from there to `up_below_suds` half a level.  Two
    ratings in a row below `edge_below_suds` authorise half a level too, while HR is below the brake: near the goal
    steps are smaller, and need more to speak for them.  The brake begins at `brake_bpm` over baseline, and up to
    10 bpm later for a patient whose heart has been that high at ratings that called a level hard but bearable.
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
        if why is Reason.SUDS_STEADY and not _is_calm(self, state, inputs):
            why = Reason.SUDS_IN_WINDOW
        return raising(self, state, inputs, why, AUTHORISED.get(why))


def count_raised(rules: Ladder, state: LadderState, inputs: LoopInputs) -> LadderState:
    """Count seconds of raised HR; a moment without a usable HR, or with one that is no number, changes nothing."""
    delta_bpm, seconds = inputs.heart.delta_bpm, passed_s(state.t_s, inputs.t_s)
    raised_s, smoothed_bpm, known_bpm = state.raised_s, state.smoothed_bpm, state.known_bpm
    doubtful_s = state.doubtful_s
    if inputs.suds_only:
        raised_s = doubtful_s = 0.0
    elif delta_bpm is not None and math.isfinite(delta_bpm):
        smoothed_bpm += (delta_bpm - smoothed_bpm) * seconds / SMOOTHED_OVER_S
        if inputs.rating.is_new and _is_bearable(rules, inputs):
            known_bpm = max(known_bpm, smoothed_bpm)
        raised_s = raised_s + seconds if delta_bpm >= brake_bpm(rules, state) else 0.0
        doubtful_s = doubtful_s + seconds if delta_bpm >= DOUBTFUL_SHARE * rules.brake_bpm else 0.0
    return made(LadderState)(inputs.t_s, raised_s, state.acted_on_rating_s, smoothed_bpm, known_bpm, doubtful_s)


def brake_bpm(rules: Ladder, state: LadderState) -> float:
    """How far over baseline HR counts as raised for this patient."""
    known_bpm = state.known_bpm + BEYOND_KNOWN_BPM if state.known_bpm > 0.0 else 0.0
    return min(max(known_bpm, rules.brake_bpm), rules.brake_bpm + KNOWN_AT_MOST_BPM)


def lowering(rules: Ladder, state: LadderState, inputs: LoopInputs) -> Proposal | None:
    """A step down on a rating not acted on yet, or on HR raised for long; None if neither."""
    place, rating = inputs.place, inputs.rating
    if place.since_lower_s is not None and place.since_lower_s < rules.dwell_down_s:
        return None
    current = place.current_0to1
    unused = rating.given_on_level and not _acted_on(state, inputs)
    if unused and rating.suds is not None and current > 0.0:
        if rating.suds >= rules.down_two_at:
            return Proposal(steps_from(current, -2), Rule.LADDER_DOWN_TWO, (Reason.SUDS_VERY_HIGH,), rules.ramp_s)
        if rating.suds >= rules.down_one_at:
            return Proposal(steps_from(current, -1), Rule.LADDER_DOWN_ONE, (Reason.SUDS_HIGH,), rules.ramp_s)
    braked = state.raised_s >= rules.brake_s and current > 0.0 and not inputs.heart.moved_beyond
    if braked and not _rating_explains(rules, inputs):
        return Proposal(steps_from(current, -1), Rule.HR_BRAKE, (Reason.HR_SUSTAINED,), rules.ramp_s)
    return None


def _acted_on(state: LadderState, inputs: LoopInputs) -> bool:
    """Whether the newest rating is the one that has stepped down already; its time may differ in the last digit."""
    rated_s = rated_at_s(inputs)
    return (
        rated_s is not None
        and state.acted_on_rating_s is not None
        and abs(rated_s - state.acted_on_rating_s) < SAME_RATING_S
    )


def _rating_explains(rules: Ladder, inputs: LoopInputs) -> bool:
    """Whether the patient has just said that this level is hard but bearable.

    A raised heart rate is then no news, and lowering would teach escape; it still vetoes.  Where the rating is
    low, old or missing, heart rate says what the rating does not.
    """
    age_s = inputs.rating.age_s
    return age_s is not None and age_s <= EXPLAINS_FOR_S and _is_bearable(rules, inputs)


def _is_bearable(rules: Ladder, inputs: LoopInputs) -> bool:
    """Whether the rating on this level calls it hard and does not ask for less."""
    suds = inputs.rating.suds
    return inputs.rating.given_on_level and suds is not None and EXPLAINS_FROM_SUDS <= suds < rules.down_one_at


def _is_doubtful(rules: Ladder, state: LadderState, inputs: LoopInputs) -> bool:
    """Whether HR has been too high for too long to go with a rating that would authorise a step up."""
    suds = inputs.rating.suds
    return suds is not None and suds < rules.up_below_suds and state.doubtful_s >= rules.veto_s


def _is_calm(rules: Ladder, state: LadderState, inputs: LoopInputs) -> bool:
    """Whether HR says nothing against a step at the edge; where ratings only are used it has no say."""
    delta_bpm = inputs.heart.delta_bpm
    return inputs.suds_only or (delta_bpm is not None and delta_bpm < brake_bpm(rules, state))


def acted(state: LadderState, inputs: LoopInputs, proposal: Proposal) -> LadderState:
    """Remember which rating, or which stretch of raised HR, a step down has used up; a suggestion uses up nothing."""
    if inputs.stage is Stage.SUGGEST_ONLY:
        return state
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
    if state.raised_s >= rules.veto_s or (not asked and _is_doubtful(rules, state, inputs)):
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
    """Whether two ratings in a row lie at the lower edge of the working range."""
    rating = inputs.rating
    if rating.suds is None or rating.previous_on_level is None:
        return False
    return max(rating.suds, rating.previous_on_level) < rules.edge_below_suds


def _rank_of_authority(against: list[Reason]) -> int:
    """Where the rating's answer stands among the objections: after a hold and a veto, before dwell and top."""
    return len([reason for reason in against if reason in BEFORE_THE_RATING])
