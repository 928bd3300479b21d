"""An explanation for people: the second in one line, then what was known, proposed, applied, and what stood against."""

from __future__ import annotations

from therapy.control.decision import Decision, HeartView, Limits, LoopInputs, RatingView, Reason
from therapy.control.limits import TINY
from therapy.explaining import Explanation
from therapy.report.loop_words import REASONS, RULES, STAGES, limiting_first, numbered, reasons_in_words
from therapy.report.needs import need_in_words
from therapy.report.phrases import NONE, clock, lasting, level, number, quality_in_words, signed
from therapy.report.words import PHASES

Line = tuple[str, str]
_OF_HEART_RATE = (Reason.HR_SUSTAINED, Reason.HR_VETO)


def headline(decision: Decision, raised_for_s: float | None = None) -> str:
    """A decision in one line: what became of the level, the rule, why, and the rating and ceiling that stood then."""
    suds, limits = decision.inputs.rating.suds, decision.inputs.limits
    why = "; ".join(_reason(one, decision, raised_for_s) for one in limiting_first(decision))
    parts = (
        f"{_outcome(decision)}, rule {decision.rule.value}: {why}" if why else f"{_outcome(decision)}, no rule",
        "no rating" if suds is None else f"SUDS {suds}",
        f"ceiling {level(limits.therapist_0to1)}",
    )
    return "; ".join(parts)


def explanation_lines(seen: Explanation) -> list[Line]:
    """What was known, proposed and applied, as (name, words); a name stands only before the first of its lines."""
    decision, inputs = seen.decision, seen.decision.inputs
    lines = [
        ("Heart rate", heart_in_words(inputs)),
        ("Rating", rating_in_words(inputs.rating)),
        ("Place", _place(seen)),
        ("Limits", f"at most level {level(seen.allowed.at_most_0to1)}: {numbered(seen.allowed.limiting)}"),
        ("", _ceilings(inputs.limits)),
        ("Stage", STAGES[inputs.stage]),
        ("Proposed", _proposed(seen)),
        ("Applied", _applied(decision)),
        ("Limited by", NONE if decision.limiting is None else numbered(decision.limiting)),
    ]
    needs = [need_in_words(one, seen) for one in seen.objections] or ["nothing stood against it"]
    lines += [("Step up needs" if number_ == 0 else "", need) for number_, need in enumerate(needs)]
    lines += [("Change before", _change(seen.previous)), ("Change after", _change(seen.following))]
    return lines


def heart_in_words(inputs: LoopInputs) -> str:
    """The heart rate with quality, age, baseline, difference and the part that movement explains."""
    heart = inputs.heart
    only = "; ratings only: not needed" if inputs.suds_only else ""
    if heart.hr10_bpm is None:
        last = "never read" if heart.age_s is None else f"last read {heart.age_s:.1f} s ago"
        return f"none usable, {last}{only}"
    quality = f"{quality_in_words(heart.quality_0to1)} {heart.quality_0to1 * 100:.0f} %"
    told = [
        f"{heart.hr10_bpm:.0f} bpm ({quality}, {number(heart.age_s, 1, ' s')} old)",
        _difference(heart),
        f"valid for {lasting(heart.valid_for_s)}{', suspiciously constant' if heart.is_flat else ''}{only}",
    ]
    return "; ".join(told)


def rating_in_words(rating: RatingView) -> str:
    """The newest rating with its age and level, and what else was answered or missed."""
    told = ["none yet"]
    if rating.suds is not None:
        where = "on this level" if rating.given_on_level else "not asked on this level"
        peak = f", peak {rating.peak_on_level}" if rating.given_on_level and rating.peak_on_level is not None else ""
        told = [f"SUDS {rating.suds}, {number(rating.age_s, 0, ' s')} old, {where}{peak}"]
    if rating.missed_in_a_row:
        told.append(f"{rating.missed_in_a_row} missed in a row")
    if rating.fms is not None:
        told.append(f"sickness {rating.fms} of 20 (rise {signed(rating.fms_rise)})")
    if rating.expectancy_before is not None:
        told.append(f"expected {rating.expectancy_before} % → {number(rating.expectancy_after, 0, ' %')}")
    return "; ".join(told)


def _difference(heart: HeartView) -> str:
    baseline = "no baseline"
    if heart.baseline_bpm is not None:
        baseline = f"baseline {heart.baseline_bpm:.0f} ± {number(heart.baseline_spread_bpm)}"
    if heart.delta_bpm is None:
        return f"{baseline}, no difference used"
    return f"{baseline}, {signed(heart.delta_bpm)} bpm, {_movement(heart)}"


def _movement(heart: HeartView) -> str:
    if heart.movement_bpm is None:
        return "not movement-corrected"
    beyond = ", beyond what was calibrated" if heart.moved_beyond else ""
    return f"movement-corrected by {signed(-heart.movement_bpm)}{beyond}"


def _place(seen: Explanation) -> str:
    place = seen.decision.inputs.place
    told = [PHASES[seen.moment.phase], f"level {level(seen.decision.before_0to1)}"]
    if place.dwell_s > 0.0:
        told[-1] += f" for {lasting(place.dwell_s)}"
    told += [words for so, words in (
        (seen.decision.calm, "calm scene held"), (place.paused, "paused"), (place.held, "held by the therapist"),
        (place.wish is not None, f"wish: {place.wish}"), (place.reentry_0to1 is not None, "going back in"),
        (not place.head_worn, "headset off"), (not place.frames_in_budget, "picture too slow")) if so]  # fmt: skip
    return "; ".join(told)


def _ceilings(limits: Limits) -> str:
    return (
        f"ceiling {level(limits.therapist_0to1)}, protocol {level(limits.protocol_0to1)}, "
        f"patient {level(limits.patient_0to1)}, next after the tolerated {level(limits.next_0to1)}"
    )


def _pace(pace_per_min: float | None, inputs: LoopInputs) -> str:
    if pace_per_min is None:
        return ""
    return f", {pace_per_min:.1f} {'breaths' if inputs.play.hits is None else 'metres'} a minute"


def _proposed(seen: Explanation) -> str:
    proposal = seen.proposal
    why = f" ({reasons_in_words(proposal.reasons)})" if proposal.reasons else ""
    pace = _pace(proposal.pace_per_min, seen.decision.inputs)
    return f"level {level(proposal.intensity_0to1)}{pace}: {RULES[proposal.rule]}{why}"


def _applied(decision: Decision) -> str:
    if decision.calm:
        return f"calm scene, held until the therapist resumes, over {decision.ramp_s:g} s"
    moved = abs(decision.applied_0to1 - decision.before_0to1) > TINY
    told = f"level {level(decision.applied_0to1)}{f', over {decision.ramp_s:g} s' if moved else ''}"
    pace = _pace(decision.pace_per_min, decision.inputs)
    left = decision.suggested_0to1
    return f"{told}{pace}{'' if left is None else f'; level {level(left)} suggested to the therapist'}"


def _change(decision: Decision | None) -> str:
    return NONE if decision is None else f"{clock(decision.t_s)}  {headline(decision)}"


def _outcome(decision: Decision) -> str:
    before, after = level(decision.before_0to1), level(decision.applied_0to1)
    if decision.calm:
        return f"calm scene (from level {before})" if before != after else "calm scene held"
    return f"level {before} held" if before == after else f"level {before} → {after}"


def _reason(reason: Reason, decision: Decision, raised_for_s: float | None) -> str:
    """A reason with its figures where heart rate is the reason, with the guard's number where it bound."""
    heart = decision.inputs.heart
    if reason in _OF_HEART_RATE and heart.delta_bpm is not None:
        held = "" if raised_for_s is None else f" for {raised_for_s:.0f} s"
        corrected = "not movement-corrected" if heart.movement_bpm is None else "movement-corrected"
        return f"{signed(heart.delta_bpm)} bpm{held}, {corrected}"
    return numbered(reason) if reason is decision.limiting else REASONS[reason]
