"""The key figures of a session, each by a formula that the report states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from therapy.report.facts import LEVELS, LONGEST_SAMPLE_S, SessionFacts, Span, is_usable, level_of
from therapy.session.events import Rated, SampleTaken
from therapy.store.records import Recorded

HELD_S = 45.0
ON_LEVEL_0TO1 = 0.02
"""Shown intensity may differ by this much from a level and still count as that level."""


@dataclass(frozen=True, slots=True)
class LevelStay:
    """How one level went: times in seconds, ratings made on it."""

    level: int
    total_s: float
    longest: Span
    suds: tuple[int, ...]
    delta_bpm: float | None

    @property
    def was_held(self) -> bool:
        """Whether the patient stayed long enough for the level to count."""
        return self.longest.duration_s >= HELD_S


@dataclass(frozen=True, slots=True)
class Signal:
    """How good the heart-rate signal was."""

    beats: int
    accepted_share: float | None
    usable_share: float | None
    mean_quality_0to1: float | None
    gaps: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Frames:
    """How the display kept up, over the whole session; wall milliseconds."""

    frames: int
    late_share: float
    median_ms: float
    worst_p99_ms: float
    seconds_with_late: int
    seconds: int


def stays(facts: SessionFacts) -> tuple[LevelStay, ...]:
    """Each level that was shown during the exposure, lowest first."""
    spans = _level_spans(facts)
    found = []
    for level in range(LEVELS + 1):
        mine = [span for at, span in spans if at == level]
        if not mine:
            continue
        suds = tuple(
            row.what.answer
            for row in facts.ratings
            if row.what.scale == "suds" and facts.in_exposure(row.t_s) and level_of(row.what.intensity_0to1) == level
        )
        found.append(
            LevelStay(
                level=level,
                total_s=sum(span.duration_s for span in mine),
                longest=max(mine, key=lambda span: span.duration_s),
                suds=suds,
                delta_bpm=_mean_delta(facts, mine),
            )
        )
    return tuple(found)


def highest_held(facts: SessionFacts) -> int | None:
    """The highest level shown for 45 s on end during the exposure."""
    held = [stay.level for stay in stays(facts) if stay.was_held]
    return max(held, default=None)


def suds_of(facts: SessionFacts, exposure_only: bool = True) -> tuple[Recorded[Rated], ...]:
    """The ratings of distress in order."""
    return tuple(
        row for row in facts.ratings if row.what.scale == "suds" and (facts.in_exposure(row.t_s) or not exposure_only)
    )


def last_answer(facts: SessionFacts, scale: str) -> int | None:
    """The newest answer on a scale."""
    answers = [row.what.answer for row in facts.ratings if row.what.scale == scale]
    return answers[-1] if answers else None


def played(facts: SessionFacts) -> tuple[int, int]:
    """Hits and throws of a session, 0 without play."""
    for row in reversed(facts.decisions):
        if row.what.inputs.play.hits is not None:
            return row.what.inputs.play.hits, row.what.inputs.play.throws or 0
    return 0, 0


def violation(facts: SessionFacts) -> int | None:
    """How much less likely the feared thing turned out than expected: p_before − p_after."""
    before, after = last_answer(facts, "expectancy-before"), last_answer(facts, "expectancy-after")
    return None if before is None or after is None else before - after


def signal_of(facts: SessionFacts) -> Signal:
    """Beats, shares and gaps."""
    beats, samples = facts.beats, [row.what for row in facts.samples]
    return Signal(
        beats=len(beats),
        accepted_share=_mean([row.what.accepted for row in beats]),
        usable_share=_mean([is_usable(sample) for sample in samples]),
        mean_quality_0to1=_mean([sample.quality_0to1 for sample in samples]),
        gaps=facts.gaps,
    )


def frames_of(facts: SessionFacts) -> Frames | None:
    """The frame statistics together; None if the display sent none."""
    seconds = [row.what for row in facts.frames if row.what.frames > 0]
    if not seconds:
        return None
    total = sum(second.frames for second in seconds)
    return Frames(
        frames=total,
        late_share=sum(second.late_frames for second in seconds) / total,
        median_ms=float(np.median([second.median_ms for second in seconds])),
        worst_p99_ms=max(second.p99_ms for second in seconds),
        seconds_with_late=sum(second.late_frames > 0 for second in seconds),
        seconds=len(seconds),
    )


def _level_spans(facts: SessionFacts) -> list[tuple[int, Span]]:
    """Uninterrupted stays on whole levels, from the samples of the exposure in the exposure's scene."""
    spans: list[tuple[int, Span]] = []
    samples = facts.samples
    for index, row in enumerate(samples):
        level = _level_shown(facts, row)
        if level is None:
            continue
        next_s = samples[index + 1].t_s if index + 1 < len(samples) else row.t_s + 1.0
        to_s = min(next_s, row.t_s + LONGEST_SAMPLE_S)
        if spans and spans[-1][0] == level and row.t_s - spans[-1][1].to_s < 1e-9:
            spans[-1] = (level, Span(spans[-1][1].from_s, to_s))
        else:
            spans.append((level, Span(row.t_s, to_s)))
    return spans


def _level_shown(facts: SessionFacts, row: Recorded[SampleTaken]) -> int | None:
    if not facts.in_exposure(row.t_s) or is_calm(facts, row.what.scene):
        return None
    level = level_of(row.what.shown_0to1)
    return level if abs(row.what.shown_0to1 - level / LEVELS) <= ON_LEVEL_0TO1 else None


def is_calm(facts: SessionFacts, scene: str) -> bool:
    """Whether a scene is not the one the patient is exposed to."""
    return facts.protocol is not None and facts.protocol.mode.is_graded and scene != facts.protocol.scene


def _mean_delta(facts: SessionFacts, spans: list[Span]) -> float | None:
    deltas = [
        row.what.delta_bpm
        for row in facts.samples
        if row.what.delta_bpm is not None
        and is_usable(row.what)
        and any(span.from_s <= row.t_s < span.to_s for span in spans)
    ]
    return _mean(deltas)


def _mean(numbers: Sequence[float]) -> float | None:
    return float(np.mean(numbers)) if len(numbers) else None
