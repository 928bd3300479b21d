"""Clips are read as glTF 2.0 defines them, for many bodies at once; blends and layers do what they say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from environments.animation import quaternions
from environments.animation.blending import blended, fade_0to1, layered
from environments.animation.rig import Rig, local_matrices
from environments.animation.sampling import ClipReader, sampled
from environments.gltf.content import Channel, ChannelPath, Clip, Interpolation
from tests.animation.bodies import NAMES, PLACES, skeleton

Floats = NDArray[np.float64]
HEAD, NECK = NAMES.index("head"), NAMES.index("neck")


def about_y(*angles_deg: float) -> Floats:
    """Quaternions about y."""
    half = np.radians(np.array(angles_deg)) / 2.0
    return np.stack([0.0 * half, np.sin(half), 0.0 * half, np.cos(half)], -1)


def channel(
    path: ChannelPath, times_s: ArrayLike, values: ArrayLike, how: Interpolation = "LINEAR", target: int = HEAD
) -> Channel:
    return Channel(target, path, np.asarray(times_s, np.float32), np.asarray(values, np.float32), how)


def read(*channels: Channel) -> ClipReader:
    return ClipReader(Clip("clip", max(float(one.times_s[-1]) for one in channels), channels))


@pytest.fixture(scope="module")
def rig() -> Rig:
    return Rig(skeleton())


def test_rest_pose_puts_every_joint_where_it_was_bound(rig: Rig) -> None:
    assert np.abs(rig.rest_globals[:, :3, 3] - PLACES).max() < 1e-6
    assert np.abs(rig.palettes(rig.rest_globals[None]) - np.eye(4)).max() < 1e-6


def test_levels_give_the_same_as_going_joint_by_joint(rig: Rig) -> None:
    rng = np.random.default_rng(2)
    pose = rig.rest(4)
    pose.rotations[:] = quaternions.normalized(rng.normal(size=pose.rotations.shape))
    pose.scales[:] = rng.uniform(0.5, 1.5, pose.scales.shape)
    locals_ = local_matrices(pose)
    slow = locals_.copy()
    for joint, parent in enumerate(rig.parents):
        if parent >= 0:
            slow[:, joint] = slow[:, parent] @ locals_[:, joint]
    assert np.allclose(rig.globals_of(locals_), slow)


def test_a_turn_is_about_the_axes_of_the_body_whatever_the_axes_of_the_joints() -> None:
    places = []
    for turned in (False, True):
        one = Rig(skeleton(turned))
        pose = one.rest(1)
        one.turn(pose, np.array([NAMES.index("chest")]), np.radians([[[0.0, 30.0, 0.0]]]))
        one.turn(pose, np.array([NAMES.index("left_upper_arm")]), np.radians([[[-40.0, 0.0, 10.0]]]))
        one.shift(pose, NAMES.index("hips"), np.array([[0.1, 0.2, 0.3]]))
        places.append(one.globals_of(local_matrices(pose))[0, :, :3, 3])
    assert np.abs(places[0] - places[1]).max() < 1e-6
    assert places[0][NAMES.index("hips")] == pytest.approx(PLACES[NAMES.index("hips")] + (0.1, 0.2, 0.3))


def test_linear_turns_evenly_along_the_shorter_arc(rig: Rig) -> None:
    keys = about_y(0.0, 80.0)
    keys[1] *= -1.0  # the same rotation, told the other way round
    clip = read(channel("rotation", [0.0, 2.0], keys))
    pose = sampled(rig, clip, np.array([0.0, 0.5, 1.0, 1.5]))
    assert quaternions.angles_deg(pose.rotations[:, HEAD], about_y(0.0, 20.0, 40.0, 60.0)).max() < 1e-3


def test_step_holds_until_the_next_key(rig: Rig) -> None:
    clip = read(channel("translation", [0.0, 1.0, 2.0], [[0, 0, 0], [1, 0, 0], [2, 0, 0]], "STEP"))
    pose = sampled(rig, clip, np.array([0.0, 0.99, 1.0, 1.7]))
    assert pose.translations_m[:, HEAD, 0] == pytest.approx([0.0, 0.0, 1.0, 1.0])


def test_cubic_spline_follows_its_tangents(rig: Rig) -> None:
    # x = t^3 from 0 to 2 s: its derivative is 3 t^2.
    keys = [[[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[12, 0, 0], [8, 0, 0], [0, 0, 0]]]
    clip = read(channel("translation", [0.0, 2.0], keys, "CUBICSPLINE"))
    times_s = np.array([0.0, 0.3, 1.0, 1.9])
    assert sampled(rig, clip, times_s).translations_m[:, HEAD, 0] == pytest.approx(times_s**3, abs=1e-6)


def test_cubic_rotations_have_length_one(rig: Rig) -> None:
    still = np.zeros((2, 4))
    keys = np.stack([still, about_y(0.0, 170.0), still], axis=1)
    clip = read(channel("rotation", [0.0, 1.0], keys, "CUBICSPLINE"))
    pose = sampled(rig, clip, np.linspace(0.0, 0.999, 20))
    assert np.linalg.norm(pose.rotations[:, HEAD], axis=-1) == pytest.approx(np.ones(20))


def test_clip_begins_anew_or_stays_at_its_end(rig: Rig) -> None:
    clip = read(channel("scale", [0.0, 1.0], [[1, 1, 1], [2, 2, 2]]))
    times_s = np.array([2.25, 0.25, -0.75])
    assert sampled(rig, clip, times_s).scales[:, HEAD, 0] == pytest.approx([1.25, 1.25, 1.25])
    assert sampled(rig, clip, times_s, loops=False).scales[:, HEAD, 0] == pytest.approx([2.0, 1.25, 1.0])


def test_curves_hold_still_outside_their_keys(rig: Rig) -> None:
    late = channel("translation", [1.0, 2.0], [[1, 0, 0], [2, 0, 0]])
    clip = read(late, channel("translation", [0.0, 4.0], [[0, 0, 0], [4, 0, 0]], target=NECK))
    pose = sampled(rig, clip, np.array([0.2, 3.5]))
    assert pose.translations_m[:, HEAD, 0] == pytest.approx([1.0, 2.0])
    assert pose.translations_m[:, NECK, 0] == pytest.approx([0.2, 3.5])


def test_single_key_is_a_pose(rig: Rig) -> None:
    clip = read(channel("translation", [0.0], [[3, 0, 0]]))
    assert sampled(rig, clip, np.array([0.0, 7.0])).translations_m[:, HEAD, 0] == pytest.approx([3.0, 3.0])


def test_weights_are_read_for_every_body() -> None:
    clip = read(channel("weights", [0.0, 1.0], [[0.0, 1.0], [1.0, 0.0]], target=0))
    morphs = np.full((2, 3), 0.5)
    clip.weights(morphs, np.array([0.0, 0.25]))
    assert morphs == pytest.approx(np.array([[0.0, 1.0, 0.5], [0.25, 0.75, 0.5]]))


def test_cross_fade_begins_with_one_pose_and_ends_with_the_other(rig: Rig) -> None:
    first, second = rig.rest(3), rig.rest(3)
    second.rotations[:, HEAD] = about_y(60.0, 60.0, 60.0)
    first.rotations[:, HEAD] = about_y(0.0, 0.0, 0.0)
    parts = fade_0to1(np.array([-1.0, 0.15, 0.3]), 0.3)
    assert parts == pytest.approx([0.0, 0.5, 1.0])
    mixed = blended(first, second, parts)
    assert quaternions.angles_deg(mixed.rotations[:, HEAD], about_y(0.0, 30.0, 60.0)).max() < 1e-3


def test_layer_adds_its_difference_to_the_masked_joints_alone(rig: Rig) -> None:
    base, layer, reference = rig.rest(1), rig.rest(1), rig.rest(1)
    base.rotations[:, HEAD] = about_y(20.0)
    reference.rotations[:, HEAD] = about_y(5.0)
    layer.rotations[:, HEAD] = about_y(35.0)
    layer.translations_m[:, NECK] += 1.0
    mask = np.zeros(rig.count)
    mask[HEAD] = 0.5
    out = layered(base, layer, reference, mask)
    assert quaternions.angles_deg(out.rotations[:, HEAD], about_y(35.0)).max() < 1e-3
    assert np.array_equal(out.translations_m, base.translations_m)
