"""Trees, shrubs and their places: on the lawns, along the square's sides and down the boulevard."""

from __future__ import annotations

import numpy as np

from environments.render.model import Float32
from environments.render.shapes import Float64, placements
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.furnishing import furnish
from environments.scenes.heights.square import LAWNS

FINE_M = 62.0
"""Trees farther than this from the tower have few triangles."""
SWAYS_M = {"shrub": 0.1}
"""How far a kind's top moves in full wind, if not as far as a tree's."""
_TREE_SWAYS_M = 0.45


def add_trees(batch: Batch, rng: np.random.Generator) -> None:
    """All that grows but grass."""
    spots = [(x + dx, z + dz) for x, z in LAWNS for dx, dz in ((-2.2, -6.0), (2.4, -0.5), (-2.0, 5.2))]
    spots += [(sign * 46.0, z) for sign in (-1.0, 1.0) for z in np.arange(-82.0, 22.0, 13.0)]
    places = np.array([(x + rng.uniform(-0.6, 0.6), 0.0, z + rng.uniform(-0.6, 0.6)) for x, z in spots])
    lawns = np.arange(len(places)) < 3 * len(LAWNS)
    is_far = np.hypot(places[:, 0], places[:, 2]) > FINE_M
    for kind, here, size in (("linden", lawns, 0.92), ("plane", ~lawns, 0.85)):
        _plant(batch, kind, _scattered(places[here & ~is_far], size, rng))
        _plant(batch, f"{kind}_far", _scattered(places[here & is_far], size, rng))
    avenue = [(sign * 14.6, z) for sign in (-1.0, 1.0) for z in np.arange(-112.0, -640.0, -12.5)]
    avenue += [(0.0, z) for z in np.arange(-118.0, -640.0, -22.0)]
    street = np.array([(x, 0.0, z + rng.uniform(-1, 1)) for x, z in avenue])
    _plant(batch, "linden_far", _scattered(street, 0.8, rng))
    beds = np.array([(x + dx, 0.35, z + dz) for x, z in LAWNS for dx in (-3.6, 3.6) for dz in (-7.5, -2.5, 2.5, 7.5)])
    _plant(batch, "shrub", _scattered(beds, 0.85, rng))


def _scattered(points_m: Float64, size: float, rng: np.random.Generator) -> Float32:
    """Places (k, 4, 4), each turned and sized by chance."""
    count = len(points_m)
    return placements(points_m, rng.uniform(0, 360, count), size * rng.uniform(0.86, 1.12, count))


def _plant(batch: Batch, kind: str, where: Float32) -> None:
    furnish(batch, f"plants/{kind}", where, SWAYS_M.get(kind, _TREE_SWAYS_M))
