"""What stands in the study: desk, shelves with books, lamp, mug, papers, jar, side table, frame, curtains, door."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from environments.assets.build.mesh import Floats
from environments.assets.build.study_shapes import Patch, Point, box, lathe, sheet, swept
from environments.scenes.spiders.place import DESK, FRAME, JAR, LAMP, SIDE_TABLE_M

FINE_M = 0.008


def turned(patches: list[Patch], yaw_deg: float, to: Point) -> list[Patch]:
    """The patches turned about y and moved."""
    a = np.radians(yaw_deg)
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    return [replace(one, points=one.points @ turn.T + to) for one in patches]


def desk() -> list[Patch]:
    """A writing desk: a top with a rounded front, drawers on both sides, a panel at the back."""
    x, z, top = DESK.x_m, DESK.front_z_m, DESK.top_m
    back = DESK.back_z_m
    edge = [(top - 0.034, z - 0.004), (top - 0.030, z), (top - 0.006, z), (top - 0.0015, z - 0.0015), (top, z - 0.006)]
    front = np.array([[(-x, y, at), (x, y, at)] for y, at in edge])
    plate = sheet(
        "desk", (-x, top, z - 0.006), (x, top, z - 0.006), (x, top, back), (-x, top, back), texel_m=FINE_M, tile_m=1.6
    )
    found = [plate, Patch("desk", front, 0.012, 1.6)]
    found += box("desk", (-x, top - 0.034, back, x, top, z - 0.006), "xXyz", texel_m=0.02, tile_m=1.6)
    for sign in (1.0, -1.0):
        low, high = sorted((sign * (x - 0.04), sign * (x - 0.44)))
        found += box("desk", (low, 0.04, back + 0.05, high, top - 0.034, z - 0.06), "xXzZ", tile_m=1.6, upright=True)
        for floor, roof in ((0.08, 0.33), (0.345, 0.52), (0.535, 0.69)):
            found += box("desk", (low + 0.015, floor, z - 0.06, high - 0.015, roof, z - 0.045), "xXyYZ", tile_m=1.6)
            middle = 0.5 * (low + high)
            found += box(
                "brass", (middle - 0.045, roof - 0.06, z - 0.045, middle + 0.045, roof - 0.048, z - 0.03), "xXyYZ"
            )
    return [*found, *box("desk", (-x + 0.4, 0.30, back + 0.08, x - 0.4, top - 0.034, back + 0.10), "zZy", tile_m=1.6)]


def lamp() -> list[Patch]:
    """A reading lamp whose turned foot sweeps up into a column; the same profile is what spiders climb."""
    x, z = LAMP.centre_m
    at = (x, DESK.top_m, z)
    profile = [(float(r), float(y)) for r, y in LAMP.outline_m() if r <= LAMP.foot_m]
    found = [lathe("dark_wood", profile, at, 28, texel_m=0.006, tile_m=0.3, upright=True)]
    top = DESK.top_m + LAMP.height_m
    shade = [(0.150, -0.02), (0.152, -0.01), (0.118, 0.10), (0.088, 0.185)]
    found.append(lathe("shade", shade, (x, top, z), 32, texel_m=0.012, tile_m=0.3))
    inside = lathe("shade", shade, (x, top, z), 32, texel_m=0.02, tile_m=0.3)
    found.append(replace(inside, points=inside.points[:, ::-1] * (0.99, 1.0, 0.99) + (0.01 * x, 0.0, 0.01 * z)))
    return [
        *found,
        lathe("brass", [(0.02, -0.005), (0.021, 0.03), (0.012, 0.05), (0.006, 0.19), (0.0, 0.2)], (x, top, z), 14),
    ]


def mug(at: Point) -> list[Patch]:
    """A mug of glazed clay with coffee in it."""
    outside = [(0.0, 0.0), (0.030, 0.0), (0.035, 0.006), (0.038, 0.05), (0.0385, 0.090), (0.0375, 0.0925)]
    within = [(0.0365, 0.0925), (0.035, 0.085), (0.034, 0.062)]
    found = [lathe("glaze", outside, at, 24, texel_m=0.006, tile_m=0.2)]
    found += [
        lathe("glaze", within, at, 24, texel_m=0.006, tile_m=0.2),
        lathe("coffee", [(0.034, 0.062), (0.0, 0.062)], at, 24, texel_m=0.006),
    ]
    turn = np.linspace(-0.42 * np.pi, 0.42 * np.pi, 9)
    ear = [(at[0] + 0.034 + 0.030 * np.cos(t), at[1] + 0.048 + 0.030 * np.sin(t), at[2]) for t in turn]
    return [*found, swept("glaze", ear, 0.005, 8, texel_m=0.006, tile_m=0.2)]


def papers() -> list[Patch]:
    """Two letters and a pen."""
    found = []
    for k, (x, z, yaw) in enumerate(((-0.36, -0.47, 12.0), (-0.29, -0.50, -6.0))):
        a, y = np.radians(yaw), DESK.top_m + 0.0006 * (k + 1)
        across, down = np.array([np.cos(a), 0, np.sin(a)]) * 0.105, np.array([-np.sin(a), 0, np.cos(a)]) * 0.1485
        middle = np.array([x, y, z])
        points = np.array(
            [[middle - across + down, middle + across + down], [middle - across - down, middle + across - down]]
        )
        found.append(Patch("letter", points, 0.012, uv=np.array([[(0, 1), (1, 1)], [(0, 0), (1, 0.0)]])))
    at, way = np.array([-0.15, DESK.top_m + 0.0065, -0.41]), np.array([0.75, 0.0, -0.66])
    spots = [tuple(at + way * part) for part in (0.0, 0.012, 0.06, 0.10, 0.135)]
    return [*found, swept("lacquer", spots, 0.0055, 8, texel_m=0.006)]


def jar() -> list[Patch]:
    """A preserving jar of glass at the origin, with its foot."""
    r, h = JAR.radius_m, JAR.height_m
    outside = [
        (0.0, 0.001),
        (r - 0.008, 0.001),
        (r - 0.001, 0.006),
        (r + 0.002, 0.014),
        (r + 0.002, h - 0.03),
        (r - 0.006, h - 0.016),
        (r - 0.006, h),
    ]
    rim = [
        (r - 0.006, h - 0.006),
        (r + 0.002, h - 0.006),
        (r + 0.003, h - 0.003),
        (r - 0.004, h),
        (r - 0.009, h - 0.001),
    ]
    return [lathe("glass", outside, (0, 0, 0), 36), lathe("glass_rim", rim, (0, 0, 0), 36)]


def lid() -> list[Patch]:
    """The jar's lid of wood; its hinge, at the jar's back, is the origin."""
    r = JAR.radius_m
    profile = [
        (0.0, -0.012),
        (r - 0.012, -0.012),
        (r - 0.010, 0.0),
        (r + 0.004, 0.001),
        (r + 0.005, 0.014),
        (r - 0.002, 0.019),
        (0.0, 0.019),
    ]
    found = [lathe("lid_wood", profile, (0, 0, r), 36, tile_m=0.4)]
    return [*found, *box("lid_brass", (-0.012, -0.02, -0.006, 0.012, 0.022, 0.0), tile_m=0.2)]


def side_table() -> list[Patch]:
    """A round table on one column, as high as the desk; its middle is the origin."""
    high, r = DESK.top_m, SIDE_TABLE_M
    top = [
        (0.0, high - 0.024),
        (r - 0.02, high - 0.024),
        (r - 0.004, high - 0.016),
        (r, high - 0.008),
        (r - 0.006, high),
        (0.0, high),
    ]
    column = [
        (0.16, 0.0),
        (0.165, 0.012),
        (0.10, 0.03),
        (0.035, 0.06),
        (0.026, 0.2),
        (0.034, 0.45),
        (0.024, 0.62),
        (0.05, high - 0.024),
    ]
    return [
        lathe("table_wood", top, (0, 0, 0), 36, tile_m=1.2),
        lathe("table_wood", column, (0, 0, 0), 24, tile_m=1.2, upright=True),
    ]


def framed(name: str = "frame") -> list[Patch]:
    """The drawing in its frame; the middle of its lower edge is the origin, it faces +z."""
    w, h, rim = 0.5 * FRAME.wide_m, FRAME.high_m, 0.028
    uv = np.array([[(0, 1), (1, 1)], [(0, 0), (1, 0.0)]])
    paper = sheet("drawing", (-w, rim, 0.008), (w, rim, 0.008), (w, h, 0.008), (-w, h, 0.008))
    found = [replace(paper, uv=uv)]
    bars = ((-w - rim, 0, w + rim, rim), (-w - rim, h, w + rim, h + rim), (-w - rim, rim, -w, h), (w, rim, w + rim, h))
    for a, b, c, d in bars:
        found += box(f"{name}_wood", (a, b, 0.0, c, d, 0.022), "xXyYZ", tile_m=0.8, upright=d - b > c - a)
    return [
        *found,
        sheet(
            f"{name}_wood", (w + rim, 0, 0), (-w - rim, 0, 0), (-w - rim, h + rim, 0), (w + rim, h + rim, 0), tile_m=0.8
        ),
    ]


def shelf(wide_m: float, high_m: float, boards: int, seed: int) -> list[Patch]:
    """A bookcase, its back at z = 0, its left end at x = 0, filled with books."""
    rng = np.random.default_rng(seed)
    deep = 0.27
    found = box("dark_wood", (0, 0, 0, 0.025, high_m, deep), "xXZY", upright=True, tile_m=1.6)
    found += box("dark_wood", (wide_m - 0.025, 0, 0, wide_m, high_m, deep), "xXZY", upright=True, tile_m=1.6)
    found += box("dark_wood", (-0.01, high_m, 0, wide_m + 0.01, high_m + 0.03, deep + 0.015), "xXyYZ", tile_m=1.6)
    found.append(
        sheet("dark_wood", (0, 0, 0.01), (wide_m, 0, 0.01), (wide_m, high_m, 0.01), (0, high_m, 0.01), tile_m=1.6)
    )
    heights = np.linspace(0.07, high_m, boards + 1)
    for low, above in pairwise(heights):
        found += box("dark_wood", (0.025, low - 0.022, 0.01, wide_m - 0.025, low, deep - 0.005), "yYZ", tile_m=1.6)
        found += _row(rng, (0.03, wide_m - 0.03), float(low), float(above - low - 0.03))
    return found


def _row(rng: np.random.Generator, across: tuple[float, float], floor: float, room: float) -> list[Patch]:
    at, found = across[0], []
    while at < across[1] - 0.05:
        if rng.random() < 0.06:
            at += rng.uniform(0.04, 0.16)
            continue
        wide, high = rng.uniform(0.016, 0.046), min(rng.uniform(0.17, 0.29), room)
        back, front = 0.03, rng.uniform(0.19, 0.245)
        if at + wide > across[1]:
            break
        found += _book((at, at + wide), (floor, floor + high), (back, front), int(rng.integers(16)))
        at += wide + 0.0015
    return found


def _book(across: tuple[float, float], up: tuple[float, float], deep: tuple[float, float], column: int) -> list[Patch]:
    """Spine, covers and pages; `column` is its place among the sixteen spines of the picture."""
    (a, b), (floor, top), (back, front) = across, up, deep
    spine = sheet("spines", (a, floor, front), (b, floor, front), (b, top, front), (a, top, front), texel_m=0.025)
    whole = np.array([[(column, 16), (column + 1, 16)], [(column, 0), (column + 1, 0.0)]]) / 16.0
    cloth = np.array([[(column + 0.4, 15), (column + 0.6, 15)], [(column + 0.4, 14), (column + 0.6, 14.0)]]) / 16.0
    covers = box("spines", (a, floor, back, b, top, front), "xX", texel_m=0.06)
    y, left, right = top - 0.004, a + 0.002, b - 0.002
    pages = sheet(
        "pages", (left, y, front - 0.006), (right, y, front - 0.006), (right, y, back), (left, y, back),
        texel_m=0.06, tile_m=0.1,
    )  # fmt: skip
    return [replace(spine, uv=whole), *(replace(one, uv=cloth) for one in covers), pages]


def curtain(x: float, z: tuple[float, float], y: tuple[float, float], folds: int) -> Patch:
    """Hanging cloth along z, its front towards +x."""
    along = np.linspace(0, 1, folds * 6 + 1)
    rows = np.linspace(0, 1, 7)
    wave = 0.028 * np.sin(2 * np.pi * folds * along)[None] * (0.75 + 0.25 * (1 - rows))[:, None]
    pinch = 1 - 0.10 * np.sin(np.pi * rows)[:, None]
    places = z[0] + (z[1] - z[0]) * (0.5 + (along[None] - 0.5) * pinch)
    points = np.stack([x + wave, np.broadcast_to((y[0] + (y[1] - y[0]) * rows)[:, None], wave.shape), places], -1)
    return Patch("curtain", points[:, ::-1], 0.022, 0.5)


def door(at: Floats) -> list[Patch]:
    """A panelled door of 0.9 by 2.0 m in its frame; the middle of its threshold is the origin, it faces +z."""
    found = box("paint", (-0.45, 0.005, -0.03, 0.45, 2.0, 0.0), "Z", texel_m=0.03)
    for low, high in ((0.16, 0.90), (1.04, 1.86)):
        for left, right in ((-0.36, -0.05), (0.05, 0.36)):
            found += box("paint", (left, low, 0.0, right, high, 0.012), "xXyYZ", texel_m=0.03)
    for a, b in ((-0.55, -0.45), (0.45, 0.55)):
        found += box("paint", (a, 0, -0.02, b, 2.1, 0.025), "xXZ", texel_m=0.03)
    found += box("paint", (-0.55, 2.0, -0.02, 0.55, 2.1, 0.025), "yYZ", texel_m=0.03)
    found.append(
        swept("brass", [(0.39, 1.02, 0.0), (0.39, 1.02, 0.045), (0.375, 1.02, 0.05), (0.27, 1.02, 0.05)], 0.009)
    )
    return turned(found, -90.0, (float(at[0]), float(at[1]), float(at[2])))
