"""The sheets of the lift, group by group; `left` and `right` stand at x = 0 and are moved to where a wall is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from environments.assets.build.light_map import Sheet
from environments.assets.build.rooms import box, rail, sheet

FRONT_M, BACK_M, HIGH_M, HALF_M = -1.10, 0.75, 2.30, 1.52
DOOR_M, DOOR_HIGH_M, SILL_M = 0.45, 2.05, -1.25
BAKED_HALF_M = 0.8
LIFT: tuple[tuple[tuple[str, ...], Mapping[str, float]], ...] = (
    (
        ("left", "right", "leaf_left", "leaf_right"),
        {"cabin": 0.0, "left": -BAKED_HALF_M, "right": BAKED_HALF_M, "leaf_left": 0.0, "leaf_right": 0.0},
    ),
    (("cabin", "landing"), {"cabin": 0.0, "left": -HALF_M, "right": HALF_M, "landing": 0.0}),
    (("shaft",), {"cabin": 0.0, "left": -BAKED_HALF_M, "right": BAKED_HALF_M, "shaft": 0.0}),
)
"""Which groups take their light from which room."""


def lift_sheets() -> dict[str, list[Sheet]]:
    """Everything that light falls on."""
    return {
        "cabin": [*_cabin(), *_front()],
        "left": _side(1.0),
        "right": [*_side(-1.0), *_buttons()],
        "leaf_left": _leaf(-1.0),
        "leaf_right": _leaf(1.0),
        "landing": _landing(),
        "shaft": _shaft(),
    }


def lift_lamps() -> dict[str, list[Sheet]]:
    """Everything that glows, by group."""
    high = HIGH_M - 0.006
    strips = ((0.0, 0.12), (-1.0, 0.07), (1.0, 0.07))
    cabin = [
        sheet("lamp", (x - w, high, -0.75), (x + w, high, -0.75), (x + w, high, 0.45), (x - w, high, 0.45))
        for x, w in strips
    ]
    landing = [
        sheet("lamp", (x - 0.3, 2.594, z - 0.3), (x + 0.3, 2.594, z - 0.3), (x + 0.3, 2.594, z + 0.3),
              (x - 0.3, 2.594, z + 0.3))
        for x in (-1.1, 1.1) for z in (-2.4, -4.6)
    ]  # fmt: skip
    for name, low, top in (("garden", 0.9, 1.22), ("haze", 1.22, 1.5), ("day", 1.5, 2.2)):
        landing += [sheet(name, (-1.3, low, -6.19), (1.3, low, -6.19), (1.3, top, -6.19), (-1.3, top, -6.19))]
    signal = box("signal", (-0.024, 1.305, -0.42, -0.018, 1.325, -0.40), "xyYzZ")
    return {"cabin": cabin, "landing": landing, "lift signal": signal}


def _cabin() -> list[Sheet]:
    """Floor, ceiling with frames around its lamps, and the back with a rail."""
    x, front, back, high = HALF_M, FRONT_M - 0.08, BACK_M, HIGH_M
    found = [
        sheet("rubber", (-x, 0, back), (x, 0, back), (x, 0, front), (-x, 0, front)),
        sheet("white", (-x, high, front), (x, high, front), (x, high, back), (-x, high, back)),
    ]
    for middle, wide in ((0.0, 0.12), (-1.0, 0.07), (1.0, 0.07)):
        for low, far in ((middle - wide - 0.02, middle - wide), (middle + wide, middle + wide + 0.02)):
            found += box("bright_steel", (low, high - 0.012, -0.77, far, high, 0.47), "xXy")
    edges = np.linspace(-x, x, 6)
    found += [sheet("dark_steel", (x, 0, back), (-x, 0, back), (-x, high, back), (x, high, back))]
    for low, far in zip(edges[:-1] + 0.006, edges[1:] - 0.006, strict=True):
        found += box("steel", (low, 0.13, back - 0.012, far, high - 0.02, back), "zxXyY")
    found += box("bright_steel", (-x, 0, back - 0.015, x, 0.11, back), "zY")
    return found + rail(np.array([-x, 0.90, back - 0.07]), np.array([x, 0.90, back - 0.07]))


def _front() -> list[Sheet]:
    """Panels beside and over the door, the sill, and the case of the display."""
    x, z, d, y = HALF_M, FRONT_M, DOOR_M, DOOR_HIGH_M
    found = [*box("steel", (-x, 0, z - 0.08, -d, HIGH_M, z), "ZX"), *box("steel", (d, 0, z - 0.08, x, HIGH_M, z), "Zx")]
    found += box("steel", (-d, y, z - 0.08, d, HIGH_M, z), "Zy")
    found += box("bright_steel", (-d, -0.02, SILL_M, d, 0.002, z), "Y")
    return found + box("dark_steel", (-0.15, 2.10, z, 0.15, 2.25, z + 0.010), "ZxXyY")


def _side(facing: float) -> list[Sheet]:
    """A side wall of three panels with a skirting and a rail; it reaches past the doors."""
    front, back, high = FRONT_M - 0.10, BACK_M, HIGH_M
    corners = [(0, 0, back), (0, 0, front), (0, high, front), (0, high, back)]
    if facing < 0.0:
        corners = [corners[k] for k in (1, 0, 3, 2)]
    found = [sheet("dark_steel", *corners)]
    edges = np.linspace(FRONT_M, back, 4)
    near, sides = sorted((0.0, 0.012 * facing)), "XyYzZ" if facing > 0.0 else "xyYzZ"
    for low, far in zip(edges[:-1] + 0.006, edges[1:] - 0.006, strict=True):
        found += box("steel", (near[0], 0.13, low, near[1], high - 0.02, far), sides)
    foot = sorted((0.0, 0.015 * facing))
    found += box("bright_steel", (foot[0], 0, front, foot[1], 0.11, back), "XY" if facing > 0.0 else "xY")
    at = 0.07 * facing
    found += rail(np.array([at, 0.90, -0.30]), np.array([at, 0.90, 0.66]))
    for z in (-0.15, 0.50):
        inner, outer = sorted((at, 0.0))
        found += box("bright_steel", (inner, 0.892, z - 0.008, outer, 0.908, z + 0.008), "yYzZ")
    return found


def _buttons() -> list[Sheet]:
    """On the right wall: five rows of buttons, alarm and intercom."""
    found = box("bright_steel", (-0.018, 0.82, -0.52, -0.012, 1.44, -0.34), "xyYzZ")
    for row in range(5):
        for z in (-0.485, -0.415):
            low = 0.88 + 0.075 * row
            found += box("dark_steel", (-0.020, low - 0.004, z - 0.004, -0.018, low + 0.036, z + 0.036), "xyYzZ")
            found += box("bright_steel", (-0.025, low, z, -0.020, low + 0.032, z + 0.032), "xyYzZ")
    for slot in range(6):
        found += box("dark_steel", (-0.019, 1.30 + 0.016 * slot, -0.50, -0.0185, 1.308 + 0.016 * slot, -0.44), "x")
    return found


def _leaf(side: float) -> list[Sheet]:
    """A leaf of the door, closed."""
    low, high = sorted((0.003 * side, (DOOR_M + 0.006) * side))
    z = FRONT_M
    found = box("steel", (low, 0.004, z - 0.075, high, DOOR_HIGH_M + 0.01, z - 0.035), "ZxXz")
    inner = sorted((0.003 * side, 0.018 * side))
    return found + box("dark_steel", (inner[0], 0.004, z - 0.036, inner[1], DOOR_HIGH_M, z - 0.033), "Z")


def _landing() -> list[Sheet]:
    """A hall before the lift: terrazzo, plaster, a door on the left, a bench, a window at the end."""
    x, near, far, high = 2.2, SILL_M, -6.2, 2.6
    found = [
        sheet("terrazzo", (-x, 0, near), (x, 0, near), (x, 0, far), (-x, 0, far)),
        sheet("white", (-x, high, far), (x, high, far), (x, high, near), (-x, high, near)),
        sheet("plaster", (-x, 0, near), (-x, 0, far), (-x, high, far), (-x, high, near)),
        sheet("plaster", (x, 0, far), (x, 0, near), (x, high, near), (x, high, far)),
        sheet("concrete", (-x, -0.32, near), (x, -0.32, near), (x, 0, near), (-x, 0, near)),
    ]
    for low, foot, upper, top in ((-x, 0, -1.3, high), (1.3, 0, x, high), (-1.3, 0, 1.3, 0.9), (-1.3, 2.2, 1.3, high)):
        found += [sheet("plaster", (low, foot, far), (upper, foot, far), (upper, top, far), (low, top, far))]
    for bar in (-1.3, -0.02, 1.26):
        found += box("white", (bar, 0.9, far, bar + 0.04, 2.2, far + 0.05), "ZxX")
    found += box("white", (-1.36, 0.86, far, 1.36, 0.90, far + 0.16), "ZxXyY")
    found += box("oak", (-x, 0, -3.9, -x + 0.03, 2.05, -3.0), "XzZY")
    found += box("bright_steel", (-x + 0.03, 1.0, -3.12, -x + 0.08, 1.03, -3.04), "XyYzZ")
    found += box("oak", (x - 0.5, 0.40, -4.6, x - 0.05, 0.46, -3.0), "xyYzZ")
    for z in (-4.45, -3.2):
        found += box("bright_steel", (x - 0.42, 0, z, x - 0.12, 0.40, z + 0.05), "xXzZ")
    for low, upper in ((-x, -x + 0.015), (x - 0.015, x)):
        found += box("oak", (low, 0, far, upper, 0.09, near), "xXY")
    found += box("dark_steel", (x - 0.03, 1.2, -2.5, x, 1.9, -1.9), "xzZyY")
    for left, wide in ((-1.95, 0.45), (1.5, 0.45)):
        found += box("oak", (left, 1.25, far, left + wide, 1.95, far + 0.03), "ZxXyY")
        found += box("vinyl", (left + 0.04, 1.29, far + 0.03, left + wide - 0.04, 1.91, far + 0.034), "Z")
    return found


def _shaft() -> list[Sheet]:
    """The wall that a stopped lift stands before: bricks and a beam."""
    x, z = HALF_M, SILL_M - 0.07
    found = [sheet("brick", (-x, -0.6, z), (x, -0.6, z), (x, 2.6, z), (-x, 2.6, z))]
    return found + box("dark_steel", (-x, 1.55, z, x, 1.75, z + 0.05), "ZyY")
