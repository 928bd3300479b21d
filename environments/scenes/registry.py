"""Finds a scene's code by its name; nothing is imported until it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from environments.play import Game
from environments.render.model import Scene
from environments.scenes.manifest import SceneManifest, load_manifest

MODEL_SUFFIXES = (".glb", ".gltf")


def scene(name: str) -> Scene:
    """The scene called `name`, or a model file as a scene.

    `ManifestError` with the known names if there is none; `GltfError` if a model cannot be used.
    """
    if is_model_file(name):
        return cast(Scene, import_module("environments.scenes.imported").file_scene(Path(name)))
    manifest = load_manifest(name)
    if manifest.place is not None:
        return cast(Scene, import_module("environments.scenes.imported").place_scene(manifest))
    return cast(Scene, import_module(f"environments.scenes.{name}.build").SCENE)


def games(manifests: Mapping[str, SceneManifest]) -> dict[str, Game]:
    """The rules of the scenes that are played, by name."""
    played = [name for name, manifest in manifests.items() if manifest.is_played]
    return {name: cast(Game, import_module(f"environments.scenes.{name}.game").GAME) for name in played}


def is_model_file(name: str) -> bool:
    """Whether a name is that of a model file instead of a scene."""
    return name.lower().endswith(MODEL_SUFFIXES)
