"""Trees (each also with few triangles for far away), a shrub and a clump of grass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from environments.assets.build.leaves import Foliage, bark_pictures, blade_picture, twig_picture
from environments.assets.build.mesh import Floats, Ints, Part, joined, unit
from environments.assets.build.paint import encoded
from environments.assets.build.static_file import Surface, write_static


@dataclass(frozen=True, slots=True)
class Tree:
    """How a tree grows; lengths in metres, `crown` is the half-axes of its ellipsoid of leaves."""

    height_m: float
    stem_m: float
    radius_m: float
    crown: tuple[float, float]
    boughs: int
    cards: int
    card_m: float
    foliage: Foliage
    bark: tuple[float, float, float]
    seed: int


_LINDEN = Foliage((0.14, 0.22, 0.08), (0.33, 0.42, 0.16), breadth=0.72)
_PLANE = Foliage((0.18, 0.25, 0.09), (0.40, 0.46, 0.19), length=0.19, breadth=0.85, lobes=2, count=56)
_BIRCH = Foliage((0.19, 0.27, 0.09), (0.42, 0.50, 0.19), length=0.10, breadth=0.75, count=95)
TREES = {
    "linden": Tree(9.0, 2.3, 0.17, (2.9, 3.5), 15, 800, 1.05, _LINDEN, (0.36, 0.32, 0.27), 5),
    "birch": Tree(11.0, 3.0, 0.13, (2.1, 3.9), 15, 700, 1.0, _BIRCH, (0.86, 0.85, 0.80), 12),
    "plane": Tree(11.5, 3.2, 0.21, (3.4, 4.4), 17, 900, 1.2, _PLANE, (0.52, 0.49, 0.40), 9),
}


def tube(line: Floats, radii: Floats, sides: int, turns: float) -> Part:
    """A bent tube along points (n, 3); its coordinates repeat `turns` times around and stay square along."""
    along = unit(np.gradient(line, axis=0))
    side = unit(np.cross(along, [0.31, 0.1, 0.95]))
    other = np.cross(side, along)
    angle = np.arange(sides) / sides * 2 * np.pi
    ring = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * other[:, None]
    points = line[:, None] + ring * radii[:, None, None]
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    down = -length / (2 * np.pi * radii[0]) * turns
    triangles, uv = [], []
    for k in range(len(line) - 1):
        for s in range(sides):
            n = (s + 1) % sides
            a, b, c, d = k * sides + s, k * sides + n, (k + 1) * sides + s, (k + 1) * sides + n
            u, v = s / sides * turns, (s + 1) / sides * turns
            triangles += [(a, c, b), (b, c, d)]
            uv += [((u, down[k]), (u, down[k + 1]), (v, down[k])), ((v, down[k]), (u, down[k + 1]), (v, down[k + 1]))]
    return Part(points.reshape(-1, 3), np.array(triangles, dtype=np.int64), np.array(uv))


def _bough(start: Floats, end: Floats, rng: np.random.Generator, pieces: int) -> Floats:
    """A bent line that leaves steeply and ends flat."""
    t = np.linspace(0, 1, pieces)[:, None]
    knee = (
        start * 0.45
        + end * 0.55
        + np.array([0, -0.12 * float(np.linalg.norm(end - start)), 0])
        + rng.normal(0, 0.10, 3)
    )
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * knee + t**2 * end)


def wood(tree: Tree, *, far: bool) -> tuple[Part, Floats]:
    """Stem, boughs and branches, and the places (n, 3) where leaves sit."""
    rng = np.random.default_rng(tree.seed)
    wide, tall = tree.crown
    middle = np.array([0, tree.height_m - tall, 0])
    stem_top = tree.height_m - 0.9
    t = np.linspace(0, 1, 4 if far else 11)
    stem = np.column_stack([0.16 * np.sin(3.1 * t + tree.seed), t * stem_top, 0.13 * np.sin(2.3 * t)])
    stem[0] = 0
    flare = 1 + 0.55 * np.exp(-t * stem_top / 0.35)
    parts = [tube(stem, tree.radius_m * (1 - 0.86 * t) * flare, 5 if far else 10, 2.0)]
    leaves: list[Floats] = []
    for k in range(tree.boughs):
        height = tree.stem_m + (stem_top - tree.stem_m) * (k / tree.boughs) ** 0.9
        start = np.array([np.interp(height, stem[:, 1], stem[:, c]) for c in range(3)])
        turn = 2.399963 * k + rng.normal(0, 0.25)
        rise = np.clip((height - tree.stem_m) / (stem_top - tree.stem_m), 0, 1)
        way = unit(np.array([np.cos(turn), 0.35 + 0.75 * rise, np.sin(turn)]))
        end = middle + unit((start - middle) * 0.5 + way * wide) * (wide, tall, wide) * rng.uniform(0.72, 0.88)
        line = _bough(start, end, rng, 3 if far else 6)
        thick = tree.radius_m * 0.46 * (1 - 0.55 * rise)
        if not far or k % 2 == 0:
            parts.append(tube(line, np.linspace(thick, 0.02, len(line)), 3 if far else 6, 1.0))
        parts += _branches(line, middle, (wide, tall), rng, leaves, far=far)
    shell = unit(rng.normal(0, 1, (len(leaves) // 2, 3))) * rng.uniform(0.6, 0.95, (len(leaves) // 2, 1))
    shell = shell[shell[:, 1] > -0.72] * (wide, tall, wide) + middle
    return joined(parts), np.concatenate([np.array(leaves), shell])


def _branches(
    line: Floats,
    middle: Floats,
    crown: tuple[float, float],
    rng: np.random.Generator,
    leaves: list[Floats],
    *,
    far: bool,
) -> list[Part]:
    parts = []
    wide, tall = crown
    for _ in range(5):
        at = rng.uniform(0.35, 1.0)
        row = min(int(at * (len(line) - 1)), len(line) - 2)
        start = line[row] + (line[row + 1] - line[row]) * (at * (len(line) - 1) - row)
        end = start + unit(rng.normal(0, 1, 3) + unit(start - middle) * 1.3) * rng.uniform(0.8, 1.5)
        out = np.linalg.norm((end - middle) / (wide, tall, wide))
        end = middle + (end - middle) / max(1.0, out)
        twig = _bough(start, end, rng, 3)
        if not far:
            parts.append(tube(twig, np.array([0.032, 0.02, 0.008]), 3, 1.0))
        leaves += [twig[1], twig[2], *(twig[1:] + rng.normal(0, 0.35, (2, 3)))]
    leaves.append(line[-1])
    return parts


def cards(places: Floats, size_m: float, middle: Floats, rng: np.random.Generator, count: int) -> Part:
    """Squares of foliage at places, their twigs pointing outward, lit as one round crown."""
    chosen = places[np.sort(rng.choice(len(places), count, replace=count > len(places)))]
    out = unit(chosen - middle + rng.normal(0, 0.5, chosen.shape))
    up = unit(out + rng.normal(0, 0.55, chosen.shape) + (0, 0.15, 0))
    side = unit(np.cross(up, rng.normal(0, 1, chosen.shape)))
    size = size_m * rng.uniform(0.75, 1.15, (count, 1))
    foot = chosen + rng.normal(0, 0.12, chosen.shape) - up * size * 0.35
    corners = np.stack(
        [
            foot - side * size / 2,
            foot + side * size / 2,
            foot + side * size / 2 + up * size,
            foot - side * size / 2 + up * size,
        ],
        1,
    )
    face = np.array([(0, 1, 2), (0, 2, 3)])
    uv = np.array([(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)])
    triangles: Ints = (face[None] + np.arange(count)[:, None, None] * 4).reshape(-1, 3)
    bent = unit(corners - middle + 0.6 * up[:, None]).reshape(-1, 3)
    part = Part(corners.reshape(-1, 3), triangles, np.tile(uv[face], (count, 1, 1)), bent=bent)
    return both_sides(part)


def both_sides(part: Part) -> Part:
    """Every triangle once for each side, both lit by the same normal: a card's back is not darker than its front."""
    back = replace(part, triangles=part.triangles[:, ::-1], uv=part.uv[:, ::-1])
    return joined([part, back])


def make_tree(name: str, folder: Path) -> None:
    """Write a tree and its far version."""
    tree = TREES[name]
    colour, relief = bark_pictures(512, tree.seed, tree.bark)
    middle = np.array([0, tree.height_m - tree.crown[1] * 1.15, 0])
    for far in (False, True):
        rng = np.random.default_rng(tree.seed + 1)
        stem, places = wood(tree, far=far)
        crown = cards(places, tree.card_m * (2.0 if far else 1.0), middle, rng, tree.cards // (5 if far else 1))
        size = 256 if far else 512
        leaf = Surface(
            f"{name}_leaves",
            encoded(twig_picture(tree.foliage, size, tree.seed)),
            roughness=1.0,
            cut_out=True,
            two_sided=False,
            repeat=False,
        )
        bark = Surface(
            f"{name}_bark",
            encoded(colour[:: 2 if far else 1, :: 2 if far else 1]),
            b"" if far else encoded(relief),
            roughness=0.95,
        )
        write_static(folder / "plants" / f"{name}{'_far' if far else ''}.glb", name, [(stem, bark), (crown, leaf)])


def make_shrub(folder: Path) -> None:
    """Write a rounded shrub of 1.3 m."""
    rng = np.random.default_rng(21)
    turn, rise = rng.uniform(0, 2 * np.pi, 150), rng.uniform(0.05, 1.0, 150)
    out = np.sqrt(1 - (rise * 0.9) ** 2) * rng.uniform(0.55, 1.0, 150)
    places = np.column_stack([np.cos(turn) * out * 0.72, 0.12 + rise * 0.95, np.sin(turn) * out * 0.72])
    foliage = Foliage((0.13, 0.20, 0.09), (0.30, 0.38, 0.17), length=0.12, breadth=0.5, count=95)
    leaf = Surface(
        "shrub_leaves",
        encoded(twig_picture(foliage, 512, 4)),
        roughness=1.0,
        cut_out=True,
        two_sided=False,
        repeat=False,
    )
    part = cards(places, 0.46, np.array([0, 0.25, 0]), rng, 150)
    part = replace(part, points=part.points * (1, 1, 1) - (0, float(part.points[:, 1].min()) + 0.2, 0))
    write_static(folder / "plants" / "shrub.glb", "shrub", [(part, leaf)])


def make_grass(folder: Path) -> None:
    """Write a clump of grass, 0.45 m high, of bent cards."""
    rng = np.random.default_rng(31)
    parts = []
    for k in range(11):
        turn, lean = np.pi * (k / 11 + rng.normal(0, 0.05)), rng.uniform(0.05, 0.18)
        side, out = np.array([np.cos(turn), 0, np.sin(turn)]), np.array([-np.sin(turn), 0, np.cos(turn)])
        centre = np.array([rng.normal(0, 0.07), 0, rng.normal(0, 0.07)])
        height, half = rng.uniform(0.32, 0.46), rng.uniform(0.14, 0.20)
        rows = [
            (t, centre + out * lean * t**2 * (1 if k % 2 else -1) + np.array([0, height * t, 0])) for t in (0, 0.5, 1)
        ]
        points = np.array([row + s * side * half for _, row in rows for s in (-1, 1)])
        uv = np.array([(u, 1 - t) for t, _ in rows for u in (0, 1)], dtype=np.float64)
        faces = np.array([(0, 1, 3), (0, 3, 2), (2, 3, 5), (2, 5, 4)])
        parts.append(Part(points, faces, uv[faces], bent=np.tile(unit(np.array([0, 1.0, 0.15])), (6, 1))))
    leaf = Surface("grass", encoded(blade_picture(512, 3)), roughness=1.0, cut_out=True, two_sided=False, repeat=False)
    write_static(folder / "plants" / "grass.glb", "grass", [(both_sides(joined(parts)), leaf)])


def make(folder: Path, only: str) -> None:
    """Write one of the plants."""
    if only in TREES:
        make_tree(only, folder)
    else:
        {"shrub": make_shrub, "grass": make_grass}[only](folder)
