"""Writes `LEDGER.toml`: every file of the assets with its origin, licence, hash and what was done to it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from pathlib import Path

_HEAD = "# Every file of environments/assets. Written by build/make_all.py; tests/assets holds it to the files.\n"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from: `script` makes it; `package`, `version`, `path`: a third-party source."""

    script: str
    licence: str
    author: str
    changed: str
    package: str = ""
    version: str = ""
    path: str = ""
    credit: str = ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def ledger(folder: Path, origins: dict[str, Origin]) -> str:
    """The ledger's text for the files below a folder; a file without an origin is an error (KeyError)."""
    blocks = [_HEAD]
    for path in sorted(folder.rglob("*.glb")):
        name = path.relative_to(folder).as_posix()
        origin = origins[name]
        rows = [f"[[file]]\nname = {_quoted(name)}", f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"']
        for item in fields(Origin):
            value = getattr(origin, item.name)
            if value:
                rows.append(f"{item.name} = {_quoted(value)}")
        blocks.append("\n".join(rows) + "\n")
    return "\n".join(blocks)
