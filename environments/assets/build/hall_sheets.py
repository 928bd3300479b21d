"""The sheets of the lecture hall; its stage is at height 0, and the speaker looks along -z to the rows."""

from __future__ import annotations

import numpy as np

from environments.assets.build.light_map import Sheet
from environments.assets.build.rooms import box, sheet

HALF_M, HIGH_M, BEHIND_M, BACK_M = 5.45, 4.9, 4.0, -15.4
"""Half the width, the ceiling, the walls behind the speaker and behind the audience."""
STAGE_M, FLOOR_M = -6.8, -0.35
FIRST_M, ROWS, PITCH_M, RISE_M = -8.0, 6, 1.0, 0.2
"""Where the first row sits, how many there are, how far each is behind and above the one before."""
TIER_M, DESK_M, AISLE_M, TOP_M = -0.25, 0.70, 3.85, 0.85
"""Height of the first row's floor, the desks' front before who sits there, where the aisles begin, the cross aisle."""
RAMP_M = FIRST_M + DESK_M
DOOR_M, DOOR_WIDE_M, DOOR_HIGH_M = 4.65, 0.72, 2.1
"""Middle of the doors, half their width, their height over the cross aisle."""
LOBBY_M = 2.2
CLOUDS_M = (2.2, -1.4, -5.0, -8.6, -12.2)


def hall_sheets() -> dict[str, list[Sheet]]:
    """Everything that light falls on."""
    return {"hall": [*_shell(), *_sides(), *_back(), *_front(), *_ceiling()], "rows": [*_tiers(), *_desks()]}


def hall_lamps() -> dict[str, list[Sheet]]:
    """Lines of light between the ceiling's panels, coves along the walls, the picture on the wall, the signs."""
    high = HIGH_M - 0.30
    lines = [
        sheet("lamp", (-3.9, high, z - 0.07), (3.9, high, z - 0.07), (3.9, high, z + 0.07), (-3.9, high, z + 0.07))
        for z in (0.4, -3.2, -6.8, -10.4, -14.0)
    ]
    coves = [
        sheet("cove", *(corners if side < 0.0 else corners[::-1]))
        for side in (-1.0, 1.0)
        for corners in [tuple((side * x, 3.62, z) for x, z in ((5.42, -15.0), (5.42, 3.6), (5.30, 3.6), (5.30, -15.0)))]
    ]
    z = BEHIND_M - 0.035
    screen = [sheet("screen", (2.5, 1.15, z), (-2.5, 1.15, z), (-2.5, 3.95, z), (2.5, 3.95, z))]
    signs = [
        sheet("sign", (x - 0.42, 3.12, BACK_M + 0.09), (x + 0.42, 3.12, BACK_M + 0.09), (x + 0.42, 3.42, BACK_M + 0.09),
              (x - 0.42, 3.42, BACK_M + 0.09))
        for x in (-DOOR_M, DOOR_M)
    ]  # fmt: skip
    high = TOP_M + 2.49
    lobby = [
        sheet(
            "lamp",
            (x - 0.25, high, z - 0.25),
            (x + 0.25, high, z - 0.25),
            (x + 0.25, high, z + 0.25),
            (x - 0.25, high, z + 0.25),
        )
        for x in (-DOOR_M, DOOR_M)
        for z in (BACK_M - 1.2,)
    ]
    spots = [
        sheet("down", (x - 0.07, HIGH_M - 0.342, z - 0.07), (x + 0.07, HIGH_M - 0.342, z - 0.07),
              (x + 0.07, HIGH_M - 0.342, z + 0.07), (x - 0.07, HIGH_M - 0.342, z + 0.07))
        for z in CLOUDS_M
        for x in (-3.3, -1.1, 1.1, 3.3)
    ]  # fmt: skip
    return {"hall": [*lines, *coves, *screen, *signs, *lobby, *spots]}


def _shell() -> list[Sheet]:
    """Stage, floors, ramps, bare walls."""
    x, h, near, far = HALF_M, HIGH_M, BEHIND_M, BACK_M
    low = FLOOR_M
    found = [
        sheet("planks", (-x, 0, near), (x, 0, near), (x, 0, STAGE_M), (-x, 0, STAGE_M)),
        sheet("edge", (x, low, STAGE_M), (-x, low, STAGE_M), (-x, 0, STAGE_M), (x, 0, STAGE_M)),
        sheet("carpet", (-x, low, STAGE_M), (x, low, STAGE_M), (x, low, RAMP_M), (-x, low, RAMP_M)),
        sheet("carpet", (-x, TOP_M, -13.3), (x, TOP_M, -13.3), (x, TOP_M, far), (-x, TOP_M, far)),
    ]
    for inner, outer in ((-x, -AISLE_M), (AISLE_M, x)):
        found += [
            sheet("carpet", (inner, low, RAMP_M), (outer, low, RAMP_M), (outer, TOP_M, -13.3), (inner, TOP_M, -13.3))
        ]
    for side in (-4.65, 4.65):
        found += box("edge", (side - 0.6, low, STAGE_M - 0.28, side + 0.6, low + 0.175, STAGE_M), "zxXY")
    found += [
        sheet("felt", (-x, low, near), (-x, low, far), (-x, h, far), (-x, h, near)),
        sheet("felt", (x, low, far), (x, low, near), (x, h, near), (x, h, far)),
    ]
    return found


def _sides() -> list[Sheet]:
    """Wooden panels in bays on both walls, over a skirting that follows the floor's three heights."""
    found: list[Sheet] = []
    edges = np.linspace(BEHIND_M - 0.1, BACK_M + 0.1, 16)
    for high, low in zip(edges[:-1] - 0.04, edges[1:] + 0.04, strict=True):
        foot = 0.12 if high > STAGE_M else 0.35 if high > -11.0 else 0.98
        for bottom, top, name in ((foot, 1.55, "panel"), (1.60, 3.45, "panel")):
            found += box(name, (-HALF_M, bottom, low, -HALF_M + 0.05, top, high), "XyYzZ")
            found += box(name, (HALF_M - 0.05, bottom, low, HALF_M, top, high), "xyYzZ")
    for side, faces in ((-1.0, "XyY"), (1.0, "xyY")):
        x, y = sorted((side * HALF_M, side * (HALF_M - 0.17)))
        found += box("plaster", (x, 3.5, BACK_M, y, 3.6, BEHIND_M), faces)
    return found


def _back() -> list[Sheet]:
    """Behind the audience: two double doors, the window of a booth, panels between them."""
    z, x = BACK_M, HALF_M
    inner, outer, over = DOOR_M - DOOR_WIDE_M, DOOR_M + DOOR_WIDE_M, TOP_M + DOOR_HIGH_M
    areas = [
        (-x, TOP_M, -outer),
        (-outer, over, -inner),
        (-inner, TOP_M, inner),
        (inner, over, outer),
        (outer, TOP_M, x),
    ]
    found = [
        sheet("plaster", (left, low, z), (right, low, z), (right, HIGH_M, z), (left, HIGH_M, z))
        for left, low, right in areas
    ]
    edges = np.linspace(-3.55, 3.55, 7)
    for low, high in zip(edges[:-1] + 0.03, edges[1:] - 0.03, strict=True):
        found += box("panel", (low, TOP_M + 0.12, z, high, 2.45, z + 0.05), "ZxXyY")
    found += box("steel", (-1.3, 2.62, z, 1.3, 3.32, z + 0.05), "ZxXyY")
    found += [
        sheet(
            "glass_dark",
            (-1.24, 2.68, z + 0.055),
            (1.24, 2.68, z + 0.055),
            (1.24, 3.26, z + 0.055),
            (-1.24, 3.26, z + 0.055),
        )
    ]
    for middle in (-DOOR_M, DOOR_M):
        left, right, top = middle - DOOR_WIDE_M, middle + DOOR_WIDE_M, TOP_M + DOOR_HIGH_M
        found += box("steel", (left - 0.07, TOP_M, z, left, top + 0.07, z + 0.08), "ZxX")
        found += box("steel", (right, TOP_M, z, right + 0.07, top + 0.07, z + 0.08), "ZxX")
        found += box("steel", (left, top, z, right, top + 0.07, z + 0.08), "Zy")
        found += box("edge", (middle - 0.46, 3.08, z, middle + 0.46, 3.46, z + 0.085), "ZxXyY")
        found += _lobby(middle)
    return found


def _lobby(middle: float) -> list[Sheet]:
    """What is seen through an open door."""
    left, right, top = middle - 0.80, middle + 0.80, TOP_M + 2.5
    near, far = BACK_M, BACK_M - LOBBY_M
    return [
        sheet("carpet", (left, TOP_M, near), (right, TOP_M, near), (right, TOP_M, far), (left, TOP_M, far)),
        sheet("plaster", (left, top, far), (right, top, far), (right, top, near), (left, top, near)),
        sheet("plaster", (left, TOP_M, far), (right, TOP_M, far), (right, top, far), (left, top, far)),
        sheet("plaster", (left, TOP_M, near), (left, TOP_M, far), (left, top, far), (left, top, near)),
        sheet("plaster", (right, TOP_M, far), (right, TOP_M, near), (right, top, near), (right, top, far)),
    ]


def door_sheets(side: float) -> list[Sheet]:
    """A leaf whose hinge is at x = 0 and that reaches to x = `side` times its width; its foot is at 0."""
    wide = 0.715 * side
    left, right = sorted((0.004 * side, wide))
    found = box("door", (left, 0.01, -0.02, right, DOOR_HIGH_M - 0.01, 0.025), "zZxXY")
    low, high = sorted((wide - 0.14 * side, wide - 0.30 * side))
    found += box("glass_dark", (low, 1.1, 0.025, high, 1.75, 0.028), "Z")
    bar = sorted((0.08 * side, wide - 0.06 * side))
    return found + box("steel", (bar[0], 0.98, 0.055, bar[1], 1.02, 0.085), "ZyYxX")


def _front() -> list[Sheet]:
    """Behind the speaker: a dark wall with a framed screen, and curtains at both sides."""
    z, x = BEHIND_M, HALF_M
    found = [sheet("plaster", (x, 0, z), (-x, 0, z), (-x, HIGH_M, z), (x, HIGH_M, z))]
    found += box("edge", (-2.58, 1.07, z - 0.03, 2.58, 4.03, z), "zxXyY")
    for side in (-1.0, 1.0):
        for fold in range(10):
            left = side * 3.2 + side * 0.2 * fold
            low, high = sorted((left, left + side * 0.14))
            found += box("curtain", (low, 0.03, z - 0.16, high, HIGH_M - 0.2, z - 0.05), "zxX")
    return found


def _ceiling() -> list[Sheet]:
    """Dark ceiling, and panels hung below it with gaps for light."""
    x, h = HALF_M, HIGH_M
    found = [sheet("felt", (-x, h, BACK_M), (x, h, BACK_M), (x, h, BEHIND_M), (-x, h, BEHIND_M))]
    for middle in CLOUDS_M:
        found += box("batten", (-4.4, h - 0.34, middle - 1.45, 4.4, h - 0.26, middle + 1.45), "xXyzZ")
    return found


def _tiers() -> list[Sheet]:
    """The floors that the rows stand on."""
    found: list[Sheet] = []
    for row in range(ROWS):
        y, near, far = TIER_M + RISE_M * row, RAMP_M - PITCH_M * row, RAMP_M - PITCH_M * (row + 1)
        below = FLOOR_M if row == 0 else y - RISE_M
        x = AISLE_M
        found += [
            sheet("carpet", (-x, y, near), (x, y, near), (x, y, far), (-x, y, far)),
            sheet("edge", (-x, below, near), (x, below, near), (x, y, near), (-x, y, near)),
            sheet("edge", (x, y - 0.14, near), (x, y - 0.14, far), (x, y, far), (x, y, near)),
            sheet("edge", (-x, y - 0.14, far), (-x, y - 0.14, near), (-x, y, near), (-x, y, far)),
            sheet("carpet", (x, y, far), (x, y, near), (x, y + 0.14, near), (x, y + 0.14, far)),
            sheet("carpet", (-x, y, near), (-x, y, far), (-x, y + 0.14, far), (-x, y + 0.14, near)),
        ]
    y, far = TIER_M + RISE_M * (ROWS - 1), RAMP_M - PITCH_M * ROWS
    found += [sheet("edge", (-AISLE_M, y, far), (AISLE_M, y, far), (AISLE_M, TOP_M, far), (-AISLE_M, TOP_M, far))]
    return found


def _desks() -> list[Sheet]:
    """A long desk before each row: top, front, end panels."""
    found: list[Sheet] = []
    x = AISLE_M - 0.06
    for row in range(ROWS):
        y, middle = TIER_M + RISE_M * row, FIRST_M - PITCH_M * row
        front = middle + DESK_M
        found += box("desk", (-x, y + 0.70, front - 0.36, x, y + 0.725, front - 0.01), "zZyYxX")
        found += box("front", (-x, y + 0.03, front - 0.045, x, y + 0.70, front - 0.025), "zZ")
        for side in (-1.0, 1.0):
            low, high = sorted((side * x, side * (x - 0.04)))
            found += box("front", (low, y, front - 0.34, high, y + 0.70, front - 0.02), "xXzZ")
    return found
