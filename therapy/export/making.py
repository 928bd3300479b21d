"""Putting packages together from the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocols.loader import library_names
from therapy.errors import StoreError, UsageError
from therapy.export.package import encrypt, pack
from therapy.export.research import RESEARCH_PURPOSE, SMALLEST_CELL, Veil, Veiled, research_table, veiled
from therapy.export.session_tables import measured_tables, sessions_table, told_tables
from therapy.export.tables import Table, as_csv, as_parquet, dictionary_of
from therapy.report.facts import read_facts
from therapy.report.page import report_page
from therapy.store.archive import Archive
from therapy.store.atomic import write_atomically
from therapy.store.auditing import Auditor, signer_of
from therapy.store.desk import Desk
from therapy.store.people import People
from therapy.store.records import SessionRecord
from therapy.store.roles import Act

POSES = "poses"


@dataclass(frozen=True, slots=True)
class Exported:
    """A package that was written: how many sessions are in it, how many were left out, who signed it."""

    path: Path
    sessions: int
    left_out: int
    public_key: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a package is made: encrypted to these age recipients (none: not), tables also as Parquet."""

    recipients: tuple[str, ...] = ()
    parquet: bool = False


def export_sessions(desk: Desk, session: str | None, patient: str | None, target: Path, wishes: Wishes) -> Exported:
    """One session, or every session of a patient, with everything that is on the record of it."""
    with Archive(desk) as archive:
        records = (archive.session(session),) if session is not None else archive.sessions(patient)
        if not records:
            raise UsageError(f"There is no session of {patient}.", "See: acclimate sessions.")
        for code in {record.patient_code for record in records}:
            desk.require(Act.EXPORT, code)
        files: dict[str, bytes] = {}
        seen: dict[str, Table] = {}
        for record in records:
            tables = (*measured_tables(archive, record.session_id), *told_tables(archive, record.session_id))
            seen |= {table.name: table for table in tables}
            files |= _session_files(archive, record, tables, wishes)
    files |= _shared_files(sessions_table(records), seen.values(), wishes)
    for record in records:
        desk.note(Act.EXPORT, record.patient_code, record.session_id)
    return _written(desk, ("session" if session else "patient", files), target, wishes, (len(records), 0))


def export_research(desk: Desk, target: Path, wishes: Wishes, smallest_cell: int = SMALLEST_CELL) -> Exported:
    """The sessions of all real patients who consent, without identity."""
    desk.require(Act.RESEARCH_EXPORT)
    with People(desk) as people:
        years = {one.code: one.birth_year for one in people.patients() if one.consent == "given"}
    veil = Veil(desk.vault.derive(RESEARCH_PURPOSE))
    with Archive(desk) as archive:
        rows, left_out = veiled(archive.sessions(), years, frozenset(library_names()), veil, smallest_cell)
        files: dict[str, bytes] = {}
        seen: dict[str, Table] = {}
        for row in rows:
            tables = [table for table in measured_tables(archive, row.real_id) if table.name != POSES]
            seen |= {table.name: table for table in tables}
            files |= _tables(f"sessions/{row.session_id}/", tables, wishes)
    files |= _shared_files(research_table(rows), seen.values(), wishes) | {"about.json": _about(rows, smallest_cell)}
    desk.note(Act.RESEARCH_EXPORT, detail=f"{len(rows)} sessions")
    return _written(desk, ("research", files), target, wishes, (len(rows), left_out))


def _session_files(
    archive: Archive, record: SessionRecord, tables: Sequence[Table], wishes: Wishes
) -> dict[str, bytes]:
    folder = f"sessions/{record.session_id}/"
    page = report_page(read_facts(archive, record.session_id), None)
    return {
        f"{folder}session.json": json.dumps(_plain(record), indent=1, ensure_ascii=False).encode(),
        f"{folder}protocol.yaml": record.protocol_text.encode(),
        f"{folder}report.html": page.encode(),
        **_tables(folder, tables, wishes),
    }


def _shared_files(sessions: Table, others: Iterable[Table], wishes: Wishes) -> dict[str, bytes]:
    dictionary = dictionary_of((sessions, *others))
    return _tables("", (sessions,), wishes) | {"data-dictionary.csv": as_csv(dictionary)}


def _tables(folder: str, tables: Sequence[Table], wishes: Wishes) -> dict[str, bytes]:
    files = {f"{folder}{table.name}.csv": as_csv(table) for table in tables}
    if wishes.parquet:
        files |= {f"{folder}{table.name}.parquet": as_parquet(table) for table in tables}
    return files


def _about(rows: Sequence[Veiled], smallest_cell: int) -> bytes:
    words = {
        "sessions": len(rows),
        "patients": len({row.patient_code for row in rows}),
        "smallest_cell": smallest_cell,
        "replaced": [
            "patient codes",
            "session ids",
            "dates (shifted by days for each patient, no time of day)",
            "ages",
        ],
        "left_out": ["free text", "notes", "set-up", "names of devices", "head poses", "journal", "virtual patients"],
        "remark": "Pseudonymous, not anonymous: who holds the record can find a patient again.",
    }
    return json.dumps(words, indent=1).encode()


def _plain(record: SessionRecord) -> dict[str, Any]:
    return {
        "session_id": record.session_id,
        "patient_code": record.patient_code,
        "protocol_name": record.protocol_name,
        "protocol_sha256": record.protocol_sha256,
        "started": record.started.isoformat(),
        "ended": record.ended.isoformat() if record.ended else None,
        "duration_s": record.last_t_s,
        "outcome": record.outcome,
        "detail": record.detail,
        "software": record.software,
        "simulated": list(record.simulated),
        "setup": dict(record.setup),
        "sensor": dict(record.sensor),
        "player": dict(record.player),
        "lost_rows": record.lost_rows,
    }


def _written(
    desk: Desk, what: tuple[str, dict[str, bytes]], target: Path, wishes: Wishes, counts: tuple[int, int]
) -> Exported:
    """Sign and write; what is encrypted was never on the disk in the clear."""
    signer = signer_of(desk.vault)
    package = pack(*what, Auditor(desk).checkpoint(), signer)
    data = encrypt(package, wishes.recipients) if wishes.recipients else package
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, data)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.", "Name another file with --to.") from error
    return Exported(target, *counts, signer.public_key)
