"""Files that cannot be used are refused with what is wrong and the cure."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from environments.gltf.load import load_gltf, read_gltf
from environments.gltf.problems import GltfError
from tests.gltf.files import spoilt, triangle
from tests.gltf.generator import characters_glb, static_glb
from tests.gltf.writing import Json, Writer, glb_of, png

STATIC = static_glb(6, 1, 60, 8, 0)
BODIES = characters_glb(120, 8, 0)


def _set(*path: Any) -> Callable[[Json], None]:
    """A change that puts the last of `path` at the place that the others name."""
    *way, last, value = path

    def change(document: Any) -> None:
        for key in way:
            document = document[key]
        document[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("asset", "version", "1.0"), "no glTF 2.0"),
        (_set("extensionsRequired", ["KHR_draco_mesh_compression"]), "without mesh compression"),
        (_set("extensionsRequired", ["EXT_meshopt_compression"]), "without meshopt"),
        (_set("extensionsRequired", ["KHR_texture_basisu"]), "PNG or JPEG instead of KTX2"),
        (_set("extensionsRequired", ["ACME_magic"]), "extension ACME_magic"),
        (_set("images", 0, {"uri": "../secret.png"}), "another file"),
        (_set("images", 0, {"uri": "https://example.org/a.png"}), "never opened"),
        (_set("images", 0, {"uri": "data:image/png;base64,AAAA"}), "no PNG or JPEG"),
        (_set("buffers", 0, "uri", "other.bin"), "another file"),
        (_set("buffers", 0, "byteLength", 10**8), "cut off"),
        (_set("bufferViews", 3, "byteLength", 10**8), "past its buffer"),
        (_set("accessors", 0, "count", 10**6), "past its buffer view"),
        (_set("accessors", 0, "count", 2 * 10**9), "count is no whole number"),
        (_set("accessors", 0, "componentType", 1), "type is unknown"),
        (_set("accessors", 0, "byteOffset", -4), "byteOffset"),
        (_set("meshes", 0, "primitives", 0, "attributes", "POSITION", 999), "POSITION"),
        (_set("nodes", 5, "children", [5]), "cycle"),
        (_set("nodes", 5, "children", [1, 1]), "two parents"),
        (_set("nodes", 1, "scale", [1e20, 1.0, 1.0]), "farther than"),
        (_set("nodes", 1, "translation", [1e400, 1.0, 1.0]), "Infinity"),
        (_set("nodes", 1, "rotation", [0, 0, 1]), "rotation is no list of 4 numbers"),
        (_set("scenes", 0, "nodes", [77]), "no list of numbers"),
        (_set("scenes", 0, "nodes", []), "nothing to see"),
        (_set("nodes", [{}] * 20_001), "20,000 is the most"),
    ],
)
def test_a_spoilt_place_is_refused_with_the_cure(change: Callable[[Json], None], said: str) -> None:
    with pytest.raises(GltfError) as caught:
        read_gltf(spoilt(STATIC, change))
    assert said in str(caught.value)
    assert caught.value.cure


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("skins", 0, "joints", []), "no joints"),
        (_set("skins", 0, "joints", [1, 2]), "joints that its skin does not have"),
        (_set("skins", 0, "inverseBindMatrices", 0), "numbers an element instead of 16"),
        (_set("animations", 0, "samplers", 0, "output", 0), "numbers an element instead of 4"),
        (_set("animations", 0, "samplers", 0, "input", 1), "instead of 1"),
        (_set("animations", 0, "channels", 0, "sampler", 99), "sampler is no whole number"),
    ],
)
def test_a_spoilt_body_is_refused(change: Callable[[Json], None], said: str) -> None:
    with pytest.raises(GltfError, match=said):
        read_gltf(spoilt(BODIES, change))


def test_a_cut_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "room.glb"
    path.write_bytes(STATIC[: len(STATIC) // 2])
    with pytest.raises(GltfError, match=r"room\.glb cannot be used: the file is cut off.*; export it again"):
        load_gltf(path)
    with pytest.raises(GltfError, match=r"gone\.glb cannot be read"):
        load_gltf(tmp_path / "gone.glb")


def test_a_file_that_is_too_large_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.glb"
    with path.open("wb") as file:
        file.truncate(513 * 1024 * 1024)
    with pytest.raises(GltfError, match="bytes, and"):
        load_gltf(path)


def test_positions_that_are_no_numbers_are_refused() -> None:
    for bad in (np.nan, np.inf):
        out = triangle()
        points = np.array([[0, 0, 0], [1, 0, 0], [0, bad, 0]], "<f4")
        out.document["meshes"][0]["primitives"][0]["attributes"]["POSITION"] = out.accessor(points)
        with pytest.raises(GltfError, match=r"mesh 0: .*(NaN|apart)"):
            read_gltf(out.glb())


def test_indices_beyond_the_vertices_are_refused() -> None:
    out = triangle()
    out.document["meshes"][0]["primitives"][0]["indices"] = out.accessor(np.array([0, 1, 3], "<u2"))
    with pytest.raises(GltfError, match="vertices that do not exist"):
        read_gltf(out.glb())


def test_a_picture_that_is_too_large_is_refused_before_it_is_decoded() -> None:
    out = Writer()
    wide = bytearray(png(np.zeros((1, 1, 3), np.uint8)))
    wide[16:24] = (60_000).to_bytes(4, "big") * 2
    out.add("images", bufferView=out.view(bytes(wide)), mimeType="image/png")
    out.add("textures", source=0)
    plain = triangle(pbrMetallicRoughness={"baseColorTexture": {"index": 0}})
    plain.document |= {"images": [{"uri": _data_uri(bytes(wide))}], "textures": [{"source": 0}]}
    started = time.perf_counter()
    with pytest.raises(GltfError, match="picture 0"):
        read_gltf(plain.glb())
    assert time.perf_counter() - started < 2.0


def _data_uri(data: bytes) -> str:
    import base64

    return "data:image/png;base64," + base64.b64encode(data).decode()


def test_a_few_bytes_cannot_ask_for_much_memory() -> None:
    out = triangle()
    empty = out.add("accessors", componentType=5126, count=12_000_000, type="VEC3")
    part = {"attributes": {"POSITION": empty, "NORMAL": empty}, "mode": 4}
    out.document["meshes"][0]["primitives"] = [part] * 100
    with pytest.raises(GltfError, match="is the most"):
        read_gltf(out.glb())


def test_triangles_are_counted_as_often_as_they_are_shown() -> None:
    out = Writer()
    count = 3 * 3000
    points = np.random.default_rng(0).normal(size=(count, 3)).astype("<f4")
    attributes = {"POSITION": out.accessor(points), "NORMAL": out.accessor(points)}
    out.add("meshes", primitives=[{"attributes": attributes}])
    for _ in range(1400):
        out.root(out.add("nodes", mesh=0))
    with pytest.raises(GltfError, match="4,200,000 triangles"):
        read_gltf(out.glb())


def test_more_bodies_than_can_be_drawn_are_refused() -> None:
    out = triangle()
    primitive = out.document["meshes"][0]["primitives"][0]
    primitive["targets"] = [{"POSITION": primitive["attributes"]["POSITION"]}]
    for _ in range(256):
        out.root(out.add("nodes", mesh=0))
    with pytest.raises(GltfError, match="257 skins and morphed meshes"):
        read_gltf(out.glb())


def test_deep_nesting_is_refused() -> None:
    nodes: list[Json] = [{"children": [number + 1]} for number in range(3000)]
    document = {"asset": {"version": "2.0"}, "nodes": [*nodes, {}]}
    with pytest.raises(GltfError, match="nested more than"):
        read_gltf(glb_of(document))
