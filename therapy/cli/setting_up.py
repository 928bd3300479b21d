"""`acclimate setup`: the first user of a station, and the recovery key, printed once."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.common import DataFolder
from therapy.cli.passwords import PASSWORD_VARIABLE, ask_new_password, read_secret
from therapy.errors import RecordLocked, UsageError
from therapy.store.connecting import is_plain
from therapy.store.desk import Desk
from therapy.store.paths import database_path
from therapy.store.plain import AFTERWARDS
from therapy.store.roles import Role
from therapy.store.unlocking import is_set_up, new_key_file, set_up

TRIES = 3
_ROLES = {
    "therapist": frozenset({Role.THERAPIST, Role.ADMINISTRATOR}),
    "administrator": frozenset({Role.ADMINISTRATOR}),
}


def setup(
    name: Annotated[str | None, typer.Option(help="Your name as a user of this station.")] = None,
    role: Annotated[
        str, typer.Option(help="therapist (who then administers users too), or administrator (who sees no patient).")
    ] = "therapist",
    new_station_key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Instead: write a key file for a station that asks nobody, and stop."),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Set this station up: encrypt the record, add its first user, print the recovery key once.

    Examples:
      acclimate setup

      ACCLIMATE_PASSWORD_FILE=password.txt acclimate setup --name "T-3"

      acclimate setup --new-station-key station.key

    A record that an earlier version left in plain text is encrypted on the way.  The recovery key opens the record when
    a password is lost; without both, nobody can ever read it again.
    """
    if new_station_key is not None:
        new_key_file(new_station_key)
        typer.echo(f"Written: {new_station_key}. Keep a copy apart; name it in ACCLIMATE_KEY_FILE.", err=True)
        return
    if role not in _ROLES:
        raise UsageError(f"The first user cannot be {role!r}.", f"Choose {' or '.join(_ROLES)}.")
    found(database_path(data), name, _ROLES[role])


def lead_through(path: Path) -> Desk:
    """Set a station up in the middle of another command, on a terminal."""
    typer.echo("This station is not set up yet. Its record will be encrypted, and you become its first user.", err=True)
    return found(path, None, _ROLES["therapist"])


def found(path: Path, name: str | None, roles: frozenset[Role]) -> Desk:
    """Ask for what is not given, set the station up and have the recovery key kept."""
    if is_set_up(path):
        raise UsageError(f"{path.parent} is set up already.", "Add users: acclimate users add NAME.")
    asks = sys.stdin.isatty()
    if name is None:
        if not asks:
            raise RecordLocked("There is no terminal to ask on.", f"Give --name, and {PASSWORD_VARIABLE}.")
        name = str(typer.prompt("Your name as a user", err=True))
    place = os.environ.get(PASSWORD_VARIABLE)
    password = read_secret(Path(place), PASSWORD_VARIABLE) if place else ask_new_password(name)
    was_plain = is_plain(path)
    desk, recovery_key = set_up(path, name, password, roles)
    if was_plain:
        typer.echo(AFTERWARDS, err=True)
    _hand_over(recovery_key, asks=asks and not place)
    typer.echo(f"{name} is set up. The record is encrypted: {path}", err=True)
    return desk


def _hand_over(recovery_key: str, *, asks: bool) -> None:
    """Print the recovery key, and have one group of it typed back from the paper."""
    typer.echo("The recovery key. It is shown this once: write it down or print it, and keep it apart.", err=True)
    typer.echo(recovery_key)
    if not asks:
        return
    groups = recovery_key.split("-")
    number = secrets.randbelow(len(groups))
    for _ in range(TRIES):
        typed = typer.prompt(f"Type group {number + 1} of it, from where you have written it", err=True)
        if str(typed).strip().upper() == groups[number]:
            return
        typer.echo(f"That is not group {number + 1}.", err=True)
    typer.echo("Check what you have written down against the key above.", err=True)
