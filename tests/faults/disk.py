"""The disk between a program and its files, from the program's own side: `shim.c`, compiled by pip's compiler."""

from __future__ import annotations

import ctypes
import fcntl
import getpass
import hashlib
import os
import random
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
SECTOR_BYTES = 512
_HEAD = struct.Struct("<cIqI")


def built_shim() -> Path:
    """The library for LD_PRELOAD; compiled by the first process that asks."""
    key = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"acclimate-faults-{getpass.getuser()}"
    folder.mkdir(exist_ok=True, mode=0o700)
    library = folder / f"shim-{key}.so"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not library.exists():
            made = library.with_suffix(".unfinished")
            flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror"]
            command = [sys.executable, "-m", "ziglang", "cc", *flags, str(SOURCE), "-o", str(made), "-ldl"]
            subprocess.run(command, check=True, capture_output=True)
            made.replace(library)
    return library


def run_on_shim(*arguments: str) -> str:
    """What `python -m tests.faults ARGUMENTS` says on a disk of ours."""
    environment = {**os.environ, "LD_PRELOAD": str(built_shim())}
    command = [sys.executable, "-m", "tests.faults", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


class Disk:
    """The disk of this process below one folder; the process was started with the shim."""

    def __init__(self, folder: Path) -> None:
        self._shim = ctypes.CDLL(None)
        self._folder = str(folder).encode()

    @contextmanager
    def full_from(self, call: int, roomy: str = "") -> Iterator[None]:
        """Full from write call `call` on; 0: never.  Only what overwrites itself in the file `roomy` still goes."""
        self._shim.shim_arm(self._folder, ctypes.c_long(call), roomy.encode(), b"")
        try:
            yield
        finally:
            self.calls = int(self._shim.shim_disarm())

    @contextmanager
    def logged(self, log: Path) -> Iterator[None]:
        """Keep a log of all that is written."""
        self._shim.shim_arm(self._folder, ctypes.c_long(0), b"", str(log).encode())
        try:
            yield
        finally:
            self.calls = int(self._shim.shim_disarm())


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing asked of the disk: W writes `data` at `offset`, T cuts to `offset`, S syncs, U removes, R renames."""

    kind: str
    name: str
    offset: int
    data: bytes


def read_log(log: Path) -> list[Operation]:
    data, place, found = log.read_bytes(), 0, []
    while place < len(data):
        kind, length, offset, size = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        name = data[place : place + length].decode()
        place += length
        found.append(Operation(kind.decode(), name, offset, data[place : place + size]))
        place += size
    return found


def after_power_cut(
    start: dict[str, bytes], operations: Sequence[Operation], chance: random.Random
) -> dict[str, bytes]:
    """What a disk may hold when the power goes after these operations.

    What was synced is there.  Of what was not, each write may be there or not, whole or in some of its sectors, and
    in any order.  Removals and renamings count as done.
    """
    files = {name: bytearray(data) for name, data in start.items()}
    pending: dict[str, list[Operation]] = {}
    for operation in operations:
        name = operation.name
        if operation.kind == "S":
            _apply(files, pending.pop(name, []))
        elif operation.kind == "U":
            pending.pop(name, None)
            files.pop(name, None)
        elif operation.kind == "R":
            target = operation.data.decode()
            files[target] = files.pop(name, bytearray())
            pending[target] = [Operation(one.kind, target, one.offset, one.data) for one in pending.pop(name, [])]
        else:
            pending.setdefault(name, []).append(operation)
    for waiting in pending.values():
        _apply(files, _some_of(waiting, chance))
    return {name: bytes(data) for name, data in files.items()}


def _some_of(waiting: Sequence[Operation], chance: random.Random) -> list[Operation]:
    kept_0to1 = chance.choice((0.0, 0.3, 0.7, 1.0))
    some = [part for one in waiting if chance.random() < kept_0to1 for part in _torn(one, chance)]
    if chance.random() < 0.5:
        chance.shuffle(some)
    return some


def _torn(operation: Operation, chance: random.Random) -> list[Operation]:
    """The write as it is, or some of its sectors."""
    if operation.kind != "W" or chance.random() < 0.7:
        return [operation]
    end = operation.offset + len(operation.data)
    edges = [
        operation.offset,
        *range(-(-(operation.offset + 1) // SECTOR_BYTES) * SECTOR_BYTES, end, SECTOR_BYTES),
        end,
    ]
    pieces = [
        Operation("W", operation.name, one, operation.data[one - operation.offset : other - operation.offset])
        for one, other in pairwise(edges)
    ]
    return [piece for piece in pieces if chance.random() < 0.5]


def _apply(files: dict[str, bytearray], operations: Sequence[Operation]) -> None:
    for operation in operations:
        data = files.setdefault(operation.name, bytearray())
        if operation.kind == "T":
            del data[operation.offset :]
            data.extend(bytes(operation.offset - len(data)))
            continue
        data.extend(bytes(max(0, operation.offset - len(data))))
        data[operation.offset : operation.offset + len(operation.data)] = operation.data
