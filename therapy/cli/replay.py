"""`acclimate replay`: fold a recorded session again and compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from therapy.replaying import Comparison, compare
from therapy.store.archive import Archive
from therapy.store.paths import database_path


def replay(
    session: Annotated[str, typer.Argument(help="A session's id, the beginning of one, or last.")],
    check: Annotated[bool, typer.Option("--check", help="Only say whether every decision is identical.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Recompute every decision of a session from its record, and compare bit for bit.

    Examples:
      acclimate replay last --check

      acclimate replay 3f2a --json

    Exit code 0 only when all are identical.
    """
    with Archive(database_path(data)) as archive:
        found = compare(archive, session)
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=2))
    else:
        _tell(found, briefly=check)
    if not found.identical:
        raise typer.Exit(1)


def _tell(found: Comparison, *, briefly: bool) -> None:
    if found.identical:
        typer.echo(f"{found.decisions} decisions from {found.events} events: identical.")
        return
    typer.echo(f"{found.differences} of {found.decisions} decisions differ; the first at {found.first_t_s:.3f} s:")
    typer.echo(f"  recorded    {found.recorded}")
    typer.echo(f"  recomputed  {found.recomputed}")
    if not briefly:
        typer.echo("The record was changed, or was made by another version of the program.")
