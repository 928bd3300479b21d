"""`acclimate replay`: fold a recorded session again, compare it, or explain a second of it."""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer

from therapy.cli.common import AsJson, DataFolder
from therapy.cli.unlocking import at_record
from therapy.errors import UsageError
from therapy.replaying import Comparison, Explained, compare, explain_second
from therapy.report.explanation import explanation_lines, headline
from therapy.report.explanation_json import explanation_as_json
from therapy.report.phrases import clock
from therapy.store.archive import Archive

NAME_WIDTH = 15


def replay(
    session: Annotated[str, typer.Argument(help="A session's id, the beginning of one, or last.")],
    check: Annotated[bool, typer.Option("--check", help="Only say whether every decision is identical.")] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="T", help="Explain this second: 860, or 14:20.")
    ] = None,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Recompute every decision of a session from its record, and compare bit for bit; or explain one second.

    Examples:
      acclimate replay last --check

      acclimate replay 3f2a --explain 14:20

      acclimate replay last --explain 860 --json

    With --explain: what the loop knew in that second, what it proposed and applied, which limit bound, and what
    would have had to be different for a step up.  Exit code 0 only when the record says the same.
    """
    with Archive(at_record(data)) as archive:
        if explain is not None:
            if check:
                raise UsageError("--check and --explain exclude each other.", "Ask for one of them.")
            _tell_second(explain_second(archive, session, read_time_s(explain)), as_json=as_json)
            return
        found = compare(archive, session)
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=2))
    else:
        _tell(found, briefly=check)
    if not found.identical:
        raise typer.Exit(1)


def read_time_s(text: str) -> float:
    """Session seconds from `860`, `860.25` or `14:20`; `UsageError` for anything else."""
    if match := re.fullmatch(r"(\d{1,4}):([0-5]\d(?:\.\d+)?)", text):
        return int(match[1]) * 60.0 + float(match[2])
    if re.fullmatch(r"\d{1,6}(\.\d+)?", text):
        return float(text)
    raise UsageError(f"{text!r} is no time in a session.", "Write seconds, 860, or minutes and seconds, 14:20.")


def _tell_second(found: Explained, *, as_json: bool) -> None:
    seen = found.explanation
    if as_json:
        typer.echo(json.dumps(explanation_as_json(found), indent=2, ensure_ascii=False))
    else:
        typer.echo(f"{clock(seen.decision.t_s)}  {headline(seen.decision, seen.raised_for_s)}\n")
        for name, words in explanation_lines(seen):
            typer.echo(f"{name:<{NAME_WIDTH}}{words}".rstrip())
        typer.echo(f"{'Record':<{NAME_WIDTH}}{_recorded(found)}")
    if not found.identical:
        raise typer.Exit(1)


def _recorded(found: Explained) -> str:
    if found.identical:
        return "says the same"
    if found.recorded is None:
        return "has no decision here: it was cut off before it, or changed"
    return f"DIFFERS in {', '.join(found.differing)}; it says: {headline(found.recorded)}"


def _tell(found: Comparison, *, briefly: bool) -> None:
    if found.identical:
        what = "identical in their outcomes (an older session)" if found.by_outcome else "identical"
        typer.echo(f"{found.decisions} decisions from {found.events} events: {what}.")
        return
    typer.echo(f"{found.differences} of {found.decisions} decisions differ; the first at {found.first_t_s:.3f} s:")
    typer.echo(f"  recorded    {found.recorded}")
    typer.echo(f"  recomputed  {found.recomputed}")
    if not briefly:
        typer.echo("The record was changed, or was made by another version of the program.")
