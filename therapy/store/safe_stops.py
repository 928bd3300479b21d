"""The safe-stop journal at work: noting while the record fails, and bringing that into the record afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from therapy.session.events import Event, Output
from therapy.store.audit_tables import SafeStopRow
from therapy.store.database import explain, wall_now
from therapy.store.desk import Desk
from therapy.store.safe_stop import JOURNAL_NAME, JOURNAL_PURPOSE, Entry, SafeStopJournal, What


class SafeStopNotes:
    """What one recorder notes outside the record, from the first failure on; nothing here waits or raises."""

    def __init__(self, desk: Desk) -> None:
        self._journal = SafeStopJournal(desk.path.with_name(JOURNAL_NAME), desk.vault.derive(JOURNAL_PURPOSE))
        self._session_id = ""
        self._t_s: float | None = None

    def begin(self, session_id: str) -> None:
        """A session has begun."""
        self._session_id, self._t_s = session_id, None

    def failed(self, reason: str) -> None:
        """The record cannot be written."""
        self._note(What.RECORD_FAILED, reason)

    def heard(self, t_s: float, what: Event | Output, is_unsaved: bool) -> None:
        """Something happened at session time `t_s`; what matters and is not saved is noted by its kind."""
        self._t_s = t_s
        if is_unsaved:
            self._note(What.NOT_YET_SAVED, type(what).__name__)

    def ended(self, outcome: str, is_unsaved: bool) -> None:
        """The session ended, perhaps while the record cannot be written."""
        if is_unsaved:
            self._note(What.SESSION_ENDED, outcome)

    def bring_in(self, engine: Engine, path: Path) -> None:
        """Put what stands in the journal on the record, once, and empty the journal; `StoreError` if it cannot be."""
        entries = self._journal.entries()
        if not entries:
            return
        try:
            with engine.begin() as connection:
                _add(connection, entries)
        except SQLAlchemyError as error:
            raise explain(error, path) from error
        self._journal.clear()

    def close(self) -> None:
        """Write what is left and let go of the file."""
        self._journal.close()

    def _note(self, what: What, reason: str) -> None:
        self._journal.note(Entry(self._session_id, wall_now(), self._t_s, what, reason))


def safe_stops_of(connection: Connection, session_id: str) -> tuple[Entry, ...]:
    """What was brought in about a session, oldest first."""
    query = select(SafeStopRow).where(col(SafeStopRow.session_id) == session_id).order_by(col(SafeStopRow.number))
    return tuple(
        Entry(row.session_id, row.at, row.t_s, What(row.what), row.reason) for row in connection.execute(query)
    )


def _add(connection: Connection, entries: Sequence[tuple[int, Entry]]) -> None:
    known = {(row.session_id, row.entry, row.at) for row in connection.execute(select(SafeStopRow))}
    for number, entry in entries:
        if (entry.session_id, number, entry.at) in known:
            continue
        values = {
            "session_id": entry.session_id,
            "entry": number,
            "at": entry.at,
            "t_s": entry.t_s,
            "what": entry.what.value,
            "reason": entry.reason,
        }
        connection.execute(insert(SafeStopRow), values)
