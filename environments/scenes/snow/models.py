"""The things of the canyon as items: their shapes from the models, their surfaces from the palette."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from environments.gltf.load import load_gltf
from environments.render.model import Character, Item, Material, Mesh
from environments.render.shapes_round import sphere
from environments.scenes.snow.palette import FLAKE, LIT, OF_MODELS, SHADE
from environments.scenes.snow.penguins import FOLDER, body

PARTS = {
    "snowman": ("snow", "coal", "icicle", "wood", "wool"),
    "hat": ("felt", "wool"),
    "ice_lantern": ("ice", "snow"),
    "igloo": ("snow", "dark"),
    "sledge": ("wood", "wool"),
}
"""The materials of each model, in its order."""

MOST = {"snowman": 16, "hat": 16, "ice_lantern": 14, "igloo": 6, "sledge": 1, "light": 18, "shade": 40, "balls": 8}
"""So many of each can be seen at once."""

FLAKES = 120


def things() -> list[Item]:
    """Everything that a moment places."""
    found = []
    for name, looks in PARTS.items():
        placed = load_gltf(FOLDER / f"{name}.glb").placed
        for number, (one, look) in enumerate(zip(placed, looks, strict=True)):
            found.append(_many(f"{name} {number}", one.item.mesh, OF_MODELS[look], name, MOST[name]))
    found.append(_many("light", sphere(0.10), LIT, "light", MOST["light"]))
    found.append(_many("shade", _disc(), SHADE, "shade", MOST["shade"]))
    found.append(_many("snowball", sphere(0.075), OF_MODELS["snow"], "balls", MOST["balls"]))
    found.append(_many("flake", _flake(), FLAKE, "flakes", FLAKES))
    return found


def animals() -> tuple[Character, ...]:
    """The penguin and the whale, with names of their own."""
    return tuple(replace(body(name).character, name=name) for name in ("penguin", "whale"))


def _many(name: str, mesh: Mesh, material: Material, group: str, count: int) -> Item:
    return Item(name, mesh, material, np.tile(np.eye(4, dtype=np.float32), (count, 1, 1)), group)


def _disc() -> Mesh:
    """A level disc of radius 1."""
    angle = np.arange(20) * 2.0 * np.pi / 20
    points = np.concatenate([[[0.0, 0.0, 0.0]], np.column_stack([np.sin(angle), np.zeros(20), np.cos(angle)])])
    ring = np.arange(20)
    triangles = np.column_stack([np.zeros(20), 1 + ring, 1 + (ring + 1) % 20])
    return _plain(points, np.tile([0.0, 1.0, 0.0], (21, 1)), triangles)


def _flake() -> Mesh:
    """A small star of snow, to be seen from both sides."""
    angle = np.arange(12) * np.pi / 6.0
    radius = np.where(np.arange(12) % 2 == 0, 1.0, 0.38)
    points = np.concatenate(
        [[[0.0, 0.0, 0.0]], np.column_stack([radius * np.sin(angle), radius * np.cos(angle), np.zeros(12)])]
    )
    ring = np.arange(12)
    front = np.column_stack([np.zeros(12), 1 + (ring + 1) % 12, 1 + ring])
    return _plain(points, np.tile([0.0, 0.0, 1.0], (13, 1)), front)


def _plain(points: np.ndarray, normals: np.ndarray, triangles: np.ndarray) -> Mesh:
    return Mesh(
        points.astype(np.float32),
        normals.astype(np.float32),
        points[:, :2].astype(np.float32),
        triangles.astype(np.uint32),
    )
