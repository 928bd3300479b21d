"""`acclimate sync`: to a clinic's server."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from therapy.cli.common import DataFolder, counted
from therapy.cli.unlocking import at_record
from therapy.errors import UsageError
from therapy.store.server import URL_VARIABLE, push


def sync(
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help=f"The PostgreSQL server (default: ${URL_VARIABLE}).")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Push what is new on this station's record to a clinic's PostgreSQL server.

    Sessions are always recorded here first.  A push that breaks off goes on where it stopped.

    Example: acclimate sync --url postgresql://clinic.example/acclimate
    """
    address = url or os.environ.get(URL_VARIABLE)
    if not address:
        raise UsageError("No server is named.", f"Give --url, or set {URL_VARIABLE}.")
    pushed = push(at_record(data), address)
    typer.echo(f"Pushed {counted(sum(pushed.rows.values()), 'row')} of {len(pushed.rows)} tables.")
