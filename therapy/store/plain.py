"""A record in plain text, as versions before encryption wrote it, becomes an encrypted one.

It is exported into an encrypted file beside it, counted table by table, synced and put in its place by one rename:
a kill at any moment leaves one whole record.  Then the plain copies of older schemas are removed.
"""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from therapy.errors import StoreError
from therapy.store.atomic import sync_file, sync_folder
from therapy.store.connecting import Connection, RawError, export, is_plain, make_private, unlock
from therapy.store.database import explain, require_known_version
from therapy.store.vault import Vault

AFTERWARDS = (
    "The record was encrypted and the plain file deleted. On an SSD, and in copies or backups made before, what it "
    "held may still be found by somebody who has the disk: keep the disk itself encrypted, and destroy old copies."
)
WITHIN_S = 1.0


def encrypt_plain(path: Path, vault: Vault) -> None:
    """Encrypt the plain record at `path`; `StoreError`, and nothing is changed, if that is not possible."""
    unfinished = path.with_name(path.name + ".encrypting")
    try:
        _remove(unfinished)
        make_private(unfinished)
        seen = _export(path, unfinished, vault)
        _require_same(unfinished, seen, vault)
        sync_file(unfinished)
        unfinished.replace(path)
        sync_folder(path.parent)
        for copy in plain_copies(path):
            _remove(copy)
    except RawError as error:
        raise explain(error, path) from error
    except OSError as error:
        raise StoreError(
            f"The plain record {path} cannot be encrypted: {error.strerror}.",
            "Free some space and allow writing in its folder; the record is as it was.",
        ) from error
    finally:
        with suppress(OSError):
            _remove(unfinished)


def require_convertible(path: Path) -> None:
    """`StoreError` unless the plain file is a record, and none of a newer version."""
    try:
        with closing(sqlcipher.connect(path, timeout=WITHIN_S, isolation_level=None)) as source:
            source.execute("PRAGMA cipher_log_level = NONE")
            _require_record(source, path)
    except RawError as error:
        raise explain(error, path) from error


def plain_copies(path: Path) -> tuple[Path, ...]:
    """Copies from before a change of schema that are not encrypted."""
    return tuple(copy for copy in sorted(path.parent.glob(f"{path.stem}-schema-*{path.suffix}")) if is_plain(copy))


def _export(path: Path, target: Path, vault: Vault) -> dict[str, int]:
    """Write everything into `target` and return how many rows each table has; nobody else writes meanwhile."""
    with closing(sqlcipher.connect(path, timeout=WITHIN_S, isolation_level=None)) as source:
        source.execute("PRAGMA cipher_log_level = NONE")
        source.execute("PRAGMA locking_mode = EXCLUSIVE")
        source.execute("PRAGMA journal_mode = DELETE").fetchone()
        source.execute("BEGIN EXCLUSIVE")
        source.execute("COMMIT")
        _require_record(source, path)
        if source.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StoreError(f"The plain record {path} is damaged.", "Keep the file as it is and bring back a copy.")
        export(source, target, vault.database_key)
        return _counts(source)


def _require_record(source: Connection, path: Path) -> None:
    names = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    versions = source.execute("SELECT version FROM schema_version").fetchall() if "schema_version" in names else []
    require_known_version(max((version for (version,) in versions), default=0), path)


def _require_same(target: Path, seen: dict[str, int], vault: Vault) -> None:
    with closing(sqlcipher.connect(target, isolation_level=None)) as sealed:
        unlock(sealed, vault.database_key)
        intact = sealed.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        same = _counts(sealed) == seen
    if is_plain(target) or not intact or not same:
        raise StoreError(
            "The encrypted copy does not hold what the plain record holds.",
            "The plain record is as it was; report this.",
        )


def _counts(connection: Connection) -> dict[str, int]:
    names = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM main."{name}"').fetchone()[0]  # noqa: S608 - the file's own names
        for (name,) in names
    }


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
