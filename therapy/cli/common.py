"""What several commands share: the folder of the record, JSON, who and whom, plain columns."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from therapy.store.desk import Desk
from therapy.store.paths import DATA_VARIABLE, data_folder
from therapy.store.roles import STATION, THROW_AWAY

USER_VARIABLE = "ACCLIMATE_USER"


def name_data_folder(context: typer.Context, folder: Path | None) -> Path | None:
    """Let this command and every process it starts keep to a data folder, with the scenes imported there."""
    if context.resilient_parsing or (folder is None and context.parent is not None):
        return folder
    _set_for(context, DATA_VARIABLE, str(data_folder(folder).absolute()))
    return folder


def name_user(context: typer.Context, name: str | None) -> None:
    """Let this command be of a user."""
    if name is not None and not context.resilient_parsing:
        _set_for(context, USER_VARIABLE, name)


def _set_for(context: typer.Context, variable: str, text: str) -> None:
    """Set a variable of the environment until the command is over."""
    before = os.environ.get(variable)
    os.environ[variable] = text
    context.call_on_close(lambda: _restore(variable, before))


def _restore(variable: str, before: str | None) -> None:
    if before is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = before


DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        callback=name_data_folder,
        help=f"Folder of the record (default: ${DATA_VARIABLE}, else your user folder).",
    ),
]
PatientCode = Annotated[str, typer.Argument(metavar="CODE", help="The patient's code.")]
By = Annotated[str | None, typer.Option("--by", metavar="WHO", help="Who records this (default: the user).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def recorder(by: str | None, desk: Desk) -> str:
    """Who records something: the one named, else the user; at a station that asks nobody, the login name."""
    return by or (desk.user.name if desk.user.name not in (STATION, THROW_AWAY) else getpass.getuser())


def counted(count: int, name: str) -> str:
    """A number of things in words: "1 session", "2 sessions"."""
    return f"{count} {name}{'' if count == 1 else 's'}"


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned lines, never cut off, whatever the width of the terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
