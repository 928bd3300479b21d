"""Spiders with skeletons: a house spider, a garden spider with its cross, a tarantula."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from environments.assets.build.glb import Glb
from environments.assets.build.mesh import Floats, Part, joined, vertices
from environments.assets.build.reduce import open_sky
from environments.assets.build.spider_paint import bristle_tone, shade_file, skin_files
from environments.assets.build.spider_parts import ball, bound, bristles, jointed, limb, lobe, shades
from environments.assets.build.static_file import Surface, material
from environments.scenes.spiders.species import (
    JOINTS,
    LEGS_FROM,
    SEGMENTS,
    SIDES,
    SPECIES,
    Species,
    legs_of,
    palp_lengths_m,
    rest_matrices,
)

SPIDERS = tuple(species.name for species in SPECIES)
_CARAPACE = np.array([
    (0.62, 0.7, 0.7), (0.70, 1.12, 0.8), (0.80, 1.10, 0.9), (0.98, 0.95, 0.9), (1.0, 0.72, 0.9), (0.8, 0.5, 0.8),
])  # fmt: skip
_ABDOMENS = {
    "house": [
        (0.75, 0.8, 0.8), (0.9, 1.0, 0.9), (1.0, 1.05, 1.0), (0.98, 1.0, 1.0), (0.85, 0.9, 0.9), (0.7, 0.8, 0.8),
    ],
    "garden": [
        (0.95, 0.9, 0.8), (1.12, 1.12, 0.9), (1.1, 1.1, 1.0), (0.95, 1.0, 1.0), (0.8, 0.85, 0.95), (0.65, 0.7, 0.8),
    ],
    "tarantula": [
        (0.8, 0.8, 0.8), (0.95, 1.0, 0.9), (1.02, 1.05, 1.0), (1.04, 1.05, 1.0), (0.95, 0.95, 0.95), (0.8, 0.85, 0.85),
    ],
}  # fmt: skip
_EYES = {
    "house": ((0.06, 0.36, 0.010), (0.15, 0.34, 0.011), (0.10, 0.22, 0.010), (0.20, 0.20, 0.010)),
    "garden": ((0.06, 0.40, 0.014), (0.06, 0.24, 0.013), (0.30, 0.28, 0.010), (0.33, 0.22, 0.010)),
    "tarantula": ((0.05, 0.52, 0.008), (0.13, 0.50, 0.007), (0.07, 0.44, 0.006), (0.14, 0.42, 0.006)),
}


def _body(species: Species, rest: Floats) -> list[Part]:
    s = species.span_m
    wide, tall, long = (0.5 * part * s for part in species.prosoma)
    middle = rest[1, :3, 3]
    found = [lobe((middle, np.array([wide, tall, long])), _CARAPACE, (13, 18), "prosoma", "prosoma")]
    wide_a, tall_a, long_a = (0.5 * part * s for part in species.abdomen)
    lift = {"house": 0.15, "garden": 0.42, "tarantula": 0.10}[species.name]
    back = rest[2, :3, 3] + np.array([0.0, lift * tall_a, -0.90 * long_a])
    half = np.array([wide_a, tall_a, long_a])
    found.append(lobe((back, half), np.array(_ABDOMENS[species.name]), (17, 24), "abdomen", "abdomen"))
    for sign in (1.0, -1.0):
        start = back + np.array([sign * 0.16 * wide_a, -0.30 * tall_a, -0.90 * long_a])
        reach = {"house": 0.34, "garden": 0.10, "tarantula": 0.34}[species.name] * long_a
        spots = start + np.outer(np.linspace(0, 1, 4), (sign * 0.20 * reach, 0.05 * reach, -reach))
        radii = np.array([0.12, 0.10, 0.08, 0.01]) * wide_a
        found.append(limb((spots, np.tile([1.0, 0, 0], (4, 1))), radii, bound(4, ("abdomen", 1.0)), "palps", 6))
    ends = middle + np.array([0, 0, -0.86 * long]), rest[2, :3, 3] + np.array([0, 0, -0.2 * long_a])
    waist = np.linspace(*ends, 3), np.tile([1.0, 0, 0], (3, 1))
    found.append(limb(waist, np.full(3, 0.26 * wide), bound(3, ("prosoma", 1.0)), "dark", 8))
    return found + _face(species, rest)


def _face(species: Species, rest: Floats) -> list[Part]:
    """Eyes, chelicerae and their fangs."""
    s = species.span_m
    wide, tall, long = (0.5 * part * s for part in species.prosoma)
    middle, found = rest[1, :3, 3], []
    for out, up, size in _EYES[species.name]:
        for sign in (1.0, -1.0):
            ahead = np.sqrt(max(1.0 - (out / 0.7) ** 2 - (up / 1.15) ** 2, 0.05)) * 0.97
            ahead = ahead if species.name != "tarantula" else 0.80
            high = up if species.name != "tarantula" else up + 0.16
            place = middle + np.array([sign * out * wide * 1.4, high * tall * 1.02, ahead * long])
            found.append(ball(place, 0.9 * size * s * (0.7 if species.name == "house" else 0.8), "prosoma", "eyes"))
    deep = {"house": 0.050, "garden": 0.052, "tarantula": 0.058}[species.name] * s
    thick = {"house": 0.0105, "garden": 0.014, "tarantula": 0.020}[species.name] * s
    for name, sign in (("chelicera_l", 1.0), ("chelicera_r", -1.0)):
        at = rest[JOINTS.index(name), :3, 3]
        way = np.array([[0, 0, -0.3], [0, -0.18, 0.16], [0, -0.55, 0.20], [0, -0.9, 0.10], [0, -1.0, 0.02]])
        radii = np.array([0.7, 1.05, 1.0, 0.8, 0.1]) * thick
        found.append(limb((at + way * deep, np.tile([1.0, 0, 0], (5, 1))), radii, bound(5, (name, 1.0)), "dark", 8))
        fang = at + np.array([[0, -0.86, 0.14], [-0.1 * sign, -1.08, 0.08], [-0.16 * sign, -1.22, -0.06]]) * deep
        radii = np.array([0.34, 0.26, 0.03]) * thick
        found.append(limb((fang, np.tile([1.0, 0, 0], (3, 1))), radii, bound(3, (name, 1.0)), "eyes", 6))
    return found


def _limbs(species: Species, rest: Floats) -> list[Part]:
    found, s, legs = [], species.span_m, legs_of(species)
    for number, side in enumerate(SIDES):
        rows = slice(LEGS_FROM + 7 * number, LEGS_FROM + 7 * number + 7)
        names = [f"leg_{side}_{segment}" for segment in SEGMENTS]
        radii = [part * s for part in species.thick]
        found.append(jointed(rest[rows], legs.lengths_m[number], radii, names, "legs"))
    for first, side in ((5, "l"), (8, "r")):
        names = [f"palp_{side}_{number}" for number in (1, 2, 3)]
        radii = [0.72 * s * species.thick[k] for k in (2, 3, 4)]
        found.append(jointed(rest[first : first + 3], palp_lengths_m(species), radii, names, "palps"))
    return found


def _primitive(glb: Glb, part: Part, index: int, shade: Floats | None = None) -> dict[str, Any]:
    made = vertices(part)
    rows = part.weights[made["source"]]
    best = np.argsort(-rows, axis=1, kind="stable")[:, :4]
    weights = np.take_along_axis(rows, best, 1)
    weights /= weights.sum(1, keepdims=True)
    attributes = {
        "POSITION": glb.accessor(made["points"], bounds=True),
        "NORMAL": glb.accessor(made["normals"]),
        "TEXCOORD_0": glb.accessor(made["uv"]),
        "JOINTS_0": glb.accessor(np.where(weights > 0, best, 0).astype(np.uint8)),
        "WEIGHTS_0": glb.accessor(weights.astype(np.float32)),
    }
    if shade is not None:
        grey = shade[made["source"]][:, None].repeat(3, 1)
        attributes["COLOR_0"] = glb.accessor(grey.astype(np.float32))
    moved = part.morphs.get("hair", np.zeros_like(part.points))[made["source"]]
    target = {"POSITION": glb.accessor(moved.astype(np.float32), bounds=True)}
    return {"attributes": attributes, "indices": glb.indices(made["triangles"]), "material": index, "targets": [target]}


def _skeleton(glb: Glb, rest: Floats) -> int:
    """All joints hang on the root, so that a scene may set each by itself; returns the skin."""
    first = len(glb.nodes)
    for number, (name, matrix) in enumerate(zip(JOINTS, rest, strict=True)):
        node: dict[str, Any] = {"name": name, "matrix": matrix.T.reshape(-1).round(9).tolist()}
        if number == 0:
            node["children"] = list(range(first + 1, first + len(JOINTS)))
        glb.nodes.append(node)
    binds = np.linalg.inv(rest).transpose(0, 2, 1).reshape(-1, 16).astype(np.float32)
    joints = list(range(first, first + len(JOINTS)))
    glb.skins.append({"joints": joints, "inverseBindMatrices": glb.accessor(binds, target=None), "skeleton": first})
    return len(glb.skins) - 1


def make(folder: Path, only: str) -> None:
    """Write one kind."""
    species = next(one for one in SPECIES if one.name == only)
    rest = rest_matrices(species)
    trunk, limbs = joined(_body(species, rest)), joined(_limbs(species, rest))
    skin = joined([trunk, limbs])
    open_0to1 = open_sky(skin, skin, reach_m=0.12 * species.span_m, rays=48)
    shade = 0.45 + 0.55 * open_0to1
    third = species.hairs // 4
    hair = joined(
        [
            bristles(trunk, third, species.hair * 1.25, species, 5),
            bristles(limbs, species.hairs - third, species.hair, species, 6),
        ]
    )
    glb = Glb()
    colour, relief, masks = skin_files(only)
    glb.materials.append(material(glb, Surface("skin", colour, relief, masks, repeat=False)))
    hairs = material(glb, Surface("bristles", tint=bristle_tone(only), roughness=0.7)) | {"doubleSided": True}
    glb.materials.append(hairs)
    below = material(glb, Surface("shade", shade_file(), roughness=1.0, metal=1.0, repeat=False))
    below |= {"alphaMode": "BLEND", "doubleSided": False}
    glb.materials.append(below)
    primitives = [_primitive(glb, skin, 0, shade), _primitive(glb, hair, 1), _primitive(glb, shades(), 2)]
    glb.meshes.append({"name": only, "primitives": primitives, "weights": [0.0], "extras": {"targetNames": ["hair"]}})
    index = _skeleton(glb, rest)
    glb.nodes.append({"name": only, "mesh": 0, "skin": index})
    glb.skins[index]["name"] = only
    path = folder / "animals" / f"spider_{only}.glb"
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path)
