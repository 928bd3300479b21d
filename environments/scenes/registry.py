"""Finds a scene's code by its name; nothing is imported until it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from environments.render.model import Scene
from environments.scenes.manifest import load_manifest


def scene(name: str) -> Scene:
    """The scene called `name`; `ManifestError` with the known names if there is none."""
    load_manifest(name)
    return cast(Scene, import_module(f"environments.scenes.{name}.build").SCENE)
