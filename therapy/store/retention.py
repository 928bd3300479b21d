"""How long sessions and backups are kept.  Removing what is too old is itself recorded, and the chain stays whole.

The defaults are engineering defaults [D]: ten years is what several countries ask of medical records; the law of the
place decides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from therapy.errors import UsageError
from therapy.store.audit_tables import ChainRow, ErasureRow, RetentionRow
from therapy.store.chain import SALT_BYTES, erasing
from therapy.store.database import explain, open_to_write, wall_now
from therapy.store.desk import Desk
from therapy.store.roles import Act
from therapy.store.sources import DENSE
from therapy.store.tables import SessionRow
from therapy.store.unlocking import at_desk

MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Retention:
    """Sessions and backups are kept so many days, and the newest `backups_at_least` backups whatever their age."""

    sessions_days: int = 3650
    backups_days: int = 90
    backups_at_least: int = 3


@dataclass(frozen=True, slots=True)
class Due:
    """A session that is older than sessions are kept."""

    number: int
    session_id: str
    started: datetime


class Keeping:
    """The retention of one record."""

    def __init__(self, where: Path | Desk) -> None:
        self._desk = at_desk(where)
        self.path = self._desk.path
        self._engine = open_to_write(self.path, self._desk.vault)

    def __enter__(self) -> Keeping:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def settings(self) -> Retention:
        """How long things are kept now."""
        newest = select(RetentionRow).order_by(_table(RetentionRow).c.number.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).first()
        return Retention() if row is None else Retention(row.sessions_days, row.backups_days, row.backups_at_least)

    def change(self, to: Retention, recorded_by: str) -> None:
        """Keep things for another time from now on; `UsageError` for a time that cannot be."""
        self._desk.require(Act.RETENTION)
        for days in (to.sessions_days, to.backups_days, to.backups_at_least):
            if not 1 <= days <= MOST_DAYS:
                raise UsageError(f"{days} is no time to keep something.", f"Give 1 to {MOST_DAYS}.")
        values = {
            "sessions_days": to.sessions_days,
            "backups_days": to.backups_days,
            "backups_at_least": to.backups_at_least,
            "recorded_by": recorded_by,
            "at": wall_now(),
        }
        self._do(lambda connection: connection.execute(insert(RetentionRow), values))

    def due(self, now: datetime) -> tuple[Due, ...]:
        """The sessions that are older than sessions are kept, oldest first."""
        self._desk.require(Act.RETENTION)
        before = now - timedelta(days=self.settings().sessions_days)
        sessions = _table(SessionRow)
        with self._engine.connect() as connection:
            rows = connection.execute(select(sessions.c.number, sessions.c.id, sessions.c.started)).all()
        found = [Due(row.number, row.id, datetime.fromisoformat(row.started)) for row in rows]
        return tuple(sorted((one for one in found if one.started < before), key=lambda one: one.started))

    def remove(self, session: Due, recorded_by: str, reason: str) -> int:
        """Remove a session's rows for good and record that; how many rows went."""
        self._desk.require(Act.RETENTION)
        removed: dict[str, int] = {}

        def act(connection: Connection) -> None:
            raw: Any = connection.connection.dbapi_connection
            with erasing(raw):
                removed.update(_removed(connection, session))
            values = {
                "session_number": session.number,
                "session_id": session.session_id,
                "rows": json.dumps(removed, sort_keys=True),
                "recorded_by": recorded_by,
                "reason": reason,
                "at": wall_now(),
            }
            connection.execute(insert(ErasureRow), values)

        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        self._do(act)
        raw: Any = self._engine.raw_connection().dbapi_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return sum(removed.values())

    def _do(self, act: Any) -> None:
        try:
            with self._engine.begin() as connection:
                act(connection)
        except SQLAlchemyError as error:
            raise explain(error, self.path) from error


def _removed(connection: Connection, session: Due) -> dict[str, int]:
    """Delete everything of a session, and the salts in the chain; how many rows went from which table."""
    counts = {}
    for source in DENSE:
        table = SQLModel.metadata.tables[source.table]
        counts[source.table] = connection.execute(
            delete(table).where(table.c.session_number == session.number)
        ).rowcount
    sessions, chain = _table(SessionRow), _table(ChainRow)
    counts["session"] = connection.execute(delete(sessions).where(sessions.c.number == session.number)).rowcount
    connection.execute(
        chain.update()
        .where(chain.c.session_number == session.number, func.length(chain.c.sealed) == 64 + SALT_BYTES)
        .values(sealed=text(f"substr(sealed, {SALT_BYTES + 1})"))
    )
    return counts


def _table(row: type[SQLModel]) -> Any:
    return SQLModel.metadata.tables[str(row.__tablename__)]
