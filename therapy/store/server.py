"""A clinic's PostgreSQL server: each station records locally first, and pushes what is new.

The local chain is the list of what there is to push, in order; the server's newest entry says how far it has come.
A window of entries goes with its rows in one transaction, so a network that fails loses nothing and doubles nothing.
Each record has a schema of its own on the server, with the same tables.  What is sealed under a patient's key
arrives sealed; everything else the server's administrators can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, create_engine, delete, func, inspect, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from therapy.errors import StoreError, UsageError
from therapy.store.audit_tables import ChainRow
from therapy.store.connecting import RawError
from therapy.store.database import explain, open_to_read
from therapy.store.desk import Desk
from therapy.store.roles import Act
from therapy.store.sources import DENSE, SOURCES
from therapy.store.tables import SCHEMA_VERSION, AccessRow, AssignmentRow, SchemaVersionRow, SessionRow
from therapy.store.unlocking import at_desk

URL_VARIABLE = "ACCLIMATE_DATABASE_URL"
WINDOW = 5_000
ENOUGH_S = 10
_TABLES = SessionRow.metadata.tables
_CHAIN = _TABLES[str(ChainRow.__tablename__)]
_CHANGING = frozenset(source.table for source in SOURCES if source.changes)
_WHOLE = (str(AssignmentRow.__tablename__), str(SchemaVersionRow.__tablename__))
"""Small tables that are not chained: pushed whole each time."""
_ERASURE, _LOG = "erasure", str(AccessRow.__tablename__)


@dataclass(slots=True)
class Pushed:
    """What a push came to: chain entries, and rows of each table, that the server did not have."""

    entries: int = 0
    rows: dict[str, int] = field(default_factory=dict)


def push(where: Path | Desk, url: str, window: int = WINDOW) -> Pushed:
    """Push everything the server does not have yet; `StoreError` if it cannot be reached, and nothing is lost then."""
    desk = at_desk(where)
    desk.require(Act.BACKUP)
    server = _server(url, f"station_{desk.vault.record_id}")
    local = open_to_read(desk.path, desk.vault)
    pushed = Pushed()
    try:
        _prepare(server, f"station_{desk.vault.record_id}")
        while _push_window(local, server, window, pushed):
            pass
        _push_whole(local, server)
    except SQLAlchemyError as error:
        raise _explained(error, desk.path) from error
    finally:
        local.dispose()
        server.dispose()
    if set(pushed.rows) - {_LOG}:
        desk.note(Act.BACKUP, detail=f"{pushed.entries} entries to a server")
    return pushed


def _explained(error: SQLAlchemyError, path: Path) -> StoreError:
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, RawError):
        return explain(error, path)
    return StoreError(
        f"The server cannot be used: {str(original).splitlines()[0]}.",
        "Nothing is lost: what is recorded stays here.  Push again when the server is there: acclimate sync.",
    )


def _server(url: str, schema: str) -> Engine:
    try:
        named = make_url(url)
        if named.get_backend_name() != "postgresql":
            raise UsageError(f"{named.get_backend_name()} is no PostgreSQL server.", f"Mend {URL_VARIABLE}.")
        options = {"options": f"-csearch_path={schema}", "connect_timeout": ENOUGH_S}
        return create_engine(named.set(drivername="postgresql+psycopg"), connect_args=options)
    except (ArgumentError, NoSuchModuleError) as error:
        raise UsageError("That is no address of a server.", f"Write {URL_VARIABLE}=postgresql://HOST/NAME.") from error
    except ImportError as error:
        raise UsageError("A server needs a package more.", "Install it: pip install 'acclimate[server]'.") from error


def _prepare(server: Engine, schema: str) -> None:
    """Make the record's schema and tables, if there are none; `StoreError` for those of another version."""
    with server.begin() as connection:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
        if not inspect(connection).has_table(str(SchemaVersionRow.__tablename__), schema=schema):
            SessionRow.metadata.create_all(connection)
            return
        found = connection.execute(select(func.max(_TABLES["schema_version"].c.version))).scalar() or SCHEMA_VERSION
    if found != SCHEMA_VERSION:
        raise StoreError(
            f"The server's tables are of schema {found}; this version writes {SCHEMA_VERSION}.",
            "Let all stations use the same version.",
        )


def _push_window(local: Engine, server: Engine, window: int, pushed: Pushed) -> bool:
    """One window of entries with their rows, in one transaction; False when there is no more."""
    with server.begin() as there, local.connect() as here:
        last = there.execute(select(func.max(_CHAIN.c.number))).scalar()
        first = 0 if last is None else last + 1
        newer = select(_CHAIN).where(_CHAIN.c.number >= first).order_by(_CHAIN.c.number).limit(window)
        entries = [dict(row) for row in here.execute(newer).mappings()]
        if not entries:
            return False
        numbers = (first, int(entries[-1]["number"]))
        for table in SessionRow.metadata.sorted_tables:
            rows = _rows_for(here, table, numbers)
            _put(there, table, rows)
            if rows:
                pushed.rows[table.name] = pushed.rows.get(table.name, 0) + len(rows)
            if table.name == _ERASURE:
                for row in rows:
                    _erase(here, there, int(row["session_number"]))
        _put(there, _CHAIN, entries)
    pushed.entries += len(entries)
    return True


def _rows_for(here: Connection, table: Table, numbers: tuple[int, int]) -> list[dict[str, Any]]:
    """The rows of a table that a range of entries stands for, each once; those removed since are not there."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    keys = [column.name for column in table.primary_key]
    for source in (one for one in SOURCES if one.table == table.name):
        joined = and_(*(table.c[column] == _CHAIN.c[name] for name, column in source.key))
        wanted = and_(_CHAIN.c.number.between(*numbers), _CHAIN.c.source == source.code)
        for row in here.execute(select(table).join(_CHAIN, joined).where(wanted)).mappings():
            found[tuple(row[key] for key in keys)] = dict(row)
    return list(found.values())


def _put(there: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(table)
    if table.name in _CHANGING or table.name in _WHOLE:
        keys = [column.name for column in table.primary_key]
        others = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
        there.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), rows)
    else:
        there.execute(statement.on_conflict_do_nothing(), rows)


def _push_whole(local: Engine, server: Engine) -> None:
    with server.begin() as there, local.connect() as here:
        for name in _WHOLE:
            _put(there, _TABLES[name], _plain(here.execute(select(_TABLES[name])).mappings()))


def _erase(here: Connection, there: Connection, session_number: int) -> None:
    """What retention removed here is removed there, salts included."""
    for source in DENSE:
        table = _TABLES[source.table]
        there.execute(delete(table).where(table.c.session_number == session_number))
    sessions = _TABLES[str(SessionRow.__tablename__)]
    there.execute(delete(sessions).where(sessions.c.number == session_number))
    there.execute(delete(_CHAIN).where(_CHAIN.c.session_number == session_number))
    entries = here.execute(select(_CHAIN).where(_CHAIN.c.session_number == session_number)).mappings()
    _put(there, _CHAIN, _plain(entries))


def _plain(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]
