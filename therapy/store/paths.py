"""Where the record lies."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import platformdirs

from therapy.errors import StoreError

DATA_VARIABLE = "ACCLIMATE_DATA"
DATABASE_NAME = "acclimate.db"
LEAST_FREE_MB = 200
"""Free space without which no session starts; an hour's record takes 50 to 100 MB.  Engineering default."""


def data_folder(wanted: Path | None = None) -> Path:
    """The folder of the record: `wanted`, else `$ACCLIMATE_DATA`, else the user's data folder."""
    if wanted is not None:
        return wanted
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("acclimate", appauthor=False)


def database_path(wanted: Path | None = None) -> Path:
    """The database file in the data folder."""
    return data_folder(wanted) / DATABASE_NAME


def free_mb(folder: Path) -> float:
    """Free space in megabytes (10^6 bytes) where `folder` is, or will be."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free / 1e6


def require_space(folder: Path, least_mb: float = LEAST_FREE_MB) -> None:
    """Raise `StoreError` if less than `least_mb` megabytes are free."""
    if (free := free_mb(folder)) < least_mb:
        raise StoreError(
            f"Only {free:.0f} MB are free where the record is kept ({folder}); a session needs {least_mb:.0f} MB.",
            f"Free some space, or name another folder with --data or {DATA_VARIABLE}.",
        )


def prepare_folder(folder: Path) -> None:
    """Make the data folder, readable by its owner only; `StoreError` if it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(
            f"The data folder {folder} cannot be made: {error.strerror}.",
            f"Name a folder you may write to with --data or {DATA_VARIABLE}.",
        ) from error
