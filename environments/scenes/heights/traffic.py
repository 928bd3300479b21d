"""Cars that drive down the boulevard and round the square, one way, at one speed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Float32
from environments.render.shapes import Float64, box
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.cars import car_parts
from environments.scenes.heights.palette import CAR_PAINTS
from environments.scenes.heights.paths import Paths, closed_path
from environments.scenes.heights.placing import standing_at
from environments.scenes.heights.plan import KERB_M

CARS = 34
SPEED_M_S = 8.0
SHADE_LIFT_M = -KERB_M + 0.06
_ROUTE = Paths(
    [
        closed_path(
            [
                (-6.0, -640.0),
                (-6.0, -95.0),
                (-57.2, -95.0),
                (-57.2, 33.0),
                (57.2, 33.0),
                (57.2, -95.0),
                (6.0, -95.0),
                (6.0, -640.0),
            ],
            9.0,
        )
    ]
)
_THE_ROUTE = np.zeros(CARS, np.intp)


@dataclass(frozen=True, slots=True)
class Cars:
    """Where all cars are at time 0, sorted by paint: `bounds[i]` to `bounds[i + 1]` wear paint i."""

    start_m: Float64
    bounds: NDArray[np.intp]


def add_traffic(batch: Batch) -> None:
    """The cars' parts, to be placed by `traffic_moves`; room for all is made at once."""
    room = np.repeat(np.eye(4, dtype=np.float32)[None], CARS, 0)
    made, common = car_parts()
    for index in range(len(CAR_PAINTS)):
        batch.scatter(f"moving paint {index}", made.body, room, f"cars {index}")
    for material, mesh in common:
        batch.scatter(f"moving {material}", mesh, room, "cars")
    batch.scatter("shade", box((1.8, 0.9, 4.3), (0.0, 0.75, 0.0)), room, "car shade")


@lru_cache(maxsize=8)
def cars_of(seed: int) -> Cars:
    """The cars of a seed."""
    rng = np.random.default_rng((seed, 12))
    spread = (np.arange(CARS) + rng.uniform(-0.3, 0.3, CARS)) / CARS * float(_ROUTE.lengths_m[0])
    paint = rng.integers(0, len(CAR_PAINTS), CARS)
    order = np.argsort(paint, kind="stable")
    return Cars(spread[order], np.searchsorted(paint[order], np.arange(len(CAR_PAINTS) + 1)))


def traffic_moves(seed: int, time_s: float, shade: Float32) -> dict[str, Float32]:
    """Where the cars are; `shade` (4, 4) presses them flat on the road."""
    cars = cars_of(seed)
    rows = _ROUTE.at(_THE_ROUTE, cars.start_m + SPEED_M_S * time_s)
    matrices = standing_at(rows, -KERB_M)
    moves = {f"cars {i}": matrices[cars.bounds[i] : cars.bounds[i + 1]] for i in range(len(CAR_PAINTS))}
    moves["cars"] = matrices
    moves["car shade"] = shade @ matrices
    return moves
