"""Surfaces for meshes whose texture coordinates are metres: worn floor slabs and dressed stone, seen from near."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from environments.assets.build.mesh import Floats
from environments.assets.build.paint import encoded, layered, mix, normal_map, smoothstep
from environments.assets.build.static_file import Surface, write_static
from environments.assets.build.street import quad

TILE_M = 2.4
"""How many metres a picture spans before it repeats."""
_SIZE_PX = 1024
_PORES = (0.55, 0.9)


@dataclass(frozen=True, slots=True)
class Stone:
    """Blocks in rows: their number across and up a tile, the width of their joints, their colour and wear."""

    across: int
    up: int
    joint_m: float
    tone: tuple[float, float, float]
    joint: tuple[float, float, float]
    spread: float
    worn: float
    seed: int


SURFACES = {
    "floor_slabs": Stone(4, 4, 0.006, (0.71, 0.67, 0.61), (0.30, 0.28, 0.25), 0.13, 1.0, 3),
    "dressed_stone": Stone(3, 6, 0.005, (0.74, 0.69, 0.61), (0.52, 0.48, 0.42), 0.10, 0.35, 8),
}


def _hash(number: Floats) -> Floats:
    mixed = np.sin(number * 12.9898 + 4.1) * 43758.5453
    return np.asarray(mixed - np.floor(mixed))


def _pictures(stone: Stone) -> tuple[bytes, bytes, bytes]:
    """Colour, relief, and occlusion with roughness, as files."""
    y, x = (np.mgrid[0:_SIZE_PX, 0:_SIZE_PX] + 0.5) / _SIZE_PX

    def rough(cells: int, octaves: int, seed: int) -> Floats:
        return layered(np.stack([x * cells, y * cells], -1), stone.seed * 100 + seed, octaves, cells)

    row = np.floor(y * stone.up)
    shifted = (x * stone.across + 0.5 * (row % 2)) % stone.across
    u, v = shifted % 1, (y * stone.up) % 1
    edge_m = np.minimum(np.minimum(u, 1 - u) / stone.across, np.minimum(v, 1 - v) / stone.up) * TILE_M
    edge_m = edge_m + 0.0022 * rough(48, 3, 1)
    face = smoothstep(0.4 * stone.joint_m, 0.9 * stone.joint_m, edge_m)
    rim = smoothstep(0.018, 0.004, edge_m) * face
    number = np.floor(shifted) + row * 31.0 + stone.seed * 7.0
    shade, warmth = _hash(number) - 0.5, _hash(number + 400.0) - 0.5
    cloud, grain, veins = rough(5, 5, 2), rough(96, 3, 3), rough(9, 4, 4)
    pores = smoothstep(*_PORES, rough(72, 2, 5))
    trodden = stone.worn * smoothstep(-0.1, 0.6, rough(3, 3, 6))
    level = 1 + stone.spread * 2.0 * shade + 0.09 * cloud + 0.05 * grain - 0.20 * pores - 0.10 * trodden
    level = level - 0.10 * smoothstep(0.05, 0.0, np.abs(veins)) * stone.worn
    tint = np.stack([1 + 0.05 * warmth, np.ones_like(x), 1 - 0.07 * warmth], -1)
    colour = np.array(stone.tone) * level[..., None] * tint * (1 - 0.12 * rim)[..., None]
    colour = mix(np.array(stone.joint) * (1 + 0.15 * grain)[..., None], colour, face)
    height = 5.0 * face - 1.6 * rim - 1.6 * pores + 0.5 * grain + 1.5 * cloud + 1.2 * shade * face
    masks = np.stack([0.55 + 0.45 * face, 0.82 - 0.22 * trodden * face + 0.06 * grain + 0.1 * pores, 0 * x], -1)
    return (
        encoded(colour, quality=86),
        encoded(normal_map(height, wrap=True), quality=88),
        encoded(masks, quality=80),
    )


def make(folder: Path, only: str) -> None:
    """Write one of the surfaces, worn by one tile on the ground."""
    half = TILE_M / 2
    tile = quad([(-half, 0, half), (half, 0, half), (half, 0, -half), (-half, 0, -half)], whole=True)
    write_static(folder / "surfaces" / f"{only}.glb", only, [(tile, Surface(only, *_pictures(SURFACES[only])))])
