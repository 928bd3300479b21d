"""`acclimate patients identity`, `assign`, `share` and `erase`: what is a patient's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.common import By, DataFolder, PatientCode, recorder
from therapy.cli.unlocking import at_record
from therapy.errors import StoreError, UsageError
from therapy.store.privacy import Identity, Privacy


def identity(
    code: PatientCode,
    name: Annotated[str | None, typer.Option(help="The patient's name.")] = None,
    contact: Annotated[str | None, typer.Option(help="How to reach the patient.")] = None,
    by: By = None,
    data: DataFolder = None,
) -> None:
    """Show who a patient is, or write it down under the patient's own key.

    Examples:
      acclimate patients identity HX-014

      acclimate patients identity HX-014 --name "A. Example" --contact "+00 123"

    Nothing else needs it: lists, reports and exports go by the code.
    """
    desk = at_record(data)
    privacy = Privacy(desk)
    known = privacy.identity(code)
    if name is None and contact is None:
        if known is None:
            typer.echo(f"Nothing is written down about who {code} is.", err=True)
            return
        typer.echo(f"Name:    {known.name or '-'}\nContact: {known.contact or '-'}")
        return
    before = known or Identity()
    after = Identity(before.name if name is None else name, before.contact if contact is None else contact)
    privacy.record_identity(code, after, recorder(by, desk))
    typer.echo(f"Written down, sealed under the key of {code}.", err=True)


def assign(
    code: PatientCode,
    to: Annotated[str, typer.Argument(metavar="NAME", help="The other therapist.")],
    data: DataFolder = None,
) -> None:
    """Make a patient of yours another therapist's too.

    Example: acclimate patients assign HX-014 T-4
    """
    Privacy(at_record(data)).assign(code, to)
    typer.echo(f"{code} is a patient of {to} too.", err=True)


def share(
    code: PatientCode,
    to: Annotated[str, typer.Option("--to", metavar="age1…", help="The recipient's public key, made by age.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Who the recipient is; goes on the record.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")],
    data: DataFolder = None,
) -> None:
    """Hand a patient's key, identity and free text to a named recipient, who alone can open the file.

    Example: acclimate patients share HX-014 --to age1… --name "Dr. Example" -o HX-014.age
    """
    content = Privacy(at_record(data)).share(code, to, name)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise StoreError(f"{output} cannot be written: {error.strerror}.", "Name another file with -o.") from error
    typer.echo(str(output))


def erase(
    code: PatientCode,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="CODE", help="The code once more, instead of typing it.")
    ] = None,
    by: By = None,
    data: DataFolder = None,
) -> None:
    """Destroy a patient's key: name and free text can never be read again, in no backup either.

    Examples:
      acclimate patients erase HX-014

      acclimate patients erase HX-014 --confirm HX-014

    Measured values, ratings and decisions stay under the code, which then names nobody.  It cannot be undone.
    """
    desk = at_record(data)
    if confirm is None:
        if not sys.stdin.isatty():
            raise UsageError("There is no terminal to ask on.", f"Give --confirm {code}.")
        confirm = str(typer.prompt(f"Type {code} once more to erase it for good", err=True))
    if confirm != code:
        raise UsageError(f"{confirm!r} is not {code!r}: nothing was erased.", "Type the code as it stands.")
    Privacy(desk).erase(code, recorder(by, desk))
    typer.echo(
        f"Erased: the key of {code} is destroyed. Destroy copies of acclimate.patients kept elsewhere.", err=True
    )
