"""Every model holds together: parsed, whole, within its budget, of the right size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from environments.gltf.load import load_gltf
from environments.scenes.heights.cars import SURFACES
from tests.assets.glb import FOLDER, MODELS, PEOPLE, Model

TEXTURE_PX = 2048
# The most triangles by folder.
FLOORS_M = {"rooms/tight_lift.glb": -0.6, "rooms/tight_scanner.glb": -1.05, "rooms/hall.glb": -0.35}
"""Where the lowest thing is if not on the ground: the foot of a shaft, a room whose origin is on an axis."""
TRIANGLES = {"people": 9_000, "hands": 4_000, "animals": 8_000, "street": 6_000, "plants": 8_000, "rooms": 20_000}
TRIANGLES |= {"vehicles": 4_000, "surfaces": 2, "snow": 12_000}
EVERY = pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
PERSON = pytest.mark.parametrize("model", PEOPLE, ids=lambda m: m.name)


@EVERY
def test_model_needs_no_other_file(model: Model) -> None:
    assert len(model.document["buffers"]) == 1
    assert not [e for kind in ("buffers", "images") for e in model.document.get(kind, ()) if "uri" in e]


@EVERY
def test_model_keeps_its_budget(model: Model) -> None:
    assert 0 < model.triangles() <= TRIANGLES[model.name.split("/")[0]]
    assert all(max(picture.size) <= TEXTURE_PX for picture in model.pictures())
    assert all(side % 4 == 0 for picture in model.pictures() for side in picture.size)


@EVERY
def test_views_lie_inside_the_file(model: Model) -> None:
    ends = [view["byteOffset"] + view["byteLength"] for view in model.document["bufferViews"]]
    assert max(ends) <= len(model.binary)


@EVERY
def test_numbers_are_finite_and_normals_have_length_one(model: Model) -> None:
    for name in ("POSITION", "NORMAL", "TANGENT", "TEXCOORD_0"):
        assert all(np.isfinite(rows).all() for rows in model.attribute(name))
    for rows in model.attribute("NORMAL"):
        assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-3


@EVERY
def test_triangles_point_at_vertices(model: Model) -> None:
    for primitive in model.primitives():
        count = model.document["accessors"][primitive["attributes"]["POSITION"]]["count"]
        assert model.values(primitive["indices"]).max() < count


@EVERY
def test_model_stands_on_the_ground(model: Model) -> None:
    low = np.concatenate(model.attribute("POSITION"))[:, 1].min()
    assert -0.25 <= low - FLOORS_M.get(model.name, 0.0) <= 0.02


@PERSON
def test_people_are_as_tall_as_adults(model: Model) -> None:
    assert 1.5 <= float(model.size_m()[1]) <= 1.95


@PERSON
def test_skin_weights_add_up_and_name_joints_of_the_skeleton(model: Model) -> None:
    joints = len(model.document["skins"][0]["joints"])
    assert 30 <= joints <= 60
    for rows, weights in zip(model.attribute("JOINTS_0"), model.attribute("WEIGHTS_0"), strict=True):
        assert rows.max() < joints
        assert (weights.sum(1) == 255).all()


def _skeleton(model: Model) -> list[tuple[str, list[str]]]:
    nodes: list[dict[str, Any]] = model.document["nodes"]
    return [
        (nodes[j]["name"], [nodes[c]["name"] for c in nodes[j].get("children", ())])
        for j in model.document["skins"][0]["joints"]
    ]


def test_all_people_have_one_skeleton_with_axes_of_the_world() -> None:
    assert len(PEOPLE) >= 4
    for model in PEOPLE:
        assert _skeleton(model) == _skeleton(PEOPLE[0])
        assert not [n for n in model.document["nodes"] if "rotation" in n or "scale" in n or "matrix" in n]


@PERSON
def test_eyes_are_joints_of_their_own_and_lids_close(model: Model) -> None:
    names = [name for name, _ in _skeleton(model)]
    for eye in ("eye_l", "eye_r"):
        joints, weights = model.attribute("JOINTS_0")[0], model.attribute("WEIGHTS_0")[0]
        assert ((joints[:, 0] == names.index(eye)) & (weights[:, 0] == 255)).sum() > 30
    morphs = model.document["meshes"][0]["extras"]["targetNames"]
    assert {"blink_l", "blink_r", "smile"} <= set(morphs)
    for side, sign in (("blink_l", 1), ("blink_r", -1)):
        primitive = model.document["meshes"][0]["primitives"][0]
        offsets = model.values(primitive["targets"][morphs.index(side)]["POSITION"])
        moved = np.linalg.norm(offsets, axis=1) > 0.002
        assert moved.any()
        assert (model.values(primitive["attributes"]["POSITION"])[moved, 0] * sign > 0).all()


@PERSON
def test_idle_clip_ends_as_it_begins(model: Model) -> None:
    clip = next(clip for clip in model.document["animations"] if clip["name"] == "idle")
    for sampler in clip["samplers"]:
        rows = model.values(sampler["output"])
        assert np.abs(rows[0] - rows[-1]).max() < 1e-5
        assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5


@EVERY
def test_model_loads_as_the_program_loads_it(model: Model) -> None:
    content = load_gltf(FOLDER / model.name)
    assert content.bodies or content.placed


HOUSES = [model for model in MODELS if model.name.startswith("street/house_")]


@pytest.mark.parametrize("model", HOUSES, ids=lambda m: m.name)
def test_doors_are_two_metres_high_and_ninety_centimetres_wide(model: Model) -> None:
    names = [entry["name"] for entry in model.document["materials"]]
    painted = next(p for p in model.primitives() if p["material"] == names.index("paint"))
    points = model.values(painted["attributes"]["POSITION"])
    door = points[points[:, 0] > points[:, 0].max() - 0.95]
    size = door.max(0) - door.min(0)
    assert size[0] == pytest.approx(0.9, abs=0.01)
    assert size[1] == pytest.approx(2.0, abs=0.01)


CARS = [model for model in MODELS if model.name.startswith("vehicles/")]


@pytest.mark.parametrize("model", CARS, ids=lambda m: m.name)
def test_cars_are_as_large_as_cars_and_few_triangles_far_away(model: Model) -> None:
    assert [entry["name"] for entry in model.document["materials"] if entry["name"] != "plate"] == [
        name for name in SURFACES if name != "plate"
    ]
    wide_m, high_m, long_m = model.size_m()
    assert 1.7 < wide_m < 2.3
    assert 1.4 < high_m < 2.0
    assert 3.9 < long_m < 5.1
    if "_far" in model.name:
        assert model.triangles() <= 600
