"""Backups, the drill, restoring, and what retention removes."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.store.examples import CODE, session_info
from tests.store.raw import raw_connection
from therapy.cli import backup as cli
from therapy.control.decision import Stage
from therapy.errors import AcclimateError, StoreError, UsageError
from therapy.session.events import Tick
from therapy.store import backup as backups
from therapy.store.archive import Archive
from therapy.store.auditing import Auditor
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.retention import Keeping, Retention
from therapy.store.unlocking import at_desk

NOW = datetime.now().astimezone()


def recorded(database: Path, days_ago: float = 0.0, ticks: int = 5) -> str:
    with Recorder(database) as recorder:
        session_id = recorder.begin(session_info(started=NOW - timedelta(days=days_ago)))
        for seq in range(ticks):
            recorder.append_event(seq, seq * 0.25, Tick())
        recorder.end("completed")
    return session_id


def restored(backup: Path, folder: Path, room: Path) -> Path | None:
    apart = backups.take_apart(backup, room)
    desk = at_desk(room / "acclimate.db")
    backups.require_whole(apart, desk.vault)
    return backups.restore(backup, desk, folder, NOW)


def test_a_backup_made_beside_a_running_session_is_whole_and_restores(database: Path, tmp_path: Path) -> None:
    with Recorder(database) as recorder:
        session_id = recorder.begin(session_info())
        recorder.append_event(0, 0.0, Tick())
        recorder.flush()
        made = backups.make_backup(database, tmp_path / "stick", NOW)
        recorder.append_event(1, 0.25, Tick())
        recorder.end("completed")
    assert (made.sessions, made.manifest.rows["journal"]) == (1, 1)
    assert sorted(path.name for path in made.path.parent.iterdir()) == [made.path.name, "acclimate.patients"]
    assert b"HX-014" not in made.path.read_bytes()
    (tmp_path / "room").mkdir()
    assert restored(made.path, tmp_path / "new", tmp_path / "room") is None
    with Archive(tmp_path / "new" / "acclimate.db") as archive:
        assert archive.session("last").session_id == session_id
    assert Auditor(tmp_path / "new" / "acclimate.db").verify().is_intact
    if os.name == "posix":
        assert [one.name for one in (tmp_path / "new").glob("acclimate.[dkp]*") if one.stat().st_mode & 0o077] in (
            [], ["acclimate.keys.lock"],
        )  # fmt: skip


def test_restoring_keeps_the_newer_record_that_was_there(database: Path, tmp_path: Path) -> None:
    made = backups.make_backup(database, tmp_path / "stick", NOW)
    newer = recorded(database)
    (tmp_path / "room").mkdir()
    kept = restored(made.path, database.parent, tmp_path / "room")
    assert kept is not None
    shutil.copy(database.with_name("acclimate.patients"), kept)
    with Archive(kept / "acclimate.db") as archive:
        assert archive.session("last").session_id == newer
    with Archive(database) as archive:
        assert archive.sessions() == ()
    assert recorded(database)


@pytest.mark.parametrize("place_0to1", [0.05, 0.5, 0.9])
def test_the_drill_finds_a_changed_byte(database: Path, tmp_path: Path, place_0to1: float) -> None:
    made = backups.make_backup(database, tmp_path / "stick", NOW)
    assert backups.check_backup(made.path, at_desk(database).vault, tmp_path).head == made.head
    data = bytearray(made.path.read_bytes())
    data[int(len(data) * place_0to1)] ^= 1
    made.path.write_bytes(data)
    with pytest.raises(StoreError, match=r"damaged|not signed"):
        backups.check_backup(made.path, at_desk(database).vault, tmp_path)
    assert not list(tmp_path.glob(".acclimate-*"))


def test_the_drill_refuses_half_a_backup_and_what_is_none(database: Path, tmp_path: Path) -> None:
    made = backups.make_backup(database, tmp_path / "stick", NOW)
    made.path.write_bytes(made.path.read_bytes()[:-500])
    vault = at_desk(database).vault
    with pytest.raises(StoreError, match="damaged"):
        backups.check_backup(made.path, vault, tmp_path)
    with pytest.raises(UsageError, match="no file"):
        backups.check_backup(tmp_path / "missing.zip", vault, tmp_path)


def test_a_session_that_is_recorded_keeps_a_restore_away(database: Path, tmp_path: Path) -> None:
    made = backups.make_backup(database, tmp_path / "stick", NOW)
    (tmp_path / "room").mkdir()
    with Recorder(database) as recorder:
        recorder.begin(session_info())
        with pytest.raises(StoreError, match="being recorded"):
            restored(made.path, database.parent, tmp_path / "room")
    assert Auditor(database).verify().is_intact


def test_a_backup_waits_for_nobody(database: Path, tmp_path: Path) -> None:
    done = threading.Event()
    with Recorder(database) as recorder:
        recorder.begin(session_info())

        def back_up() -> None:
            backups.make_backup(database, tmp_path / "stick", NOW)
            done.set()

        worker = threading.Thread(target=back_up)
        worker.start()
        for seq in range(60):
            recorder.append_event(seq, seq * 0.01, Tick())
            recorder.flush()
        worker.join(30.0)
        assert done.is_set()
        assert recorder.ok
        assert recorder.lost_rows == 0


def test_retention_removes_old_sessions_and_leaves_the_chain_whole(database: Path) -> None:
    old, young = recorded(database, days_ago=400.0), recorded(database, days_ago=10.0)
    before = Auditor(database).checkpoint()
    with Keeping(database) as keeping:
        assert keeping.settings() == Retention(3650, 90, 3)
        assert keeping.due(NOW) == ()
        keeping.change(Retention(365, 30, 2), "T-1")
        (due,) = keeping.due(NOW)
        assert due.session_id == old
        assert keeping.remove(due, "T-1", "older than 365 days") == 6
    with Archive(database) as archive:
        assert [record.session_id for record in archive.sessions()] == [young]
    found = Auditor(database).verify((before,))
    assert found.found == ()
    assert found.erased_rows >= 6
    with closing(raw_connection(database)) as raw:
        assert raw.execute("SELECT session_id, recorded_by FROM erasure").fetchall() == [(old, "T-1")]
        assert raw.execute("SELECT max(length(sealed)) FROM chain WHERE session_number = 1").fetchone() == (64,)
        with pytest.raises(Exception, match="never changed"):
            raw.execute("DELETE FROM journal")
    with Keeping(database) as keeping, pytest.raises(AcclimateError, match="no time"):
        keeping.change(Retention(0, 30, 2), "T-1")


def test_old_backups_go_and_the_newest_stay(tmp_path: Path) -> None:
    for days in (400, 300, 200, 100, 1):
        (tmp_path / backups.backup_name(NOW - timedelta(days=days))).touch()
    names = [path.name for path in backups.too_old(tmp_path, Retention(3650, 90, 3), NOW)]
    assert names == [backups.backup_name(NOW - timedelta(days=days)) for days in (400, 300)]
    assert backups.too_old(tmp_path, Retention(3650, 500, 1), NOW) == []


def test_patients_who_were_erased_do_not_come_back_with_a_backup(database: Path, tmp_path: Path) -> None:
    made = backups.make_backup(database, tmp_path / "stick", NOW)
    at_desk(database).vault.patients.destroy(CODE)
    (tmp_path / "room").mkdir()
    restored(made.path, database.parent, tmp_path / "room")
    assert at_desk(database).vault.patients.is_erased(CODE)
    with People(database) as people:
        assert [one.code for one in people.patients()] == [CODE]


def test_another_record_that_was_there_keeps_its_patients_keys(database: Path, tmp_path: Path) -> None:
    made = backups.make_backup(database, tmp_path / "stick", NOW)
    other = tmp_path / "other" / "acclimate.db"
    with People(other) as people:
        people.register_patient("OTHER-1", 1990)
        people.record_stage("OTHER-1", Stage.SUGGEST_ONLY, "T-1", "said something")
    (tmp_path / "room").mkdir()
    kept = restored(made.path, other.parent, tmp_path / "room")
    assert kept is not None
    with People(kept / "acclimate.db") as people:
        assert people.automation("OTHER-1").changes[-1].reason == "said something"
    with People(other) as people:
        assert [one.code for one in people.patients()] == [CODE]


def test_the_commands_back_up_check_restore_and_remove(database: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    old = recorded(database, days_ago=400.0)
    app = typer.Typer()
    for command in (cli.backup, cli.restore, cli.retention):
        app.command()(command)

    def said(*words: str) -> str:
        result = runner.invoke(app, [*words, "--data", str(database.parent)])
        assert result.exit_code == 0, result.output
        return result.output

    assert said("backup").startswith("Saved:")
    assert "1 session," in said("backup", "--drill")
    (backup,) = backups.backups_in(database.parent / "backups")
    assert said("restore", str(backup), "--check").startswith("Whole:")
    assert old[:8] in said("retention", "--sessions-days", "365")
    assert f"Removed {old[:8]}" in said("retention", "--remove", "--by", "T-1")
    assert "is kept in" in said("restore", str(backup))
    with Archive(database) as archive:
        assert archive.session("last").session_id == old
    refused = runner.invoke(app, ["backup", "--drill", "--to", str(tmp_path / "none"), "--data", str(database.parent)])
    assert isinstance(refused.exception, UsageError)
