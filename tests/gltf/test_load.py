"""What the loader makes of a file: geometry, places, surfaces, pictures."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from environments.gltf.content import PlacedItem
from environments.gltf.load import load_gltf, read_gltf
from tests.gltf.files import TRIANGLE, spoilt, triangle
from tests.gltf.generator import static_glb
from tests.gltf.writing import Json, Writer

LOOK = {"pbrMetallicRoughness": {"baseColorFactor": [0.5, 0.25, 1.0, 1.0], "roughnessFactor": 0.3}}


def _only(data: bytes) -> PlacedItem:
    (placed,) = read_gltf(data).placed
    return placed


def test_a_triangle_is_read_with_its_material_from_glb_and_gltf(tmp_path: Path) -> None:
    out = triangle(**LOOK, doubleSided=True)
    (tmp_path / "a.gltf").write_bytes(out.gltf())
    for content in (read_gltf(out.glb()), load_gltf(tmp_path / "a.gltf")):
        item = content.placed[0].item
        np.testing.assert_array_equal(item.mesh.positions_m, TRIANGLE)
        np.testing.assert_array_equal(item.mesh.indices, [[0, 1, 2]])
        assert item.material.base_color_linear == (0.5, 0.25, 1.0)
        assert (item.material.roughness, item.material.metallic) == (0.3, 1.0)
        assert item.material.two_sided
        assert content.nodes.names == ("sheet",)


def test_nodes_are_placed_by_all_their_parents_and_share_a_mesh_as_instances() -> None:
    out = triangle()
    half = math.sqrt(0.5)
    low = out.add("nodes", mesh=0, translation=[1.0, 0.0, 0.0])
    high = out.add("nodes", children=[low], rotation=[0.0, half, 0.0, half], scale=[2.0, 2.0, 2.0])
    matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 5, 0, 1]
    out.root(out.add("nodes", children=[high], matrix=[float(one) for one in matrix]))
    placed = _only(out.glb())
    assert placed.item.transforms.shape == (2, 4, 4)
    corner = placed.item.transforms[1] @ [1.0, 0.0, 0.0, 1.0]
    np.testing.assert_allclose(corner, [0.0, 5.0, -4.0, 1.0], atol=1e-5)


def test_nodes_that_the_scene_does_not_show_are_left_out() -> None:
    out = triangle()
    out.add("nodes", mesh=0, name="store room")
    assert len(_only(out.glb()).item.transforms) == 1


def test_a_mirrored_node_keeps_its_outside_outside() -> None:
    out = triangle()
    out.root(out.add("nodes", mesh=0, scale=[-1.0, 1.0, 1.0], translation=[4.0, 0.0, 0.0]))
    plain, mirrored = read_gltf(out.glb()).placed
    assert np.linalg.det(mirrored.item.transforms[0, :3, :3]) > 0.0
    rows = np.c_[mirrored.item.mesh.positions_m, np.ones(3)]
    there = (rows @ mirrored.item.transforms[0].T)[:, :3]
    np.testing.assert_allclose(sorted(there[:, 0]), [3.0, 4.0, 4.0])
    a, b, c = there[mirrored.item.mesh.indices[0]]
    assert np.cross(b - a, c - a)[2] > 0.0
    assert np.cross(*(plain.item.mesh.positions_m[plain.item.mesh.indices[0]][1:]))[2] > 0.0


@pytest.mark.parametrize(
    ("mode", "faces"),
    [(4, [[0, 1, 2]]), (5, [[0, 1, 2], [2, 1, 3], [2, 3, 4]]), (6, [[0, 1, 2], [0, 2, 3], [0, 3, 4]])],
)
def test_strips_and_fans_become_triangles(mode: int, faces: list[list[int]]) -> None:
    out = Writer()
    points = np.random.default_rng(0).normal(size=(5, 3)).astype("<f4")
    attributes = {
        "POSITION": out.accessor(points),
        "NORMAL": out.accessor(points / np.linalg.norm(points, axis=1)[:, None]),
    }
    out.add("meshes", primitives=[{"attributes": attributes, "mode": mode}])
    out.root(out.add("nodes", mesh=0))
    np.testing.assert_array_equal(_only(out.glb()).item.mesh.indices, faces)


def test_points_and_lines_are_left_out() -> None:
    out = triangle()
    out.document["meshes"][0]["primitives"].append({"attributes": {"POSITION": 0}, "mode": 1})
    assert len(_only(out.glb()).item.mesh.indices) == 1


def test_missing_normals_are_flat() -> None:
    out = triangle()
    del out.document["meshes"][0]["primitives"][0]["attributes"]["NORMAL"]
    np.testing.assert_allclose(_only(out.glb()).item.mesh.normals, np.tile([0.0, 0.0, 1.0], (3, 1)))


def test_quantised_sparse_and_interleaved_accessors() -> None:
    out = triangle()
    primitive = out.document["meshes"][0]["primitives"][0]
    primitive["attributes"]["TEXCOORD_0"] = out.accessor(np.array([[0, 255], [255, 0], [51, 0]], "u1"), normalized=True)
    rows = np.zeros((3, 5), "<f4")
    rows[:, :3], rows[:, 3] = TRIANGLE * 2.0, 7.0
    view = out.view(rows.tobytes(), byteStride=20)
    spots, values = out.view(np.array([2], "<u2").tobytes()), out.view(np.array([9, 9, 9], "<f4").tobytes())
    sparse = {"count": 1, "indices": {"bufferView": spots, "componentType": 5123}, "values": {"bufferView": values}}
    position = out.add("accessors", bufferView=view, componentType=5126, count=3, type="VEC3", sparse=sparse)
    primitive["attributes"]["POSITION"] = position
    mesh = _only(out.glb()).item.mesh
    np.testing.assert_allclose(mesh.uvs_m, np.array([[0.0, 1.0], [1.0, 0.0], [0.2, 0.0]]))
    np.testing.assert_array_equal(mesh.positions_m, [[0, 0, 0], [2, 0, 0], [9, 9, 9]])


def test_signed_bytes_reach_minus_one_and_no_further() -> None:
    out = triangle()
    normals = np.array([[0, 0, 127], [0, 0, -128], [127, 0, 0]], "i1")
    out.document["meshes"][0]["primitives"][0]["attributes"]["NORMAL"] = out.accessor(normals, normalized=True)
    np.testing.assert_allclose(_only(out.glb()).item.mesh.normals, [[0, 0, 1], [0, 0, -1], [1, 0, 0]])


def test_vertex_colours_get_an_alpha() -> None:
    out = triangle()
    colours = out.accessor(np.array([[65535, 0, 0]] * 3, "<u2"), normalized=True)
    out.document["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"] = colours
    found = _only(out.glb()).item.mesh.colors
    assert found is not None
    np.testing.assert_allclose(found, np.tile([1.0, 0.0, 0.0, 1.0], (3, 1)))


def _textured(pixels: np.ndarray, **more: object) -> Writer:
    out = triangle()
    texture = out.picture(pixels)
    info: Json = {"index": texture, **more}
    out.add(
        "materials", pbrMetallicRoughness={"baseColorTexture": info}, normalTexture={"index": texture, "scale": 0.5}
    )
    out.document["meshes"][0]["primitives"][0]["material"] = 0
    return out


def test_pictures_are_decoded_once_and_told_apart_by_what_they_mean() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (4, 8, 3), dtype=np.uint8)
    maps = _only(_textured(pixels).glb()).item.material.maps
    assert maps is not None
    assert maps.base_color is not None
    assert maps.normal is not None
    np.testing.assert_array_equal(maps.base_color.pixels[..., :3], pixels)
    assert maps.base_color.pixels.shape == (4, 8, 4)
    assert maps.base_color.is_colour
    assert not maps.normal.is_colour
    assert maps.normal.pixels is maps.base_color.pixels
    assert maps.normal.key != maps.base_color.key
    assert maps.normal_scale == 0.5


def test_large_pictures_are_made_smaller() -> None:
    pixels = np.full((8, 4096, 3), 90, np.uint8)
    maps = _only(_textured(pixels).glb()).item.material.maps
    assert maps is not None
    assert maps.base_color is not None
    assert maps.base_color.pixels.shape == (4, 2048, 4)
    assert (maps.base_color.pixels[..., :3] == 90).all()


def test_texture_transform_turns_counterclockwise() -> None:
    moved = {"offset": [0.5, 0.25], "rotation": math.pi / 2.0, "scale": [2.0, 3.0]}
    data = _textured(np.zeros((2, 2, 3), np.uint8), extensions={"KHR_texture_transform": moved}).glb()
    maps = _only(data).item.material.maps
    assert maps is not None
    np.testing.assert_allclose(np.array(maps.uv_transform) @ [1.0, 0.0, 1.0], [0.5, 0.25 - 2.0], atol=1e-12)
    np.testing.assert_allclose(np.array(maps.uv_transform) @ [0.0, 1.0, 1.0], [0.5 + 3.0, 0.25], atol=1e-12)


def test_emission_has_its_strength_and_unlit_shows_its_colour() -> None:
    lit = triangle(
        emissiveFactor=[1.0, 0.5, 0.0], extensions={"KHR_materials_emissive_strength": {"emissiveStrength": 4.0}}
    )
    assert _only(lit.glb()).item.material.emission_linear == (4.0, 2.0, 0.0)
    unlit = triangle(**LOOK, extensions={"KHR_materials_unlit": {}})
    material = _only(unlit.glb()).item.material
    assert material.base_color_linear == (0.0, 0.0, 0.0)
    assert material.emission_linear == (0.5, 0.25, 1.0)


@pytest.mark.parametrize(
    ("mode", "alpha", "opacity", "cutoff"),
    [("OPAQUE", 0.3, 1.0, 0.0), ("BLEND", 0.3, 0.3, 0.0), ("BLEND", 1.0, 1.0, 0.0), ("MASK", 1.0, 1.0, 0.5)],
)
def test_transparency(mode: str, alpha: float, opacity: float, cutoff: float) -> None:
    data = triangle(alphaMode=mode, pbrMetallicRoughness={"baseColorFactor": [1.0, 1.0, 1.0, alpha]}).glb()
    material = _only(data).item.material
    assert (material.opacity, material.alpha_cutoff) == (opacity, cutoff)


def test_a_picture_with_holes_is_blended_and_one_without_is_not() -> None:
    for alpha, is_blended in ((255, False), (100, True)):
        pixels = np.full((2, 2, 4), 200, np.uint8)
        pixels[..., 3] = 255
        pixels[0, 0, 3] = alpha
        out = _textured(pixels)
        out.document["materials"][0]["alphaMode"] = "BLEND"
        assert (_only(out.glb()).item.material.opacity < 1.0) is is_blended


def test_the_emission_of_a_material_marked_as_light_map_is_baked_light() -> None:
    out = _textured(np.full((2, 2, 3), 128, np.uint8))
    second = np.array([[0.1, 0.1], [0.9, 0.1], [0.1, 0.9]], "<f4")
    out.document["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_1"] = out.accessor(second)
    light = {"emissiveTexture": {"index": 0, "texCoord": 1}, "emissiveFactor": [1.0] * 3, "extras": {"light_map": 1}}
    strength = {"KHR_materials_emissive_strength": {"emissiveStrength": 3.0}}
    out.document["materials"][0] |= {**light, "extensions": strength}
    item = _only(out.glb()).item
    assert item.material.maps is not None
    assert item.material.maps.light is not None
    assert item.material.maps.light_scale == 3.0
    assert item.material.maps.emission is None
    assert item.material.emission_linear == (0.0, 0.0, 0.0)
    assert item.mesh.light_uvs is not None
    np.testing.assert_array_equal(item.mesh.light_uvs, second)


def test_cameras_and_lamps_are_read_with_their_places() -> None:
    def light(document: Json) -> None:
        spot = {"type": "spot", "intensity": 40.0, "color": [1, 0.5, 0.2], "spot": {"outerConeAngle": 0.5}}
        document["extensions"] = {"KHR_lights_punctual": {"lights": [spot]}}
        document["nodes"][0]["extensions"] = {"KHR_lights_punctual": {"light": 0}}

    content = read_gltf(spoilt(static_glb(6, 1, 60, 8, 0), light))
    (camera,), (lamp,) = content.cameras, content.lamps
    assert camera.name == "eye"
    assert camera.vertical_fov_deg == pytest.approx(math.degrees(1.2))
    np.testing.assert_allclose(camera.place[:3, 3], [0.0, 1.6, 3.5])
    assert (lamp.kind, lamp.intensity, lamp.color_linear) == ("spot", 40.0, (1.0, 0.5, 0.2))


def test_generated_triangles_face_where_their_normals_point() -> None:
    for placed in read_gltf(static_glb(4, 1, 400, 8, 0)).placed:
        mesh = placed.item.mesh
        a, b, c = (mesh.positions_m[mesh.indices[:, corner]] for corner in range(3))
        faces = np.cross(b - a, c - a)
        assert (np.einsum("ij,ij->i", faces, mesh.normals[mesh.indices].sum(axis=1)) > -1e-6).all()
