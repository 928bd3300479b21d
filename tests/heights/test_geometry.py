"""The geometry of the heights scene: sound, deterministic, and within its budget."""

from __future__ import annotations

import numpy as np
import pytest

from environments.render.model import Float32, SceneModel
from environments.scenes.heights.build import SCENE
from environments.scenes.heights.deck import FLOOR_M
from environments.scenes.heights.railings import KINDS
from environments.scenes.manifest import load_manifest

TRIANGLES = 1_200_000
ITEMS = 700


@pytest.fixture(scope="module")
def model() -> SceneModel:
    return SCENE.build(0)


def _group_meshes(model: SceneModel, group: str) -> Float32:
    return np.concatenate([item.mesh.positions_m for item in model.items if item.group == group])


def test_the_whole_scene_stays_within_its_triangles_and_items(model: SceneModel) -> None:
    frame = SCENE.frame(load_manifest("heights").values_at(0.0), 0, 0.0, {"birds": 3.0, "gust": 3.0})
    counts = [len(i.mesh.indices) * len(frame.moves.get(i.group, i.transforms)) for i in model.items]
    assert sum(counts) < TRIANGLES
    assert len(model.items) < ITEMS


def test_every_mesh_is_sound(model: SceneModel) -> None:
    for item in model.items:
        assert len(item.mesh.indices), item.name
        assert item.mesh.indices.max() < len(item.mesh.positions_m)
        assert np.isfinite(item.mesh.positions_m).all()
        np.testing.assert_allclose(np.linalg.norm(item.mesh.normals, axis=1), 1.0, atol=1e-3, err_msg=item.name)


def test_building_twice_gives_the_same_scene(model: SceneModel) -> None:
    again = SCENE.build(0)
    assert [item.name for item in again.items] == [item.name for item in model.items]
    for one, two in zip(model.items, again.items, strict=True):
        assert np.array_equal(one.mesh.positions_m, two.mesh.positions_m)
        assert np.array_equal(one.transforms, two.transforms)


def test_another_seed_gives_another_city(model: SceneModel) -> None:
    other = SCENE.build(1)
    assert sum(len(i.mesh.indices) for i in other.items) != sum(len(i.mesh.indices) for i in model.items)


def test_groups_a_moment_names_exist(model: SceneModel) -> None:
    groups = {item.group for item in model.items}
    frame = SCENE.frame(load_manifest("heights").values_at(1.0), 0, 0.0, {"birds": 3.0, "gust": 3.0})
    assert set(frame.moves) <= groups
    assert frame.hidden <= groups


def test_moving_groups_have_room_for_everything_that_moves(model: SceneModel) -> None:
    for level in range(11):
        events = {"birds": 5.0, "gust": 5.0}
        frame = SCENE.frame(load_manifest("heights").values_at(level / 10.0), 0, 5.0, events)
        for item in model.items:
            if item.group in frame.moves:
                assert len(frame.moves[item.group]) <= len(item.transforms)


@pytest.mark.parametrize(("kind", "height_m"), [("wall", 1.1), ("bars", 1.175), ("glass", 1.12), ("rope", 0.99)])
def test_railings_have_their_height_and_stand_at_the_edge(model: SceneModel, kind: str, height_m: float) -> None:
    points = _group_meshes(model, f"railing {kind}")
    assert points[:, 1].max() - FLOOR_M == pytest.approx(height_m, abs=0.04)
    assert -0.05 < points[:, 2].min() < 0.15
    assert kind in KINDS


@pytest.mark.parametrize("floor", ["stone", "grating", "glass"])
def test_floors_end_at_the_edge_and_lie_under_the_feet(model: SceneModel, floor: str) -> None:
    points = _group_meshes(model, f"floor {floor}")
    assert points[:, 2].min() == pytest.approx(0.0, abs=0.05)
    assert points[:, 1].max() == pytest.approx(FLOOR_M, abs=0.01)


def test_see_through_floors_let_the_square_be_seen(model: SceneModel) -> None:
    for floor, pattern in (("grating", "grating"), ("glass", "glass")):
        items = [item for item in model.items if item.group == f"floor {floor}"]
        assert any(item.material.pattern == pattern for item in items)
        for item in items:
            if item.material.pattern != pattern:
                top = item.mesh.positions_m[item.mesh.indices].mean(axis=1)
                under_feet = (np.abs(top[:, 0]) < 0.9) & (top[:, 2] > 0.15) & (top[:, 2] < 1.9)
                assert not under_feet.any()


def test_the_plank_ends_where_its_axes_begin(model: SceneModel) -> None:
    for kind in ("plank wood", "plank glass"):
        points = _group_meshes(model, kind)
        assert points[:, 2].min() == pytest.approx(0.0, abs=0.01)
        assert 0.4 < np.ptp(points[:, 0]) < 0.7


def test_nothing_solid_of_the_city_reaches_into_the_lifts_way(model: SceneModel) -> None:
    for item in model.items:
        if item.group == "static" and item.going is None:
            flat = _placed(item.mesh.positions_m, item.transforms).reshape(-1, 3)
            inside = (np.abs(flat[:, 0]) < 3.0) & (flat[:, 2] > -3.0) & (flat[:, 2] < 3.9) & (flat[:, 1] > 0.3)
            reached = flat[inside]
            assert not len(reached) or reached[:, 1].min() > 124.0, item.name


def _placed(points: Float32, transforms: Float32) -> Float32:
    placed = np.einsum("kij,nj->kni", transforms[:, :3, :3], points) + transforms[:, None, :3, 3]
    return np.asarray(placed, np.float32)
