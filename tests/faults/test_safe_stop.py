"""The journal outside the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from therapy.errors import StoreError
from therapy.store.safe_stop import JOURNAL_NAME, SLOT_BYTES, SLOTS, Entry, SafeStopJournal, What

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
