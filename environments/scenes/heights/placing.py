"""Matrices of many upright bodies at once."""

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


def rotations(axis: str, angles_deg: Float64) -> Float32:
    """Matrices (k, 4, 4) that turn about the axis "x" or "z", by the right-hand rule."""
    cosine, sine = np.cos(np.radians(angles_deg)), np.sin(np.radians(angles_deg))
    first, second = {"x": (1, 2), "z": (0, 1)}[axis]
    out = np.zeros((len(angles_deg), 4, 4), np.float32)
    out[:] = np.eye(4)
    out[:, first, first] = out[:, second, second] = cosine
    out[:, second, first], out[:, first, second] = sine, -sine
    return out
