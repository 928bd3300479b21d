"""The container: a .glb or .gltf as a document with its buffers, checked before anything is decoded."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from typing import Any

from environments.gltf.problems import ELEMENTS, JSON_BYTES, JSON_ELEMENTS, NODES, GltfError, Within, at_most
from environments.gltf.values import Json, parts, whole

SUPPORTED = frozenset(
    {
        "KHR_lights_punctual",
        "KHR_materials_emissive_strength",
        "KHR_materials_unlit",
        "KHR_mesh_quantization",
        "KHR_texture_transform",
    }
)
_CURES = {
    "KHR_draco_mesh_compression": "export it without mesh compression (Draco)",
    "EXT_meshopt_compression": "export it without meshopt compression",
    "KHR_meshopt_compression": "export it without meshopt compression",
    "KHR_texture_basisu": "export its pictures as PNG or JPEG instead of KTX2",
    "EXT_texture_webp": "export its pictures as PNG or JPEG instead of WebP",
    "EXT_texture_avif": "export its pictures as PNG or JPEG instead of AVIF",
}
_LISTS = (
    *("accessors", "animations", "bufferViews", "buffers", "cameras", "images", "materials", "meshes"),
    *("nodes", "samplers", "scenes", "skins", "textures"),
)
_MAGIC, _JSON, _BINARY = b"glTF", b"JSON", b"BIN\0"


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The JSON of a file, each of its lists by name (empty where absent), and its buffers."""

    root: Json
    lists: dict[str, list[Json]]
    buffers: tuple[memoryview, ...]


def read_document(data: bytes) -> Document:
    """The document in a file's bytes; `GltfError` if it cannot be one or asks for what is not supported."""
    text, binary = _chunks(data) if data[:4] == _MAGIC else (memoryview(data), None)
    root = _parsed(text)
    _check_version(root)
    _check_extensions(root)
    lists = {}
    for name in _LISTS:
        lists[name] = parts(root, name)
        at_most(name, len(lists[name]), NODES if name == "nodes" else 4 * ELEMENTS)
    return Document(root, lists, _buffers(lists["buffers"], binary))


def _chunks(data: bytes) -> tuple[memoryview, memoryview | None]:
    if len(data) < 20:
        raise GltfError("the file is cut off")
    _, version, length = struct.unpack_from("<4sII", data)
    if version != 2:
        raise GltfError(f"it is glTF {version}, and only glTF 2.0 can be read")
    if length > len(data):
        raise GltfError(f"the file is cut off: {len(data):,} of {length:,} bytes are there")
    whole_file, offset = memoryview(data)[:length], 12
    found: dict[bytes, memoryview] = {}
    while offset + 8 <= length:
        size, kind = struct.unpack_from("<I4s", data, offset)
        if offset + 8 + size > length:
            raise GltfError("a chunk reaches past the end of the file")
        found.setdefault(kind, whole_file[offset + 8 : offset + 8 + size])
        offset += 8 + size + (-size % 4)
    if _JSON not in found:
        raise GltfError("it has no JSON chunk")
    return found[_JSON], found.get(_BINARY)


def _parsed(text: memoryview) -> Json:
    is_text_file_with_data = len(text) > JSON_BYTES
    raw = bytes(text)
    elements = raw.count(b",") + raw.count(b"[") + raw.count(b"{")
    at_most("elements in its JSON", elements, JSON_ELEMENTS)
    if is_text_file_with_data and b";base64," not in raw:
        at_most("bytes of JSON", len(raw), JSON_BYTES)
    try:
        root = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if isinstance(error, GltfError):
            raise
        raise GltfError("it is no glTF file, or its JSON is damaged") from None
    if not isinstance(root, dict):
        raise GltfError("it is no glTF file: its JSON is no object")
    return root


def _no_constant(name: str) -> float:
    raise GltfError(f"a number in it is {name}")


def _check_version(root: Json) -> None:
    asset = root.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    if not isinstance(version, str) or not version.startswith("2."):
        raise GltfError("it is no glTF 2.0 file")


def _check_extensions(root: Json) -> None:
    required = root.get("extensionsRequired", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        raise GltfError("extensionsRequired is no list of names")
    for name in required:
        if name not in SUPPORTED:
            cure = _CURES.get(name, "export it without this extension")
            raise GltfError(f"it needs the extension {name[:60]}, which cannot be read", cure)


def _buffers(elements: list[Json], binary: memoryview | None) -> tuple[memoryview, ...]:
    buffers = []
    for number, element in enumerate(elements):
        with Within("buffer", number):
            uri = element.get("uri")
            if uri is not None:
                data = memoryview(embedded(uri))
            elif number == 0 and binary is not None:
                data = binary
            else:
                raise GltfError("its data is not in the file")
            length = whole(element, "byteLength")
            if length > len(data):
                raise GltfError(f"the file is cut off: {len(data):,} of {length:,} bytes are there")
            buffers.append(data[:length])
    return tuple(buffers)


def embedded(uri: Any) -> bytes:
    """The bytes of a data URI; `GltfError` for any other address, which is never opened."""
    if not isinstance(uri, str):
        raise GltfError("its address is no text")
    head, comma, body = uri.partition(",")
    if not head.startswith("data:"):
        cure = "export it as one file (.glb)"
        raise GltfError(f"it points to another file or address ({uri[:60]!r}), which is never opened", cure)
    if not comma or not head.endswith(";base64"):
        raise GltfError("its embedded data is not base64")
    try:
        return binascii.a2b_base64(body, strict_mode=False) if len(body) % 4 else base64.b64decode(body)
    except ValueError:
        raise GltfError("its embedded data is damaged") from None
