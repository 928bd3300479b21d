"""Data for research without identity.

What is done: codes and session ids are replaced by keyed ones, dates are shifted by a keyed number of days for each
patient (the days between a patient's sessions stay) and lose their time of day, ages become bands, free text, set-up,
notes, devices' names and head poses are left out, and combinations of age band and protocol that fewer than `k`
patients share are made coarser, then left out.  What remains is pseudonymous, not anonymous: whoever holds
the record can find the patient again, and series of heartbeats are in themselves particular to a person.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from therapy.errors import UsageError
from therapy.export.tables import Cell, Table
from therapy.store.records import SessionRecord

RESEARCH_PURPOSE = "research-export"
SMALLEST_CELL = 5
"""Fewer patients than this never share a combination that is told.  Engineering default [D]."""
SHIFT_DAYS = 182
BAND_YEARS = 10
ANY = "*"
OWN_PROTOCOL = "own"
_COLUMNS = (
    "session_id", "patient_code", "age_band", "protocol_name", "started", "duration_s", "outcome", "software",
    "sensor_kind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Veiled:
    """A session as research sees it; `real_id` never leaves the program."""

    real_id: str
    session_id: str
    patient_code: str
    age_band: str
    protocol_name: str
    started: str
    record: SessionRecord


class Veil:
    """Replaces codes, ids and dates with a secret: the same patient looks the same in every export of a record."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def patient(self, code: str) -> str:
        """A code in the place of a patient's own."""
        return f"P-{self._digest('patient', code).hex()[:12]}"

    def session(self, session_id: str) -> str:
        """An id in the place of a session's own."""
        return self._digest("session", session_id).hex()[:16]

    def shift(self, code: str) -> timedelta:
        """How far a patient's dates are moved: up to half a year to either side."""
        number = int.from_bytes(self._digest("dates", code)[:8], "big")
        return timedelta(days=number % (2 * SHIFT_DAYS + 1) - SHIFT_DAYS)

    def _digest(self, purpose: str, name: str) -> bytes:
        return hmac.new(self._secret, f"{purpose}\0{name}".encode(), hashlib.sha256).digest()


def veiled(
    records: Sequence[SessionRecord],
    birth_years: Mapping[str, int],
    known_protocols: frozenset[str],
    veil: Veil,
    smallest_cell: int = SMALLEST_CELL,
) -> tuple[tuple[Veiled, ...], int]:
    """The sessions of real patients without identity, and how many were left out because too few are like them."""
    if smallest_cell < 2:
        raise UsageError(f"{smallest_cell} is too small for a cell.", "Give 2 or more; 5 is usual.")
    rows = [
        _veiled(record, birth_years[record.patient_code], known_protocols, veil)
        for record in records
        if record.patient_code in birth_years and not record.patient_is_virtual and not record.is_running
    ]
    rows = [_without_age(row) if few else row for row, few in _with_few(rows, smallest_cell)]
    rows = [
        replace(row, protocol_name=ANY) if few and row.age_band == ANY else row
        for row, few in _with_few(rows, smallest_cell)
    ]
    kept = tuple(row for row, few in _with_few(rows, smallest_cell) if not few)
    return kept, len(rows) - len(kept)


def research_table(rows: Sequence[Veiled]) -> Table:
    """One row for each session."""
    ordered = sorted(rows, key=lambda row: (row.patient_code, row.started, row.session_id))
    return Table("sessions", _COLUMNS, tuple(_row(row) for row in ordered))


def _veiled(record: SessionRecord, birth_year: int, known_protocols: frozenset[str], veil: Veil) -> Veiled:
    lowest = (record.started.year - birth_year) // BAND_YEARS * BAND_YEARS
    return Veiled(
        real_id=record.session_id,
        session_id=veil.session(record.session_id),
        patient_code=veil.patient(record.patient_code),
        age_band=f"{lowest}-{lowest + BAND_YEARS - 1}",
        protocol_name=record.protocol_name if record.protocol_name in known_protocols else OWN_PROTOCOL,
        started=(record.started + veil.shift(record.patient_code)).date().isoformat(),
        record=record,
    )


def _with_few(rows: Sequence[Veiled], smallest_cell: int) -> list[tuple[Veiled, bool]]:
    """Each row with whether too few patients share its age band and protocol."""
    patients = defaultdict(set)
    for row in rows:
        patients[row.age_band, row.protocol_name].add(row.patient_code)
    return [(row, len(patients[row.age_band, row.protocol_name]) < smallest_cell) for row in rows]


def _without_age(row: Veiled) -> Veiled:
    return replace(row, age_band=ANY)


def _row(row: Veiled) -> tuple[Cell, ...]:
    record = row.record
    kind = str(record.sensor.get("kind", ""))
    return (
        row.session_id,
        row.patient_code,
        row.age_band,
        row.protocol_name,
        row.started,
        record.last_t_s,
        record.outcome,
        record.software,
        kind,
    )
