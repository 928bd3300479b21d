"""The patient's page: one page, plain words, nothing a patient could misread as a mark or a verdict."""

from __future__ import annotations

from therapy.control.decision import Rule
from therapy.report import figures
from therapy.report.facts import SessionFacts
from therapy.report.html import Markup, join, tag
from therapy.report.marks import changes
from therapy.report.phrases import when
from therapy.session.events import Phase, Stopped

_ENDINGS = {
    "stopped-by-patient": "You stopped the session yourself. That is what the stop is for.",
    "stopped-by-therapist": "Your therapist ended the session early. That happens, and it is nothing you did wrong.",
    "interrupted": "The session ended early because the program ended. That was nothing you did.",
    "safety-stop": "The program ended the demanding part early, to be on the safe side.",
}
_EASIER = (
    ("when you rated high", {Rule.LADDER_DOWN_ONE, Rule.LADDER_DOWN_TWO}),
    ("when your pulse stayed high", {Rule.HR_BRAKE, Rule.GUARD_HR_HIGH_DOWN}),
    ("when it could not read your pulse", {Rule.GUARD_STALE_DOWN}),
    ("when you or your therapist asked", {Rule.THERAPIST_DOWN}),
    ("when a limit was lowered", {Rule.GUARD_CAP}),
    ("step by step towards the end", {Rule.SESSION_PLAN}),
)


def patient_page(facts_: SessionFacts) -> Markup:
    """The last page, to hand out."""
    paragraphs = [_duration(facts_), _highest(facts_), _distress(facts_), _expectation(facts_), *_endings(facts_)]
    return tag(
        "section",
        tag("h2", "Your session"),
        tag("p", f"{when(facts_.record.started)}. Code {facts_.record.patient_code}.", class_="note"),
        tag("p", tag("strong", "This session was a simulation."), class_="simulated")
        if facts_.record.simulated
        else None,
        tag("h3", "What you did"),
        *(tag("p", words) for words in paragraphs if words),
        tag("h3", "What the program did"),
        tag("p", _program(facts_)),
        tag("h3", "What you learnt"),
        _lines(3),
        tag("h3", "What we agreed for the time until next session"),
        _lines(3),
        tag(
            "p",
            "Being tense in such a session is expected, and one session says little: practice over time is what "
            "helps. If anything worries you afterwards, tell your therapist. This is research software, used by your "
            "therapist; it is not a cleared medical device.",
            class_="honesty",
        ),
        class_="patient",
    )


def _duration(facts_: SessionFacts) -> str:
    exposure_s = sum(span.duration_s for span in facts_.exposure)
    if exposure_s <= 0.0:
        return f"You took part for {_minutes(facts_.end_s)}. The demanding part was not begun this time."
    return f"You took part for {_minutes(facts_.end_s)}, {_minutes(exposure_s)} of it in the demanding part."


def _minutes(seconds: float) -> str:
    minutes = round(seconds / 60.0)
    if minutes < 1:
        return "less than a minute"
    return "one minute" if minutes == 1 else f"{minutes} minutes"


def _highest(facts_: SessionFacts) -> str:
    held = figures.highest_held(facts_)
    if held is None:
        return ""
    words = facts_.level_words(held)
    place = f": {words[0].lower()}{words[1:]}" if words else ""
    return f"The highest level you stayed on was level {held} of 10{place}."


def _distress(facts_: SessionFacts) -> Markup | None:
    rated = figures.suds_of(facts_)
    if not rated:
        return None
    peak, last = max(row.what.answer for row in rated), rated[-1].what.answer
    if len(rated) == 1:
        return join([f"You rated your distress once, at {last} of 100."])
    sentence = f"On the way your distress was highest at {peak} of 100. Your last rating there was {last}."
    after = figures.suds_of(facts_, exposure_only=False)[-1]
    if after.t_s > rated[-1].t_s:
        sentence += f" At the end, back in the calm place, you said {after.what.answer}."
    return join([sentence])


def _expectation(facts_: SessionFacts) -> str:
    before = figures.last_answer(facts_, "expectancy-before")
    after = figures.last_answer(facts_, "expectancy-after")
    if before is None or after is None:
        return ""
    return (
        f"Before, you thought that what you fear was {before} % likely. "
        f"Afterwards you said it would have been {after} % likely."
    )


def _endings(facts_: SessionFacts) -> list[str]:
    """What became of a session that was stopped or ended early; nothing in it is anyone's fault."""
    outcome = facts_.record.outcome
    sentences = []
    if outcome != "stopped-by-patient" and _used_stop(facts_):
        sentences.append("You used the stop on the way. That is what it is for.")
    if outcome in _ENDINGS:
        sentences.append(_ENDINGS[outcome])
    return sentences


def _used_stop(facts_: SessionFacts) -> bool:
    """Whether the patient stopped in earnest: not in the rehearsal and not after the end."""
    parts = [span for phase, span in facts_.phases if phase not in {Phase.REHEARSAL, Phase.REVIEW}]
    stops = [row.t_s for row in facts_.journal if isinstance(row.what, Stopped)]
    return any(span.from_s <= at_s < span.to_s for at_s in stops for span in parts)


def _program(facts_: SessionFacts) -> str:
    """What the loop did in this session, and nothing that it did not do."""
    did = ["asked you how you felt"] if facts_.ratings else []
    did += ["read your pulse"] if facts_.beats else []
    sentences = [f"It {' and '.join(did)}."] if did else []
    changed = [row.what for row in changes(facts_)]
    steps = [decision for decision in changed if not decision.calm and decision.rule is not Rule.RE_ENTRY]
    if any(step.applied_0to1 > step.before_0to1 for step in steps):
        sentences.append(
            "It made the place more demanding only when your own answers allowed it or when you or your therapist "
            "asked, and never above the limit your therapist had set."
        )
    rules = {step.rule for step in steps if step.applied_0to1 < step.before_0to1}
    causes = [words for words, downs in _EASIER if rules & downs]
    if causes:
        sentences.append(f"It made the place easier {_listed(causes)}.")
    if any(decision.calm for decision in changed):
        sentences.append("It went to the calm place when a stop or a safety rule called for it.")
    if not changed:
        sentences.append("It did not make the place more demanding or easier.")
    return " ".join(sentences)


def _listed(causes: list[str]) -> str:
    """Several phrases as people list them."""
    *most, last = causes
    return f"{', '.join(most)} and {last}" if most else last


def _lines(count: int) -> Markup:
    """Room to write by hand."""
    return tag("div", *(tag("div", class_="line") for _ in range(count)), class_="lines", aria_hidden="true")
