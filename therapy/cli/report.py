"""`acclimate report`: a session as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.common import DataFolder
from therapy.cli.unlocking import at_record


def report(
    session: Annotated[str, typer.Argument(help="A session's id, the beginning of one, or 'last'.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")] = Path(
        "report.html"
    ),
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Draw what was seen at each level again.")
    ] = True,
    data: DataFolder = None,
) -> None:
    """Write the report on a session: one self-contained file that prints on A4.

    Examples:
      acclimate report last -o report.html

      acclimate report 3f2a -o first.html --no-pictures
    """
    from therapy.report.write import write_report  # drawing figures takes a second to import

    written = write_report(at_record(data), session, output, with_pictures=pictures)
    if written.why_missing:
        typer.echo(f"Some pictures are missing: {written.why_missing}", err=True)
    typer.echo(str(written.path))
