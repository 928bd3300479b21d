"""Object-to-world matrices as sixteen numbers, row by row: cheap to make one by one, made an array all at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from environments.render.model import Float32

Row = tuple[float, ...]
Place = tuple[float, float, float]


def placed(
    spot: Place, facing_deg: float, size: float, *, tip_deg: float = 0.0, roll_deg: float = 0.0, tall: float = 1.0
) -> Row:
    """Rolled about z, tipped forwards about x, then turned about the upright axis; `tall` stretches what is upright."""
    turn, tip, roll = math.radians(facing_deg), math.radians(tip_deg), math.radians(roll_deg)
    c, s = math.cos(turn), math.sin(turn)
    ca, sa, cr, sr = math.cos(tip), math.sin(tip), math.cos(roll), math.sin(roll)
    high = size * tall
    x, y, z = spot
    return (
        size * (c * cr + s * sa * sr), high * (s * sa * cr - c * sr), size * s * ca, x,
        size * ca * sr, high * ca * cr, -size * sa, y,
        size * (c * sa * sr - s * cr), high * (s * sr + c * sa * cr), size * c * ca, z,
        0.0, 0.0, 0.0, 1.0,
    )  # fmt: skip


def beside(spot: Place, facing_deg: float, size: float, local: Place) -> Place:
    """The place of something that is carried along, `local` in the space of what stands at `spot`."""
    turn = math.radians(facing_deg)
    c, s = math.cos(turn) * size, math.sin(turn) * size
    x, y, z = local
    return (spot[0] + c * x + s * z, spot[1] + size * y, spot[2] - s * x + c * z)


def stacked(rows: Sequence[Row]) -> Float32:
    """The matrices (k, 4, 4)."""
    return np.array(rows, np.float32).reshape(-1, 4, 4)
