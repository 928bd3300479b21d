"""A street: houses with deep windows, doors and shops."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from environments.assets.build.masonry import plaster, roofing, shop_inside, stone, timber, wall, window_pane
from environments.assets.build.mesh import Floats, Part, joined
from environments.assets.build.static_file import Surface, write_static

Box = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class House:
    """A house front: storeys above the ground floor, windows in a row, `brick` walls or plaster, and its colour."""

    storeys: int
    bays: int
    tone: tuple[float, float, float]
    brick: bool = False
    shop: bool = False
    bay_m: float = 2.2
    storey_m: float = 3.1
    ground_m: float = 3.6
    depth_m: float = 9.0
    seed: int = 1


HOUSES = {
    "house_ochre": House(3, 5, (0.80, 0.66, 0.44), seed=1),
    "house_brick": House(3, 4, (0.52, 0.27, 0.20), brick=True, shop=True, bay_m=2.4, seed=2),
    "house_white": House(4, 4, (0.83, 0.81, 0.76), shop=True, bay_m=2.3, seed=3),
    "house_grey": House(4, 6, (0.62, 0.60, 0.56), bay_m=2.0, seed=4),
    "house_rose": House(2, 4, (0.76, 0.56, 0.48), bay_m=2.4, seed=5),
}
_TILE_M = 2.0


def quad(corners: list[tuple[float, float, float]], scale_m: float = _TILE_M, whole: bool = False) -> Part:
    """A rectangle, counter-clockwise from its lower left; coordinates in tiles of `scale_m`, or 0–1 if `whole`."""
    points = np.array(corners)
    across, up = np.linalg.norm(points[1] - points[0]), np.linalg.norm(points[3] - points[0])
    u, v = (1.0, 1.0) if whole else (across / scale_m, up / scale_m)
    start = 0.0 if whole else float(points[0] @ (1, 0, 1)) / scale_m
    base = 1.0 if whole else -float(points[0][1]) / scale_m
    uv = np.array([(start, base), (start + u, base), (start + u, base - v), (start, base - v)])
    faces = np.array([(0, 1, 2), (0, 2, 3)])
    return Part(points, faces, uv[faces])


def block(box: Box, scale_m: float = _TILE_M) -> Part:
    """A box from (x, y, z) to (x, y, z); its hidden lower side is left out."""
    x, y, z, a, b, c = box
    return joined([
        quad([(x, y, c), (a, y, c), (a, b, c), (x, b, c)], scale_m),
        quad([(a, y, c), (a, y, z), (a, b, z), (a, b, c)], scale_m),
        quad([(a, y, z), (x, y, z), (x, b, z), (a, b, z)], scale_m),
        quad([(x, y, z), (x, y, c), (x, b, c), (x, b, z)], scale_m),
        quad([(x, b, c), (a, b, c), (a, b, z), (x, b, z)], scale_m),
        quad([(x, y, z), (a, y, z), (a, y, c), (x, y, c)], scale_m),
    ])  # fmt: skip


@dataclass(slots=True)
class Pieces:
    """What has been built so far, by material."""

    parts: dict[str, list[Part]]

    def add(self, name: str, *parts: Part) -> None:
        """More of a material."""
        self.parts.setdefault(name, []).extend(parts)


def _opening(pieces: Pieces, hole: tuple[float, float, float, float], inset_m: float) -> None:
    """The reveal of a hole (x, y, x, y) in the front at z = 0, and nothing behind it."""
    x, y, a, b = hole
    z = -inset_m
    pieces.add(
        "wall",
        quad([(x, y, 0), (x, y, z), (x, b, z), (x, b, 0)]),
        quad([(a, y, z), (a, y, 0), (a, b, 0), (a, b, z)]),
        quad([(x, b, z), (a, b, z), (a, b, 0), (x, b, 0)]),
        quad([(x, y, 0), (a, y, 0), (a, y, z), (x, y, z)]),
    )


def window(pieces: Pieces, hole: tuple[float, float, float, float]) -> None:
    """A casement window in its reveal, with surround, sill, frame and a bar."""
    x, y, a, b = hole
    z, f, mid = -0.20, 0.06, (x + a) / 2
    _opening(pieces, hole, 0.22)
    pieces.add("pane", quad([(x, y, z), (a, y, z), (a, b, z), (x, b, z)], whole=True))
    bars = [(x, y, x + f, b), (a - f, y, a, b), (x, b - f, a, b), (x, y, a, y + f), (mid - 0.04, y, mid + 0.04, b)]
    bars.append((x, b - (b - y) * 0.30, a, b - (b - y) * 0.30 + 0.045))
    pieces.add("timber", *(block((p, q, z, r, s, z + 0.055)) for p, q, r, s in bars))
    pieces.add("stone", block((x - 0.10, y - 0.09, -0.02, a + 0.10, y, 0.12)))
    pieces.add("stone", block((x - 0.13, y, -0.01, x, b, 0.035)), block((a, y, -0.01, a + 0.13, b, 0.035)))
    pieces.add("stone", block((x - 0.16, b, -0.01, a + 0.16, b + 0.17, 0.06)))


def door(pieces: Pieces, x: float) -> None:
    """A door of 0.9 by 2.0 m with panels, a light above it and a step."""
    hole = (x, 0.15, x + 1.02, 2.75)
    _opening(pieces, hole, 0.30)
    z = -0.28
    pieces.add("pane", quad([(x, 2.2, z), (x + 1.02, 2.2, z), (x + 1.02, 2.75, z), (x, 2.75, z)], whole=True))
    pieces.add("paint", block((x + 0.06, 0.15, z, x + 0.96, 2.15, z + 0.05)))
    for low, high in ((0.32, 0.92), (1.08, 1.98)):
        for left in (x + 0.16, x + 0.55):
            pieces.add("paint", block((left, low, z + 0.05, left + 0.31, high, z + 0.075)))
    frame = (
        (x, 0.15, x + 0.06, 2.75),
        (x + 0.96, 0.15, x + 1.02, 2.75),
        (x, 2.15, x + 1.02, 2.22),
        (x, 2.69, x + 1.02, 2.75),
    )
    pieces.add("timber", *(block((p, q, z, r, s, z + 0.09)) for p, q, r, s in frame))
    pieces.add("stone", block((x - 0.15, 0.0, -0.3, x + 1.17, 0.15, 0.32)))
    pieces.add(
        "stone", block((x - 0.16, 0.15, -0.01, x, 2.92, 0.05)), block((x + 1.02, 0.15, -0.01, x + 1.18, 2.92, 0.05))
    )
    pieces.add("stone", block((x - 0.24, 2.75, -0.01, x + 1.26, 2.98, 0.14)))
    pieces.add("metal", block((x + 0.86, 1.12, z + 0.05, x + 0.90, 1.24, z + 0.11)))


def shop(pieces: Pieces, x: float, a: float, top_m: float) -> None:
    """A shop front: stall riser, panes between posts, a fascia and a cornice."""
    hole = (x, 0.0, a, top_m)
    _opening(pieces, hole, 0.25)
    z, panes = -0.22, max(2, round((a - x) / 1.5))
    pieces.add("paint", block((x, 0.0, z, a, 0.55, z + 0.12)))
    pieces.add("shop", quad([(x, 0.55, z), (a, 0.55, z), (a, top_m - 0.55, z), (x, top_m - 0.55, z)], whole=True))
    for k in range(panes + 1):
        at = x + (a - x) * k / panes
        pieces.add("paint", block((max(x, at - 0.05), 0.55, z, min(a, at + 0.05), top_m - 0.55, z + 0.10)))
    pieces.add("paint", block((x, top_m - 0.55, z, a, top_m, 0.06)))
    pieces.add("paint", block((x - 0.08, top_m - 0.02, -0.05, a + 0.08, top_m + 0.10, 0.26)))


def _front(pieces: Pieces, holes: list[tuple[float, float, float, float]], width: float, height: float) -> None:
    """The front wall as rectangles around its holes."""
    xs = sorted({0.0, width, *(h[0] for h in holes), *(h[2] for h in holes)})
    ys = sorted({0.0, height, *(h[1] for h in holes), *(h[3] for h in holes)})
    for y, b in pairwise(ys):
        start = None
        for x, a in pairwise(xs):
            inside = any(h[0] <= x and a <= h[2] and h[1] <= y and b <= h[3] for h in holes)
            if not inside and start is None:
                start = x
            if start is not None and (inside or a == width):
                end = x if inside else a
                pieces.add("wall", quad([(start, y, 0), (end, y, 0), (end, b, 0), (start, b, 0)]))
                start = None


def house(spec: House) -> dict[str, Part]:
    """The pieces of a house by material; its front stands at z = 0, its middle at x = 0."""
    pieces = Pieces({})
    width, height = spec.bays * spec.bay_m, spec.ground_m + spec.storeys * spec.storey_m
    rows = [
        (spec.ground_m + k * spec.storey_m + 0.85, 1.62 if k < spec.storeys - 1 else 1.40) for k in range(spec.storeys)
    ]
    middles = [(k + 0.5) * spec.bay_m for k in range(spec.bays)]
    holes = [(m - 0.52, y, m + 0.52, y + tall) for y, tall in rows for m in middles]
    door_x = middles[-1] - 0.51
    if spec.shop:
        ground = [(0.35, 0.0, middles[-2] + 0.72, spec.ground_m - 0.45)]
        shop(pieces, *ground[0][::2], spec.ground_m - 0.45)
    else:
        ground = [(m - 0.52, 1.0, m + 0.52, 2.75) for m in middles[:-1]]
        for hole in ground:
            window(pieces, hole)
    door(pieces, door_x)
    for hole in holes:
        window(pieces, hole)
    _front(pieces, [*holes, *ground, (door_x, 0.15, door_x + 1.02, 2.75)], width, height)
    _shell(pieces, spec, width, height)
    shift: Floats = np.array([-width / 2, 0, 0])
    joined_parts = {name: joined(parts) for name, parts in pieces.parts.items()}
    return {n: Part(p.points + shift, p.triangles, p.uv) for n, p in joined_parts.items()}


def _shell(pieces: Pieces, spec: House, width: float, height: float) -> None:
    """Side and back walls, plinth, string course, cornice, roof and a rain pipe."""
    d = -spec.depth_m
    pieces.add("wall", quad([(width, 0, 0), (width, 0, d), (width, height, d), (width, height, 0)]))
    pieces.add("wall", quad([(0, 0, d), (0, 0, 0), (0, height, 0), (0, height, d)]))
    pieces.add("wall", quad([(width, 0, d), (0, 0, d), (0, height, d), (width, height, d)]))
    if not spec.shop:
        end = width - 1.9
        pieces.add("stone", block((0, 0, -0.02, end, 0.62, 0.06)))
    pieces.add("stone", block((0, spec.ground_m - 0.16, -0.02, width, spec.ground_m + 0.06, 0.09)))
    for low, high, out in ((-0.42, -0.22, 0.10), (-0.22, -0.10, 0.24), (-0.10, 0.06, 0.38)):
        pieces.add("stone", block((0, height + low, -0.05, width, height + high, out)))
    _roof(pieces, width, height, d)
    pieces.add("metal", block((0.10, 0.0, 0.02, 0.19, height - 0.40, 0.11)))


def _roof(pieces: Pieces, width: float, height: float, d: float) -> None:
    """Two slopes, gables and chimneys on a house whose back is at z = d."""
    ridge = height + 2.4
    pieces.add(
        "roof",
        quad(
            [
                (-0.02, height + 0.06, 0.36),
                (width + 0.02, height + 0.06, 0.36),
                (width + 0.02, ridge, d / 2),
                (-0.02, ridge, d / 2),
            ]
        ),
    )
    pieces.add(
        "roof",
        quad(
            [
                (width + 0.02, height, d - 0.3),
                (-0.02, height, d - 0.3),
                (-0.02, ridge, d / 2),
                (width + 0.02, ridge, d / 2),
            ]
        ),
    )
    for x, turn in ((0.0, 1), (width, -1)):
        triangle = [(x, height, d), (x, height, 0), (x, ridge, d / 2)][::turn]
        points = np.array(triangle)
        uv = points[:, [2, 1]] * (1, -1) / _TILE_M
        pieces.add("wall", Part(points, np.array([(0, 1, 2)]), uv[None]))
    for x in (0.7, width - 1.5):
        pieces.add("wall", block((x, height + 1.0, d / 2 - 0.4, x + 0.8, ridge + 0.9, d / 2 + 0.3)))
        pieces.add("stone", block((x - 0.06, ridge + 0.9, d / 2 - 0.46, x + 0.86, ridge + 1.02, d / 2 + 0.36)))


def make_house(name: str, folder: Path) -> None:
    """Write a house."""
    spec = HOUSES[name]
    rng = np.random.default_rng(spec.seed)
    paint = [(0.10, 0.20, 0.16), (0.30, 0.09, 0.08), (0.11, 0.15, 0.25), (0.22, 0.16, 0.11)][int(rng.integers(4))]
    pictures = {
        "wall": wall(spec.tone, spec.seed) if spec.brick else plaster(spec.tone, spec.seed),
        "stone": stone((0.70, 0.67, 0.61), spec.seed),
        "timber": timber((0.84, 0.83, 0.79)),
        "paint": timber(paint),
        "roof": roofing((0.42, 0.21, 0.15) if spec.seed % 2 else (0.25, 0.26, 0.28), spec.seed),
        "pane": window_pane(spec.seed),
        "shop": shop_inside(spec.seed),
    }
    surfaces = {n: Surface(n, *files) for n, files in pictures.items()}
    surfaces["metal"] = Surface("metal", tint=(0.16, 0.17, 0.17), roughness=0.5, metal=0.6)
    parts = house(spec)
    write_static(folder / "street" / f"{name}.glb", name, [(part, surfaces[n]) for n, part in sorted(parts.items())])


def make(folder: Path, only: str) -> None:
    """Write one of the houses."""
    make_house(only, folder)
