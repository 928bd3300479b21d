"""Records of older versions, which lay in plain text, become encrypted ones of the present schema, all or nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from tests.store.examples import CODE, decision, session_info
from tests.store.older import SESSION, make_older_record
from tests.store.raw import dumped, raw_connection
from therapy.control.decision import Limits, Reason, Rule, Stage
from therapy.errors import StoreError
from therapy.session.events import Answered, Decided, Noticed, SessionEnded, Therapist
from therapy.store import migrations, plain
from therapy.store.archive import Archive
from therapy.store.connecting import connect_to_read, is_plain
from therapy.store.founding import found_record
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.roles import Role
from therapy.store.tables import SCHEMA_VERSION
from therapy.store.unlocking import at_desk
from therapy.store.vault import Vault

SCHEMA_2 = Path(__file__).with_name("schema_2.sql")
SESSION_2 = "52" + "0" * 30
WORDS = ("Clara", "at the lift", "may watch", "sister")


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A plain record of schema 1."""
    path = tmp_path / "data" / "acclimate.db"
    make_older_record(path)
    return path


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A plain record of schema 2, as the version before encryption wrote it, with a copy of an older schema beside."""
    path = tmp_path / "data" / "acclimate.db"
    path.parent.mkdir()
    for place in (path, path.with_name("acclimate-schema-1.db")):
        with closing(sqlite3.connect(place)) as connection:
            connection.execute("PRAGMA page_size = 8192")
            connection.executescript(SCHEMA_2.read_text(encoding="utf-8"))
            connection.execute("PRAGMA journal_mode = WAL")
    return path


def shape(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's columns and every index, as SQLite itself describes them."""
    with closing(raw_connection(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: connection.execute(f'PRAGMA table_info("{name}")').fetchall() for name in names}
        found |= {f"{name} index": connection.execute(f'PRAGMA index_list("{name}")').fetchall() for name in names}
        keys = {f"{name} key": connection.execute(f'PRAGMA foreign_key_list("{name}")').fetchall() for name in names}
        return {name: sorted(rows, key=str) for name, rows in (found | keys).items()}


def versions(path: Path) -> list[int]:
    with closing(raw_connection(path)) as connection:
        return [version for (version,) in connection.execute("SELECT version FROM schema_version ORDER BY version")]


def names_in(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir() if not one.name.endswith((".lock", "-wal", "-shm"))}


@pytest.mark.parametrize("from_schema", ["older", "second"])
def test_an_older_record_gets_the_shape_of_a_new_one(
    from_schema: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(from_schema)
    People(path).close()
    fresh = tmp_path / "fresh" / "acclimate.db"
    People(fresh).close()
    assert shape(path) == shape(fresh)
    assert versions(path)[-1] == SCHEMA_VERSION
    with closing(raw_connection(path)) as connection:
        assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_an_older_record_holds_reads_the_same_afterwards(older: Path) -> None:
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


def test_free_text_of_a_plain_record_is_sealed_and_still_read(second: Path) -> None:
    with Archive(second) as archive:
        texts = [row.what.text for row in archive.journal(SESSION_2, (Therapist,)) if isinstance(row.what, Therapist)]
        told = [row.what.detail for row in archive.events(SESSION_2) if isinstance(row.what, Noticed | SessionEnded)]
        session = archive.session(SESSION_2)
    assert texts == ["spoke of Clara at the lift", "Clara may watch", "gust", "Clara called"]
    assert told == ["spoke of Clara at the lift", "5 Clara may watch", "gust", "Clara called"]
    assert session.detail == "Clara called"
    with People(second) as people:
        assert [one.reason for one in people.automation(CODE).changes] == ["her sister Clara fell last year"]
        assert people.readiness(CODE).cautions == ("migraine",)
    with closing(raw_connection(second)) as connection:
        stored = dumped(connection)
    assert [word for word in WORDS if word in stored] == []
    assert "gust" in stored


def test_the_plain_file_and_its_plain_copies_are_gone_and_an_encrypted_copy_is_kept(second: Path) -> None:
    People(second).close()
    files = [one for one in second.parent.iterdir() if one.is_file()]
    assert not any(is_plain(one) for one in files)
    content = b"".join(one.read_bytes() for one in files if one.name != "acclimate.patients")
    assert [word for word in (*WORDS, CODE, "heights-first") if word.encode() in content] == []
    assert names_in(second.parent) == {
        "acclimate.db", "acclimate-schema-2.db", "acclimate.keys", "acclimate.keys.copy", "acclimate.patients",
    }  # fmt: skip
    with closing(connect_to_read(second.with_name("acclimate-schema-2.db"), at_desk(second).vault, 1.0)) as copy:
        assert copy.execute("SELECT max(version) FROM schema_version").fetchall() == [(2,)]
    if os.name == "posix":
        assert all(one.stat().st_mode & 0o077 == 0 for one in files if "lock" not in one.name)


def test_a_session_can_be_recorded_into_an_older_record(second: Path) -> None:
    limited = decision(1.0, limiting=Reason.CEILING, suggested_0to1=0.1 + 0.2, pace_per_min=5.5)
    with Recorder(second) as recorder:
        session_id = recorder.begin(session_info())
        recorder.append_output(1, 1.0, Decided(limited))
        recorder.end("completed")
    with Archive(second) as archive:
        assert [row.what for row in archive.decisions(session_id)] == [limited]
        assert len(archive.sessions(CODE)) == 2


def encrypted_second(path: Path) -> tuple[Path, Vault]:
    """An encrypted record that still has schema 2: what a kill between encrypting and migrating leaves."""
    plain_bytes = path.read_bytes()
    path.unlink()
    vault = at_desk(path, may_found=True).vault
    path.write_bytes(plain_bytes)
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    plain.encrypt_plain(path, vault)
    return path, vault


def test_without_a_copy_nothing_is_migrated(second: Path) -> None:
    path, vault = encrypted_second(second)
    path.with_name("acclimate-schema-2.db").mkdir()
    with pytest.raises(StoreError, match="no copy of it can be made"):
        People(path)
    with closing(connect_to_read(path, vault, 1.0)) as connection:
        assert connection.execute("SELECT max(version) FROM schema_version").fetchall() == [(2,)]


def test_an_earlier_copy_is_not_overwritten(second: Path) -> None:
    path, _ = encrypted_second(second)
    copy = path.with_name("acclimate-schema-2.db")
    copy.write_bytes(b"kept")
    People(path).close()
    assert copy.read_bytes() == b"kept"


def test_a_migration_that_fails_half_way_leaves_the_record_as_it_was(
    second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, vault = encrypted_second(second)
    whole = migrations.migrate

    def half(connection: object, found: int) -> None:
        whole(connection, found)  # type: ignore[arg-type]
        connection.exec_driver_sql("CREATE TABLE patient (broken)")  # type: ignore[attr-defined]

    with monkeypatch.context() as patched:
        patched.setattr("therapy.store.database.migrate", half)
        with pytest.raises(StoreError):
            People(path)
    with closing(connect_to_read(path, vault, 1.0)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert not names & {"user", "alembic_version", "identity"}
    with People(path) as people:
        assert {patient.code for patient in people.patients()} == {CODE, "HX-015"}
    assert versions(path) == [2, SCHEMA_VERSION]


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


def test_a_plain_record_in_use_or_of_a_newer_version_stays_as_it_is(second: Path) -> None:
    with closing(sqlcipher.connect(second, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            People(second)
        other.execute("ROLLBACK")
        assert is_plain(second)
        other.execute("INSERT INTO schema_version VALUES (99, '2030-01-01', '9.9')")
    with pytest.raises(StoreError, match="newer version"):
        People(second)
    assert is_plain(second)


def test_a_table_of_versions_without_a_version_is_no_record(older: Path) -> None:
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("DELETE FROM schema_version")
    for opener in (People, Archive):
        with pytest.raises(StoreError, match="not an Acclimate record"):
            opener(older)


KILLED_AT = """
import os, sys
from pathlib import Path
from therapy.store import atomic, plain, unlocking
step = {step!r}
def die(*_): os._exit(9)
if step == "before-export": plain._export = die
elif step == "after-export": plain._require_same = die
elif step == "before-rename": plain.sync_file = die
elif step == "after-rename": plain.sync_folder = die
elif step == "before-users": unlocking.found_record = die
unlocking.at_desk(Path(sys.argv[1]), may_found=True)
"""


@pytest.mark.parametrize("step", ["before-export", "after-export", "before-rename", "after-rename", "before-users"])
def test_a_kill_at_any_step_leaves_one_whole_record(second: Path, step: str) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED_AT.format(step=step), str(second)], check=False)
    assert run.returncode == 9
    assert is_plain(second) == (step in {"before-export", "after-export", "before-rename"})
    with Archive(second) as archive:
        assert archive.session("last").detail == "Clara called"
        assert len(archive.journal(SESSION_2)) == 5
    assert not is_plain(second)
    assert not [one for one in second.parent.iterdir() if "encrypting" in one.name]
    with People(second) as people:
        assert len(people.patients()) == 2


def test_founding_twice_changes_nothing(second: Path) -> None:
    desk = at_desk(second)
    found_record(second, desk.vault, ("f" * 32, "somebody else"), frozenset({Role.ADMINISTRATOR}))
    with closing(raw_connection(second)) as connection:
        assert connection.execute('SELECT name FROM "user"').fetchall() == [("station",)]
