"""What someone with the key may do to a record: one thing at a time, by chance."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from tests.audit.records import SIGNER, STORE_ID, any_value, copy_of, opened, table
from therapy.store.audit import Audit, audit
from therapy.store.chain import KEY_COLUMNS, Key, genesis, next_head, pack, row_hash, unpack
from therapy.store.checkpoints import Checkpoint
from therapy.store.sources import SOURCES, columns_of, install, triggers

TABLES = tuple(dict.fromkeys(source.table for source in SOURCES if source.table != "erasure"))
Deed = Callable[[sqlite3.Connection, random.Random], str]
Record = tuple[sqlite3.Connection, Checkpoint]
"""A record and the newest checkpoint of it that was kept elsewhere."""


def audited(raw: sqlite3.Connection, *checkpoints: Checkpoint) -> Audit:
    return audit(opened(raw), STORE_ID, SIGNER.public_key, checkpoints)


def escaped(record: Record, deed: Deed, seeds: range) -> list[str]:
    """What was done and not found."""
    whole, checkpoint = record
    missed = []
    for seed in seeds:
        with copy_of(whole) as raw:
            without_triggers(raw)
            what = deed(raw, random.Random(seed))
            put_back(raw)
            if audited(raw, checkpoint).is_intact:
                missed.append(f"{deed.__name__} {seed}: {what}")
    return missed


def without_triggers(raw: sqlite3.Connection) -> None:
    for name in triggers():
        raw.execute(f"DROP TRIGGER IF EXISTS {name}")


def put_back(raw: sqlite3.Connection) -> None:
    """The triggers as they were, so that only what was done to the rows can tell."""
    connection = opened(raw)
    install(connection)


def edit(raw: sqlite3.Connection, chance: random.Random) -> str:
    """Another value in one column of one row, the chain's own included."""
    name = chance.choice([*TABLES, "chain"])
    column = chance.choice(list(table(name).columns))
    key, row = _row(raw, name, chance)
    before = row[column.name]
    after = before
    while after == before or (after in {0, None} and before in {0, None}):
        after = any_value(chance, column)
    raw.execute(f"UPDATE OR REPLACE {name} SET {column.name} = ? WHERE {key}", (after,))
    return f"{name}.{column.name} of {key}: {before!r} to {after!r}"


def delete(raw: sqlite3.Connection, chance: random.Random) -> str:
    name = chance.choice([*TABLES, "chain"])
    key, _ = _row(raw, name, chance)
    raw.execute(f"DELETE FROM {name} WHERE {key}")
    return f"{name}: {key}"


def reorder(raw: sqlite3.Connection, chance: random.Random) -> str:
    """Two rows of one table change places."""
    name = chance.choice(["chain", *(source.table for source in SOURCES if len(source.key) > 1)])
    names = [column.name for column in table(name).primary_key]
    (one, first), (other, second) = _row(raw, name, chance), _row(raw, name, chance)
    while one == other:
        other, second = _row(raw, name, chance)
    for row, place in ((first, second), (second, first)):
        values = {**row, **{column: place[column] for column in names}}
        marks = ", ".join("?" * len(values))
        raw.execute(f"REPLACE INTO {name} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
    return f"{name}: {one} and {other}"


def insert(raw: sqlite3.Connection, chance: random.Random) -> str:
    """A row more, like one that is there, with a number of its own."""
    name = chance.choice([*TABLES, "chain"])
    key, row = _row(raw, name, chance)
    last = list(table(name).primary_key)[-1].name
    value = "new" if isinstance(row[last], str) else 1_000_000 + chance.randrange(1000)
    values = {**row, last: value} | {"session": {"id": "new"}, "user": {"name": "new"}}.get(name, {})
    marks = ", ".join("?" * len(values))
    raw.execute(f"INSERT INTO {name} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
    return f"{name}: like {key}"


def cut(raw: sqlite3.Connection, chance: random.Random) -> str:
    """The end of the record goes, chain and rows alike."""
    (newest,) = raw.execute("SELECT max(number) FROM chain").fetchone()
    kept = newest - chance.randrange(2, 60)
    for source in SOURCES:
        on = " AND ".join(f"c.{name} IS {source.table}.{column}" for name, column in source.key)
        where = f"EXISTS (SELECT 1 FROM chain AS c WHERE c.source = {source.code} AND c.number > ? AND {on})"
        if source.changes:
            continue
        raw.execute(f"DELETE FROM {source.table} WHERE {where}", (kept,))
    raw.execute("DELETE FROM chain WHERE number > ?", (kept,))
    return f"from {kept} of {newest}"


def rebuild(raw: sqlite3.Connection, chance: random.Random) -> str:
    """An edit, and then a chain calculated anew so that it fits."""
    what = edit_a_value(raw, chance)
    connection = opened(raw)
    head, rows = b"", connection.exec_driver_sql("SELECT * FROM chain ORDER BY number").mappings().all()
    for entry in rows:
        head = _rebuilt(connection, dict(entry), head)
    return what


def edit_a_value(raw: sqlite3.Connection, chance: random.Random) -> str:
    """Another rating of a patient."""
    key, row = _row(raw, "rating", chance)
    raw.execute(f"UPDATE rating SET answer = ? WHERE {key}", (row["answer"] + 1,))
    return f"rating: {key}"


def _rebuilt(connection: Connection, entry: dict[str, Any], before: bytes) -> bytes:
    if entry["number"] == 0:
        return genesis(STORE_ID).head
    source = next(source for source in SOURCES if source.code == entry["source"])
    columns = columns_of(source)
    where = " AND ".join(f"{column} = ?" for _, column in source.key)
    row = connection.exec_driver_sql(
        f"SELECT {', '.join(columns)} FROM {source.table} WHERE {where}", tuple(entry[name] for name, _ in source.key)
    ).one()
    sealed = unpack(entry["sealed"])
    assert sealed is not None
    hashed = row_hash(sealed.salt, source.name, columns, tuple(row))
    key: Key = tuple(entry[name] for name in KEY_COLUMNS)
    head = next_head(before, entry["number"], source.name, key, hashed)
    blob = pack(type(sealed)(sealed.salt, hashed, head))
    connection.exec_driver_sql("UPDATE chain SET sealed = ? WHERE number = ?", (blob, entry["number"]))
    return head


def _row(raw: sqlite3.Connection, name: str, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """A row by chance: its key as SQL, and its values."""
    (count,) = raw.execute(f"SELECT count(*) FROM {name}").fetchone()
    cursor = raw.execute(f"SELECT * FROM {name} LIMIT 1 OFFSET ?", (chance.randrange(count),))
    row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    keys = [column.name for column in table(name).primary_key]
    return " AND ".join(f"{column} = {_literal(row[column])}" for column in keys), row


def _literal(value: int | str) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


DEEDS: tuple[Deed, ...] = (edit, delete, reorder, insert, cut, rebuild)
