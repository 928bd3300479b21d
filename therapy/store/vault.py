"""An unlocked record: the data key in memory, and what is derived from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from therapy.errors import RecordLocked
from therapy.store.keys import derive
from therapy.store.patient_keys import PatientKeys

LOCK_AFTER_S = 900.0
"""A record left alone for so long is locked.  Engineering default."""
PATIENTS_PURPOSE = "patient-keys"


class Vault:
    """The keys of one unlocked record in `folder`.

    After `lock_after_s` in which nothing was asked of it the vault locks itself, unless a live session holds it.
    """

    def __init__(
        self,
        folder: Path,
        record_id: str,
        data_key: bytes,
        lock_after_s: float = LOCK_AFTER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.record_id = record_id
        self._key = bytearray(data_key)
        self._lock_after_s = lock_after_s
        self._clock = clock
        self._used_s = clock()
        self._holders = 0
        self.patients = PatientKeys(folder, record_id, self.derive(PATIENTS_PURPOSE))

    @property
    def database_key(self) -> bytes:
        """The data key; `RecordLocked` after the vault was locked."""
        self.touch()
        return bytes(self._key)

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose of its own; the same purpose gives the same key."""
        return derive(self.database_key, bytes.fromhex(self.record_id), purpose)

    def touch(self) -> None:
        """Say that somebody is there; `RecordLocked` if nobody was for too long."""
        now_s = self._clock()
        if not self._holders and now_s - self._used_s > self._lock_after_s:
            self.lock()
        if not self._key:
            raise RecordLocked(
                "The record was locked because nobody used it for a while.", "Begin again and give your password."
            )
        self._used_s = now_s

    def lock(self) -> None:
        """Forget the key; its bytes are overwritten as far as the language lets them be."""
        self._key[:] = bytes(len(self._key))
        self._key.clear()
        self.patients.forget()

    @contextmanager
    def held(self) -> Iterator[None]:
        """While a live session runs the vault does not lock itself."""
        self.touch()
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            self._used_s = self._clock()
