"""A full disk, a locked file, a read-only place, a foreign or a newer file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path
from shutil import copy
from tempfile import gettempdir

import pytest

from tests.store.examples import CODE, session_info
from tests.store.raw import raw_connection
from therapy.errors import StoreError
from therapy.session.events import Stopped, Therapist, TherapistAction, Tick
from therapy.store.archive import Archive
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.unlocking import KEY_FILE_VARIABLE
from therapy.store.waiting import RecorderSettings

LONG_NOTE = Therapist(TherapistAction.NOTE, text="n" * 20_000)
QUICK = {"busy_timeout_s": 0.1, "retry_every_s": 0.1}


class Told:
    """Collects failures and lets a test wait for one."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.came = threading.Event()

    def __call__(self, reason: str) -> None:
        self.reasons.append(reason)
        self.came.set()


def written_until_refused(recorder: Recorder) -> tuple[int, StoreError]:
    for seq in range(1000):
        recorder.append_event(seq, seq * 0.1, LONG_NOTE)
        try:
            recorder.flush()
        except StoreError as error:
            return seq, error
    raise AssertionError("the disk never filled")


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(raw_connection(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_full_disk_is_reported_once_and_everything_acknowledged_stays(database: Path) -> None:
    told = Told()
    with Recorder(database, told, RecorderSettings(max_pages=80, retry_every_s=0.05)) as recorder:
        session_id = recorder.begin(session_info())
        acknowledged, error = written_until_refused(recorder)
        assert "full" in error.problem
        assert "Free some space" in error.cure
        for seq in range(acknowledged + 1, acknowledged + 200):
            recorder.append_event(seq, seq * 0.1, LONG_NOTE)
        assert not recorder.ok
        assert len(told.reasons) == 1
        with Archive(database) as archive:
            assert len(archive.journal(session_id)) == acknowledged > 3
    assert recorder.lost_rows == 200
    with Archive(database) as archive:
        assert len(archive.journal(session_id)) == acknowledged
        assert archive.session(session_id).outcome == "interrupted"


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files through the operating system")
def test_a_disk_that_refuses_to_grow_a_file_is_reported(database: Path) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from tests.store.examples import session_info
from tests.store.test_failures import written_until_refused
from therapy.store.recorder import Recorder
from therapy.store.unlocking import KEY_FILE_VARIABLE
recorder = Recorder(Path(sys.argv[1]), lambda reason: print("told:", reason))
print(recorder.begin(session_info()))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))
written, error = written_until_refused(recorder)
print("raised:", error)
print(written)
recorder.close()
"""
    run = subprocess.run(
        [sys.executable, "-c", script, str(database)], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    lines = run.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[1:3]] == ["told", "raised"]
    with Archive(database) as archive:
        assert len(archive.journal(lines[0])) >= int(lines[-1]) > 3


def test_a_lock_by_another_program_is_reported_and_nothing_is_lost_when_it_goes(database: Path) -> None:
    told = Told()
    with Recorder(database, told, RecorderSettings(**QUICK)) as recorder:  # type: ignore[arg-type]
        session_id = recorder.begin(session_info())
        with locked(database):
            recorder.append_event(0, 0.0, Stopped("key", 1))
            assert told.came.wait(10.0)
            recorder.append_event(1, 0.25, Tick())
            with pytest.raises(StoreError, match="locked") as caught:
                recorder.flush()
            assert "Close that program" in caught.value.cure
            assert len(told.reasons) == 1
        recorder.append_event(2, 0.5, Tick())
        recorder.end("stopped-by-patient")
        assert recorder.ok
        assert recorder.lost_rows == 0
    with Archive(database) as archive:
        assert [row.seq for row in archive.journal(session_id)] == [0, 1, 2]
        assert archive.session(session_id).outcome == "stopped-by-patient"


def test_a_second_failure_is_reported_again(database: Path) -> None:
    told = Told()
    with Recorder(database, told, RecorderSettings(**QUICK)) as recorder:  # type: ignore[arg-type]
        recorder.begin(session_info())
        for seq in range(2):
            told.came.clear()
            with locked(database):
                recorder.append_event(seq, 0.0, Stopped("key", 1))
                assert told.came.wait(10.0)
            while not recorder.ok:
                told.came.wait(0.01)
                told.came.clear()
        recorder.flush()
    assert len(told.reasons) == 2


def test_an_overflow_is_reported_once_counted_and_never_raises(database: Path) -> None:
    told = Told()
    with Recorder(database, told, RecorderSettings(queue_rows=50, **QUICK)) as recorder:  # type: ignore[arg-type]
        session_id = recorder.begin(session_info())
        with locked(database):
            for seq in range(80):
                recorder.append_event(seq, seq * 0.01, Tick())
        assert recorder.lost_rows == 30
        while not recorder.ok:
            told.came.wait(0.01)
        recorder.append_event(80, 1.0, Tick())
        recorder.end("safety-stop")
    assert len([reason for reason in told.reasons if "keep up" in reason]) <= 1
    assert told.reasons
    with Archive(database) as archive:
        assert len(archive.journal(session_id)) == 51
        assert archive.session(session_id).lost_rows == 30


def test_a_disk_that_does_not_answer_is_noticed_by_the_next_append(database: Path) -> None:
    told = Told()
    settings = RecorderSettings(busy_timeout_s=30.0, stalled_after_s=0.0, commit_every_s=0.01)
    with Recorder(database, told, settings) as recorder:
        recorder.begin(session_info())
        with locked(database):
            recorder.append_event(0, 0.0, Stopped("key", 1))
            recorder.append_event(1, 0.1, Tick())
            assert "not answered" in told.reasons[0]


def test_a_record_locked_at_the_start_is_an_error_with_a_cure(database: Path) -> None:
    with locked(database), pytest.raises(StoreError, match="locked by another program"):
        Recorder(database, settings=RecorderSettings(busy_timeout_s=0.05))


def test_a_newer_record_is_refused_and_left_alone(database: Path) -> None:
    with closing(raw_connection(database)) as connection, connection:
        connection.execute("INSERT INTO schema_version VALUES (99, '2030-01-01', '9.9')")
    for opener in (Recorder, Archive, People):
        with pytest.raises(StoreError, match="newer version"):
            opener(database)


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "acclimate.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    for opener in (Recorder, Archive):
        with pytest.raises(StoreError, match="not an Acclimate record"):
            opener(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_named_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "acclimate.db"
    path.write_bytes(content)
    for opener in (Recorder, Archive):
        with pytest.raises(StoreError, match="damaged"):
            opener(path)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_no_record_yet_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no record") as caught:
        Archive(tmp_path / "acclimate.db")
    assert "Run a session first" in caught.value.cure


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made") as caught:
        Recorder(tmp_path / "file" / "data" / "acclimate.db")
    assert "--data" in caught.value.cure


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "acclimate.db").mkdir()
    with pytest.raises(StoreError):
        Recorder(tmp_path / "acclimate.db")


@pytest.mark.skipif(os.name != "posix", reason="takes the right to write away through POSIX permissions")
@pytest.mark.parametrize("take_away", ["file", "folder"])
def test_a_read_only_record_can_be_read_and_not_written(
    database: Path, take_away: str, tmp_path: Path, station_key: Path
) -> None:
    with Recorder(database) as recorder:
        recorder.begin(session_info())
        recorder.end("completed")
    for folder in takewhile(lambda one: one != Path(gettempdir()), database.parents):
        folder.chmod(0o755)
    for part in database.parent.iterdir():
        part.chmod(0o444)
    key = copy(station_key, tmp_path)
    Path(key).chmod(0o444)
    database.parent.chmod(0o555 if take_away == "folder" else 0o777)
    script = f"""
import os, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from therapy.errors import StoreError
from therapy.store.archive import Archive
from therapy.store.people import People
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
path = Path({str(database)!r})
with Archive(path) as archive:
    print(archive.session("last").outcome)
try:
    with People(path) as people:
        people.record_consent({CODE!r}, "T-1")
except StoreError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=False, cwd="/", env={**os.environ, KEY_FILE_VARIABLE: key},
    )  # fmt: skip
    database.parent.chmod(0o755)
    assert run.stdout.startswith("completed"), run.stderr
    assert "read-only" in run.stdout.splitlines()[1]
    assert "Allow writing" in run.stdout.splitlines()[1]


@pytest.mark.skipif(os.name != "posix", reason="reads POSIX permissions")
def test_the_record_belongs_to_its_owner_alone(database: Path) -> None:
    assert database.stat().st_mode & 0o077 == 0
    assert database.parent.stat().st_mode & 0o077 == 0
