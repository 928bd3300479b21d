"""One key for each patient: under it lie identity and free text.  Destroying it is erasure, handing it on is sharing.

The keys lie wrapped in a file of their own, which no backup of the record holds: a backup that did would bring an
erased patient's words back.  `copy_to` keeps one copy elsewhere, which each later copy overwrites.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from therapy.errors import StoreError
from therapy.store.atomic import write_atomically
from therapy.store.keys import WrongKey, new_key, unwrap, wrap
from therapy.store.liveness import exclusive

PATIENTS_NAME = "acclimate.patients"
FORMAT = "acclimate-patients"
FORMAT_VERSION = 1
SEALED = "sealed:1:"
ERASED = "(erased)"
MISSING = "(its key is missing)"
_GONE = "destroyed"


def patients_path(folder: Path) -> Path:
    """Where a folder's patient keys lie."""
    return folder / PATIENTS_NAME


class PatientKeys:
    """The patients' keys of one record; `master` wraps them, and is itself derived from the data key."""

    def __init__(self, folder: Path, record_id: str, master: bytes) -> None:
        self._path = patients_path(folder)
        self._record_id = record_id
        self._master = master
        self._known: dict[str, bytes | None] = {}

    def prepare(self, code: str) -> None:
        """Make a key for a patient who has none; `StoreError` if the patient was erased or the file is unwritable."""
        if self._key(code) is not None:
            return
        with self._changing() as wrapped:
            if wrapped.get(code) == _GONE:
                raise StoreError(f"{code} was erased.", "Add the person under another code.")
            if code not in wrapped:
                wrapped[code] = b64encode(wrap(self._master, new_key(), self._bound_to(code))).decode()
                self._write(wrapped)
        self._known.pop(code, None)

    def seal(self, code: str, text: str) -> str:
        """Text under a patient's key, as a string of its own; empty text stays empty.

        `StoreError` if the patient has no key.
        """
        if not text:
            return text
        key = self._key(code)
        if key is None:
            raise StoreError(f"{code} has no key: the patient was erased.", "Add the person under another code.")
        return SEALED + b64encode(wrap(key, text.encode(), self._bound_to(code))).decode()

    def unseal(self, code: str, stored: str) -> str:
        """The text that `seal` sealed, plain text as it is, and words in its place when the key is gone."""
        if not stored.startswith(SEALED):
            return stored
        key = self._key(code)
        if key is None:
            return ERASED if self.is_erased(code) else MISSING
        try:
            return unwrap(key, b64decode(stored.removeprefix(SEALED)), self._bound_to(code)).decode()
        except (WrongKey, ValueError) as error:
            raise StoreError(
                f"A sealed text of {code} cannot be read: it was changed.", "Keep the record as it is; report this."
            ) from error

    def destroy(self, code: str) -> None:
        """Destroy a patient's key in the file: what lies under it can never be read again."""
        with self._changing() as wrapped:
            wrapped[code] = _GONE
            self._write(wrapped)
        self._known[code] = None

    def is_erased(self, code: str) -> bool:
        """Whether a patient's key was destroyed."""
        return self._read().get(code) == _GONE

    def key_to_share(self, code: str) -> bytes:
        """A patient's key, for wrapping it to somebody else; `StoreError` if there is none."""
        key = self._key(code)
        if key is None:
            raise StoreError(f"{code} has no key that could be shared.", "See: acclimate patients.")
        return key

    def forget(self) -> None:
        """Keep no key in memory."""
        self._known.clear()
        self._master = b""

    def copy_to(self, folder: Path) -> Path:
        """Keep the one copy in another folder up to date; `StoreError` if it cannot be written there."""
        copy = folder / PATIENTS_NAME
        try:
            write_atomically(copy, self._path.read_bytes())
        except OSError as error:
            raise StoreError(
                f"The patients' keys cannot be copied to {folder}: {error.strerror}.", "Name a folder you may write to."
            ) from error
        return copy

    def _bound_to(self, code: str) -> str:
        return f"{FORMAT}/{FORMAT_VERSION}/{self._record_id}/{code}"

    def _key(self, code: str) -> bytes | None:
        if code not in self._known:
            wrapped = self._read().get(code)
            if wrapped is None or wrapped == _GONE:
                return None
            try:
                self._known[code] = unwrap(self._master, b64decode(wrapped), self._bound_to(code))
            except (WrongKey, ValueError) as error:
                raise self._damaged() from error
        return self._known[code]

    def _read(self) -> dict[str, str]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(
                f"The patients' keys {self._path} cannot be read: {error.strerror}.", "Allow reading."
            ) from error
        try:
            plain = json.loads(content)
            if plain["format"] != FORMAT or plain["version"] > FORMAT_VERSION:
                raise self._damaged()
            keys = plain["keys"]
            return {str(code): str(wrapped) for code, wrapped in keys.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged() from error

    def _write(self, wrapped: dict[str, str]) -> None:
        plain = {"format": FORMAT, "version": FORMAT_VERSION, "record_id": self._record_id, "keys": wrapped}
        try:
            write_atomically(self._path, json.dumps(plain, indent=1).encode())
        except OSError as error:
            raise StoreError(
                f"The patients' keys {self._path} cannot be written: {error.strerror}.", "Allow writing in this folder."
            ) from error

    @contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        """The keys as they are in the file, held against other programs until they are written."""
        with exclusive(self._path.with_name(f"{self._path.name}.lock"), f"The patients' keys {self._path}"):
            yield self._read()

    def _damaged(self) -> StoreError:
        return StoreError(
            f"The patients' keys {self._path} are damaged, or belong to another record.",
            "Bring back the newest copy of this file; notes and names cannot be read without it.",
        )
