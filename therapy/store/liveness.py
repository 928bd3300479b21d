"""Locks on files: which session is running, and who may change the keys.

While a session is recorded its process holds an exclusive lock on a small file.  The operating system
lets go of the lock when the process dies, however it dies.  SQLite's own file lock is used, because it
is the same on every system.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from therapy.errors import StoreError

LOCK_WITHIN_S = 10.0


def _mark_path(folder: Path, session_id: str) -> Path:
    return folder / f"running-{session_id}.lock"


class RunningMark:
    """The lock of one running session."""

    def __init__(self, folder: Path, session_id: str) -> None:
        self._path = _mark_path(folder, session_id)
        self._connection = sqlite3.connect(self._path, timeout=0.0, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error:
            self._connection.close()
            raise

    def release(self) -> None:
        """Let go of the lock and remove its file."""
        self._connection.close()
        remove_mark(self._path.parent, self._path.stem.removeprefix("running-"))


def is_running(folder: Path, session_id: str) -> bool:
    """Whether a living process records this session."""
    path = _mark_path(folder, session_id)
    if not path.exists():
        return False
    connection = sqlite3.connect(path, timeout=0.0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    finally:
        connection.close()
    return False


@contextmanager
def exclusive(path: Path, what: str) -> Iterator[None]:
    """Hold the lock at `path` against other programs; `StoreError` naming `what` if another one keeps it."""
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=LOCK_WITHIN_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{what} cannot be changed: {error}.", "Allow writing in this folder.") from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{what} cannot be changed: {error}.", "Close other programs; allow writing there.") from error
    finally:
        connection.close()


def remove_mark(folder: Path, session_id: str) -> None:
    """Remove what a dead session left behind; somebody else's lock or a read-only folder is left alone."""
    for path in (_mark_path(folder, session_id), folder / f"running-{session_id}.lock-journal"):
        with suppress(OSError):
            path.unlink(missing_ok=True)
