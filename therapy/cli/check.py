"""`acclimate check`: measures what people must be spared."""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from environments.scenes.manifest import load_manifest, scene_names
from therapy.cli.common import AsJson
from therapy.errors import AcclimateError, DeviceMissing, UsageError

HIGHEST_LEVEL = 10
_LEVELS = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")
Row = dict[str, Any]

app = typer.Typer(help="Measure what people must be spared.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure what people must be spared."""


@app.command("scenes")
def scenes(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SCENE]...", help="The scenes (default: all).")] = None,
    levels: Annotated[
        str | None, typer.Option("--levels", metavar="A-B", help="Only these levels of graded scenes.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer levels and moments, for a first look.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure flicker, motion, load, text and nearness of scenes, for both eyes.

    Examples:
      acclimate check scenes --quick

      acclimate check scenes heights --levels 4-6 --json

    Exit code 0 when everything passed, else 1.  What is measured, and what is not: docs/comfort.md
    """
    for name in names or ():
        _check_known(name)
    rows = measured(_arguments(names or [], levels, quick))
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    else:
        show(rows, Console())
    if not all(row["passed"] for row in rows):
        raise typer.Exit(1)


def _check_known(name: str) -> None:
    known = scene_names()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f"There is no scene {name!r}.", f"{hint}The scenes are {', '.join(known)}.")


def _arguments(names: list[str], levels: str | None, quick: bool) -> list[str]:
    found = [*dict.fromkeys(names), *(["--quick"] if quick else [])]
    if levels is not None:
        first, last = _span(levels)
        if not any(load_manifest(name).is_graded for name in names or scene_names()):
            raise UsageError(f"{', '.join(names)} has no levels.", "Leave --levels out.")
        found += ["--levels", f"{first}-{last}"]
    return found


def _span(levels: str) -> tuple[int, int]:
    match = _LEVELS.fullmatch(levels)
    if match is None:
        raise UsageError(f"{levels!r} names no levels.", "Write them as 4-6, or a single one as 5.")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last <= HIGHEST_LEVEL:
        raise UsageError(f"There are no levels {levels}.", f"Levels go from 0 to {HIGHEST_LEVEL}, the lower one first.")
    return first, last


def measured(arguments: list[str]) -> list[Row]:
    """Run the checker in a process of its own and return its rows; it ends with this one."""
    command = [sys.executable, "-m", "environments.comfort", *arguments]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        rows = list(_rows(child.stdout or []))
        _, said = child.communicate()
    except BaseException:
        child.terminate()
        child.communicate()
        raise
    if child.returncode == DeviceMissing.exit_code:
        raise DeviceMissing(said.strip() or "Nothing can be drawn on this machine.")
    if child.returncode != 0:
        last = (said.strip().splitlines() or ["it said nothing"])[-1]
        raise AcclimateError(f"The check failed: {last}.")
    return rows


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    with _progress() as bar:
        task = bar.add_task("pictures", total=None)
        for line in lines:
            said = json.loads(line)
            if "frames" in said:
                bar.update(task, total=said["frames"])
            elif "drawn" in said:
                bar.update(task, completed=said["drawn"])
            else:
                yield said["result"]


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on a terminal, nothing elsewhere."""
    shape = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*shape, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        yield bar


def show(rows: list[Row], console: Console) -> None:
    """A line for each level and eye, then every reason once, with where it holds."""
    headings = ("scene", "level", "eye", "flashes", "red", "m/s²", "triang.", "draws", "MB", "text", "")
    table = Table(*headings, box=None)
    for row in rows:
        verdict = "[green]passed[/]" if row["passed"] else "[red]failed[/]"
        table.add_row(
            row["scene"], str(row["level"]), row["eye"], f"{row['max_flashes_per_s']:g}",
            f"{row['max_red_flashes_per_s']:g}", f"{row['max_acceleration_m_s2']:.2f}",
            f"{row['triangles'] / 1e3:.0f}k", str(row["draws"]), f"{row['texture_mb']:.1f}",
            f"{row['min_text_deg']:.2f}°", verdict,
        )  # fmt: skip
    console.print(table)
    for reason, where in _reasons(rows).items():
        console.print(f"[red]{escape(reason)}[/]: {escape(', '.join(where))}", highlight=False)
    failed = sum(not row["passed"] for row in rows)
    console.print(f"{len(rows) - failed} of {len(rows)} passed.", highlight=False)


def _reasons(rows: list[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        for reason in row["reasons"]:
            where = found.setdefault(reason, [])
            place = f"{row['scene']} {row['level']}"
            if place not in where:
                where.append(place)
    return found
