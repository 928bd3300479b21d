"""Rooms with baked light: a lift cabin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from environments.assets.build.glb import Glb
from environments.assets.build.light_map import Sheet, baked, light_picture, packed, part_of
from environments.assets.build.masonry import brushed, stone
from environments.assets.build.mesh import Floats, Part, vertices
from environments.assets.build.static_file import Surface, material

ROOMS = ("lift",)
LIGHT_PX, TEXEL_M = 512, 0.0132
_X, _Z, _HIGH = 0.70, 0.80, 2.30
_MIRROR = (-0.56, 0.98, 0.56, 2.02)
_COLOURS = {
    "steel": (0.42, 0.42, 0.41),
    "dark_steel": (0.10, 0.10, 0.105),
    "bright_steel": (0.55, 0.55, 0.54),
    "floor": (0.050, 0.050, 0.054),
    "ceiling": (0.72, 0.71, 0.68),
}
_LAMP = "lamp"
_LAMP_RADIANCE = 13.0
Box = tuple[float, float, float, float, float, float]


def sheet(name: str, *corners: tuple[float, float, float]) -> Sheet:
    """A rectangle, counter-clockwise from its lower left as seen from its front."""
    return Sheet(name, np.array(corners, dtype=np.float64))


def box(name: str, at: Box, sides: str = "xXyYzZ") -> list[Sheet]:
    """A box from (x, y, z) to (x, y, z); of its sides those named, capital letters being the higher ones."""
    x, y, z, a, b, c = at
    found = {
        "Z": ((x, y, c), (a, y, c), (a, b, c), (x, b, c)),
        "z": ((a, y, z), (x, y, z), (x, b, z), (a, b, z)),
        "X": ((a, y, c), (a, y, z), (a, b, z), (a, b, c)),
        "x": ((x, y, z), (x, y, c), (x, b, c), (x, b, z)),
        "Y": ((x, b, c), (a, b, c), (a, b, z), (x, b, z)),
        "y": ((x, y, z), (a, y, z), (a, y, c), (x, y, c)),
    }
    return [sheet(name, *found[side]) for side in sides]


def _shell() -> list[Sheet]:
    """Floor, ceiling, side walls of three panels each with a skirting."""
    x, z, h = _X, _Z, _HIGH
    found = [
        sheet("floor", (-x, 0, z), (x, 0, z), (x, 0, -z), (-x, 0, -z)),
        sheet("ceiling", (-x, h, -z), (x, h, -z), (x, h, z), (-x, h, z)),
        sheet("dark_steel", (-x, 0, z), (-x, 0, -z), (-x, h, -z), (-x, h, z)),
        sheet("dark_steel", (x, 0, -z), (x, 0, z), (x, h, z), (x, h, -z)),
    ]
    edges = np.linspace(-z, z, 4)
    for low, high in zip(edges[:-1] + 0.006, edges[1:] - 0.006, strict=True):
        found += box("steel", (-x, 0.13, low, -x + 0.012, h - 0.02, high), "XyYzZ")
        found += box("steel", (x - 0.012, 0.13, low, x, h - 0.02, high), "xyYzZ")
    found += box("bright_steel", (-x, 0, -z, -x + 0.015, 0.11, z), "XY")
    return found + box("bright_steel", (x - 0.015, 0, -z, x, 0.11, z), "xY")


def _front() -> list[Sheet]:
    """Two door leaves in a recess, the panels beside and above them, buttons and the display's case."""
    z, y = -_Z, 2.05
    found = [*box("steel", (-0.446, 0.004, z - 0.09, -0.003, y, z - 0.05), "ZX")]
    found += box("steel", (0.003, 0.004, z - 0.09, 0.446, y, z - 0.05), "Zx")
    found += [
        sheet("dark_steel", (-0.45, 0, z - 0.085), (0.45, 0, z - 0.085), (0.45, y, z - 0.085), (-0.45, y, z - 0.085))
    ]
    found += box("bright_steel", (-0.45, -0.01, z - 0.09, 0.45, 0.0, z), "Y")
    found += box("steel", (-_X, 0, z - 0.08, -0.45, _HIGH, z), "ZX")
    found += box("steel", (0.45, 0, z - 0.08, _X, _HIGH, z), "Zx")
    found += box("steel", (-0.45, y, z - 0.08, 0.45, _HIGH, z), "Zy")
    found += box("dark_steel", (-0.13, 2.11, z, 0.13, 2.24, z + 0.008), "ZxXyY")
    found += box("bright_steel", (0.50, 0.86, z, 0.65, 1.62, z + 0.006), "ZxXyY")
    for row in range(5):
        for left in (0.535, 0.590):
            at = 0.94 + 0.085 * row
            found += box(
                "dark_steel", (left - 0.004, at - 0.004, z + 0.006, left + 0.036, at + 0.036, z + 0.008), "ZxXyY"
            )
            found += box("bright_steel", (left, at, z + 0.008, left + 0.032, at + 0.032, z + 0.012), "ZxXyY")
    return found + box("dark_steel", (0.525, 1.44, z + 0.006, 0.625, 1.56, z + 0.009), "ZxXyY")


def _back() -> list[Sheet]:
    """The back wall around its mirror, with a frame."""
    x, y, a, b = _MIRROR
    z = _Z
    areas = ((-_X, 0.0, _X, y), (-_X, b, _X, _HIGH), (-_X, y, x, b), (a, y, _X, b))
    found = [sheet("steel", (r, q, z), (p, q, z), (p, s, z), (r, s, z)) for p, q, r, s in areas]
    frame = (
        (x - 0.02, y - 0.02, a + 0.02, y),
        (x - 0.02, b, a + 0.02, b + 0.02),
        (x - 0.02, y, x, b),
        (a, y, a + 0.02, b),
    )
    for p, q, r, s in frame:
        found += box("bright_steel", (p, q, z - 0.012, r, s, z), "zxXyY")
    return found


def rail(start: Floats, end: Floats, radius_m: float = 0.019, sides: int = 10) -> list[Sheet]:
    """A round bar along x or z, in as many sheets as it has sides."""
    way = (end - start) / np.linalg.norm(end - start)
    up = np.array([0.0, 1.0, 0.0])
    out = np.cross(up, way)
    turn = np.arange(sides + 1) * 2 * np.pi / sides
    ring = radius_m * (np.cos(turn)[:, None] * out + np.sin(turn)[:, None] * up)
    return [
        Sheet("bright_steel", np.stack([start + ring[k], end + ring[k], end + ring[k + 1], start + ring[k + 1]])[::-1])
        for k in range(sides)
    ]


def _rails() -> list[Sheet]:
    found: list[Sheet] = []
    for sign in (1.0, -1.0):
        at = sign * (_X - 0.07)
        found += rail(np.array([at, 0.90, -0.62]), np.array([at, 0.90, 0.70]))
        for z in (-0.45, 0.53):
            inner, outer = sorted((at, sign * _X))
            found += box("bright_steel", (inner, 0.892, z - 0.008, outer, 0.908, z + 0.008), "yYzZ")
    found += rail(np.array([-0.55, 0.90, _Z - 0.07]), np.array([0.55, 0.90, _Z - 0.07]))
    for x in (-0.4, 0.4):
        found += box("bright_steel", (x - 0.008, 0.892, _Z - 0.07, x + 0.008, 0.908, _Z), "xXyY")
    return found


def _lamps() -> list[Sheet]:
    h = _HIGH - 0.004
    return [
        sheet(_LAMP, (-0.48, h, z - 0.17), (0.48, h, z - 0.17), (0.48, h, z + 0.17), (-0.48, h, z + 0.17))
        for z in (-0.38, 0.38)
    ]


def _digit() -> list[Sheet]:
    """The display: a 3 in seven segments."""
    z = -_Z + 0.009
    bars = [(0.0, y - 0.004, 0.045, y + 0.004) for y in (2.135, 2.175, 2.215)]
    bars += [(0.041, 2.135, 0.049, 2.215)]
    return [sheet("display", (x, y, z), (a, y, z), (a, b, z), (x, b, z)) for x, y, a, b in bars]


def mirrored(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The same beyond the mirror at the back, turned so that fronts stay fronts; names get a prefix."""
    flipped = np.array([1.0, 1.0, -1.0])
    found = []
    for one in sheets:
        corners = one.corners * flipped + (0.0, 0.0, 2 * _Z)
        found.append(Sheet(f"mirror_{one.material}", corners, one.place))
    return found


def _pictures() -> dict[str, tuple[bytes, bytes, bytes]]:
    return {
        "steel": brushed((0.64, 0.64, 0.63), 0.42, 1),
        "dark_steel": brushed((0.35, 0.35, 0.36), 0.5, 2),
        "bright_steel": brushed((0.76, 0.76, 0.75), 0.34, 3),
        "floor": stone((0.25, 0.25, 0.26), 4),
        "ceiling": brushed((0.87, 0.86, 0.84), 0.8, 5),
    }


def make_lift(path: Path) -> None:
    """Write the cabin; a hull around it keeps the sun out."""
    sheets = packed([*_shell(), *_front(), *_back(), *_rails()], LIGHT_PX, TEXEL_M)
    behind = sheet(
        "steel",
        (_MIRROR[2], _MIRROR[1], _Z),
        (_MIRROR[0], _MIRROR[1], _Z),
        (_MIRROR[0], _MIRROR[3], _Z),
        (_MIRROR[2], _MIRROR[3], _Z),
    )
    spare = Sheet("steel", behind.corners, (LIGHT_PX - 2, LIGHT_PX - 2, 1, 1))
    light = baked([*sheets, spare], _COLOURS, _lamps(), LIGHT_PX) * _LAMP_RADIANCE
    picture, scale = light_picture(light)
    glb = Glb()
    map_index = glb.texture(picture, "light", repeat=False)
    primitives = []
    for name, files in _pictures().items():
        own = [one for one in sheets if one.material == name]
        base = material(glb, Surface(name, *files))
        for found, tint in ((own, 1.0), (mirrored(own), 0.86)):
            glb.materials.append(lit(base, map_index, scale, tint, found[0].material))
            primitives.append(_primitive(glb, found, len(glb.materials) - 1, is_mirrored=tint < 1.0))
    for own, glow in ((_lamps(), (1.0, 0.93, 0.82)), (_digit(), (1.0, 0.35, 0.08))):
        strength = _LAMP_RADIANCE if own[0].material == _LAMP else 3.0
        for found, tint in ((own, 1.0), (mirrored(own), 0.86)):
            glb.materials.append(glowing(found[0].material, glow, strength * tint))
            primitives.append(_primitive(glb, found, len(glb.materials) - 1, is_mirrored=tint < 1.0))
    glb.materials.append(material(glb, Surface("hull", tint=(0.1, 0.1, 0.1))))
    hull = box("hull", (-_X - 0.12, -0.12, -_Z - 0.2, _X + 0.12, _HIGH + 0.12, 3 * _Z + 0.2))
    primitives.append(_primitive(glb, hull, len(glb.materials) - 1, is_mirrored=False))
    glb.meshes.append({"name": path.stem, "primitives": primitives})
    glb.nodes.append({"name": path.stem, "mesh": 0})
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path, ("KHR_materials_emissive_strength",))


def lit(base: dict[str, Any], map_index: int, scale: float, tint: float, name: str) -> dict[str, Any]:
    """A material with the light map at `map_index`, whose white is `scale`."""
    colour = base["pbrMetallicRoughness"]["baseColorFactor"]
    pbr = base["pbrMetallicRoughness"] | {"baseColorFactor": [*(tint * part for part in colour[:3]), 1.0]}
    return base | {
        "name": name,
        "pbrMetallicRoughness": pbr,
        "emissiveTexture": {"index": map_index, "texCoord": 1},
        "emissiveFactor": [1.0, 1.0, 1.0],
        "extensions": {"KHR_materials_emissive_strength": {"emissiveStrength": round(scale, 5)}},
        "extras": {"light_map": True},
    }


def glowing(name: str, glow: Sequence[float], strength: float) -> dict[str, Any]:
    """A lamp's material."""
    return {
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [0.0, 0.0, 0.0, 1.0],
            "roughnessFactor": 0.9,
            "metallicFactor": 0.0,
        },
        "emissiveFactor": list(glow),
        "extensions": {"KHR_materials_emissive_strength": {"emissiveStrength": strength}},
    }


def _primitive(glb: Glb, sheets: Sequence[Sheet], index: int, *, is_mirrored: bool) -> dict[str, Any]:
    part, light_uv = part_of(sheets, 1.0, LIGHT_PX)
    if is_mirrored:
        part = type(part)(part.points, part.triangles[:, ::-1], part.uv[:, ::-1])
    return lit_primitive(glb, part, light_uv, index)


def lit_primitive(glb: Glb, part: Part, light_uv: Floats, index: int) -> dict[str, Any]:
    """A part in the material at `index`, with its points' coordinates (n, 2) in the light map."""
    made = vertices(part)
    return {
        "attributes": {
            "POSITION": glb.accessor(made["points"], bounds=True),
            "NORMAL": glb.accessor(made["normals"]),
            "TANGENT": glb.accessor(made["tangents"]),
            "TEXCOORD_0": glb.accessor(made["uv"]),
            "TEXCOORD_1": glb.accessor(light_uv[made["source"]].astype(np.float32)),
        },
        "indices": glb.indices(made["triangles"]),
        "material": index,
    }


def make(folder: Path, only: str) -> None:
    """Write one of the rooms."""
    make_lift(folder / "rooms" / f"{only}.glb")
