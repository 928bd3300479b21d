"""Hands with the joints of OpenXR and a plain controller, in one cool colour without pictures.

The source's meshes, skins and nodes are kept as they are; materials are replaced, pictures left out.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from environments.assets.build.glb import Glb
from environments.assets.build.sources import hand_profiles

_SOURCES = {
    "hand_left": "generic-hand/left.glb",
    "hand_right": "generic-hand/right.glb",
    "controller": "generic-trigger/none.glb",
}
HANDS = tuple(_SOURCES)
_LOOKS = {"hand": ((0.30, 0.36, 0.42), 0.62), "controller": ((0.045, 0.052, 0.060), 0.48)}
_WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_TYPES = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
_KEPT = ("POSITION", "NORMAL", "TEXCOORD_0", "JOINTS_0", "WEIGHTS_0")


class _Source:
    """A binary glTF file of the package."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        (size,) = struct.unpack_from("<I", data, 12)
        self.document: dict[str, Any] = json.loads(data[20 : 20 + size])
        self._binary = data[28 + size :]

    def values(self, accessor: int) -> np.ndarray[Any, Any]:
        """An accessor's rows."""
        entry = self.document["accessors"][accessor]
        view = self.document["bufferViews"][entry["bufferView"]]
        kind, width = np.dtype(_TYPES[entry["componentType"]]), _WIDTH[entry["type"]]
        start = view.get("byteOffset", 0) + entry.get("byteOffset", 0)
        stride = view.get("byteStride", kind.itemsize * width)
        rows = np.ndarray((entry["count"], width), kind, self._binary, start, (stride, kind.itemsize))
        return np.ascontiguousarray(rows[:, 0] if width == 1 else rows)


def make(folder: Path, only: str) -> None:
    """Write a hand or the controller."""
    source, glb = _Source(hand_profiles() / _SOURCES[only]), Glb()
    colour, roughness = _LOOKS[only.split("_", maxsplit=1)[0]]
    pbr = {"baseColorFactor": [*colour, 1.0], "metallicFactor": 0.0, "roughnessFactor": roughness}
    glb.materials.append({"name": only, "pbrMetallicRoughness": pbr})
    for mesh in source.document["meshes"]:
        glb.meshes.append({"name": mesh.get("name", only), "primitives": _primitives(source, glb, mesh)})
    for skin in source.document.get("skins", ()):
        binds = glb.accessor(source.values(skin["inverseBindMatrices"]).astype(np.float32), target=None)
        glb.skins.append({"joints": skin["joints"], "inverseBindMatrices": binds})
    wanted = ("name", "mesh", "skin", "children", "translation", "rotation", "scale", "matrix")
    glb.nodes += [{key: node[key] for key in wanted if key in node} for node in source.document["nodes"]]
    path = folder / "hands" / f"{only}.glb"
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path)


def _primitives(source: _Source, glb: Glb, mesh: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for one in mesh["primitives"]:
        attributes = {}
        for name in _KEPT:
            if name in one["attributes"]:
                rows = source.values(one["attributes"][name])
                attributes[name] = glb.accessor(rows, bounds=name == "POSITION")
        found.append({"attributes": attributes, "indices": glb.indices(source.values(one["indices"])), "material": 0})
    return found
