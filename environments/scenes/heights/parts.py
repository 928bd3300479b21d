"""The pieces of the assets' models."""

from __future__ import annotations

from functools import lru_cache

from environments.gltf.built_in import built_in_model
from environments.render.model import Item


@lru_cache(maxsize=32)
def parts_of(path: str) -> tuple[Item, ...]:
    """One item for each material of a model, in the file's order; `path` is its place in the assets, with no ending."""
    return tuple(placed.item for placed in built_in_model(f"{path}.glb").placed)
