"""What grows around the lake: spruces and birches, reeds in the shallows, grass on the meadow, by season."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from environments.gltf.problems import GltfError
from environments.render.model import Float32, Item, Material, Mesh
from environments.render.shapes import Float64, mesh_of, placements
from environments.scenes.forest_lake.ground import ground_height, inland_m
from environments.scenes.planting import plants

NEAR_M = 28.0
"""Trees farther than this have few triangles."""
LEAVES = {"spring": (1.30, 1.32, 0.55), "summer": (0.85, 0.95, 0.80), "autumn": (2.3, 1.05, 0.28)}
FROST = (4.2, 3.4, 5.6)
FIR = ((2.2, 0.6, 8.0), (1.5, 5.0, 13.0))
"""Radius, height of the rim and of the top of the two cones of a far tree."""
FAR_WOODS = {
    "green": Material((0.035, 0.052, 0.024), 0.95, pattern="foliage", pattern_scale_m=3.0),
    "winter": Material((0.30, 0.33, 0.37), 0.95, pattern="foliage", pattern_scale_m=3.0),
}


def woods(seed: int) -> list[Item]:
    """All of it; a kind whose file cannot be read is left out."""
    rng = np.random.default_rng([seed, 51])
    items: list[Item] = []
    spruces, birches = _tree_places(rng, seed)
    for kind, spots, size in (("spruce", spruces, 1.0), ("birch", birches, 0.85)):
        is_near = np.hypot(spots[:, 0], spots[:, 2]) < NEAR_M
        for name, chosen in ((kind, spots[is_near]), (f"{kind}_far", spots[~is_near])):
            where = placements(chosen, rng.uniform(0, 360, len(chosen)), size * rng.uniform(0.62, 1.18, len(chosen)))
            items += _seasonal(kind, name, where)
    items += _reeds_and_grass(rng, seed)
    return items + _far_woods(rng, seed)


def _seasonal(kind: str, name: str, where: Float32) -> list[Item]:
    if kind == "spruce":
        return _grown(name, where, 0.30, (1.0, 1.0, 1.0), "green") + _grown(name, where, 0.22, FROST, "winter")
    found = []
    for season, tint in LEAVES.items():
        found += [one for one in _grown(name, where, 0.40, tint, season) if one.material.alpha_cutoff > 0.0]
    bare = [one for one in _grown(name, where, 0.40, (1.0, 1.0, 1.0), "static") if one.material.alpha_cutoff == 0.0]
    return found + bare


def _grown(name: str, where: Float32, sways_m: float, tint: tuple[float, float, float], group: str) -> list[Item]:
    try:
        found = plants(name, where, sways_m, tint)
    except GltfError:
        return []
    return [replace(one, name=f"{group} {one.name}", group=group) for one in found]


def _tree_places(rng: np.random.Generator, seed: int) -> tuple[Float64, Float64]:
    """Places of spruces and of birches: a wall of spruce around the lake, birches along the water."""
    x, z = rng.uniform(-125.0, 125.0, 5200), rng.uniform(-185.0, 48.0, 5200)
    inland = inland_m(x, z, seed)
    meadow = (x < -14.0) & (x > -60.0) & (z < -16.0) & (z > -44.0)
    clear = (np.hypot(x, z + 1.0) > 8.0) & (inland > 3.5) & (inland < 34.0) & ~(meadow & (inland < 12.0))
    clear &= ~((np.abs(x) < 4.0) & (z < 26.0))
    spots = np.stack([x, ground_height(x, z, seed) - 0.12, z], axis=-1)[clear]
    inland = inland[clear]
    is_birch = rng.random(len(spots)) < np.where(inland < 9.0, 0.42, 0.06)
    spots, is_birch = _apart(spots, is_birch, 2.6)
    lone = np.array([[-24.5, 0.0, -27.5], [-31.0, 0.0, -29.0], [11.0, 0.0, 6.2], [-11.0, 0.0, 5.6]])
    lone[:, 1] = ground_height(lone[:, 0], lone[:, 2], seed) - 0.1
    return spots[~is_birch][:380], np.concatenate([lone, spots[is_birch][:150]])


def _apart(spots: Float64, is_birch: np.ndarray, least_m: float) -> tuple[Float64, np.ndarray]:
    """Only the first in each square of a grid: trees do not stand in each other."""
    cells = np.floor(spots[:, [0, 2]] / least_m).astype(np.int64)
    first = np.sort(np.unique(cells, axis=0, return_index=True)[1])
    return spots[first], is_birch[first]


def _reeds_and_grass(rng: np.random.Generator, seed: int) -> list[Item]:
    """Reeds in the shallows and grass behind them; the deer keep the way to where they drink open to the eye."""
    x, z = rng.uniform(-60.0, 60.0, 9000), rng.uniform(-60.0, 8.0, 9000)
    inland = inland_m(x, z, seed)
    height = ground_height(x, z, seed)
    beds = np.sin(x * 0.21 + 1.0) + np.sin(z * 0.33 + 0.4 * x) > 0.35
    at_jetty = (np.abs(x) < 2.6) & (z > -4.5)
    turn_deg, away_m = np.degrees(np.arctan2(x, -z)), np.hypot(x, z)
    trodden = (np.abs(turn_deg + 46.0) < 10.0) & (away_m < 34.0)
    wet = (inland > -2.6) & (inland < -0.1) & beds & ~at_jetty & ~trodden
    reeds = np.stack([x, height, z], axis=-1)[wet][:330]
    dry = (inland > 0.9) & (inland < 9.0) & (away_m < 46.0) & (np.abs(x) > 1.6) & ~trodden
    grass = np.stack([x, height - 0.06, z], axis=-1)[dry][:330]
    items = []
    for spots, name, sways_m, low, high in ((reeds, "reeds", 0.16, 0.75, 1.2), (grass, "grass", 0.08, 0.7, 1.5)):
        where = placements(spots, rng.uniform(0, 360, len(spots)), rng.uniform(low, high, len(spots)))
        items += _grown(name, where, sways_m, (0.72, 0.92, 0.55), "lush")
        items += _grown(name, where, sways_m, (1.05, 0.82, 0.50), "dry")
    return items


def _far_woods(rng: np.random.Generator, seed: int) -> list[Item]:
    """The woods of the hills: a cone for each tree."""
    turn, away = rng.uniform(0.0, 2.0 * math.pi, 5200), 62.0 + 330.0 * rng.random(5200) ** 0.8
    x, z = away * np.sin(turn), -62.0 - away * np.cos(turn)
    inland = inland_m(x, z, seed)
    chosen = (inland > 26.0) & (np.hypot(x, z) > 95.0) & (z < 10.0)
    spots = np.stack([x, ground_height(x, z, seed) - 0.8, z], axis=-1)[chosen][:1700]
    where = placements(spots, rng.uniform(0, 360, len(spots)), rng.uniform(0.75, 1.3, len(spots)))
    mesh = _fir()
    return [Item(f"far woods {group}", mesh, paint, where, group) for group, paint in FAR_WOODS.items()]


def _fir(around: int = 7) -> Mesh:
    """A far tree of as few triangles as can be."""
    turn = np.arange(around) * 2.0 * math.pi / around
    positions: list[Float64] = []
    triangles = []
    for number, (radius_m, rim_m, top_m) in enumerate(FIR):
        first = number * (around + 1)
        rim = np.stack([radius_m * np.sin(turn), np.full(around, rim_m), radius_m * np.cos(turn)], axis=-1)
        positions.append(np.concatenate([rim, [[0.0, top_m, 0.0]]]))
        left = np.arange(around)
        triangles.append(first + np.stack([left, (left + 1) % around, np.full(around, around)], axis=-1))
    points = np.concatenate(positions)
    normals = points * (1.0, 0.0, 1.0) + (0.0, 0.6, 0.0)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return mesh_of(points, normals, points[:, [0, 1]], np.concatenate(triangles))
