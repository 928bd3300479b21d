"""The eyes of a headset: where each is, how it is turned, and the four sides of its picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from environments.render.matrices import FAR_M, NEAR_M, Camera, Matrix, Vector
from environments.render.model import Float32

CONE_STEP_RAD = 1.0 / 64.0
"""Cones around both eyes are told in these steps, rounded up, so that what is chosen for them can be kept."""

Tangents = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class EyeView:
    """One eye: `turned` (3, 3) and `offset_m` (3) from where the head rests, and the tangents of its picture's sides.

    The tangents are those of the angles to the left, right, lower and upper side; left and down are negative.  `hidden`
    are triangles (n, 3, 2) in tangents that the lenses hide.
    """

    turned: Matrix
    offset_m: Vector
    tangents: Tangents
    hidden: Float32 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Screen:
    projection: Matrix
    from_clip: Matrix
    across: float
    up: float


def eye_cameras(eyes: Sequence[EyeView], outer: Matrix, rest_m: Vector) -> list[Camera]:
    """The eyes as cameras, for a head that rests at `rest_m` and is turned by `outer` (3, 3) there."""
    turns = [outer @ eye.turned for eye in eyes]
    screens = [_screen(eye.tangents) for eye in eyes]
    rays = [turn @ screen.from_clip for turn, screen in zip(turns, screens, strict=True)]
    cone_rad = _cone_rad(rays)
    cameras = []
    for eye, turn, screen, ray in zip(eyes, turns, screens, rays, strict=True):
        eye_m = rest_m + outer @ eye.offset_m
        clip_from_world = np.empty((4, 4))
        clip_from_world[:, :3] = screen.projection[:, :3] @ turn.T
        clip_from_world[:, 3] = screen.projection[:, 3] - clip_from_world[:, :3] @ eye_m
        ray_from_clip = np.eye(4)
        ray_from_clip[:3, :3] = ray
        cameras.append(Camera(clip_from_world, ray_from_clip, eye_m, screen.across, screen.up, cone_rad))
    return cameras


def projection_of(tangents: Tangents) -> Matrix:
    """OpenGL projection (4, 4) of a picture with these sides, between `NEAR_M` and `FAR_M`."""
    left, right, down, up = tangents
    depth = FAR_M - NEAR_M
    matrix = np.zeros((4, 4))
    matrix[0, 0], matrix[0, 2] = 2.0 / (right - left), (right + left) / (right - left)
    matrix[1, 1], matrix[1, 2] = 2.0 / (up - down), (up + down) / (up - down)
    matrix[2, 2], matrix[2, 3] = -(FAR_M + NEAR_M) / depth, -2.0 * FAR_M * NEAR_M / depth
    matrix[3, 2] = -1.0
    return matrix


@lru_cache(maxsize=8)
def _screen(tangents: Tangents) -> _Screen:
    left, right, down, up = tangents
    from_clip = np.diag([(right - left) / 2.0, (up - down) / 2.0, -1.0])
    from_clip[:2, 2] = (right + left) / 2.0, (up + down) / 2.0
    return _Screen(projection_of(tangents), from_clip, (right - left) / 2.0, (up - down) / 2.0)


_CORNERS = np.array([[-1.0, 1.0, -1.0, 1.0], [-1.0, -1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]])


def middle_way(rays: Sequence[Matrix]) -> tuple[float, float, float]:
    """The unit direction between the middles of the eyes' pictures; each of `rays` gives directions from clip."""
    x = y = z = 0.0
    for one in rays:
        a, b, c = one[:3, 2].tolist()
        long = math.hypot(a, b, c)
        x, y, z = x + a / long, y + b / long, z + c / long
    long = math.hypot(x, y, z)
    return x / long, y / long, z / long


def _cone_rad(rays: Sequence[Matrix]) -> float:
    """Half the angle of the cone around `middle_way` that holds all corners of all pictures, rounded up."""
    corners = np.concatenate([one @ _CORNERS for one in rays], axis=1)
    along = np.array(middle_way(rays)) @ corners
    least = float((along / np.sqrt((corners * corners).sum(axis=0))).min())
    return math.ceil(math.acos(max(least, -1.0)) / CONE_STEP_RAD + 1e-6) * CONE_STEP_RAD
