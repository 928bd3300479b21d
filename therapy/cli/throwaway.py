"""A record of its own for sessions with a virtual patient, apart from any patient's."""

from __future__ import annotations

from pathlib import Path

import typer

from therapy.app import SessionResult
from therapy.cli.run import EXIT_CODES
from therapy.store.paths import database_path
from therapy.store.people import People
from therapy.store.screening import CHECKLIST
from therapy.store.unlocking import make_throw_away

BIRTH_YEAR = 1985


def prepare(folder: Path, code: str, recorded_by: str) -> None:
    """Make the folder and, if need be, a patient who may have a session."""
    with People(make_throw_away(database_path(folder))) as people:
        if code not in {patient.code for patient in people.patients()}:
            people.register_patient(code, BIRTH_YEAR)
        people.record_consent(code, recorded_by)
        people.record_screening(code, {item.id: False for item in CHECKLIST}, recorded_by)


def finish(folder: Path, result: SessionResult, what: str) -> None:
    """Write the report, print its path as the last line, and leave with the session's exit code."""
    from therapy.report.write import write_report

    report = folder / f"report-{result.session_id[:8]}.html"
    write_report(database_path(folder), result.session_id, report)
    typer.echo(f"The {what} keeps a record of its own: acclimate sessions --data {folder}", err=True)
    typer.echo(str(report))
    if code := EXIT_CODES[result.outcome]:
        raise typer.Exit(code)
