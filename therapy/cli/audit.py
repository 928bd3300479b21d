"""`acclimate audit`: is the record what was written."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.common import AsJson, DataFolder, counted
from therapy.cli.unlocking import at_record
from therapy.export.package import unpack
from therapy.store.audit import Audit
from therapy.store.auditing import Auditor
from therapy.store.checkpoints import Checkpoint, checkpoints_in, fingerprint

MOST_SHOWN = 20

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Whether the record is still what was written.\n\n"
        "Examples:\n\n"
        "  acclimate audit verify\n\n"
        "  acclimate audit verify --checkpoint report.html   with what was kept elsewhere\n\n"
        "  acclimate audit checkpoint                        a signed line to keep elsewhere"
    ),
)


@app.command("verify")
def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="A checkpoint, a report or an export kept elsewhere."),
    ] = None,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Check every chained row, and name the first that is not what was written; exit code 1 if one is not.

    Example: acclimate audit verify --checkpoint report.html
    """
    known = [one for path in checkpoint or [] for one in _read(path)]
    auditor = Auditor(at_record(data))
    found = auditor.verify(known)
    if as_json:
        plain = asdict(found) | {"intact": found.is_intact, "public_key": auditor.public_key}
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    else:
        _tell(found, auditor.public_key)
    if not found.is_intact:
        raise typer.Exit(1)


@app.command("checkpoint")
def checkpoint(data: DataFolder = None) -> None:
    """Sign where the record stands and print that as one line; keep it where this program cannot change it.

    Example: acclimate audit checkpoint > checkpoint.json
    """
    typer.echo(Auditor(at_record(data)).checkpoint().as_json())


def _read(path: Path) -> tuple[Checkpoint, ...]:
    if zipfile.is_zipfile(path):
        return (unpack(path.read_bytes()).checkpoint,)
    return checkpoints_in(path)


def _tell(found: Audit, public_key: str) -> None:
    for one in found.found[:MOST_SHOWN]:
        typer.echo(one.words)
    if len(found.found) > MOST_SHOWN:
        typer.echo(f"… and {len(found.found) - MOST_SHOWN} more.")
    state = "Intact" if found.is_intact else "NOT intact"
    typer.echo(f"{state}: {found.entries} entries, {counted(found.checkpoints, 'checkpoint')}, head {found.head[:16]}.")
    if found.erased_rows:
        typer.echo(f"{found.erased_rows} rows were removed by retention and are recorded as removed.")
    typer.echo(f"Signed with the key {fingerprint(public_key)}.")
