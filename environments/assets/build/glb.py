"""Writes binary glTF 2.0: one file, everything inside, the same bytes for the same data.

Source: Khronos glTF 2.0 specification, chapters 3 (accessors, skins, morph targets) and 4 (GLB).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_COMPONENT = {"float32": 5126, "uint32": 5125, "uint16": 5123, "uint8": 5121}
_SHAPE = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_ARRAY_BUFFER, _ELEMENT_BUFFER = 34962, 34963


@dataclass(slots=True)
class Glb:
    """A glTF document while it grows; lists are the document's arrays, `binary` is its only buffer."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    meshes: list[dict[str, Any]] = field(default_factory=list)
    materials: list[dict[str, Any]] = field(default_factory=list)
    textures: list[dict[str, Any]] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)
    skins: list[dict[str, Any]] = field(default_factory=list)
    animations: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    binary: bytearray = field(default_factory=bytearray)

    def view(self, data: bytes, target: int | None = None) -> int:
        """Append bytes, aligned to four; return the index of their view."""
        self.binary.extend(b"\0" * (-len(self.binary) % 4))
        entry: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        if target is not None:
            entry["target"] = target
        self.binary.extend(data)
        self.views.append(entry)
        return len(self.views) - 1

    def accessor(self, values: NDArray[Any], *, target: int | None = _ARRAY_BUFFER, bounds: bool = False) -> int:
        """Store an array (n,) or (n, k) and return its accessor; `bounds` adds min and max."""
        rows = np.ascontiguousarray(values)
        width = 1 if rows.ndim == 1 else rows.shape[1]
        entry: dict[str, Any] = {
            "bufferView": self.view(rows.tobytes(), target),
            "componentType": _COMPONENT[rows.dtype.name],
            "count": len(rows),
            "type": _SHAPE[width],
        }
        if bounds:
            flat = rows.reshape(len(rows), width)
            entry["min"], entry["max"] = flat.min(0).tolist(), flat.max(0).tolist()
        self.accessors.append(entry)
        return len(self.accessors) - 1

    def indices(self, triangles: NDArray[Any]) -> int:
        """Store triangle corners, 16 bits wide where they fit."""
        flat = triangles.reshape(-1)
        narrow = np.uint16 if flat.max(initial=0) < 65535 else np.uint32
        return self.accessor(flat.astype(narrow), target=_ELEMENT_BUFFER)

    def texture(self, encoded: bytes, name: str, *, repeat: bool = True) -> int:
        """Store a PNG or JPEG; return the texture's index. Sampler 0 repeats, sampler 1 clamps."""
        kind = "image/png" if encoded.startswith(b"\x89PNG") else "image/jpeg"
        self.images.append({"name": name, "mimeType": kind, "bufferView": self.view(encoded)})
        self.textures.append({"source": len(self.images) - 1, "sampler": 0 if repeat else 1})
        return len(self.textures) - 1

    def document(self, extensions: Sequence[str] = ()) -> dict[str, Any]:
        """The JSON part; `extensions` are those used."""
        inside = {child for node in self.nodes for child in node.get("children", ())}
        found: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "acclimate assets"},
            "scene": 0,
            "scenes": [{"nodes": [i for i in range(len(self.nodes)) if i not in inside]}],
            "buffers": [{"byteLength": len(self.binary)}],
            "bufferViews": self.views,
        }
        if self.textures:
            found["samplers"] = [
                {"magFilter": 9729, "minFilter": 9987, "wrapS": wrap, "wrapT": wrap} for wrap in (10497, 33071)
            ]
        if extensions:
            found["extensionsUsed"] = list(extensions)
        for name in ("nodes", "meshes", "materials", "textures", "images", "skins", "animations", "accessors"):
            if getattr(self, name):
                found[name] = getattr(self, name)
        return found

    def save(self, path: Path, extensions: Sequence[str] = ()) -> None:
        """Write the file."""
        text = json.dumps(self.document(extensions), separators=(",", ":"), sort_keys=True).encode()
        text += b" " * (-len(text) % 4)
        data = bytes(self.binary) + b"\0" * (-len(self.binary) % 4)
        total = 12 + 8 + len(text) + 8 + len(data)
        head = struct.pack("<4sII", b"glTF", 2, total)
        path.write_bytes(
            head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
        )
