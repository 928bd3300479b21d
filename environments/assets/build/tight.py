"""Tight places with baked light: a lift whose side walls can be moved, its landing and shaft, and a scanner room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from environments.assets.build.glb import Glb
from environments.assets.build.light_map import Sheet, baked, light_picture, packed, part_of
from environments.assets.build.masonry import brushed, plaster, stone, timber, wall
from environments.assets.build.mesh import Floats
from environments.assets.build.paint import grown
from environments.assets.build.rooms import glowing, lit, lit_primitive
from environments.assets.build.static_file import Surface, material
from environments.assets.build.tight_lift import LIFT, lift_lamps, lift_sheets
from environments.assets.build.tight_scanner import AROUND, SCANNER, scanner_lamps, scanner_sheets

TEXEL_M = 0.037
PLACES = ("tight_lift", "tight_scanner")
LIGHT_PX, LAMP_RADIANCE = 768, 13.0
GLOWS = {
    "lamp": (1.0, 0.93, 0.82),
    "day": (0.62, 0.83, 1.0),
    "haze": (0.92, 0.96, 1.0),
    "garden": (0.15, 0.20, 0.11),
    "signal": (1.0, 0.62, 0.12),
}
ROUND = ("tube", "shell")
"""Materials whose sheets come in bands around the tube's axis."""
STRENGTHS = {"lamp": LAMP_RADIANCE, "day": 3.2, "haze": 3.2, "garden": 1.2, "signal": 2.5}
RADIANCES = {"lamp": GLOWS["lamp"], "day": (0.16, 0.21, 0.25), "haze": (0.22, 0.23, 0.25), "garden": (0.02, 0.03, 0.01)}
"""Of what lights a room, relative to a lamp."""

COLOURS = {
    "steel": (0.42, 0.42, 0.41),
    "dark_steel": (0.10, 0.10, 0.105),
    "bright_steel": (0.55, 0.55, 0.54),
    "rubber": (0.050, 0.050, 0.054),
    "white": (0.72, 0.71, 0.68),
    "terrazzo": (0.30, 0.28, 0.25),
    "plaster": (0.60, 0.55, 0.46),
    "concrete": (0.16, 0.155, 0.15),
    "brick": (0.20, 0.09, 0.06),
    "oak": (0.28, 0.17, 0.09),
    "shell": (0.75, 0.75, 0.74),
    "tube": (0.75, 0.75, 0.74),
    "vinyl": (0.20, 0.26, 0.29),
    "wall_green": (0.55, 0.62, 0.58),
    "cushion": (0.05, 0.08, 0.14),
    "glass_dark": (0.03, 0.04, 0.05),
}


def _pictures() -> dict[str, Surface]:
    """Materials of both places."""
    files = {
        "steel": brushed((0.64, 0.64, 0.63), 0.42, 1),
        "dark_steel": brushed((0.35, 0.35, 0.36), 0.5, 2),
        "bright_steel": brushed((0.76, 0.76, 0.75), 0.34, 3),
        "rubber": stone((0.25, 0.25, 0.26), 4),
        "white": brushed((0.87, 0.86, 0.84), 0.8, 5),
        "terrazzo": stone((0.58, 0.56, 0.53), 6),
        "plaster": plaster((0.80, 0.77, 0.71), 7),
        "concrete": stone((0.44, 0.435, 0.43), 8),
        "brick": wall((0.50, 0.33, 0.27), 9),
        "oak": timber((0.57, 0.45, 0.33)),
        "vinyl": stone((0.49, 0.55, 0.58), 10),
        "wall_green": plaster((0.77, 0.81, 0.79), 11),
    }
    found = {name: Surface(name, *pictures) for name, pictures in files.items()}
    found["shell"] = Surface("shell", tint=(0.75, 0.75, 0.74), roughness=0.28)
    found["tube"] = Surface("tube", tint=(0.75, 0.75, 0.74), roughness=0.22)
    found["cushion"] = Surface("cushion", tint=(0.05, 0.08, 0.14), roughness=0.6)
    found["glass_dark"] = Surface("glass_dark", tint=(0.03, 0.04, 0.05), roughness=0.06)
    return found


def make(folder: Path, only: str) -> None:
    """Write one of the places."""
    if only == "tight_lift":
        _write(folder / "rooms" / f"{only}.glb", lift_sheets(), lift_lamps(), LIFT)
    else:
        _write(folder / "rooms" / f"{only}.glb", scanner_sheets(), scanner_lamps(), SCANNER)


def _write(
    path: Path,
    groups: Mapping[str, Sequence[Sheet]],
    lamps: Mapping[str, Sequence[Sheet]],
    bakes: Sequence[tuple[tuple[str, ...], Mapping[str, float]]],
) -> None:
    """One node for each group; `bakes` tell which groups take their light from a room of which groups, moved in x."""
    names = [(group, sheet) for group, sheets in groups.items() for sheet in sheets]
    placed = packed([sheet for _, sheet in names], LIGHT_PX, TEXEL_M)
    by_group: dict[str, list[Sheet]] = {group: [] for group in groups}
    for (group, _), sheet in zip(names, placed, strict=True):
        by_group[group].append(sheet)
    light = _light(by_group, lamps, bakes)
    picture, scale = light_picture(light)
    glb = Glb()
    index = glb.texture(picture, "light", repeat=False)
    used = sorted({sheet.material for sheet in placed})
    surfaces = _pictures()
    for name in used:
        glb.materials.append(lit(material(glb, surfaces[name]), index, scale, 1.0, name))
    for name, colour in GLOWS.items():
        glb.materials.append(glowing(name, colour, STRENGTHS[name]))
    order = [*used, *GLOWS]
    for group in dict.fromkeys((*groups, *lamps)):
        sheets = (*by_group.get(group, ()), *lamps.get(group, ()))
        primitives = [
            _primitive(glb, own, order.index(name))
            for name in order
            if (own := [one for one in sheets if one.material == name])
        ]
        glb.meshes.append({"name": group, "primitives": primitives})
        glb.nodes.append({"name": group, "mesh": len(glb.meshes) - 1})
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path, ("KHR_materials_emissive_strength",))


def _light(
    by_group: Mapping[str, Sequence[Sheet]],
    lamps: Mapping[str, Sequence[Sheet]],
    bakes: Sequence[tuple[tuple[str, ...], Mapping[str, float]]],
) -> Floats:
    """The light map (h, w, 3) of all groups; `bakes` as in `_write`."""
    light = np.zeros((LIGHT_PX, LIGHT_PX, 3))
    for takes, room in bakes:
        inside = [_moved(sheet, x_m) for group, x_m in room.items() for sheet in by_group[group]]
        burning = [sheet for group in room for sheet in lamps.get(group, ()) if sheet.material in RADIANCES]
        found = baked(inside, COLOURS, burning, LIGHT_PX, RADIANCES) * LAMP_RADIANCE
        for sheet in (one for group in takes for one in by_group[group]):
            x, y, wide, high = sheet.place
            light[y : y + high, x : x + wide] = found[y : y + high, x : x + wide]
    placed = [sheet for sheets in by_group.values() for sheet in sheets]
    _even_out(light, [sheet for sheet in placed if sheet.material in ROUND])
    return grown(light, _covered(placed), 2)


def _covered(sheets: Sequence[Sheet]) -> NDArray[np.bool_]:
    """The texels (h, w) of the map that belong to a sheet."""
    found = np.zeros((LIGHT_PX, LIGHT_PX), np.bool_)
    for x, y, wide, high in (sheet.place for sheet in sheets):
        found[y : y + high, x : x + wide] = True
    return found


def _even_out(light: Floats, bands: Sequence[Sheet]) -> None:
    """Light around round things, in place: a row of a sheet runs from and to what is between it and its neighbours."""
    for start in range(0, len(bands) - AROUND + 1, AROUND):
        places = [sheet.place for sheet in bands[start : start + AROUND]]
        high = min(place[3] for place in places)
        rows = np.stack([light[y : y + high, x : x + wide].mean(1) for x, y, wide, _ in places])
        for _ in range(3):
            rows = 0.25 * np.roll(rows, 1, 0) + 0.5 * rows + 0.25 * np.roll(rows, -1, 0)
        before, after = 0.5 * (rows + np.roll(rows, 1, 0)), 0.5 * (rows + np.roll(rows, -1, 0))
        for (x, y, wide, own), left, right in zip(places, before, after, strict=True):
            part = np.linspace(0.0, 1.0, wide)[None, :, None]
            light[y : y + high, x : x + wide] = left[:, None] * (1.0 - part) + right[:, None] * part
            light[y + high : y + own, x : x + wide] = light[y + high - 1, x : x + wide]


def _moved(sheet: Sheet, x_m: float) -> Sheet:
    return replace(sheet, corners=sheet.corners + np.array((x_m, 0.0, 0.0)))


def _primitive(glb: Glb, sheets: Sequence[Sheet], index: int) -> dict[str, Any]:
    part, light_uv = part_of(sheets, 1.0, LIGHT_PX)
    if sheets[0].material == "tube":
        part = replace(part, bent=_inwards(part.points))
    return lit_primitive(glb, part, light_uv, index)


def _inwards(points: Floats) -> Floats:
    """Normals (n, 3) of a tube around the z axis at the height of its middle, seen from inside."""
    way = points * (-1.0, -1.0, 0.0)
    return np.asarray(way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9))
