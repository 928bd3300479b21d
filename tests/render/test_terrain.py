"""Ground from a height field: it lies on the field, its sectors meet, hollows see less sky."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from environments.render.terrain import Rings, openness, terrain_meshes

Array = NDArray[np.float64]
RINGS = Rings((1.0, -2.0), 0.5, 60.0, sectors=4, wide=9)


def _hills(x: Array, z: Array) -> Array:
    return np.asarray(0.8 * np.sin(0.3 * x) + 0.1 * z)


def _cover(x: Array, _: Array) -> Array:
    return np.asarray(x / 30.0)


def test_ground_lies_on_its_field_and_faces_up() -> None:
    for mesh in terrain_meshes(_hills, _cover, RINGS):
        x, y, z = mesh.positions_m.astype(np.float64).T
        assert np.abs(y - _hills(x, z)).max() < 1e-4
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-5)
        assert (mesh.normals[:, 1] > 0.5).all()
        assert np.allclose(mesh.uvs_m[:, 1], np.clip(x / 30.0, 0.0, 1.0), atol=1e-4)
        corners = mesh.positions_m[mesh.indices]
        faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        assert (faces[:, 1] >= -1e-6).all()


def test_sectors_share_their_edges() -> None:
    meshes = terrain_meshes(_hills, _cover, RINGS)
    assert len(meshes) == RINGS.sectors
    for one, two in zip(meshes, [*meshes[1:], meshes[0]], strict=True):
        left = one.positions_m.reshape(-1, RINGS.wide + 1, 3)[:, -1]
        right = two.positions_m.reshape(-1, RINGS.wide + 1, 3)[:, 0]
        assert np.allclose(left, right, atol=1e-4)


def test_a_coarse_copy_covers_the_same_ground_with_a_quarter_of_the_triangles() -> None:
    for mesh in terrain_meshes(_hills, _cover, RINGS):
        assert mesh.coarse is not None
        assert len(mesh.coarse) < 0.35 * len(mesh.indices)
        areas = []
        for triangles in (mesh.indices, mesh.coarse):
            flat = mesh.positions_m[triangles].astype(np.float64) * [1.0, 0.0, 1.0]
            areas.append(np.cross(flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0])[:, 1].sum())
        assert areas[1] == pytest.approx(areas[0], rel=0.02)
        assert abs(areas[0]) > 1000.0


def test_rings_widen_with_distance() -> None:
    places = terrain_meshes(_hills, _cover, RINGS)[0].positions_m.reshape(-1, RINGS.wide + 1, 3)[:, 0]
    away = np.hypot(places[:, 0] - 1.0, places[:, 2] + 2.0)
    assert away[0] == pytest.approx(0.0, abs=1e-5)
    assert away[-1] == pytest.approx(60.0, rel=1e-4)
    assert np.all(np.diff(away[1:]) > 0.0)


def test_a_pit_sees_less_sky_than_level_ground_and_a_top() -> None:
    def pit(x: Array, z: Array) -> Array:
        return np.asarray(2.0 * np.cos(np.hypot(x, z)))

    x, z = np.array([0.0, np.pi, 60.0]), np.zeros(3)
    top, bottom = openness(pit, x, z)[:2]
    assert bottom < top - 0.1
    assert openness(lambda x, z: 0.0 * x, x, z) == pytest.approx(1.0)
