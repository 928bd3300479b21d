"""The seats of the hall, and in which order they are taken."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.animation.easing import chance, keys_of
from environments.animation.quaternions import Floats

ROWS, IN_ROW, BETWEEN_M = 6, 12, 0.62
FIRST_M, PITCH_M, RISE_M, TIER_M = -8.0, 1.0, 0.2, -0.25
"""Where the first row sits (z), how far each row is behind the one before and above it, the first row's floor."""
SEATS = ROWS * IN_ROW
MOST = 60
LATECOMER = MOST
"""The number of the person who arrives when everybody else may be there."""
RESERVED = 2 * IN_ROW + IN_ROW - 1
"""The seat at the right aisle, in the third row, that is kept for the latecomer."""
_PREFERS_ROW = (0.36, 0.10, 0.0, 0.08, 0.34, 0.62)
"""How late a row is taken: first comers sit in the middle of the hall, the first and the last rows fill late."""


def seat_places_m() -> Floats:
    """Where each seat's floor is (72, 3), row by row from the patient's left."""
    rows, seats = np.divmod(np.arange(SEATS), IN_ROW)
    x = (seats - 0.5 * (IN_ROW - 1)) * BETWEEN_M
    return np.stack([x, TIER_M + RISE_M * rows, FIRST_M - PITCH_M * rows], -1)


@lru_cache(maxsize=8)
def order(seed: int) -> NDArray[np.intp]:
    """The seat of each person (61,): the first comers first, the latecomer last."""
    rows, seats = np.divmod(np.arange(SEATS), IN_ROW)
    across = np.abs(seats - 0.5 * (IN_ROW - 1)) / (0.5 * IN_ROW)
    late = np.array(_PREFERS_ROW)[rows] + 0.14 * across + 0.45 * chance(keys_of(seed, SEATS), 300)
    late[RESERVED] = 1e9
    return np.concatenate([np.argsort(late, kind="stable")[:MOST], [RESERVED]]).astype(np.intp)
