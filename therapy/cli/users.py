"""`acclimate users`: who uses the record, in which role, and with which secret."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.common import AsJson, DataFolder, in_columns
from therapy.cli.passwords import ask_new_password, read_secret
from therapy.cli.unlocking import at_record
from therapy.errors import UsageError
from therapy.store import keyring_slot
from therapy.store.administration import Listed, Users
from therapy.store.roles import Role

NEW_PASSWORD_VARIABLE = "ACCLIMATE_NEW_PASSWORD_FILE"  # noqa: S105 - the name of a file that holds it
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Users of the record. An administrator adds them; everyone changes their own password.\n\n"
        "Examples:\n\n"
        "  acclimate users list\n\n"
        '  acclimate users add "T-4" --role therapist\n\n'
        "  acclimate users add P-014 --role patient --patient HX-014\n\n"
        "  acclimate users role T-4 --role therapist --role administrator\n\n"
        "  acclimate users password                       your own; the data stays as it is\n\n"
        "  acclimate users disable T-4"
    ),
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
Roles = Annotated[
    list[Role], typer.Option("--role", help="therapist, clinician, administrator or patient; may be given twice.")
]
OfPatient = Annotated[
    str | None, typer.Option("--patient", metavar="CODE", help="Whose record a user with the role patient may see.")
]


@app.command("list")
def list_users(as_json: AsJson = False, data: DataFolder = None) -> None:
    """List the users, their roles, and what opens the record for them.

    Example: acclimate users list
    """
    found = Users(at_record(data)).users()
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=False))
        return
    heads = ("USER", "ROLES", "PATIENT", "SINCE", "OPENS WITH")
    typer.echo("\n".join(in_columns([heads, *map(_row, found)])))


@app.command("add")
def add(name: Name, role: Roles, patient: OfPatient = None, data: DataFolder = None) -> None:
    """Add a user with a role and a first password.

    Examples:
      acclimate users add T-4 --role therapist

      acclimate users add P-014 --role patient --patient HX-014
    """
    desk = at_record(data)
    Users(desk).add(name, frozenset(role), _new_password(name), patient)
    typer.echo(f"Added {name}: {' and '.join(sorted(role))}.", err=True)


@app.command("role")
def give_role(name: Name, role: Roles, patient: OfPatient = None, data: DataFolder = None) -> None:
    """Give a user other roles in the place of the present ones.

    Example: acclimate users role T-4 --role clinician
    """
    Users(at_record(data)).give_roles(name, frozenset(role), patient)
    typer.echo(f"{name} is now {' and '.join(sorted(role))}.", err=True)


@app.command("password")
def password(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Whose (default: your own).")] = None,
    data: DataFolder = None,
) -> None:
    """Set a new password: your own, or as an administrator somebody's.

    Examples:
      acclimate users password

      ACCLIMATE_RECOVERY_KEY_FILE=recovery.txt acclimate users password T-3

    No data is rewritten, only its key is wrapped anew.  An older backup still opens with the older password.
    """
    desk = at_record(data)
    whose = name or desk.user.name
    Users(desk).set_password(whose, _new_password(whose))
    typer.echo(f"{whose} has a new password.", err=True)


@app.command("disable")
def disable(name: Name, data: DataFolder = None) -> None:
    """Take a user's ways into the record away; what the user did stays on it.

    Example: acclimate users disable T-4
    """
    Users(at_record(data)).disable(name)
    typer.echo(f"{name} can no longer open this record. Backups made before still open with their secrets.", err=True)


@app.command("recovery")
def recovery(data: DataFolder = None) -> None:
    """Print a new recovery key, once; the old one opens the record no more.

    Example: acclimate users recovery
    """
    typer.echo("The new recovery key. It is shown this once: write it down, and keep it apart.", err=True)
    typer.echo(Users(at_record(data)).renew_recovery_key())


@app.command("keyring")
def keyring(
    forget: Annotated[bool, typer.Option("--forget", help="Take it back.")] = False, data: DataFolder = None
) -> None:
    """Let this desktop's keyring open the record for you; losing the keyring loses nothing.

    Examples:
      acclimate users keyring

      acclimate users keyring --forget
    """
    desk = at_record(data)
    if not desk.user.user_id:
        raise UsageError("The recovery key cannot be put into a keyring.", "Open the record with your password.")
    if forget:
        keyring_slot.forget(desk)
        typer.echo("The keyring opens the record no more.", err=True)
        return
    keyring_slot.remember(desk)
    typer.echo("This desktop's keyring opens the record for you now: whoever uses your login can, too.", err=True)


def _new_password(name: str) -> str:
    place = os.environ.get(NEW_PASSWORD_VARIABLE)
    return read_secret(Path(place), NEW_PASSWORD_VARIABLE) if place else ask_new_password(name)


def _row(one: Listed) -> tuple[str, ...]:
    opens = "disabled" if one.disabled is not None else ", ".join(one.opens_with) or "nothing"
    user = one.user
    return user.name, " ".join(sorted(user.roles)), user.patient_code or "-", f"{one.created:%Y-%m-%d}", opens


def _plain(one: Listed) -> dict[str, object]:
    return {
        "name": one.user.name,
        "roles": sorted(one.user.roles),
        "patient": one.user.patient_code,
        "created": one.created.isoformat(),
        "disabled": one.disabled.isoformat() if one.disabled else None,
        "opens_with": list(one.opens_with),
    }
