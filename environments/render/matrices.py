"""Row-major 4 x 4 matrices of cameras and lights, column vectors: `clip = matrix @ point`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.render.model import EyePose, SceneFrame

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

NEAR_M = 0.08
FAR_M = 40_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """One eye: clip from world, directions from clip (the projection undone, then turned), and where it is.

    `across` and `up` are half the picture's width and height at 1 m.  `cone_rad` is half the angle of the cone around
    the middles of all eyes' pictures that holds their corners.
    """

    clip_from_world: Matrix
    ray_from_clip: Matrix
    eye_m: Vector
    across: float
    up: float
    cone_rad: float


def perspective(vertical_fov_deg: float, aspect: float) -> Matrix:
    """OpenGL perspective between `NEAR_M` and `FAR_M`."""
    scale = 1.0 / math.tan(math.radians(vertical_fov_deg) / 2.0)
    depth = FAR_M - NEAR_M
    matrix = np.zeros((4, 4))
    matrix[0, 0], matrix[1, 1] = scale / aspect, scale
    matrix[2, 2], matrix[2, 3] = -(FAR_M + NEAR_M) / depth, -2.0 * FAR_M * NEAR_M / depth
    matrix[3, 2] = -1.0
    return matrix


def head_rotation(yaw_deg: float, pitch_deg: float, roll_deg: float = 0.0) -> Matrix:
    """Camera-to-world rotation (3, 3): yaw right, pitch up and roll clockwise are positive."""
    a, b, c = math.radians(-yaw_deg), math.radians(pitch_deg), math.radians(-roll_deg)
    sin_a, cos_a, sin_b, cos_b, sin_c, cos_c = (
        math.sin(a),
        math.cos(a),
        math.sin(b),
        math.cos(b),
        math.sin(c),
        math.cos(c),
    )
    return np.array(
        [
            [cos_a * cos_c + sin_a * sin_b * sin_c, sin_a * sin_b * cos_c - cos_a * sin_c, sin_a * cos_b],
            [cos_b * sin_c, cos_b * cos_c, -sin_b],
            [cos_a * sin_b * sin_c - sin_a * cos_c, sin_a * sin_c + cos_a * sin_b * cos_c, cos_a * cos_b],
        ]
    )


def eye_position(frame: SceneFrame, eye: EyePose, sideways_m: float = 0.0) -> Vector:
    """Where an eye is in the world, `sideways_m` to the right of the middle of the head."""
    middle = head_place(frame, eye)
    if any(eye.offset_m):
        middle += head_rotation(frame.eye_yaw_deg, 0.0) @ np.array(eye.offset_m)
    return middle + eye_rotation(frame, eye)[:, 0] * sideways_m if sideways_m else middle


def head_place(frame: SceneFrame, eye: EyePose) -> Vector:
    """Where the head is while it leans nowhere."""
    x, y, z = frame.eye_base_m
    return np.array([x, y + (eye.eye_height_m if frame.eye_height_m is None else frame.eye_height_m), z])


def eye_rotation(frame: SceneFrame, eye: EyePose) -> Matrix:
    """The head's camera-to-world rotation (3, 3), the scene's own heading included."""
    return head_rotation(frame.eye_yaw_deg + eye.yaw_deg, eye.pitch_deg, eye.roll_deg)


def light_from_world(direction: Vector, center_m: Vector, radius_m: float, depth_m: float, texels: int) -> Matrix:
    """Orthographic clip matrix of a shadow map seen from `direction`, snapped to whole texels."""
    up = np.array([0.0, 1.0, 0.0]) if abs(direction[1]) < 0.99 else np.array([0.0, 0.0, 1.0])
    right = np.cross(up, direction)
    right /= np.linalg.norm(right)
    rows = np.stack([right, np.cross(direction, right), direction])
    local = rows @ center_m
    texel_m = 2.0 * radius_m / texels
    local[:2] = np.round(local[:2] / texel_m) * texel_m
    matrix = np.eye(4)
    matrix[:3, :3] = rows
    matrix[:3, 3] = -local
    return np.asarray(np.diag([1.0 / radius_m, 1.0 / radius_m, -1.0 / depth_m, 1.0]) @ matrix)


def frustum_planes(clip_from_world: Matrix) -> Matrix:
    """The six planes (6, 4) of a clip matrix, normalised, pointing inwards."""
    planes = np.concatenate([clip_from_world[3] + clip_from_world[:3], clip_from_world[3] - clip_from_world[:3]])
    return np.asarray(planes / np.sqrt((planes[:, :3] ** 2).sum(axis=1, keepdims=True)))


def direction(azimuth_deg: float, elevation_deg: float) -> Vector:
    """Unit vector; azimuth 0 is -z, positive to the right."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    level = math.cos(elevation)
    return np.array([math.sin(azimuth) * level, math.sin(elevation), -math.cos(azimuth) * level])
