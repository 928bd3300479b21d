"""The canyon as meshes, segment by segment; each is built at its place in the first period."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from environments.render.model import Float32, Item, Material, Mesh
from environments.scenes.snow import canyon
from environments.scenes.snow.canyon import Array
from environments.scenes.snow.palette import BED, ICE, RIVER, SNOW

BED_M = -4.4
_STEP_M, _UP, _ACROSS = 0.9, 46, 26


def segment_items(seed: int) -> list[Item]:
    """Walls, banks and river of every segment, each segment in a group of its own."""
    found = []
    still = np.eye(4, dtype=np.float32)[None]
    for number in range(canyon.SEGMENTS):
        pieces = _pieces(number, seed)
        found += [Item(f"{name} {number}", mesh, look, still, group_of(number)) for name, mesh, look in pieces]
    return found


def far_items() -> list[Item]:
    """What goes with the sledge: the dark water far below the ice, and ice where the segments end."""
    s, part = np.meshgrid(np.linspace(-150.0, 700.0, 9), np.linspace(-1.0, 1.0, 9), indexing="ij")
    mesh = _sheet(partial(_level, half_m=220.0, y_m=BED_M), s, part, 1.0)
    still = np.eye(4, dtype=np.float32)[None]
    found = [Item("bed", mesh, BED, still, "bed")]
    for name, near_m, far_m in (("ice ahead", 178.0, 900.0), ("ice behind", -62.0, -600.0)):
        s, part = np.meshgrid(
            np.linspace(min(near_m, far_m), max(near_m, far_m), 9), np.linspace(-1.0, 1.0, 5), indexing="ij"
        )
        found.append(Item(name, _sheet(partial(_level, half_m=60.0, y_m=-0.04), s, part, 1.0), RIVER, still, "bed"))
    return found


def group_of(number: int) -> str:
    """The group of a segment."""
    return f"segment {number}"


def segment_moves(gone_m: float) -> dict[str, Float32]:
    """Where the segments are for somebody `gone_m` along the way: two behind, the others ahead."""
    moves = _at(int((gone_m + 3.0 * canyon.SEGMENT_M) // canyon.SEGMENT_M))
    with_us = np.eye(4, dtype=np.float32)
    with_us[2, 3] = -gone_m
    return moves | {"bed": with_us[None]}


@lru_cache(maxsize=4)
def _at(farthest: int) -> dict[str, Float32]:
    """Where the segments are when the farthest one ahead is the so-many-th of the way."""
    moves = {}
    for number in range(canyon.SEGMENTS):
        matrix = np.eye(4, dtype=np.float32)
        matrix[2, 3] = -((farthest - number) // canyon.SEGMENTS) * canyon.PERIOD_M
        moves[group_of(number)] = matrix[None]
    return moves


def _pieces(number: int, seed: int) -> list[tuple[str, Mesh, Material]]:
    start = number * canyon.SEGMENT_M
    s = start + np.linspace(0.0, canyon.SEGMENT_M, round(canyon.SEGMENT_M / _STEP_M) + 1)
    found: list[tuple[str, Mesh, Material]] = []
    for side, name in ((-1.0, "left"), (1.0, "right")):
        rows = s[:, None] + np.zeros(_UP)
        parts = np.broadcast_to(np.linspace(0.0, 1.0, _UP), rows.shape)
        found.append(
            (f"{name} wall", _sheet(partial(canyon.wall_points, side=side, seed=seed), rows, parts, side), ICE)
        )
        across = np.broadcast_to(np.linspace(0.0, 1.0, _ACROSS) ** 1.4, (len(s), _ACROSS))
        found.append(
            (
                f"{name} bank",
                _sheet(partial(_bank, side=side, seed=seed), s[:, None] + 0.0 * across, across, side),
                SNOW,
            )
        )
    wide = np.broadcast_to(np.linspace(-1.0, 1.0, 9), (17, 9))
    flat = np.linspace(s[0], s[-1], 17)[:, None] + 0.0 * wide
    return [*found, ("river", _sheet(partial(_level, half_m=6.0, y_m=0.0), flat, wide, 1.0), RIVER)]


def _bank(s: Array, part: Array, side: float, seed: int) -> Array:
    inner = canyon.river_middle_m(s, seed) + side * (canyon.shore_m(s, side, seed) - 0.25)
    x = inner + part * (canyon.foot_m(s, side, seed) + side * 2.0 - inner)
    return np.stack([x, canyon.bank_y_m(x, s, seed), -s], axis=-1)


def _level(s: Array, part: Array, half_m: float, y_m: float) -> Array:
    return np.stack([part * half_m, np.full(s.shape, y_m), -s], axis=-1)


def _sheet(place: Callable[[Array, Array], Array], s: Array, part: Array, side: float) -> Mesh:
    """A grid of places with normals from its own slopes, which meet those of the next segment."""
    ends = 2.0 * s[:1] - s[1:2], 2.0 * s[-1:] - s[-2:-1]
    wide = place(np.concatenate([ends[0], s, ends[1]]), np.concatenate([part[:1], part, part[-1:]]))
    points = wide[1:-1]
    along = wide[2:] - wide[:-2]
    up = np.gradient(points, axis=1)
    normals = np.cross(up, along) * side
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    normals = normals / np.maximum(length, 1e-9)
    rows, columns = s.shape
    corner = np.arange((rows - 1) * columns).reshape(rows - 1, columns)[:, :-1].reshape(-1)
    first = np.stack([corner, corner + 1, corner + columns], -1)
    second = np.stack([corner + 1, corner + columns + 1, corner + columns], -1)
    triangles = np.concatenate([first, second])
    if side > 0.0:
        triangles = triangles[:, ::-1]
    uvs = np.stack([points[..., 0], points[..., 2]], -1)
    return Mesh(
        points.reshape(-1, 3).astype(np.float32),
        normals.reshape(-1, 3).astype(np.float32),
        uvs.reshape(-1, 2).astype(np.float32),
        triangles.astype(np.uint32),
    )
