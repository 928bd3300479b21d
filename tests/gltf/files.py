"""Small documents to load and to spoil."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.gltf.writing import Json, Writer, glb_of

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4")


def triangle(**material: Any) -> Writer:
    """One triangle with normals and texture coordinates at the root, in a material if one is given."""
    out = Writer()
    attributes = {
        "POSITION": out.accessor(TRIANGLE),
        "NORMAL": out.accessor(np.tile(np.array([0, 0, 1], "<f4"), (3, 1))),
        "TEXCOORD_0": out.accessor(TRIANGLE[:, :2].copy()),
    }
    primitive: Json = {"attributes": attributes, "indices": out.accessor(np.arange(3, dtype="<u2"))}
    if material:
        primitive["material"] = out.add("materials", **material)
    out.add("meshes", primitives=[primitive])
    out.root(out.add("nodes", name="sheet", mesh=0))
    return out


def spoilt(glb: bytes, change: Callable[[Json], None]) -> bytes:
    """The file with its document changed."""
    length = struct.unpack_from("<I", glb, 12)[0]
    document = json.loads(glb[20 : 20 + length])
    change(document)
    return glb_of(document, glb[28 + length :])
