"""Which rows are chained, and the triggers that chain them and refuse every other change.

The triggers call functions that only this program teaches its connections: with any other program rows cannot be
added at all.  Whoever holds the key can drop the triggers; then the chain tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table

from therapy.store.audit_tables import ChainRow
from therapy.store.chain import (
    ERASE_FUNCTION,
    KEY_COLUMNS,
    SEAL_FUNCTION,
    STORE_FUNCTION,
    Key,
    Sealed,
    Source,
    genesis,
    pack,
    seal,
    specification,
)
from therapy.store.tables import SessionRow

_NUMBER = (("seq", "number"),)
_SEQ = (("session_number", "session_number"), ("seq", "seq"))
_PART = (*_SEQ, ("part", "part"))
_SESSION = (("session_number", "number"),)
_ENDING = ("ended", "duration_s", "outcome", "detail", "lost_rows")
_BEGINNING = (
    "number",
    "id",
    "patient_code",
    "protocol_name",
    "protocol_sha256",
    "started",
    "software",
    "setup",
    "sensor",
    "player",
    "simulated",
)
SESSION, SESSION_END = 6, 7

SOURCES = (
    Source(1, "patient", "patient", (("word", "code"),), columns=("code", "birth_year", "created")),
    Source(2, "consent", "consent", _NUMBER),
    Source(3, "screening", "screening", _NUMBER),
    Source(4, "automation", "automation", _NUMBER),
    Source(5, "protocol", "protocol", (("word", "sha256"),)),
    Source(SESSION, "session", "session", _SESSION, columns=_BEGINNING),
    Source(SESSION_END, "session-end", "session", _SESSION, columns=_ENDING, changes=True),
    Source(8, "journal", "journal", _SEQ),
    Source(9, "decision", "decision", _PART, salted=False),
    Source(10, "sample", "sample", _PART, salted=False),
    Source(11, "beat", "beat", _PART, salted=False),
    Source(12, "rating", "rating", _PART),
    Source(13, "event", "event", _PART, salted=False),
    Source(14, "frame-statistics", "frame_statistics", _SEQ, salted=False),
    Source(15, "head-pose", "head_pose", _SEQ, salted=False),
    Source(16, "checkpoint", "checkpoint", _NUMBER, salted=False),
    Source(17, "erasure", "erasure", _NUMBER),
    Source(18, "safe-stop", "safe_stop", _NUMBER),
    Source(19, "retention", "retention", _NUMBER),
    Source(20, "identity", "identity", _NUMBER),
    Source(21, "access", "access", _NUMBER),
    Source(22, "user", "user", (("word", "user_id"),), changes=True),
    Source(23, "patient-erasure", "patient", (("word", "code"),), columns=("erased",), changes=True),
)
"""Every kind of chained row.  Numbers and names are for good; new ones are added at the end."""

DENSE = tuple(source for source in SOURCES if ("session_number", "session_number") in source.key)
"""What is recorded within a session."""


def columns_of(source: Source) -> tuple[str, ...]:
    """The columns whose contents the chain covers, in the order in which they are hashed."""
    return tuple(sorted(source.columns or (column.name for column in _table(source.table).columns)))


def key_sql(source: Source, row: str) -> str:
    """The four key values of a row (`NEW`, or an alias) as SQL."""
    names = dict(source.key)
    return ", ".join(f"{row}.{names[name]}" if name in names else "NULL" for name in KEY_COLUMNS)


def triggers() -> dict[str, str]:
    """Every trigger by its name, as the statement that makes it."""
    statements = dict(_chain_guards())
    for source in SOURCES:
        statements |= _chaining(source)
    for table in dict.fromkeys(source.table for source in SOURCES):
        statements |= _refusing(table)
    return statements


def install(connection: Connection) -> None:
    """Make the triggers anew; begin the chain and put rows from before it on it, if there is none yet."""
    for name in triggers():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    if connection.exec_driver_sql("SELECT 1 FROM chain LIMIT 1").first() is None:
        _begin(connection)
    for statement in triggers().values():
        connection.exec_driver_sql(statement)


def _table(name: str) -> Table:
    return SessionRow.metadata.tables[name]


def _chaining(source: Source) -> dict[str, str]:
    columns = columns_of(source)
    values = ", ".join(f"NEW.{column}" for column in columns)
    key = key_sql(source, "NEW")
    entry = (
        f"INSERT INTO chain (number, source, {', '.join(KEY_COLUMNS)}, sealed) "  # noqa: S608
        f"SELECT last.number + 1, {source.code}, {key}, {SEAL_FUNCTION}('{specification(source, columns)}', "
        f"substr(last.sealed, -32), last.number + 1, {key}, {values}) "
        "FROM (SELECT number, sealed FROM chain ORDER BY number DESC LIMIT 1) AS last;"
    )
    name = f"chain_{source.name.replace('-', '_')}"
    made = {name: f"CREATE TRIGGER {name} AFTER INSERT ON {source.table} BEGIN {entry} END"}
    if source.changes:
        watched = ", ".join(columns)
        made[f"{name}_change"] = (
            f"CREATE TRIGGER {name}_change AFTER UPDATE OF {watched} ON {source.table} BEGIN {entry} END"
        )
    return made


def _refusing(table: str) -> dict[str, str]:
    """Rows stay; of a session only its end may be told, once."""
    refuse = f"SELECT RAISE(ABORT, 'rows of {table} are never changed')"
    fixed = [column for source in SOURCES if source.table == table and not source.changes for column in _fixed(source)]
    made = {
        f"hold_{table}": f"CREATE TRIGGER hold_{table} BEFORE DELETE ON {table} "
        f"WHEN {ERASE_FUNCTION}() IS NOT 1 BEGIN {refuse}; END",
    }
    if fixed:
        made[f"keep_{table}"] = (
            f"CREATE TRIGGER keep_{table} BEFORE UPDATE OF {', '.join(fixed)} ON {table} BEGIN {refuse}; END"
        )
    if table == "session":
        made["keep_session_outcome"] = (
            "CREATE TRIGGER keep_session_outcome BEFORE UPDATE OF outcome ON session "
            f"WHEN OLD.outcome IS NOT NULL AND NEW.outcome IS NOT OLD.outcome BEGIN {refuse}; END"
        )
    return made


def _fixed(source: Source) -> tuple[str, ...]:
    return tuple(column.name for column in _table(source.table).columns if column.name in columns_of(source))


def _chain_guards() -> Iterator[tuple[str, str]]:
    refuse = "SELECT RAISE(ABORT, 'the chain is never changed')"
    yield (
        "keep_chain",
        f"CREATE TRIGGER keep_chain BEFORE UPDATE ON chain WHEN {ERASE_FUNCTION}() IS NOT 1 BEGIN {refuse}; END",
    )
    yield "hold_chain", f"CREATE TRIGGER hold_chain BEFORE DELETE ON chain BEGIN {refuse}; END"


def _begin(connection: Connection) -> None:
    store_id = str(connection.exec_driver_sql(f"SELECT {STORE_FUNCTION}()").scalar_one())
    last = genesis(store_id)
    _add(connection, [_entry(0, 0, (None, None, None, store_id), last)])
    number = 0
    for source in SOURCES:
        columns = columns_of(source)
        spec, order = specification(source, columns), ", ".join(column for _, column in source.key)
        rows = connection.exec_driver_sql(
            f"SELECT {key_sql(source, 'r')}, {', '.join(columns)} FROM {source.table} AS r ORDER BY {order}"  # noqa: S608
        )
        for some in rows.partitions(1000):
            entries = []
            for row in some:
                number += 1
                last = seal(spec, last.head, number, *row)
                entries.append(_entry(number, source.code, (row[0], row[1], row[2], row[3]), last))
            _add(connection, entries)


def _entry(number: int, source: int, key: Key, sealed: Sealed) -> dict[str, Any]:
    return {"number": number, "source": source, **dict(zip(KEY_COLUMNS, key, strict=True)), "sealed": pack(sealed)}


def _add(connection: Connection, entries: list[dict[str, Any]]) -> None:
    connection.execute(_table(str(ChainRow.__tablename__)).insert(), entries)
