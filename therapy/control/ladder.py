"""The default policy: the patient's rating authorises each step up; heart rate may hold or step down.

Figures and their marks: CLINICAL basis, section 2.  The policy proposes; the guard disposes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish

LEVELS = 10
LONGEST_TICK_S = 1.0
PLAN_STEP_S = 8.0


@dataclass(frozen=True, slots=True)
class LadderRules:
    """The numbers of the ladder; a protocol sets them within its guardrails."""

    up_below_suds: int = 40
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


@dataclass(frozen=True, slots=True)
class LadderState:
    """What the policy remembers: how long HR has been raised, and which rating it acted on."""

    t_s: float | None = None
    raised_s: float = 0.0
    acted_on_rating_s: float | None = None


def step(state: LadderState, inputs: LoopInputs, rules: LadderRules) -> tuple[LadderState, Proposal]:
    """One step of the policy: pure, from what it remembers and what it sees."""
    state = _count_raised(state, inputs, rules)
    proposal = _propose(state, inputs, rules)
    if proposal.rule in (Rule.LADDER_DOWN_ONE, Rule.LADDER_DOWN_TWO):
        state = replace(state, acted_on_rating_s=_rated_at_s(inputs), raised_s=0.0)
    elif proposal.rule is Rule.HR_BRAKE:
        state = replace(state, raised_s=0.0)
    return state, proposal


def level_of(intensity_0to1: float) -> int:
    """The level nearest to an intensity."""
    return round(intensity_0to1 * LEVELS)


def steps_from(intensity_0to1: float, levels: int) -> float:
    """The intensity `levels` away, kept to whole levels between 0 and 1."""
    moved = math.floor(intensity_0to1 * LEVELS + 1e-6) if levels > 0 else math.ceil(intensity_0to1 * LEVELS - 1e-6)
    return min(max(moved + levels, 0), LEVELS) / LEVELS


def _count_raised(state: LadderState, inputs: LoopInputs, rules: LadderRules) -> LadderState:
    """Count seconds of raised HR; a moment without a usable HR neither adds nor clears."""
    passed_s = 0.0 if state.t_s is None else min(max(inputs.t_s - state.t_s, 0.0), LONGEST_TICK_S)
    delta_bpm = inputs.heart.delta_bpm
    raised_s = state.raised_s
    if inputs.suds_only:
        raised_s = 0.0
    elif delta_bpm is not None:
        raised_s = raised_s + passed_s if delta_bpm >= rules.brake_bpm else 0.0
    return replace(state, t_s=inputs.t_s, raised_s=raised_s)


def _rated_at_s(inputs: LoopInputs) -> float | None:
    return None if inputs.rating.age_s is None else inputs.t_s - inputs.rating.age_s


def _propose(state: LadderState, inputs: LoopInputs, rules: LadderRules) -> Proposal:
    place, current = inputs.place, inputs.place.current_0to1

    def outcome(intensity_0to1: float, rule: Rule, *reasons: Reason) -> Proposal:
        return Proposal(intensity_0to1, rule, reasons, rules.ramp_s)

    if place.planned_0to1 is not None:
        return _plan(inputs, rules)
    if not place.grading:
        return outcome(0.0, Rule.HOLD, Reason.NOT_GRADING)
    if place.reentry_0to1 is not None:
        return outcome(place.reentry_0to1, Rule.RE_ENTRY, Reason.ASKED_BY_THERAPIST)
    if place.wish is Wish.DOWN:
        asked = Reason.ASKED_BY_PATIENT if place.wish_is_patients else Reason.ASKED_BY_THERAPIST
        return outcome(steps_from(current, -1), Rule.THERAPIST_DOWN, asked)
    lower = _lower(state, inputs, rules)
    if lower is not None:
        return lower
    return _raise(state, inputs, rules)


def _plan(inputs: LoopInputs, rules: LadderRules) -> Proposal:
    """Walk towards the session's planned intensity, downward only, a level at a time."""
    place = inputs.place
    planned = place.planned_0to1 if place.planned_0to1 is not None else 0.0
    soon = place.since_lower_s is not None and place.since_lower_s < PLAN_STEP_S
    if planned >= place.current_0to1 or soon:
        return Proposal(place.current_0to1, Rule.SESSION_PLAN, (Reason.PLANNED,), rules.ramp_s)
    return Proposal(
        max(planned, steps_from(place.current_0to1, -1)), Rule.SESSION_PLAN, (Reason.PLANNED,), rules.ramp_s
    )


def _lower(state: LadderState, inputs: LoopInputs, rules: LadderRules) -> Proposal | None:
    place, rating = inputs.place, inputs.rating
    if place.since_lower_s is not None and place.since_lower_s < rules.dwell_down_s:
        return None
    current = place.current_0to1
    unused = rating.given_on_level and _rated_at_s(inputs) != state.acted_on_rating_s
    if unused and rating.suds is not None and current > 0.0:
        if rating.suds >= rules.down_two_at:
            return Proposal(steps_from(current, -2), Rule.LADDER_DOWN_TWO, (Reason.SUDS_VERY_HIGH,), rules.ramp_s)
        if rating.suds >= rules.down_one_at:
            return Proposal(steps_from(current, -1), Rule.LADDER_DOWN_ONE, (Reason.SUDS_HIGH,), rules.ramp_s)
    if state.raised_s >= rules.brake_s and current > 0.0:
        return Proposal(steps_from(current, -1), Rule.HR_BRAKE, (Reason.HR_SUSTAINED,), rules.ramp_s)
    return None


def _raise(state: LadderState, inputs: LoopInputs, rules: LadderRules) -> Proposal:
    place = inputs.place
    current = place.current_0to1
    asked = place.wish is Wish.UP
    why = _authority(inputs, rules)
    against: list[Reason] = []
    if place.held and not asked:
        against.append(Reason.HELD_BY_THERAPIST)
    if state.raised_s >= rules.veto_s:
        against.append(Reason.HR_VETO)
    if not asked and why in (Reason.WAITING_FOR_RATING, Reason.SUDS_IN_WINDOW, Reason.SUDS_HIGH):
        against.append(why)
    if asked and inputs.rating.suds is not None and inputs.rating.suds >= rules.down_one_at:
        against.append(Reason.SUDS_HIGH)
    if place.dwell_s < rules.dwell_up_s:
        against.append(Reason.DWELL_SHORT)
    if steps_from(current, 1) <= current:
        against.append(Reason.TOP_REACHED)
    if against:
        return Proposal(current, Rule.HOLD, tuple(against), rules.ramp_s)
    if asked:
        rule, reason = (
            (Rule.PATIENT_UP, Reason.ASKED_BY_PATIENT)
            if place.wish_is_patients
            else (Rule.THERAPIST_UP, Reason.ASKED_BY_THERAPIST)
        )
        return Proposal(steps_from(current, 1), rule, (reason,), rules.ramp_s)
    return Proposal(steps_from(current, 1), Rule.LADDER_UP, (why,), rules.ramp_s)


def _authority(inputs: LoopInputs, rules: LadderRules) -> Reason:
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
        return Reason.SUDS_LOW if rating.lows_in_a_row >= rules.lows_needed else Reason.WAITING_FOR_RATING
    return Reason.SUDS_IN_WINDOW
