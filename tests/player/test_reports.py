"""What the player tells by itself, how often and how finely it draws."""

from dataclasses import replace

import pytest

from environments.contract import FrameStatistics, HeadPoses, PlayerState
from environments.player_pace import SCALES, Pace, wait_s
from environments.player_reports import Reporter
from tests.player.stand_in import FRAME_S, Bench

BUDGET_MS = 60.0


def told(reporter, bench, frames, took_ms=10.0, is_loading=False):
    """The reports of so many frames, a frame apart."""
    reports = []
    for _ in range(frames):
        state = bench.frame()
        reports += reporter.frame(state, state.wall_s, took_ms, is_loading)
    return reports


def test_state_is_told_ten_times_a_second_and_a_summary_once():
    reports = told(Reporter(BUDGET_MS), Bench(), 62)
    assert 14 <= sum(isinstance(report, PlayerState) for report in reports) <= 22
    (first, *_) = [report for report in reports if isinstance(report, FrameStatistics)]
    assert (first.late_frames, first.median_ms) == (0, 10.0)
    assert 28 <= first.frames <= 32
    (poses, *_) = [report for report in reports if isinstance(report, HeadPoses)]
    assert 8 <= len(poses.poses) <= 11


def test_a_change_is_told_at_once():
    reporter, bench = Reporter(BUDGET_MS), Bench()
    told(reporter, bench, 1)
    changed = replace(bench.state, sequence=7)
    (report,) = reporter.frame(changed, bench.state.wall_s + 0.001, 10.0, False)
    assert report.sequence == 7


def test_late_frames_put_the_display_out_of_budget_until_two_seconds_have_passed():
    reporter, bench = Reporter(BUDGET_MS), Bench()
    told(reporter, bench, 30)
    assert reporter.frames_in_budget
    told(reporter, bench, 10, took_ms=100.0)
    assert not reporter.frames_in_budget
    told(reporter, bench, round(2.1 / FRAME_S))
    assert reporter.frames_in_budget


def test_loading_in_the_dark_is_not_lateness():
    reporter = Reporter(BUDGET_MS)
    told(reporter, Bench(), 5, took_ms=5000.0, is_loading=True)
    assert reporter.frames_in_budget


def test_slow_frames_make_the_picture_coarser_and_quick_ones_finer_again():
    pace = Pace(BUDGET_MS)
    assert [pace.scale for _ in range(12) if pace.frame(100.0)] == list(SCALES[1:])
    assert not any(pace.frame(40.0) for _ in range(500))
    assert any(pace.frame(5.0) for _ in range(200))


def test_one_slow_frame_changes_nothing():
    pace = Pace(BUDGET_MS)
    assert not any(pace.frame(took_ms) for took_ms in (100.0, 10.0) * 50)


def test_frames_begin_evenly_apart():
    assert wait_s(10.0, 10.01, 20.0) == pytest.approx(0.04)
    assert wait_s(10.0, 11.0, 30.0) == 0.0
