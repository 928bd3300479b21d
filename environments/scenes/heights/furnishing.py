"""Puts models of the assets into the scene."""

from __future__ import annotations

from dataclasses import replace

from environments.render.model import Float32
from environments.scenes.heights.batch import SQUARE_M, Batch, by_squares
from environments.scenes.heights.parts import parts_of


def furnish(batch: Batch, path: str, where: Float32, sways_m: float = 0.0, square_m: float = SQUARE_M) -> None:
    """Put a model at every matrix of (k, 4, 4); its top moves by `sways_m` in full wind.

    Those in the same square of `square_m` are culled, and drawn more simply, together.
    """
    if not len(where):
        return
    for near in by_squares(where, square_m):
        for item in parts_of(path):
            material = replace(item.material, sways=sways_m) if sways_m else item.material
            batch.put(replace(item, material=material, transforms=near))
