"""What fades in the haze: the outer city, its high-rises, a church, and hills on the horizon."""

from __future__ import annotations

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import NO_BOTTOM, boxes, moved, prism
from environments.render.shapes_building import block_walls, gable_roofs
from environments.render.shapes_round import cylinder, lathe, loft
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.palette import PLASTER_TINTS
from environments.scenes.heights.plan import blocks

PITCH_M = 122.0
REACH_M = 2100.0


def add_skyline(batch: Batch, rng: np.random.Generator) -> None:
    """Everything far."""
    _add_outer_city(batch, rng)
    _add_high_rises(batch, rng)
    _add_church(batch, -84.0, -330.0)
    _add_palace(batch, -706.0)
    batch.add("hills", _hills(rng))


def _add_outer_city(batch: Batch, rng: np.random.Generator) -> None:
    xs, zs = np.meshgrid(np.arange(-REACH_M, REACH_M, PITCH_M), np.arange(-REACH_M, 700.0, PITCH_M * 0.8))
    spots = np.stack([xs.ravel(), zs.ravel()], 1) + rng.uniform(-6, 6, (xs.size, 2))
    away = np.hypot(spots[:, 0], spots[:, 1])
    taken = np.zeros(len(spots), bool)
    for block in blocks():
        inside = (spots[:, 0] > block.left_m - 36) & (spots[:, 0] < block.right_m + 36)
        taken |= inside & (spots[:, 1] > block.far_m - 32) & (spots[:, 1] < block.near_m + 32)
    near_tower = (np.abs(spots[:, 0]) < 90) & (spots[:, 1] > -120) & (spots[:, 1] < 120)
    avenue = (np.abs(spots[:, 0]) < 56) & (spots[:, 1] < 0) & (spots[:, 1] > -900)
    sparse = rng.random(len(spots)) < np.clip((away - 1200) / 1200, 0.0, 0.7)
    spots = spots[(away < REACH_M) & ~taken & ~near_tower & ~avenue & ~sparse]
    half = np.stack([rng.uniform(32, 53, len(spots)), rng.uniform(25, 41, len(spots))], 1)
    height = rng.uniform(10, 23, len(spots))
    lows = np.stack([spots[:, 0] - half[:, 0], np.full(len(spots), -2.0), spots[:, 1] - half[:, 1]], 1)
    highs = np.stack([spots[:, 0] + half[:, 0], height, spots[:, 1] + half[:, 1]], 1)
    tint = rng.integers(0, len(PLASTER_TINTS), len(spots))
    for index, name in enumerate(PLASTER_TINTS):
        chosen = tint == index
        batch.add(f"far facade {name}", block_walls(lows[chosen], highs[chosen]))
    roof = rng.choice(["red", "brown", "slate", "flat"], len(spots), p=[0.4, 0.25, 0.15, 0.2])
    for name in ("red", "brown", "slate"):
        chosen = roof == name
        top = highs[chosen] + np.stack(
            [np.zeros(chosen.sum()), rng.uniform(4, 7, chosen.sum()), np.zeros(chosen.sum())], 1
        )
        foot = lows[chosen].copy()
        foot[:, 1] = highs[chosen][:, 1]
        wide = half[chosen][:, 0] > half[chosen][:, 1]
        batch.add(f"far roof {name}", gable_roofs(foot, top, wide, 6.0))
    flat = roof == "flat"
    batch.add("far roof flat", boxes(lows[flat], highs[flat], ("top",)))


def _add_high_rises(batch: Batch, rng: np.random.Generator) -> None:
    spots = [
        (-560, -900, 34, 92),
        (-470, -980, 28, 70),
        (-640, -820, 30, 60),
        (380, -1150, 36, 118),
        (470, -1080, 26, 84),
        (900, -700, 30, 75),
        (-1150, -500, 34, 66),
        (640, -1500, 40, 104),
        (-200, -1650, 36, 88),
        (1300, -400, 34, 58),
        (250, -1250, 24, 66),
        (-820, -1350, 30, 95),
    ]
    for x, z, wide, high in spots:
        turn = rng.uniform(0.7, 1.3)
        low, top = (x - wide / 2, -2.0, z - wide * turn / 2), (x + wide / 2, float(high), z + wide * turn / 2)
        batch.add("facade glass", block_walls([low], [top]))
        batch.add("far roof flat", boxes([low], [top], ("top",)))
        crown_low, crown_top = (x - wide / 4, high, z - wide / 4), (x + wide / 4, high + 5.0, z + wide / 4)
        batch.add("far roof flat", boxes([crown_low], [crown_top], NO_BOTTOM))
    mast = cylinder(1.2, 34.0, 6, 0.2)
    batch.add("far roof flat", moved(mast, 380.0, 123.0, -1150.0))


def _add_church(batch: Batch, x: float, z: float) -> None:
    """A church with a copper spire: the eye's measure of height in the middle distance."""
    nave_low, nave_high = (x - 9.0, 0.0, z - 44.0), (x + 9.0, 17.0, z - 8.0)
    batch.add("stone", boxes([nave_low], [nave_high], NO_BOTTOM))
    batch.add("roof slate", gable_roofs([(x - 9.6, 17.0, z - 44.5)], [(x + 9.6, 28.0, z - 7.5)], [False]))
    half = 5.5
    batch.add("stone", boxes([(x - half, 0.0, z - 8.0)], [(x + half, 40.0, z + 3.0)], NO_BOTTOM))
    slits_low = [(x - 1.0, y, z + 3.0) for y in (10.0, 24.0)] + [(x + 2.2, 31.0, z + 3.0), (x - 3.6, 31.0, z + 3.0)]
    slits_high = [(px + (2.0 if py < 30 else 1.4), py + 5.5, pz + 0.06) for px, py, pz in slits_low]
    batch.add("pane", boxes(slits_low, slits_high, ("front",)))
    batch.add("cornice", boxes([(x - half - 0.4, 39.2, z - 8.4)], [(x + half + 0.4, 40.4, z + 3.4)]))
    octagon = lathe([(5.6, 0.0), (4.6, 3.0), (3.4, 7.0), (1.4, 20.0), (0.15, 31.0)], 8, 20.0)
    batch.add("copper", moved(octagon, x, 40.4, z - 2.5))
    batch.add("pavement", prism([(x - 14, z - 50), (x + 14, z - 50), (x + 14, z + 14), (x - 14, z + 14)], -0.1, 0.02))


def _add_palace(batch: Batch, z: float) -> None:
    """A domed palace that closes the boulevard."""
    lows = [(-48.0, -2.0, z - 18.0), (-15.0, -2.0, z - 22.0), (-11.0, 22.0, z - 18.0)]
    highs = [(48.0, 19.0, z), (15.0, 24.0, z + 5.0), (11.0, 30.0, z + 2.0)]
    batch.add("far facade cream", block_walls(lows[:2], highs[:2]))
    batch.add("far roof flat", boxes(lows[:2], highs[:2], ("top",)))
    batch.add("far facade white", block_walls(lows[2:], highs[2:]))
    dome = lathe([(10.5, 0.0), (10.2, 4.0), (8.4, 8.5), (5.2, 12.0), (1.6, 14.0), (1.4, 17.0), (0.1, 21.0)], 14, 60.0)
    batch.add("copper", moved(dome, 0.0, 30.0, z - 8.0))
    wings = [(-48.0, 19.0, z - 18.5), (15.0, 19.0, z - 18.5)]
    batch.add("far roof slate", gable_roofs(wings, [(-15.0, 26.0, z + 0.5), (48.0, 26.0, z + 0.5)], True, 5.0))


def _hills(rng: np.random.Generator) -> Mesh:
    """A ring of low hills, 4.6 km away."""
    around = 96
    turn = np.arange(around) * (2 * np.pi / around)
    waves = sum(rng.uniform(0.3, 1.0) * np.sin(turn * k + rng.uniform(0, 6.28)) / k**0.6 for k in (2, 3, 5, 8, 13, 21))
    crest = 110.0 + 62.0 * np.asarray(waves)
    rings = []
    for part, reach in ((0.0, 3600.0), (0.55, 4300.0), (1.0, 5000.0)):
        rings.append(np.stack([reach * np.sin(turn), -3.0 + crest * part, reach * np.cos(turn)], 1))
    return loft(np.stack(rings)[:, ::-1], capped=False, crease_deg=180.0)
