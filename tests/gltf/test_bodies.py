"""Skins, morph targets and animations as bodies, skeletons and clips."""

from __future__ import annotations

import numpy as np
import pytest

from environments.gltf.content import Skeleton
from environments.gltf.load import read_gltf
from environments.gltf.nodes import locals_of
from tests.gltf.files import spoilt, triangle
from tests.gltf.generator import characters_glb
from tests.gltf.writing import Json, Writer


def _globals(skeleton: Skeleton) -> np.ndarray:
    found = locals_of(
        *(np.asarray(one, float) for one in (skeleton.translations_m, skeleton.rotations, skeleton.scales))
    )
    for joint, parent in enumerate(skeleton.parents):
        assert parent < joint
        if parent >= 0:
            found[joint] = found[parent] @ found[joint]
    return found


def test_a_body_at_rest_is_where_its_mesh_is() -> None:
    (body,) = read_gltf(characters_glb(600, 20, 3)).bodies
    joints = _globals(body.skeleton) @ body.skeleton.inverse_binds
    (part,) = body.character.parts
    points = np.c_[part.mesh.positions_m, np.ones(len(part.mesh.positions_m))]
    moved = np.einsum("nk,nkij,nj->ni", part.weights, joints[part.joints], points)
    np.testing.assert_allclose(moved[:, :3], part.mesh.positions_m, atol=1e-5)
    np.testing.assert_allclose(part.weights.sum(axis=1), 1.0, atol=1e-6)
    assert body.character.radius_m >= np.linalg.norm(part.mesh.positions_m, axis=1).max()


def test_each_body_has_its_walk_and_its_place_above_the_joints() -> None:
    first, second = read_gltf(characters_glb(600, 20, 3, count=2)).bodies
    assert (first.character.name, second.character.name) == ("body 0", "body 1")
    assert second.skeleton.names[0] == "hips 1"
    assert len(second.skeleton.parents) == 20
    assert np.linalg.norm(second.place[:3, 3]) > 0.5
    (walk,) = second.clips
    assert walk.name == "walk"
    assert walk.duration_s == pytest.approx(1.1)
    assert {channel.path for channel in walk.channels} == {"rotation"}
    assert {channel.target for channel in walk.channels} == set(range(1, 20))
    np.testing.assert_allclose(np.linalg.norm(walk.channels[0].values, axis=1), 1.0, atol=1e-6)


def test_a_moving_node_above_the_joints_belongs_to_the_skeleton() -> None:
    def move(document: Json) -> None:
        person = next(n for n, node in enumerate(document["nodes"]) if node["name"] == "person 0")
        document["animations"][0]["channels"][0]["target"]["node"] = person

    (body,) = read_gltf(spoilt(characters_glb(600, 12, 3), move)).bodies
    assert body.skeleton.names[:2] == ("person 0", "hips 0")
    assert body.clips[0].channels[0].target == 0


def test_morph_targets_have_their_names_and_weights_their_clip() -> None:
    def smile(document: Json) -> None:
        document["meshes"][0]["weights"] = [0.25]
        mesh_node = next(n for n, node in enumerate(document["nodes"]) if "mesh" in node)
        animation = document["animations"][0]
        times = animation["samplers"][0]["input"]
        keys = len(animation["samplers"])
        animation["samplers"].append({"input": times, "output": times, "interpolation": "STEP"})
        animation["channels"].append({"sampler": keys, "target": {"node": mesh_node, "path": "weights"}})

    (body,) = read_gltf(spoilt(characters_glb(600, 12, 3), smile)).bodies
    assert body.morph_names == ("smile",)
    assert body.morph_defaults.tolist() == [0.25]
    (part,) = body.character.parts
    assert part.morphs_m is not None
    assert part.morphs_m.shape == (1, len(part.mesh.positions_m), 3)
    assert 0.02 < np.linalg.norm(part.morphs_m, axis=2).max() < 0.04
    (weights,) = (channel for channel in body.clips[0].channels if channel.path == "weights")
    assert weights.values.shape == (9, 1)
    assert weights.interpolation == "STEP"


def test_a_morphed_mesh_without_a_skin_is_a_body_of_one_joint() -> None:
    out = triangle()
    primitive = out.document["meshes"][0]["primitives"][0]
    primitive["targets"] = [{"POSITION": out.accessor(np.ones((3, 3), "<f4"))}]
    content = read_gltf(out.glb())
    assert not content.placed
    (body,) = content.bodies
    assert body.skeleton.names == ("sheet",)
    assert body.morph_names == ("morph 0",)


def _spinning(**sampler: object) -> Writer:
    out = triangle()
    times = out.accessor(np.array([0.0, 2.0], "<f4"))
    out.add(
        "animations",
        name="spin",
        samplers=[{"input": times, **sampler}],
        channels=[{"sampler": 0, "target": {"node": 0, "path": "rotation"}}],
    )
    return out


def test_clips_of_nodes_keep_tangents_and_scale_small_numbers() -> None:
    out = _spinning(interpolation="CUBICSPLINE")
    keys = np.zeros((6, 4), "<i2")
    keys[[1, 4], 3] = 32767
    out.document["animations"][0]["samplers"][0]["output"] = out.accessor(keys, normalized=True)
    (clip,) = read_gltf(out.glb()).clips
    (channel,) = clip.channels
    assert (clip.name, clip.duration_s, channel.target) == ("spin", 2.0, 0)
    assert channel.values.shape == (2, 3, 4)
    np.testing.assert_allclose(channel.values[:, 1], [[0, 0, 0, 1]] * 2)
    np.testing.assert_array_equal(channel.values[:, [0, 2]], 0.0)
