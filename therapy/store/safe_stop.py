"""The safe-stop journal: a small file outside the database for the moments in which the database cannot be written.

Its room is taken before a session starts, so a disk that is full can still be told in it.  Slots of one sector are
written in place, each with its number, a CRC and, sealed with a key of the vault, what happened: the session's id,
the time, and the reason.  When the database can be written again the entries are brought into it.  (On file systems
that copy on write, and on disks that fail altogether, this too may be refused; then nothing can be written at all.)
"""

from __future__ import annotations

import json
import os
import queue
import struct
import threading
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from therapy.errors import StoreError

JOURNAL_NAME = "acclimate.safe-stop"
JOURNAL_PURPOSE = "safe-stop-journal"
SLOT_BYTES = 512
SLOTS = 128
_MAGIC = b"ASJ1"
_HEAD = struct.Struct(">4sQ12sH")
_CRC = struct.Struct(">I")
_TAG_BYTES = 16
_ROOM = SLOT_BYTES - _HEAD.size - _CRC.size - _TAG_BYTES
_LONGEST_REASON = 240
_EMPTY = bytes(SLOT_BYTES)


class What(StrEnum):
    """What the journal tells of."""

    RECORD_FAILED = "record-failed"
    NOT_YET_SAVED = "not-yet-saved"
    SESSION_ENDED = "session-ended"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened while the database could not be written; `t_s` is session time, `at` wall time."""

    session_id: str
    at: str
    t_s: float | None
    what: What
    reason: str


class SafeStopJournal:
    """The journal at `path`, sealed with a `key` of 32 bytes; one thread of its own writes, so nobody waits.

    Makes the file if there is none; `StoreError` if its room cannot be had.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._seal = AESGCM(key)
        try:
            self._file = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
            try:
                self._take_room()
                self._next = max((number for number, _ in self._numbered()), default=0) + 1
            except OSError:
                os.close(self._file)
                raise
        except OSError as error:
            raise StoreError(
                f"The safe-stop journal {path} cannot be prepared: {error.strerror}.",
                "Free some space and allow writing in the folder of the record.",
            ) from error
        self._waiting: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._refused = 0

    @property
    def refused(self) -> int:
        """How many entries could not be written."""
        return self._refused

    def note(self, entry: Entry) -> None:
        """Write an entry soon, on the journal's own thread; never raises and never waits for the disk."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="safe-stop-journal", daemon=True)
            self._thread.start()
        self._waiting.put(entry)

    def entries(self) -> tuple[tuple[int, Entry], ...]:
        """What stands in the journal, each with its number, oldest first; slots that are damaged are left out."""
        return tuple(sorted(self._numbered(), key=lambda one: one[0]))

    def clear(self) -> None:
        """Empty every slot: what stood there is on the record now."""
        for slot in range(SLOTS):
            self._write(slot, _EMPTY)
        os.fsync(self._file)

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is left and let go of the file; never raises."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                return
        with suppress(OSError):
            os.close(self._file)

    def _run(self) -> None:
        while (entry := self._waiting.get()) is not None:
            try:
                self._write(self._next % SLOTS, self._sealed(self._next, entry))
                os.fsync(self._file)
            except OSError:
                self._refused += 1
            self._next += 1

    def _take_room(self) -> None:
        """Fill the file with empty slots up to its size, and have the disk confirm it."""
        size = os.fstat(self._file).st_size
        if size < SLOTS * SLOT_BYTES:
            for slot in range(size // SLOT_BYTES, SLOTS):
                self._write(slot, _EMPTY)
            os.fsync(self._file)

    def _write(self, slot: int, data: bytes) -> None:
        os.lseek(self._file, slot * SLOT_BYTES, os.SEEK_SET)
        if os.write(self._file, data) != len(data):
            raise OSError(None, "only a part was written")

    def _sealed(self, number: int, entry: Entry) -> bytes:
        reason = entry.reason.encode("utf-8", "replace")[:_LONGEST_REASON].decode("utf-8", "ignore")
        plain = json.dumps(asdict(entry) | {"reason": reason}, ensure_ascii=False).encode()
        nonce = os.urandom(12)
        plain = plain if len(plain) <= _ROOM else json.dumps(asdict(entry) | {"reason": ""}).encode()
        head = _HEAD.pack(_MAGIC, number, nonce, len(plain) + _TAG_BYTES)
        body = head + self._seal.encrypt(nonce, plain, head)
        body = body.ljust(SLOT_BYTES - _CRC.size, b"\0")
        return body + _CRC.pack(zlib.crc32(body))

    def _numbered(self) -> list[tuple[int, Entry]]:
        os.lseek(self._file, 0, os.SEEK_SET)
        data = b""
        while len(data) < SLOTS * SLOT_BYTES and (more := os.read(self._file, SLOTS * SLOT_BYTES - len(data))):
            data += more
        slots = (data[start : start + SLOT_BYTES] for start in range(0, len(data), SLOT_BYTES))
        return [opened for slot in slots if (opened := self._opened(slot)) is not None]

    def _opened(self, slot: bytes) -> tuple[int, Entry] | None:
        """The entry in a slot; None for an empty, a torn or a foreign one."""
        body, crc = slot[: -_CRC.size], slot[-_CRC.size :]
        if len(slot) != SLOT_BYTES or not slot.startswith(_MAGIC) or crc != _CRC.pack(zlib.crc32(body)):
            return None
        _, number, nonce, length = _HEAD.unpack_from(body)
        try:
            plain = self._seal.decrypt(nonce, body[_HEAD.size : _HEAD.size + length], body[: _HEAD.size])
            fields = json.loads(plain)
            return number, Entry(**{**fields, "what": What(fields["what"])})
        except (InvalidTag, ValueError, TypeError, KeyError):
            return None
