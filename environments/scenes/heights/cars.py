"""The cars' meshes, from the assets: the painted body, and what looks the same on every car."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import Float64, placements
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.palette import CAR_PAINTS
from environments.scenes.heights.parts import parts_of
from environments.scenes.heights.plan import KERB_M

SURFACES = ("dark", "glass", "lamp", "metal", "paint", "plate", "tail")
"""The materials of a car's file, in its order; a far car has no plate."""
VANS_0TO1 = 0.22
_FREE_0TO1 = 0.4


@dataclass(frozen=True, slots=True)
class Car:
    """What wears a car's own paint."""

    body: Mesh


@lru_cache(maxsize=8)
def car_parts(kind: str = "hatchback") -> tuple[Car, tuple[tuple[str, Mesh], ...]]:
    """A car, and those of its parts that look the same on every car, with their materials."""
    names = [name for name in SURFACES if not (kind.endswith("_far") and name == "plate")]
    meshes = dict(zip(names, (item.mesh for item in parts_of(f"vehicles/{kind}")), strict=True))
    body = meshes.pop("paint")
    return Car(body), tuple((f"car {name}", mesh) for name, mesh in meshes.items())


def add_parked_cars(batch: Batch, rng: np.random.Generator) -> None:
    """Cars and vans along the kerbs of the square, and coarser ones down the boulevard."""
    near = [(s * 59.7, z, 90.0 + 90.0 * s) for s in (-1.0, 1.0) for z in np.arange(-80.0, 22.0, 6.2) if abs(z + 30) > 8]
    far = [(s * 12.9, z, 90.0 + 90.0 * s) for s in (-1.0, 1.0) for z in np.arange(-112.0, -250.0, -7.0)]
    for spots, suffix in ((near, ""), (far, "_far")):
        kept = np.array([spot for spot in spots if rng.random() > _FREE_0TO1])
        kept[:, 0] += rng.uniform(-0.12, 0.12, len(kept))
        kept[:, 2] += rng.uniform(-1.5, 1.5, len(kept))
        is_van = rng.random(len(kept)) < VANS_0TO1
        for kind, chosen in (("hatchback", kept[~is_van]), ("van", kept[is_van])):
            _park(batch, f"{kind}{suffix}", chosen, rng)


def _park(batch: Batch, kind: str, spots: Float64, rng: np.random.Generator) -> None:
    made, common = car_parts(kind)
    where = placements(np.column_stack([spots[:, 0], np.full(len(spots), -KERB_M), spots[:, 1]]), spots[:, 2])
    paint = rng.integers(0, len(CAR_PAINTS), len(spots))
    for index in range(len(CAR_PAINTS)):
        batch.scatter(f"paint {index}", made.body, where[paint == index])
    for material, mesh in common:
        batch.scatter(material, mesh, where)
