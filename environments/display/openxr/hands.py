"""Hands as OpenXR tracks them: joints and poses as matrices for the hands that are drawn."""

from __future__ import annotations

import contextlib
import ctypes
from ctypes import byref
from typing import Any

import numpy as np
import xr
from numpy.typing import NDArray

from environments.display.openxr.bindings import HAND_TRACKING
from environments.display.openxr.calls import LOST, checked
from environments.interact.hands import JOINTS, Side, TrackedHand
from environments.render.model import Float32

XR_JOINTS = len(JOINTS) + 1
"""OpenXR's joints: the palm, then those of `JOINTS` in their order (XR_EXT_hand_tracking)."""

VALID = xr.SpaceLocationFlags.ORIENTATION_VALID_BIT.value | xr.SpaceLocationFlags.POSITION_VALID_BIT.value

LOCATION = np.dtype([("flags", "<u8"), ("turn", "<f4", 4), ("place", "<f4", 3), ("radius", "<f4")])
"""XrHandJointLocationEXT as it lies in memory; `turn` is a quaternion (x, y, z, w)."""

_TINY = np.float32(1e-12)
_UNTURNED = np.eye(3, dtype=np.float32)


def _turning() -> Float32:
    """What products of a unit quaternion's parts (16) add to the parts of its rotation (9) beside the identity."""
    x, y, z, w = range(4)
    made = np.zeros((3, 3, 4, 4), np.float32)
    for axis, (one, other) in enumerate(((y, z), (x, z), (x, y))):
        made[axis, axis, one, one] = made[axis, axis, other, other] = -2.0
    for row, column, (one, other), around, sign in (
        (0, 1, (x, y), z, -2.0),
        (0, 2, (x, z), y, 2.0),
        (1, 2, (y, z), x, -2.0),
    ):
        made[row, column, one, other] = made[column, row, one, other] = 2.0
        made[row, column, around, w], made[column, row, around, w] = sign, -sign
    return np.ascontiguousarray(made.reshape(9, 16).T)


_TURNING = _turning()
_SIDES = {Side.LEFT: xr.HandEXT.LEFT, Side.RIGHT: xr.HandEXT.RIGHT}


def matrices(turns: NDArray[Any], places: NDArray[Any]) -> Float32:
    """Matrices (n, 4, 4) of poses: quaternions (n, 4; x, y, z, w), brought to length 1, and places (n, 3) in metres."""
    squares = (turns * turns).sum(axis=1, keepdims=True)
    products = (turns[:, :, None] * turns[:, None, :]).reshape(len(turns), 16) / np.maximum(squares, _TINY)
    made = np.zeros((len(turns), 4, 4), np.float32)
    made[:, :3, :3] = (products @ _TURNING).reshape(-1, 3, 3) + _UNTURNED
    made[:, :3, 3], made[:, 3, 3] = places, 1.0
    return made


def joints_of(locations: NDArray[Any]) -> Float32 | None:
    """The joints (25, 4, 4) in the order of `JOINTS`; None unless every one of the 26 (dtype `LOCATION`) is known."""
    if bool(((locations["flags"] & VALID) != VALID).any()):
        return None
    if not bool(np.isfinite(locations["turn"]).all() and np.isfinite(locations["place"]).all()):
        return None
    return matrices(locations["turn"][1:], locations["place"][1:])


class HandTrackers:
    """The trackers of both hands, where the runtime has them; hands that cannot be tracked are not there."""

    def __init__(self, session: xr.Session, extensions: frozenset[str]) -> None:
        self._trackers: dict[Side, _Tracker] = {}
        if HAND_TRACKING not in extensions:
            return
        for side, hand in _SIDES.items():
            with contextlib.suppress(xr.FeatureUnsupportedError, xr.FunctionUnsupportedError):
                self._trackers[side] = _Tracker(session, hand)

    def seen(self, time: int, base_space: xr.Space) -> dict[Side, TrackedHand]:
        """The hands that are tracked at a time, relative to a space."""
        found = {}
        for side, tracker in self._trackers.items():
            joints = tracker.joints(time, base_space)
            if joints is not None:
                found[side] = TrackedHand(side, joints)
        return found

    def close(self) -> None:
        """Destroy the trackers; those of a lost session are gone already."""
        while self._trackers:
            _, tracker = self._trackers.popitem()
            with contextlib.suppress(xr.exception.XrException):
                xr.destroy_hand_tracker_ext(tracker.handle)


class _Tracker:
    """One hand's tracker with the structures that are used again in every frame."""

    def __init__(self, session: xr.Session, hand: xr.HandEXT) -> None:
        self.handle = xr.create_hand_tracker_ext(session, xr.HandTrackerCreateInfoEXT(hand=hand))
        address = xr.get_instance_proc_addr(session.instance, "xrLocateHandJointsEXT")
        self._locate = ctypes.cast(address, xr.PFN_xrLocateHandJointsEXT)
        self._array = (xr.HandJointLocationEXT * XR_JOINTS)()
        self._info = xr.HandJointsLocateInfoEXT()
        self._located = xr.HandJointLocationsEXT(joint_locations=self._array)
        self._view = np.frombuffer(self._array, dtype=LOCATION)

    def joints(self, time: int, base_space: xr.Space) -> Float32 | None:
        self._info.base_space, self._info.time = base_space, time
        try:
            checked(xr.Result(self._locate(self.handle, byref(self._info), byref(self._located))))
        except LOST:
            raise
        except xr.exception.XrException:
            return None
        return joints_of(self._view) if self._located.is_active else None
