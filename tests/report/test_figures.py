from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.report.examples import record_session
from therapy.report import figures
from therapy.report.chart import session_chart
from therapy.report.facts import SessionFacts, Span, level_of, read_facts
from therapy.report.marks import MarkKind, changes, limits_and_stops
from therapy.report.pictures import moments
from therapy.session.events import Phase
from therapy.store.archive import Archive


def read(database: Path) -> SessionFacts:
    with Archive(database) as archive:
        return read_facts(archive, "last")


def test_the_highest_level_held_is_the_highest_shown_for_45_s_on_end(facts: SessionFacts) -> None:
    assert figures.highest_held(facts) == 4
    assert {stay.level: round(stay.total_s) for stay in figures.stays(facts)} == {0: 52, 1: 58, 2: 230, 3: 393, 4: 152}
    assert {stay.level: round(stay.longest.duration_s) for stay in figures.stays(facts)}[4] == 102


def test_ratings_of_a_level_are_those_made_on_it(facts: SessionFacts) -> None:
    by_level = {stay.level: stay.suds for stay in figures.stays(facts)}
    assert by_level[4] == (70, 55, 36)
    assert by_level[1] == (30, 35)


def test_distress_peaks_and_ends_within_the_exposure(facts: SessionFacts) -> None:
    suds = [row.what.answer for row in figures.suds_of(facts)]
    assert (max(suds), suds[-1], len(suds)) == (80, 45, 19)
    assert figures.suds_of(facts, exposure_only=False)[-1].what.answer == 15


def test_the_violation_is_before_minus_after(facts: SessionFacts) -> None:
    assert figures.violation(facts) == 70 - 20


def test_gaps_are_where_no_heart_rate_could_be_used(facts: SessionFacts) -> None:
    assert facts.gaps == (Span(0.0, 6.0), Span(700.0, 760.0))
    signal = figures.signal_of(facts)
    assert signal.usable_share == pytest.approx(1 - 66 / 1440)
    assert signal.beats == 1440 - 66


def test_each_limit_and_stop_is_one_mark_with_its_duration(facts: SessionFacts) -> None:
    marks = [(mark.number, mark.kind, mark.from_s, round(mark.to_s - mark.from_s)) for mark in limits_and_stops(facts)]
    assert marks == [
        (1, MarkKind.LOWERED, 640.0, 0),
        (2, MarkKind.HELD, 740.0, 25),
        (3, MarkKind.LOWERED, 930.0, 0),
        (4, MarkKind.HELD, 1110.0, 30),
        (5, MarkKind.STOPPED, 1150.0, 15),
    ]


def test_the_decisions_that_changed_something_are_found_among_the_many(facts: SessionFacts) -> None:
    changed = [row.t_s for row in changes(facts)]
    assert changed == [372, 430, 500, 640, 800, 880, 930, 1048, 1150, 1165, 1222, 1230, 1238]


def test_the_signs_of_neighbouring_marks_do_not_touch(facts: SessionFacts) -> None:
    """Two marks twenty seconds apart, and three within half a minute; a sign is 9.5 points wide and high."""
    times = (640.0, 660.0, 1100.0, 1110.0, 1125.0)
    marks = tuple(replace(mark, from_s=t_s) for mark, t_s in zip(limits_and_stops(facts), times, strict=True))
    drawing = session_chart(facts, marks, "words")
    found = re.findall(r'font-size: 6\.4px[^>]* x="([\d.]+)" y="([\d.]+)"', drawing)
    places = [(float(x), float(y)) for x, y in found]
    assert len(places) == len(marks)
    assert all(math.dist(one, other) > 11.0 for one, other in combinations(places, 2))


def test_phases_follow_one_another_without_holes(facts: SessionFacts) -> None:
    assert facts.phases[0] == (Phase.FITTING, Span(0.0, 30.0))
    assert facts.exposure == (Span(320.0, 1220.0),)
    spans = [span for _, span in facts.phases]
    assert all(left.to_s == right.from_s for left, right in pairwise(spans))


def test_one_moment_is_drawn_for_the_calm_scene_and_each_level(facts: SessionFacts) -> None:
    seen = moments(facts)
    assert [one.level for one in seen] == [None, 0, 1, 2, 3, 4]
    assert [one.scene for one in seen] == ["shore"] + ["heights"] * 5
    assert seen[-1].intensity_0to1 == pytest.approx(0.4)
    assert 1048 < seen[-1].scene_time_s < 1150


def test_an_interrupted_session_has_figures_up_to_where_it_broke(tmp_path: Path) -> None:
    record_session(tmp_path / "acclimate.db", until_s=650.0, ends=False)
    broken = read(tmp_path / "acclimate.db")
    assert broken.record.outcome == "interrupted"
    assert broken.end_s == 650.0
    assert broken.exposure == (Span(320.0, 650.0),)
    assert figures.highest_held(broken) == 3
    assert figures.violation(broken) is None


def test_a_session_in_which_nothing_happened_has_no_figures(tmp_path: Path) -> None:
    record_session(tmp_path / "acclimate.db", until_s=-1.0, ends=False)
    empty = read(tmp_path / "acclimate.db")
    assert figures.highest_held(empty) is None
    assert figures.frames_of(empty) is None
    assert (empty.gaps, empty.phases, limits_and_stops(empty)) == ((), (), ())


@pytest.mark.parametrize(
    ("intensity_0to1", "level"), [(0.0, 0), (0.3, 3), (0.2996, 3), (0.25, 2), (0.35, 3), (0.34, 3), (1.0, 10)]
)
def test_half_a_level_more_is_not_the_next_level(intensity_0to1: float, level: int) -> None:
    assert level_of(intensity_0to1) == level
