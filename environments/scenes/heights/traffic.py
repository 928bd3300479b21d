"""Cars that drive down the boulevard and round the square, one way, at one speed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from environments.render.shapes import Float64, box
from environments.render.ways import Going
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.cars import car_parts
from environments.scenes.heights.palette import CAR_PAINTS
from environments.scenes.heights.paths import Paths, closed_path
from environments.scenes.heights.plan import KERB_M

CARS = 34
SPEED_M_S = 8.0
SHADE_LIFT_M = -KERB_M + 0.06
ROUTE = Paths(
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


def add_traffic(batch: Batch, seed: int, way: int) -> None:
    """The cars of a seed, which follow the scene's way of that number."""
    rng = np.random.default_rng((seed, 12))
    start_m = (np.arange(CARS) + rng.uniform(-0.3, 0.3, CARS)) / CARS * float(ROUTE.lengths_m[0])
    paint = rng.integers(0, len(CAR_PAINTS), CARS)
    made, common = car_parts()
    for index in range(len(CAR_PAINTS)):
        batch.send(f"moving paint {index}", made.body, _going(start_m[paint == index], way))
    for material, mesh in common:
        batch.send(f"moving {material}", mesh, _going(start_m, way))
    shade = replace(_going(start_m, way), pressed_m=SHADE_LIFT_M)
    batch.send("shade", box((1.8, 0.9, 4.3), (0.0, 0.75, 0.0)), shade, group="car shade")


def _going(start_m: Float64, way: int) -> Going:
    count = len(start_m)
    nobody = np.full(count, -1, np.intp)
    ways = np.full(count, way, np.intp)
    return Going(ways, start_m, np.full(count, SPEED_M_S), np.zeros(count), np.ones(count), nobody, ground_m=-KERB_M)
