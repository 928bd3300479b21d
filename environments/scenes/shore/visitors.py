"""What comes and goes on the shore: gulls and a boat, placed by the age of their event."""

from __future__ import annotations

import math

import numpy as np

from environments.render.model import Float32

GULLS_S, SAIL_S = 46.0, 240.0
_GULLS = 5


def _turned(yaw: float, bank: float, flap: float = 0.0) -> np.ndarray:
    """Rotation (3, 3): flap and bank about the flight axis z, then heading about y."""
    roll = bank + flap
    about_z = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    about_y = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
    return np.asarray(about_y @ about_z)


def _pose(rotation: np.ndarray, place: np.ndarray) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation, place
    return matrix


def gull_poses(age_s: float | None) -> dict[str, Float32]:
    """Bodies and wings of a loose flock that crosses from right to left; empty when none is there."""
    if age_s is None or not 0.0 <= age_s < GULLS_S:
        return {}
    poses: dict[str, list[np.ndarray]] = {"gull bodies": [], "gull left wings": [], "gull right wings": []}
    for bird in range(_GULLS):
        ahead = age_s * 7.0 - 150.0 - 7.0 * bird - 4.0 * math.sin(bird * 2.1)
        weave = 0.10 * age_s + bird
        place = np.array(
            [-ahead, 4.5 + 0.8 * bird + 0.8 * math.sin(weave * 1.7), -15.0 - 3.5 * bird + 3.0 * math.sin(weave)]
        )
        yaw = math.pi / 2.0 + 0.12 * math.cos(weave)
        bank = 0.12 + 0.25 * math.sin(weave * 1.3)
        beat = max(math.sin(age_s * 0.55 + bird * 1.9), 0.0) * 0.55 * math.sin(age_s * 7.0 + bird)
        poses["gull bodies"].append(_pose(_turned(yaw, bank), place))
        poses["gull left wings"].append(_pose(_turned(yaw, bank, -beat), place))
        poses["gull right wings"].append(_pose(_turned(yaw, bank, beat), place))
    return {group: np.stack(matrices).astype(np.float32) for group, matrices in poses.items()}


def boat_pose(age_s: float | None) -> dict[str, Float32]:
    """A boat that comes in out of the haze, passes from left to right and goes; empty when none is there."""
    if age_s is None or not 0.0 <= age_s < SAIL_S:
        return {}
    part = age_s / SAIL_S
    place = np.array([-800.0 + 1300.0 * part, 0.1 * math.sin(age_s * 0.9), -150.0 - 3000.0 * (part - 0.62) ** 2])
    yaw = -math.atan2(-6000.0 * (part - 0.62), 1300.0)
    heel = 0.10 + 0.02 * math.sin(age_s * 0.7)
    about_x = np.array([[1, 0, 0], [0, math.cos(heel), -math.sin(heel)], [0, math.sin(heel), math.cos(heel)]])
    return {"boat": _pose(_turned(yaw, 0.0) @ about_x, place)[None].astype(np.float32)}
