"""A small record with some of everything, straight through the driver."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Float, Integer, LargeBinary, Table, create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from therapy.store.audit import place_of
from therapy.store.chain import teach
from therapy.store.checkpoints import Checkpoint, Signer, make_checkpoint
from therapy.store.sources import DENSE, install

STORE_ID = "5e" * 16
SIGNER = Signer(bytes(range(32)))
SESSIONS, ROWS = 3, 8


def opened(raw: sqlite3.Connection) -> Connection:
    """SQLAlchemy's view of a connection, in autocommit."""
    raw.isolation_level = None
    raw.execute("PRAGMA recursive_triggers = ON")
    teach(raw, STORE_ID)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, pool_reset_on_return=None)
    return engine.connect()


@contextmanager
def copy_of(whole: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A copy that may be changed."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as other:
        whole.backup(other)
        yield other


def table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def any_value(chance: random.Random, column: Column[Any]) -> Any:
    """A value for a column."""
    kind = column.type
    if column.nullable and chance.random() < 0.2:
        return None
    if isinstance(kind, LargeBinary):
        return chance.randbytes(12)
    if isinstance(kind, Boolean):
        return chance.random() < 0.5
    if isinstance(kind, Integer):
        return chance.randrange(1 << 40)
    if isinstance(kind, Float):
        return chance.choice([chance.uniform(-5.0, 200.0), float(chance.randrange(1000))])
    return "".join(chance.choice("abc é😀'\"={}") for _ in range(chance.randrange(1, 20)))


def add_row(connection: Connection, name: str, chance: random.Random, **fixed: Any) -> None:
    values = {
        column.name: chance.random() if column.name == "t_s" else any_value(chance, column)
        for column in table(name).columns
        if not (column.name == "number" and column.primary_key)
    }
    connection.execute(table(name).insert(), values | fixed)


def make_record(raw: sqlite3.Connection, seed: int = 0) -> Checkpoint:
    """Fill an empty database, and return a checkpoint of its end."""
    chance = random.Random(seed)
    connection = opened(raw)
    SQLModel.metadata.create_all(connection)
    install(connection)
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    for code in ("A-1", "B-2"):
        add_row(connection, "patient", chance, code=code, birth_year=1980)
        for name in ("consent", "screening", "automation", "identity"):
            add_row(connection, name, chance, patient_code=code)
    add_row(connection, "protocol", chance)
    for number in range(1, SESSIONS + 1):
        add_row(
            connection, "session", chance, number=number, id=f"{number:032x}", outcome=None, ended=None, detail=None
        )
        for seq in range(ROWS):
            for source in chance.sample(DENSE, len(DENSE)):
                part = {"part": 0} if len(source.key) > 2 else {}
                add_row(connection, source.table, chance, session_number=number, seq=seq, **part)
        connection.exec_driver_sql("UPDATE session SET lost_rows = 3 WHERE number = ?", (number,))
        connection.exec_driver_sql("UPDATE session SET outcome = 'completed' WHERE number = ?", (number,))
        _keep(connection)
    for name in ("safe_stop", "retention", "user", "access"):
        add_row(connection, name, chance)
    return _keep(connection)


def _keep(connection: Connection) -> Checkpoint:
    checkpoint = make_checkpoint(SIGNER, STORE_ID, place_of(connection), "2026-11-23T10:00:00", "test")
    values = {"chain_number": checkpoint.number, "statement": checkpoint.as_json()}
    connection.execute(table("checkpoint").insert(), values)
    return checkpoint
