"""The models that come with the program."""

from __future__ import annotations

from pathlib import Path

from environments.gltf.content import Content
from environments.gltf.load import load_gltf
from environments.gltf.problems import GltfError

ASSETS = Path(__file__).parents[1] / "assets"


def built_in_model(name: str) -> Content:
    """A model by its path in `environments/assets`; `GltfError` naming the file if it is missing or damaged."""
    path = ASSETS / name
    try:
        return load_gltf(path)
    except GltfError as error:
        raise GltfError(f"{path}: {error.problem}", "install Acclimate again") from error
