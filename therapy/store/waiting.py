"""What waits for the writer thread, and how it is paced."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from therapy.store.database import BUSY_TIMEOUT_S
from therapy.store.paths import LEAST_FREE_MB
from therapy.store.rows import Row

ANSWER_WITHIN_S = 10.0
CLOSED = "The record is closed."
OVERFLOWING = "The record cannot keep up: rows are being lost."
CURE = "Check the disk and its free space; what was saved before can be read."


@dataclass(frozen=True, slots=True)
class RecorderSettings:
    """How the record is written; times in wall seconds, `max_pages` of 8 KiB."""

    commit_every_s: float = 0.25
    queue_rows: int = 16384
    retry_every_s: float = 1.0
    stalled_after_s: float = 5.0
    busy_timeout_s: float = BUSY_TIMEOUT_S
    least_free_mb: float = LEAST_FREE_MB
    max_pages: int | None = None


@dataclass(slots=True, eq=False)
class Append:
    """A row to be made and written by the thread; it stays in the queue until it is on disk."""

    make: Callable[[], Row]
    since_wall_s: float
    row: Row | None = None
    is_spoiled: bool = False


@dataclass(slots=True, eq=False)
class Call:
    """Something done once between two commits, in order with the appends."""

    act: Callable[[], None]
    since_wall_s: float
    done: Future[None]
