"""Rotations as unit quaternions x, y, z, w in arrays (..., 4), and as matrices (..., 3, 3) that turn columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TINY = 1e-12
_NEARLY_ONE = 0.9995


def product(first: Floats, second: Floats) -> Floats:
    """The rotation `second` followed by `first`."""
    a, b = first[..., :3], second[..., :3]
    u, v = first[..., 3:], second[..., 3:]
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    out = np.empty(np.broadcast_shapes(first.shape, second.shape))
    out[..., :3] = u * b + v * a
    out[..., 0] += ay * bz - az * by
    out[..., 1] += az * bx - ax * bz
    out[..., 2] += ax * by - ay * bx
    out[..., 3] = u[..., 0] * v[..., 0] - (ax * bx + ay * by + az * bz)
    return out


def cross(first: Floats, second: Floats) -> Floats:
    """The cross product of vectors (..., 3)."""
    ax, ay, az = first[..., 0], first[..., 1], first[..., 2]
    bx, by, bz = second[..., 0], second[..., 1], second[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], -1)


def from_turns(turns_rad: Floats) -> Floats:
    """Rotations from vectors (..., 3): about the vector, by its length in radians."""
    half = 0.5 * np.sqrt(np.einsum("...i,...i->...", turns_rad, turns_rad)) + _TINY
    out = np.empty((*turns_rad.shape[:-1], 4))
    np.multiply(turns_rad, (0.5 * np.sin(half) / half)[..., None], out=out[..., :3])
    out[..., 3] = np.cos(half)
    return out


def matrices(rotations: Floats) -> Floats:
    """The matrices (..., 3, 3) of unit quaternions."""
    x, y, z, w = np.moveaxis(rotations, -1, 0)
    x2, y2, z2 = x + x, y + y, z + z
    xx, yy, zz = x * x2, y * y2, z * z2
    xy, xz, yz = x * y2, x * z2, y * z2
    wx, wy, wz = w * x2, w * y2, w * z2
    out = np.empty((*x.shape, 3, 3))
    out[..., 0, 0] = 1.0 - (yy + zz)
    out[..., 0, 1] = xy - wz
    out[..., 0, 2] = xz + wy
    out[..., 1, 0] = xy + wz
    out[..., 1, 1] = 1.0 - (xx + zz)
    out[..., 1, 2] = yz - wx
    out[..., 2, 0] = xz - wy
    out[..., 2, 1] = yz + wx
    out[..., 2, 2] = 1.0 - (xx + yy)
    return out


def normalized(rotations: Floats) -> Floats:
    """The same rotations with length 1."""
    size = np.sqrt(np.einsum("...i,...i->...", rotations, rotations))
    return np.asarray(rotations / np.maximum(size, _TINY)[..., None])


def slerp(start: Floats, end: Floats, part_0to1: Floats) -> Floats:
    """Evenly along the shorter arc (Shoemake 1985); `part_0to1` fits all axes but the last."""
    cosine = np.einsum("...i,...i->...", start, end)
    end = np.where(cosine[..., None] < 0.0, -end, end)
    cosine = np.minimum(np.abs(cosine), 1.0)
    angle = np.arccos(cosine)
    sine = np.sqrt(np.maximum(1.0 - cosine * cosine, _TINY))
    is_near = cosine > _NEARLY_ONE
    first = np.where(is_near, 1.0 - part_0to1, np.sin((1.0 - part_0to1) * angle) / sine)
    second = np.where(is_near, part_0to1, np.sin(part_0to1 * angle) / sine)
    return normalized(first[..., None] * start + second[..., None] * end)


def conjugate(rotations: Floats) -> Floats:
    """The inverse of unit quaternions."""
    return np.asarray(rotations * np.array([-1.0, -1.0, -1.0, 1.0]))


def angles_deg(first: Floats, second: Floats) -> Floats:
    """The angles between rotations, 0 to 180."""
    chord = np.minimum(np.linalg.norm(first - second, axis=-1), np.linalg.norm(first + second, axis=-1))
    return np.asarray(np.degrees(4.0 * np.arcsin(np.clip(0.5 * chord, 0.0, 1.0))))


def about_y(angles_rad: Floats) -> Floats:
    """Matrices (..., 3, 3) that turn +z towards +x by an angle."""
    cosine, sine = np.cos(angles_rad), np.sin(angles_rad)
    out = np.zeros((*angles_rad.shape, 3, 3))
    out[..., 0, 0] = out[..., 2, 2] = cosine
    out[..., 0, 2], out[..., 2, 0] = sine, -sine
    out[..., 1, 1] = 1.0
    return out


def about_y_then_x(yaws_rad: Floats, pitches_rad: Floats) -> Floats:
    """Matrices (..., 3, 3) that turn a look along +z to the left by a yaw and down by a pitch."""
    cy, sy, cp, sp = np.cos(yaws_rad), np.sin(yaws_rad), np.cos(pitches_rad), np.sin(pitches_rad)
    rows = [cy, sy * sp, sy * cp, np.zeros_like(cy), cp, -sp, -sy, cy * sp, cy * cp]
    return np.stack(rows, -1).reshape(*cy.shape, 3, 3)
