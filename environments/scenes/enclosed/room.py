"""What stands in the lift and in the scanner room: the assets by groups, soft shade in the corners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

import environments
from environments.gltf.load import load_gltf
from environments.render.model import Float32, Item, Material, Mesh, Picture, SurfaceMaps
from environments.render.shapes import translation

ROOMS = Path(environments.__file__).parent / "assets" / "rooms"
HIGH_M, FRONT_M, BACK_M = 2.30, -1.10, 0.75
TUBE_M = 0.35
SILL_M, LEAF_M, RISE_M = -1.25, 0.455, 1.2
"""Where the landing begins, how far a leaf of the door goes, how far off a floor a stopped lift stands."""
SLAB_M, SHAFT_TOP_M = 0.32, 2.6
SHADE_M, SHADE_0TO1 = 0.32, 0.42
"""How far shade reaches out of a corner, and how dark it is there."""
LIFT_GROUPS = ("cabin", "left", "right", "leaf_left", "leaf_right", "landing", "shaft", "lift signal")
SCANNER_GROUPS = ("room", "housing", "tube", "table", "scanner signal")


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """Everything that stands still or is moved as a whole, in groups by the nodes of the files."""
    found = [*_items_of("tight_lift"), *_items_of("tight_scanner")]
    return (*found, *_corner_shade("left", 1.0), *_corner_shade("right", -1.0))


def _items_of(name: str) -> list[Item]:
    content = load_gltf(ROOMS / f"{name}.glb")
    found = []
    for placed in content.placed:
        group = content.nodes.names[int(placed.nodes[0])]
        found.append(replace(placed.item, name=group, group=group))
    return found


@dataclass(frozen=True, slots=True)
class _Corner:
    """A strip along a corner: from, to (3,), and the way (3,) in which its shade ends; its front is `front` (3,)."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    out: tuple[float, float, float]
    front: tuple[float, float, float]


def _corner_shade(group: str, inwards: float) -> list[Item]:
    """What a side wall takes from the light on floor, ceiling, front and back, moved along with it."""
    low, high, front, back = 0.004, HIGH_M - 0.014, FRONT_M + 0.013, BACK_M - 0.014
    out = (inwards, 0.0, 0.0)
    corners = (
        _Corner((0, low, front), (0, low, back), out, (0, 1, 0)),
        _Corner((0, high, front), (0, high, back), out, (0, -1, 0)),
        _Corner((0, low, back), (0, high, back), out, (0, 0, -1)),
        _Corner((0, low, front), (0, high, front), out, (0, 0, 1)),
    )
    material = Material((0.0, 0.0, 0.0), roughness=1.0, opacity=0.99, casts_shadow=False, maps=_falling())
    return [Item(f"{group} shade", _strip(corner), material, translation(0, 0, 0)[None], group) for corner in corners]


def _strip(corner: _Corner) -> Mesh:
    start, end, out = (np.array(way, np.float64) for way in (corner.start, corner.end, corner.out))
    points = np.stack([start, end, end + SHADE_M * out, start + SHADE_M * out])
    uvs = np.array([(0.0, 0.5), (0.0, 0.5), (1.0, 0.5), (1.0, 0.5)], np.float32)
    faces = np.array([(0, 1, 2), (0, 2, 3)], np.uint32)
    across = np.cross(points[1] - points[0], points[2] - points[0])
    if across @ np.array(corner.front) < 0.0:
        faces = faces[:, ::-1]
    normals = np.tile(np.array(corner.front, np.float32), (4, 1))
    return Mesh(points.astype(np.float32), normals, uvs, np.ascontiguousarray(faces))


@lru_cache(maxsize=1)
def _falling() -> SurfaceMaps:
    """A picture that is dark at u = 0 and clear at u = 1."""
    part = (np.arange(64) + 0.5) / 64.0
    pixels = np.zeros((4, 64, 4), np.uint8)
    pixels[..., 3] = np.round(255.0 * SHADE_0TO1 * (1.0 - part) ** 2.2)
    return SurfaceMaps(base_color=Picture("corner shade", pixels, True))


def moved(x_m: float = 0.0, y_m: float = 0.0, z_m: float = 0.0, wide: float = 1.0) -> Float32:
    """A group's place (1, 4, 4), made wider across z."""
    place = translation(x_m, y_m, z_m)
    place[0, 0] = place[1, 1] = wide
    return np.asarray(place[None], np.float32)
