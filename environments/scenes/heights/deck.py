"""The open lift's deck with its three floors, the portal behind the patient, the plank and the side gallery.

The deck's own axes: the floor's top is y = `FLOOR_M`, its open edge z = 0, the tower behind it at z = 4.1.
"""

from __future__ import annotations

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import NO_BOTTOM, box, boxes, merge, moved, plane_grid, quads, rotation, transform
from environments.render.shapes_round import cylinder, limb, sphere
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.tower import RAILS_X_M

FLOOR_M = 0.045
HALF_M = 3.4
DEEP_M = 4.08
PLANK_M = 4.4
PLANK_HALF_M = 0.27
GALLERY = (4.2, -6.0, 5.1, DEEP_M)
"""Left, far, right and near edge of the side gallery."""


def add_deck(batch: Batch) -> None:
    """All parts of the deck but the railings."""
    _add_stone_floor(batch)
    _add_grating_floor(batch)
    _add_glass_floor(batch)
    _add_portal(batch)
    _add_planks(batch)
    _add_gallery(batch)


def _add_stone_floor(batch: Batch) -> None:
    slab = boxes([(-HALF_M, -0.16, 0.04)], [(HALF_M, FLOOR_M, DEEP_M)])
    nosing = box((2 * HALF_M, 0.1, 0.34), (0.0, FLOOR_M - 0.05, 0.17), 0.02)
    under = boxes([(-HALF_M + 0.2, -0.42, 0.3)], [(HALF_M - 0.2, -0.16, DEEP_M)])
    batch.add("floor slabs", slab, group="floor stone")
    batch.add("dressed stone", moved(nosing, 0.0, 0.004, 0.0), under, group="floor stone")


def _frame(width_m: float, deep_m: float) -> list[tuple[tuple[float, float, float], tuple[float, float, float]]]:
    """The steel rim of a see-through floor as boxes (low, high)."""
    low, top = FLOOR_M - 0.2, FLOOR_M + 0.004
    h = HALF_M
    return [
        ((-h, low, 0.0), (h, top, width_m)),
        ((-h, low, deep_m - width_m), (h, top, deep_m)),
        ((-h, low, width_m), (-h + width_m, top, deep_m - width_m)),
        ((h - width_m, low, width_m), (h, top, deep_m - width_m)),
    ]


def _add_grating_floor(batch: Batch) -> None:
    rim = _frame(0.06, DEEP_M)
    beams = [
        ((x - 0.03, FLOOR_M - 0.2, 0.06), (x + 0.03, FLOOR_M - 0.035, DEEP_M - 0.06)) for x in (-2.2, -1.1, 1.1, 2.2)
    ]
    parts = rim + beams
    batch.add("steel", boxes([p[0] for p in parts], [p[1] for p in parts]), group="floor grating")
    sheet = plane_grid(2 * HALF_M - 0.12, DEEP_M - 0.12, 4, 4)
    batch.add("grating", moved(sheet, 0.0, FLOOR_M, DEEP_M / 2), group="floor grating")


def _add_glass_floor(batch: Batch) -> None:
    rim = _frame(0.09, DEEP_M)
    beams = [((x - 0.035, FLOOR_M - 0.18, 0.09), (x + 0.035, FLOOR_M + 0.002, DEEP_M - 0.09)) for x in (-1.25, 1.25)]
    beams += [((-HALF_M, FLOOR_M - 0.12, z - 0.025), (HALF_M, FLOOR_M + 0.002, z + 0.025)) for z in (2.1,)]
    parts = rim + beams
    batch.add("steel", boxes([p[0] for p in parts], [p[1] for p in parts]), group="floor glass")
    sheet = plane_grid(2 * HALF_M - 0.18, DEEP_M - 0.18)
    batch.add("clear glass", moved(sheet, 0.0, FLOOR_M, DEEP_M / 2), group="floor glass")


def _add_portal(batch: Batch) -> None:
    """The wall with the door that rides behind the patient, its canopy, and the carriage on the rails."""
    back, front, top = DEEP_M, DEEP_M - 0.12, 2.85
    walls_low = [(-HALF_M, FLOOR_M - 0.05, front), (0.62, FLOOR_M - 0.05, front), (-0.62, 2.15, front)]
    walls_high = [(-0.62, top, back), (HALF_M, top, back), (0.62, top, back)]
    batch.add("dressed stone", boxes(walls_low, walls_high), group="deck")
    leaves = [box((0.595, 2.08, 0.05), (x, FLOOR_M + 1.04, back - 0.05), 0.01) for x in (-0.3, 0.3)]
    batch.add("door", *leaves, group="deck")
    glazing = [box((0.26, 1.2, 0.02), (x, FLOOR_M + 1.35, back - 0.08)) for x in (-0.3, 0.3)]
    batch.add("pane", *glazing, group="deck")
    frame = [box((0.08, 2.2, 0.18), (x, FLOOR_M + 1.1, back - 0.08), 0.01) for x in (-0.64, 0.64)]
    frame.append(box((1.36, 0.08, 0.18), (0.0, FLOOR_M + 2.16, back - 0.08), 0.01))
    posts = [
        box((0.12, top + 0.1, 0.12), (x, (top + 0.1) / 2, back - 0.1), 0.015) for x in (-HALF_M + 0.06, HALF_M - 0.06)
    ]
    canopy = [box((2 * HALF_M, 0.10, 0.08), (0.0, top + 0.05, z), 0.01) for z in (back - 1.3, back - 0.05)]
    canopy += [
        box((0.07, 0.08, 1.3), (x, top + 0.05, back - 0.65), 0.01)
        for x in np.linspace(-HALF_M + 0.05, HALF_M - 0.05, 5)
    ]
    batch.add("steel dark", *frame, *posts, *canopy, *_carriage(), group="deck")
    roof = moved(plane_grid(2 * HALF_M, 1.35), 0.0, top + 0.11, back - 0.66)
    batch.add("clear glass", roof, group="deck")
    call = box((0.16, 0.34, 0.03), (0.98, 1.3, front - 0.01), 0.01)
    batch.add("steel", call, group="deck")
    buttons = [moved(sphere(0.022, 4, 8), 0.98, 1.22 + 0.12 * i, front - 0.03) for i in range(2)]
    batch.add("lamp lit", *buttons, group="deck")


def _carriage() -> list[Mesh]:
    beams = [box((0.16, 3.6, 0.14), (x, 1.0, DEEP_M - 0.03), 0.01) for x in RAILS_X_M]
    struts = [limb((x, -0.9, DEEP_M - 0.05), (x, -0.3, 0.9), (0.06, 0.06), 6) for x in RAILS_X_M]
    wheel = transform(cylinder(0.12, 0.1, 10), rotation("z", 90.0))
    wheels = [
        moved(wheel, x + side * 0.2 + 0.05, y, DEEP_M) for x in RAILS_X_M for side in (-1, 1) for y in (-0.6, 2.6)
    ]
    return [*beams, *struts, *wheels]


def _add_planks(batch: Batch) -> None:
    """Planks whose outer end is at z = 0 in their own axes; the frame slides them out."""
    wide, top = PLANK_HALF_M, FLOOR_M + 0.012
    boards = [box((wide - 0.008, 0.05, PLANK_M), (s * wide / 2, top - 0.025, PLANK_M / 2), 0.006) for s in (-1, 1)]
    cleats = [box((2 * wide, 0.04, 0.08), (0.0, top - 0.07, z), 0.006) for z in np.arange(0.12, PLANK_M, 0.7)]
    batch.add("wood", *boards, *cleats, group="plank wood")
    rails = [box((0.045, 0.09, PLANK_M), (s * (wide - 0.022), top - 0.04, PLANK_M / 2), 0.006) for s in (-1, 1)]
    ends = [
        box((2 * wide, 0.05, 0.045), (0.0, top - 0.025, z), 0.006)
        for z in (0.022, 0.88, 1.76, 2.64, 3.52, PLANK_M - 0.022)
    ]
    batch.add("steel", *rails, *ends, group="plank glass")
    sheet = [(-wide, top, PLANK_M), (wide, top, PLANK_M), (wide, top, 0.0), (-wide, top, 0.0)]
    batch.add("clear glass", quads(np.array([sheet], float)), group="plank glass")


def _add_gallery(batch: Batch) -> None:
    """A narrow gallery to the right that reaches out farther than the deck, for other visitors."""
    left, far, right, near = GALLERY
    floor = quads(
        np.array([[(left, FLOOR_M, near), (right, FLOOR_M, near), (right, FLOOR_M, far), (left, FLOOR_M, far)]], float)
    )
    batch.add("grating", floor, group="deck")
    edges_low = [(left, -0.06, far), (right - 0.05, -0.06, far), (left, -0.06, far)]
    edges_high = [(left + 0.05, 0.06, near), (right, 0.06, near), (right, 0.06, far + 0.05)]
    batch.add("steel", boxes(edges_low, edges_high), group="deck")
    lows, highs = [], []
    for z in np.arange(far + 0.03, near, 0.2):
        lows += [(x - 0.009, 0.07, z - 0.009) for x in (left + 0.03, right - 0.03)]
        highs += [(x + 0.009, 1.1, z + 0.009) for x in (left + 0.03, right - 0.03)]
    for x in np.arange(left + 0.15, right - 0.1, 0.15):
        lows.append((x - 0.009, 0.07, far + 0.02))
        highs.append((x + 0.009, 1.1, far + 0.04))
    bars = boxes(lows, highs, ("left", "right", "front", "back"))
    top = 1.1
    rails = [limb((x, top, far + 0.03), (x, top, near), (0.026, 0.026), 6) for x in (left + 0.03, right - 0.03)]
    rails.append(limb((left + 0.03, top, far + 0.03), (right - 0.03, top, far + 0.03), (0.026, 0.026), 6))
    batch.add("steel", bars, *rails, group="deck")
    struts = [limb((x, -1.9, near), (x, -0.1, far + 3.0), (0.05, 0.05), 6) for x in (left + 0.04, right - 0.04)]
    batch.add("steel", merge(struts), group="deck")
    batch.add("dressed stone", boxes([(left, 0.0, near - 0.06)], [(right, 2.6, near + 0.02)], NO_BOTTOM), group="deck")
