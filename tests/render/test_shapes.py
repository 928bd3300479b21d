"""Mesh primitives are sound: unit outward normals, valid indices, closed where they say so."""

from __future__ import annotations

import numpy as np
import pytest

from environments.render import shapes, shapes_building, shapes_people, shapes_round, shapes_street
from environments.render.model import Mesh


def _rng() -> np.random.Generator:
    return np.random.default_rng(7)


SQUARE = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
CLOSED: dict[str, Mesh] = {
    "box": shapes.box((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)),
    "bevelled box": shapes.box((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), 0.1),
    "prism": shapes.prism(SQUARE, 0.0, 2.0),
    "prism of the other winding": shapes.prism(SQUARE[::-1], 0.0, 2.0),
    "cylinder": shapes_round.cylinder(0.5, 2.0),
    "dome": shapes_round.dome(1.0, 0.7),
    "sphere": shapes_round.sphere(0.5),
    "tube": shapes_round.tube([(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)], 0.05),
    "limb": shapes_round.limb((0, 0, 0), (1, 1, 0.5), (0.2, 0.15, 0.1)),
    "lump": shapes_round.lump((1.0, 0.8, 1.0), 0.15, _rng()),
    "torso": shapes_people.torso(),
    "coat": shapes_people.torso(0.35),
    "thigh": shapes_people.thigh(),
    "shoe": shapes_people.shoe(),
    "wing": shapes_people.bird_wing(),
}
OPEN: dict[str, Mesh] = {
    "grid": shapes.plane_grid(4.0, 2.0, 3, 2),
    "stairs": shapes.stairs(2.0, 0.17, 0.3, 5),
    "wall": shapes_building.wall_with_openings(6.0, 4.0, [(1, 1, 2, 3), (3, 1, 4, 3)]),
    "window": shapes_building.window_frame(1.1, 1.7),
    "gable roof": shapes_building.gable_roofs([(0, 3, 0)], [(10, 6, 8)], [True]),
    "hip roof": shapes_building.gable_roofs([(0, 3, 0)], [(8, 6, 10)], [False], [3.0]),
    "flat roof": shapes_building.flat_roofs([(0, 0, 0)], [(10, 6, 8)]),
    "walls": shapes_building.block_walls([(0, 0, 0)], [(10, 6, 8)]),
    "tree": shapes_street.far_tree(9.0, _rng()).crown,
    "person": shapes_people.person(shapes_people.standing(np.zeros((1, 3)), np.zeros(1), np.ones(1))),
}
ALL = CLOSED | OPEN


def _faces(mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
    corners = mesh.positions_m[mesh.indices].astype(np.float64)
    return corners, np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def _volume(mesh: Mesh) -> float:
    corners, _ = _faces(mesh)
    return float(np.sum(corners[:, 0] * np.cross(corners[:, 1], corners[:, 2])) / 6)


@pytest.mark.parametrize("name", ALL)
def test_normals_are_unit_and_on_the_side_of_their_triangle(name: str) -> None:
    mesh = ALL[name]
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-4)
    _, faces = _faces(mesh)
    real = np.linalg.norm(faces, axis=1) > 1e-6
    agreement = np.einsum("ni,nki->nk", faces, mesh.normals[mesh.indices])[real]
    assert agreement.min() > -1e-6


@pytest.mark.parametrize("name", ALL)
def test_indices_and_texture_coordinates_are_valid(name: str) -> None:
    mesh = ALL[name]
    assert mesh.indices.dtype == np.uint32
    assert mesh.indices.max() < len(mesh.positions_m) == len(mesh.normals) == len(mesh.uvs_m)
    assert np.isfinite(mesh.positions_m).all()
    assert np.isfinite(mesh.uvs_m).all()


@pytest.mark.parametrize("name", CLOSED)
def test_closed_shapes_are_watertight_and_face_outward(name: str) -> None:
    mesh = CLOSED[name]
    welded = np.unique(np.round(mesh.positions_m, 4), axis=0, return_inverse=True)[1].reshape(-1)
    triangles = welded[mesh.indices]
    triangles = triangles[[len(set(t)) == 3 for t in triangles.tolist()]]
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    there, counts = np.unique(edges, axis=0, return_counts=True)
    assert counts.max() == 1
    assert {tuple(e) for e in there.tolist()} == {(b, a) for a, b in there.tolist()}
    assert _volume(mesh) > 0


def test_a_box_has_its_size_and_texture_in_metres() -> None:
    mesh = shapes.box((1.0, 2.0, 3.0))
    assert _volume(mesh) == pytest.approx(6.0, rel=1e-5)
    edge = mesh.positions_m[1] - mesh.positions_m[0]
    assert np.linalg.norm(mesh.uvs_m[1] - mesh.uvs_m[0]) == pytest.approx(np.linalg.norm(edge), rel=1e-5)


def test_a_bevel_keeps_the_outer_size() -> None:
    mesh = shapes.box((1.0, 2.0, 3.0), bevel_m=0.1)
    np.testing.assert_allclose(np.ptp(mesh.positions_m, axis=0), (1.0, 2.0, 3.0), atol=1e-5)


def test_a_wall_with_openings_lacks_their_area() -> None:
    _, faces = _faces(OPEN["wall"])
    assert np.linalg.norm(faces, axis=1).sum() / 2 == pytest.approx(6 * 4 - 2 * 2, rel=1e-5)


def test_transform_keeps_normals_square_to_stretched_faces() -> None:
    stretched = shapes.transform(shapes_round.sphere(1.0), shapes.scaling(1.0, 3.0, -1.0))
    np.testing.assert_allclose(np.linalg.norm(stretched.normals, axis=1), 1.0, atol=1e-5)
    assert _volume(stretched) > 0


def test_merge_keeps_every_triangle() -> None:
    merged = shapes.merge([shapes.box((1, 1, 1)), shapes.box((1, 1, 1), (3, 0, 0))])
    assert len(merged.indices) == 24
    assert _volume(merged) == pytest.approx(2.0, rel=1e-5)


def test_creases_stay_hard_and_curves_smooth() -> None:
    cylinder = shapes_round.cylinder(1.0, 2.0)
    sideways = np.abs(cylinder.normals[:, 1]) < 1e-3
    upright = np.abs(cylinder.normals[:, 1]) > 0.999
    assert (sideways | upright).all()
    radial = cylinder.positions_m[sideways][:, [0, 2]]
    assert np.einsum("ni,ni->n", radial, cylinder.normals[sideways][:, [0, 2]]).min() > 0.99


def test_a_person_is_of_human_size() -> None:
    size = np.ptp(OPEN["person"].positions_m, axis=0)
    assert 1.70 < size[1] < 1.85
    assert 0.4 < size[0] < 0.7
    assert abs(OPEN["person"].positions_m[:, 1].min()) < 0.05


def test_a_sitting_person_is_lower_than_a_standing_one() -> None:
    spot, straight, full = np.zeros((1, 3)), np.zeros(1), np.ones(1)
    high = shapes_people.person(shapes_people.standing(spot, straight, full)).positions_m[:, 1].max()
    low = shapes_people.person(shapes_people.sitting(spot, straight, full)).positions_m[:, 1].max()
    assert 0.3 < high - low < 0.5


def test_placements_equal_single_ones() -> None:
    many = shapes.placements([(1, 2, 3), (4, 5, 6)], [30.0, -70.0], [1.0, 2.0])
    np.testing.assert_allclose(many[0], shapes.placed(1, 2, 3, 30.0), atol=1e-6)
    np.testing.assert_allclose(many[1], shapes.placed(4, 5, 6, -70.0, 2.0), atol=1e-6)
