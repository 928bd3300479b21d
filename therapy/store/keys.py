"""Keys: made, wrapped, derived.  Pure functions on bytes; the files they lie in are `keyfile`'s and `patient_keys`'.

The record's data key is 32 random bytes and never comes from a password.  It is wrapped (AES-256-GCM) under a key that
Argon2id makes of a user's password, under the recovery key, and under keys that lie in a file or a keyring.
"""

from __future__ import annotations

import secrets
from base64 import b32decode, b32encode
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
RECOVERY_BYTES = 20
GROUP = 4
_CHECK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LOOKS_LIKE = str.maketrans({"0": "O", "1": "I", "8": "B"})


class WrongKey(ValueError):
    """A wrapped key does not open: definitely another key, or another slot than the one it was wrapped for."""


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one try of a password costs: 64 MiB, three passes, four lanes, about 0.2 s (RFC 9106, second choice)."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def key_from_password(password: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """The 32-byte key a password gives with this salt, by Argon2id."""
    return hash_secret_raw(
        password.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, hash_len=KEY_BYTES, type=Type.ID
    )


def derive(key: bytes, salt: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose, by HKDF-SHA256 (RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt, f"acclimate/1/{purpose}".encode()).derive(key)


def wrap(key: bytes, secret: bytes, bound_to: str) -> bytes:
    """`secret` under `key` (AES-256-GCM), nonce first; it opens only with the same `bound_to`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, bound_to.encode())


def unwrap(key: bytes, wrapped: bytes, bound_to: str) -> bytes:
    """What `wrap` wrapped; `WrongKey` if it was another key or is bound to something else."""
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise WrongKey("the key does not open this") from error


def new_recovery_key() -> str:
    """A new recovery key as it is printed: 160 random bits and a check character, in groups of four."""
    return in_groups(secrets.token_bytes(RECOVERY_BYTES))


def in_groups(secret: bytes) -> str:
    """Bytes as base32 in groups of four with a check character at the end."""
    letters = b32encode(secret).decode().rstrip("=")
    letters += _check_character(letters)
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def from_groups(text: str) -> bytes:
    """The bytes that `in_groups` wrote; `ValueError` in words for a typing error.  0, 1 and 8 read as O, I and B."""
    letters = "".join(character for character in text.upper() if character.isalnum()).translate(_LOOKS_LIKE)
    if len(letters) < 2 or any(letter not in _CHECK_ALPHABET for letter in letters):
        raise ValueError("it has letters A to Z and digits 2 to 7 only")
    body, check = letters[:-1], letters[-1]
    if _check_character(body) != check:
        raise ValueError("its last character does not fit the others: something is mistyped or missing")
    try:
        return b32decode(body + "=" * (-len(body) % 8))
    except ValueError as error:
        raise ValueError("it is too short or too long") from error


def _check_character(letters: str) -> str:
    """Luhn's check over base32: finds every single wrong character and most exchanged neighbours."""
    size, total = len(_CHECK_ALPHABET), 0
    for place, letter in enumerate(reversed(letters)):
        weighed = _CHECK_ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += weighed // size + weighed % size
    return _CHECK_ALPHABET[-total % size]
