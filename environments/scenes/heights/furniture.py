"""What stands on the square and along the streets: trees, benches, lamps, café tables, stalls, parked cars, flags."""

from __future__ import annotations

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import boxes, merge, moved, placements, quads, rotation, transform
from environments.render.shapes_building import triangles
from environments.render.shapes_round import cylinder, lathe
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.cars import add_parked_cars
from environments.scenes.heights.furnishing import furnish
from environments.scenes.heights.parts import parts_of
from environments.scenes.heights.pigeons import add_pigeons
from environments.scenes.heights.placing import standing_at
from environments.scenes.heights.plan import FOUNTAIN
from environments.scenes.heights.square import LAWNS
from environments.scenes.heights.trees import add_trees

CAFES = tuple((-47.0 + 4.2 * column, z) for column in range(2) for z in np.arange(-80.0, -28.0, 4.6).tolist())
BENCHES = tuple(
    (x + side * 6.2, z + along, 90.0 * side) for x, z in LAWNS for side in (-1.0, 1.0) for along in (-4.0, 4.0)
)
"""Where benches stand and which way they face: x, z, degrees."""
STALLS = tuple((40.0, z) for z in np.arange(-80.0, -30.0, 6.5).tolist())
FLAGS = tuple((x, -86.0) for x in (-40.0, -30.0, -20.0, 20.0, 30.0, 40.0))
FLAG_HEIGHT_M = 9.0


def add_furniture(batch: Batch, rng: np.random.Generator) -> None:
    """Everything that stands about."""
    add_trees(batch, rng)
    _add_benches_and_lamps(batch)
    _add_cafes(batch)
    _add_stalls(batch)
    add_parked_cars(batch, rng)
    _add_flag_poles(batch)
    _add_bollards_and_bins(batch)
    add_pigeons(batch, rng)


def _add_benches_and_lamps(batch: Batch) -> None:
    furnish(batch, "street/bench", placements([(x, 0.0, z) for x, z, _ in BENCHES], [turn for _, _, turn in BENCHES]))
    spots = [
        (sign * x, 0.0, z)
        for sign in (-1.0, 1.0)
        for x, z in ((22.0, -2.0), (22.0, -26.0), (22.0, -54.0), (22.0, -80.0))
    ]
    spots += [(sign * 14.6, 0.0, z) for sign in (-1.0, 1.0) for z in np.arange(-117.5, -420.0, -33.0)]
    spots += [(sign * 62.0, 0.0, z) for sign in (-1.0, 1.0) for z in np.arange(-84.0, 24.0, 18.0)]
    furnish(batch, "street/lamp_post", placements(spots))
    glass = parts_of("street/lamp_post")[1].mesh
    batch.scatter("lamp lit", glass, placements(np.add(spots, (0.0, -0.04, 0.0)), 0.0, 1.012), group="lit")


def _add_cafes(batch: Batch) -> None:
    table = merge((moved(cylinder(0.38, 0.03, 12), 0.0, 0.72, 0.0), cylinder(0.03, 0.72, 6), cylinder(0.22, 0.03, 10)))
    chair_lows = [(-0.2, 0.43, -0.2), (-0.2, 0.0, -0.22), (-0.18, 0.0, 0.17), (0.16, 0.0, 0.17)]
    chair_highs = [(0.2, 0.46, 0.2), (0.2, 0.86, -0.19), (-0.16, 0.43, 0.19), (0.18, 0.43, 0.19)]
    chair = boxes(chair_lows, chair_highs)
    around = [transform(moved(chair, 0.0, 0.0, -0.72), rotation("y", turn)) for turn in (20.0, 140.0, 260.0)]
    spots = placements([(x, 0.0, z) for x, z in CAFES], [37.0 * i for i in range(len(CAFES))])
    batch.scatter("steel dark", merge((table, moved(cylinder(0.025, 2.5, 6), 0.0, 0.0, 0.0))), spots)
    batch.scatter("wood", merge(around), spots, "small")
    shade = lathe([(1.75, 2.15), (1.72, 2.3), (0.9, 2.62), (0.03, 2.85)], 8, 20.0)
    for color in range(2):
        batch.scatter(f"awning {color}", shade, spots[color::2])


def _add_stalls(batch: Batch) -> None:
    posts = boxes(
        [(x, 0, z) for x in (-1.7, 1.64) for z in (-1.2, 1.14)],
        [(x + 0.06, 2.3, z + 0.06) for x in (-1.7, 1.64) for z in (-1.2, 1.14)],
    )
    counter = boxes([(-1.6, 0.0, -1.0)], [(-0.7, 0.9, 1.0)])
    eaves, ridge = 2.25, 2.95
    slopes = np.array(
        [
            [(-2.0, eaves, -1.5), (-2.0, eaves, 1.5), (0, ridge, 1.5), (0, ridge, -1.5)],
            [(2.0, eaves, 1.5), (2.0, eaves, -1.5), (0, ridge, -1.5), (0, ridge, 1.5)],
        ],
        float,
    )
    gables = np.array(
        [[(-2, eaves, 1.5), (2, eaves, 1.5), (0, ridge, 1.5)], [(2, eaves, -1.5), (-2, eaves, -1.5), (0, ridge, -1.5)]],
        float,
    )
    crates = boxes(
        [(-1.5, 0.9, -0.9), (-1.5, 0.9, -0.2), (-1.5, 0.9, 0.45)],
        [(-0.8, 1.05, -0.3), (-0.8, 1.12, 0.35), (-0.8, 1.02, 0.95)],
    )
    where = placements([(x, 0.0, z) for x, z in STALLS])
    batch.scatter("wood", merge((posts, counter)), where)
    batch.scatter("fallen leaves", crates, where)
    roof = merge((quads(slopes), triangles(gables)))
    for color in range(3):
        batch.scatter(f"awning {color}", roof, where[color::3])


def _add_flag_poles(batch: Batch) -> None:
    pole = merge((cylinder(0.12, FLAG_HEIGHT_M + 0.3, 6, 0.08), cylinder(0.3, 0.25, 10)))
    batch.scatter("joinery", pole, placements([(x, 0.0, z) for x, z in FLAGS]))
    turn = np.radians(20.0)
    rows = np.column_stack([FLAGS, np.full(len(FLAGS), np.sin(turn)), np.full(len(FLAGS), np.cos(turn))])
    batch.stream("flag", flag(), standing_at(rows, FLAG_HEIGHT_M))


def flag() -> Mesh:
    """A flag hanging from the origin outwards along +x, 2.4 m by 1.6 m, rippled, to be seen from both sides."""
    xs = np.linspace(0.0, 2.4, 9)
    z = 0.13 * np.sin(xs * 3.4) * (xs / 2.4)
    top = np.stack([xs, np.zeros(9) - 0.10 * xs, z], 1)
    low = top - [0.0, 1.6, 0.0]
    one = np.stack([low[:-1], low[1:], top[1:], top[:-1]], 1)
    return quads(np.concatenate([one, one[:, ::-1]]))


def _add_bollards_and_bins(batch: Batch) -> None:
    bollard = lathe([(0.10, 0.0), (0.065, 0.2), (0.065, 0.8), (0.05, 0.92)], 6)
    spots = [(x, 0.0, -87.0) for x in np.arange(-48.0, 49.0, 3.0) if abs(x) > 6.5]
    spots += [(sign * 49.2, 0.0, z) for sign in (-1.0, 1.0) for z in np.arange(-84.0, 24.0, 4.5)]
    batch.scatter("iron", bollard, placements(spots), "small")
    bins = [(x + 6.4, 0.0, z) for x, z in LAWNS] + [(FOUNTAIN[0] + 15.0, 0.0, FOUNTAIN[1])]
    batch.scatter("steel dark", lathe([(0.22, 0.0), (0.26, 0.8), (0.28, 0.86), (0.2, 0.9)], 10), placements(bins))
