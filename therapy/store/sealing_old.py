"""Sealing the free text of a record from before patients had keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from therapy.session.events import Outcome, Therapist, TherapistAction
from therapy.store.patient_keys import SEALED, PatientKeys
from therapy.store.sealing import is_free

Place = tuple[int, ...]


def seal_old_texts(connection: Connection, patients: PatientKeys) -> None:
    """Give every patient a key and seal their free text, in the transaction that is open."""
    for (code,) in connection.exec_driver_sql("SELECT code FROM patient").all():
        patients.prepare(code)
    codes = {row.number: row.patient_code for row in connection.exec_driver_sql("SELECT * FROM session").all()}
    for row in connection.exec_driver_sql("SELECT * FROM automation").all():
        reason = patients.seal(row.patient_code, _open(row.reason))
        connection.exec_driver_sql("UPDATE automation SET reason = ? WHERE number = ?", (reason, row.number))
    for row in connection.exec_driver_sql("SELECT * FROM session").all():
        if row.outcome == Outcome.STOPPED_BY_THERAPIST.value and row.detail:
            detail = patients.seal(row.patient_code, _open(row.detail))
            connection.exec_driver_sql("UPDATE session SET detail = ? WHERE number = ?", (detail, row.number))
    caused = set()
    for number, seq, plain in _journal(connection):
        plain["text"] = patients.seal(codes[number], plain["text"])
        connection.exec_driver_sql(
            "UPDATE journal SET payload = ? WHERE session_number = ? AND seq = ?", (_written(plain), number, seq)
        )
        caused.add((number, seq))
    for place, field, plain in _effects(connection, caused):
        plain[field] = patients.seal(codes[place[0]], plain[field])
        connection.exec_driver_sql(
            "UPDATE event SET payload = ? WHERE session_number = ? AND seq = ? AND part = ?", (_written(plain), *place)
        )


def _open(text: str) -> str:
    """Text that is not sealed yet: words that only look sealed are a person's too."""
    return text if not text.startswith(SEALED) else f" {text}"


def _journal(connection: Connection) -> Iterator[tuple[int, int, dict[str, Any]]]:
    query = "SELECT session_number, seq, payload FROM journal WHERE kind = 'Therapist'"
    for number, seq, payload in connection.exec_driver_sql(query).all():
        plain = json.loads(payload)
        if is_free(Therapist(TherapistAction(plain["action"]), text=plain.get("text", ""))):
            yield number, seq, plain


def _effects(connection: Connection, caused: set[tuple[int, int]]) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """What therapists' words brought about, and endings by a therapist's stop: place, field and payload."""
    query = (
        "SELECT session_number, seq, part, kind, payload FROM event WHERE kind IN ('Noticed','Speak','SessionEnded')"
    )
    for number, seq, part, kind, payload in connection.exec_driver_sql(query).all():
        plain = json.loads(payload)
        ended = kind == "SessionEnded" and plain.get("outcome") == Outcome.STOPPED_BY_THERAPIST.value
        if ended or (kind != "SessionEnded" and (number, seq) in caused):
            yield (number, seq, part), "text" if kind == "Speak" else "detail", plain


def _written(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
