"""Reads GLB files for the checks: the document and its accessors, nothing more."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "environments" / "assets"
_TYPES = {5126: np.float32, 5125: np.uint32, 5123: np.uint16, 5121: np.uint8}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def asset_files() -> list[Path]:
    """Every shipped file; the scripts that make them are not shipped."""
    found = (path for path in FOLDER.rglob("*") if path.is_file() and path.name != "LEDGER.toml")
    return sorted(p for p in found if "build" not in p.relative_to(FOLDER).parts)


@dataclass(frozen=True, slots=True)
class Model:
    """A parsed GLB."""

    name: str
    document: dict[str, Any]
    binary: bytes

    def values(self, accessor: int) -> Any:
        """An accessor's rows (n, width)."""
        entry = self.document["accessors"][accessor]
        view = self.document["bufferViews"][entry["bufferView"]]
        width = _WIDTHS[entry["type"]]
        start = view["byteOffset"] + entry.get("byteOffset", 0)
        flat = np.frombuffer(self.binary, _TYPES[entry["componentType"]], entry["count"] * width, start)
        return flat.reshape(entry["count"], width)

    def primitives(self) -> list[dict[str, Any]]:
        """All primitives of all meshes."""
        return [p for mesh in self.document["meshes"] for p in mesh["primitives"]]

    def triangles(self) -> int:
        """How many triangles all meshes have together."""
        return sum(self.document["accessors"][p["indices"]]["count"] // 3 for p in self.primitives())

    def attribute(self, name: str) -> list[Any]:
        """An attribute's rows, for each primitive that has it."""
        return [self.values(p["attributes"][name]) for p in self.primitives() if name in p["attributes"]]

    def pictures(self) -> list[Image.Image]:
        """The textures."""
        views = [self.document["bufferViews"][image["bufferView"]] for image in self.document.get("images", ())]
        return [Image.open(io.BytesIO(self.binary[v["byteOffset"] : v["byteOffset"] + v["byteLength"]])) for v in views]

    def size_m(self) -> Any:
        """Width, height and depth of everything at rest."""
        points = np.concatenate(self.attribute("POSITION"))
        return points.max(0) - points.min(0)


def read(path: Path) -> Model:
    """Parse a GLB; a wrong header or chunk fails the test."""
    data = path.read_bytes()
    magic, version, total = struct.unpack_from("<4sII", data)
    assert (magic, version, total) == (b"glTF", 2, len(data))
    text_length, text_kind = struct.unpack_from("<I4s", data, 12)
    assert text_kind == b"JSON"
    binary_length, binary_kind = struct.unpack_from("<I4s", data, 20 + text_length)
    assert binary_kind == b"BIN\0"
    start = 28 + text_length
    assert start + binary_length == len(data)
    name = path.relative_to(FOLDER).as_posix()
    return Model(name, json.loads(data[20 : 20 + text_length]), data[start:])


MODELS = [read(path) for path in asset_files() if path.suffix == ".glb"]
PEOPLE = [model for model in MODELS if model.name.startswith("people/")]
