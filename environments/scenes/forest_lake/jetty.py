"""The jetty that the patient sits on, and what lies about it."""

from __future__ import annotations

import numpy as np

from environments.render.model import Item, Material, Mesh
from environments.render.shapes import boxes, merge, moved
from environments.render.shapes_round import cylinder, lump
from environments.scenes.forest_lake.ground import LEVEL_M, ground_height

BOARDS = Material((0.27, 0.215, 0.165), 0.86, pattern="wood", pattern_scale_m=0.14)
POSTS = Material((0.17, 0.135, 0.105), 0.88, pattern="wood", pattern_scale_m=0.09)
STONE = Material((0.16, 0.155, 0.145), 0.9, pattern="rock", pattern_scale_m=0.6)
WIDE_M, FROM_Z_M, TO_Z_M = 2.2, 6.6, -2.3
_BOARD_M, _GAP_M = 0.14, 0.010


def jetty(seed: int) -> list[Item]:
    """Boards, beams, posts, and stones along the bank."""
    unit = np.eye(4, dtype=np.float32)[None]
    stones = [Item("bank stones", _stones(seed), STONE, unit)]
    return [Item("jetty boards", _boards(seed), BOARDS, unit), Item("jetty posts", _posts(), POSTS, unit), *stones]


def _boards(seed: int) -> Mesh:
    """Boards across, each a little off; texture coordinates run with the grain along v."""
    rng = np.random.default_rng([seed, 61])
    z = np.arange(TO_Z_M, FROM_Z_M, _BOARD_M + _GAP_M)
    count = len(z)
    off, lift = rng.normal(0.0, 0.012, (count, 2)), rng.normal(0.0, 0.0022, count)
    lows = np.stack([-WIDE_M / 2 + off[:, 0], lift - 0.04, z], axis=-1)
    highs = np.stack([WIDE_M / 2 + off[:, 1], lift, z + _BOARD_M], axis=-1)
    mesh = boxes(lows, highs)
    part = (np.arange(len(mesh.positions_m)) // (len(mesh.positions_m) // count)).astype(np.float64)
    x, _, deep = mesh.positions_m.T.astype(np.float64)
    uvs = np.stack([part * 0.14 + (deep - z[part.astype(int)]) * 0.98 + 0.0014, x + part * 3.7], axis=-1)
    return Mesh(mesh.positions_m, mesh.normals, uvs.astype(np.float32), mesh.indices)


def _posts() -> Mesh:
    beams = boxes(
        [(-WIDE_M / 2 + 0.10, -0.20, TO_Z_M + 0.05), (WIDE_M / 2 - 0.22, -0.20, TO_Z_M + 0.05)],
        [(-WIDE_M / 2 + 0.22, -0.045, FROM_Z_M), (WIDE_M / 2 - 0.10, -0.045, FROM_Z_M)],
    )
    posts = [
        moved(cylinder(0.085, 3.2 + top, 12), side * (WIDE_M / 2 + 0.06), -3.2, at)
        for side in (-1.0, 1.0)
        for at, top in ((TO_Z_M + 0.15, 0.42), (1.2, -0.05), (4.4, -0.05))
    ]
    return merge([beams, *posts])


def _stones(seed: int) -> Mesh:
    rng = np.random.default_rng([seed, 62])
    found = []
    for x, z, size in (
        (-3.4, 1.9, 0.55), (-4.3, 2.3, 0.8), (-2.5, 2.9, 0.3), (3.2, 2.2, 0.6), (5.0, 1.2, 0.95), (4.2, 2.7, 0.4),
        (7.5, 0.2, 0.7), (-7.8, 1.0, 1.0), (-9.4, -0.3, 0.6), (11.5, -1.6, 1.2),
    ):  # fmt: skip
        shape = lump((size, 0.6 * size, 0.85 * size), 0.16, rng, 2)
        height = float(ground_height(np.array([x]), np.array([z]), seed)[0])
        found.append(moved(shape, x, max(height, LEVEL_M - 0.2) + 0.1 * size, z))
    return merge(found)
