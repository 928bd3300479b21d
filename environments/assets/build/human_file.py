"""Writes a person as GLB: three materials, one skin, morph targets and an idle clip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from environments.assets.build.glb import Glb
from environments.assets.build.human_maps import Painted, Pieces
from environments.assets.build.human_rig import Rig
from environments.assets.build.mesh import Floats, Part, vertices

_IDLE_S = 8.0


def write_person(path: Path, pieces: Pieces, painted: Painted, rig: Rig) -> None:
    """Write the file."""
    glb = Glb()
    _materials(glb, painted.pictures)
    skeleton_nodes(glb, rig)
    names = sorted({name for p in pieces.parts.values() for name in p.morphs})
    primitives = [
        skinned_primitive(glb, part, material, names if material != 1 else [])
        for material, part in enumerate((painted.skin, painted.cloth, painted.hair))
    ]
    # Clothes do not follow the face: they are a mesh of their own, without morphs.
    for name, chosen, extra in (
        (path.stem, (primitives[0], primitives[2]), {"weights": [0.0] * len(names), "extras": {"targetNames": names}}),
        (f"{path.stem}_clothes", (primitives[1],), {}),
    ):
        glb.meshes.append({"name": name, "primitives": list(chosen)} | extra)
        glb.nodes.append({"name": name, "mesh": len(glb.meshes) - 1, "skin": 0})
    _idle(glb, rig)
    glb.save(path)


def skeleton_nodes(glb: Glb, rig: Rig) -> None:
    """Add the joints as the first nodes, and the skin that names them."""
    for joint, name in enumerate(rig.names):
        parent = rig.parents[joint]
        above = rig.places[parent] if parent >= 0 else np.zeros(3)
        node: dict[str, Any] = {"name": name, "translation": np.round(rig.places[joint] - above, 6).tolist()}
        children = [k for k, p in enumerate(rig.parents) if p == joint]
        glb.nodes.append(node | ({"children": children} if children else {}))
    glb.skins.append({"joints": list(range(len(rig.names))), "inverseBindMatrices": _binds(glb, rig), "skeleton": 0})


def _materials(glb: Glb, pictures: dict[str, bytes]) -> None:
    index = {name: glb.texture(data, name, repeat=False) for name, data in pictures.items()}
    for name in ("skin", "cloth"):
        glb.materials.append(
            {
                "name": name,
                "pbrMetallicRoughness": {
                    "baseColorTexture": {"index": index[f"{name}_colour"]},
                    "metallicRoughnessTexture": {"index": index[f"{name}_masks"]},
                },
                "normalTexture": {"index": index[f"{name}_relief"]},
                "occlusionTexture": {"index": index[f"{name}_masks"]},
            }
        )
    glb.materials.append(
        {
            "name": "hair",
            "alphaMode": "MASK",
            "alphaCutoff": 0.5,
            "doubleSided": True,
            "pbrMetallicRoughness": {
                "baseColorTexture": {"index": index["hair_colour"]},
                "metallicFactor": 0.0,
                "roughnessFactor": 0.62,
            },
            "normalTexture": {"index": index["hair_relief"]},
        }
    )


def _binds(glb: Glb, rig: Rig) -> int:
    matrices = np.tile(np.eye(4), (len(rig.names), 1, 1))
    matrices[:, :3, 3] = -rig.places
    return glb.accessor(matrices.transpose(0, 2, 1).reshape(-1, 16).astype(np.float32), target=None)


def strongest(weights: Floats) -> tuple[np.ndarray, np.ndarray]:
    """The four strongest joints (n, 4) of each vertex and their weights in 255ths that add up to 255."""
    joints = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    share = np.take_along_axis(weights, joints, 1)
    share /= share.sum(1, keepdims=True)
    whole = np.floor(share * 255).astype(np.int64)
    whole[:, 0] += 255 - whole.sum(1)
    joints[whole == 0] = 0
    return joints.astype(np.uint8), whole.astype(np.uint8)


def skinned_primitive(glb: Glb, part: Part, material: int, names: Sequence[str] = ()) -> dict[str, Any]:
    """A part with its weights, and the morph targets of these names."""
    made = vertices(part)
    source = made["source"]
    joints, weights = strongest(part.weights[source])
    found: dict[str, Any] = {
        "attributes": {
            "POSITION": glb.accessor(made["points"], bounds=True),
            "NORMAL": glb.accessor(made["normals"]),
            "TANGENT": glb.accessor(made["tangents"]),
            "TEXCOORD_0": glb.accessor(made["uv"]),
            "JOINTS_0": glb.accessor(joints),
            "WEIGHTS_0": _normalized(glb, weights),
        },
        "indices": glb.indices(made["triangles"]),
        "material": material,
    }
    if names:
        none = np.zeros_like(part.points)
        found["targets"] = [
            {"POSITION": glb.accessor(part.morphs.get(n, none)[source].astype(np.float32), bounds=True)} for n in names
        ]
    return found


def _normalized(glb: Glb, weights: np.ndarray) -> int:
    index = glb.accessor(weights)
    glb.accessors[index]["normalized"] = True
    return index


def _idle(glb: Glb, rig: Rig) -> None:
    """Standing: two breaths, a slow sway of the weight and of the head; begins and ends alike."""
    times = np.linspace(0, _IDLE_S, 33)
    turn = 2 * np.pi * times / _IDLE_S
    breath, sway = 0.5 - 0.5 * np.cos(2 * turn), np.sin(turn)
    angles_deg = {  # about x, y, z
        "spine_02": (-0.5 * breath, 0 * turn, 0.5 * sway),
        "spine_03": (-1.0 * breath, 0.5 * sway, 0.3 * sway),
        "neck_01": (0.9 * breath, 0 * turn, -0.5 * sway),
        "head": (0.5 * breath + 0.6 * np.sin(turn + 1), 1.6 * np.sin(turn + 0.6), -0.4 * sway),
        "clavicle_l": (0 * turn, 0 * turn, 0.9 * breath),
        "clavicle_r": (0 * turn, 0 * turn, -0.9 * breath),
        "upperarm_l": (0.8 * sway, 0 * turn, -0.6 * breath),
        "upperarm_r": (-0.8 * sway, 0 * turn, 0.6 * breath),
    }
    clock = glb.accessor(times.astype(np.float32), target=None, bounds=True)
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []
    for name, angles in angles_deg.items():
        half = np.radians(np.column_stack(angles)) / 2
        values = np.column_stack([half, np.ones(len(times))])
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        output = glb.accessor(values.astype(np.float32), target=None)
        channels.append({"sampler": len(samplers), "target": {"node": rig.index(name), "path": "rotation"}})
        samplers.append({"input": clock, "output": output, "interpolation": "LINEAR"})
    glb.animations.append({"name": "idle", "samplers": samplers, "channels": channels})
