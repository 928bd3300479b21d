"""Bringing an older record up to the present schema.

Each migration is a plain function on a connection inside a transaction; all of them and the row that records
the new version are committed together, or nothing is.  A migration is never changed once it has been released.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from therapy.store.tables import SCHEMA_VERSION


def migrate(connection: Connection, found: int) -> None:
    """Take a record from schema version `found` to the present one, within the transaction that is open."""
    for version in range(found, SCHEMA_VERSION):
        MIGRATIONS[version](connection)


def keep_copy(path: Path, version: int) -> Path:
    """A whole copy of the record beside it, for its owner alone; one that is there already is kept as it is.

    `sqlite3.Error` if it cannot be made; half a copy is never left behind under its name.
    """
    copy = path.with_name(f"{path.stem}-schema-{version}{path.suffix}")
    if copy.is_file():
        return copy
    unfinished = copy.with_name(copy.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE").fetchone()
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


def _from_1(connection: Connection) -> None:
    """Decisions gain their limiting reason, suggestion and pace; patients gain settings of their automation."""
    for column in ("limiting VARCHAR", "suggested_0to1 FLOAT", "pace_per_min FLOAT"):
        connection.exec_driver_sql(f"ALTER TABLE decision ADD COLUMN {column}")
    connection.exec_driver_sql(
        """
        CREATE TABLE automation (
            number INTEGER NOT NULL,
            patient_code VARCHAR NOT NULL,
            kind VARCHAR NOT NULL,
            setting VARCHAR NOT NULL,
            recorded_by VARCHAR NOT NULL,
            reason TEXT NOT NULL,
            at VARCHAR NOT NULL,
            PRIMARY KEY (number),
            FOREIGN KEY(patient_code) REFERENCES patient (code)
        )
        """
    )
    connection.exec_driver_sql("CREATE INDEX ix_automation_patient_code ON automation (patient_code)")


MIGRATIONS: dict[int, Callable[[Connection], None]] = {1: _from_1}
"""From each older schema version to the next."""
