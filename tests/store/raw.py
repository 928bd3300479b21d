"""The encrypted file as its tables are, past everything that asks who wants to know."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from tests.audit.tampering import without_triggers
from therapy.store.connecting import Connection, connect_to_write
from therapy.store.unlocking import at_desk


def raw_connection(path: Path) -> Connection:
    """A connection that commits each statement by itself; close it."""
    return connect_to_write(path, at_desk(path).vault, 1.0, None)


def unguarded_connection(path: Path) -> Connection:
    """A raw connection to a record whose rows can be changed: its triggers are gone for good."""
    connection = raw_connection(path)
    without_triggers(connection)
    return connection


def dumped(connection: Connection) -> str:
    """Every cell of every table as text."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return "\n".join(str(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names)


def copied_record(database: Path, folder: Path) -> Path:
    """A copy of a closed record with its keys in another folder."""
    for part in database.parent.glob("acclimate.*"):
        copyfile(part, folder / part.name)
    return folder / database.name
