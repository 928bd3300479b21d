"""Bringing an older record up to the present schema.

The steps are Alembic revisions in `revisions/versions`; all of them and the row that records the new version are
committed together, or nothing is.  A whole copy, encrypted as the record is, is kept beside it first.
"""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from therapy.errors import StoreError
from therapy.store.atomic import sync_file, sync_folder
from therapy.store.connecting import connect_to_write, export, make_private
from therapy.store.tables import SCHEMA_VERSION
from therapy.store.vault import Vault

OLDEST_SCHEMA = 1
_VERSION_TABLE = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, PRIMARY KEY (version_num))"
_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it is working on in one place for the whole process."""


def revision_of(version: int) -> str:
    """The revision that a schema version is to Alembic."""
    return f"{version:04d}"


def stamp(connection: Connection, version: int) -> None:
    """Say to Alembic which schema the record has."""
    connection.exec_driver_sql(_VERSION_TABLE.replace("TABLE", "TABLE IF NOT EXISTS"))
    connection.exec_driver_sql("DELETE FROM alembic_version")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision_of(version),))


def migrate(connection: Connection, found: int) -> None:
    """Take a record from schema version `found` to the present one, within the transaction that is open.

    `StoreError` if a row would then refer to one that is not there.
    """
    from alembic import command  # loading it takes a quarter of a second, and it is seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("revisions")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    stamp(connection, found)
    with _ONE_AT_A_TIME:
        command.upgrade(config, revision_of(SCHEMA_VERSION))
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StoreError(
            "The record could not be brought up to this version: its rows do not fit together.",
            "Nothing was changed; report this.",
        )


def keep_copy(path: Path, version: int, vault: Vault) -> Path:
    """A whole copy of the record beside it, for its owner alone; one that is there already is kept as it is.

    The driver's error if it cannot be made; half a copy is never left behind under its name.
    """
    copy = path.with_name(f"{path.stem}-schema-{version}{path.suffix}")
    if copy.is_file():
        return copy
    unfinished = copy.with_name(copy.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        make_private(unfinished)
        with closing(connect_to_write(path, vault, busy_timeout_s=1.0, max_pages=None)) as source:
            export(source, unfinished, vault.database_key)
        sync_file(unfinished)
        unfinished.replace(copy)
        sync_folder(copy.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return copy
