"""Opening the database file, its schema version, and its errors in words.

The file is encrypted (SQLCipher); `connecting` makes every connection and refuses a file in plain text.
"""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session, SQLModel, select

from therapy.errors import AcclimateError, StoreError
from therapy.store.connecting import (
    RawError,
    connect_to_read,
    connect_to_write,
    engine_on,
    make_private,
)
from therapy.store.migrations import OLDEST_SCHEMA, keep_copy, migrate, stamp
from therapy.store.paths import DATA_VARIABLE, prepare_folder
from therapy.store.sealing_old import seal_old_texts
from therapy.store.sources import install
from therapy.store.tables import SCHEMA_VERSION, SchemaVersionRow
from therapy.store.vault import Vault

BUSY_TIMEOUT_S = 1.0
FIRST_SEALED = 3
"""The schema since which free text lies under the patients' own keys."""
BUSY, LOCKED, FULL, CANNOT_OPEN, IO_FAILED = 5, 6, 13, 14, 10
READ_ONLY_CODES, DAMAGED_CODES = frozenset({8, 3, 23}), frozenset({11, 26})
"""SQLite's result codes: READONLY, PERM and AUTH; CORRUPT and NOTADB (https://sqlite.org/rescode.html)."""


def software_version() -> str:
    """The product's version as installed."""
    try:
        return version("acclimate")
    except PackageNotFoundError:
        return "not installed"


def wall_now() -> str:
    """Wall time with its zone, to the millisecond (ISO 8601)."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def open_to_write(
    path: Path, vault: Vault, busy_timeout_s: float = BUSY_TIMEOUT_S, max_pages: int | None = None
) -> Engine:
    """An engine with one writing connection; makes file and tables if there are none.

    A record with an older schema is copied beside itself and brought up to the present one, all or nothing.
    `max_pages` bounds the file (pages of 8 KiB) for stations with a quota.
    """
    prepare_folder(path.parent)
    try:
        make_private(path)
    except OSError as error:
        raise _cannot_open(path, error.strerror or str(error)) from error
    engine = engine_on(lambda: connect_to_write(path, vault, busy_timeout_s, max_pages), begin="BEGIN IMMEDIATE")
    try:
        _prepare_schema(engine, path, vault)
    except (SQLAlchemyError, RawError) as error:
        engine.dispose()
        raise explain(error, path) from error
    except OSError as error:
        engine.dispose()
        raise _cannot_open(path, f"no copy of it can be made first ({error.strerror})") from error
    except AcclimateError:
        engine.dispose()
        raise
    return engine


def open_to_append(path: Path, vault: Vault, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine that can write to a record that is there, whatever its schema: nothing is brought up."""
    require_record(path)
    return engine_on(lambda: connect_to_write(path, vault, busy_timeout_s, None), begin="BEGIN IMMEDIATE")


def open_to_read(path: Path, vault: Vault, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine that cannot write and never holds up the writer.

    A record with an older schema is read as it is: what it cannot hold reads as not there.
    """
    require_record(path)
    try:
        raw = connect_to_read(path, vault, busy_timeout_s)
    except RawError as error:
        raise explain(error, path) from error
    engine = engine_on(lambda: raw, begin="BEGIN")
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


def require_record(path: Path) -> None:
    """`StoreError` if there is no record at all."""
    if not path.is_file():
        raise StoreError(
            f"There is no record at {path}.", f"Run a session first, or name its folder with --data or {DATA_VARIABLE}."
        )


def _prepare_schema(engine: Engine, path: Path, vault: Vault) -> None:
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        if not tables:
            SQLModel.metadata.create_all(connection)
            stamp(connection, SCHEMA_VERSION)
            _record_version(connection)
            install(connection)
            return
        found = _check_version(Session(connection), path, has_tables="schema_version" in tables)
    if found < SCHEMA_VERSION:
        _bring_up(engine, path, vault)


def _bring_up(engine: Engine, path: Path, vault: Vault) -> None:
    """Migrate; a table that is rebuilt must not take along what refers to it, so references are checked at the end."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None  # noqa: S101 - an engine on one connection always has it
        raw.execute("PRAGMA foreign_keys = OFF")
    try:
        with engine.begin() as connection:
            found = _check_version(Session(connection), path, has_tables=True)
            if found == SCHEMA_VERSION:
                return
            keep_copy(path, found, vault)
            migrate(connection, found)
            if found < FIRST_SEALED:
                seal_old_texts(connection, vault.patients)
            _record_version(connection)
            install(connection)
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def _record_version(connection: Connection) -> None:
    row = {"version": SCHEMA_VERSION, "since": wall_now(), "software": software_version()}
    connection.execute(SQLModel.metadata.tables["schema_version"].insert(), row)


def _check_version(session: Session, path: Path, has_tables: bool) -> int:
    """The schema version of the file, if this version can use it."""
    found = max(session.exec(select(SchemaVersionRow.version)).all(), default=0) if has_tables else 0
    require_known_version(found, path)
    return found


def require_known_version(found: int, path: Path) -> None:
    """`StoreError` for a file that is no record (0), and for one of a newer version."""
    if found < OLDEST_SCHEMA:
        raise StoreError(f"{path} is a database, but not an Acclimate record.", "Name another folder with --data.")
    if found > SCHEMA_VERSION:
        raise StoreError(
            f"The record {path} was written by a newer version (schema {found}; this version knows {SCHEMA_VERSION}).",
            "Install the newer version; nothing was changed.",
        )


def explain(error: Exception, path: Path) -> StoreError:
    """What went wrong with the file, and the cure."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in (BUSY, LOCKED):
        return StoreError(f"The record {path} is locked by another program.", "Close that program and try again.")
    if primary == FULL:
        return StoreError(
            f"The disk with the record {path} is full.", "Free some space; everything saved so far is kept."
        )
    if primary in READ_ONLY_CODES:
        return StoreError(
            f"The record {path} cannot be written: the file or its folder is read-only.",
            f"Allow writing, or name another folder with --data or {DATA_VARIABLE}.",
        )
    if primary == CANNOT_OPEN:
        return _cannot_open(path, "it cannot be opened")
    if primary in DAMAGED_CODES:
        return StoreError(
            f"The record {path} is damaged, or its key file belongs to another record.",
            "Keep the file as it is and bring back a copy.",
        )
    if primary == IO_FAILED:
        return StoreError(
            f"The disk failed while reading or writing {path} ({original}).", "Check the disk and its free space."
        )
    return StoreError(f"The record {path} could not be used: {original}.", "Report this; nothing saved so far is lost.")


def _cannot_open(path: Path, why: str) -> StoreError:
    return StoreError(
        f"The record {path} cannot be opened: {why}.",
        f"Name a folder you may write to with --data or {DATA_VARIABLE}.",
    )
