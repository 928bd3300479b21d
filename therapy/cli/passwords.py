"""Passwords and other secrets at the terminal and in files."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from therapy.errors import RecordLocked, UsageError
from therapy.store.passwords import require_good_password

PASSWORD_VARIABLE = "ACCLIMATE_PASSWORD_FILE"  # noqa: S105 - the name of a file that holds it


def ask_new_password(name: str) -> str:
    """Ask twice, without an echo, until the password is good and both agree; `RecordLocked` without a terminal."""
    if not sys.stdin.isatty():
        raise RecordLocked("There is no terminal to ask for a password on.", f"Name a file in {PASSWORD_VARIABLE}.")
    while True:
        password = str(typer.prompt(f"New password of {name} (12 characters or more)", hide_input=True, err=True))
        try:
            require_good_password(password, name)
        except UsageError as error:
            typer.echo(str(error), err=True)
            continue
        if password == typer.prompt("Once more", hide_input=True, err=True):
            return password
        typer.echo("The two differ.", err=True)


def read_secret(place: Path, variable: str) -> str:
    """The first line of a file; `RecordLocked` naming the variable if it cannot be read."""
    try:
        lines = place.read_bytes().decode().splitlines()
    except (OSError, ValueError) as error:
        problem = f"{place}, named by {variable}, cannot be read."
        raise RecordLocked(problem, "Name a text file with one line.") from error
    return lines[0] if lines else ""
