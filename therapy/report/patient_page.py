"""The patient's page: one page, plain words, nothing a patient could misread as a mark or a verdict."""

from __future__ import annotations

from therapy.report import figures
from therapy.report.facts import SessionFacts
from therapy.report.html import Markup, join, tag
from therapy.report.phrases import when


def patient_page(facts_: SessionFacts) -> Markup:
    """The last page, to hand out."""
    paragraphs = [_duration(facts_), _highest(facts_), _distress(facts_), _expectation(facts_), _stops(facts_)]
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
        tag(
            "p",
            "It asked you how you felt and read your pulse. It made the place more demanding only when your own "
            "answers allowed it or when you or your therapist asked, and never above the limit your therapist had set. "
            "It made the place easier when you rated high or your pulse stayed high.",
        ),
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


def _stops(facts_: SessionFacts) -> str:
    if facts_.record.outcome == "stopped-by-patient":
        return "You stopped the session yourself. That is what the stop is for."
    if facts_.record.outcome == "interrupted":
        return "The session ended early because the program ended. That was nothing you did."
    if facts_.record.outcome == "safety-stop":
        return "The program ended the demanding part early, to be on the safe side."
    return ""


def _lines(count: int) -> Markup:
    """Room to write by hand."""
    return tag("div", *(tag("div", class_="line") for _ in range(count)), class_="lines", aria_hidden="true")
