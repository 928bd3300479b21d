"""The journal outside the database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.working import NOTE, make_record
from tests.store.examples import session_info
from tests.store.raw import raw_connection
from therapy.errors import StoreError
from therapy.session.events import Stopped
from therapy.store.recorder import Recorder
from therapy.store.safe_stop import JOURNAL_NAME, JOURNAL_PURPOSE, SLOT_BYTES, SLOTS, Entry, SafeStopJournal, What
from therapy.store.unlocking import at_desk
from therapy.store.waiting import RecorderSettings

KEY = bytes(range(32))
SESSION_ID = "3f" * 16


def entry(reason: str = "The disk is full.") -> Entry:
    return Entry(SESSION_ID, "2026-11-23T10:00:00+01:00", 12.25, What.RECORD_FAILED, reason)


def written(path: Path, *entries: Entry, key: bytes = KEY) -> None:
    journal = SafeStopJournal(path, key)
    for one in entries:
        journal.note(one)
    journal.close()


def read(path: Path, key: bytes = KEY) -> list[Entry]:
    journal = SafeStopJournal(path, key)
    found = [one for _, one in journal.entries()]
    journal.close()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / JOURNAL_NAME


def test_what_is_noted_is_there_at_the_next_start_in_order(path: Path) -> None:
    written(path, entry("one"), entry("two"))
    written(path, entry("three"))
    assert [one.reason for one in read(path)] == ["one", "two", "three"]
    assert read(path)[0] == entry("one")


def test_its_room_is_taken_before_and_never_grows(path: Path) -> None:
    written(path)
    assert path.stat().st_size == SLOTS * SLOT_BYTES
    written(path, *(entry(f"{number} " + "é" * 5000) for number in range(SLOTS + 3)))
    assert path.stat().st_size == SLOTS * SLOT_BYTES
    found = read(path)
    assert len(found) == SLOTS
    assert found[-1].reason.startswith(f"{SLOTS + 2} ")


def test_nothing_of_it_can_be_read_without_the_key(path: Path) -> None:
    written(path, entry("The disk with the record is full."))
    data = path.read_bytes()
    assert b"full" not in data
    assert SESSION_ID.encode() not in data
    assert read(path, key=b"k" * 32) == []


def test_a_torn_or_changed_slot_is_left_out_and_the_others_stay(path: Path) -> None:
    written(path, entry("one"), entry("two"), entry("three"))
    data = bytearray(path.read_bytes())
    data[2 * SLOT_BYTES + 60] ^= 1
    path.write_bytes(data[: (SLOTS - 1) * SLOT_BYTES + 100])
    assert [one.reason for one in read(path)] == ["one", "three"]
    assert path.stat().st_size == SLOTS * SLOT_BYTES


def test_a_cleared_journal_is_empty_and_can_be_used_again(path: Path) -> None:
    written(path, entry("one"))
    journal = SafeStopJournal(path, KEY)
    journal.clear()
    journal.note(entry("two"))
    journal.close()
    assert [one.reason for one in read(path)] == ["two"]


def test_a_place_where_it_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be prepared"):
        SafeStopJournal(tmp_path / "missing" / JOURNAL_NAME, KEY)


def test_what_happened_while_the_disk_was_full_is_on_the_record_after_the_next_start(tmp_path: Path) -> None:
    database = tmp_path / "acclimate.db"
    make_record(database)
    told: list[str] = []
    with Recorder(database, told.append, RecorderSettings(max_pages=150, retry_every_s=0.1)) as recorder:
        session_id = recorder.begin(session_info())
        for seq in range(400):
            recorder.append_event(seq, seq * 0.25, NOTE)
        with pytest.raises(StoreError, match="full"):
            recorder.flush()
        recorder.append_event(400, 100.0, Stopped("key", 1))
        with pytest.raises(StoreError):
            recorder.end("stopped-by-patient")
    with Recorder(database):
        pass
    with closing(raw_connection(database)) as raw:
        rows = raw.execute("SELECT session_id, t_s, what, reason FROM safe_stop ORDER BY number").fetchall()
    assert {row[0] for row in rows} == {session_id}
    assert "full" in rows[0][3]
    assert (100.0, "not-yet-saved", "Stopped") in [row[1:] for row in rows]
    assert rows[-1][2:] == ("session-ended", "stopped-by-patient")
    assert read(database.with_name(JOURNAL_NAME), at_desk(database).vault.derive(JOURNAL_PURPOSE)) == []
    assert len(told) == 1
