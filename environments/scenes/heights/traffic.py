"""Cars that drive down the boulevard and round the square, one way, at one speed."""

from __future__ import annotations

import numpy as np

from environments.render.model import Float32
from environments.render.shapes import Float64, box, placements
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.furniture import car_parts
from environments.scenes.heights.palette import CAR_PAINTS
from environments.scenes.heights.paths import closed_path
from environments.scenes.heights.people import shade_matrix
from environments.scenes.heights.plan import KERB_M

CARS = 34
SPEED_M_S = 8.0
_ROUTE = closed_path(
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


def add_traffic(batch: Batch) -> None:
    """The cars' parts, to be placed by `traffic_moves`; room for all is made at once."""
    room = np.repeat(np.eye(4, dtype=np.float32)[None], CARS, 0)
    made, common = car_parts()
    for index in range(len(CAR_PAINTS)):
        batch.scatter(f"moving paint {index}", made.body, room, f"cars {index}")
    for material, mesh in common:
        batch.scatter(f"moving {material}", mesh, room, "cars")
    batch.scatter("shade", box((1.8, 0.9, 4.3), (0.0, 0.75, 0.0)), room, "car shade")


def traffic_moves(seed: int, time_s: float, sun_way: Float64) -> dict[str, Float32]:
    """Where the cars are."""
    rng = np.random.default_rng((seed, 12))
    spread = (np.arange(CARS) + rng.uniform(-0.3, 0.3, CARS)) / CARS * _ROUTE.length_m
    paint = rng.integers(0, len(CAR_PAINTS), CARS)
    places, heading = _ROUTE.at(spread + SPEED_M_S * time_s)
    places[:, 1] = -KERB_M
    matrices = placements(places, heading)
    moves = {f"cars {index}": matrices[paint == index] for index in range(len(CAR_PAINTS))}
    moves["cars"] = matrices
    moves["car shade"] = np.asarray(shade_matrix(sun_way, -KERB_M + 0.06) @ matrices, np.float32)
    return moves
