"""Connections to the encrypted file, all made here, and the refusals against a record in plain text.

The classic failure of an encrypted database is silent: without a key the file is an ordinary readable one, and a
driver that knows no encryption takes `PRAGMA key` and ignores it.  So at every open, to read or to write, it is
made sure that the driver encrypts, that it has taken the key, and that the file does not begin as a plain one does.

The first bytes are looked at only while no connection of this process has the file open: closing any descriptor of a
file lets go of all POSIX locks the process has on it (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from therapy.errors import StoreError
from therapy.store.chain import teach
from therapy.store.vault import Vault

PLAIN_MAGIC = b"SQLite format 3\0"
PAGE_BYTES = 8192
CANNOT_OPEN, READ_ONLY = 14, 8
RawError = sqlcipher.Error
"""What every failure of the driver raises; it carries SQLite's `sqlite_errorcode`."""
_OPENING = threading.RLock()
_OPEN: Counter[tuple[int, int]] = Counter()
"""How many connections this process has to a file, by device and inode: a fact of the process, as its locks are."""


class Connection(sqlcipher.Connection):  # type: ignore[misc] # the driver ships no types
    """A connection that is counted while it is open."""

    counted: tuple[int, int] | None = None

    def close(self) -> None:
        """Close it, and count it no longer."""
        with _OPENING:
            super().close()
            if self.counted is not None:
                _OPEN[self.counted] -= 1
                self.counted = None


def engine_on(creator: Callable[[], Any], begin: str) -> Engine:
    """An engine on one connection whose transactions begin with these words."""
    engine = create_engine("sqlite://", creator=creator, poolclass=StaticPool, module=sqlcipher)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def make_private(path: Path) -> None:
    """A new file belongs to its owner alone; an existing one keeps its permissions."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def is_plain(path: Path) -> bool:
    """Whether a file begins as an unencrypted database does; False for none, `StoreError` if it cannot be read.

    A file that a connection of this process has open was looked at when it was opened.
    """
    try:
        with _OPENING:
            if not path.is_file() or _OPEN[_identity(path)] > 0:
                return False
            with path.open("rb") as file:
                return file.read(len(PLAIN_MAGIC)) == PLAIN_MAGIC
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.", "Allow reading it.") from error


def refuse_plain(path: Path) -> None:
    """`StoreError` if the file lies there in plain text."""
    if is_plain(path):
        raise StoreError(
            f"The record {path} is not encrypted, and this version does not use it so.",
            "Set the station up, which encrypts it: acclimate setup.",
        )


def connect_to_write(path: Path, vault: Vault, busy_timeout_s: float, max_pages: int | None) -> Connection:
    """A connection that can write; `RawError` or `StoreError` if there can be none."""
    connection = _connect(path, str(path), busy_timeout_s)
    try:
        unlock(connection, vault.database_key)
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        teach(connection, vault.record_id)
        if max_pages is not None:
            connection.execute(f"PRAGMA max_page_count = {int(max_pages)}")
    except (RawError, StoreError):
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, vault: Vault, busy_timeout_s: float) -> Connection:
    """Read-only; where even the WAL's index cannot be made (a read-only medium), the file as it stands."""
    try:
        return _connect_uri(path, "mode=ro", vault, busy_timeout_s)
    except sqlcipher.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {CANNOT_OPEN, READ_ONLY}:
            raise
    return _connect_uri(path, "mode=ro&immutable=1", vault, busy_timeout_s)


def unlock(connection: Connection, key: bytes) -> None:
    """Give a fresh connection its key before anything else; `StoreError` if its driver does not encrypt."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute(f"PRAGMA cipher_page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA temp_store = MEMORY")
    version, status = (connection.execute(f"PRAGMA cipher_{what}").fetchone() for what in ("version", "status"))
    if not version or not version[0] or not status or status[0] != "1":
        raise StoreError(
            "The database driver of this installation does not encrypt: nothing was opened.",
            "Install the program again: pip install --force-reinstall sqlcipher3.",
        )


def export(source: Connection, target: Path, key: bytes) -> None:
    """Write the whole database of a connection into the empty file `target`, encrypted under `key`."""
    source.execute("ATTACH DATABASE ? AS sealed KEY ?", (str(target), f"x'{key.hex()}'"))
    source.execute(f"PRAGMA sealed.cipher_page_size = {PAGE_BYTES}")
    source.execute("SELECT sqlcipher_export('sealed')").fetchall()
    source.execute("DETACH DATABASE sealed")


def _connect_uri(path: Path, options: str, vault: Vault, busy_timeout_s: float) -> Connection:
    connection = _connect(path, f"{path.absolute().as_uri()}?{options}", busy_timeout_s)
    try:
        unlock(connection, vault.database_key)
        teach(connection, vault.record_id)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (RawError, StoreError):
        connection.close()
        raise
    return connection


def _connect(path: Path, name: str, busy_timeout_s: float) -> Connection:
    """Open the file under a name that may be a URI; `StoreError` if it is plain text."""
    with _OPENING:
        refuse_plain(path)
        connection: Connection = sqlcipher.connect(
            name,
            uri=name.startswith("file:"),
            timeout=busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
        connection.counted = _identity(path)
        _OPEN[connection.counted] += 1
    return connection


def _identity(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_dev, seen.st_ino
