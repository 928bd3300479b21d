"""Whatever is done to one row, the check finds it; what is left alone is intact."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.audit.records import SIGNER, STORE_ID, copy_of, make_record, opened
from tests.audit.tampering import (
    DEEDS,
    Deed,
    Record,
    audited,
    edit_a_value,
    escaped,
    put_back,
    rebuild,
    without_triggers,
)
from therapy.store.audit import Finding
from therapy.store.checkpoints import Signer, make_checkpoint, parse_checkpoint

TRIALS = 10


@pytest.fixture(scope="module")
def record() -> Iterator[Record]:
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as raw:
        yield raw, make_record(raw)


def test_a_record_left_alone_is_intact(record: Record) -> None:
    raw, checkpoint = record
    found = audited(raw, checkpoint)
    assert found.found == ()
    assert found.entries == raw.execute("SELECT max(number) FROM chain").fetchone()[0] > 200
    assert found.checkpoints == 1


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_every_single_change_is_found(record: Record, deed: Deed) -> None:
    assert escaped(record, deed, range(TRIALS)) == []


def test_the_first_changed_row_is_named(record: Record) -> None:
    with copy_of(record[0]) as raw:
        without_triggers(raw)
        raw.execute("UPDATE decision SET applied_0to1 = 0.9 WHERE session_number = 2 AND seq >= 5")
        put_back(raw)
        first = audited(raw).found[0]
    assert first.what is Finding.ROW_CHANGED
    assert "decision (session_number 2, seq 5, part 0)" in first.words


def test_a_chain_calculated_anew_fits_itself_and_betrays_itself_to_a_checkpoint(record: Record) -> None:
    with copy_of(record[0]) as raw:
        without_triggers(raw)
        rebuild(raw, random.Random(1))
        put_back(raw)
        assert audited(raw).is_intact
        assert audited(raw, record[1]).found[0].what is Finding.CHAIN_REBUILT


def test_missing_triggers_are_found(record: Record) -> None:
    with copy_of(record[0]) as raw:
        opened(raw)
        raw.execute("DROP TRIGGER hold_rating")
        assert [found.what for found in audited(raw).found] == [Finding.TRIGGER_CHANGED]


def test_checkpoints_of_others_and_forged_ones_are_told_apart(record: Record) -> None:
    raw, right = record
    place = (right.number, bytes.fromhex(right.head))
    other_store = make_checkpoint(SIGNER, "ff" * 16, place, right.at, "test")
    other_key = make_checkpoint(Signer(b"k" * 32), STORE_ID, place, right.at, "test")
    forged = replace(right, number=right.number + 1)
    told = [audited(raw, one).found[0].what for one in (other_store, other_key, forged)]
    assert told == [Finding.OTHER_STORE, Finding.OTHER_SIGNER, Finding.CHECKPOINT_FORGED]
    assert parse_checkpoint(right.as_json()) == right


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rating SET answer = 0",
        "DELETE FROM rating",
        "REPLACE INTO rating SELECT * FROM rating",
        "UPDATE session SET outcome = 'other' WHERE number = 1",
        "UPDATE session SET patient_code = 'B-2'",
        "DELETE FROM chain",
    ],
)
def test_the_database_itself_refuses_changes(record: Record, statement: str) -> None:
    with copy_of(record[0]) as raw:
        opened(raw)
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            raw.execute(statement)


def test_another_program_cannot_add_rows(record: Record) -> None:
    with copy_of(record[0]) as raw, pytest.raises(sqlite3.OperationalError, match="no such function"):
        raw.execute("INSERT INTO protocol VALUES ('x', 'y')")


def test_a_salted_row_changed_is_found_by_its_content(record: Record) -> None:
    with copy_of(record[0]) as raw:
        without_triggers(raw)
        what = edit_a_value(raw, random.Random(3))
        put_back(raw)
        assert audited(raw).found[0].what is Finding.ROW_CHANGED, what
