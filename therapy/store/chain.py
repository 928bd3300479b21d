"""The hash chain: one entry for each append-only row, in the order in which rows were written.

An entry holds which row it stands for, the SHA-256 of the row's contents and the chain's head after it:

    hash = SHA-256(salt, source, for each column that is not NULL: name, type, value)
    head = SHA-256(head before, number, source, key, hash)

So a changed, missing, added or moved row shows, and whoever kept one head can tell that everything before it still is
what it was.  Rows about a person are salted: when such a row and its salt are erased, nothing can be guessed from
what stays, and the chain can still be verified.  Columns that are NULL do not count, so that a later schema may
add some.  Entry 0 names the store.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

HASH_BYTES = 32
SALT_BYTES = 16
STORE = "store"
STORE_FUNCTION = "acclimate_store"
SEAL_FUNCTION = "acclimate_seal"
HASH_FUNCTION = "acclimate_hash"
ERASE_FUNCTION = "acclimate_may_erase"
KEY_COLUMNS = ("session_number", "seq", "part", "word")
"""Where an entry keeps the key of its row."""

Key = tuple[int | None, int | None, int | None, str | None]
Plain = None | int | float | str | bytes


class Teachable(Protocol):
    """A database connection that can be taught functions, of any of the drivers."""

    def create_function(self, name: str, narg: int, func: Callable[..., Any] | None, /) -> None:
        """Teach it one function."""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of chained row: its number in the chain for good, its table, and the columns that make its key.

    `key` maps the chain's key columns to the table's.  Of `columns` only these count; None: all of the table.
    `changes` says that the row may change, each change with an entry of its own: the newest one counts.
    """

    code: int
    name: str
    table: str
    key: tuple[tuple[str, str], ...]
    salted: bool = True
    columns: tuple[str, ...] | None = None
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an entry holds beside its key: the salt (empty for none, or erased), the row's hash, the head after it."""

    salt: bytes
    hash: bytes
    head: bytes


def genesis(store_id: str) -> Sealed:
    """Entry 0 of a store."""
    hashed = row_hash(b"", STORE, ("store_id",), (store_id,))
    return Sealed(b"", hashed, next_head(b"", 0, STORE, (None, None, None, store_id), hashed))


def row_hash(salt: bytes, source: str, names: Sequence[str], values: Sequence[Plain]) -> bytes:
    """The hash of a row's contents; `names` and `values` side by side, in a fixed order."""
    parts = [b"acclimate-row-1\0", salt, _packed_word(source)]
    for name, value in zip(names, values, strict=True):
        if value is not None:
            parts += (_packed_word(name), _packed(value))
    return hashlib.sha256(b"".join(parts)).digest()


def next_head(before: bytes, number: int, source: str, key: Key, hashed: bytes) -> bytes:
    """The chain's head after entry `number`."""
    place = b"".join((_packed(number), _packed_word(source), *map(_packed, key)))
    return hashlib.sha256(b"".join((b"acclimate-head-1\0", before, place, hashed))).digest()


def pack(sealed: Sealed) -> bytes:
    """As the entry's column holds it: salt, hash, head."""
    return sealed.salt + sealed.hash + sealed.head


def unpack(blob: Plain) -> Sealed | None:
    """What `pack` made; None if it cannot have."""
    if not isinstance(blob, bytes) or len(blob) not in {2 * HASH_BYTES, 2 * HASH_BYTES + SALT_BYTES}:
        return None
    salt, hashed, head = blob[: -2 * HASH_BYTES], blob[-2 * HASH_BYTES : -HASH_BYTES], blob[-HASH_BYTES:]
    return Sealed(salt, hashed, head)


def specification(source: Source, columns: Sequence[str]) -> str:
    """A source and its columns as one word for the functions in SQL."""
    return f"{source.name}|{int(source.salted)}|{','.join(columns)}"


def teach(connection: Teachable, store_id: str) -> None:
    """Teach a connection to the record of `store_id` what its triggers call."""
    connection.create_function(STORE_FUNCTION, 0, lambda: store_id)
    connection.create_function(SEAL_FUNCTION, -1, _seal)
    connection.create_function(HASH_FUNCTION, -1, _hash)
    connection.create_function(ERASE_FUNCTION, 0, lambda: 0)


@contextmanager
def erasing(connection: Teachable) -> Iterator[None]:
    """While retention removes rows the triggers let it."""
    connection.create_function(ERASE_FUNCTION, 0, lambda: 1)
    try:
        yield
    finally:
        connection.create_function(ERASE_FUNCTION, 0, lambda: 0)


def seal(spec: str, before: bytes, number: int, *rest: Any) -> Sealed:
    """Entry `number` after the head `before`, for a row; `rest` is its key of four and the values of its columns."""
    source, salted, names = _read(spec)
    salt = os.urandom(SALT_BYTES) if salted else b""
    hashed = row_hash(salt, source, names, rest[4:])
    return Sealed(salt, hashed, next_head(before, number, source, rest[:4], hashed))


def _seal(*arguments: Any) -> bytes:
    """What `seal` takes, to the entry's column."""
    return pack(seal(*arguments))


def _hash(spec: str, sealed: Any, *values: Any) -> bytes | None:
    """(specification, the entry's column, values…) to the row's hash as it should be; NULL for no entry."""
    source, _, names = _read(spec)
    entry = unpack(sealed)
    return None if entry is None else row_hash(entry.salt, source, names, values)


@cache
def _read(spec: str) -> tuple[str, bool, tuple[str, ...]]:
    source, salted, names = spec.split("|")
    return source, salted == "1", tuple(names.split(","))


@cache
def _packed_word(name: str) -> bytes:
    """The name of a source or a column, of which there are few."""
    return _packed(name)


def _packed(value: Plain) -> bytes:
    """A value with its type and length, so that no two rows look alike; −0 is 0, as the database reads it."""
    if value is None:
        return b"n"
    if isinstance(value, int):
        return b"i%d;" % value
    if isinstance(value, float):
        return b"f" + struct.pack(">d", value + 0.0)
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value)
    return (b"t" if isinstance(value, str) else b"b") + b"%d;" % len(data) + data
