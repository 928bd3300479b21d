"""Poses of hands as matrices."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
import xr
from hypothesis import given
from hypothesis import strategies as st

from environments.display.openxr import fields
from environments.display.openxr.hands import LOCATION, VALID, XR_JOINTS, joints_of, matrices
from environments.interact.hands import JOINTS

parts = st.floats(-1.0, 1.0, width=32)
quaternions = st.tuples(parts, parts, parts, parts).filter(lambda q: sum(one * one for one in q) > 1e-3)


@given(st.lists(quaternions, min_size=1, max_size=26))
def test_turns_are_those_of_the_head_s(turns: list[tuple[float, ...]]) -> None:
    found = matrices(np.array(turns, np.float32), np.zeros((len(turns), 3), np.float32))
    for turn, matrix in zip(turns, found, strict=True):
        np.testing.assert_allclose(matrix[:3, :3], fields.turned(xr.Quaternionf(*turn)), atol=2e-6)
        np.testing.assert_allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=3e-6)


def locations() -> np.ndarray:
    made = np.zeros(XR_JOINTS, LOCATION)
    made["flags"], made["turn"][:, 3] = VALID, 1.0
    made["place"][:, 0] = np.arange(XR_JOINTS)
    return made


def test_the_palm_is_left_out_and_the_rest_keeps_openxr_s_order() -> None:
    joints = joints_of(locations())
    assert joints is not None
    assert joints.shape == (len(JOINTS), 4, 4)
    np.testing.assert_array_equal(joints[:, 0, 3], np.arange(1, XR_JOINTS))
    names = [one.name for one in xr.HandJointEXT][1:]
    fingers = {"LITTLE": "PINKY"}
    for ours, theirs in zip(JOINTS, names, strict=True):
        words = [fingers.get(word, word) for word in theirs.split("_")]
        assert all(word in ours.upper().replace("-", "_").split("_") for word in words), (ours, theirs)


@pytest.mark.parametrize("joint", [0, 5, 25])
def test_a_hand_with_a_joint_that_is_not_known_is_no_hand(joint: int) -> None:
    unknown = locations()
    unknown["flags"][joint] = 0
    assert joints_of(unknown) is None
    broken = locations()
    broken["place"][joint, 1] = np.nan
    assert joints_of(broken) is None


def test_locations_are_read_as_they_lie_in_memory() -> None:
    assert LOCATION.itemsize == ctypes.sizeof(xr.HandJointLocationEXT)
    one = xr.HandJointLocationEXT(
        xr.SpaceLocationFlags(VALID), xr.Posef(xr.Quaternionf(1, 2, 3, 4), xr.Vector3f(5, 6, 7))
    )
    (read,) = np.frombuffer((xr.HandJointLocationEXT * 1)(one), dtype=LOCATION)
    assert int(read["flags"]) == VALID
    assert (*read["turn"], *read["place"]) == (1, 2, 3, 4, 5, 6, 7)
