"""Patients by code: consent, screening, and whether a session may start."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from therapy.control.decision import Stage
from therapy.errors import UsageError
from therapy.session.events import Outcome
from therapy.store.archive import last_recorded_s
from therapy.store.automation import (
    Automation,
    SettingKind,
    automation_of,
    hr_window_setting,
    limit_setting,
    require_step,
)
from therapy.store.consent import CONSENT_LANGUAGE, CONSENT_TEXT, CONSENT_VERSION
from therapy.store.database import explain, open_to_read, open_to_write, wall_now
from therapy.store.desk import Desk
from therapy.store.graduation import SessionEvidence
from therapy.store.liveness import is_running, remove_mark
from therapy.store.readiness import ConsentAct, Readiness, assess
from therapy.store.roles import Act, Role
from therapy.store.screening import (
    CHECKLIST,
    ITEMS,
    SCREENING_VERSION,
    ScreeningOutcome,
    outcome_of,
)
from therapy.store.tables import AutomationRow, ConsentRow, PatientRow, ScreeningRow, SessionRow
from therapy.store.unlocking import at_desk
from therapy.store.users import assign

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_OLDEST_YEARS = 120
T = TypeVar("T", ConsentRow, ScreeningRow)


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient and what is on the record about consent and screening."""

    code: str
    birth_year: int
    created: datetime
    consent: str | None
    consent_at: datetime | None
    screening: str | None
    screening_at: datetime | None
    sessions: int


class People:
    """Patients of a desk's user: what is read and changed is logged.

    A path in the place of a desk is opened without asking anybody, if it can be, and founded if there is no record.
    """

    def __init__(self, where: Path | Desk) -> None:
        self._desk = desk = at_desk(where, may_found=True)
        self.path = desk.path
        self._patients = desk.vault.patients
        self._engine = open_to_write(desk.path, desk.vault)

    def __enter__(self) -> People:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def register_patient(self, code: str, birth_year: int) -> None:
        """Add a patient; `UsageError` if the code is taken or unfit, or the year cannot be."""
        if not _CODE.fullmatch(code):
            raise UsageError(
                f"{code!r} is no patient code.",
                "Use up to 32 letters, digits, dots, hyphens and underscores, and no names.",
            )
        this_year = datetime.now().astimezone().year
        if not this_year - _OLDEST_YEARS <= birth_year <= this_year:
            raise UsageError(
                f"{birth_year} is no year of birth.", f"Give one from {this_year - _OLDEST_YEARS} to {this_year}."
            )
        with self._working(Act.ADD_PATIENT) as session:
            taken = _alike(session, code)
            if taken is not None:
                differs = "" if taken == code else f" {code} differs only in capital letters."
                raise UsageError(f"There is a patient {taken} already.{differs}", "See: acclimate patients.")
            self._patients.prepare(code)
            session.add(PatientRow(code=code, birth_year=birth_year, created=wall_now()))
            session.flush()
            if Role.THERAPIST in self._desk.user.roles:
                assign(session, code, self._desk.user.user_id)

    def patients(self) -> tuple[Patient, ...]:
        """Every patient of the user, by code."""
        codes = self._desk.visible(Act.LIST_PATIENTS)
        with self._working(Act.LIST_PATIENTS) as session:
            rows = session.exec(select(PatientRow).order_by(col(PatientRow.code))).all()
            return tuple(_patient(session, row) for row in rows if codes is None or row.code in codes)

    def record_consent(self, code: str, recorded_by: str) -> None:
        """The patient consented to the present text; `recorded_by` saw it."""
        self._add_consent(code, ConsentAct.GIVEN, recorded_by)

    def withdraw_consent(self, code: str, recorded_by: str) -> None:
        """The patient withdrew; nothing more may be recorded, and this is."""
        self._add_consent(code, ConsentAct.WITHDRAWN, recorded_by)

    def record_screening(self, code: str, answers: Mapping[str, bool], recorded_by: str) -> ScreeningOutcome:
        """The filled-in checklist, every item answered; `UsageError` for unknown or open items."""
        unknown = sorted(set(answers) - set(ITEMS))
        missing = [item.id for item in CHECKLIST if item.id not in answers]
        if unknown or missing:
            what = f"There is no item {', '.join(unknown)}." if unknown else f"Not answered: {', '.join(missing)}."
            raise UsageError(what, f"The items are {', '.join(ITEMS)}.")
        outcome = outcome_of(dict(answers))
        with self._working(Act.CHANGE_PATIENT, code) as session:
            session.add(
                ScreeningRow(
                    patient_code=code,
                    version=SCREENING_VERSION,
                    answers=json.dumps(dict(answers), sort_keys=True),
                    outcome=outcome.value,
                    recorded_by=recorded_by,
                    at=wall_now(),
                )
            )
        return outcome

    def readiness(self, code: str, now: datetime | None = None) -> Readiness:
        """Everything that stands in the way of a session, and what the checklist forces; `UsageError` if unknown."""
        with self._working(Act.READ_PATIENT, code) as session:
            patient = require_patient(session, code)
            consent, screening = _newest(session, ConsentRow, code), _newest(session, ScreeningRow, code)
            return assess(patient, consent, screening, now or datetime.now().astimezone())

    def automation(self, code: str) -> Automation:
        """What the automation may do with a patient; `UsageError` if unknown."""
        with self._working(Act.READ_PATIENT, code) as session:
            found = _automation(session, code)
        changes = (replace(one, reason=self._patients.unseal(code, one.reason)) for one in found.changes)
        return replace(found, changes=tuple(changes))

    def record_stage(
        self, code: str, to: Stage, recorded_by: str, reason: str = "", sessions: Sequence[SessionEvidence] = ()
    ) -> None:
        """Move a patient's automation to a stage, on what the `sessions` at the present stage say.

        `UsageError` for a step forward that skips a stage or whose criteria are not met; back is always possible.
        The present stage again begins it anew: earlier sessions no longer count.
        """
        with self._working(Act.CHANGE_PATIENT, code) as session:
            require_step(code, _automation(session, code).stage, to, sessions)
            session.add(self._change(code, SettingKind.STAGE, to.value, recorded_by, reason))

    def record_hr_window(self, code: str, allowed: bool, recorded_by: str, reason: str = "") -> None:
        """Give or take the leave for heart rate to move the level both ways."""
        with self._working(Act.CHANGE_PATIENT, code) as session:
            session.add(self._change(code, SettingKind.HR_WINDOW, hr_window_setting(allowed), recorded_by, reason))

    def record_limit(self, code: str, level: int | None, recorded_by: str, reason: str = "") -> None:
        """Set the highest level for a patient in any protocol, or none; `UsageError` for what is no level."""
        setting = limit_setting(level)
        with self._working(Act.CHANGE_PATIENT, code) as session:
            session.add(self._change(code, SettingKind.LIMIT, setting, recorded_by, reason))

    def close_interrupted(self) -> tuple[str, ...]:
        """Mark every session that a crash left open, and return their ids; running ones are left alone."""
        closed = []
        with self._working(Act.RECORD_SESSION) as session:
            for row in session.exec(select(SessionRow).where(col(SessionRow.outcome).is_(None))).all():
                if is_running(self.path.parent, row.id):
                    continue
                row.duration_s = last_recorded_s(session, row)
                row.outcome, row.detail = Outcome.INTERRUPTED.value, f"recorded up to {row.duration_s:.2f} s"
                session.add(row)
                closed.append(row.id)
        for session_id in closed:
            remove_mark(self.path.parent, session_id)
        return tuple(closed)

    def _add_consent(self, code: str, act: ConsentAct, recorded_by: str) -> None:
        with self._working(Act.CONSENT, code) as session:
            session.add(
                ConsentRow(
                    patient_code=code,
                    act=act.value,
                    version=CONSENT_VERSION,
                    language=CONSENT_LANGUAGE,
                    text=CONSENT_TEXT,
                    recorded_by=recorded_by,
                    at=wall_now(),
                )
            )

    def _change(self, code: str, kind: SettingKind, setting: str, recorded_by: str, reason: str) -> AutomationRow:
        return AutomationRow(
            patient_code=code,
            kind=kind.value,
            setting=setting,
            recorded_by=recorded_by,
            reason=self._patients.seal(code, reason),
            at=wall_now(),
        )

    @contextmanager
    def _working(self, act: Act, code: str | None = None) -> Iterator[Session]:
        """A transaction for something the user may do, with this patient if one is named; it is logged with it."""
        self._desk.require(act)
        try:
            with Session(self._engine) as session:
                if code is not None:
                    require_patient(session, code)
                    self._desk.require(act, code)
                if row := self._desk.unnoted(act, code):
                    session.add(row)
                yield session
                session.commit()
        except SQLAlchemyError as error:
            raise explain(error, self.path) from error


def require_patient(session: Session, code: str) -> PatientRow:
    """The patient's row; `UsageError` with the nearest code if there is none."""
    patient = session.get(PatientRow, code)
    if patient is None:
        alike = _alike(session, code)
        cure = f"Did you mean {alike}?" if alike else f"Add it: acclimate patients add {code} --birth-year YYYY."
        raise UsageError(f"There is no patient {code!r}.", cure)
    return patient


def _alike(session: Session, code: str) -> str | None:
    """The code on the record that is this one but for capital letters."""
    codes = session.exec(select(PatientRow.code)).all()
    return next((known for known in codes if known.casefold() == code.casefold()), None)


def _automation(session: Session, code: str) -> Automation:
    query = select(AutomationRow).where(AutomationRow.patient_code == code).order_by(col(AutomationRow.number))
    return automation_of(session.exec(query).all())


def patient_codes(where: Path | Desk) -> tuple[str, ...]:
    """The codes of the user's patients, read without writing; none if there is no database."""
    if isinstance(where, Path) and not where.is_file():
        return ()
    desk = at_desk(where)
    desk.require(Act.LIST_PATIENTS)
    codes = desk.visible(Act.LIST_PATIENTS)
    desk.note(Act.LIST_PATIENTS)
    engine = open_to_read(desk.path, desk.vault)
    try:
        with Session(engine) as session:
            known = session.exec(select(PatientRow.code).order_by(col(PatientRow.code))).all()
            return tuple(code for code in known if codes is None or code in codes)
    except SQLAlchemyError as error:
        raise explain(error, desk.path) from error
    finally:
        engine.dispose()


def _newest(session: Session, table: type[T], code: str) -> T | None:
    query = select(table).where(table.patient_code == code).order_by(col(table.number).desc())
    return session.exec(query).first()


def _patient(session: Session, row: PatientRow) -> Patient:
    consent, screening = _newest(session, ConsentRow, row.code), _newest(session, ScreeningRow, row.code)
    sessions = session.exec(select(SessionRow.id).where(SessionRow.patient_code == row.code)).all()
    return Patient(
        code=row.code,
        birth_year=row.birth_year,
        created=datetime.fromisoformat(row.created),
        consent=consent.act if consent else None,
        consent_at=datetime.fromisoformat(consent.at) if consent else None,
        screening=screening.outcome if screening else None,
        screening_at=datetime.fromisoformat(screening.at) if screening else None,
        sessions=len(sessions),
    )
