"""Poses and fields of view of OpenXR as matrices and angles.  Pure."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from environments.player_input import Head
from environments.render.eyes import Tangents
from environments.render.matrices import Matrix, Vector


class Quaternion(Protocol):
    """The parts that `turned` reads."""

    x: float
    y: float
    z: float
    w: float


class Place(Protocol):
    """The parts that `vector` reads."""

    x: float
    y: float
    z: float


class Field(Protocol):
    """The four angles of a picture's sides in radians; left and down are negative."""

    angle_left: float
    angle_right: float
    angle_down: float
    angle_up: float


def turned(one: Quaternion) -> Matrix:
    """Rotation (3, 3) of a quaternion, which is brought to length 1; one of length 0 turns nothing."""
    x, y, z, w = one.x, one.y, one.z, one.w
    square = x * x + y * y + z * z + w * w
    if square < 1e-12:
        return np.eye(3)
    s = 2.0 / square
    return np.array(
        [
            [1.0 - s * (y * y + z * z), s * (x * y - z * w), s * (x * z + y * w)],
            [s * (x * y + z * w), 1.0 - s * (x * x + z * z), s * (y * z - x * w)],
            [s * (x * z - y * w), s * (y * z + x * w), 1.0 - s * (x * x + y * y)],
        ]
    )


def vector(place: Place) -> Vector:
    """A place (3) in metres."""
    return np.array([place.x, place.y, place.z])


def tangents(field: Field) -> Tangents:
    """Tangents of the angles to the left, right, lower and upper side."""
    return (
        math.tan(field.angle_left),
        math.tan(field.angle_right),
        math.tan(field.angle_down),
        math.tan(field.angle_up),
    )


def head_of(turn: Matrix, offset_m: Vector, *, is_worn: bool, is_tracked: bool, is_focused: bool) -> Head:
    """The head in the player's angles: yaw to the right, pitch up and roll clockwise in degrees."""
    (_, _, sin_yaw), (minus_roll, cos_roll, minus_pitch), (_, _, cos_yaw) = turn.tolist()
    x, y, z = offset_m.tolist()
    return Head(
        yaw_deg=-math.degrees(math.atan2(sin_yaw, cos_yaw)),
        pitch_deg=math.degrees(math.asin(min(max(-minus_pitch, -1.0), 1.0))),
        roll_deg=-math.degrees(math.atan2(minus_roll, cos_roll)),
        offset_m=(x, y, z),
        is_worn=is_worn,
        is_tracked=is_tracked,
        is_focused=is_focused,
    )


def heading_quaternion(turn: Matrix) -> tuple[float, float, float, float]:
    """The turn about the vertical alone, as (x, y, z, w)."""
    half = math.atan2(float(turn[0, 2]), float(turn[2, 2])) / 2.0
    return 0.0, math.sin(half), 0.0, math.cos(half)


def resting_quaternion(turn: Matrix) -> tuple[float, float, float, float]:
    """The turn of a head that lies, with its roll taken out where it does not look straight up or down."""
    ahead = -turn[:, 2]
    level = math.hypot(float(ahead[0]), float(ahead[2]))
    if level < math.sin(math.radians(20.0)):
        return quaternion_of(turn)
    right = np.array([-ahead[2], 0.0, ahead[0]]) / level
    return quaternion_of(np.column_stack([right, np.cross(right, ahead), -ahead]))


def quaternion_of(turn: Matrix) -> tuple[float, float, float, float]:
    """The quaternion (x, y, z, w) of a rotation (3, 3), from its largest part (Shepperd 1978)."""
    (a, b, c), (d, e, f), (g, h, i) = turn.tolist()
    squares = (1.0 + a - e - i, 1.0 - a + e - i, 1.0 - a - e + i, 1.0 + a + e + i)
    rows = (
        (squares[0], b + d, c + g, h - f),
        (b + d, squares[1], f + h, c - g),
        (c + g, f + h, squares[2], d - b),
        (h - f, c - g, d - b, squares[3]),
    )
    best = max(range(4), key=squares.__getitem__)
    scale = 0.5 / math.sqrt(squares[best])
    x, y, z, w = (part * scale for part in rows[best])
    return x, y, z, w
