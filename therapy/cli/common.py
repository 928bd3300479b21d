"""What several commands share: the folder of the record, JSON, who and whom, plain columns."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from therapy.store.paths import DATA_VARIABLE, data_folder


def name_data_folder(context: typer.Context, folder: Path | None) -> Path | None:
    """Let this command and every process it starts keep to a data folder, with the scenes imported there."""
    if context.resilient_parsing or (folder is None and context.parent is not None):
        return folder
    before = os.environ.get(DATA_VARIABLE)
    os.environ[DATA_VARIABLE] = str(data_folder(folder).absolute())
    context.call_on_close(lambda: _restore(before))
    return folder


def _restore(before: str | None) -> None:
    if before is None:
        os.environ.pop(DATA_VARIABLE, None)
    else:
        os.environ[DATA_VARIABLE] = before


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
By = Annotated[str | None, typer.Option("--by", metavar="WHO", help="Who records this (default: your login name).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def recorder(by: str | None) -> str:
    """Who records something: the one named, else the login name."""
    return by or getpass.getuser()


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned lines, never cut off, whatever the width of the terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
