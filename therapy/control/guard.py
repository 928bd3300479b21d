"""The guard: what no policy, protocol or wish can pass.  Independent of the policies; imports none of them.

The six rules of the CLINICAL basis, section 6, at every step.  Intensity downward is never
limited.  All figures are engineering defaults [D] unless marked otherwise there; `guard_rules` numbers the rules.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import compress

from therapy.control.decision import Decision, HeartView, LoopInputs, Proposal, Reason, Rule
from therapy.control.finite import all_finite, without_numbers
from therapy.control.guard_rules import STOPS
from therapy.control.limits import TINY, bounded_pace_per_min, cap
from therapy.frozen import changed, made, quick

RAISE_LIMIT_0TO1 = 0.1
RAISE_WINDOW_S = 45.0
SUDS_FRESH_S = 120.0
HR_FRESH_S = 3.0
HR_LOST_S = 15.0
HR_GONE_S = 60.0
GONE_STEP_S = 15.0
HR_QUALIFIED_S = 30.0
SAFETY_HOLD_S = 10.0
STEP_DOWN_EVERY_S = 20.0
MAXIMUM_HR_SHARE = 0.85
FAR_ABOVE_SHARE = 0.60
ABOVE_SHARE = 0.40
FAR_BELOW_BPM = 20.0
VETO_BPM = 15.0
VETO_S = 30.0
SUDS_CALM_AT = 95
SICKNESS_CALM_AT = 10
SICKNESS_RISE = 5
MISSED_PROMPTS = 2
RECONNECTS_TOLERATED = 6
LEVEL_0TO1 = 0.1
LONGEST_TICK_S = 1.0
CALM_RAMP_S = 1.0


@quick
@dataclass(frozen=True, slots=True)
class GuardState:
    """What the guard remembers.

    `raises` are (time, amount) of the newest raises; the `*_s` counters count seconds for which a
    condition has held; `latched_from_0to1` is the intensity at which the calm scene was called.
    """

    t_s: float | None = None
    latched: tuple[Reason, ...] = ()
    latched_from_0to1: float = 0.0
    raises: tuple[tuple[float, float], ...] = ()
    near_maximum_s: float = 0.0
    far_above_s: float = 0.0
    above_s: float = 0.0
    far_below_s: float = 0.0
    veto_s: float = 0.0
    stepped_down_s: float | None = None
    sickness_acted_on: int | None = None


def step(state: GuardState, inputs: LoopInputs, proposal: Proposal) -> tuple[GuardState, Decision]:
    """Judge a proposal: what is applied never exceeds it, nor what the rules allow.

    A proposal that is not a finite number counts as "stay"; inputs that are not finite count as missing.
    """
    inputs = inputs if all_finite(inputs) else without_numbers(inputs)
    state = _count(state, inputs)
    stops = state.latched or _stops(state, inputs)
    if stops:
        return _calm(state, inputs, proposal, stops)
    before = inputs.place.current_0to1
    wanted = proposal.intensity_0to1 if math.isfinite(proposal.intensity_0to1) else before
    wanted = min(max(wanted, 0.0), 1.0)
    lowered = _forced_down(state, inputs)
    if lowered is not None and lowered[0] <= wanted:
        applied, rule, reason = lowered
        state = changed(state, stepped_down_s=inputs.t_s, sickness_acted_on=inputs.rating.fms)
        return state, _decision(inputs, proposal, applied, rule, (reason,), limiting=reason)
    allowed = cap(inputs.limits)
    if min(wanted, before) > allowed.at_most_0to1 + TINY:
        limiting = allowed.limiting
        return state, _decision(inputs, proposal, allowed.at_most_0to1, Rule.GUARD_CAP, (limiting,), limiting=limiting)
    rises = wanted > before + TINY
    if (rises or proposal.rule is Rule.RE_ENTRY) and (objections := raise_objections(state, inputs)):
        held = min(wanted, before)
        return state, _decision(inputs, proposal, held, Rule.GUARD_HOLD, objections, limiting=objections[0])
    if not rises:
        return state, _decision(inputs, proposal, wanted, proposal.rule, proposal.reasons)
    return _rise(state, inputs, proposal, wanted)


def release(state: GuardState) -> GuardState:
    """Lift the latch; only ever called for a therapist's resume.  Where the patient was is kept."""
    return changed(state, latched=(), near_maximum_s=0.0, far_above_s=0.0, far_below_s=0.0)


def admit(state: GuardState, level_0to1: float) -> GuardState:
    """Allow a re-entry to at most `level_0to1`, for the first entry of a session that starts above level 0."""
    return changed(state, latched_from_0to1=level_0to1 + LEVEL_0TO1)


def raise_objections(state: GuardState, inputs: LoopInputs) -> tuple[Reason, ...]:
    """Every reason against a raise at this moment, most limiting first (rules 1, 2 and 6)."""
    inputs = inputs if all_finite(inputs) else without_numbers(inputs)
    heart, rating, place = inputs.heart, inputs.rating, inputs.place
    against: list[Reason] = []

    def if_so(condition: bool, reason: Reason) -> None:
        if condition:
            against.append(reason)

    if_so(not inputs.place.clock_ok, Reason.CLOCK_JUMPED)
    if_so(place.paused, Reason.PAUSED)
    if_so(not place.grading, Reason.NOT_GRADING)
    if not inputs.suds_only:
        against.extend(_heart_objections(state, heart))
        if_so(not rating.since_signal_return, Reason.SUDS_AFTER_SIGNAL_LOSS_MISSING)
    if_so(rating.suds is None or rating.age_s is None or not 0.0 <= rating.age_s <= SUDS_FRESH_S, Reason.SUDS_STALE)
    if_so(rating.suds is not None and not 0 <= rating.suds <= 100, Reason.NOT_FINITE)
    if_so(not place.frames_in_budget, Reason.FRAMES_LATE)
    if_so(rating.fms_rise is not None and rating.fms_rise >= SICKNESS_RISE, Reason.SICKNESS_RISING)
    return tuple(against)


def _heart_objections(state: GuardState, heart: HeartView) -> list[Reason]:
    against: list[Reason] = []
    if heart.age_s is None or heart.age_s < 0.0 or (heart.hr10_bpm is None and heart.age_s <= HR_FRESH_S):
        against.append(Reason.HR_MISSING)
    elif heart.age_s > HR_LOST_S:
        against.append(Reason.HR_LOST)
    elif heart.age_s > HR_FRESH_S:
        against.append(Reason.HR_STALE)
    elif heart.valid_for_s < HR_QUALIFIED_S:
        against.append(Reason.HR_NOT_REQUALIFIED)
    if heart.baseline_bpm is None:
        against.append(Reason.NO_BASELINE)
    if heart.is_flat:
        against.append(Reason.HR_TOO_FLAT)
    if heart.repeats:
        against.append(Reason.BEATS_REPEATED)
    if heart.reconnects_in_10_min > RECONNECTS_TOLERATED:
        against.append(Reason.SENSOR_UNRELIABLE)
    if state.veto_s >= VETO_S:
        against.append(Reason.HR_VETO)
    return against


def _rise(state: GuardState, inputs: LoopInputs, proposal: Proposal, wanted: float) -> tuple[GuardState, Decision]:
    """How far a raise goes against which nothing stands."""
    before = inputs.place.current_0to1
    allowed = cap(inputs.limits)
    if proposal.rule is Rule.RE_ENTRY and inputs.place.reentry_0to1 is not None:
        highest = state.latched_from_0to1 - LEVEL_0TO1
        state = changed(state, raises=((inputs.t_s, RAISE_LIMIT_0TO1),), latched_from_0to1=0.0)
        return state, _raised(inputs, proposal, min(wanted, highest), allowed.at_most_0to1, allowed.limiting)
    recent = tuple(one for one in state.raises if inputs.t_s - one[0] < RAISE_WINDOW_S)
    room = RAISE_LIMIT_0TO1
    for _, amount in recent:  # the built-in sum rounds differently from one Python to the next
        room -= amount
    too_fast = Reason.RAISE_TOO_LARGE if room > TINY else Reason.RAISE_TOO_SOON
    allowed = allowed.narrowed(before + room, too_fast)
    decision = _raised(inputs, proposal, wanted, allowed.at_most_0to1, allowed.limiting)
    rise = decision.applied_0to1 - before
    return (changed(state, raises=(*recent, (inputs.t_s, rise))) if rise > TINY else state), decision


def _raised(inputs: LoopInputs, proposal: Proposal, wanted: float, at_most: float, limiting: Reason) -> Decision:
    """A raise to `wanted`, as far as the bound allows; never below where the patient is."""
    before = inputs.place.current_0to1
    applied = max(min(wanted, at_most), before)
    if applied >= wanted - TINY or proposal.rule is Rule.RE_ENTRY:
        bound = limiting if applied < proposal.intensity_0to1 - TINY and at_most <= applied + TINY else None
        reasons = proposal.reasons if bound is None else (bound, *proposal.reasons)
        return _decision(inputs, proposal, applied, proposal.rule, reasons, limiting=bound)
    if applied <= before + TINY:
        return _decision(inputs, proposal, before, Rule.GUARD_HOLD, (limiting,), limiting=limiting)
    return _decision(inputs, proposal, applied, Rule.GUARD_CAP, (limiting, *proposal.reasons), limiting=limiting)


def _count(state: GuardState, inputs: LoopInputs) -> GuardState:
    """Bring every counter up to this moment; a missing heart rate neither adds nor clears."""
    passed_s = 0.0 if state.t_s is None else min(max(inputs.t_s - state.t_s, 0.0), LONGEST_TICK_S)
    heart = inputs.heart
    climbing = inputs.place.grading and inputs.place.reentry_0to1 is None and not state.latched
    veto_s, near_maximum_s = state.veto_s, state.near_maximum_s
    far_above_s, above_s, far_below_s = state.far_above_s, state.above_s, state.far_below_s
    if heart.delta_bpm is not None:
        veto_s = _held(veto_s, heart.delta_bpm >= VETO_BPM, passed_s)
    hr5_bpm, base_bpm = heart.hr5_bpm, heart.baseline_bpm
    if hr5_bpm is not None:
        maximum_bpm = MAXIMUM_HR_SHARE * (208.0 - 0.7 * inputs.age_years)
        near_maximum_s = _held(near_maximum_s, hr5_bpm >= maximum_bpm, passed_s)
        if base_bpm is not None:
            far_bpm, above_bpm = base_bpm * (1.0 + FAR_ABOVE_SHARE), base_bpm * (1.0 + ABOVE_SHARE)
            far_above_s = _held(far_above_s, hr5_bpm >= far_bpm, passed_s)
            above_s = _held(above_s, hr5_bpm >= above_bpm, passed_s)
            far_below_s = _held(far_below_s, hr5_bpm <= base_bpm - FAR_BELOW_BPM, passed_s)
    return made(GuardState)(
        t_s=inputs.t_s,
        latched=state.latched,
        latched_from_0to1=0.0 if climbing else state.latched_from_0to1,
        raises=state.raises,
        near_maximum_s=near_maximum_s,
        far_above_s=far_above_s,
        above_s=above_s,
        far_below_s=far_below_s,
        veto_s=veto_s,
        stepped_down_s=state.stepped_down_s,
        sickness_acted_on=state.sickness_acted_on,
    )


def _held(held_s: float, condition: bool, passed_s: float) -> float:
    return held_s + passed_s if condition else 0.0


def _stops(state: GuardState, inputs: LoopInputs) -> tuple[Reason, ...]:
    """Rules 3 and 4: every reason to go to the calm scene now, most urgent first."""
    place, rating = inputs.place, inputs.rating
    fms = rating.fms
    calm_at = min(SUDS_CALM_AT, inputs.limits.suds_calm_at)
    holds = (
        place.patient_stopped,
        place.therapist_stopped,
        not place.loop_ok,
        not place.store_ok,
        not place.watchdog_ok,
        not place.player_present,
        not place.player_matches,
        place.player_latched,
        not place.head_worn,
        not place.head_tracked,
        state.near_maximum_s >= SAFETY_HOLD_S,
        state.far_above_s >= SAFETY_HOLD_S,
        state.far_below_s >= SAFETY_HOLD_S,
        rating.suds is not None and rating.suds >= calm_at and rating.is_new,
        rating.missed_in_a_row >= MISSED_PROMPTS,
        fms is not None and fms >= SICKNESS_CALM_AT,
    )
    return tuple(compress(STOPS, holds))


def _forced_down(state: GuardState, inputs: LoopInputs) -> tuple[float, Rule, Reason] | None:
    """Rules 2 to 4: a level down for a heart rate that stays away or is far above baseline, or for rising sickness."""
    heart, before = inputs.heart, inputs.place.current_0to1
    if before <= 0.0 or not inputs.place.grading:
        return None
    lower = max(round(before - LEVEL_0TO1, 9), 0.0)
    since_s = math.inf if state.stepped_down_s is None else inputs.t_s - state.stepped_down_s
    if state.above_s >= SAFETY_HOLD_S and since_s >= STEP_DOWN_EVERY_S:
        return lower, Rule.GUARD_HR_HIGH_DOWN, Reason.HR_ABOVE_BASELINE
    rise, fms = inputs.rating.fms_rise, inputs.rating.fms
    if rise is not None and rise >= SICKNESS_RISE and fms != state.sickness_acted_on:
        return lower, Rule.GUARD_SICKNESS_DOWN, Reason.SICKNESS_RISING
    away = heart.age_s is not None and heart.age_s > HR_GONE_S
    if away and not inputs.suds_only and since_s >= GONE_STEP_S:
        return lower, Rule.GUARD_STALE_DOWN, Reason.HR_LOST
    return None


def _calm(
    state: GuardState, inputs: LoopInputs, proposal: Proposal, reasons: tuple[Reason, ...]
) -> tuple[GuardState, Decision]:
    if not state.latched:
        state = changed(state, latched=reasons, latched_from_0to1=inputs.place.current_0to1)
    decision = _decision(inputs, proposal, 0.0, Rule.GUARD_CALM, state.latched, limiting=state.latched[0])
    return state, changed(decision, calm=True, latched=True, ramp_s=CALM_RAMP_S, pace_per_min=None)


def _decision(
    inputs: LoopInputs,
    proposal: Proposal,
    applied: float,
    rule: Rule,
    reasons: tuple[Reason, ...],
    *,
    limiting: Reason | None = None,
) -> Decision:
    return made(Decision)(
        t_s=inputs.t_s,
        cause=inputs.cause,
        rule=rule,
        reasons=reasons,
        before_0to1=inputs.place.current_0to1,
        proposed_0to1=proposal.intensity_0to1 if math.isfinite(proposal.intensity_0to1) else -1.0,
        applied_0to1=applied,
        ramp_s=proposal.ramp_s if math.isfinite(proposal.ramp_s) and proposal.ramp_s >= CALM_RAMP_S else CALM_RAMP_S,
        calm=False,
        latched=False,
        policy_rule=proposal.rule,
        inputs=inputs,
        limiting=limiting,
        pace_per_min=bounded_pace_per_min(inputs, proposal),
    )
