"""The ground: asphalt, pavements, the square's paving with its fountain, and the streets' markings."""

from __future__ import annotations

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import boxes, mesh_of, moved, plane_grid, prism, quads
from environments.render.shapes_round import ellipse, lathe
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.plan import BOULEVARD_HALF_M, FOUNTAIN, KERB_M, SQUARE, blocks

EXTENT_M = 5200.0
LANE_M = 8.5
KERBS_M = 190.0
LAWNS = tuple((x, z) for x in (-32.0, 32.0) for z in (-66.0, -40.0, -14.0))
"""The middles of the raised lawns, (x, z)."""


def add_ground(batch: Batch) -> None:
    """Everything flat."""
    batch.add("asphalt", moved(plane_grid(1300.0, 1300.0, 8, 8), 0.0, -KERB_M, -200.0))
    batch.add("far ground", moved(plane_grid(EXTENT_M * 2, EXTENT_M * 2, 24, 24), 0.0, -KERB_M - 1.5, -200.0))
    _add_pavements(batch)
    _add_square(batch)
    _add_fountain(batch)
    _add_markings(batch)
    _add_kerbs(batch)
    _add_manholes(batch)


def _slab(left: float, far: float, right: float, near: float, top_m: float = 0.0) -> Mesh:
    return boxes([(left, -KERB_M - 0.05, far)], [(right, top_m, near)], ("top", "left", "right", "front", "back"))


def _add_pavements(batch: Batch) -> None:
    for block in blocks():
        reach = 3.0
        batch.add(
            "pavement", _slab(block.left_m - reach, block.far_m - reach, block.right_m + reach, block.near_m + reach)
        )
    far = SQUARE[1] - 14.0 - 9 * 62.0
    batch.add("pavement", _slab(-3.0, far, 3.0, SQUARE[1] - 20.0))
    batch.add("grass", _slab(-2.6, far + 1.0, 2.6, SQUARE[1] - 21.0, 0.06))


def _add_square(batch: Batch) -> None:
    left, far, right, near = SQUARE
    batch.add("paving", _slab(left, far, right, near))
    lift = 0.03
    strips = [(x - 0.45, far + 6.0, x + 0.45, -3.0) for x in np.arange(-42.0, 43.0, 12.0)]
    strips += [(left + 6.0, z - 0.45, right - 6.0, z + 0.45) for z in np.arange(-80.0, -3.0, 12.0)]
    batch.add("paving dark", _sheets(strips, lift))
    batch.add("paving light", _ring((0.0, -10.0), 5.2, 7.0, lift * 1.6), _ring(FOUNTAIN, 9.5, 12.5, lift * 1.6))
    batch.add("paving dark", _star((0.0, -10.0), 5.0, 2.2, lift * 1.7), _ring((0.0, -10.0), 7.0, 7.5, lift * 1.7))
    batch.add("paving dark", _ring(FOUNTAIN, 12.5, 13.2, lift * 1.7))
    for x, z in LAWNS:
        bed = prism([(x - 5, z - 9), (x + 5, z - 9), (x + 5, z + 9), (x - 5, z + 9)], 0.0, 0.35)
        grass = [(x - 4.7, z - 8.7, x + 4.7, z + 8.7)]
        batch.add("stone", bed)
        batch.add("grass", _sheets(grass, 0.37))


def _sheets(rectangles: list[tuple[float, float, float, float]], y_m: float) -> Mesh:
    corners = [[(x0, y_m, z1), (x1, y_m, z1), (x1, y_m, z0), (x0, y_m, z0)] for x0, z0, x1, z1 in rectangles]
    return quads(np.array(corners, float))


def _ring(center: tuple[float, float], inner_m: float, outer_m: float, y_m: float) -> Mesh:
    around = 40
    turn = np.arange(around + 1) * (2 * np.pi / around)
    points = [
        np.stack([center[0] + r * np.sin(turn), np.full(around + 1, y_m), center[1] + r * np.cos(turn)], 1)
        for r in (outer_m, inner_m)
    ]
    low = np.arange(around)
    high = low + around + 1
    faces = np.concatenate([np.stack([low, low + 1, high + 1], 1), np.stack([low, high + 1, high], 1)])
    positions = np.concatenate(points)
    return mesh_of(positions, np.tile([0.0, 1.0, 0.0], (len(positions), 1)), positions[:, [0, 2]], faces)


def _star(center: tuple[float, float], long_m: float, short_m: float, y_m: float) -> Mesh:
    turn = np.arange(16) * (np.pi / 8)
    radii = np.where(np.arange(16) % 2 == 0, long_m, short_m)
    rim = np.stack([center[0] + radii * np.sin(turn), np.full(16, y_m), center[1] + radii * np.cos(turn)], 1)
    positions = np.concatenate([[[center[0], y_m, center[1]]], rim])
    faces = [(0, 1 + i, 1 + (i + 1) % 16) for i in range(16)]
    return mesh_of(positions, np.tile([0.0, 1.0, 0.0], (17, 1)), positions[:, [0, 2]], faces)


def _add_fountain(batch: Batch) -> None:
    x, z = FOUNTAIN
    basin = lathe(
        [(6.9, 0.0), (6.9, 0.12), (6.5, 0.2), (6.4, 0.5), (6.65, 0.6), (6.65, 0.72), (6.1, 0.72), (6.0, 0.1)], 36
    )
    column = lathe(
        [
            (1.5, 0.1),
            (1.5, 0.5),
            (0.8, 0.8),
            (0.55, 1.4),
            (0.5, 2.3),
            (0.9, 2.6),
            (2.5, 2.95),
            (2.6, 3.1),
            (2.3, 3.1),
            (0.5, 2.95),
            (0.36, 3.3),
            (0.32, 4.2),
            (0.6, 4.4),
            (1.3, 4.65),
            (1.34, 4.75),
            (1.1, 4.75),
            (0.24, 4.65),
            (0.2, 5.2),
            (0.28, 5.4),
            (0.05, 5.7),
        ],
        24,
    )
    batch.add("stone", moved(basin, x, 0.0, z), moved(column, x, 0.0, z))
    pools = [(6.1, 0.58), (2.35, 3.04), (1.15, 4.71)]
    batch.add("water", *(moved(_ring((0.0, 0.0), 0.01, radius, height), x, 0.0, z) for radius, height in pools))
    for angle in np.arange(12) * (2 * np.pi / 12):
        batch.add("spray", moved(_jet(float(angle), 4.9, 1.5, 2.4), x, 0.6, z))
    for ring_m, low, high in ((2.58, 0.6, 3.08), (1.33, 3.05, 4.74)):
        batch.add("spray", moved(_curtain(ring_m, low, high), x, 0.0, z))


def _jet(angle: float, from_m: float, to_m: float, height_m: float) -> Mesh:
    """A thin arc of water from the rim towards the middle."""
    part = np.linspace(0.0, 1.0, 7)
    radius = from_m + (to_m - from_m) * part
    y = height_m * 4 * part * (1 - part)
    wide = 0.03 + 0.10 * part
    out, side = np.array([np.sin(angle), 0, np.cos(angle)]), np.array([np.cos(angle), 0, -np.sin(angle)])
    middle = radius[:, None] * out + y[:, None] * [0.0, 1.0, 0.0]
    left, right = middle - wide[:, None] * side, middle + wide[:, None] * side
    return quads(np.stack([left[:-1], right[:-1], right[1:], left[1:]], 1))


def _curtain(radius_m: float, low_m: float, high_m: float) -> Mesh:
    """Water falling from the rim of a bowl."""
    rings = [
        ellipse((0.0, low_m, 0.0), radius_m + 0.35, radius_m + 0.35, 18),
        ellipse((0.0, high_m, 0.0), radius_m, radius_m, 18),
    ]
    after = np.roll(np.arange(18), -1)
    return quads(np.stack([rings[0], rings[0][after], rings[1][after], rings[1]], 1))


def _add_markings(batch: Batch) -> None:
    y = -KERB_M + 0.04
    far = SQUARE[1] - 16.0
    dashes = [(s * LANE_M - 0.08, z - 3.0, s * LANE_M + 0.08, z) for s in (-1, 1) for z in np.arange(far, -420.0, -8.0)]
    ring = [(x - 0.08, z - 3.0, x + 0.08, z) for x in (-55.5, 55.5) for z in np.arange(22.0, -92.0, -8.0)]
    ring += [(x, z - 0.08, x + 3.0, z + 0.08) for z in (-93.5,) for x in np.arange(-46.0, 46.0, 8.0)]
    stripes = []
    for x in np.arange(-BOULEVARD_HALF_M + 4.0, BOULEVARD_HALF_M - 4.0, 1.1):
        if abs(x + 0.3) > 3.2:
            stripes.append((x, -105.5, x + 0.6, -101.8))
    for z in np.arange(-30.0, -22.0, 1.1):
        stripes += [(-60.5, z - 0.6, -50.8, z), (50.8, z - 0.6, 60.5, z)]
    for x in np.arange(-6.0, 6.0, 1.1):
        stripes.append((x, -98.4, x + 0.6, -88.6))
    batch.add("marking", _sheets(dashes + ring + stripes, y))


def _add_kerbs(batch: Batch) -> None:
    """Light stones along the edges of the square and of the pavements near it."""
    edges = [SQUARE]
    for block in blocks():
        if block.distance_m < KERBS_M:
            edges.append((block.left_m - 3.0, block.far_m - 3.0, block.right_m + 3.0, block.near_m + 3.0))
    wide, found = 0.3, []
    for left, far, right, near in edges:
        found += [(left, far, right, far + wide), (left, near - wide, right, near)]
        found += [(left, far, left + wide, near), (right - wide, far, right, near)]
    batch.add("kerb", _sheets(found, 0.014))


def _add_manholes(batch: Batch) -> None:
    """Iron lids on the roads and on the square, and drains along the kerbs."""
    road = -KERB_M + 0.045
    lids = [((s * 55.0, z), road) for s in (-1.0, 1.0) for z in np.arange(-70.0, 20.0, 23.0)]
    lids += [((x, -92.0), road) for x in np.arange(-38.0, 40.0, 25.0)]
    lids += [((s * 4.2, z), road) for s in (-1.0, 1.0) for z in np.arange(-125.0, -260.0, -31.0)]
    lids += [((x, z), 0.05) for x, z in ((-7.6, -17.5), (9.8, -7.2), (-17.0, -28.0), (15.5, -61.0), (-14.0, -4.4))]
    batch.add("iron", *(_ring(spot, 0.01, 0.33, y) for spot, y in lids))
    batch.add("kerb", *(_ring(spot, 0.33, 0.39, y) for spot, y in lids))
    drains = [(s * 50.35 - 0.2, z, s * 50.35 + 0.2, z + 0.5) for s in (-1.0, 1.0) for z in np.arange(-80.0, 20.0, 14.0)]
    batch.add("iron", _sheets(drains, road))
