"""Matrices of many upright bodies at once, and of the shade that lies under them."""

from __future__ import annotations

import numpy as np

from environments.render.model import Float32
from environments.render.shapes import Float64


def standing_at(rows: Float64, height_m: float, scale: Float64 | float = 1.0) -> Float32:
    """Object-to-world (k, 4, 4) of bodies at rows of x, z and the unit way they face (x, z)."""
    out = np.zeros((len(rows), 4, 4), np.float32)
    out[:, 0, 3], out[:, 1, 3], out[:, 2, 3] = rows[:, 0], height_m, rows[:, 1]
    out[:, 0, 0] = out[:, 2, 2] = rows[:, 3] * scale
    out[:, 0, 2] = rows[:, 2] * scale
    out[:, 2, 0] = -out[:, 0, 2]
    out[:, 1, 1], out[:, 3, 3] = scale, 1.0
    return out


def hung_on(bodies: Float32, joint_m: Float64, forward_rad: Float64) -> Float32:
    """Parts (n, 4, 4) that hang on standing bodies (n, 4, 4) at `joint_m` (n, 3) and swing forward."""
    cos, sin = np.cos(forward_rad).astype(np.float32), np.sin(forward_rad).astype(np.float32)
    out = bodies.copy()
    up, ahead = bodies[:, :3, 1], bodies[:, :3, 2]
    out[:, :3, 1] = up * cos[:, None] - ahead * sin[:, None]
    out[:, :3, 2] = up * sin[:, None] + ahead * cos[:, None]
    out[:, :3, 3] += np.einsum("nij,nj->ni", bodies[:, :3, :3], joint_m)
    return out


def shade_matrix(sun_way: Float64, lift_m: float) -> Float32:
    """Presses things flat on the ground along the sun's rays: the shadow of what moves."""
    x, _, z = sun_way / max(float(sun_way[1]), 0.25)
    matrix = np.eye(4, dtype=np.float32)
    matrix[0, 1], matrix[1, 1], matrix[2, 1] = -x, 0.0, -z
    matrix[1, 3] = lift_m
    return matrix
