"""How people hold themselves when nothing moves: standing with hanging arms, or seated with hands on the thighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.animation.anatomy import Part
from environments.animation.quaternions import Floats
from environments.animation.rig import JointPoses, Joints, Rig


@dataclass(frozen=True, slots=True)
class Posture:
    """Ways of the left arm's two bones (x to the left, y up, z ahead), the trunk's bend, where hips and feet are.

    `hips_m` is the height of the hip joints over the ground, or None for the skeleton's own; `feet_ahead_m` is how
    far the ankles are in front of where they are at rest.
    """

    upper_arm: tuple[float, float, float]
    forearm: tuple[float, float, float]
    slouch_deg: float = 0.0
    hips_m: float | None = None
    feet_ahead_m: float = 0.0


STANDING = Posture((0.13, -1.0, 0.0), (0.05, -1.0, 0.16))
SEATED = Posture((0.16, -0.93, 0.3), (-0.15, -0.32, 0.92), slouch_deg=5.0, hips_m=0.51, feet_ahead_m=0.4)


def held(rig: Rig, joints: Joints, posture: Posture) -> JointPoses:
    """One body in a posture, its hips moved; the legs are for feet to pull."""
    pose = rig.rest(1)
    places = rig.rest_globals[:, :3, 3]
    for offset, mirror in ((0, 1.0), (1, -1.0)):
        chain = [joints[part + offset] for part in (Part.LEFT_UPPER_ARM, Part.LEFT_FOREARM, Part.LEFT_HAND)]
        if min(chain) < 0:
            continue
        upper, lower, hand = (places[joint] for joint in chain)
        sides = np.array([mirror, 1.0, 1.0])
        first = arc(lower - upper, np.array(posture.upper_arm) * sides)
        second = arc(hand - lower, turned(-first, np.array(posture.forearm) * sides))
        rig.turn(pose, np.array(chain[:2]), np.stack([first, second])[None])
    _slouch(rig, pose, joints, np.radians(posture.slouch_deg))
    if posture.hips_m is not None and joints[Part.LEFT_THIGH] >= 0:
        drop_m = posture.hips_m - places[joints[Part.LEFT_THIGH], 1]
        rig.shift(pose, int(joints[Part.HIPS]), np.array([[0.0, drop_m, 0.0]]))
    return pose


def _slouch(rig: Rig, pose: JointPoses, joints: Joints, angle_rad: float) -> None:
    for part, share in ((Part.HIPS, -1.6), (Part.SPINE, 1.6), (Part.CHEST, 1.0), (Part.NECK, -1.0)):
        if joints[part] >= 0:
            rig.turn(pose, joints[[part]], np.array([[[share * angle_rad, 0.0, 0.0]]]))


def arc(start: Floats, end: Floats) -> Floats:
    """The shortest turn (3,) from one direction to another: its axis times its angle."""
    axis = np.cross(start, end)
    size = float(np.linalg.norm(axis))
    angle = float(np.arctan2(size, start @ end))
    return np.asarray(axis * (angle / size)) if size > 1e-9 else np.zeros(3)


def turned(turn_rad: Floats, way: Floats) -> Floats:
    """A vector turned about another (Rodrigues 1840)."""
    angle = float(np.linalg.norm(turn_rad))
    if angle < 1e-9:
        return way
    axis = turn_rad / angle
    along = axis * (axis @ way) * (1.0 - np.cos(angle))
    return np.asarray(way * np.cos(angle) + np.cross(axis, way) * np.sin(angle) + along)
