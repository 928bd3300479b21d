"""Mesh primitives of a street: cars, trees, lamp posts, benches.  Everything stands on y = 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import box, boxes, merge, mesh_of, moved, rotation, transform
from environments.render.shapes_building import triangles
from environments.render.shapes_round import cylinder, lathe, limb, loft, lump, tube


@dataclass(frozen=True, slots=True)
class Car:
    """A car 4.4 m long, driving towards +z: one mesh for each material."""

    body: Mesh
    glass: Mesh
    dark: Mesh
    lamps: Mesh


def car() -> Car:
    """A family car: painted body and roof, glass all round, tyres and trim, lamps."""
    lower = [
        (-2.2, 0.62, 0.42, 0.72),
        (-2.12, 0.80, 0.30, 0.88),
        (-1.6, 0.87, 0.24, 0.94),
        (0.0, 0.88, 0.22, 0.92),
        (1.0, 0.87, 0.24, 0.90),
        (1.75, 0.84, 0.26, 0.80),
        (2.12, 0.74, 0.30, 0.70),
        (2.2, 0.60, 0.40, 0.60),
    ]
    body = loft(np.stack([_section(ring, 0.12) for ring in lower]), crease_deg=45.0)
    cabin = [
        (-1.95, 0.66, 0.90, 0.94),
        (-1.35, 0.68, 0.90, 1.38),
        (-0.2, 0.68, 0.90, 1.44),
        (0.35, 0.66, 0.90, 1.38),
        (1.15, 0.70, 0.88, 0.92),
    ]
    glass = loft(np.stack([_section(ring, 0.02, lean=0.12) for ring in cabin]), crease_deg=30.0)
    roof = [(-1.38, 0.56, 1.36, 1.385), (-0.9, 0.58, 1.40, 1.445), (-0.2, 0.58, 1.42, 1.465), (0.36, 0.54, 1.36, 1.39)]
    top = loft(np.stack([_section(ring, 0.01) for ring in roof]), crease_deg=30.0)
    wheel = moved(transform(cylinder(0.33, 0.2, 8), rotation("z", 90.0)), 0.1, 0.33, 0.0)
    wheels = [moved(wheel, x, 0.0, z) for x in (-0.78, 0.78) for z in (-1.32, 1.36)]
    lamps = boxes([(-0.70, 0.52, 2.1), (0.42, 0.52, 2.1)], [(-0.42, 0.64, 2.19), (0.70, 0.64, 2.19)], ("front", "top"))
    return Car(merge((body, top)), glass, merge(wheels), lamps)


def _section(ring: tuple[float, float, float, float], round_m: float, lean: float = 0.0) -> list[list[float]]:
    """A rounded cross-section (z, half width, bottom, top) of a body, counter-clockwise seen from the front."""
    z_m, half_m, low_m, high_m = ring
    upper, r = half_m - lean * (high_m - low_m) / 0.5, min(round_m, (high_m - low_m) / 2.2)
    outline = [
        (-half_m + r, low_m),
        (half_m - r, low_m),
        (half_m, low_m + r),
        (upper, high_m - r),
        (upper - r, high_m),
        (-upper + r, high_m),
        (-upper, high_m - r),
        (-half_m, low_m + r),
    ]
    return [[x, y, z_m] for x, y in outline]


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree: trunk with branches, and its crown."""

    wood: Mesh
    crown: Mesh


def tree(height_m: float, rng: np.random.Generator, lumps: int = 7, finer: int = 1) -> Tree:
    """A broad-leaved street tree; more lumps make a fuller crown."""
    fork = height_m * 0.36
    radius = height_m * 0.26
    wood = [limb((0.0, -0.1, 0.0), (0.0, fork, 0.0), (height_m * 0.024, height_m * 0.014), 6)]
    crowns = []
    for index in range(lumps):
        turn = index * 2.399 + float(rng.uniform(-0.3, 0.3))
        out = 0.0 if index == 0 else radius * float(rng.uniform(0.45, 0.72))
        rise = height_m * (0.78 if index == 0 else float(rng.uniform(0.46, 0.74)))
        center = (out * float(np.cos(turn)), rise, out * float(np.sin(turn)))
        size = radius * float(rng.uniform(0.50, 0.68))
        if 0 < index < 4:
            wood.append(limb((0.0, fork * 0.9, 0.0), center, (height_m * 0.009, height_m * 0.003), 4))
        crowns.append(moved(lump((size, size * 0.82, size), 0.16, rng, finer), *center))
    return Tree(merge(wood), _rounded_crown(merge(crowns), height_m * 0.58))


def _rounded_crown(crown: Mesh, center_m: float) -> Mesh:
    """The crown with normals leaning outward from its middle, so that it is lit as one body."""
    outward = crown.positions_m - np.array([0.0, center_m, 0.0], np.float32)
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-6)
    mixed = crown.normals + outward * 0.8
    mixed /= np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-6)
    return mesh_of(crown.positions_m, mixed, crown.uvs_m, crown.indices)


def leaf_cards(crown: Mesh, count: int, size_m: float, rng: np.random.Generator) -> Mesh:
    """Small leaf clusters (one triangle each) on the surface of a crown, so that its outline is not smooth."""
    corners = crown.positions_m[crown.indices[rng.integers(0, len(crown.indices), count)]].astype(np.float64)
    middle = corners.mean(1)
    way = middle - crown.positions_m.mean(0)
    way += rng.normal(0.0, 0.35, (count, 3)) * np.linalg.norm(way, axis=1, keepdims=True)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    side = np.cross(way, rng.normal(size=(count, 3)))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    size = size_m * rng.uniform(0.6, 1.2, (count, 1))
    base = middle - way * size * 0.35
    flat = triangles(np.stack([base - side * size * 0.6, base + side * size * 0.6, base + way * size], 1))
    return mesh_of(flat.positions_m, np.repeat(way, 3, axis=0), flat.uvs_m, flat.indices)


def far_tree(height_m: float, rng: np.random.Generator) -> Tree:
    """A tree in few triangles, for avenues and courtyards."""
    trunk = cylinder(height_m * 0.025, height_m * 0.45, 5)
    size = (height_m * 0.25, height_m * 0.30, height_m * 0.25)
    crown = moved(lump(size, 0.28, rng), 0.0, height_m * 0.66, 0.0)
    return Tree(trunk, _rounded_crown(crown, height_m * 0.5))


def lamp_post(height_m: float = 5.2) -> tuple[Mesh, Mesh]:
    """A classic street lamp: post with its lantern's frame, and the lantern's glass."""
    h = height_m
    post = lathe([(0.17, 0.0), (0.15, 0.3), (0.06, 0.5), (0.045, h - 0.75), (0.10, h - 0.68), (0.05, h - 0.6)], 6)
    hood = moved(lathe([(0.26, 0.0), (0.19, 0.1), (0.03, 0.3)], 6), 0.0, h - 0.12, 0.0)
    glass = moved(lathe([(0.11, 0.0), (0.2, 0.48)], 6), 0.0, h - 0.6, 0.0)
    return merge((post, hood)), glass


def bench(length_m: float = 1.8) -> tuple[Mesh, Mesh]:
    """A park bench facing +z: wooden slats, and its iron sides."""
    half = length_m / 2
    slats = [box((length_m, 0.035, 0.09), (0.0, 0.45, 0.02 + 0.11 * i)) for i in range(4)]
    slats += [box((length_m, 0.09, 0.03), (0.0, 0.58 + 0.13 * i, -0.10 - 0.03 * i)) for i in range(3)]
    sides = []
    for x in (-half + 0.15, half - 0.15):
        leg = [(x, 0.0, 0.34), (x, 0.42, 0.36), (x, 0.42, -0.04), (x, 0.88, -0.16)]
        sides += [tube(leg, 0.022, 4), tube([(x, 0.0, -0.10), (x, 0.43, -0.03)], 0.022, 4)]
    return merge(slats), merge(sides)
