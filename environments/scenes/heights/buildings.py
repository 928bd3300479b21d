"""The houses' other walls, their roofs with chimneys, dormers and plant, and their courtyards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from environments.render.shapes import NO_BOTTOM, WALLS, Float64, boxes, placements
from environments.render.shapes_building import block_walls, flat_roofs, gable_roofs, pane
from environments.render.shapes_street import far_tree
from environments.scenes.heights.batch import Batch, by_squares
from environments.scenes.heights.facades import front_matrix
from environments.scenes.heights.palette import PLASTER_TINTS
from environments.scenes.heights.plan import BESIDE_M, FINE_M, KERB_M, Block, Building, blocks
from environments.scenes.heights.terraces import add_terraces

ROOF_DETAIL_M = 190.0
GREEN_M, GREEN_SQUARE_M = 400.0, 120.0
"""Blocks nearer than this have trees in their courtyards and streets, which are culled by such squares."""


def add_buildings(batch: Batch, houses: Sequence[Building], rng: np.random.Generator) -> None:
    """All houses of the plan."""
    add_terraces(batch, [house for house in houses if is_fine(house)], rng)
    houses = [house for house in houses if not is_fine(house)]
    _add_plain_walls(batch, houses)
    for roof in ("red", "brown", "slate"):
        _add_pitched(batch, [h for h in houses if h.roof == roof], roof, rng)
    _add_flat(batch, [h for h in houses if h.roof == "flat"], rng)
    _add_courtyards(batch, rng)


def is_fine(house: Building) -> bool:
    """Whether the house's street side looks at the square or the boulevard from near by: then it is a model."""
    if house.distance_m > FINE_M:
        return False
    matrix, width = front_matrix(house)
    middle = (matrix @ np.array([width / 2, 0.0, 0.0, 1.0]))[:3]
    outward = matrix[:3, 2]
    towards = np.array([0.0, 0.0, -20.0]) - middle
    near = float(np.hypot(middle[0], middle[2] + 45.0)) < 112.0
    return near and float(np.dot(outward, towards)) > 3.0


def _corners(houses: Sequence[Building]) -> tuple[Float64, Float64]:
    lows = np.array([(h.left_m, 0.0, h.far_m) for h in houses]).reshape(-1, 3)
    highs = np.array([(h.right_m, h.height_m, h.near_m) for h in houses]).reshape(-1, 3)
    return lows, highs


def _add_plain_walls(batch: Batch, houses: Sequence[Building]) -> None:
    for tint in PLASTER_TINTS:
        chosen = [h for h in houses if h.tint == tint]
        lows, highs = _corners(chosen)
        batch.add(f"facade {tint}", block_walls(lows, highs))


def _add_pitched(batch: Batch, houses: Sequence[Building], roof: str, rng: np.random.Generator) -> None:
    lows, highs = _corners(houses)
    along_x = np.array([h.ridge_along_x for h in houses])
    across = np.where(along_x, highs[:, 2] - lows[:, 2], highs[:, 0] - lows[:, 0])
    rise = across * rng.uniform(0.30, 0.46, len(houses))
    bottom, top = lows.copy(), highs.copy()
    bottom[:, 1], top[:, 1] = highs[:, 1] + 0.1, highs[:, 1] + rise
    eaves = np.where(along_x[:, None], [[0.0, 0.0, 0.45]], [[0.45, 0.0, 0.0]])
    batch.add(f"roof {roof}", gable_roofs(bottom - eaves, top + eaves, along_x))
    near = np.array([h.distance_m < ROOF_DETAIL_M for h in houses])
    for index in np.flatnonzero(near).tolist():
        _add_chimneys(batch, bottom[index], top[index], bool(along_x[index]), rng)
        if houses[index].distance_m < FINE_M:
            _add_dormers(batch, houses[index], bottom[index], float(rise[index]))


def _add_chimneys(batch: Batch, low: Float64, high: Float64, along_x: bool, rng: np.random.Generator) -> None:
    for end in (0.04, 0.96):
        if rng.random() < 0.3:
            continue
        part = 0.42 + 0.16 * float(rng.random())
        x = low[0] + (high[0] - low[0]) * (end if along_x else part)
        z = low[2] + (high[2] - low[2]) * (part if along_x else end)
        half = (0.35, 0.8) if along_x else (0.8, 0.35)
        foot, top = high[1] - 1.5, high[1] + 1.0
        batch.add("brick", boxes([(x - half[0], foot, z - half[1])], [(x + half[0], top, z + half[1])], NO_BOTTOM))
        pots = [
            (x + half[0] * 0.55 * s if not along_x else x, top, z + half[1] * 0.55 * s if along_x else z)
            for s in (-1, 1)
        ]
        low_pots = [(px - 0.14, py, pz - 0.14) for px, py, pz in pots]
        batch.add(
            "roof brown", boxes(low_pots, [(px + 0.28, py + 0.5, pz + 0.28) for px, py, pz in low_pots], NO_BOTTOM)
        )


def _add_dormers(batch: Batch, house: Building, low: Float64, rise_m: float) -> None:
    matrix, width = front_matrix(house)
    if rise_m < 4.0:
        return
    count = max(1, int(width / 4.5))
    turned = matrix[:3, :3]
    for x in (np.arange(count) + 0.5) * width / count:
        corners = np.array([(x - 0.75, low[1] + 0.45, -3.4), (x + 0.75, low[1] + 2.2, -0.75)])
        world = corners @ turned.T + matrix[:3, 3]
        body_low, body_high = world.min(0), world.max(0)
        batch.add(f"plaster {house.tint}", boxes(body_low, body_high, WALLS))
        cap_low, cap_high = body_low.copy(), body_high.copy()
        cap_low[1], cap_high[1] = body_high[1], body_high[1] + 0.75
        grow = np.array([0.15, 0.0, 0.15])
        batch.add(f"roof {house.roof}", gable_roofs(cap_low - grow, cap_high + grow, not house.ridge_along_x))
        glass = pane(1.0, 1.25, -0.02, 0.0)
        here = matrix.copy()
        here[:3, 3] = turned @ np.array([x - 0.5, low[1] + 0.75, -0.75]) + matrix[:3, 3]
        from_wall = glass.positions_m @ here[:3, :3].T + here[:3, 3]
        batch.add(
            "pane", type(glass)(from_wall.astype(np.float32), glass.normals @ turned.T, glass.uvs_m, glass.indices)
        )


def _add_flat(batch: Batch, houses: Sequence[Building], rng: np.random.Generator) -> None:
    lows, highs = _corners(houses)
    near = np.array([house.distance_m < ROOF_DETAIL_M for house in houses])
    batch.add("roof flat", flat_roofs(lows[near], highs[near], 0.8), boxes(lows[~near], highs[~near], ("top",)))
    for house, low, high in zip(houses, lows, highs, strict=True):
        if house.distance_m > ROOF_DETAIL_M:
            continue
        width, depth = high[0] - low[0], high[2] - low[2]
        x, z = low[0] + width * rng.uniform(0.2, 0.4), low[2] + depth * rng.uniform(0.3, 0.5)
        batch.add(f"plaster {house.tint}", boxes([(x, high[1], z)], [(x + 3.2, high[1] + 2.6, z + 2.6)], NO_BOTTOM))
        count = int(rng.integers(2, 5))
        spots = np.stack(
            [
                rng.uniform(low[0] + 1.5, high[0] - 3, count),
                np.full(count, high[1] + 0.15),
                rng.uniform(low[2] + 1.5, high[2] - 2.5, count),
            ],
            1,
        )
        batch.add("steel", boxes(spots, spots + rng.uniform((0.9, 0.7, 0.8), (2.0, 1.3, 1.4), (count, 3)), NO_BOTTOM))


def _add_courtyards(batch: Batch, rng: np.random.Generator) -> None:
    spots = []
    for block in blocks():
        inset = 1.0 if block.is_park else 12.0
        low = (block.left_m + inset, KERB_M - 0.1, block.far_m + inset)
        high = (block.right_m - inset, 0.06, block.near_m - inset)
        if high[0] - low[0] > 2.0:
            batch.add("grass", boxes([low], [high], ("top",)))
        if block.is_park or (block.distance_m < GREEN_M and high[0] - low[0] > 10.0):
            count = 26 if block.is_park else int(rng.integers(2, 6))
            xs = rng.uniform(low[0] + 3, high[0] - 3, count)
            zs = rng.uniform(low[2] + 3, high[2] - 3, count)
            spots.append(np.stack([xs, np.zeros(count), zs], 1))
        if block.distance_m < GREEN_M and rng.random() < 0.6:
            spots.append(_street_trees(block, rng))
    trees, places = far_tree(9.0, rng), np.concatenate(spots)
    where = placements(places, rng.uniform(0, 360, len(places)), rng.uniform(0.75, 1.3, len(places)))
    for near in by_squares(where, GREEN_SQUARE_M):
        batch.scatter("leaves far", trees.crown, near)
        batch.scatter("bark", trees.wood, near)


def _street_trees(block: Block, rng: np.random.Generator) -> Float64:
    """Trees (n, 3) on the pavements left and right of a block; those of the boulevard and the square are others'."""
    rows = [x for x in (block.left_m - 1.9, block.right_m + 1.9) if abs(x) > BESIDE_M + 10.0]
    along = np.arange(block.far_m + 4.0, block.near_m - 2.0, 11.0)
    spots = [(x, 0.0, z + rng.uniform(-1.5, 1.5)) for x in rows for z in along if rng.random() < 0.85]
    return np.array(spots, np.float64).reshape(-1, 3)
