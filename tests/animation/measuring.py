"""What tests measure on moving bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from environments.animation.moments import Moment

Floats = NDArray[np.float64]

FRAME_S = 1.0 / 90.0


class Moving(Protocol):
    """People or creatures."""

    def places(self, moment: Moment) -> Floats: ...

    def globals_at(self, moment: Moment, places: Floats) -> Floats: ...


def in_world(bodies: Moving, moment: Moment) -> Floats:
    """All joints' matrices (k, j, 4, 4) in the world."""
    places = bodies.places(moment)
    return np.asarray(places[:, None] @ bodies.globals_at(moment, places))


def film(bodies: Moving, times_s: Floats, at: Callable[[float], Moment] = Moment) -> Floats:
    """Joints' matrices in the world for many moments (t, k, j, 4, 4)."""
    return np.stack([in_world(bodies, at(float(time_s))) for time_s in times_s])


def turns_deg(matrices: Floats) -> Floats:
    """How far each joint turns (t - 1, k, j) from one moment to the next."""
    first, second = matrices[:-1, ..., :3, :3], matrices[1:, ..., :3, :3]
    size = np.linalg.norm(first - second, axis=(-2, -1))
    return np.asarray(np.degrees(2.0 * np.arcsin(np.clip(size / np.sqrt(8.0), 0.0, 1.0))))


def jumps_m(matrices: Floats) -> Floats:
    """How far each joint moves (t - 1, k, j) from one moment to the next."""
    return np.asarray(np.linalg.norm(np.diff(matrices[..., :3, 3], axis=0), axis=-1))
