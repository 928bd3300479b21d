"""The details: tables of everything behind the first page, and the formulas."""

from __future__ import annotations

from therapy.control.decision import Decision
from therapy.report import figures
from therapy.report.facts import SessionFacts
from therapy.report.html import Markup, facts, join, table, tag
from therapy.report.loop_words import CAUSES, RULES, why_in_words
from therapy.report.marks import changes
from therapy.report.phrases import NONE, clock, lasting, level, number, percent, signed
from therapy.report.words import (
    ACTIONS,
    LINKS,
    PHASES,
    SCALES,
    SETTINGS,
    detail_in_words,
    notice_in_words,
    setting_in_words,
)
from therapy.session.events import Noticed, Phase, PhaseChanged, SensorLink, Stopped, Therapist
from therapy.store.checkpoints import fingerprint
from therapy.store.records import Recorded

FORMULAS = (
    (
        "Heart rate (HR10)",
        "Median of the accepted beats of the last 10 s, once a second. No beat for 3 s: no value.",
        "D",
    ),
    (
        "Accepted beat",
        (
            "RR interval of 300–2000 ms (in range) and within 20 % of the median of the last 11 in-range intervals, "
            "rejected ones included; while there are fewer than 3 since the last gap, being in range is enough."
        ),
        "D",
    ),
    ("Baseline b", "Median of HR10 in the calm scene, first minute left out, at least 90 valid seconds.", "D"),
    ("Spread s", "max(1.4826 · median(|HR10 − b|), 3 bpm).", "D"),
    ("ΔHR", "HR10 − b.", ""),
    ("Mean ΔHR", "Mean of ΔHR over the seconds of the exposure on that level that have one and are usable.", ""),
    ("Highest level held", f"Highest level shown for at least {figures.HELD_S:.0f} s on end during the exposure.", "D"),
    ("Distress in exposure, peak and last", "Largest and newest SUDS rating given during the exposure.", ""),
    ("Distress at the end", "Newest SUDS rating of the whole session, in whatever part it was given.", ""),
    (
        "Expectancy violation",
        "p before − p after, in percentage points: how much less likely the feared thing turned out.",
        "",
    ),
    ("Usable", "Share of seconds with an HR10 not older than 3 s.", ""),
    ("Accepted", "Accepted RR intervals ÷ all RR intervals received.", ""),
    (
        "Mean quality",
        (
            "Mean over all seconds of the share of the last 10 s that accepted beats cover; "
            "0 while there has been no reading for 3 s."
        ),
        "D",
    ),
    (
        "Late frames",
        (
            "Frames that took longer than the display's limit ÷ all frames. The limit is a tenth of a second in a "
            "window (below 10 frames a second) and one second offscreen."
        ),
        "D",
    ),
    ("Median frame time", "Median over the seconds of each second's median time to draw a frame.", ""),
    (
        "Worst second's 99th percentile",
        "Largest of the seconds' 99th percentiles of frame time (nearest rank).",
        "",
    ),
)


def details(facts_: SessionFacts) -> Markup:
    """Every table."""
    return join(
        [
            tag("h2", "Details", class_="part"),
            _levels(facts_),
            _ratings(facts_),
            _changes(facts_),
            _timeline(facts_),
            _signal(facts_),
            _frames(facts_),
            _devices(facts_),
            _formulas(),
            _sources(facts_),
            _seal(facts_),
        ]
    )


def _section(title: str, *content: Markup | None) -> Markup:
    return tag("section", tag("h3", title), *content)


def _levels(facts_: SessionFacts) -> Markup:
    rows = []
    for stay in figures.stays(facts_):
        suds = f"{stay.suds[0]} / {max(stay.suds)} / {stay.suds[-1]}" if stay.suds else NONE
        rows.append(
            (
                str(stay.level),
                facts_.level_words(stay.level) or NONE,
                lasting(stay.total_s),
                f"{lasting(stay.longest.duration_s)}{'' if stay.was_held else ' (not held)'}",
                suds,
                signed(stay.delta_bpm, 1),
            )
        )
    heads = ("Level", "What it is", "Time in all", "Longest stay", "SUDS first / peak / last", "Mean ΔHR (bpm)")
    return _section("Levels", table("Time on each level during the exposure", heads, rows))


def _ratings(facts_: SessionFacts) -> Markup:
    rows = [
        (
            clock(row.t_s),
            SCALES.get(row.what.scale, row.what.scale),
            str(row.what.answer),
            "asked for" if row.what.prompted else "volunteered",
            level(row.what.intensity_0to1) if row.what.scale == "suds" and facts_.in_exposure(row.t_s) else NONE,
        )
        for row in facts_.ratings
    ]
    heads = ("Time", "Scale", "Answer", "How", "On level")
    return _section("Ratings", table("Every answer the patient gave", heads, rows))


def _changes(facts_: SessionFacts) -> Markup:
    heads = (
        "Time",
        "Rule",
        "Reasons",
        "Level before → proposed → applied",
        "HR10 (ΔHR), age",
        "SUDS, age",
        "Evaluated on",
    )
    rows = [_change(row) for row in changes(facts_)]
    words = f"The {len(rows)} decisions of {len(facts_.decisions)} that changed something"
    return _section("Decisions", table(words, heads, rows, class_="small"))


def _change(row: Recorded[Decision]) -> tuple[str, ...]:
    decision, heart, rating = row.what, row.what.inputs.heart, row.what.inputs.rating
    steps = (decision.before_0to1, decision.proposed_0to1, decision.applied_0to1)
    hr = NONE
    if heart.hr10_bpm is not None:
        hr = f"{heart.hr10_bpm:.0f} ({signed(heart.delta_bpm)}), {number(heart.age_s, 1, ' s')}"
    return (
        clock(row.t_s),
        RULES[decision.rule],
        why_in_words(decision),
        " → ".join(level(step) for step in steps),
        hr,
        NONE if rating.suds is None else f"{rating.suds}, {number(rating.age_s, 0, ' s')}",
        CAUSES[decision.cause],
    )


def _timeline(facts_: SessionFacts) -> Markup:
    found: list[tuple[float, int, int, str, str]] = []
    for row in facts_.events:
        if isinstance(row.what, PhaseChanged):
            found.append((row.t_s, row.seq, 1, "Phase", f"{PHASES[row.what.before]} → {PHASES[row.what.after]}"))
        elif isinstance(row.what, Noticed):
            found.append((row.t_s, row.seq, 1, "Notice", notice_in_words(row.what.code, row.what.detail)))
    for entry in facts_.journal:
        said = _said(entry.what, _phase_at(facts_, entry.t_s))
        if said is not None:
            found.append((entry.t_s, entry.seq, 0, *said))
    rows = [(clock(t_s), who, words) for t_s, _, _, who, words in sorted(found)]
    return _section("Timeline", table("Phases, notices, commands and stops in order", ("Time", "Kind", "What"), rows))


def _said(event: object, phase: str) -> tuple[str, str] | None:
    if isinstance(event, Therapist):
        amount = "" if event.amount is None else f" {event.amount:g}"
        return "Therapist", f"{ACTIONS[event.action]}{amount}{': ' if event.text else ''}{event.text}"
    if isinstance(event, Stopped):
        does = "tries the stop" if phase == PHASES[Phase.REHEARSAL] else "stops"
        return "Patient", f"{does} {detail_in_words(event.source)}"
    if isinstance(event, SensorLink):
        return "Strap", f"{LINKS[event.state]}{': ' if event.detail else ''}{event.detail}"
    return None


def _signal(facts_: SessionFacts) -> Markup:
    signal = figures.signal_of(facts_)
    longest = max((gap.duration_s for gap in signal.gaps), default=0.0)
    summary = facts(
        [
            ("Beats received", str(signal.beats)),
            ("Accepted", percent(signal.accepted_share)),
            ("Usable", percent(signal.usable_share)),
            ("Mean quality", percent(signal.mean_quality_0to1)),
            ("Gaps", f"{len(signal.gaps)}, {lasting(sum(gap.duration_s for gap in signal.gaps))} in all"),
            ("Longest gap", lasting(longest)),
        ]
    )
    rows = [
        (clock(gap.from_s), clock(gap.to_s), lasting(gap.duration_s), _phase_at(facts_, gap.from_s))
        for gap in signal.gaps
    ]
    heads = ("From", "To", "Duration", "Phase")
    return _section("Heart-rate signal", summary, table("Gaps: no usable heart rate", heads, rows))


def _phase_at(facts_: SessionFacts, t_s: float) -> str:
    return next((PHASES[phase] for phase, span in facts_.phases if span.from_s <= t_s < span.to_s), NONE)


def _frames(facts_: SessionFacts) -> Markup:
    frames = figures.frames_of(facts_)
    if frames is None:
        return _section("Display", tag("p", "The display sent no frame statistics."))
    summary = facts(
        [
            ("Frames", str(frames.frames)),
            (
                "Late frames",
                f"{percent(frames.late_share)}, in {frames.seconds_with_late} of the {frames.seconds} seconds",
            ),
            ("Median frame time", f"{frames.median_ms:.1f} ms"),
            ("Worst second's 99th percentile", f"{frames.worst_p99_ms:.1f} ms"),
        ]
    )
    return _section("Display", summary)


def _devices(facts_: SessionFacts) -> Markup:
    record = facts_.record
    rows = [
        (device, SETTINGS.get(key, key.replace("_", " ")), setting_in_words(key, setting))
        for device, identity in (("sensor", record.sensor), ("display", record.player), ("set-up", record.setup))
        for key, setting in identity.items()
        if setting not in (None, "", [])
    ]
    return _section("Devices and set-up", table("As recorded at the start", ("What", "Item", "Recorded"), rows))


def _formulas() -> Markup:
    rows = [(name, formula, "engineering default" if mark == "D" else "definition") for name, formula, mark in FORMULAS]
    note = (
        "An engineering default is a number the developers chose and a therapist may change; no published authority "
        "prescribes it. A percentage of change is never printed without its formula."
    )
    return _section(
        "Formulas",
        table("How each figure is made", ("Figure", "Formula", "Standing"), rows),
        tag("p", note, class_="note"),
    )


def _sources(facts_: SessionFacts) -> Markup | None:
    if facts_.protocol is None or not facts_.protocol.sources:
        return None
    return _section("Sources of the protocol", tag("ul", *(tag("li", source) for source in facts_.protocol.sources)))


def _seal(facts_: SessionFacts) -> Markup | None:
    checkpoint = facts_.checkpoint
    if checkpoint is None:
        return None
    words = (
        f"When the session ended, the record's chain had {checkpoint.number} entries, and its head was signed with the "
        f"key {fingerprint(checkpoint.public_key)}. Whoever keeps this page can tell later whether anything that was "
        "recorded until then has been changed: acclimate audit verify --checkpoint FILE."
    )
    return _section("Seal of the record", tag("p", words), tag("p", tag("code", checkpoint.as_json())))
