"""Codes of the loop in words: what a rule, a reason, a cause or a stage is called to people."""

from __future__ import annotations

from therapy.control.decision import Cause, Decision, Reason, Rule, Stage
from therapy.control.guard_rules import rule_id

RULES: dict[Rule, str] = {
    Rule.HOLD: "stayed on the level",
    Rule.LADDER_UP: "one level up on the patient's rating",
    Rule.LADDER_UP_HALF: "half a level up on the patient's rating",
    Rule.LADDER_DOWN_ONE: "one level down on the patient's rating",
    Rule.LADDER_DOWN_TWO: "two levels down on the patient's rating",
    Rule.LADDER_VARY: "another level, in varied order",
    Rule.HR_BRAKE: "one level down on raised heart rate",
    Rule.HR_WINDOW_UP: "one level up on a heart rate below its band",
    Rule.HR_WINDOW_DOWN: "one level down on a heart rate above its band",
    Rule.FUSED_UP: "one level up on ratings and heart rate together",
    Rule.FUSED_DOWN: "one level down on ratings and heart rate together",
    Rule.SCHEDULE: "one level up by the schedule",
    Rule.PACE: "another breathing pace",
    Rule.PUBLISHED_UP: "one level up by a published rule",
    Rule.PUBLISHED_DOWN: "one level down by a published rule",
    Rule.PUBLISHED_CALM: "calm scene by a published rule",
    Rule.SUGGESTED: "a change suggested to the therapist",
    Rule.THERAPIST_UP: "one level up, asked by the therapist",
    Rule.THERAPIST_DOWN: "one level down, asked by a person",
    Rule.PATIENT_UP: "one level up, asked by the patient",
    Rule.SESSION_PLAN: "stepping down as planned",
    Rule.RE_ENTRY: "back into the scene",
    Rule.GUARD_HOLD: "step up refused by the guard",
    Rule.GUARD_CAP: "limited by the guard",
    Rule.GUARD_STALE_DOWN: "one level down by the guard (no signal)",
    Rule.GUARD_HR_HIGH_DOWN: "one level down by the guard (high heart rate)",
    Rule.GUARD_SICKNESS_DOWN: "one level down by the guard (sickness)",
    Rule.GUARD_CALM: "calm scene",
}

REASONS: dict[Reason, str] = {
    Reason.SUDS_LOW: "rated below the level for a step up",
    Reason.SUDS_FAIRLY_LOW: "rated just below the level for a step up",
    Reason.SUDS_STEADY: "rated at the lower edge of the working range twice, heart rate calm",
    Reason.SUDS_HALVED: "rating fell to half of its peak on this level",
    Reason.SUDS_IN_WINDOW: "rating in the working range",
    Reason.SUDS_HIGH: "rated high",
    Reason.SUDS_VERY_HIGH: "rated very high",
    Reason.DWELL_SHORT: "not long enough on this level yet",
    Reason.HR_SUSTAINED: "heart rate raised over baseline for long",
    Reason.HR_VETO: "heart rate raised: no step up",
    Reason.WAITING_FOR_RATING: "waiting for a rating on this level",
    Reason.NOT_GRADING: "levels do not change in this part of the session",
    Reason.HELD_BY_THERAPIST: "held by the therapist",
    Reason.ASKED_BY_THERAPIST: "asked by the therapist",
    Reason.ASKED_BY_PATIENT: "asked by the patient",
    Reason.TOP_REACHED: "highest level reached",
    Reason.PLANNED: "end of the exposure",
    Reason.PLANNED_START: "where the protocol begins",
    Reason.EXPECTATION_UNTESTED: "what the patient expects on this level was not tested yet",
    Reason.EXPECTATION_HELD: "the patient still expects on this level what they feared",
    Reason.EXPECTATION_VIOLATED: "what the patient feared on this level did not happen",
    Reason.VARIED_ORDER: "the highest level was reached once: the order varies",
    Reason.HR_BELOW_BAND: "heart rate below its band",
    Reason.HR_IN_BAND: "heart rate in its band",
    Reason.HR_ABOVE_BAND: "heart rate above its band",
    Reason.HR_STABLE: "heart rate steady",
    Reason.HR_UNKNOWN: "heart rate unknown",
    Reason.ESTIMATE_LOW: "estimated distress low",
    Reason.ESTIMATE_IN_WINDOW: "estimated distress in the working range",
    Reason.ESTIMATE_HIGH: "estimated distress high",
    Reason.ESTIMATE_UNCERTAIN: "estimated distress too uncertain",
    Reason.SCHEDULED: "due by the schedule",
    Reason.MANUAL: "only the therapist changes levels",
    Reason.NOT_ENABLED: "heart rate may not move levels for this patient",
    Reason.PACE_SEARCH: "trying a breathing pace",
    Reason.PACE_FOUND: "the pace with the largest rhythm",
    Reason.PACE_LED: "the pace leads the breath",
    Reason.PLAY_GOES_ON: "the play goes on",
    Reason.PLAY_QUICKER: "many hits a minute: the play goes quicker",
    Reason.PLAY_SLOWER: "few hits a minute: the play goes slower",
    Reason.PLAY_ENDS: "the play comes to rest before its end",
    Reason.PACE_EASED: "the pace comes nearer to the breath",
    Reason.STAGE_SUGGEST_ONLY: "the automation only suggests for this patient",
    Reason.STAGE_LOWER_ONLY: "the automation may only lower for this patient",
    Reason.SUDS_STALE: "no rating in the last two minutes",
    Reason.SUDS_AFTER_SIGNAL_LOSS_MISSING: "no rating yet since the heart rate came back",
    Reason.HR_MISSING: "no usable heart rate",
    Reason.HR_STALE: "heart rate older than 3 s",
    Reason.HR_LOST: "heart rate lost",
    Reason.HR_NOT_REQUALIFIED: "heart rate not yet valid for 30 s",
    Reason.HR_TOO_FLAT: "heart rate suspiciously constant",
    Reason.NO_BASELINE: "no baseline",
    Reason.PAUSED: "paused",
    Reason.HEADSET_OFF: "headset taken off",
    Reason.TRACKING_LOST: "head tracking lost",
    Reason.FRAMES_LATE: "picture too slow",
    Reason.RAISE_TOO_SOON: "less than 45 s since the last step up",
    Reason.RAISE_TOO_LARGE: "step larger than one level",
    Reason.CEILING: "the therapist's ceiling",
    Reason.PROTOCOL_LIMIT: "the protocol's highest level",
    Reason.PATIENT_LIMIT: "the limit set for this patient",
    Reason.NOT_TOLERATED_YET: "one level above what this patient has tolerated",
    Reason.HARD_LIMIT: "the highest level there is",
    Reason.HR_NEAR_MAXIMUM: "heart rate near the maximum for this age",
    Reason.HR_FAR_ABOVE_BASELINE: "heart rate far above baseline",
    Reason.HR_ABOVE_BASELINE: "heart rate well above baseline",
    Reason.HR_FAR_BELOW_BASELINE: "heart rate far below baseline: check for fainting",
    Reason.SUDS_EXTREME: "rated extreme",
    Reason.PATIENT_STOPPED: "the patient stopped",
    Reason.THERAPIST_STOPPED: "the therapist called the calm scene",
    Reason.PROMPTS_MISSED: "two questions missed in a row",
    Reason.SICKNESS: "sickness",
    Reason.SICKNESS_RISING: "sickness rose by 5 or more",
    Reason.EXCEPTION: "fault in the program",
    Reason.WATCHDOG_MISSED: "the program stalled for more than a second",
    Reason.PLAYER_LOST: "the display's program did not answer",
    Reason.PLAYER_LATCHED: "the display went to the calm scene by itself",
    Reason.PLAYER_MISMATCH: "the display did not show what was commanded",
    Reason.STORE_FAILED: "the record could not be written",
    Reason.BEATS_REPEATED: "the strap sent the same beats again",
    Reason.SENSOR_UNRELIABLE: "the strap kept losing its connection",
    Reason.CLOCK_JUMPED: "the clock jumped",
    Reason.NOT_FINITE: "an impossible number",
    Reason.LATCHED: "waiting for the therapist",
}

CAUSES: dict[Cause, str] = {
    Cause.TICK: "clock",
    Cause.HEART_RATE: "heart rate",
    Cause.SENSOR: "strap",
    Cause.RATING: "rating",
    Cause.MOVEMENT: "movement",
    Cause.STOP: "stop",
    Cause.THERAPIST: "therapist",
    Cause.PLAYER: "display",
    Cause.FAULT: "fault",
}

STAGES: dict[Stage, str] = {
    Stage.SUGGEST_ONLY: "suggests only",
    Stage.LOWER_ONLY: "lowers, suggests raises",
    Stage.BOUNDED_RAISE: "raises and lowers within the guard",
}


def reasons_in_words(reasons: tuple[Reason, ...]) -> str:
    """Reasons as one phrase, the most limiting first."""
    return "; ".join(REASONS[reason] for reason in reasons)


def numbered(reason: Reason) -> str:
    """A reason in words, with the guard's number for it where it is the guard's."""
    number = rule_id(reason)
    return REASONS[reason] if number is None else f"{REASONS[reason]} ({number})"


def limiting_first(decision: Decision) -> tuple[Reason, ...]:
    """A decision's reasons with the one that bound in front."""
    others = tuple(one for one in decision.reasons if one is not decision.limiting)
    return others if decision.limiting is None else (decision.limiting, *others)


def why_in_words(decision: Decision) -> str:
    """A decision's reasons, the one that bound first and with the guard's number."""
    found = limiting_first(decision)
    if decision.limiting is None:
        return reasons_in_words(found)
    return "; ".join([numbered(found[0]), *(REASONS[one] for one in found[1:])])
