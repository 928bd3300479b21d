"""The tower: a stone shaft with windows and bands, its crown and mast, and the rails the open lift climbs on."""

from __future__ import annotations

import numpy as np

from environments.render.shapes import (
    NO_BOTTOM,
    boxes,
    copies,
    merge,
    moved,
    placements,
    rotation,
    stairs,
    transform,
    translation,
)
from environments.render.shapes_building import Opening, pane, wall_with_openings, window_frame
from environments.render.shapes_round import cylinder, lathe
from environments.scenes.heights.batch import Batch

FRONT_Z_M = 4.2
HALF_M = 6.0
SHAFT_M = 131.0
TOWER_STOREY_M = 4.0
RAILS_X_M = (-2.9, 2.9)
_WINDOW = (1.0, 2.1)


def add_tower(batch: Batch) -> None:
    """All that stands still."""
    _add_shaft(batch)
    _add_bands(batch)
    _add_rails(batch)
    _add_crown(batch)
    _add_foot(batch)


def _add_shaft(batch: Batch) -> None:
    storeys = int(SHAFT_M // TOWER_STOREY_M)
    columns = {"front": (0.75, 10.25), "side": (1.6, 5.5, 9.4)}
    frame, glass = window_frame(*_WINDOW, recess_m=0.3), pane(*_WINDOW, recess_m=0.3)
    places = []
    for side, turn in (("front", 0.0), ("side", 90.0), ("side", -90.0), ("side", 180.0)):
        to_world = translation(0.0, 0.0, FRONT_Z_M + HALF_M) @ rotation("y", turn) @ translation(-HALF_M, 0.0, HALF_M)
        openings: list[Opening] = []
        for storey in range(1, storeys):
            y = storey * TOWER_STOREY_M + 1.0
            openings += [(x, y, x + _WINDOW[0], y + _WINDOW[1]) for x in columns[side]]
        batch.add(
            "tower stone",
            transform(wall_with_openings(2 * HALF_M, SHAFT_M, openings), np.asarray(to_world, np.float32)),
        )
        places += [to_world @ translation(x, y, 0.0) for x, y, _, _ in openings]
    matrices = np.array(places, np.float32)
    batch.add("tower trim", copies(frame, matrices))
    batch.add("pane", copies(glass, matrices))


def _add_bands(batch: Batch) -> None:
    back = FRONT_Z_M + 2 * HALF_M
    for y in np.arange(TOWER_STOREY_M * 5, SHAFT_M - 3.0, TOWER_STOREY_M * 5):
        grow = 0.22
        low, high = (-HALF_M - grow, y - 0.3, FRONT_Z_M + 0.02), (HALF_M + grow, y + 0.15, back + grow)
        batch.add("tower trim", boxes([low], [high]))
    corners = [(x, z) for x in (-HALF_M, HALF_M) for z in (FRONT_Z_M, back)]
    lows = [(x - 0.45, 0.0, z - (0.02 if z == FRONT_Z_M else 0.45)) for x, z in corners]
    highs = [(x + 0.45, SHAFT_M, z + 0.45) for x, z in corners]
    batch.add("tower trim", boxes(lows, highs, ("left", "right", "front", "back")))


def _add_rails(batch: Batch) -> None:
    top = SHAFT_M + 1.0
    for x in RAILS_X_M:
        batch.add(
            "steel dark",
            boxes([(x - 0.05, 0.0, FRONT_Z_M - 0.12)], [(x + 0.05, top, FRONT_Z_M)], ("left", "right", "back")),
        )
        batch.add("steel dark", boxes([(x - 0.14, 0.0, FRONT_Z_M - 0.15)], [(x + 0.14, top, FRONT_Z_M - 0.11)]))
    brackets = boxes([(-3.2, 0.0, -0.1)], [(3.2, 0.14, 0.02)])
    spots = placements([(0.0, y, FRONT_Z_M) for y in np.arange(2.0, SHAFT_M, TOWER_STOREY_M)])
    batch.scatter("steel dark", brackets, spots)
    rack = boxes([(-0.16, 0.0, FRONT_Z_M - 0.08)], [(0.16, top, FRONT_Z_M)], ("left", "right", "back"))
    batch.add("steel", rack)


def _add_crown(batch: Batch) -> None:
    middle = FRONT_Z_M + HALF_M
    outer = HALF_M + 0.9
    front = FRONT_Z_M + 0.05
    slab = boxes([(-outer, SHAFT_M, front)], [(outer, SHAFT_M + 1.2, middle + outer)])
    step = boxes(
        [(-HALF_M + 1, SHAFT_M + 1.2, FRONT_Z_M + 1)], [(HALF_M - 1, SHAFT_M + 6.0, middle + HALF_M - 1)], NO_BOTTOM
    )
    roof = lathe([(5.4, 0.0), (4.6, 2.2), (2.2, 6.0), (0.7, 8.0), (0.5, 9.0)], 8, 20.0)
    batch.add("tower trim", slab, step)
    batch.add("copper", moved(roof, 0.0, SHAFT_M + 6.0, middle))
    batch.add("steel", moved(cylinder(0.3, 13.0, 8, 0.06), 0.0, SHAFT_M + 15.0, middle))
    arm = boxes([(-3.2, SHAFT_M + 1.2, 2.2)], [(3.2, SHAFT_M + 1.7, FRONT_Z_M + 1.2)])
    wheel = transform(cylinder(0.7, 0.2, 14), rotation("z", 90.0))
    wheels = [moved(wheel, x + 0.1, SHAFT_M + 1.9, FRONT_Z_M - 0.4) for x in RAILS_X_M]
    batch.add("steel dark", merge((arm, *wheels)))


def _add_foot(batch: Batch) -> None:
    back = FRONT_Z_M + 2 * HALF_M
    base = boxes([(-HALF_M - 0.9, 0.0, FRONT_Z_M + 0.04)], [(HALF_M + 0.9, 1.1, back + 0.9)], NO_BOTTOM)
    batch.add("tower trim", base)
    steps = transform(stairs(3.4, 0.16, 0.32, 5), translation(HALF_M + 2.5, 0.0, 11.0) @ rotation("y", 90.0))
    batch.add("stone", steps)
