"""Directions from the patient's eyes: degrees, yaw positive to the right, pitch positive up; 0, 0 is straight ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Direction:
    """Where something lies, seen from the eyes."""

    yaw_deg: float
    pitch_deg: float


def vector_of(direction: Direction) -> Vector:
    """Unit vector of a direction; x right, y up, -z ahead."""
    yaw, pitch = math.radians(direction.yaw_deg), math.radians(direction.pitch_deg)
    return (math.sin(yaw) * math.cos(pitch), math.sin(pitch), -math.cos(yaw) * math.cos(pitch))


def direction_of(vector: Vector) -> Direction:
    """Direction of a vector of any length but 0."""
    x, y, z = vector
    return Direction(math.degrees(math.atan2(x, -z)), math.degrees(math.atan2(y, math.hypot(x, z))))


def angle_between_deg(one: Direction, other: Direction) -> float:
    """The angle between two directions, 0 to 180."""
    a, b = vector_of(one), vector_of(other)
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return math.degrees(math.atan2(math.hypot(*cross), _dot(a, b)))


def wrapped_deg(angle_deg: float) -> float:
    """The same angle between -180 (excluded) and 180."""
    return 180.0 - (180.0 - angle_deg) % 360.0


def on_plane(center: Direction, right: float, up: float) -> Direction:
    """Direction of a point of the plane that faces the eyes at `center`.

    `right` and `up` are tangents: metres on the plane over metres of distance to its centre.
    """
    ahead, across, above = _axes(center)
    x, y, z = (a + right * r + up * u for a, r, u in zip(ahead, across, above, strict=True))
    return direction_of((x, y, z))


def tangents_on(center: Direction, at: Direction) -> tuple[float, float] | None:
    """Where a direction meets the plane that faces the eyes at `center`; None when it never does."""
    ahead, across, above = (_dot(axis, vector_of(at)) for axis in _axes(center))
    return (across / ahead, above / ahead) if ahead > 1e-6 else None


def _axes(center: Direction) -> tuple[Vector, Vector, Vector]:
    yaw, pitch = math.radians(center.yaw_deg), math.radians(center.pitch_deg)
    across = (math.cos(yaw), 0.0, math.sin(yaw))
    above = (-math.sin(yaw) * math.sin(pitch), math.cos(pitch), math.cos(yaw) * math.sin(pitch))
    return vector_of(center), across, above


def _dot(one: Vector, other: Vector) -> float:
    return sum(p * q for p, q in zip(one, other, strict=True))


def under_pointer(head: Direction, x_0to1: float, y_0to1: float, aspect: float, vertical_fov_deg: float) -> Direction:
    """Direction under a point of the picture; `x_0to1` from the left, `y_0to1` from the top."""
    tangent = math.tan(math.radians(vertical_fov_deg) / 2.0)
    return on_plane(head, (2.0 * x_0to1 - 1.0) * tangent * aspect, (1.0 - 2.0 * y_0to1) * tangent)
