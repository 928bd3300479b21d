"""The writing connection and the session it writes: used by the writer thread alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Table, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import SQLModel

from therapy.errors import ConsentMissing, StoreError
from therapy.store.auditing import put_checkpoint
from therapy.store.checkpoints import keep_beside
from therapy.store.database import explain, open_to_write, software_version
from therapy.store.desk import Desk
from therapy.store.liveness import RunningMark
from therapy.store.readiness import ConsentAct
from therapy.store.records import SessionInfo
from therapy.store.roles import Act
from therapy.store.rows import Row
from therapy.store.safe_stops import SafeStopNotes
from therapy.store.tables import AccessRow, ConsentRow, ProtocolRow, SessionRow


class SessionWriter:
    """Writes rows of one session, a batch in a transaction."""

    def __init__(self, desk: Desk, busy_timeout_s: float, max_pages: int | None) -> None:
        self._desk = desk
        self._limits = (busy_timeout_s, max_pages)
        self._path = desk.path
        self._held = ExitStack()
        self._engine = self._opened()
        self._session_number: int | None = None
        self._mark: RunningMark | None = None

    def open_notes(self) -> SafeStopNotes:
        """The safe-stop journal; what stands in it from an earlier failure is brought into the record."""
        try:
            notes = SafeStopNotes(self._desk)
            notes.bring_in(self._engine, self._path)
        except StoreError:
            self.close()
            raise
        return notes

    def begin(self, info: SessionInfo) -> None:
        """Put a new session on the record; `StoreError` if it cannot be, `ConsentMissing` without consent."""
        self._leave()
        self._held.enter_context(self._desk.vault.held())
        self._desk.vault.patients.prepare(info.patient_code)
        try:
            mark = RunningMark(self._path.parent, info.session_id)
        except sqlite3.Error as error:  # the mark is a lock of the standard library's driver
            raise explain(error, self._path) from error
        try:
            with self._engine.begin() as connection:
                _require_consent(connection, info.patient_code)
                number = _insert_session(connection, info)
                log = self._desk.noted(Act.RECORD_SESSION, info.patient_code, info.session_id)
                connection.execute(insert(_table(AccessRow.__tablename__)), log.model_dump(exclude={"number"}))
        except IntegrityError as error:
            mark.release()
            raise StoreError(
                f"No session can be recorded for {info.patient_code!r}.",
                "Add the patient first, and use each session id once.",
            ) from error
        except SQLAlchemyError as error:
            mark.release()
            raise explain(error, self._path) from error
        except ConsentMissing:
            mark.release()
            raise
        self._session_number, self._mark = number, mark

    def write(self, rows: Sequence[Row], again: bool) -> int:
        """Commit the rows in one transaction and return how many were refused as duplicates.

        `again` says that an earlier attempt may have reached the disk: rows already there are fine then.
        `StoreError` if nothing was written.
        """
        if self._session_number is None:
            return len(rows)
        try:
            return self._write_all(rows, again)
        except IntegrityError:
            return self._write_each(rows)
        except SQLAlchemyError as error:
            raise explain(error, self._path) from error

    def reopen(self) -> None:
        """Start over with a fresh connection after a failure; `StoreError` if the file still cannot be used."""
        self._engine.dispose()
        self._engine = self._opened()

    def close(self) -> None:
        """Let go of the file and of the session."""
        self._leave()
        self._engine.dispose()

    def _opened(self) -> Engine:
        return open_to_write(self._path, self._desk.vault, *self._limits)

    def _leave(self) -> None:
        self._held.close()
        self._session_number = None
        if self._mark is not None:
            self._mark.release()
            self._mark = None

    def _write_all(self, rows: Sequence[Row], again: bool) -> int:
        is_end = any("outcome" in values for name, values in rows if name == SessionRow.__tablename__)
        with self._engine.begin() as connection:
            for name, group in groupby(sorted(rows, key=_table_name), key=_table_name):
                if name == SessionRow.__tablename__:
                    self._update_session(connection, [values for _, values in group])
                    continue
                statement = insert(_table(name))
                values = [self._numbered(values) for _, values in group]
                connection.execute(statement.on_conflict_do_nothing() if again else statement, values)
            checkpoint = put_checkpoint(connection, self._desk.vault, self._session_number) if is_end else None
        if checkpoint is not None:
            with suppress(StoreError):  # it stands on the record; the file beside it is a second place
                keep_beside(self._path, checkpoint)
            self._leave()
        return 0

    def _write_each(self, rows: Sequence[Row]) -> int:
        """One by one, so that a row that cannot be written does not take the others with it."""
        refused = 0
        try:
            with self._engine.begin() as connection:
                for name, values in rows:
                    if name == SessionRow.__tablename__:
                        self._update_session(connection, [values])
                        continue
                    statement = insert(_table(name)).on_conflict_do_nothing()
                    try:
                        refused += connection.execute(statement, self._numbered(values)).rowcount != 1
                    except IntegrityError:
                        refused += 1
        except SQLAlchemyError as error:
            raise explain(error, self._path) from error
        return refused

    def _update_session(self, connection: Connection, changes: Sequence[Mapping[str, Any]]) -> None:
        for values in changes:
            table = _table(SessionRow.__tablename__)
            connection.execute(update(table).where(table.c.number == self._session_number).values(**values))

    def _numbered(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"session_number": self._session_number, **values}


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def _table_name(row: Row) -> str:
    return row[0]


def _require_consent(connection: Connection, code: str) -> None:
    """`ConsentMissing` if the patient's newest word on it is no, or there is none; asked where the session is begun."""
    consent = _table(ConsentRow.__tablename__)
    newest = select(consent.c.act).where(consent.c.patient_code == code).order_by(consent.c.number.desc()).limit(1)
    act = connection.execute(newest).scalar()
    if act != ConsentAct.GIVEN.value:
        what = "has not consented" if act is None else "has withdrawn consent"
        raise ConsentMissing(f"{code} {what}.", f"Read the text with the patient: acclimate patients consent {code}.")


def _insert_session(connection: Connection, info: SessionInfo) -> int:
    protocol = {"sha256": info.protocol_sha256, "text": info.protocol_text}
    connection.execute(insert(_table(ProtocolRow.__tablename__)).on_conflict_do_nothing(), protocol)
    values = {
        "id": info.session_id,
        "patient_code": info.patient_code,
        "protocol_name": info.protocol_name,
        "protocol_sha256": info.protocol_sha256,
        "started": info.started.isoformat(timespec="milliseconds"),
        "software": info.software or software_version(),
        "setup": json.dumps(dict(info.setup)),
        "sensor": json.dumps(dict(info.sensor)),
        "player": json.dumps(dict(info.player)),
        "simulated": json.dumps(list(info.simulated)),
    }
    statement = insert(_table(SessionRow.__tablename__)).returning(_table(SessionRow.__tablename__).c.number)
    return int(connection.execute(statement, values).scalar_one())
