"""`acclimate protocol`: the library, the check of files, the format."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from protocols.loader import (
    LoadedProtocol,
    Problem,
    ProtocolFileError,
    ProtocolNotFound,
    library_names,
    load_protocol,
)
from protocols.reference import json_schema, markdown_table
from therapy.errors import ProtocolInvalid, UsageError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=(
        "Protocols: what a session does, as a file.\n\n"
        "Examples:\n\n"
        "  acclimate protocol list\n\n"
        "  acclimate protocol show heights-first > my-protocol.yaml\n\n"
        "  acclimate protocol check my-protocol.yaml"
    ),
)

_COLUMNS = ["name", "title", "scene", "mode", "levels", "minutes"]
_CHECK_CURE = "Mend the lines above; 'acclimate protocol schema --table' lists every field."


def load_for_command(name_or_path: str) -> LoadedProtocol:
    """The protocol of that name or path; `UsageError` if there is none, `ProtocolInvalid` with every problem."""
    try:
        return load_protocol(name_or_path)
    except ProtocolNotFound as error:
        raise UsageError(str(error), "'acclimate protocol list' shows the library.") from error
    except ProtocolFileError as error:
        raise ProtocolInvalid(str(error), f"\n{_CHECK_CURE}") from error


@app.command("list")
def list_protocols(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the protocols that come with the program.

    Example: acclimate protocol list --json
    """
    rows = [_summary(load_for_command(name)) for name in library_names()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for line in _in_columns([_COLUMNS, *([str(row[column]) for column in _COLUMNS] for row in rows)]):
        typer.echo(line)


@app.command("check")
def check(
    files: Annotated[list[str], typer.Argument(help="Protocol files, or names from the library.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check protocol files: every error and warning as file:line:column.  Exit code 3 if one cannot be used.

    Example: acclimate protocol check my-protocol.yaml
    """
    results = [_checked(file) for file in files]
    if as_json:
        typer.echo(json.dumps(results, indent=2, ensure_ascii=False))
    else:
        for result in results:
            _say(result)
    refused = [result for result in results if not result["usable"]]
    if refused:
        problems = [_line(item) for result in refused for item in result["problems"]]
        raise ProtocolInvalid("\n".join(problems), f"\n{_CHECK_CURE}")


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A name from the library, or a file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print every field as JSON, defaults included.")] = False,
) -> None:
    """Print a protocol as it is written, to read or to copy; with --json as it is run.

    Examples:
      acclimate protocol show heights-first

      acclimate protocol show heights-first --json
    """
    loaded = load_for_command(name)
    if as_json:
        fields = loaded.protocol.model_dump(mode="json")
        typer.echo(json.dumps({**fields, "sha256": loaded.sha256}, indent=2, ensure_ascii=False))
        return
    typer.echo(loaded.text, nl=False)


@app.command("schema")
def schema(
    table: Annotated[bool, typer.Option("--table", help="Print a Markdown table of the fields instead.")] = False,
) -> None:
    """Print the JSON Schema of protocol files, for editors.

    Example: acclimate protocol schema > protocol.schema.json
    """
    typer.echo(markdown_table() if table else json.dumps(json_schema(), indent=2, ensure_ascii=False), nl=not table)


def _summary(loaded: LoadedProtocol) -> dict[str, Any]:
    protocol = loaded.protocol
    levels = f"{protocol.levels.start}-{protocol.levels.ceiling}" if protocol.mode.is_graded else "-"
    return {
        "name": protocol.name,
        "title": protocol.title,
        "scene": protocol.scene,
        "mode": str(protocol.mode),
        "levels": levels,
        "minutes": round(protocol.planned_s / 60),
        "sha256": loaded.sha256,
    }


def _checked(file: str) -> dict[str, Any]:
    try:
        loaded = load_protocol(file)
    except ProtocolFileError as error:
        problems = [_plain(problem) for problem in error.problems]
        return {"file": file, "usable": False, "sha256": None, "problems": problems, "warnings": []}
    warnings = [_plain(problem) for problem in loaded.warnings]
    return {"file": file, "usable": True, "sha256": loaded.sha256, "problems": [], "warnings": warnings}


def _say(result: dict[str, Any]) -> None:
    for warning in result["warnings"]:
        typer.echo(f"{_line(warning)} (warning)", err=True)
    if result["usable"]:
        typer.echo(f"{result['file']}: can be used (sha256 {result['sha256'][:12]})")


def _in_columns(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _plain(problem: Problem) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "col": problem.col, "text": problem.text}


def _line(plain: dict[str, Any]) -> str:
    return str(Problem(**plain))
