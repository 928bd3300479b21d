"""A clinic's model as a scene: eyes, levels, movement, clips, as its manifest says."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from environments.gltf.problems import GltfError
from environments.scenes.imported import PlaceScene, file_scene, file_view, place_scene
from environments.scenes.manifest import ManifestError, parse_manifest
from tests.gltf.files import triangle
from tests.gltf.generator import characters_glb, static_glb
from tests.gltf.writing import Writer

LEVELS = "".join(f'[[levels]]\nwords = "{n}"\nparameters = {{ level = {n}.0 }}\n' for n in range(11))
GRADED = f"""
[parameters.level]
words = "how much"
default = 0.0
minimum = 0.0
maximum = 10.0
max_rate_per_s = 0.1
{LEVELS}
"""


def _scene(tmp_path: Path, data: bytes, place: str, rest: str = GRADED) -> PlaceScene:
    (tmp_path / "place.glb").write_bytes(data)
    return place_scene(parse_manifest("room", f'title = "t"\npurpose = "p"\n{place}\n{rest}', tmp_path))


def _room() -> Writer:
    """A still sheet, a spider with a leg, and a door that a clip turns."""
    out = triangle()
    leg = out.add("nodes", name="leg", mesh=0, translation=[0.0, 0.5, 0.0])
    out.root(out.add("nodes", name="spider", mesh=0, translation=[1.0, 0.0, 0.0], children=[leg]))
    out.root(door := out.add("nodes", name="door", mesh=0, translation=[5.0, 0.0, 0.0]))
    half = math.sqrt(0.5)
    turns = np.array([[0, 0, 0, 1], [0, half, 0, half]], "<f4")
    sampler = {"input": out.accessor(np.array([0.0, 2.0], "<f4")), "output": out.accessor(turns)}
    channel = {"sampler": 0, "target": {"node": door, "path": "rotation"}}
    out.add("animations", name="opens", samplers=[sampler], channels=[channel])
    return out


def test_the_eyes_are_where_the_camera_is(tmp_path: Path) -> None:
    scene = _scene(tmp_path, static_glb(6, 1, 60, 8, 0), '[place]\ncamera = "eye"')
    frame = scene.frame({"level": 0.0}, 0, 0.0, {})
    assert frame.eye_base_m == pytest.approx((0.0, 1.6 - 1.2, 3.5))
    assert frame.eye_yaw_deg == pytest.approx(0.0)


def test_nodes_are_shown_from_a_level_on_with_all_below_them(tmp_path: Path) -> None:
    rule = '[place]\neye_m = [0, 1.2, 3]\n[[place.shown]]\nnodes = ["spi*"]\nparameter = "level"\nfrom = 3\nuntil = 8'
    scene = _scene(tmp_path, _room().glb(), rule)
    items = {item.group: len(item.transforms) for item in scene.build(0).items}
    (group,) = (name for name in items if name != "static")
    assert items == {"static": 2, group: 2}
    shown = [group not in scene.frame({"level": level}, 0, 0.0, {}).hidden for level in (0.0, 2.9, 3.0, 7.9, 8.0)]
    assert shown == [False, False, True, True, False]


def test_a_parameter_moves_nodes_and_the_patient(tmp_path: Path) -> None:
    place = (
        '[place]\neye_m = [0, 1.2, 3]\n[[place.moved]]\nnodes = ["spider"]\nparameter = "level"\nby_m = [0, 0, 2]\n'
        '[place.eye_moved]\nparameter = "level"\nby_m = [0, 4, 0]'
    )
    scene = _scene(tmp_path, _room().glb(), place)
    frame = scene.frame({"level": 5.0}, 0, 0.0, {})
    assert frame.eye_base_m == pytest.approx((0.0, 2.0, 3.0))
    (moved,) = frame.moves.values()
    np.testing.assert_allclose(sorted(moved[:, :3, 3].tolist()), [[1.0, 0.0, 1.0], [1.0, 0.5, 1.0]], atol=1e-6)


def test_an_event_plays_its_clip_once(tmp_path: Path) -> None:
    place = '[place]\neye_m = [0, 1.2, 3]\n[place.clips]\nopen = "opens"\n[events]\nopen = "the door opens"'
    scene = _scene(tmp_path, _room().glb(), place)
    scene.build(0)
    at = {age: next(iter(scene.frame({}, 0, 50.0, events).moves.values()))[0] for age, events in
          ((None, {}), (1.0, {"open": 1.0}), (9.0, {"open": 9.0}))}  # fmt: skip
    np.testing.assert_allclose(at[None][:3, :3], np.eye(3), atol=1e-6)
    np.testing.assert_allclose(at[1.0][0, 2], math.sin(math.pi / 4.0), atol=1e-5)
    np.testing.assert_allclose(at[9.0][0, 2], 1.0, atol=1e-5)
    np.testing.assert_allclose(at[9.0][:3, 3], [5.0, 0.0, 0.0], atol=1e-6)


def test_a_mirrored_node_that_moves_stays_mirrored(tmp_path: Path) -> None:
    out = triangle()
    out.document["nodes"][0] |= {"scale": [-1.0, 1.0, 1.0], "translation": [2.0, 0.0, 0.0]}
    place = '[place]\neye_m = [0, 1.2, 3]\n[[place.moved]]\nnodes = ["sheet"]\nparameter = "level"\nby_m = [0, 0, 1]'
    scene = _scene(tmp_path, out.glb(), place)
    (item,) = scene.build(0).items
    (moved,) = scene.frame({"level": 0.0}, 0, 0.0, {}).moves.values()
    np.testing.assert_allclose(moved, item.transforms, atol=1e-6)


def test_bodies_walk_while_their_clip_loops_and_can_be_hidden(tmp_path: Path) -> None:
    place = (
        '[place]\neye_m = [0, 1.2, 3]\nloops = ["walk"]\n'
        '[[place.shown]]\nnodes = ["body 1"]\nparameter = "level"\nfrom = 5'
    )
    scene = _scene(tmp_path, characters_glb(600, 12, 0, count=2), place)
    early, later, again = (scene.frame({"level": 9.0}, 0, time_s, {}).poses for time_s in (0.1, 0.4, 0.1 + 1.1))
    assert set(early) == {"body 0", "body 1"}
    assert set(scene.frame({"level": 1.0}, 0, 0.1, {}).poses) == {"body 0"}
    assert np.abs(early["body 0"].joints - later["body 0"].joints).max() > 0.05
    np.testing.assert_allclose(early["body 0"].joints, again["body 0"].joints, atol=1e-4)
    assert early["body 0"].joints.shape == (1, 12, 4, 4)
    assert early["body 0"].morphs.shape == (1, 1)


def test_light_comes_from_the_place_and_from_parameters_of_the_same_name(tmp_path: Path) -> None:
    place = "[place]\neye_m = [0, 1.2, 3]\n[place.light]\nsun_elevation_deg = 12.0\ncloud_0to1 = 0.9"
    sun = '[parameters.sun_azimuth_deg]\nwords = "w"\ndefault = 5.0\nminimum = -90.0\nmaximum = 90.0'
    scene = _scene(tmp_path, triangle().glb(), place, sun)
    frame = scene.frame({"sun_azimuth_deg": 44.0}, 0, 0.0, {})
    assert (frame.sun.azimuth_deg, frame.sun.elevation_deg, frame.cloud_0to1) == (44.0, 12.0, 0.9)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("[place]", "either a camera or eye_m"),
        ('[place]\ncamera = "a"\neye_m = [0, 0, 0]', "either a camera or eye_m"),
        ("[place]\neye_m = [0, 0]", "eye_m"),
        ("[place]\neye_m = [0, 0, nan]", "eye_m"),
        ("[place]\neye_m = [0, 0, 0]\nhouse = 3", "house"),
        ('[place]\neye_m = [0, 0, 0]\n[place.clips]\ngo = "x"', "event 'go'"),
        (
            '[place]\neye_m = [0, 0, 0]\n[[place.shown]]\nnodes = ["a"]\nparameter = "p"\nfrom = 1',
            "no numeric parameter",
        ),
        (
            '[place]\neye_m = [0, 0, 0]\n[place.eye_moved]\nparameter = "level"\nby_m = [0, 999, 0]',
            "faster than 1.5 m/s",
        ),
        ("[place]\neye_m = [0, 0, 0]\n[place.light]\nhaze_0to1 = 3.0", "haze_0to1"),
        ('[place]\neye_m = [0, 0, 0]\n[events.go]\nwords = "w"\nneeds = { wind = [0, 1] }', "no parameter 'wind'"),
        ('[place]\neye_m = [0, 0, 0]\n[events.go]\nwords = "w"\nneeds = { level = [0.0, 99.0] }', "level of room lies"),
        ('[place]\neye_m = [0, 0, 0]\n[events.go]\nwords = "w"\nneeds = { level = [0.0] }', "two numbers or a list"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(place: str, said: str) -> None:
    with pytest.raises(ManifestError, match=said):
        parse_manifest("room", f'title = "t"\npurpose = "p"\n{place}\n{GRADED}', Path())


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ('[place]\ncamera = "window"', "no camera 'window'; the model has none"),
        ('[place]\neye_m = [0, 0, 0]\nloops = ["runs"]', "clip 'runs'; the model has opens"),
        (
            '[place]\neye_m = [0, 0, 0]\n[[place.shown]]\nnodes = ["cat*"]\nparameter = "level"\nfrom = 1',
            r"node 'cat\*'",
        ),
    ],
)
def test_names_that_the_model_does_not_have_are_refused(tmp_path: Path, place: str, said: str) -> None:
    with pytest.raises(GltfError, match=said):
        _scene(tmp_path, _room().glb(), place)


def test_a_bare_file_is_seen_from_its_first_camera_or_from_where_all_is_in_view(tmp_path: Path) -> None:
    with_camera, without = tmp_path / "a.glb", tmp_path / "b.glb"
    with_camera.write_bytes(static_glb(6, 1, 60, 8, 0))
    without.write_bytes(triangle().glb())
    assert file_view(with_camera, None, None)[0] == pytest.approx((0.0, 1.6, 3.5))
    assert file_view(with_camera, "eye", (1.0, 2.0, 3.0))[0] == (1.0, 2.0, 3.0)
    with pytest.raises(GltfError, match="no camera 'door'; the model has eye"):
        file_view(with_camera, "door", None)
    (x, y, z), yaw_deg, pitch_deg, fov_deg = file_view(without, None, None)
    reach = math.sqrt(0.5)
    apart = np.linalg.norm(np.array([x, y, z]) - [0.5, 0.5, 0.0])
    assert apart * math.sin(math.radians(fov_deg / 2.0)) >= reach
    assert yaw_deg == 0.0
    assert math.atan2(0.5 - y, z) == pytest.approx(math.radians(pitch_deg))
    assert len(file_scene(without).build(0).items) == 1
