"""A record of an older version is brought up to the present schema, all or nothing."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.store.examples import CODE, decision, session_info
from tests.store.older import SESSION, make_older_record
from therapy.control.decision import Limits, Reason, Rule, Stage
from therapy.errors import StoreError
from therapy.session.events import Answered, Decided
from therapy.store import migrations
from therapy.store.archive import Archive
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.tables import SCHEMA_VERSION


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "acclimate.db"
    make_older_record(path)
    return path


def shape(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's columns and every index, as SQLite itself describes them."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
        found |= {f"{name} index": connection.execute(f"PRAGMA index_list({name})").fetchall() for name in names}
        keys = {f"{name} key": connection.execute(f"PRAGMA foreign_key_list({name})").fetchall() for name in names}
        return found | keys


def versions(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [version for (version,) in connection.execute("SELECT version FROM schema_version ORDER BY version")]


def copies(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir() if not one.name.startswith(path.name))


def test_an_older_record_gets_the_shape_of_a_new_one(older: Path, tmp_path: Path) -> None:
    People(older).close()
    fresh = tmp_path / "fresh" / "acclimate.db"
    People(fresh).close()
    assert shape(older) == shape(fresh)
    assert versions(older) == [1, SCHEMA_VERSION]


@pytest.mark.parametrize("brought_up", [False, True], ids=["as it is", "brought up"])
def test_what_an_older_record_holds_reads_the_same_before_and_after(older: Path, brought_up: bool) -> None:
    if brought_up:
        People(older).close()
    with Archive(older) as archive:
        session = archive.session("last")
        (found,) = archive.decisions(session.session_id)
        (answered,) = archive.journal(session.session_id)
        assert archive.counts(session.session_id)["decisions"] == 1
    assert (session.session_id, session.outcome) == (SESSION, "completed")
    assert (found.seq, found.t_s, found.what.rule, found.what.reasons) == (7, 61.25, Rule.LADDER_UP, (Reason.SUDS_LOW,))
    assert (found.what.limiting, found.what.suggested_0to1, found.what.pace_per_min) == (None, None, None)
    assert found.what.inputs.limits == Limits(1.0, 0.4, 0.1)
    assert found.what.inputs.stage is Stage.BOUNDED_RAISE
    assert answered.what == Answered(3, "suds", 30)


def test_reading_an_older_record_does_not_change_it(older: Path) -> None:
    with Archive(older) as archive:
        archive.decisions(SESSION)
    assert versions(older) == [1]
    assert copies(older) == []


def test_a_session_can_be_recorded_into_an_older_record(older: Path) -> None:
    limited = decision(1.0, limiting=Reason.CEILING, suggested_0to1=0.1 + 0.2, pace_per_min=5.5)
    with Recorder(older) as recorder:
        session_id = recorder.begin(session_info())
        recorder.append_output(1, 1.0, Decided(limited))
        recorder.end("completed")
    with Archive(older) as archive:
        assert [row.what for row in archive.decisions(session_id)] == [limited]
        assert len(archive.sessions(CODE)) == 2


def test_a_whole_copy_of_the_older_record_is_kept(older: Path) -> None:
    People(older).close()
    assert copies(older) == ["acclimate-schema-1.db"]
    copy = older.with_name("acclimate-schema-1.db")
    assert versions(copy) == [1]
    with Archive(copy) as archive:
        assert len(archive.decisions(SESSION)) == 1


@pytest.mark.skipif(os.name != "posix", reason="reads POSIX permissions")
def test_the_copy_belongs_to_its_owner_alone(older: Path) -> None:
    People(older).close()
    assert older.with_name("acclimate-schema-1.db").stat().st_mode & 0o077 == 0


def test_without_a_copy_nothing_is_changed(older: Path) -> None:
    older.with_name("acclimate-schema-1.db").mkdir()
    with pytest.raises(StoreError, match="no copy of it can be made"):
        People(older)
    assert versions(older) == [1]
    assert copies(older) == ["acclimate-schema-1.db"]


def test_a_migration_that_fails_half_way_leaves_the_record_as_it_was(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shape(older)

    def half(connection: Connection) -> None:
        migrations._from_1(connection)
        connection.exec_driver_sql("CREATE TABLE patient (broken)")

    with monkeypatch.context() as patched:
        patched.setitem(migrations.MIGRATIONS, 1, half)
        with pytest.raises(StoreError):
            People(older)
    assert shape(older) == before
    assert versions(older) == [1]
    with People(older) as people:
        assert [patient.code for patient in people.patients()] == [CODE]
    assert versions(older) == [1, SCHEMA_VERSION]


def test_two_programs_may_open_an_older_record_at_once(older: Path) -> None:
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            People(older).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert versions(older) == [1, SCHEMA_VERSION]
    assert copies(older) == ["acclimate-schema-1.db"]


def test_an_earlier_copy_is_not_overwritten(older: Path) -> None:
    copy = older.with_name("acclimate-schema-1.db")
    copy.write_bytes(b"kept")
    People(older).close()
    assert copy.read_bytes() == b"kept"


def test_a_table_of_versions_without_a_version_is_no_record(older: Path) -> None:
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("DELETE FROM schema_version")
    for opener in (People, Archive):
        with pytest.raises(StoreError, match="not an Acclimate record"):
            opener(older)
