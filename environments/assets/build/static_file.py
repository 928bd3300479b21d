"""Writes models that do not move: one node and mesh, one primitive per material."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environments.assets.build.glb import Glb
from environments.assets.build.mesh import Part, vertices


@dataclass(frozen=True, slots=True)
class Surface:
    """A material: pictures as files (relief and masks may be empty), factors where there is no picture."""

    name: str
    colour: bytes = b""
    relief: bytes = b""
    masks: bytes = b""
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    roughness: float = 0.9
    metal: float = 0.0
    cut_out: bool = False
    two_sided: bool = True
    repeat: bool = True


def material(glb: Glb, surface: Surface) -> dict[str, Any]:
    """The material's glTF, its pictures stored."""
    pbr: dict[str, Any] = {"baseColorFactor": [*surface.tint, 1.0]}
    found: dict[str, Any] = {"name": surface.name, "pbrMetallicRoughness": pbr}
    if surface.colour:
        index = glb.texture(surface.colour, f"{surface.name}_colour", repeat=surface.repeat)
        pbr["baseColorTexture"] = {"index": index}
    if surface.masks:
        index = glb.texture(surface.masks, f"{surface.name}_masks", repeat=surface.repeat)
        pbr["metallicRoughnessTexture"] = {"index": index}
        found["occlusionTexture"] = {"index": index}
    else:
        pbr |= {"metallicFactor": surface.metal, "roughnessFactor": surface.roughness}
    if surface.relief:
        index = glb.texture(surface.relief, f"{surface.name}_relief", repeat=surface.repeat)
        found["normalTexture"] = {"index": index}
    if surface.cut_out:
        found |= {"alphaMode": "MASK", "alphaCutoff": 0.5, "doubleSided": surface.two_sided}
    return found


def write_static(path: Path, name: str, pieces: list[tuple[Part, Surface]]) -> None:
    """Write the file; the same surface may serve several pieces."""
    glb = Glb()
    known: dict[str, int] = {}
    primitives = []
    for part, surface in pieces:
        if surface.name not in known:
            glb.materials.append(material(glb, surface))
            known[surface.name] = len(glb.materials) - 1
        made = vertices(part)
        primitives.append(
            {
                "attributes": {
                    "POSITION": glb.accessor(made["points"], bounds=True),
                    "NORMAL": glb.accessor(made["normals"]),
                    "TANGENT": glb.accessor(made["tangents"]),
                    "TEXCOORD_0": glb.accessor(made["uv"]),
                },
                "indices": glb.indices(made["triangles"]),
                "material": known[surface.name],
            }
        )
    glb.meshes.append({"name": name, "primitives": primitives})
    glb.nodes.append({"name": name, "mesh": 0})
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path)
