"""The file by which a restarted session finds a player that is still there; readable by its owner only."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pydantic import ValidationError

from environments.handshake import RunFile


def write_run_file(path: Path, run: RunFile) -> None:
    """Write the file in one step, replacing an older one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{run.pid}")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(run.model_dump_json())
    fresh.replace(path)


def remove_run_file(path: Path, pid: int) -> None:
    """Remove the file if it is still this player's."""
    with contextlib.suppress(OSError, ValidationError):
        if RunFile.model_validate_json(path.read_text("utf-8")).pid == pid:
            path.unlink()
