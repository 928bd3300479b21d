"""`acclimate backup`, `acclimate restore` and `acclimate retention`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from therapy.cli.common import By, DataFolder, counted, recorder
from therapy.cli.unlocking import at_record
from therapy.errors import UsageError
from therapy.store import backup as backups
from therapy.store.paths import data_folder, prepare_folder
from therapy.store.retention import Keeping

FOLDER = "backups"


def backup(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where backups go (default: backups, beside the record).")
    ] = None,
    drill: Annotated[
        bool, typer.Option("--drill", help="Make none: open the newest backup and check every row of it.")
    ] = False,
    data: DataFolder = None,
) -> None:
    """Make a backup of the record, also beside a running session, and check it before it gets its name.

    It is encrypted as the record is and opens with the same passwords.  Backups that are older than retention keeps
    them are removed.

    Examples:
      acclimate backup --to /media/stick

      acclimate backup --drill
    """
    desk = at_record(data)
    folder = to or desk.path.parent / FOLDER
    if drill:
        newest = backups.backups_in(folder)[-1:]
        if not newest:
            raise UsageError(f"There is no backup in {folder}.", "Make one: acclimate backup.")
        _tell("Whole", backups.check_backup(newest[0], desk.vault, folder))
        return
    now = _now()
    _tell("Saved", backups.make_backup(desk, folder, now))
    with Keeping(desk) as keeping:
        for old in backups.too_old(folder, keeping.settings(), now):
            old.unlink()
            typer.echo(f"Removed {old.name}: it is older than backups are kept.", err=True)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    check: Annotated[bool, typer.Option("--check", help="Only open it and check every row of it.")] = False,
    data: DataFolder = None,
) -> None:
    """Bring a backup back; the record that is there is kept in a folder beside it and never overwritten.

    Examples:
      acclimate restore acclimate-backup-20261123T101500Z.zip --check

      acclimate restore acclimate-backup-20261123T101500Z.zip --data DIR
    """
    target = data_folder(data)
    prepare_folder(target)
    with TemporaryDirectory(dir=target, prefix=".acclimate-") as temporary:
        apart = backups.take_apart(file, Path(temporary))
        desk = at_record(Path(temporary))
        checked = backups.require_whole(apart, desk.vault)
        if check:
            _tell("Whole", checked)
            return
        kept = backups.restore(file, desk, target, _now())
    _tell("Restored", checked)
    if kept is not None:
        typer.echo(f"The record that was there is kept in {kept}.", err=True)


def retention(
    sessions_days: Annotated[int | None, typer.Option(metavar="DAYS", help="Keep sessions so long.")] = None,
    backups_days: Annotated[int | None, typer.Option(metavar="DAYS", help="Keep backups so long.")] = None,
    backups_at_least: Annotated[
        int | None, typer.Option(metavar="COUNT", help="Keep the newest backups whatever their age.")
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove the sessions that are older now; it is recorded.")
    ] = False,
    by: By = None,
    data: DataFolder = None,
) -> None:
    """Show or set how long sessions and backups are kept, and remove sessions that are older.

    The defaults (3650 days, 90 days, 3 backups) are engineering defaults; the law of the place decides.

    Examples:
      acclimate retention

      acclimate retention --sessions-days 5475

      acclimate retention --remove
    """
    given = {"sessions_days": sessions_days, "backups_days": backups_days, "backups_at_least": backups_at_least}
    wanted = {name: days for name, days in given.items() if days is not None}
    desk = at_record(data)
    with Keeping(desk) as keeping:
        if wanted:
            keeping.change(replace(keeping.settings(), **wanted), recorder(by, desk))
        kept = keeping.settings()
        typer.echo(
            f"Sessions are kept {kept.sessions_days} days, backups {kept.backups_days} days, "
            f"at least the newest {kept.backups_at_least}."
        )
        due = keeping.due(_now())
        for session in due:
            what = f"{session.session_id[:8]} of {session.started:%Y-%m-%d}"
            if remove:
                rows = keeping.remove(session, recorder(by, desk), f"older than {kept.sessions_days} days")
                typer.echo(f"Removed {what}: {counted(rows, 'row')}.")
            else:
                typer.echo(f"Older than that: {what}.  Remove it: acclimate retention --remove.")


def _now() -> datetime:
    return datetime.now().astimezone()


def _tell(state: str, checked: backups.Checked) -> None:
    typer.echo(
        f"{state}: {checked.path} of {checked.manifest.made}, {counted(checked.sessions, 'session')}, "
        f"{checked.entries} chained rows, head {checked.head[:16]}."
    )
