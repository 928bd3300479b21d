"""What is a patient's own: identity, who may see it, sharing with a named recipient, erasure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import pyrage
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from therapy.errors import StoreError, UsageError
from therapy.store.archive import Archive
from therapy.store.consent import CONSENT_LANGUAGE, CONSENT_TEXT, CONSENT_VERSION
from therapy.store.database import explain, open_to_write, wall_now
from therapy.store.desk import Desk, Where
from therapy.store.patient_keys import PatientKeys
from therapy.store.people import require_patient
from therapy.store.readiness import ConsentAct
from therapy.store.roles import Act, Role
from therapy.store.tables import ConsentRow, IdentityRow
from therapy.store.unlocking import at_desk
from therapy.store.users import assign, known_user, user_of

SHARE_FORMAT = "acclimate-share"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a patient is, as far as somebody has written it down."""

    name: str = ""
    contact: str = ""


class Privacy:
    """A patient's own things at the record a desk stands at; everything is logged."""

    def __init__(self, where: Where) -> None:
        self._desk: Desk = at_desk(where)
        self._keys: PatientKeys = self._desk.vault.patients

    def record_identity(self, code: str, identity: Identity, recorded_by: str) -> None:
        """Write down who a patient is, sealed under the patient's own key; the newest counts."""
        with self._working(Act.CHANGE_PATIENT, code, "identity") as session:
            self._keys.prepare(code)
            sealed = self._keys.seal(code, json.dumps(asdict(identity), ensure_ascii=False))
            session.add(IdentityRow(patient_code=code, sealed=sealed, recorded_by=recorded_by, at=wall_now()))

    def identity(self, code: str) -> Identity | None:
        """Who a patient is; None if nobody wrote it down, or it was erased."""
        with self._working(Act.READ_IDENTITY, code) as session:
            query = select(IdentityRow.sealed).where(IdentityRow.patient_code == code)
            sealed = session.exec(query.order_by(col(IdentityRow.number).desc())).first()
        if sealed is None or self._keys.is_erased(code):
            return None
        try:
            return Identity(**json.loads(self._keys.unseal(code, sealed)))
        except (TypeError, ValueError) as error:
            raise StoreError(
                f"The identity of {code} cannot be read: the patient's key is missing.",
                "Bring back the newest copy of acclimate.patients.",
            ) from error

    def assign(self, code: str, user_name: str) -> None:
        """Make a patient another therapist's too; `UsageError` for somebody who is none."""
        with self._working(Act.CHANGE_PATIENT, code, f"assigned to {user_name}") as session:
            row = known_user(session, user_name)
            if Role.THERAPIST not in user_of(row).roles or row.disabled is not None:
                raise UsageError(f"{row.name} is no therapist of this record.", "See: acclimate users list.")
            assign(session, code, row.user_id)

    def share(self, code: str, recipient: str, recipient_name: str) -> bytes:
        """A patient's key, identity and words, readable with the recipient's age key alone.

        `recipient` is an X25519 public key as age writes it (age1…); `UsageError` if it is none.
        """
        try:
            to = pyrage.x25519.Recipient.from_str(recipient.strip())
        except pyrage.RecipientError as error:
            raise UsageError(f"{recipient!r} is no public key of age.", "Ask for the line that begins age1.") from error
        self._desk.require(Act.SHARE, code)
        identity = self.identity(code)
        shared = {
            "format": SHARE_FORMAT,
            "version": 1,
            "patient": code,
            "for": recipient_name,
            "shared_by": self._desk.user.name,
            "at": wall_now(),
            "key": self._keys.key_to_share(code).hex(),
            "identity": None if identity is None else asdict(identity),
            "words": self._words(code),
        }
        with self._working(Act.SHARE, code, f"shared with {recipient_name} ({recipient.strip()})"):
            return bytes(pyrage.encrypt(json.dumps(shared, ensure_ascii=False).encode(), [to]))

    def erase(self, code: str, recorded_by: str) -> None:
        """Destroy a patient's key and record the withdrawal: identity and free text can never be read again.

        Measured values, ratings and decisions stay under the code, which names nobody any more.
        """
        with self._working(Act.ERASE, code, "erased") as session:
            patient = require_patient(session, code)
            patient.erased = patient.erased or wall_now()
            session.add(patient)
            session.add(
                ConsentRow(
                    patient_code=code,
                    act=ConsentAct.WITHDRAWN.value,
                    version=CONSENT_VERSION,
                    language=CONSENT_LANGUAGE,
                    text=CONSENT_TEXT,
                    recorded_by=recorded_by,
                    at=wall_now(),
                )
            )
            session.flush()
            self._keys.destroy(code)

    def _words(self, code: str) -> list[dict[str, Any]]:
        """Every free text of a patient's sessions with its session and time."""
        with Archive(self._desk) as archive:
            return [
                {"session": session.session_id, "t_s": row.t_s, "action": action, "text": text}
                for session in archive.sessions(code)
                for row, action, text in archive.words(session.session_id)
            ]

    @contextmanager
    def _working(self, act: Act, code: str, detail: str = "") -> Iterator[Session]:
        self._desk.require(act)
        engine = open_to_write(self._desk.path, self._desk.vault)
        try:
            with Session(engine) as session:
                require_patient(session, code)
                self._desk.require(act, code)
                session.add(self._desk.noted(act, code, detail=detail))
                yield session
                session.commit()
        except SQLAlchemyError as error:
            raise explain(error, self._desk.path) from error
        finally:
            engine.dispose()


def read_shared(content: bytes, identity: str) -> dict[str, Any]:
    """What `share` wrote, opened with the recipient's private age key (AGE-SECRET-KEY-1…); `UsageError` otherwise."""
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
        plain: dict[str, Any] = json.loads(pyrage.decrypt(content, [key]))
    except (pyrage.IdentityError, pyrage.DecryptError, ValueError) as error:
        raise UsageError(
            "That key does not open this file.", "Use the private key of whom it was shared with."
        ) from error
    return plain
