"""Reading the record.  An archive cannot write and never holds up the writer."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import sqlalchemy
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from therapy.control.decision import Decision
from therapy.errors import StoreError, UsageError
from therapy.session.events import BeatSeen, Event, Outcome, Output, Rated, SampleTaken, Therapist
from therapy.store.audit_tables import CheckpointRow, SafeStopRow
from therapy.store.blocks import POSE_COLUMNS, unpack_poses
from therapy.store.codec import decode_event, decode_output
from therapy.store.database import explain, open_to_read
from therapy.store.desk import Desk
from therapy.store.liveness import is_running
from therapy.store.records import FrameSecond, Recorded, SessionRecord
from therapy.store.roles import Act
from therapy.store.rows import beat_of, decision_of, rating_of, sample_of
from therapy.store.safe_stop import Entry
from therapy.store.safe_stops import safe_stops_of
from therapy.store.sealing import is_free, unsealed
from therapy.store.tables import (
    BeatRow,
    DecisionRow,
    EventRow,
    FrameRow,
    JournalRow,
    PoseRow,
    ProtocolRow,
    RatingRow,
    SampleRow,
    SessionRow,
)
from therapy.store.unlocking import at_desk

LAST = "last"
_TABLES: dict[str, Any] = {
    "journal": JournalRow,
    "decisions": DecisionRow,
    "samples": SampleRow,
    "beats": BeatRow,
    "ratings": RatingRow,
    "events": EventRow,
    "frames": FrameRow,
    "poses": PoseRow,
}
T = TypeVar("T")


class Archive:
    """The sessions a desk's user may read, for one thread; close it, or use it in a `with`.

    What is read is logged.  A path in the place of a desk is opened without asking anybody, if it can be.
    """

    def __init__(self, where: Path | Desk) -> None:
        self._desk = desk = at_desk(where)
        self.path = desk.path
        self._patients: dict[str, str] = {}
        self._protocols: dict[str, str] = {}
        self._engine = open_to_read(desk.path, desk.vault)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def sessions(
        self, patient_code: str | None = None, newest: int | None = None, sensor_kind: str | None = None
    ) -> tuple[SessionRecord, ...]:
        """Every session the user may read, oldest first; of many only the `newest`, of one patient, with one sensor."""
        self._desk.require(Act.READ_SESSION)
        query = self._visible(select(SessionRow).order_by(col(SessionRow.number).desc()))
        if patient_code is not None:
            query = query.where(SessionRow.patient_code == patient_code)
        if sensor_kind is not None:
            query = query.where(func.json_extract(SessionRow.sensor, "$.kind") == sensor_kind)
        self._desk.note(Act.LIST_PATIENTS, patient_code)
        with self._reading() as session:
            found = session.exec(query.limit(newest)).all()
            return tuple(self._record(session, row) for row in reversed(found))

    def session(self, id_or_prefix: str) -> SessionRecord:
        """The session whose id begins so, or the newest one for "last"; `UsageError` if there is none or several."""
        self._desk.require(Act.READ_SESSION)
        query = self._visible(select(SessionRow).order_by(col(SessionRow.number).desc()).limit(2))
        if id_or_prefix != LAST:
            query = query.where(col(SessionRow.id).startswith(id_or_prefix.lower(), autoescape=True))
        with self._reading() as session:
            found = session.exec(query).all()
            if not found or (len(found) > 1 and id_or_prefix != LAST):
                raise self._not_one(session, id_or_prefix, len(found))
            record = self._record(session, found[0])
        self._may_read(record.session_id)
        return record

    def journal(self, session_id: str, kinds: Collection[type] | None = None) -> tuple[Recorded[Event], ...]:
        """Every event that reached the session, in order; only those of some `kinds`, if they are given."""
        named = () if kinds is None else (col(JournalRow.kind).in_([kind.__name__ for kind in kinds]),)
        patients, code = self._desk.vault.patients, self._may_read(session_id)
        return self._rows(
            JournalRow, session_id, lambda row: decode_event(row.kind, unsealed(row.payload, patients, code)), *named
        )

    def words(self, session_id: str) -> Iterator[tuple[Recorded[Event], str, str]]:
        """A therapist's own words in a session: the entry, its action, the text."""
        for row in self.journal(session_id, (Therapist,)):
            if isinstance(row.what, Therapist) and is_free(row.what):
                yield row, row.what.action.value, row.what.text

    def decisions(self, session_id: str, *, suggested_only: bool = False) -> tuple[Recorded[Decision], ...]:
        """Every decision with all it saw, in order; or those that left a step to the therapist."""
        suggested = (col(DecisionRow.suggested_0to1).is_not(None),) if suggested_only else ()
        return self._rows(DecisionRow, session_id, decision_of, *suggested)

    def samples(self, session_id: str) -> tuple[Recorded[SampleTaken], ...]:
        """The samples of each second."""
        return self._rows(SampleRow, session_id, sample_of)

    def beats(self, session_id: str) -> tuple[Recorded[BeatSeen], ...]:
        """Every RR interval received."""
        return self._rows(BeatRow, session_id, beat_of)

    def ratings(self, session_id: str) -> tuple[Recorded[Rated], ...]:
        """Every rating that counts."""
        return self._rows(RatingRow, session_id, rating_of)

    def events(self, session_id: str) -> tuple[Recorded[Output], ...]:
        """Every other output: phases, notices, scene commands, panels, baseline, end."""
        patients, code = self._desk.vault.patients, self._may_read(session_id)
        return self._rows(
            EventRow, session_id, lambda row: decode_output(row.kind, unsealed(row.payload, patients, code))
        )

    def frames(self, session_id: str) -> tuple[Recorded[FrameSecond], ...]:
        """Frame statistics by the second."""
        return self._rows(
            FrameRow, session_id, lambda row: FrameSecond(row.frames, row.late_frames, row.median_ms, row.p99_ms)
        )

    def poses(self, session_id: str) -> NDArray[np.float64]:
        """Head poses, rows (n, 7) of (scene time s, yaw °, pitch °, roll °, x m, y m, z m)."""
        blocks = self._rows(
            PoseRow, session_id, lambda row: unpack_poses(row.first_scene_time_s, row.columns, row.rows)
        )
        return np.concatenate([np.empty((0, len(POSE_COLUMNS))), *(block.what for block in blocks)])

    def checkpoint(self, session_id: str) -> str | None:
        """What was signed when a session ended, as JSON; None if it has not, or was recorded before there was any."""
        self._may_read(session_id)
        number = select(SessionRow.number).where(SessionRow.id == session_id).scalar_subquery()
        with self._reading() as session:
            if not sqlalchemy.inspect(session.connection()).has_table(CheckpointRow.__tablename__):
                return None
            signed = select(CheckpointRow.statement).where(CheckpointRow.session_number == number)
            return session.exec(signed.order_by(col(CheckpointRow.number).desc())).first()

    def safe_stops(self, session_id: str) -> tuple[Entry, ...]:
        """What was noted outside the record while it could not be written, oldest first."""
        self._may_read(session_id)
        with self._reading() as session:
            connection = session.connection()
            has_any = sqlalchemy.inspect(connection).has_table(SafeStopRow.__tablename__)
            return safe_stops_of(connection, session_id) if has_any else ()

    def counts(self, session_id: str) -> dict[str, int]:
        """How many rows of each kind a session has."""
        self._may_read(session_id)
        number = select(SessionRow.number).where(SessionRow.id == session_id).scalar_subquery()
        with self._reading() as session:
            return {
                name: session.exec(select(func.count()).where(table.session_number == number)).one()
                for name, table in _TABLES.items()
            }

    def _rows(self, table: Any, session_id: str, read: Callable[[Any], T], *conditions: Any) -> tuple[Recorded[T], ...]:
        self._may_read(session_id)
        columns = table.__table__.columns
        has_part = "part" in columns
        number = select(SessionRow.number).where(SessionRow.id == session_id).scalar_subquery()
        order = (columns.seq, columns.part) if has_part else (columns.seq,)
        with self._reading() as session:
            wanted = _there(session, table.__table__)
            query = sqlalchemy.select(*wanted).where(columns.session_number == number, *conditions).order_by(*order)
            rows = session.connection().execute(query)
            return tuple(Recorded(row.seq, row.part if has_part else 0, row.t_s, read(row)) for row in rows)

    def _visible(self, query: Any) -> Any:
        """Only the sessions of patients the user may read about."""
        codes = self._desk.visible(Act.READ_SESSION)
        return query if codes is None else query.where(col(SessionRow.patient_code).in_(codes))

    def _may_read(self, session_id: str) -> str:
        """The code of the session's patient, empty for no such session; `NotAllowed` if it is not for this user."""
        self._desk.vault.touch()
        if session_id not in self._patients:
            with self._reading() as session:
                query = select(SessionRow.patient_code).where(SessionRow.id == session_id)
                code = session.exec(query).first() or ""
            self._desk.require(Act.READ_SESSION, code or None)
            self._desk.note(Act.READ_SESSION, code, session_id)
            self._patients[session_id] = code
        return self._patients[session_id]

    def _record(self, session: Session, row: SessionRow) -> SessionRecord:
        sha256 = row.protocol_sha256
        if sha256 not in self._protocols:  # read once for all the sessions of a list
            self._protocols[sha256] = session.get_one(ProtocolRow, sha256).text
        is_open = row.outcome is None and is_running(self.path.parent, row.id)
        return SessionRecord(
            session_id=row.id,
            patient_code=row.patient_code,
            protocol_name=row.protocol_name,
            protocol_sha256=row.protocol_sha256,
            protocol_text=self._protocols[sha256],
            started=datetime.fromisoformat(row.started),
            ended=None if row.ended is None else datetime.fromisoformat(row.ended),
            last_t_s=last_recorded_s(session, row),
            outcome=None if is_open else row.outcome or Outcome.INTERRUPTED.value,
            detail=self._desk.vault.patients.unseal(row.patient_code, row.detail or ""),
            software=row.software,
            setup=json.loads(row.setup),
            sensor=json.loads(row.sensor),
            player=json.loads(row.player),
            simulated=tuple(json.loads(row.simulated)),
            lost_rows=row.lost_rows,
        )

    def _not_one(self, session: Session, wanted: str, found: int) -> UsageError:
        if found > 1:
            return UsageError(f"Several sessions begin with {wanted!r}.", "Give more of the id.")
        newest = self._visible(select(SessionRow.id).order_by(col(SessionRow.number).desc()).limit(1000))
        known = session.exec(newest).all()
        if not known:
            return UsageError(
                "There is no session on the record yet.",
                "Run one: acclimate run PROTOCOL --patient CODE (the demo keeps its own: name its folder with --data).",
            )
        near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.6)
        hint = f"Did you mean {near[0][:8]}? " if near else ""
        return UsageError(f"No session begins with {wanted!r}.", f"{hint}See: acclimate sessions.")

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session:
                yield session
        except SQLAlchemyError as error:
            raise explain(error, self.path) from error
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"A row of the record {self.path} cannot be read: {error}.",
                "Keep the file as it is and bring back a copy.",
            ) from error


def _there(session: Session, table: Table) -> list[ColumnElement[Any]]:
    """The table's columns; one that the file does not have yet, because its schema is older, reads as NULL."""
    present = {column["name"] for column in sqlalchemy.inspect(session.connection()).get_columns(table.name)}
    return [column if column.name in present else sqlalchemy.null().label(column.name) for column in table.columns]


def last_recorded_s(session: Session, row: SessionRow) -> float:
    """The session time of the last thing on the record."""
    if row.duration_s is not None:
        return row.duration_s
    latest = (_last_t_s(session, table, row) for table in (JournalRow, SampleRow))
    return max((t_s for t_s in latest if t_s is not None), default=0.0)


def _last_t_s(session: Session, table: type[JournalRow | SampleRow], row: SessionRow) -> float | None:
    query = select(table.t_s).where(table.session_number == row.number).order_by(col(table.seq).desc()).limit(1)
    return session.exec(query).first()
