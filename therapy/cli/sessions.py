"""`acclimate sessions`: what has been recorded."""

from __future__ import annotations

import difflib
import json
from typing import Annotated, Any

import typer

from therapy.cli.common import AsJson, DataFolder, in_columns
from therapy.cli.unlocking import at_record
from therapy.errors import UsageError
from therapy.report import figures
from therapy.report.facts import SessionFacts, read_facts
from therapy.report.phrases import clock, when
from therapy.report.words import outcome_in_words
from therapy.store.archive import Archive
from therapy.store.desk import Where
from therapy.store.paths import database_path
from therapy.store.people import patient_codes
from therapy.store.records import SessionRecord

SHORT_ID = 8
SHOWN = 100
RUN_ONE = (
    "Run one: acclimate run PROTOCOL --patient CODE. "
    "(The demo keeps a record of its own in its folder: read it with --data FOLDER.)"
)

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Sessions on the record.\n\n"
        "Examples:\n\n"
        "  acclimate sessions                        every session, oldest first\n\n"
        "  acclimate sessions --patient HX-014\n\n"
        "  acclimate sessions show last              one session in short\n\n"
        "  acclimate sessions show 3f2a --json"
    ),
)


@app.callback()
def list_sessions(
    context: typer.Context,
    as_json: AsJson = False,
    patient: Annotated[str | None, typer.Option(metavar="CODE", help="Only this patient's sessions.")] = None,
    newest: Annotated[
        int | None, typer.Option(metavar="N", min=1, help=f"Only the newest N (default: {SHOWN}; with --json all).")
    ] = None,
    data: DataFolder = None,
) -> None:
    """List the sessions, oldest first."""
    if context.invoked_subcommand is not None:
        return
    path = database_path(data)
    records: tuple[SessionRecord, ...] = ()
    if path.is_file():
        desk = at_record(data)
        with Archive(desk) as archive:
            most = newest or (None if as_json else SHOWN)
            records = archive.sessions(patient, most)
        if patient is not None and not records:
            _must_exist(patient, desk)
    elif patient is not None:
        _must_exist(patient, path)
    if as_json:
        typer.echo(json.dumps([as_plain(record) for record in records], indent=2, ensure_ascii=False))
        return
    if not records:
        whose = "No session" if patient is None else f"No session of {patient}"
        typer.echo(f"{whose} is on the record. {RUN_ONE}", err=True)
        return
    heads = ("SESSION", "STARTED", "PATIENT", "PROTOCOL", "MINUTES", "OUTCOME", "SIMULATED")
    typer.echo("\n".join(in_columns([heads, *map(_row, records)])))
    if newest is None and len(records) == SHOWN:
        typer.echo(f"These are the newest {SHOWN}; for more: --newest N.", err=True)


@app.command("show")
def show(
    session: Annotated[str, typer.Argument(help="A session's id, the beginning of one, or 'last'.")],
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Show one session in short: what it was, how it ended, its figures and how much was recorded.

    Example: acclimate sessions show last
    """
    with Archive(at_record(data)) as archive:
        facts = read_facts(archive, session)
        counts = archive.counts(facts.record.session_id)
        noted = [f"{one.at} {one.what}: {one.reason}" for one in archive.safe_stops(facts.record.session_id)]
    plain = as_plain(facts.record) | {"figures": _figures(facts), "recorded": counts, "noted_outside": noted}
    if as_json:
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    for name, words in _lines(facts, counts):
        typer.echo(f"{name + ':':<22}{words}")
    for words in noted:
        typer.echo(f"{'Noted outside:':<22}{words}")


def _must_exist(patient: str, record: Where) -> None:
    """`UsageError` if there is no such patient."""
    codes = patient_codes(record)
    if patient not in codes:
        alike = {code.casefold(): code for code in codes}
        near = difflib.get_close_matches(patient.casefold(), alike, n=1)
        hint = f"Did you mean {alike[near[0]]}? " if near else ""
        raise UsageError(f"There is no patient {patient!r}.", f"{hint}See: acclimate patients.")


def _row(record: SessionRecord) -> tuple[str, ...]:
    return (
        record.session_id[:SHORT_ID],
        f"{record.started:%Y-%m-%d %H:%M}",
        record.patient_code,
        record.protocol_name,
        f"{record.last_t_s / 60:.1f}",
        record.outcome or "running",
        ", ".join(record.simulated) or "-",
    )


def as_plain(record: SessionRecord) -> dict[str, Any]:
    """A session's record as JSON can hold it, the protocol's text left out."""
    return {
        "id": record.session_id,
        "patient": record.patient_code,
        "protocol": record.protocol_name,
        "protocol_sha256": record.protocol_sha256,
        "started": record.started.isoformat(),
        "ended": record.ended.isoformat() if record.ended else None,
        "last_t_s": record.last_t_s,
        "outcome": record.outcome,
        "detail": record.detail,
        "running": record.is_running,
        "software": record.software,
        "sensor": dict(record.sensor),
        "player": dict(record.player),
        "simulated": list(record.simulated),
        "setup": dict(record.setup),
        "lost_rows": record.lost_rows,
    }


def _figures(facts: SessionFacts) -> dict[str, Any]:
    suds = [row.what.answer for row in figures.suds_of(facts)]
    everything = figures.suds_of(facts, exposure_only=False)
    return {
        "highest_level_held": figures.highest_held(facts),
        "suds_peak_in_exposure": max(suds, default=None),
        "suds_last_in_exposure": suds[-1] if suds else None,
        "suds_at_the_end": everything[-1].what.answer if everything else None,
        "expectancy_before": figures.last_answer(facts, "expectancy-before"),
        "expectancy_after": figures.last_answer(facts, "expectancy-after"),
        "expectancy_violation": figures.violation(facts),
        "exposure_s": sum(span.duration_s for span in facts.exposure),
        "baseline_bpm": facts.baseline.what.bpm if facts.baseline else None,
        "baseline_spread_bpm": facts.baseline.what.spread_bpm if facts.baseline else None,
    }


def _peak_and_last(shown: dict[str, Any]) -> str | None:
    peak, last = shown["suds_peak_in_exposure"], shown["suds_last_in_exposure"]
    return None if peak is None else f"peak {peak}, last in exposure {last}"


def _lines(facts: SessionFacts, counts: dict[str, int]) -> list[tuple[str, str]]:
    record, shown = facts.record, _figures(facts)
    lines = [
        ("Session", record.session_id),
        ("Started", when(record.started)),
        ("Patient", record.patient_code),
        ("Protocol", f"{record.protocol_name} (sha256 {record.protocol_sha256[:12]})"),
        ("Outcome", outcome_in_words(record.outcome, record.detail)),
        ("Recorded up to", clock(facts.end_s)),
        ("Simulated", ", ".join(record.simulated) or "nothing"),
    ]
    words = {
        "Highest level held": shown["highest_level_held"],
        "Distress in exposure": _peak_and_last(shown),
        "Distress at the end": shown["suds_at_the_end"],
        "Expectation violated": shown["expectancy_violation"],
    }
    lines += [(name, "-" if figure is None else str(figure)) for name, figure in words.items()]
    lines.append(("Rows", ", ".join(f"{count} {name}" for name, count in counts.items())))
    return lines
