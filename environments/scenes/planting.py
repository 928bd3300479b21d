"""Puts plants of the assets into a scene, by squares so that far ones can be left out of a view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from environments.gltf.built_in import built_in_model
from environments.render.model import Float32, Item

SQUARE_M = 48.0


def plants(name: str, where: Float32, sways_m: float, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> list[Item]:
    """Items of the model `plants/<name>.glb` at every matrix of (k, 4, 4); `GltfError` if it cannot be read.

    `sways_m` is how far its top moves in full wind; `tint` multiplies the colour of its leaves.
    """
    found = []
    model = built_in_model(f"plants/{name}.glb").placed
    for number, part in enumerate(_squares(where)):
        for place, placed in enumerate(model):
            item, is_leafy = placed.item, placed.item.material.alpha_cutoff > 0.0
            red, green, blue = item.material.base_color_linear
            dyed = (red * tint[0], green * tint[1], blue * tint[2]) if is_leafy else (red, green, blue)
            material = replace(item.material, sways=sways_m, base_color_linear=dyed)
            found.append(replace(item, name=f"{name} {number} {place}", material=material, transforms=part))
    return found


def _squares(where: Float32) -> list[Float32]:
    if not len(where):
        return []
    cells = np.floor(where[:, [0, 2], 3] / SQUARE_M).astype(np.int64)
    numbers = np.unique(cells, axis=0, return_inverse=True)[1].reshape(-1)
    return [where[numbers == number] for number in range(numbers.max() + 1)]
