"""What stands in a street: a lamp post, a bench, a piece of railing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from environments.assets.build.masonry import timber
from environments.assets.build.mesh import Floats, Part, joined
from environments.assets.build.static_file import Surface, write_static
from environments.assets.build.street import block

Profile = list[tuple[float, float]]


def turned(profile: Profile, sides: int = 16) -> Part:
    """A body turned about the upright axis; the profile is (height, radius) from below."""
    angle = np.arange(sides) * 2 * np.pi / sides
    rows = [np.column_stack([r * np.sin(angle), np.full(sides, y), r * np.cos(angle)]) for y, r in profile]
    ring = np.arange(sides)
    after = np.roll(ring, -1)
    faces: list[Floats] = []
    for k in range(len(profile) - 1):
        low, high = k * sides, (k + 1) * sides
        faces.append(np.column_stack([ring + low, after + low, ring + high]))
        faces.append(np.column_stack([after + low, after + high, ring + high]))
    points, triangles = np.concatenate(rows), np.concatenate(faces).astype(np.int64)
    uv = np.column_stack([np.tile(angle / np.pi, len(profile)), -points[:, 1]])
    return Part(points, triangles, uv[triangles])


def moved(part: Part, x: float, y: float, z: float) -> Part:
    """The part somewhere else."""
    return Part(part.points + np.array([x, y, z]), part.triangles, part.uv)


def _lamp() -> list[tuple[Part, str]]:
    post: Profile = [(0, 0.17), (0.06, 0.17), (0.10, 0.13), (0.75, 0.11), (0.82, 0.14), (0.88, 0.08), (1.0, 0.062)]
    post += [(3.35, 0.045), (3.40, 0.075), (3.44, 0.045), (3.58, 0.04), (3.64, 0.13), (3.66, 0.13), (3.66, 0.0)]
    roof: Profile = [
        (4.10, 0.0),
        (4.10, 0.235),
        (4.13, 0.235),
        (4.22, 0.15),
        (4.33, 0.05),
        (4.36, 0.05),
        (4.40, 0.02),
        (4.46, 0.0),
    ]
    glass: Profile = [(3.665, 0.115), (4.10, 0.195)]
    bars = [moved(turned([(0, 0.009), (0.44, 0.009)], 6), 0, 0, 0) for _ in range(6)]
    found = [(turned(post), "iron"), (turned(roof), "iron"), (turned(glass), "milk_glass")]
    for k, bar in enumerate(bars):
        turn = k * np.pi / 3
        lean = np.column_stack([bar.points[:, 1] * 0.19, np.zeros((len(bar.points), 2))]) + np.array([0.122, 3.66, 0.0])
        points = bar.points + lean
        spin = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
        found.append((Part(points @ spin.T, bar.triangles, bar.uv), "iron"))
    return found


def _bench() -> list[tuple[Part, str]]:
    found = []
    for k in range(4):
        z = -0.17 + 0.115 * k
        found.append((block((-0.85, 0.415, z, 0.85, 0.45, z + 0.095), 1.0), "slats"))
    for k in range(3):
        y, z = 0.53 + 0.125 * k, -0.235 - 0.030 * k
        found.append((block((-0.85, y, z, 0.85, y + 0.10, z + 0.03), 1.0), "slats"))
    for x in (-0.66, 0.60):
        boxes = [
            (x, 0, 0.20, x + 0.06, 0.38, 0.25),
            (x, 0, -0.27, x + 0.06, 0.52, -0.22),
            (x, 0.375, -0.24, x + 0.06, 0.415, 0.29),
        ]
        boxes += [(x - 0.02, 0, 0.15, x + 0.08, 0.03, 0.31), (x - 0.02, 0, -0.33, x + 0.08, 0.03, -0.17)]
        boxes += [
            (x, 0.5 + 0.125 * k, -0.275 - 0.03 * k, x + 0.06, 0.645 + 0.125 * k, -0.235 - 0.03 * k) for k in range(3)
        ]
        boxes += [(x, 0.60, -0.28, x + 0.06, 0.635, 0.26), (x, 0.40, 0.215, x + 0.06, 0.61, 0.25)]
        found += [(block(box, 1.0), "iron") for box in boxes]
    return found


def _railing() -> list[tuple[Part, str]]:
    found = [
        (block((-1.0, 1.06, -0.025, 1.0, 1.10, 0.025)), "iron"),
        (block((-1.0, 0.11, -0.012, 1.0, 0.14, 0.012)), "iron"),
    ]
    found.append((block((-1.0, 0.96, -0.012, 1.0, 0.985, 0.012)), "iron"))
    for x in (-0.975, 0.0, 0.975):
        found += [(block((x - 0.025, 0, -0.025, x + 0.025, 1.06, 0.025)), "iron")]
        found += [(block((x - 0.06, 0, -0.06, x + 0.06, 0.012, 0.06)), "iron")]
    for k in range(1, 18):
        x = -0.975 + k * 1.95 / 18
        if k != 9:
            found.append((moved(turned([(0.14, 0.008), (0.96, 0.008)], 8), x, 0, 0), "iron"))
    return found


THINGS = {"lamp_post": _lamp, "bench": _bench, "railing": _railing}


def make(folder: Path, only: str) -> None:
    """Write one of the things."""
    surfaces = {
        "iron": Surface("iron", tint=(0.030, 0.036, 0.035), roughness=0.45),
        "milk_glass": Surface("milk_glass", tint=(0.80, 0.78, 0.72), roughness=0.18),
        "slats": Surface("slats", *timber((0.40, 0.285, 0.20))),
    }
    pieces = THINGS[only]()
    names = sorted({name for _, name in pieces})
    parts = [(joined([part for part, name in pieces if name == wanted]), surfaces[wanted]) for wanted in names]
    write_static(folder / "street" / f"{only}.glb", only, parts)
