"""What several commands share: the folder of the record, JSON, who and whom, plain columns."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from therapy.store.paths import DATA_VARIABLE

DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help=f"Folder of the record (default: ${DATA_VARIABLE}, else your user folder)."
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
