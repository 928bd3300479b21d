"""From where a model is looked at when nobody says."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from environments.gltf.content import Content

Vector = tuple[float, float, float]

FOV_DEG = 75.0
_DOWN_DEG = -12.0


def angles_of(place: NDArray[np.float32]) -> tuple[float, float]:
    """Yaw (right +) and pitch (up +) in degrees of a camera-to-world matrix that looks along its own -z."""
    x, y, z = (-float(one) for one in place[:3, 2])
    return math.degrees(math.atan2(x, -z)), math.degrees(math.atan2(y, math.hypot(x, z)))


def bounds_m(content: Content) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and the highest corner (3,) of all that a model holds at rest."""
    corners = []
    for placed in content.placed:
        points = placed.item.mesh.positions_m
        box = np.array([points.min(axis=0), points.max(axis=0)], np.float64)
        eight = np.array([[box[i, 0], box[j, 1], box[k, 2], 1.0] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
        corners.append((placed.item.transforms.astype(np.float64) @ eight.T)[:, :3].transpose(0, 2, 1).reshape(-1, 3))
    for body in content.bodies:
        middle = body.place[:3, 3].astype(np.float64)
        reach = body.character.radius_m
        corners.append(np.array([middle - [reach, 0.0, reach], middle + reach]))
    points = np.concatenate(corners)
    return points.min(axis=0), points.max(axis=0)


def framed(content: Content) -> tuple[Vector, float, float, float]:
    """Eyes, yaw, pitch and field of view that have all of a model in the picture, from the front and a little above."""
    low, high = bounds_m(content)
    middle, reach = (low + high) / 2.0, max(float(np.linalg.norm(high - low)) / 2.0, 0.1)
    away = reach / math.sin(math.radians(FOV_DEG / 2.0)) * 1.05
    down = math.radians(_DOWN_DEG)
    x, y, z = middle + away * np.array([0.0, -math.sin(down), math.cos(down)])
    return (float(x), float(y), float(z)), 0.0, _DOWN_DEG, FOV_DEG
