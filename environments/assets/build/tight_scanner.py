"""The sheets of the scanner room; the tube's axis is z at the height of the origin, its near mouth towards +z."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from environments.assets.build.light_map import Sheet
from environments.assets.build.mesh import Floats
from environments.assets.build.rooms import box, sheet

AXIS_M, LONG_M, TUBE_M = 1.05, 0.90, 0.35
"""Height of the axis over the floor, half the length of the scanner, radius of its tube."""
HOLE_M, MOUTH_M = 0.36, 0.44
AROUND, ALONG = 48, 4
SCANNER: tuple[tuple[tuple[str, ...], Mapping[str, float]], ...] = (
    (("room", "housing", "tube", "table"), {"room": 0.0, "housing": 0.0, "tube": 0.0, "table": 0.0}),
)


def scanner_sheets() -> dict[str, list[Sheet]]:
    """Everything that light falls on; heights are over the axis."""
    return {"room": _room(), "housing": _housing(), "tube": _tube(), "table": _table()}


def scanner_lamps() -> dict[str, list[Sheet]]:
    """Ceiling panels, a picture of the sky, and the strip of light in the tube."""
    high = 2.7 - AXIS_M - 0.006
    room = [
        sheet(kind, (x - 0.35, high, z - 0.6), (x + 0.35, high, z - 0.6), (x + 0.35, high, z + 0.6),
              (x - 0.35, high, z + 0.6))
        for kind, x, z in (("lamp", -1.6, 2.2), ("lamp", 1.6, 2.2), ("lamp", -1.6, -2.2), ("lamp", 1.6, -2.2),
                           ("day", 0.0, 2.2))
    ]  # fmt: skip
    return {"room": room, "tube": _strip(), "scanner signal": _signal()}


def _room() -> list[Sheet]:
    x, near, far, low, high = 2.9, 3.6, -3.6, -AXIS_M, 2.7 - AXIS_M
    found = [
        sheet("vinyl", (-x, low, near), (x, low, near), (x, low, far), (-x, low, far)),
        sheet("white", (-x, high, far), (x, high, far), (x, high, near), (-x, high, near)),
        sheet("wall_green", (-x, low, near), (-x, low, far), (-x, high, far), (-x, high, near)),
        sheet("wall_green", (x, low, far), (x, low, near), (x, high, near), (x, high, far)),
        sheet("wall_green", (-x, low, far), (x, low, far), (x, high, far), (-x, high, far)),
        sheet("wall_green", (x, low, near), (-x, low, near), (-x, high, near), (x, high, near)),
        sheet("glass_dark", (-0.9, 0.0, far + 0.01), (0.9, 0.0, far + 0.01), (0.9, 0.9, far + 0.01),
              (-0.9, 0.9, far + 0.01)),
    ]  # fmt: skip
    for bar in ((-0.95, -0.05, 0.95, 0.0), (-0.95, 0.9, 0.95, 0.95), (-0.95, 0.0, -0.9, 0.9), (0.9, 0.0, 0.95, 0.9)):
        found += box("bright_steel", (bar[0], bar[1], far, bar[2], bar[3], far + 0.04), "ZxXyY")
    found += box("oak", (x - 0.03, low, 1.2, x, low + 2.05, 2.3), "xzZY")
    found += box("bright_steel", (x - 0.09, low + 1.0, 1.28, x - 0.03, low + 1.03, 1.4), "xyYzZ")
    found += box("white", (-x, low, -0.6, -x + 0.45, low + 0.9, 2.6), "XzZY")
    found += box("white", (-x, low + 1.45, -0.6, -x + 0.35, low + 2.1, 2.6), "XzZyY")
    return found


def _ring(radius_m: float, turns: Floats) -> Floats:
    return np.stack([radius_m * np.sin(turns), radius_m * np.cos(turns)], -1)


def _outline(turns: Floats) -> Floats:
    """The housing's outline (n, 2): a box with round corners, standing on the floor."""
    x, y = np.sin(turns), np.cos(turns)
    size = (np.abs(x) ** 5.0 + np.abs(y) ** 5.0) ** (-0.2)
    return np.stack([1.02 * x * size, 1.0 * y * size], -1)


def _band(name: str, inner: tuple[Floats, float], outer: tuple[Floats, float]) -> list[Sheet]:
    """A band of sheets between two closed lines (n, 2) at two places along z, seen from outside to inside."""
    (a, za), (b, zb) = inner, outer
    found = []
    for k in range(len(a)):
        n = (k + 1) % len(a)
        corners = [(*a[k], za), (*a[n], za), (*b[n], zb), (*b[k], zb)]
        found.append(sheet(name, *((float(x), float(y), float(z)) for x, y, z in corners)))
    return found


def _housing() -> list[Sheet]:
    turns = np.arange(AROUND) * 2.0 * np.pi / AROUND
    edge, narrow = _outline(turns), _outline(turns) * 0.955
    hole, mouth = _ring(HOLE_M, turns), _ring(MOUTH_M, turns)
    found = []
    for side in (1.0, -1.0):
        z = LONG_M * side
        lines = [(hole, z - 0.07 * side), (mouth, z), (narrow, z), (edge, z - 0.05 * side)]
        for one, other in pairwise(lines):
            found += _band("shell", *((other, one) if side < 0.0 else (one, other)))
    return found + _band("shell", (edge, LONG_M - 0.05), (edge, -LONG_M + 0.05))


def _tube() -> list[Sheet]:
    """The tube from inside, and a collar that covers the hole when the tube is made narrower."""
    turns = np.arange(AROUND) * 2.0 * np.pi / AROUND
    ring, collar = _ring(TUBE_M, turns), _ring(MOUTH_M, turns)
    places = np.linspace(LONG_M - 0.07, -LONG_M + 0.07, ALONG + 1)
    found = []
    for near, far in pairwise(places):
        found += _band("tube", (ring, float(far)), (ring, float(near)))
    found += _band("shell", (ring, LONG_M - 0.069), (collar, LONG_M - 0.069))
    return found + _band("shell", (collar, -LONG_M + 0.069), (ring, -LONG_M + 0.069))


def _strip() -> list[Sheet]:
    """A strip of light along the top of the tube."""
    wide, radius = 0.05, TUBE_M - 0.003
    x, y = radius * np.sin(wide), radius * np.cos(wide)
    z = LONG_M - 0.12
    return [sheet("lamp", (-x, y, -z), (x, y, -z), (x, y, z), (-x, y, z))]


def _signal() -> list[Sheet]:
    """A thin line of light along either side, lit while somebody speaks or the scanner runs."""
    x, low, high, z = TUBE_M - 0.004, 0.030, 0.042, LONG_M - 0.12
    left = ((-x, low, z), (-x, low, -z), (-x, high, -z), (-x, high, z))
    return [sheet("signal", *left), sheet("signal", *((-a, b, -c) for a, b, c in left))]


def _table() -> list[Sheet]:
    """The table, its far end in the tube, on a foot before the scanner."""
    low = -AXIS_M
    found = box("shell", (-0.23, -0.30, -0.75, 0.23, -0.255, 2.9), "xXyYzZ")
    found += box("cushion", (-0.205, -0.255, -0.70, 0.205, -0.225, 2.85), "xXYzZ")
    return found + box("shell", (-0.17, low, 1.05, 0.17, -0.30, 2.3), "xXzZ")
