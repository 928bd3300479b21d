"""Signed statements of the chain's head, to be kept where the program cannot rewrite them.

A checkpoint says: this store's chain had so many entries and this head at that time.  It is signed with Ed25519.
One stands in the record, in a file beside it, in each report and in each export.  It holds nothing about a person.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from therapy.errors import StoreError, UsageError

FORMAT = "acclimate-checkpoint-1"
SIGNING_PURPOSE = "audit-signing"
CHECKPOINTS_NAME = "acclimate.checkpoints"
_HEX = {"store_id": None, "head": 64, "public_key": 64, "signature": 128}
_IN_TEXT = re.compile(r'\{"format": ?"' + FORMAT + r'"[^{}]*\}')
_LARGEST_BYTES = 64_000_000


class Signer:
    """The station's signing key, made of a 32-byte seed that never leaves the vault."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> str:
        """What others check signatures with, 64 hexadecimal digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The signature, 128 hexadecimal digits."""
        return self._key.sign(message).hex()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain of a store had `number` entries after its first and this `head` (both as hexadecimal) at a time."""

    store_id: str
    number: int
    head: str
    at: str
    software: str
    public_key: str
    signature: str

    def as_json(self) -> str:
        """One line of JSON, with the format's name first."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=True)

    @property
    def is_genuine(self) -> bool:
        """Whether the signature is right for the key that it names."""
        return is_signed(self.public_key, _message(asdict(self)), self.signature)


def fingerprint(public_key: str) -> str:
    """A public key in short, to be compared by people: 16 hexadecimal digits in groups of four."""
    digits = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]
    return " ".join(digits[place : place + 4] for place in range(0, 16, 4))


def make_checkpoint(signer: Signer, store_id: str, place: tuple[int, bytes], at: str, software: str) -> Checkpoint:
    """A signed checkpoint of the chain's `place`: its newest number and its head."""
    number, head = place
    plain = {
        "store_id": store_id,
        "number": number,
        "head": head.hex(),
        "at": at,
        "software": software,
        "public_key": signer.public_key,
    }
    return Checkpoint(**plain, signature=signer.sign(_message(plain)))  # type: ignore[arg-type]


def is_signed(public_key: str, message: bytes, signature: str) -> bool:
    """Whether a message was signed with the key, both in hexadecimal; false for anything malformed."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from its JSON; `UsageError` if it is none.  Its signature is not checked here."""
    try:
        plain = json.loads(text)
        checkpoint = Checkpoint(**{name: value for name, value in plain.items() if name != "format"})
        _require_sound(checkpoint, plain["format"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError("That is no checkpoint.", "Give a checkpoint, a report or an export of Acclimate.") from error
    return checkpoint


def checkpoints_in(path: Path) -> tuple[Checkpoint, ...]:
    """Every checkpoint in a text file: a checkpoint, the file beside the record, or a report; `UsageError` if none."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise UsageError(f"{path} is too large for a checkpoint.", "Give a checkpoint or a report.")
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Check its name.") from error
    found = _found_in(text.replace("&quot;", '"'))
    if not found:
        raise UsageError(f"There is no checkpoint in {path}.", "Give a checkpoint, a report or an export of Acclimate.")
    return found


def checkpoints_beside(database: Path) -> tuple[Checkpoint, ...]:
    """Those in the file beside the record; a line that a full disk or a power cut left half written does not count."""
    try:
        return _found_in(database.with_name(CHECKPOINTS_NAME).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ()


def _found_in(text: str) -> tuple[Checkpoint, ...]:
    return tuple(map(parse_checkpoint, _IN_TEXT.findall(text)))


def keep_beside(database: Path, checkpoint: Checkpoint) -> None:
    """Add a checkpoint to the file beside the record; `StoreError` if it cannot be."""
    path = database.with_name(CHECKPOINTS_NAME)
    try:
        file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            os.write(file, (checkpoint.as_json() + "\n").encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}.", "Allow writing and free some space."
        ) from error


def _message(plain: Mapping[str, Any]) -> bytes:
    signed = {name: value for name, value in plain.items() if name != "signature"}
    return json.dumps({"format": FORMAT, **signed}, sort_keys=True, ensure_ascii=True).encode()


def _require_sound(checkpoint: Checkpoint, form: str) -> None:
    if form != FORMAT:
        raise ValueError(form)
    for name, digits in _HEX.items():
        value = getattr(checkpoint, name)
        if len(bytes.fromhex(value)) * 2 != (digits or len(value)):
            raise ValueError(name)
    if type(checkpoint.number) is not int or not 0 <= checkpoint.number < 2**63:
        raise ValueError("number")
    if not all(isinstance(word, str) for word in (checkpoint.at, checkpoint.software)):
        raise ValueError("text")
