"""Real processes die, and the record is read afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.store.examples import session_info
from therapy.store.archive import Archive
from therapy.store.people import People
from therapy.store.recorder import Recorder

ROOT = Path(__file__).parents[2]


@contextmanager
def recording(database: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tests.store.recording_child", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        try:
            yield child, child.stdout.readline().strip()
        finally:
            child.kill()


def said_until_killed(child: subprocess.Popen[str], ticks: int) -> float:
    """The last time the child said it had appended."""
    assert child.stdout is not None
    for _ in range(ticks):
        child.stdout.readline()
    child.kill()
    rest = [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return float(rest[-1]) if rest else 0.0


@pytest.mark.parametrize("ticks", [120, 155, 230, 290])
def test_a_killed_session_loses_less_than_a_second(database: Path, ticks: int) -> None:
    with recording(database) as (child, session_id):
        said_s = said_until_killed(child, ticks)
    with Archive(database) as archive:
        record = archive.session(session_id)
        journal = archive.journal(session_id)
    assert [row.seq for row in journal] == list(range(len(journal)))
    assert said_s - journal[-1].t_s < 1.0
    assert (record.outcome, record.last_t_s) == ("interrupted", journal[-1].t_s)


def test_the_next_start_marks_what_a_crash_left_open(database: Path) -> None:
    with recording(database) as (child, session_id):
        said_until_killed(child, 150)
    with Archive(database) as archive:
        last_t_s = archive.session(session_id).last_t_s
    with People(database) as people:
        assert people.close_interrupted() == (session_id,)
        assert people.close_interrupted() == ()
    with Archive(database) as archive:
        record = archive.session(session_id)
    assert (record.outcome, record.last_t_s) == ("interrupted", last_t_s)
    assert f"{last_t_s:.2f} s" in record.detail
    assert not list(database.parent.glob("running-*"))


def test_a_session_still_recorded_by_another_process_is_left_alone(database: Path) -> None:
    with recording(database) as (_, session_id):
        with People(database) as people:
            assert people.close_interrupted() == ()
        with Archive(database) as archive:
            assert archive.session(session_id).is_running


def test_a_new_session_can_be_recorded_after_a_crash(database: Path) -> None:
    with recording(database) as (child, _):
        said_until_killed(child, 60)
    with Recorder(database) as recorder:
        recorder.begin(session_info())
        recorder.end("completed")
    with Archive(database) as archive:
        assert [record.outcome for record in archive.sessions()] == ["interrupted", "completed"]


def test_a_session_closed_without_an_end_reads_as_interrupted(database: Path) -> None:
    with Recorder(database) as recorder:
        session_id = recorder.begin(session_info())
    with Archive(database) as archive:
        assert archive.session(session_id).outcome == "interrupted"
        assert archive.session(session_id).last_t_s == 0.0
