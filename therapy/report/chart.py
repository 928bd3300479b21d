"""The one figure: heart rate, ratings and intensity on one time axis, as inline SVG."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator

from therapy.report.facts import LEVELS, SessionFacts, is_usable
from therapy.report.figures import is_calm
from therapy.report.html import Markup
from therapy.report.marks import Mark, MarkKind
from therapy.report.words import PHASES
from therapy.session.events import NoticeCode, Noticed, Phase, Stimulate

WIDTH_IN, HEIGHT_IN = 7.3, 4.6
ROW_IN = 0.2
"""Each row of numbers after the first makes the figure this much higher, so that no sign touches another."""
MARK_WIDTH_SHARE = 0.028
"""A sign takes this share of the time axis."""
NARROWEST_BPM = 30.0
"""The heart-rate axis spans at least this, so that a calm pulse does not look like a storm."""
INK, FAINT = "#1c2530", "#8a94a0"
HEART, RATING, SHOWN, CEILING = "#9c1f2e", "#5b2a86", "#0b5d8a", "#7a4b00"
GAP = "#d9dde2"
PHASE_COLOURS = {
    Phase.FITTING: "#eef1f4",
    Phase.REHEARSAL: "#e3e8ee",
    Phase.BASELINE: "#dcebe3",
    Phase.EXPECTATION: "#efe6f4",
    Phase.EXPOSURE: "#fbe7d3",
    Phase.RECOVERY: "#dcebe3",
    Phase.REVIEW: "#efe6f4",
    Phase.ENDED: "#ffffff",
}
MARKERS = {MarkKind.HELD: "o", MarkKind.LOWERED: "v", MarkKind.STOPPED: "s"}
MARK_COLOURS = {MarkKind.HELD: "#5d6773", MarkKind.LOWERED: "#b25500", MarkKind.STOPPED: "#a3001b"}
_STYLE: Any = {
    "svg.hashsalt": "acclimate",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],
    "font.size": 8.0,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def session_chart(facts: SessionFacts, marks: tuple[Mark, ...], words: str) -> Markup:
    """The figure as one SVG element with a title and a description for those who cannot see it."""
    with rc_context(_STYLE):
        places = _rows_of(marks, facts.end_s)
        rows = max(places, default=0) + 1
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN + ROW_IN * (rows - 1)), layout="constrained")
        grid = figure.subplots(5, 1, sharex=True, height_ratios=[0.26, 0.34 * rows, 2.0, 1.6, 1.6])
        phases, numbers, heart, ratings, levels = grid
        _draw_phases(phases, facts)
        _draw_heart(heart, facts)
        _draw_ratings(ratings, facts)
        _draw_levels(levels, facts)
        _draw_marks(numbers, (heart, ratings, levels), marks, places)
        numbers.set_ylim(rows, 0)
        _set_time_axis(levels, facts)
        for axes in (phases, numbers):
            axes.set_yticks([])
            axes.tick_params(bottom=False, labelbottom=False)
            for spine in axes.spines.values():
                spine.set_visible(False)
        figure.align_ylabels([heart, ratings, levels])
        return inline_svg(figure, "The session on one time axis", words)


def inline_svg(figure: Figure, title: str, words: str) -> Markup:
    """A figure as an SVG element; the same figure gives the same text."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure)
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    opening, rest = svg.split(">", 1)
    opening = re.sub(r'\s(width|height)="[^"]*"', "", opening)
    return Markup(f'{opening} role="img" aria-label="{_escaped(f"{title}. {words}")}">{rest}')


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _minutes(seconds: float) -> float:
    return seconds / 60.0


def _draw_phases(axes: Axes, facts: SessionFacts) -> None:
    for phase, span in facts.phases:
        axes.axvspan(_minutes(span.from_s), _minutes(span.to_s), color=PHASE_COLOURS[phase], linewidth=0)
        if span.duration_s >= facts.end_s * 0.055:
            middle = _minutes((span.from_s + span.to_s) / 2)
            axes.text(middle, 0.5, PHASES[phase], ha="center", va="center", fontsize=7.5)
    axes.set_ylim(0, 1)


def _draw_heart(axes: Axes, facts: SessionFacts) -> None:
    times = np.array([_minutes(row.t_s) for row in facts.samples])
    bpm = np.array(
        [
            row.what.hr10_bpm if is_usable(row.what) and row.what.hr10_bpm is not None else np.nan
            for row in facts.samples
        ]
    )
    for number, gap in enumerate(facts.gaps):
        label = "no usable heart rate" if number == 0 else None
        axes.axvspan(_minutes(gap.from_s), _minutes(gap.to_s), color=GAP, linewidth=0, label=label)
    if facts.baseline is not None:
        settled, until = facts.baseline, _minutes(facts.end_s)
        low, high = settled.what.bpm - settled.what.spread_bpm, settled.what.bpm + settled.what.spread_bpm
        start = _minutes(settled.t_s)
        axes.fill_between([start, until], low, high, color="#b9d8c6", linewidth=0, label="baseline ± spread")
        axes.plot([start, until], [settled.what.bpm] * 2, color="#2f6b4a", linewidth=0.8)
    axes.plot(times, bpm, color=HEART, linewidth=1.1, label="heart rate, 10-s median")
    if not np.isfinite(bpm).any():
        axes.text(0.5, 0.5, "no heart rate recorded", transform=axes.transAxes, ha="center", va="center")
        axes.set_ylim(40, 120)
    else:
        low, high = np.nanmin(bpm), np.nanmax(bpm)
        room = max(NARROWEST_BPM - (high - low), 6.0) / 2
        axes.set_ylim(low - room, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.set_ylabel("heart rate\n(beats per minute)")
    _legend(axes)


def _draw_ratings(axes: Axes, facts: SessionFacts) -> None:
    suds = [row for row in facts.ratings if row.what.scale == "suds"]
    times = [_minutes(row.t_s) for row in suds]
    axes.plot(times, [row.what.answer for row in suds], color=RATING, linewidth=0.7, alpha=0.6)
    for prompted, face, label in ((True, RATING, "asked for"), (False, "white", "volunteered")):
        chosen = [row for row in suds if row.what.prompted is prompted]
        if chosen:
            axes.plot(
                [_minutes(row.t_s) for row in chosen],
                [row.what.answer for row in chosen],
                linestyle="none",
                marker="o",
                markersize=4.5,
                markerfacecolor=face,
                markeredgecolor=RATING,
                label=f"rating, {label}",
                clip_on=False,
            )
    missed = [
        _minutes(row.t_s)
        for row in facts.events
        if isinstance(row.what, Noticed) and row.what.code is NoticeCode.PROMPT_MISSED
    ]
    if missed:
        axes.plot(missed, [3] * len(missed), "x", color=INK, markersize=5, label="question not answered", clip_on=False)
    if facts.protocol is not None and facts.protocol.mode.is_graded:
        steps = facts.protocol.steps
        for suds_at, words in ((steps.up_below_suds, "up below"), (steps.down_one_at, "down from")):
            axes.axhline(suds_at, color=FAINT, linewidth=0.6, linestyle=(0, (4, 3)))
            axes.annotate(
                f"{words} {suds_at}", (1.0, suds_at), xycoords=("axes fraction", "data"), fontsize=6.5, color="#4b5560",
                xytext=(2, 0), textcoords="offset points", va="center",
            )  # fmt: skip
    axes.set_ylim(0, 100)
    axes.yaxis.set_major_locator(MultipleLocator(25))
    axes.set_ylabel("distress\n(SUDS, 0–100)")
    _legend(axes)


def _draw_levels(axes: Axes, facts: SessionFacts) -> None:
    times = [_minutes(row.t_s) for row in facts.samples]
    for field, colour, width, style, words in (
        ("target_0to1", INK, 0.8, (0, (2, 2)), "applied by the loop"),
        ("shown_0to1", SHOWN, 1.4, "-", "shown"),
    ):
        shown = [
            np.nan if is_calm(facts, row.what.scene) or not row.what.scene else getattr(row.what, field) * LEVELS
            for row in facts.samples
        ]
        axes.plot(times, shown, color=colour, linewidth=width, linestyle=style, label=words)
    _draw_ceiling(axes, facts)
    _draw_events(axes, facts)
    axes.set_ylim(-0.4, LEVELS + 0.2)
    axes.yaxis.set_major_locator(MultipleLocator(2))
    axes.set_ylabel("intensity\n(level 0–10)")
    _legend(axes)


def _draw_ceiling(axes: Axes, facts: SessionFacts) -> None:
    ceilings = [(_minutes(row.t_s), row.what.inputs.limits.therapist_0to1 * LEVELS) for row in facts.decisions]
    if ceilings:
        axes.step(
            [at for at, _ in ceilings],
            [level for _, level in ceilings],
            where="post",
            color=CEILING,
            linewidth=0.9,
            linestyle=(0, (6, 2)),
            label="therapist's ceiling",
        )


def _draw_events(axes: Axes, facts: SessionFacts) -> None:
    fired = [(row.t_s, row.what.name) for row in facts.events if isinstance(row.what, Stimulate)]
    if fired:
        axes.plot(
            [_minutes(at) for at, _ in fired],
            [0.0] * len(fired),
            "^",
            color=INK,
            markersize=5,
            label="event",
            clip_on=False,
        )
    for at, name in fired:
        axes.annotate(
            name.replace("_", " "), (_minutes(at), 0.0), xytext=(4, 3), textcoords="offset points", fontsize=6.5
        )


def _rows_of(marks: tuple[Mark, ...], end_s: float) -> list[int]:
    """A row for each number, so that neighbours do not cover each other."""
    rows: list[int] = []
    taken_until_s: list[float] = []
    for mark in marks:
        free = [row for row, until_s in enumerate(taken_until_s) if mark.from_s >= until_s]
        row = free[0] if free else len(taken_until_s)
        if row == len(taken_until_s):
            taken_until_s.append(0.0)
        taken_until_s[row] = mark.from_s + end_s * MARK_WIDTH_SHARE
        rows.append(row)
    return rows


def _draw_marks(numbers: Axes, panels: tuple[Axes, ...], marks: tuple[Mark, ...], rows: list[int]) -> None:
    """Each limit and stop as a number in a sign of its kind, with a line through all panels."""
    for row, mark in zip(rows, marks, strict=True):
        at, height = _minutes(mark.from_s), row + 0.5
        colour = MARK_COLOURS[mark.kind]
        numbers.plot([at], [height], MARKERS[mark.kind], color=colour, markersize=9.5, clip_on=False)
        numbers.text(
            at, height, str(mark.number), color="white", fontsize=6.4, ha="center", va="center_baseline", clip_on=False
        )
        for axes in panels:
            axes.axvline(
                at, color=colour, linewidth=0.6, linestyle=":" if mark.kind is MarkKind.HELD else "-", alpha=0.8
            )


def _set_time_axis(axes: Axes, facts: SessionFacts) -> None:
    end = max(_minutes(facts.end_s), 0.1)
    axes.set_xlim(0.0, end)
    axes.set_xlabel("session time (minutes)")
    axes.xaxis.set_major_locator(
        MultipleLocator(next(step for step in (0.5, 1, 2, 5, 10, 30, 60, 1e9) if end / step <= 16))
    )


def _legend(axes: Axes) -> None:
    if axes.get_legend_handles_labels()[1]:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False, fontsize=6.8, borderaxespad=0.1,
            handlelength=1.8, columnspacing=1.2,
        )  # fmt: skip
