"""The houses round the square: models of the assets side by side, lit windows at dusk, awnings over the shops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.render.model import Float32
from environments.render.shapes import WALLS, Float64, quads, scaling, transform, translation
from environments.render.shapes_building import block_walls
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.facades import front_matrix
from environments.scenes.heights.furnishing import furnish
from environments.scenes.heights.parts import parts_of
from environments.scenes.heights.plan import STRIP_M, Building

SQUARE_M = 90.0
"""How large the squares are by which houses are culled."""
PANE, SHOP_PARTS, SHOP = 2, 8, 4
"""Which part of a house's file is its panes; those with a shop have so many parts, and its glass as part `SHOP`."""
_GLOWS_BEFORE_M = np.array((0.0, 0.0, 0.012))
LIT_0TO1, AWNINGS_0TO1 = 0.35, 0.7
_DEPTH_M = 9.0


@dataclass(frozen=True, slots=True)
class Model:
    """A house of the assets: its width, the height of its eaves, and the tint of its other walls."""

    name: str
    width_m: float
    eaves_m: float
    tint: str


MODELS = (
    Model("house_ochre", 11.0, 12.9, "ochre"),
    Model("house_brick", 9.6, 12.9, "rose"),
    Model("house_white", 9.2, 16.0, "white"),
    Model("house_grey", 12.0, 16.0, "grey"),
    Model("house_rose", 9.6, 9.8, "rose"),
)


def add_terraces(batch: Batch, houses: list[Building], rng: np.random.Generator) -> None:
    """Each house of the plan becomes one of the models, never the same as its neighbour."""
    places: dict[str, list[Float32]] = {model.name: [] for model in MODELS}
    before = -1
    for house in houses:
        matrix, width_m = front_matrix(house)
        before = min(
            rng.permutation([kind for kind in range(len(MODELS)) if kind != before])[:2].tolist(),
            key=lambda kind: abs(MODELS[kind].width_m - width_m),
        )
        model = MODELS[before]
        here = matrix @ translation(width_m / 2, 0.0, 0.0)
        place = np.asarray(here @ scaling(width_m / model.width_m, 1.0, STRIP_M / _DEPTH_M), np.float32)
        places[model.name].append(place)
        _add_other_walls(batch, model, here, width_m)
        _add_lights(batch, model, place, rng)
    for name, found in places.items():
        furnish(batch, f"street/{name}", np.array(found, np.float32).reshape(-1, 4, 4), square_m=SQUARE_M)


def _add_other_walls(batch: Batch, model: Model, here: Float32, wide_m: float) -> None:
    """Windows on the sides and at the back, a little outside the model's plain walls."""
    corners = np.array([(-wide_m / 2 - 0.02, 0.0, -STRIP_M - 0.02), (wide_m / 2 + 0.02, model.eaves_m, -0.05)])
    world = corners @ here[:3, :3].T + here[:3, 3]
    x, z = float(here[0, 2]), float(here[2, 2])
    front = {(1, 0): "right", (-1, 0): "left", (0, 1): "front", (0, -1): "back"}[(round(x), round(z))]
    walls = block_walls([world.min(0)], [world.max(0)])
    keep = np.repeat([side != front for side in WALLS], 2)
    batch.add(f"facade {model.tint}", type(walls)(walls.positions_m, walls.normals, walls.uvs_m, walls.indices[keep]))


def _add_lights(batch: Batch, model: Model, place: Float32, rng: np.random.Generator) -> None:
    parts = parts_of(f"street/{model.name}")
    panes = _quads_of(parts[PANE].mesh.positions_m)
    lit = panes[rng.random(len(panes)) < LIT_0TO1]
    if len(parts) == SHOP_PARTS:
        shop = _quads_of(parts[SHOP].mesh.positions_m)
        lit = np.concatenate([lit, shop])
        if rng.random() < AWNINGS_0TO1:
            _add_awning(batch, shop[0], place, int(rng.integers(3)))
    batch.add("window lit", transform(quads(lit + _GLOWS_BEFORE_M), place), group="lit")


def _quads_of(points_m: Float32) -> Float64:
    return points_m.reshape(-1, 4, 3).astype(np.float64)


def _add_awning(batch: Batch, shop: Float64, place: Float32, color: int) -> None:
    """A sloping sheet over a shop's window (4, 3), with a hanging edge."""
    left, right, top = shop[:, 0].min() - 0.1, shop[:, 0].max() + 0.1, shop[:, 1].max() + 0.32
    low, out = top - 0.65, 1.15
    sheet = [(left, low, out), (right, low, out), (right, top, 0.1), (left, top, 0.1)]
    edge = [(left, low - 0.22, out), (right, low - 0.22, out), (right, low, out), (left, low, out)]
    batch.add(f"awning {color}", transform(quads(np.array([sheet, edge, sheet[::-1]], float)), place))
