"""The clinician's first page: what it was, the figures, the course, the limits, what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from therapy.control.decision import Decision
from therapy.report import figures
from therapy.report.chart import session_chart
from therapy.report.facts import SessionFacts
from therapy.report.html import Markup, facts, join, table, tag
from therapy.report.loop_words import RULES, why_in_words
from therapy.report.marks import Mark, MarkKind, limits_and_stops
from therapy.report.phrases import NONE, clock, lasting, level, number, percent, signed, when
from therapy.report.pictures import Pictures
from therapy.report.words import outcome_in_words

SIGNS = {MarkKind.HELD: "● held", MarkKind.LOWERED: "▼ lowered", MarkKind.STOPPED: "■ calm scene"}
HONESTY = (
    "Acclimate is research software, used under a therapist's supervision. It is not a cleared medical device. "
    "Heart rate is not a measure of fear, and nothing here is a diagnosis."
)


def first_page(facts_: SessionFacts, pictures: Pictures | None) -> Markup:
    """Everything of the first part, as sections."""
    marks = limits_and_stops(facts_)
    return join(
        [
            _header(facts_),
            _key_figures(facts_, marks),
            _course(facts_, marks),
            _limits(marks),
            _pictures(facts_, pictures),
        ]
    )


def _header(facts_: SessionFacts) -> Markup:
    record = facts_.record
    title = facts_.protocol.title if facts_.protocol else record.protocol_name
    return join(
        [
            tag("h1", "Session report"),
            _simulated(facts_),
            _warnings(facts_),
            facts(
                [
                    ("Patient code", record.patient_code),
                    ("Date", when(record.started)),
                    ("Protocol", title if title == record.protocol_name else f"{title} ({record.protocol_name})"),
                    ("Outcome", outcome_in_words(record.outcome, record.detail)),
                    ("Heart-rate sensor", _sensor(record.sensor)),
                    ("Display", _display(record.player)),
                    ("Session", tag("code", record.session_id)),
                    ("Software", record.software),
                    ("Protocol SHA-256", tag("code", record.protocol_sha256)),
                ]
            ),
            tag("p", HONESTY, class_="honesty"),
        ]
    )


def _simulated(facts_: SessionFacts) -> Markup | None:
    simulated = facts_.record.simulated
    if not simulated:
        return None
    words = f"SIMULATED: {', '.join(simulated)}."
    return tag("p", tag("strong", words), " Not a treatment.", class_="simulated", role="note")


def _warnings(facts_: SessionFacts) -> Markup:
    record = facts_.record
    found = []
    if record.outcome == "interrupted":
        found.append(
            f"The session was interrupted: the program ended before it. The record goes up to {clock(facts_.end_s)}."
        )
    if record.is_running:
        found.append(f"The session is still being recorded; this report goes up to {clock(facts_.end_s)}.")
    if record.lost_rows:
        found.append(f"{record.lost_rows} entries could not be kept because the record could not be written in time.")
    if facts_.protocol is None:
        found.append("This version cannot read the protocol's text, so its thresholds are not shown.")
    return join(tag("p", words, class_="warning", role="note") for words in found)


def _sensor(sensor: Mapping[str, Any]) -> str:
    """The strap in one line: name, address, kind."""
    return ", ".join(str(sensor[key]) for key in ("name", "address", "kind") if sensor.get(key)) or "not recorded"


def _display(player: Mapping[str, Any]) -> str:
    """The display in one line: kind and renderer, without the renderer's build."""
    parts = [str(player.get("display") or ""), str(player.get("renderer") or "").split(" (")[0]]
    return ", ".join(part for part in parts if part) or "not recorded"


def _key_figures(facts_: SessionFacts, marks: tuple[Mark, ...]) -> Markup:
    suds = [row.what.answer for row in figures.suds_of(facts_)]
    everything = figures.suds_of(facts_, exposure_only=False)
    exposure_s = sum(span.duration_s for span in facts_.exposure)
    held = figures.highest_held(facts_)
    tiles = [
        ("Highest level held", NONE if held is None else str(held), _held_words(facts_, held)),
        ("Distress in exposure", _peak_and_last(suds), f"peak → last in exposure; {len(suds)} ratings (SUDS)"),
        ("Distress at the end", number(everything[-1].what.answer) if everything else NONE, _when_last(everything)),
        *(_play_tiles(facts_) or [("Expectation", _expectancy(facts_), _violation(facts_))]),
        ("Minutes", number(exposure_s / 60, 1), f"in exposure, of {facts_.end_s / 60:.1f} in all"),
        ("Baseline", _baseline(facts_), "beats per minute ± spread"),
        ("Limits and stops", str(len(marks)), _mark_counts(marks)),
        ("Heart-rate signal", percent(figures.signal_of(facts_).usable_share), _gaps(facts_)),
    ]
    boxes = [
        tag("div", tag("dt", name), tag("dd", tag("strong", figure), tag("span", note)), class_="tile")
        for name, figure, note in tiles
    ]
    return tag("section", tag("h2", "Key figures"), tag("dl", *boxes, class_="tiles"))


def _held_words(facts_: SessionFacts, held: int | None) -> str:
    if held is None:
        return f"none for {figures.HELD_S:.0f} s on end"
    return facts_.level_words(held) or "of 10"


def _peak_and_last(suds: list[int]) -> str:
    return f"{max(suds)} → {suds[-1]}" if suds else NONE


def _when_last(ratings: tuple[Any, ...]) -> str:
    return f"last rating, at {clock(ratings[-1].t_s)}" if ratings else "no rating"


def _play_tiles(facts_: SessionFacts) -> list[tuple[str, str, str]]:
    """Pain before and after, and how much was played; none in a session without them."""
    before, after = (figures.last_answer(facts_, scale) for scale in ("nrs-before", "nrs-after"))
    tiles = []
    if before is not None or after is not None:
        change = "not asked both before and after" if before is None or after is None else _pain_words(before, after)
        tiles.append(("Pain", f"{number(before)} → {number(after)}", change))
    hits, throws = figures.played(facts_)
    if throws:
        minutes = sum(span.duration_s for span in facts_.exposure) / 60.0
        rate = f"{hits / minutes:.1f} hits a minute" if minutes > 0.0 else "no time played"
        tiles.append(("Play", f"{hits} hits", f"of {throws} throws; {rate}"))
    return tiles


def _pain_words(before: int, after: int) -> str:
    """The change with what is usually felt as one: 2 points or 30 per cent of the pain before."""
    felt = before - after >= 2 or (before > 0 and (before - after) / before >= 0.3)
    return f"NRS, before → after: {signed(after - before)} points{', a change that is usually felt' if felt else ''}"


def _expectancy(facts_: SessionFacts) -> str:
    before = figures.last_answer(facts_, "expectancy-before")
    after = figures.last_answer(facts_, "expectancy-after")
    return NONE if before is None and after is None else f"{number(before, unit=' %')} → {number(after, unit=' %')}"


def _violation(facts_: SessionFacts) -> str:
    violation = figures.violation(facts_)
    return (
        "not asked both before and after"
        if violation is None
        else f"before → after: violation {signed(violation)} points"
    )


def _baseline(facts_: SessionFacts) -> str:
    settled = facts_.baseline
    return NONE if settled is None else f"{settled.what.bpm:.0f} ± {settled.what.spread_bpm:.0f}"


def _gaps(facts_: SessionFacts) -> str:
    if not facts_.samples:
        return "no samples"
    longest = max((gap.duration_s for gap in facts_.gaps), default=0.0)
    if not facts_.gaps:
        return "of the time usable, no gaps"
    return f"of the time usable; longest gap {lasting(longest)}"


def _mark_counts(marks: tuple[Mark, ...]) -> str:
    counts = [(sum(mark.kind is kind for mark in marks), words) for kind, words in (
        (MarkKind.HELD, "held"), (MarkKind.LOWERED, "lowered"), (MarkKind.STOPPED, "calm scene"))]  # fmt: skip
    return ", ".join(f"{count} {words}" for count, words in counts if count) or "none"


def _course(facts_: SessionFacts, marks: tuple[Mark, ...]) -> Markup:
    signal = figures.signal_of(facts_)
    words = (
        f"Session of {facts_.end_s / 60:.1f} minutes. Heart rate usable in {percent(signal.usable_share)} of the time, "
        f"{len(facts_.gaps)} gaps. {len(figures.suds_of(facts_, exposure_only=False))} ratings of distress. "
        f"{len(marks)} limits and stops, listed below by number."
    )
    caption = (
        "Heart rate, distress and intensity on one time axis. Grey: no usable heart rate; nothing is drawn there. "
        "Numbers: limits and stops, explained below (● held, ▼ lowered, ■ calm scene)."
    )
    if facts_.end_s <= 0.0:
        return tag("section", tag("h2", "Course"), tag("p", "Nothing was recorded after the start."))
    figure = tag("figure", session_chart(facts_, marks, words), tag("figcaption", caption))
    return tag("section", tag("h2", "Course"), figure)


def _limits(marks: tuple[Mark, ...]) -> Markup:
    rows = [
        (str(mark.number), _times(mark), SIGNS[mark.kind], _why(mark.first), _levels(mark.first), _saw(mark.first))
        for mark in marks
    ]
    heads = ("No.", "Time", "What", "Why", "Level", "Seen by the loop")
    return tag(
        "section",
        tag("h2", "Limits and stops"),
        table("What kept the intensity down, and why", heads, rows, class_="limits"),
    )


def _times(mark: Mark) -> str:
    lasted = mark.to_s - mark.from_s
    return clock(mark.from_s) if lasted < 1.0 else f"{clock(mark.from_s)} for {lasting(lasted)}"


def _why(decision: Decision) -> str:
    return f"{RULES[decision.rule]}: {why_in_words(decision)}"


def _levels(decision: Decision) -> str:
    before, wanted, applied = decision.before_0to1, decision.proposed_0to1, decision.applied_0to1
    if wanted > applied + 1e-6:
        return f"{level(before)} → {level(applied)} (wanted {level(wanted)})"
    return f"{level(before)} → {level(applied)}"


def _saw(decision: Decision) -> str:
    heart, rating = decision.inputs.heart, decision.inputs.rating
    hr = f"HR {number(heart.hr10_bpm)} ({signed(heart.delta_bpm)})" if heart.hr10_bpm is not None else "no HR"
    suds = f"SUDS {rating.suds} ({number(rating.age_s)} s old)" if rating.suds is not None else "no rating"
    return f"{hr}, {suds}"


def _pictures(facts_: SessionFacts, pictures: Pictures | None) -> Markup | None:
    if pictures is None:
        return None
    shown = []
    for seen, uri in pictures.drawn:
        name = "Calm scene" if seen.level is None else f"Level {seen.level}"
        words = facts_.level_words(seen.level) if seen.level is not None else seen.scene.replace("_", " ")
        caption = join([tag("strong", name), f" at {clock(seen.t_s)}. ", words])
        alt = f"{name}: {words or seen.scene}, as shown {clock(seen.t_s)} into the session"
        shown.append(tag("figure", tag("img", src=uri, alt=alt), tag("figcaption", caption)))
    missing = (
        tag("p", f"Some pictures could not be drawn. {pictures.why_missing}", class_="warning")
        if pictures.why_missing
        else None
    )
    note = (
        "Drawn again from the record: scene, intensity, scene time and seed of the moment in the middle of the "
        "longest stay on each level; looking straight ahead and 10° down."
    )
    return tag(
        "section",
        tag("h2", "What was seen"),
        missing,
        tag("p", note, class_="note") if shown else None,
        tag("div", *shown, class_="pictures"),
    )
