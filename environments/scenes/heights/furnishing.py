"""Puts models of the assets into the scene."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from environments.gltf.built_in import built_in_model
from environments.render.model import Float32, Item
from environments.scenes.heights.batch import Batch, by_squares


@lru_cache(maxsize=32)
def parts_of(path: str) -> tuple[Item, ...]:
    """One item for each material of a model, in the file's order; `path` is its place in the assets, with no ending."""
    return tuple(placed.item for placed in built_in_model(f"{path}.glb").placed)


def furnish(batch: Batch, path: str, where: Float32, sways_m: float = 0.0) -> None:
    """Put a model at every matrix of (k, 4, 4); its top moves by `sways_m` in full wind."""
    if not len(where):
        return
    for near in by_squares(where):
        for item in parts_of(path):
            material = replace(item.material, sways=sways_m) if sways_m else item.material
            batch.put(replace(item, material=material, transforms=near))
