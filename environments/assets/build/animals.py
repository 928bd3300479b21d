"""The animals: a dog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from environments.assets.build.dog_data import EYE_M, EYE_RADIUS_M, Dog, read_dog, stood
from environments.assets.build.dog_paint import eye_picture, fur_pictures
from environments.assets.build.glb import Glb
from environments.assets.build.human_file import skeleton_nodes, skinned_primitive
from environments.assets.build.human_rig import Rig
from environments.assets.build.mesh import Floats, Part, joined
from environments.assets.build.paint import smoothstep
from environments.assets.build.reduce import decimated, open_sky
from environments.assets.build.sources import dog_assets
from environments.assets.build.static_file import Surface, material

ANIMALS = ("dog",)
_BUDGET = {"skin": 7000, "mouth": 560}
_JAW_DEG, _HOCKS_AHEAD_M = 19.0, 0.125


def _ball(rig: Rig, side: str) -> Part:
    """An eye looking ahead and a little to its side; coordinates as seen from the front."""
    rings, around = 7, 12
    polar, turn = np.linspace(0, np.pi, rings), np.arange(around) * 2 * np.pi / around
    p, t = np.meshgrid(polar, turn, indexing="ij")
    local = np.stack([np.sin(p) * np.cos(t), np.sin(p) * np.sin(t), np.cos(p)], -1).reshape(-1, 3)
    sign = 1.0 if side == "l" else -1.0
    angle = np.radians(28.0) * sign
    c, s = np.cos(angle), np.sin(angle)
    points = local @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T * EYE_RADIUS_M + EYE_M * (sign, 1, 1)
    faces = []
    for row in range(rings - 1):
        for k in range(around):
            a, b = row * around + k, row * around + (k + 1) % around
            faces += [(a, a + around, b), (b, a + around, b + around)]
    triangles = np.array(faces)
    triangles = triangles[[len({*map(tuple, points[f].round(7).tolist())}) == 3 for f in triangles]]
    uv = np.column_stack([0.5 + 0.5 * local[:, 0], 0.5 - 0.5 * local[:, 1]])
    weights = np.zeros((len(points), len(rig.names)))
    weights[:, rig.index(f"eye_{side}")] = 1.0
    return Part(points, triangles, uv[triangles], weights)


def _reduced(dog: Dog) -> dict[str, Part]:
    """Fewer triangles: most are left to the face and the paws."""
    points = dog.skin.points
    face = smoothstep(0.27, 0.36, points[:, 2]) * smoothstep(0.58, 0.64, points[:, 1])
    paws = smoothstep(0.07, 0.03, points[:, 1])
    eyes = joined([_ball(dog.rig, side) for side in ("l", "r")])
    mouth = replace(dog.mouth, uv=np.zeros_like(dog.mouth.uv))
    keep = np.clip(0.5 * face + 0.1 * paws, 0, 0.9)
    return {
        "fur": decimated(dog.skin, _BUDGET["skin"], keep),
        "mouth": decimated(mouth, _BUDGET["mouth"]),
        "eyes": eyes,
    }


def _grounded(parts: dict[str, Part], rig: Rig) -> tuple[dict[str, Part], Rig]:
    drop: Floats = np.array([0.0, -parts["fur"].points[:, 1].min(), 0.0])
    places = rig.places + drop
    places[0] = 0.0
    return {n: replace(p, points=p.points + drop) for n, p in parts.items()}, replace(rig, places=places)


def make_dog(path: Path) -> None:
    """Write the dog."""
    assets = dog_assets()
    dog = stood(read_dog(assets), _JAW_DEG, _HOCKS_AHEAD_M)
    parts, rig = _grounded(_reduced(dog), dog.rig)
    given = np.asarray(Image.open(assets / "skin_texture.png").convert("RGB"), dtype=np.float64) / 255
    sky = open_sky(parts["fur"], joined([replace(p, bent=None) for p in parts.values()]))
    surfaces = {
        "fur": Surface("fur", *fur_pictures(parts["fur"], sky, given)),
        "mouth": Surface("mouth", tint=(0.11, 0.03, 0.03), roughness=0.45),
        "eyes": Surface("eyes", eye_picture(), roughness=0.08, repeat=False),
    }
    glb = Glb()
    skeleton_nodes(glb, rig)
    primitives: list[dict[str, Any]] = []
    for name, part in parts.items():
        glb.materials.append(material(glb, surfaces[name]))
        primitives.append(skinned_primitive(glb, part, len(primitives)))
    glb.meshes.append({"name": path.stem, "primitives": primitives})
    glb.nodes.append({"name": path.stem, "mesh": 0, "skin": 0})
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path)


def make(folder: Path, only: str) -> None:
    """Write one of the animals."""
    make_dog(folder / "animals" / f"{only}.glb")
