"""Writes .glb files from arrays, with nothing but numpy and zlib."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOAT, BYTE, SHORT, UINT32 = 5126, 5121, 5123, 5125
COMPONENTS = {"<f4": FLOAT, "|u1": BYTE, "<u2": SHORT, "<u4": UINT32, "|i1": 5120, "<i2": 5122}
KINDS = {(): "SCALAR", (2,): "VEC2", (3,): "VEC3", (4,): "VEC4", (4, 4): "MAT4"}
Json = dict[str, Any]


class Writer:
    """A glTF document that grows; every `add…` gives back an index."""

    def __init__(self) -> None:
        self.document: Json = {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}]}
        self._parts: list[bytes] = []
        self._length = 0

    def add(self, kind: str, **value: object) -> int:
        """One more element of the list called `kind`."""
        elements = self.document.setdefault(kind, [])
        elements.append(value)
        return len(elements) - 1

    def view(self, data: bytes, **more: object) -> int:
        """Bytes as a buffer view."""
        index = self.add("bufferViews", buffer=0, byteOffset=self._length, byteLength=len(data), **more)
        padded = data + bytes(-len(data) % 4)
        self._parts.append(padded)
        self._length += len(padded)
        return index

    def accessor(self, values: NDArray[Any], *, normalized: bool = False, bounds: bool = False) -> int:
        """An array (n, ...) as an accessor; matrices are given row-major."""
        stored = values.transpose(0, 2, 1) if values.ndim == 3 else values
        more: Json = {"normalized": True} if normalized else {}
        if bounds:
            more |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
            if values.ndim == 1:
                more |= {"min": [more["min"]], "max": [more["max"]]}
        return self.add(
            "accessors",
            bufferView=self.view(np.ascontiguousarray(stored).tobytes()),
            componentType=COMPONENTS[values.dtype.str],
            count=len(values),
            type=KINDS[values.shape[1:]],
            **more,
        )

    def picture(self, pixels: NDArray[np.uint8]) -> int:
        """An image (h, w, 3) and its texture."""
        image = self.add("images", bufferView=self.view(png(pixels)), mimeType="image/png")
        return self.add("textures", source=image)

    def root(self, node: int) -> None:
        """Show a node in the scene."""
        self.document["scenes"][0]["nodes"].append(node)

    def glb(self) -> bytes:
        """The file."""
        data = b"".join(self._parts)
        if data:
            self.document["buffers"] = [{"byteLength": len(data)}]
        return glb_of(self.document, data)

    def gltf(self) -> bytes:
        """The same document as a .gltf with its buffer inside."""
        data = b"".join(self._parts)
        uri = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
        return json.dumps(self.document | {"buffers": [{"byteLength": len(data), "uri": uri}]}).encode()


def glb_of(document: Json | bytes, data: bytes = b"") -> bytes:
    """A container around a document and its binary chunk."""
    text = document if isinstance(document, bytes) else json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    data += bytes(-len(data) % 4)
    binary = struct.pack("<I4s", len(data), b"BIN\0") + data if data else b""
    length = 12 + 8 + len(text) + len(binary)
    return struct.pack("<4sII", b"glTF", 2, length) + struct.pack("<I4s", len(text), b"JSON") + text + binary


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of (h, w, 3) or (h, w, 4) pixels."""
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
