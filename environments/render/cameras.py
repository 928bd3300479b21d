"""The eyes of a view as cameras."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from environments.render import matrices
from environments.render.eyes import eye_cameras
from environments.render.item_units import STILL
from environments.render.matrices import Camera
from environments.render.model import SceneFrame
from environments.render.view import View


def cameras_of(view: View, moment: SceneFrame, eyes_m: Sequence[float], aspect: float) -> list[Camera]:
    """The eyes of a view: those of its headset, or each so far to the right of the middle of the head."""
    if view.eyes:
        outer = matrices.head_rotation(moment.eye_yaw_deg, 0.0)
        return eye_cameras(view.eyes, outer, matrices.head_place(moment, view.eye))
    rotation = matrices.eye_rotation(moment, view.eye)
    middle_m = matrices.eye_position(moment, view.eye)
    projection, (across, up) = _projection(view.vertical_fov_deg, aspect)
    ray_from_clip = np.eye(4)
    ray_from_clip[:3, :3] = rotation * (across, up, -1.0)
    turned = projection[:, :3] @ rotation.T
    cone_rad = math.atan(math.hypot(across, up))
    cameras = []
    for sideways_m in eyes_m:
        eye_m = middle_m + rotation[:, 0] * sideways_m
        clip_from_world = np.empty((4, 4))
        clip_from_world[:, :3] = turned
        clip_from_world[:, 3] = projection[:, 3] - turned @ eye_m
        cameras.append(Camera(clip_from_world, ray_from_clip, eye_m, across, up, cone_rad))
    return cameras


def shown_in(moment: SceneFrame, view: View) -> SceneFrame:
    """The moment without its place where the patient's own room is seen instead."""
    return replace(moment, hidden=moment.hidden | {STILL}) if view.is_see_through else moment


@lru_cache(maxsize=8)
def _projection(vertical_fov_deg: float, aspect: float) -> tuple[matrices.Matrix, tuple[float, float]]:
    """The projection, and how far the middles of its sides are from its own at 1 m."""
    projection = matrices.perspective(vertical_fov_deg, aspect)
    return projection, (1.0 / float(projection[0, 0]), 1.0 / float(projection[1, 1]))
