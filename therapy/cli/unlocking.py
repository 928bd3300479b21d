"""Who is at the record: asked once for each command, or told by files and the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from therapy.cli.common import USER_VARIABLE
from therapy.cli.passwords import PASSWORD_VARIABLE, read_secret
from therapy.cli.setting_up import lead_through
from therapy.errors import RecordLocked
from therapy.store import keyring_slot
from therapy.store.database import require_record
from therapy.store.desk import Desk
from therapy.store.paths import database_path
from therapy.store.unlocking import (
    is_set_up,
    names_with_password,
    not_set_up,
    unlock_by_password,
    unlock_by_recovery_key,
    unlock_unattended,
)

RECOVERY_VARIABLE = "ACCLIMATE_RECOVERY_KEY_FILE"
TRIES = 3


def at_record(data: Path | None, *, may_found: bool = False) -> Desk:
    """The desk of whoever gives this command, at the record in a data folder; `RecordLocked` without a secret.

    With `may_found` a station that is not set up is set up on the way, where there is a terminal to ask on; without,
    it is a `StoreError` that there is no record.
    """
    path = database_path(data)
    if not may_found:
        require_record(path)
    desk = unlock_unattended(path, may_found=may_found)
    if desk is not None:
        return desk
    if not is_set_up(path):
        if not _is_terminal() or (path.is_file() and _is_lost(path)):
            raise not_set_up(path)
        return lead_through(path)
    if place := os.environ.get(RECOVERY_VARIABLE):
        return unlock_by_recovery_key(path, read_secret(Path(place), RECOVERY_VARIABLE))
    return _by_name(path)


def user_name(path: Path) -> str:
    """Who it is: named by --user or the environment, the only user there is, or asked for."""
    if name := os.environ.get(USER_VARIABLE):
        return name
    names = names_with_password(path)
    if len(names) == 1:
        return names[0]
    if not _is_terminal():
        raise RecordLocked("Nobody said who is using the record.", f"Give --user NAME, or set {USER_VARIABLE}.")
    return str(typer.prompt("User", err=True))


def _by_name(path: Path) -> Desk:
    name = user_name(path)
    if place := os.environ.get(PASSWORD_VARIABLE):
        return unlock_by_password(path, name, read_secret(Path(place), PASSWORD_VARIABLE))
    if (desk := keyring_slot.unlock(path, name)) is not None:
        return desk
    if not _is_terminal():
        raise RecordLocked(
            f"The record {path} is locked, and there is no terminal to ask on.",
            f"Name a file with your password in {PASSWORD_VARIABLE}.",
        )
    for left in reversed(range(TRIES)):
        try:
            return unlock_by_password(path, name, typer.prompt(f"Password of {name}", hide_input=True, err=True))
        except RecordLocked as error:
            if not left:
                raise
            typer.echo(error.problem, err=True)
    raise AssertionError  # the last try has returned or raised


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _is_lost(path: Path) -> bool:
    """Whether a record lies there whose keys are gone."""
    return not_set_up(path).exit_code != RecordLocked.exit_code
