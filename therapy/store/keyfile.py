"""The key file: the record's data key, wrapped once for every way to open it.

It lies beside the database as JSON with a second, equal copy.  It holds users' names and no patient.  A damaged file is
told by its checksum, so that a wrong password is never mistaken for damage.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from pydantic import Base64Bytes, BaseModel, ConfigDict, ValidationError

from therapy.errors import StoreError
from therapy.store.atomic import write_atomically
from therapy.store.keys import SALT_BYTES, Argon2Cost, key_from_password, unwrap, wrap
from therapy.store.liveness import exclusive

KEYS_NAME = "acclimate.keys"
COPY_SUFFIX = ".copy"
FORMAT = "acclimate-keys"
FORMAT_VERSION = 1


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSWORD = "password"  # noqa: S105 - a kind of slot, not a password
    RECOVERY = "recovery"
    KEYRING = "keyring"
    FILE = "file"


class Slot(BaseModel):
    """The data key wrapped for one user and one kind of secret."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    kind: SlotKind
    user_id: str
    name: str
    wrapped: Base64Bytes
    salt: Base64Bytes = b""
    passes: int = 0
    memory_kib: int = 0
    lanes: int = 0

    def bound_to(self, record_id: str) -> str:
        """What the wrapped key is bound to: changing any of it makes the slot useless."""
        cost = f"{self.passes},{self.memory_kib},{self.lanes}"
        return f"{FORMAT}/{FORMAT_VERSION}/{record_id}/{self.kind.value}/{self.user_id}/{self.name}/{cost}"

    def opened(self, record_id: str, secret: str | bytes) -> bytes:
        """The data key; `WrongKey` for another secret.  A password is text, every other secret 32 bytes or fewer."""
        return unwrap(self._key(secret), self.wrapped, self.bound_to(record_id))

    def _key(self, secret: str | bytes) -> bytes:
        if isinstance(secret, str):
            return key_from_password(secret, self.salt, Argon2Cost(self.passes, self.memory_kib, self.lanes))
        return stretched(secret)


class KeyFile(BaseModel):
    """A key file as it is stored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = FORMAT
    version: int = FORMAT_VERSION
    record_id: str
    slots: tuple[Slot, ...] = ()

    def of(self, kind: SlotKind, name: str | None = None) -> tuple[Slot, ...]:
        """The slots of a kind, and of one user if a name is given; capital letters make no difference."""
        wanted = None if name is None else name.casefold()
        return tuple(one for one in self.slots if one.kind is kind and wanted in (None, one.name.casefold()))


def stretched(secret: bytes) -> bytes:
    """The 32-byte key of a random secret: it needs no slow derivation, since nobody can guess it."""
    return hashlib.sha256(b"acclimate/1/slot" + secret).digest()


def new_slot(record_id: str, kind: SlotKind, user: tuple[str, str], data_key: bytes, secret: str | bytes) -> Slot:
    """The data key wrapped for a user (id, name) under a password (text) or a random secret (bytes)."""
    cost = Argon2Cost() if isinstance(secret, str) else Argon2Cost(0, 0, 0)
    salt = secrets.token_bytes(SALT_BYTES) if isinstance(secret, str) else b""
    empty = Slot.model_construct(
        kind=kind, user_id=user[0], name=user[1], wrapped=b"", salt=salt,
        passes=cost.passes, memory_kib=cost.memory_kib, lanes=cost.lanes,
    )  # fmt: skip
    key = key_from_password(secret, salt, cost) if isinstance(secret, str) else stretched(secret)
    return empty.model_copy(update={"wrapped": wrap(key, data_key, empty.bound_to(record_id))})


def keys_path(folder: Path) -> Path:
    """Where a folder's key file lies."""
    return folder / KEYS_NAME


def has_keys(folder: Path) -> bool:
    """Whether a folder has a key file, or its copy."""
    return any(path.is_file() for path in _places(folder))


def read_keys(folder: Path) -> KeyFile:
    """The folder's key file; a damaged or missing one is read from its copy; `StoreError` if neither can be read."""
    for path in _places(folder):
        found = _read(path)
        if found is not None:
            return found
    if not has_keys(folder):
        raise StoreError(
            f"The key file {keys_path(folder)} is missing: without it the record cannot be opened.",
            "Bring it back from a backup, together with the record.",
        )
    raise StoreError(
        f"The key file {keys_path(folder)} and its copy are damaged.",
        "Bring it back from a backup; leave the record as it is.",
    )


def write_keys(folder: Path, keys: KeyFile) -> None:
    """Put a key file and its copy into a folder; `StoreError` if that is not possible.

    The copy goes first: after a kill between the two the file itself still is as it was, so no secret that was taken
    away is left in the copy alone.
    """
    slots = keys.model_dump(mode="json")
    content = json.dumps({**slots, "sha256": _checksum(slots)}, indent=1).encode()
    try:
        for path in reversed(_places(folder)):
            write_atomically(path, content)
    except OSError as error:
        raise StoreError(
            f"The key file {keys_path(folder)} cannot be written: {error.strerror}.",
            "Allow writing in this folder; nothing was changed.",
        ) from error


@contextmanager
def changing_keys(folder: Path) -> Iterator[Callable[[KeyFile], None]]:
    """Hold the key file against other programs; what is handed over is what to write it with."""
    with exclusive(folder / f"{KEYS_NAME}.lock", f"The key file in {folder}"):
        yield lambda keys: write_keys(folder, keys)


def _places(folder: Path) -> tuple[Path, Path]:
    return keys_path(folder), folder / (KEYS_NAME + COPY_SUFFIX)


def _checksum(plain: object) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> KeyFile | None:
    """The file, or None if it is missing or damaged; `StoreError` if it is of a newer version."""
    try:
        plain = json.loads(path.read_bytes())
        version = plain["version"]
        if plain["format"] == FORMAT and isinstance(version, int) and version > FORMAT_VERSION:
            raise StoreError(
                f"The key file {path} was written by a newer version.",
                "Install the newer version; nothing was changed.",
            )
        told = plain.pop("sha256")
        return KeyFile.model_validate(plain) if told == _checksum(plain) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError):
        return None
