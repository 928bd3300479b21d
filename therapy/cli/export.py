"""`acclimate export`: signed packages of sessions, of a patient's record, and for research."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.common import AsJson, DataFolder, counted
from therapy.cli.unlocking import at_record
from therapy.errors import UsageError
from therapy.export.making import Exported, Wishes, export_research, export_sessions
from therapy.export.package import decrypt, unpack
from therapy.export.research import SMALLEST_CELL
from therapy.store.checkpoints import fingerprint

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Signed packages: tables as CSV, JSON, the report and a manifest.\n\n"
        "Examples:\n\n"
        "  acclimate export session last --to first.zip\n\n"
        "  acclimate export patient HX-014 --to HX-014.zip.age --recipient age1…\n\n"
        "  acclimate export research --to study.zip\n\n"
        "  acclimate export verify first.zip"
    ),
)
To = Annotated[Path, typer.Option("--to", metavar="FILE", help="The package to write.")]
Recipient = Annotated[
    list[str] | None,
    typer.Option("--recipient", metavar="age1…", help="Encrypt it to this age recipient; may be given several times."),
]
AsParquet = Annotated[bool, typer.Option("--parquet", help="The tables also as Parquet.")]


@app.command("session")
def session(
    session: Annotated[str, typer.Argument(help="A session's id, the beginning of one, or 'last'.")],
    to: To,
    recipient: Recipient = None,
    parquet: AsParquet = False,
    data: DataFolder = None,
) -> None:
    """Export one session with everything that is on the record of it.

    Example: acclimate export session last --to first.zip
    """
    _tell(export_sessions(at_record(data), session, None, to, _wishes(recipient, parquet)), recipient)


@app.command("patient")
def patient(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The patient's code.")],
    to: To,
    recipient: Recipient = None,
    parquet: AsParquet = False,
    data: DataFolder = None,
) -> None:
    """Export every session of a patient.

    Example: acclimate export patient HX-014 --to HX-014.zip
    """
    _tell(export_sessions(at_record(data), None, code, to, _wishes(recipient, parquet)), recipient)


@app.command("research")
def research(
    to: To,
    smallest_cell: Annotated[
        int, typer.Option("--k", metavar="COUNT", help="Fewer patients than this never share what is told of them.")
    ] = SMALLEST_CELL,
    recipient: Recipient = None,
    parquet: AsParquet = False,
    data: DataFolder = None,
) -> None:
    """Export the sessions of all patients who consent, without identity.

    Codes are replaced, dates shifted, ages put in bands, free text and head poses left out.

    Example: acclimate export research --to study.zip --k 10
    """
    made = export_research(at_record(data), to, _wishes(recipient, parquet), smallest_cell)
    _tell(made, recipient)
    if made.left_out:
        typer.echo(
            f"{counted(made.left_out, 'session')} left out: fewer than {smallest_cell} patients are like them.",
            err=True,
        )


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="A package.")],
    identity: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your age identity, for an encrypted package.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="HEX", help="The public key that must have signed it (64 digits).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a package: its signature and every file in it; a forged one is refused.

    Example: acclimate export verify first.zip
    """
    secret = None if identity is None else _bytes(identity).decode("utf-8", "replace")
    package = unpack(decrypt(_bytes(file), secret))
    if key is not None and key.lower() != package.public_key:
        raise UsageError(
            f"The package was signed with another key ({fingerprint(package.public_key)}).", "Ask who made it."
        )
    plain = {
        "kind": package.kind,
        "made": package.made,
        "store_id": package.store_id,
        "public_key": package.public_key,
        "fingerprint": fingerprint(package.public_key),
        "files": len(package.files),
        "chain_number": package.checkpoint.number,
    }
    if as_json:
        typer.echo(json.dumps(plain, indent=2))
        return
    typer.echo(f"Whole: {plain['kind']} package of {plain['made']}, {plain['files']} files.")
    typer.echo(f"Signed with the key {plain['fingerprint']}: compare it with the one on the report.")


def _wishes(recipient: list[str] | None, parquet: bool) -> Wishes:
    return Wishes(tuple(recipient or ()), parquet)


def _tell(made: Exported, recipient: list[str] | None) -> None:
    typer.echo(str(made.path))
    secret = "encrypted" if recipient else "NOT encrypted: whoever has the file can read it"
    typer.echo(
        f"{counted(made.sessions, 'session')}, signed with the key {fingerprint(made.public_key)}; {secret}.", err=True
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Check its name.") from error
