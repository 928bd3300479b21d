"""What would have had to be different for a step up: each objection as a condition, with the figures of the moment."""

from __future__ import annotations

from collections.abc import Callable

from therapy.control import guard
from therapy.control.decision import Reason
from therapy.control.guard_rules import rule_id
from therapy.explaining import Explanation, Objection
from therapy.report.loop_words import REASONS
from therapy.report.phrases import NONE, level, number, signed
from therapy.report.words import PHASES

Need = Callable[[Explanation], str]


def need_in_words(objection: Objection, seen: Explanation) -> str:
    """One condition, with the guard's number for it where the guard asks for it."""
    made = NEEDS.get(objection.reason)
    words = made(seen) if made is not None else f"an end to this: {REASONS[objection.reason]}"
    number_ = rule_id(objection.reason) if objection.by_guard else None
    return words if number_ is None else f"{words} ({number_})"


def _rating(seen: Explanation) -> str:
    """What ratings would authorise a step up on this level."""
    steps, rating = seen.setup.protocol.steps, seen.decision.inputs.rating
    peak, calm_bpm = rating.peak_on_level, seen.setup.protocol.heart.brake_bpm / 2.0
    ways = [f"a rating below {steps.up_below_suds} on this level"]
    if steps.edge_below_suds > steps.up_below_suds:
        ways.append(f"two in a row below {steps.edge_below_suds} with heart rate under baseline {calm_bpm:+g} bpm")
    if peak is not None and peak >= steps.halved_from_peak:
        ways.append(f"at most half of the peak of {peak}")
    return f"{', or '.join(ways)} (now {number(rating.suds)})"


def _waiting(seen: Explanation) -> str:
    rating, steps = seen.decision.inputs.rating, seen.setup.protocol.steps
    if not rating.given_on_level:
        return f"a rating asked for on this level, below {steps.up_below_suds}"
    return f"{steps.lows_needed} ratings in a row below {steps.up_below_suds} (now {rating.lows_in_a_row})"


def _violated(seen: Explanation) -> str:
    rating = seen.decision.inputs.rating
    return (
        "what the patient fears here found less likely after the test "
        f"(before {number(rating.expectancy_before, 0, ' %')}, after {number(rating.expectancy_after, 0, ' %')})"
    )


def _calm_heart(seen: Explanation) -> str:
    bound_bpm = min(seen.setup.protocol.heart.brake_bpm, guard.VETO_BPM)
    now = signed(seen.decision.inputs.heart.delta_bpm)
    held = f" for {seen.raised_for_s:.0f} s" if seen.raised_for_s > 0.0 else ""
    return f"heart rate less than {bound_bpm:g} bpm over baseline (now {now} bpm{held})"


def _fresh_heart(seen: Explanation) -> str:
    age_s = seen.decision.inputs.heart.age_s
    return f"a heart rate not older than {guard.HR_FRESH_S:g} s (now {number(age_s, 0, ' s')})"


def _fresh_rating(seen: Explanation) -> str:
    age_s = seen.decision.inputs.rating.age_s
    now = "there is none" if age_s is None else f"now {age_s:.0f} s"
    return f"a rating not older than {guard.SUDS_FRESH_S:g} s ({now})"


def _rating_since_return(seen: Explanation) -> str:
    given = seen.decision.inputs.rating.suds is not None
    return "a new rating, asked for since the heart rate came back" if given else "a rating (there is none)"


def _above(what: str) -> Need:
    return lambda seen: f"{what} above level {level(seen.decision.before_0to1)}"


def _resume(seen: Explanation) -> str:
    return f"the therapist's resume, then a rating below {seen.setup.protocol.steps.down_one_at}"


def _tolerated(seen: Explanation) -> str:
    here, below = level(seen.decision.before_0to1), seen.setup.protocol.steps.down_one_at
    return f"level {here} tolerated: a rating below {below} asked for and given on it"


NEEDS: dict[Reason, Need] = {
    Reason.SUDS_IN_WINDOW: _rating,
    Reason.SUDS_HIGH: _rating,
    Reason.SUDS_VERY_HIGH: _rating,
    Reason.WAITING_FOR_RATING: _waiting,
    Reason.EXPECTATION_UNTESTED: lambda _: "the expectation tested on this level: asked before and after",
    Reason.EXPECTATION_HELD: _violated,
    Reason.DWELL_SHORT: lambda seen: (
        f"{seen.setup.protocol.steps.dwell_up_s:g} s on this level (now {seen.decision.inputs.place.dwell_s:.0f} s)"
    ),
    Reason.HR_VETO: _calm_heart,
    Reason.HR_SUSTAINED: _calm_heart,
    Reason.HELD_BY_THERAPIST: lambda _: "the therapist's hold lifted (go-on)",
    Reason.TOP_REACHED: lambda _: "a level above this one; there is none",
    Reason.NOT_GRADING: lambda seen: f"the exposure; no level changes in this part ({PHASES[seen.moment.phase]})",
    Reason.MANUAL: lambda _: "the therapist's own word (only the therapist changes levels)",
    Reason.STAGE_SUGGEST_ONLY: lambda _: "the therapist's own word (the automation only suggests)",
    Reason.STAGE_LOWER_ONLY: lambda _: "the therapist's own word (the automation only lowers)",
    Reason.SUDS_STALE: _fresh_rating,
    Reason.SUDS_AFTER_SIGNAL_LOSS_MISSING: _rating_since_return,
    Reason.HR_MISSING: lambda _: "a usable heart rate (now none)",
    Reason.HR_STALE: _fresh_heart,
    Reason.HR_LOST: _fresh_heart,
    Reason.HR_NOT_REQUALIFIED: lambda seen: (
        f"a heart rate valid for {guard.HR_QUALIFIED_S:g} s (now {seen.decision.inputs.heart.valid_for_s:.0f} s)"
    ),
    Reason.HR_TOO_FLAT: lambda _: "a heart rate that varies as hearts do",
    Reason.NO_BASELINE: lambda _: "a baseline of the heart rate, or ratings only",
    Reason.SENSOR_UNRELIABLE: lambda seen: (
        f"at most {guard.RECONNECTS_TOLERATED} reconnections of the strap in 10 min "
        f"(now {seen.decision.inputs.heart.reconnects_in_10_min})"
    ),
    Reason.PAUSED: lambda _: "an end of the pause (go-on)",
    Reason.FRAMES_LATE: lambda _: "a picture drawn in time",
    Reason.CLOCK_JUMPED: lambda _: "the therapist's resume after the clock jumped",
    Reason.NOT_FINITE: lambda _: "a rating between 0 and 100",
    Reason.RAISE_TOO_SOON: lambda seen: (
        f"{guard.RAISE_WINDOW_S:g} s since the last step up "
        f"(now {number(seen.decision.inputs.place.since_raise_s, 0, ' s')})"
    ),
    Reason.SICKNESS_RISING: lambda seen: (
        f"sickness risen by less than {guard.SICKNESS_RISE} (now {seen.decision.inputs.rating.fms_rise or NONE})"
    ),
    Reason.CEILING: _above("a ceiling of the therapist's"),
    Reason.PROTOCOL_LIMIT: _above("a top of the protocol"),
    Reason.PATIENT_LIMIT: _above("a limit for this patient"),
    Reason.NOT_TOLERATED_YET: _tolerated,
    Reason.HARD_LIMIT: lambda _: "a level above this one; there is none",
    Reason.LATCHED: _resume,
}
"""Conditions by the reason they lift; a reason that is not here is told by its words."""
