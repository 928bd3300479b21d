"""The option that says where the record is, for every command that reads or writes it."""

from __future__ import annotations

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
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
