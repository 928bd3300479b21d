"""Opening the database file, its settings, its schema version, and its errors in words.

The file is plain SQLite: it is not encrypted.  What protects it is the file's owner-only permission
and the rule that only patient codes are stored.  All connections are made here, in one function.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, select

from therapy.errors import StoreError
from therapy.store.migrations import MIGRATIONS, keep_copy, migrate
from therapy.store.paths import DATA_VARIABLE, prepare_folder
from therapy.store.tables import SCHEMA_VERSION, SchemaVersionRow

BUSY_TIMEOUT_S = 1.0


def software_version() -> str:
    """The product's version as installed."""
    try:
        return version("acclimate")
    except PackageNotFoundError:
        return "not installed"


def wall_now() -> str:
    """Wall time with its zone, to the millisecond (ISO 8601)."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def open_to_write(path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S, max_pages: int | None = None) -> Engine:
    """An engine with one writing connection; makes file and tables if there are none.

    A record with an older schema is copied beside itself and brought up to the present one, all or nothing.
    `max_pages` bounds the file (pages of 8 KiB) for stations with a quota.
    """
    prepare_folder(path.parent)
    try:
        _make_private(path)
    except OSError as error:
        raise _cannot_open(path, error.strerror or str(error)) from error
    engine = _engine(lambda: _connect_to_write(path, busy_timeout_s, max_pages), begin="BEGIN IMMEDIATE")
    try:
        _prepare_schema(engine, path)
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        raise explain(error, path) from error
    except OSError as error:
        engine.dispose()
        raise _cannot_open(path, f"no copy of it can be made first ({error.strerror})") from error
    except StoreError:
        engine.dispose()
        raise
    return engine


def open_to_read(path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine that cannot write and never holds up the writer.

    A record with an older schema is read as it is: what it cannot hold reads as not there.
    """
    if not path.is_file():
        raise StoreError(
            f"There is no record at {path}.", f"Run a session first, or name its folder with --data or {DATA_VARIABLE}."
        )
    try:
        sqlite_connection = _connect_to_read(path, busy_timeout_s)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    engine = _engine(lambda: sqlite_connection, begin="BEGIN")
    try:
        with engine.connect() as connection:
            _check_version(Session(connection), path, has_tables=inspect(connection).has_table("schema_version"))
    except SQLAlchemyError as error:
        engine.dispose()
        raise explain(error, path) from error
    except StoreError:
        engine.dispose()
        raise
    return engine


def _engine(creator: Callable[[], sqlite3.Connection], begin: str) -> Engine:
    engine = create_engine("sqlite://", creator=creator, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _make_private(path: Path) -> None:
    """A new file belongs to its owner alone; an existing one keeps its permissions."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _connect_to_write(path: Path, busy_timeout_s: float, max_pages: int | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if max_pages is not None:
            connection.execute(f"PRAGMA max_page_count = {int(max_pages)}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect_to_read(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    """Read-only; where even the WAL's index cannot be made (a read-only medium), the file as it stands."""
    try:
        return _connect_uri(path, "mode=ro", busy_timeout_s)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
    return _connect_uri(path, "mode=ro&immutable=1", busy_timeout_s)


def _connect_uri(path: Path, options: str, busy_timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare_schema(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        if tables:
            found = _check_version(Session(connection), path, has_tables="schema_version" in tables)
            if found == SCHEMA_VERSION:
                return
            keep_copy(path, found)
            migrate(connection, found)
        else:
            SQLModel.metadata.create_all(connection)
        row = {"version": SCHEMA_VERSION, "since": wall_now(), "software": software_version()}
        connection.execute(SQLModel.metadata.tables["schema_version"].insert(), row)


def _check_version(session: Session, path: Path, has_tables: bool) -> int:
    """The schema version of the file, if this version can use it."""
    found = max(session.exec(select(SchemaVersionRow.version)).all(), default=0) if has_tables else 0
    if found < min(MIGRATIONS):
        raise StoreError(f"{path} is a database, but not an Acclimate record.", "Name another folder with --data.")
    if found > SCHEMA_VERSION:
        raise StoreError(
            f"The record {path} was written by a newer version (schema {found}; this version knows {SCHEMA_VERSION}).",
            "Install the newer version; nothing was changed.",
        )
    return found


def explain(error: Exception, path: Path) -> StoreError:
    """What went wrong with the file, and the cure."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(f"The record {path} is locked by another program.", "Close that program and try again.")
    if primary == sqlite3.SQLITE_FULL:
        return StoreError(
            f"The disk with the record {path} is full.", "Free some space; everything saved so far is kept."
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return StoreError(
            f"The record {path} cannot be written: the file or its folder is read-only.",
            f"Allow writing, or name another folder with --data or {DATA_VARIABLE}.",
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return _cannot_open(path, "it cannot be opened")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(
            f"The record {path} is damaged or is no database.", "Keep the file as it is and bring back a copy."
        )
    if primary == sqlite3.SQLITE_IOERR:
        return StoreError(
            f"The disk failed while reading or writing {path} ({original}).", "Check the disk and its free space."
        )
    return StoreError(f"The record {path} could not be used: {original}.", "Report this; nothing saved so far is lost.")


def _cannot_open(path: Path, why: str) -> StoreError:
    return StoreError(
        f"The record {path} cannot be opened: {why}.",
        f"Name a folder you may write to with --data or {DATA_VARIABLE}.",
    )
