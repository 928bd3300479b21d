"""The lecture hall with baked light, and its seat, doors and clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from environments.assets.build.glb import Glb
from environments.assets.build.hall_sheets import (
    BACK_M,
    DOOR_M,
    DOOR_WIDE_M,
    TOP_M,
    door_sheets,
    hall_lamps,
    hall_sheets,
)
from environments.assets.build.light_map import Sheet, baked, light_picture, packed, part_of
from environments.assets.build.masonry import brushed, plaster, stone, timber
from environments.assets.build.mesh import Floats
from environments.assets.build.paint import grown
from environments.assets.build.rooms import glowing, lit, lit_primitive
from environments.assets.build.static_file import Surface, material

HALLS = ("hall",)
LIGHT_PX, TEXEL_M, LAMP_RADIANCE = 1024, 0.055, 14.0
GLOWS = {
    "lamp": (1.0, 0.92, 0.80),
    "cove": (1.0, 0.80, 0.56),
    "screen": (0.80, 0.88, 1.0),
    "sign": (0.03, 0.55, 0.22),
    "down": (1.0, 0.90, 0.76),
}
STRENGTHS = {"lamp": 9.0, "cove": 5.0, "screen": 0.62, "sign": 0.9, "down": 11.0}
RADIANCES = {
    "lamp": GLOWS["lamp"],
    "cove": (1.1, 0.86, 0.60),
    "screen": (0.05, 0.055, 0.062),
    "sign": (0.0, 0.02, 0.008),
    "down": (6.0, 5.5, 4.8),
}
"""Of what lights the hall, relative to a lamp."""
COLOURS = {
    "planks": (0.115, 0.078, 0.052),
    "edge": (0.030, 0.030, 0.032),
    "carpet": (0.040, 0.050, 0.068),
    "felt": (0.035, 0.036, 0.040),
    "panel": (0.46, 0.33, 0.215),
    "plaster": (0.36, 0.335, 0.30),
    "batten": (0.62, 0.53, 0.42),
    "steel": (0.35, 0.35, 0.35),
    "glass_dark": (0.02, 0.025, 0.03),
    "door": (0.13, 0.06, 0.035),
    "curtain": (0.030, 0.045, 0.075),
    "desk": (0.46, 0.35, 0.24),
    "front": (0.30, 0.215, 0.14),
}


def _pictures() -> dict[str, Surface]:
    files = {
        "planks": timber((0.375, 0.31, 0.255)),
        "carpet": stone((0.22, 0.245, 0.285), 21),
        "felt": stone((0.205, 0.21, 0.22), 22),
        "panel": timber((0.71, 0.61, 0.50)),
        "plaster": plaster((0.63, 0.61, 0.58), 23),
        "batten": timber((0.81, 0.755, 0.68)),
        "steel": brushed((0.62, 0.62, 0.62), 0.4, 25),
        "door": timber((0.40, 0.27, 0.21)),
        "curtain": stone((0.19, 0.235, 0.305), 26),
        "desk": timber((0.71, 0.63, 0.53)),
        "front": timber((0.585, 0.50, 0.41)),
    }
    found = {name: Surface(name, *pictures) for name, pictures in files.items()}
    found["edge"] = Surface("edge", tint=COLOURS["edge"], roughness=0.6)
    found["glass_dark"] = Surface("glass_dark", tint=COLOURS["glass_dark"], roughness=0.08)
    return found


def make(folder: Path, only: str) -> None:
    """Write the hall: everything still, and four door leaves at their hinges."""
    path = folder / "rooms" / f"{only}.glb"
    still = hall_sheets()
    leaves = {f"leaf {number}": door_sheets(side) for number, (_, side) in enumerate(_hinges())}
    groups = {**still, **leaves}
    names = [(group, one) for group, sheets in groups.items() for one in sheets]
    placed = packed([one for _, one in names], LIGHT_PX, TEXEL_M)
    by_group: dict[str, list[Sheet]] = {group: [] for group in groups}
    for (group, _), one in zip(names, placed, strict=True):
        by_group[group].append(one)
    picture, scale = light_picture(_light(by_group))
    glb = Glb()
    index = glb.texture(picture, "light", repeat=False)
    used, surfaces = sorted({one.material for one in placed}), _pictures()
    for name in used:
        glb.materials.append(lit(material(glb, surfaces[name]), index, scale, 1.0, name))
    for name, colour in GLOWS.items():
        glb.materials.append(glowing(name, colour, STRENGTHS[name]))
    order, lamps = [*used, *GLOWS], hall_lamps()
    for group, own in by_group.items():
        _node(glb, group, (*own, *lamps.get(group, ())), order)
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path, ("KHR_materials_emissive_strength",))


def _node(glb: Glb, group: str, sheets: Sequence[Sheet], order: Sequence[str]) -> None:
    primitives = []
    for name in order:
        if own := [one for one in sheets if one.material == name]:
            part, light_uv = part_of(own, 1.0, LIGHT_PX)
            primitives.append(lit_primitive(glb, part, light_uv, order.index(name)))
    glb.meshes.append({"name": group, "primitives": primitives})
    glb.nodes.append({"name": group, "mesh": len(glb.meshes) - 1})


def _hinges() -> list[tuple[float, float]]:
    """Where (x) each leaf hangs, and to which side it reaches."""
    return [(middle - side * DOOR_WIDE_M, side) for middle in (-DOOR_M, DOOR_M) for side in (1.0, -1.0)]


def _light(by_group: dict[str, list[Sheet]]) -> Floats:
    """The light map (h, w, 3), the doors closed."""
    inside = [*by_group["hall"], *by_group["rows"]]
    for number, (x_m, _) in enumerate(_hinges()):
        way = np.array((x_m, TOP_M, BACK_M + 0.03))
        inside += [replace(one, corners=one.corners + way) for one in by_group[f"leaf {number}"]]
    lamps = [one for one in hall_lamps()["hall"] if one.material in RADIANCES]
    light = baked(inside, COLOURS, lamps, LIGHT_PX, RADIANCES) * LAMP_RADIANCE
    covered = np.zeros((LIGHT_PX, LIGHT_PX), np.bool_)
    for x, y, wide, high in (one.place for one in inside):
        covered[y : y + high, x : x + wide] = True
    return grown(light, covered, 2)
