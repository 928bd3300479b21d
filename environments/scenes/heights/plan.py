"""The city's plan: the square, its streets, and every building as a box with a face and a roof.

Seen from above, x runs right and -z away from the patient.  The tower's open side is at z = 0;
the square lies ahead of it and a boulevard leads on from the square's far side.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from environments.scenes.heights.palette import PLASTER_TINTS

KERB_M = 0.12
SQUARE = (-50.0, -88.0, 50.0, 26.0)
"""Left, far, right and near edge of the square."""
FOUNTAIN = (0.0, -44.0)
BOULEVARD_HALF_M = 17.0
COLUMNS = (
    (-50.0, -17.0),
    (17.0, 50.0),
    *tuple(
        (sign * start, sign * (start + 60.0))[:: int(sign)]
        for sign in (1, -1)
        for start in np.arange(64.0, 560.0, 74.0).tolist()
    ),
)
ROWS = (
    *tuple((-152.0 - 62.0 * i, -102.0 - 62.0 * i) for i in range(9)),
    (-88.0, -38.0),
    (-24.0, 26.0),
    (40.0, 90.0),
    (102.0, 152.0),
)
STOREY_M = 3.3
GROUND_STOREY_M = 4.3
STRIP_M = 12.0
PARKS = ((-198.0, -214.0), (64.0, -276.0), (-124.0, 40.0))
"""Left and far edge of blocks that are parks."""
FINE_M, NEAR_M = 135.0, 190.0
"""Blocks farther than these from the square's middle are built of fewer, longer houses."""
NARROW_M, BESIDE_M = 10.2, 55.0
"""How wide houses near the square are, and where its sides end."""


@dataclass(frozen=True, slots=True)
class Block:
    """Land between streets: left, far, right and near edge."""

    left_m: float
    far_m: float
    right_m: float
    near_m: float

    @property
    def is_park(self) -> bool:
        """Whether no houses stand here."""
        return (self.left_m, self.far_m) in PARKS

    @property
    def distance_m(self) -> float:
        """From the middle of the square to the nearest corner."""
        x = min(abs(self.left_m), abs(self.right_m))
        z = min(abs(self.far_m + 40.0), abs(self.near_m + 40.0))
        return float(np.hypot(x if self.left_m * self.right_m > 0 else 0.0, z))


@dataclass(frozen=True, slots=True)
class Building:
    """A house in a row: its footprint, which way its street lies, its size and its looks."""

    left_m: float
    far_m: float
    right_m: float
    near_m: float
    faces: str
    storeys: int
    tint: str
    roof: str
    distance_m: float

    @property
    def height_m(self) -> float:
        """From the pavement to the eaves."""
        return GROUND_STOREY_M + STOREY_M * (self.storeys - 1) + 0.6

    @property
    def ridge_along_x(self) -> bool:
        """Roofs run along the street."""
        return self.faces in ("front", "back")


def blocks() -> tuple[Block, ...]:
    """The blocks near enough to be made of single houses."""
    found = []
    for far, near in ROWS:
        for left, right in COLUMNS:
            inside_square = abs(left) <= 50.0 and near > -100.0 and far < 26.0 and abs(right) <= 50.0
            block = Block(left, far, right, near)
            behind = near > 30.0 and abs(left + right) < 110.0
            if not inside_square and not behind and block.distance_m < 470.0:
                found.append(block)
    return tuple(found)


def buildings(rng: np.random.Generator) -> tuple[Building, ...]:
    """All houses: each block is a ring of them round a courtyard."""
    found: list[Building] = []
    for block in blocks():
        if not block.is_park:
            found += _ring(block, rng)
    return tuple(found)


def _ring(block: Block, rng: np.random.Generator) -> list[Building]:
    """A ring of houses; the rows that look at the square and the boulevard go from corner to corner."""
    deep = min(STRIP_M, (block.right_m - block.left_m) / 2.6)
    at_side = abs(block.left_m + block.right_m) > 2.0 * BESIDE_M
    inset_x, inset_z = (deep, 0.0) if at_side else (0.0, STRIP_M)
    base = int(rng.integers(4, 7))
    piece_m = NARROW_M if block.distance_m < FINE_M else 17.0 if block.distance_m < NEAR_M else 26.0
    houses = []
    for left, right in _pieces(block.left_m + inset_x, block.right_m - inset_x, piece_m, rng):
        houses.append(((left, block.far_m, right, block.far_m + STRIP_M), "back"))
        houses.append(((left, block.near_m - STRIP_M, right, block.near_m), "front"))
    for far, near in _pieces(block.far_m + inset_z, block.near_m - inset_z, piece_m, rng):
        houses.append(((block.left_m, far, block.left_m + deep, near), "left"))
        houses.append(((block.right_m - deep, far, block.right_m, near), "right"))
    return [_house(edges, faces, base, block.distance_m, rng) for edges, faces in houses]


def _pieces(start_m: float, end_m: float, piece_m: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    count = max(1, round((end_m - start_m) / piece_m))
    cuts = np.linspace(start_m, end_m, count + 1)
    cuts[1:-1] += rng.uniform(-0.1, 0.1, count - 1) * min(piece_m, 20.0)
    return [(float(a), float(b)) for a, b in itertools.pairwise(cuts)]


def _house(
    edges: tuple[float, float, float, float], faces: str, base: int, distance_m: float, rng: np.random.Generator
) -> Building:
    tints = tuple(PLASTER_TINTS)
    storeys = int(np.clip(base + rng.integers(-1, 2), 3, 7))
    roof = str(rng.choice(["red", "red", "brown", "brown", "slate", "slate", "flat", "flat"]))
    return Building(*edges, faces, storeys, tints[int(rng.integers(len(tints)))], roof, distance_m)
