"""Checking the record against its chain and against checkpoints; the first bad row is named.

What a checkpoint from outside adds: who holds the key can change rows, drop the triggers and calculate a whole new
chain.  Then the chain fits, and only a head that was kept elsewhere tells.  Rows after the newest checkpoint are not
protected against such a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection

from therapy.store.chain import (
    HASH_FUNCTION,
    KEY_COLUMNS,
    Key,
    Sealed,
    Source,
    genesis,
    next_head,
    specification,
    unpack,
)
from therapy.store.checkpoints import Checkpoint
from therapy.store.sources import SOURCES, columns_of, key_sql, triggers

WINDOW = 20_000
MOST_NAMED = 100
_BY_CODE = {source.code: source for source in SOURCES}


class Finding(StrEnum):
    """What is wrong."""

    ROW_CHANGED = "row-changed"
    ROW_MISSING = "row-missing"
    ROW_ADDED = "row-added"
    ENTRY_CHANGED = "entry-changed"
    ENTRY_MISSING = "entry-missing"
    TRIGGER_CHANGED = "trigger-changed"
    OTHER_STORE = "other-store"
    OTHER_SIGNER = "other-signer"
    CHECKPOINT_FORGED = "checkpoint-forged"
    TAIL_CUT = "tail-cut"
    CHAIN_REBUILT = "chain-rebuilt"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong, at the chain's entry `number` if it has one, in words."""

    what: Finding
    number: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What a check came to: how much was checked, the newest head, how much was erased by retention, what is wrong."""

    store_id: str
    entries: int
    head: str
    erased_rows: int
    checkpoints: int
    found: tuple[Found, ...]

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found


@dataclass(slots=True)
class _Walk:
    """How far the chain has been followed, and what was met on the way."""

    store_id: str
    wanted: dict[int, list[Checkpoint]]
    found: list[Found] = field(default_factory=list)
    number: int = -1
    head: bytes = b""
    erased: int = 0
    present: dict[int, int] = field(default_factory=dict)
    newest: dict[tuple[int, Key], tuple[int, bool]] = field(default_factory=dict)

    def tell(self, what: Finding, number: int | None, words: str) -> None:
        self.found.append(Found(what, number, words))


def audit(connection: Connection, store_id: str, public_key: str, checkpoints: Sequence[Checkpoint] = ()) -> Audit:
    """Check everything; `checkpoints` come from outside.  The connection has been taught the chain's functions."""
    fitting, found = _fitting(checkpoints, store_id, public_key)
    wanted: dict[int, list[Checkpoint]] = {}
    for one in fitting:
        wanted.setdefault(one.number, []).append(one)
    walk = _Walk(store_id, wanted, found)
    _check_triggers(connection, walk)
    erased = {row[0] for row in connection.exec_driver_sql("SELECT session_number FROM erasure")}
    while _check_window(connection, erased, walk):
        pass
    _check_newest(walk)
    _check_added(connection, walk)
    _check_tail(walk)
    ordered = sorted(walk.found, key=lambda one: (one.number is None, one.number or 0))
    return Audit(store_id, walk.number, walk.head.hex(), walk.erased, len(fitting), tuple(ordered))


def place_of(connection: Connection) -> tuple[int, bytes]:
    """The newest entry's number and the head after it."""
    row = connection.exec_driver_sql("SELECT number, sealed FROM chain ORDER BY number DESC LIMIT 1").one()
    sealed = unpack(row[1])
    return int(row[0]), sealed.head if sealed else b""


def _fitting(checkpoints: Sequence[Checkpoint], store_id: str, public_key: str) -> tuple[list[Checkpoint], list[Found]]:
    """Those that speak of this store and were signed by it, and what is wrong with the others."""
    fitting, found = [], []
    for one in checkpoints:
        when = f"The checkpoint of {one.at} at entry {one.number}"
        if not one.is_genuine:
            found.append(Found(Finding.CHECKPOINT_FORGED, None, f"{when} is not what was signed."))
        elif one.store_id != store_id:
            words = f"{when} belongs to another record ({one.store_id[:8]}, this is {store_id[:8]})."
            found.append(Found(Finding.OTHER_STORE, None, words))
        elif one.public_key != public_key:
            found.append(Found(Finding.OTHER_SIGNER, None, f"{when} was signed with another key."))
        else:
            fitting.append(one)
    return fitting, found


def _check_triggers(connection: Connection, walk: _Walk) -> None:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = {row[0]: row[1] for row in rows}
    for name, statement in triggers().items():
        if there.get(name) != statement:
            state = "was changed" if name in there else "is missing"
            walk.tell(Finding.TRIGGER_CHANGED, None, f"The trigger {name} {state}.")


def _check_window(connection: Connection, erased: set[int], walk: _Walk) -> bool:
    """Follow the chain some entries further and compare the rows they stand for; False at its end."""
    keys = ", ".join(KEY_COLUMNS)
    rows = connection.exec_driver_sql(
        f"SELECT number, source, sealed, {keys} FROM chain WHERE number > ? ORDER BY number LIMIT {WINDOW}",  # noqa: S608
        (walk.number,),
    ).all()
    if not rows:
        return False
    first = walk.number + 1
    for row in rows:
        _follow(walk, row[0], row[1], unpack(row[2]), (row[3], row[4], row[5], row[6]))
    for source in SOURCES:
        _compare(connection, source, (first, rows[-1][0]), erased, walk)
    return True


def _follow(walk: _Walk, number: int, code: int, sealed: Sealed | None, key: Key) -> None:
    if number != walk.number + 1:
        walk.tell(Finding.ENTRY_MISSING, walk.number + 1, f"Entries {walk.number + 1} to {number - 1} are missing.")
    walk.number = number
    source = _BY_CODE.get(code)
    if number == 0:
        right = sealed == genesis(walk.store_id) and key == (None, None, None, walk.store_id)
        if not right:
            walk.tell(Finding.OTHER_STORE, 0, "The chain was begun for another record.")
        walk.head = sealed.head if sealed else b""
        return
    if sealed is None or source is None:
        walk.tell(Finding.ENTRY_CHANGED, number, f"Entry {number} cannot be read.")
        walk.head = b"" if sealed is None else sealed.head
        return
    if next_head(walk.head, number, source.name, key, sealed.hash) != sealed.head:
        walk.tell(Finding.ENTRY_CHANGED, number, f"Entry {number} ({words_for(source, key)}) does not follow.")
    walk.head = sealed.head
    for checkpoint in walk.wanted.pop(number, ()):
        if checkpoint.head != sealed.head.hex():
            words = f"At entry {number} the chain is another than on {checkpoint.at}: it was calculated anew."
            walk.tell(Finding.CHAIN_REBUILT, number, words)


def _compare(connection: Connection, source: Source, window: tuple[int, int], erased: set[int], walk: _Walk) -> None:
    """Compare the rows of one source that a window of entries stands for."""
    columns = columns_of(source)
    joined = " AND ".join(f"r.{column} = c.{name}" for name, column in source.key)
    values = ", ".join(f"r.{column}" for column in columns)
    found = connection.exec_driver_sql(
        f"SELECT c.number, c.{', c.'.join(KEY_COLUMNS)}, r.{source.key[0][1]} IS NOT NULL, "  # noqa: S608
        f"c.sealed, {HASH_FUNCTION}('{specification(source, columns)}', c.sealed, {values}) "
        f"FROM chain AS c LEFT JOIN {source.table} AS r ON {joined} "
        "WHERE c.number BETWEEN ? AND ? AND c.source = ?",
        (*window, source.code),
    )
    for number, session_number, seq, part, word, is_there, blob, hashed in found:
        key = (session_number, seq, part, word)
        sealed = unpack(blob)
        if not is_there:
            if session_number in erased and source.key[0][0] == "session_number":
                walk.erased += 1
            else:
                walk.tell(Finding.ROW_MISSING, number, f"The row {words_for(source, key)} is missing.")
            continue
        same = sealed is not None and sealed.hash == hashed
        if source.changes:
            walk.newest[source.code, key] = (number, same)
            continue
        walk.present[source.code] = walk.present.get(source.code, 0) + 1
        if not same:
            walk.tell(Finding.ROW_CHANGED, number, f"The row {words_for(source, key)} was changed.")


def _check_newest(walk: _Walk) -> None:
    """Of rows that may change the newest entry counts."""
    for (code, key), (number, same) in walk.newest.items():
        walk.present[code] = walk.present.get(code, 0) + 1
        if not same:
            walk.tell(Finding.ROW_CHANGED, number, f"The row {words_for(_BY_CODE[code], key)} was changed.")


def _check_added(connection: Connection, walk: _Walk) -> None:
    """Rows that no entry stands for."""
    for source in SOURCES:
        count = connection.exec_driver_sql(f"SELECT count(*) FROM {source.table}").scalar_one()  # noqa: S608
        if count == walk.present.get(source.code, 0):
            continue
        for key in _without_entry(connection, source):
            walk.tell(Finding.ROW_ADDED, None, f"The row {words_for(source, key)} was added past the chain.")


def _without_entry(connection: Connection, source: Source) -> Iterator[Key]:
    rows = connection.exec_driver_sql(
        f"SELECT {key_sql(source, 'r')} FROM {source.table} AS r "  # noqa: S608
        f"EXCEPT SELECT {', '.join(KEY_COLUMNS)} FROM chain WHERE source = ? LIMIT {MOST_NAMED}",
        (source.code,),
    )
    for row in rows:
        yield (row[0], row[1], row[2], row[3])


def _check_tail(walk: _Walk) -> None:
    """Checkpoints beyond the chain's end."""
    for number in sorted(walk.wanted):
        for checkpoint in walk.wanted[number]:
            words = (
                f"The chain ends at entry {walk.number}; on {checkpoint.at} it had reached {number}: its end was cut."
            )
            walk.tell(Finding.TAIL_CUT, walk.number + 1, words)


def words_for(source: Source, key: Key) -> str:
    """A row in words: its table and its key."""
    names = dict(source.key)
    values = dict(zip(KEY_COLUMNS, key, strict=True))
    return f"{source.name} ({', '.join(f'{column} {values[name]}' for name, column in names.items())})"
