"""A study: a room with two windows, baked light, a desk, books; jar, lid, side table and drawing to be moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from environments.assets.build.glb import Glb
from environments.assets.build.light_map import light_picture
from environments.assets.build.masonry import Files
from environments.assets.build.mesh import joined, vertices
from environments.assets.build.paint import encoded
from environments.assets.build.static_file import Surface, material
from environments.assets.build.study_light import Outside, baked
from environments.assets.build.study_paint import boards, drawing, landscape, letter, pages, plain, rug, spines, veneer
from environments.assets.build.study_shapes import Patch, box, packed, sheet, swept
from environments.assets.build.study_things import (
    curtain,
    desk,
    door,
    framed,
    jar,
    lamp,
    lid,
    mug,
    papers,
    shelf,
    side_table,
    turned,
)
from environments.scenes.spiders.place import DESK, ROOM_M

STUDIES = ("study",)
LIGHT_PX, SAMPLES = 1024, 64
DESK_LIGHT = 0.80
"""What falls on the desk by day: a little more than the sky gives things that have no baked light."""
OPEN, _PLASTER = 0.42, 0.9
WINDOWS = ((-3.75, -2.65), (-2.25, -1.0))
_SILL, _HEAD, _DEEP = 0.85, 2.25, 0.26
OUTSIDE = Outside(-75.0, 35.0, 3.0, tuple((ROOM_M[0] - _DEEP, a, b, _SILL, _HEAD) for a, b in WINDOWS))
_GREY = 0.4
"""Eyes get used to warm light: the light's colour is drawn this far to grey."""
_WHITE = (0.80, 0.79, 0.76)
_BAKE = {
    "wall": (0.60, 0.59, 0.55), "ceiling": (0.80, 0.79, 0.77), "floor": (0.28, 0.21, 0.15), "rug": (0.16, 0.10, 0.09),
    "desk": (0.32, 0.22, 0.14), "dark_wood": (0.11, 0.06, 0.035), "paint": (0.75, 0.74, 0.70),
    "spines": (0.10, 0.08, 0.06), "pages": (0.55, 0.48, 0.36), "brass": (0.4, 0.28, 0.1), "shade": (0.72, 0.64, 0.5),
    "glaze": (0.20, 0.28, 0.30), "coffee": (0.02, 0.01, 0.005), "letter": (0.75, 0.72, 0.66),
    "lacquer": (0.02, 0.02, 0.03), "curtain": (0.22, 0.27, 0.28), "drawing": (0.7, 0.66, 0.58),
    "landscape": (0.3, 0.35, 0.35),
}  # fmt: skip


def _left_wall() -> list[Patch]:
    """The wall with both windows: their reveals, sills, frames and bars."""
    x, _, far, near, high = ROOM_M
    edges = [far, *(edge for window in WINDOWS for edge in window), near]
    found = [sheet("wall", (x, 0, near), (x, 0, far), (x, _SILL, far), (x, _SILL, near))]
    found.append(sheet("wall", (x, _HEAD, near), (x, _HEAD, far), (x, high, far), (x, high, near)))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        found.append(sheet("wall", (x, _SILL, b), (x, _SILL, a), (x, _HEAD, a), (x, _HEAD, b)))
    out = x - _DEEP
    for a, b in WINDOWS:
        found.append(sheet("paint", (out, _SILL, a), (x, _SILL, a), (x, _HEAD, a), (out, _HEAD, a)))
        found.append(sheet("paint", (x, _SILL, b), (out, _SILL, b), (out, _HEAD, b), (x, _HEAD, b)))
        found.append(sheet("paint", (out, _HEAD, a), (x, _HEAD, a), (x, _HEAD, b), (out, _HEAD, b)))
        found += box("paint", (out, _SILL - 0.03, a - 0.05, x + 0.07, _SILL, b + 0.05), "XYyzZ")
        found += _casement(out + 0.02, a, b)
    return found


def _casement(x: float, a: float, b: float) -> list[Patch]:
    deep, wide = 0.055, 0.055
    middle = 0.5 * (a + b)
    upright = ((a, a + wide), (middle - wide, middle + wide), (b - wide, b))
    found: list[Patch] = []
    for low, high in upright:
        found += box("paint", (x, _SILL, low, x + deep, _HEAD, high), "xXzZ", texel_m=0.03)
    for floor, roof in ((_SILL, _SILL + wide), (1.72, 1.72 + 0.03), (_HEAD - wide, _HEAD)):
        for left, right in ((a + wide, middle - wide), (middle + wide, b - wide)):
            found += box("paint", (x, floor, left, x + deep, roof, right), "xXyY", texel_m=0.03)
    return found


def _shell() -> list[Patch]:
    x, right, far, near, high = ROOM_M
    found = [
        sheet("floor", (x, 0, near), (right, 0, near), (right, 0, far), (x, 0, far), upright=True),
        sheet("ceiling", (x, high, far), (right, high, far), (right, high, near), (x, high, near), texel_m=0.04),
        sheet("wall", (x, 0, far), (right, 0, far), (right, high, far), (x, high, far)),
        sheet("wall", (right, 0, near), (x, 0, near), (x, high, near), (right, high, near), texel_m=0.04),
        sheet("wall", (right, 0, far), (right, 0, near), (right, high, near), (right, high, far)),
    ]
    for low, top, out in ((0.0, 0.11, 0.016), (high - 0.07, high, 0.05)):
        found += box("paint", (x, low, far, right, top, far + out), "yYZ", texel_m=0.04)
        found += box("paint", (right - out, low, far, right, top, near), "yYx", texel_m=0.04)
        found += box("paint", (x, low, far, x + out, top, near), "yYX", texel_m=0.04)
    corners = np.array([[(-1.3, 0.006, -1.1), (1.1, 0.006, -1.1)], [(-1.3, 0.006, -2.78), (1.1, 0.006, -2.78)]])
    found.append(Patch("rug", corners, 0.02, uv=np.array([[(0, 1), (1, 1)], [(0, 0), (1, 0.0)]])))
    return found


def _hull() -> list[Patch]:
    """Walls seen from outside, so that no sun comes in but through the windows."""
    x, right, far, near, high = ROOM_M
    out = x - _DEEP
    found = box("hull", (out, -0.2, far - 0.2, right + 0.2, high + 0.2, near + 0.2), "XyYzZ")
    edges = [far - 0.2, *(edge for window in WINDOWS for edge in window), near + 0.2]
    found.append(
        sheet(
            "hull", (out, -0.2, far - 0.2), (out, -0.2, near + 0.2), (out, _SILL, near + 0.2), (out, _SILL, far - 0.2)
        )
    )
    found.append(
        sheet(
            "hull",
            (out, _HEAD, far - 0.2),
            (out, _HEAD, near + 0.2),
            (out, high + 0.2, near + 0.2),
            (out, high + 0.2, far - 0.2),
        )
    )
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        found.append(sheet("hull", (out, _SILL, a), (out, _SILL, b), (out, _HEAD, b), (out, _HEAD, a)))
    return found


def _room() -> list[Patch]:
    x, right, far, _, _ = ROOM_M
    found = [*_shell(), *_left_wall(), *desk(), *lamp(), *mug((0.62, DESK.top_m, -0.50)), *papers()]
    found += turned(shelf(1.55, 2.15, 6, 3), 0.0, (0.35, 0.0, far))
    found += turned(shelf(1.75, 2.15, 6, 4), -90.0, (right, 0.0, -2.25))
    found += door(np.array([right - 0.001, 0.0, -3.2]))
    for yaw_deg, at in ((90.0, (x + 0.004, 1.30, -0.35)), (0.0, (-1.50, 1.30, far + 0.004))):
        picture = [replace(one, material="landscape") if one.material == "drawing" else one for one in framed("dark")]
        found += turned(picture[:-1], yaw_deg, at)
    for a, b in WINDOWS:
        for span in ((a - 0.30, a + 0.06), (b - 0.06, b + 0.30)):
            if span[0] > far:
                found.append(curtain(x + 0.09, span, (0.03, _HEAD + 0.12), 5))
        found.append(_rod(x + 0.09, a - 0.34, b + 0.34))
    return found


def _rod(x: float, a: float, b: float) -> Patch:
    return swept("brass", [(x, _HEAD + 0.13, max(a, ROOM_M[2] + 0.02)), (x, _HEAD + 0.13, b)], 0.011)


def _pictures() -> dict[str, Surface]:
    """Surfaces with pictures of their own."""
    oak, honey = ((0.42, 0.31, 0.21), (0.60, 0.47, 0.33)), ((0.52, 0.375, 0.235), (0.74, 0.585, 0.41))
    dark = ((0.24, 0.155, 0.10), (0.40, 0.27, 0.17))
    files: dict[str, Files] = {
        "floor": boards(oak, 2), "desk": veneer(honey, 5, 0.52), "dark_wood": veneer(dark, 8, 0.58, 512),
        "rug": rug(6), "spines": spines(7), "pages": pages(8), "letter": letter(13), "drawing": drawing(),
        "landscape": landscape(16),
    }  # fmt: skip
    return {name: Surface(name, *pictures) for name, pictures in files.items()}


_PAINTED = {
    "wall": (0.83, 0.82, 0.775, 0.95), "ceiling": (0.90, 0.895, 0.88, 0.95), "paint": (0.88, 0.87, 0.84, 0.55),
    "brass": (0.62, 0.48, 0.26, 0.42), "shade": (0.88, 0.82, 0.70, 0.9), "glaze": (0.46, 0.55, 0.57, 0.25),
    "coffee": (0.10, 0.05, 0.03, 0.12), "lacquer": (0.06, 0.07, 0.11, 0.2), "curtain": (0.46, 0.53, 0.53, 0.95),
}  # fmt: skip
"""Colour (as in a picture) and roughness of surfaces that share one picture of plaster."""
_ALIKE = {
    "desk": ("lid_wood", "table_wood"),
    "dark_wood": ("frame_wood",),
    "brass": ("lid_brass",),
    "drawing": ("drawing",),
}
_WARM = (1.0, 0.88, 0.72)
"""Materials that things which move have in common with the room, without its baked light."""


def _painted(base: dict[str, Any], name: str) -> dict[str, Any]:
    """The shared plaster in a surface's own colour."""
    *tone, rough = _PAINTED[name]
    tint = [round((one / _PLASTER) ** 2.2, 4) for one in tone]
    pbr = base["pbrMetallicRoughness"] | {"baseColorFactor": [*tint, 1.0], "roughnessFactor": rough}
    return base | {"name": name, "pbrMetallicRoughness": pbr}


def _warm(base: dict[str, Any]) -> dict[str, Any]:
    """Things without baked light have the open sky's blue light; their own colour takes it back."""
    pbr = base["pbrMetallicRoughness"]
    tint = [round(one * warm, 4) for one, warm in zip(pbr["baseColorFactor"], (*_WARM, 1.0), strict=True)]
    return base | {"pbrMetallicRoughness": pbr | {"baseColorFactor": tint}}


def _lit(base: dict[str, Any], map_index: int, scale: float) -> dict[str, Any]:
    return base | {
        "emissiveTexture": {"index": map_index, "texCoord": 1},
        "emissiveFactor": [1.0, 1.0, 1.0],
        "extensions": {"KHR_materials_emissive_strength": {"emissiveStrength": round(scale, 5)}},
        "extras": {"light_map": True},
    }


def _glass(name: str, opacity: float, shade: int) -> dict[str, Any]:
    """Glass mirrors the open sky, which a room has not: its occlusion takes most of that away."""
    pbr = {"baseColorFactor": [0.55, 0.66, 0.64, opacity], "metallicFactor": 0.0, "roughnessFactor": 0.10}
    found = {"name": name, "pbrMetallicRoughness": pbr, "alphaMode": "BLEND", "doubleSided": True}
    return found | {"occlusionTexture": {"index": shade}}


def _primitive(glb: Glb, patches: Sequence[Patch], index: int, *, lit: bool) -> dict[str, Any]:
    part = joined([one.part() for one in patches])
    made = vertices(part)
    attributes = {
        "POSITION": glb.accessor(made["points"], bounds=True),
        "NORMAL": glb.accessor(made["normals"]),
        "TEXCOORD_0": glb.accessor(made["uv"]),
    }
    if lit:
        light_uv = np.concatenate([one.light_uv(LIGHT_PX).reshape(-1, 2) for one in patches])
        attributes["TEXCOORD_1"] = glb.accessor(light_uv[made["source"]].astype(np.float32))
    return {"attributes": attributes, "indices": glb.indices(made["triangles"]), "material": index}


def _node(glb: Glb, name: str, patches: Sequence[Patch], indices: dict[str, int], *, lit: bool) -> None:
    names = dict.fromkeys(one.material for one in patches)
    primitives = [
        _primitive(glb, [one for one in patches if one.material == each], indices[each], lit=lit) for each in names
    ]
    glb.meshes.append({"name": name, "primitives": primitives})
    glb.nodes.append({"name": name, "mesh": len(glb.meshes) - 1})


def _baked(patches: Sequence[Patch], hull: Sequence[Patch]) -> tuple[bytes, float]:
    """The light map as a picture, and what its white stands for."""
    outer = [Patch(one.material, one.points, place=(LIGHT_PX - 2, LIGHT_PX - 2, 1, 1)) for one in hull]
    light = baked([*patches, *outer], _BAKE | {"hull": (0.3, 0.3, 0.3)}, OUTSIDE, LIGHT_PX, SAMPLES)
    light += _GREY * (light @ np.array([0.2126, 0.7152, 0.0722]))[..., None] - _GREY * light
    x, y, wide, high = next(one.place for one in patches if one.material == "desk")
    return light_picture(light * (DESK_LIGHT / float(light[y : y + high, x : x + wide].mean())))


def _materials(glb: Glb, used: set[str], light: tuple[int, float]) -> tuple[dict[str, int], dict[str, int]]:
    """Store all materials; their numbers where baked light falls on them, and those of things that move."""
    bases = {name: material(glb, surface) for name, surface in _pictures().items()}
    plaster = material(glb, Surface("plaster", *plain((_PLASTER, _PLASTER, _PLASTER), 1, 1.0)))
    bases |= {name: _painted(plaster, name) for name in _PAINTED}
    lit: dict[str, int] = {}
    loose: dict[str, int] = {}
    for name in bases:
        if name in used:
            glb.materials.append(_lit(bases[name], *light))
            lit[name] = len(glb.materials) - 1
        for other in _ALIKE.get(name, ()):
            open_ = bases[name]["occlusionTexture"] | {"strength": 0.3}
            glb.materials.append(_warm(bases[name]) | {"name": other, "occlusionTexture": open_})
            loose[other] = len(glb.materials) - 1
    dark = encoded(np.full((8, 8, 3), (0.5, 1.0, 1.0)), lossless=True)
    shade = glb.texture(dark, "glass_masks")
    for name, opacity in (("glass", 0.10), ("glass_rim", 0.30)):
        glb.materials.append(_glass(name, opacity, shade))
        loose[name] = len(glb.materials) - 1
    glb.materials.append(material(glb, Surface("hull", tint=(0.4, 0.38, 0.35))))
    loose["hull"] = len(glb.materials) - 1
    return lit, loose


def make(folder: Path, only: str) -> None:
    """Write the room."""
    patches, hull = packed(_room(), LIGHT_PX), _hull()
    picture, scale = _baked(patches, hull)
    glb = Glb()
    map_index = glb.texture(picture, "light", repeat=False)
    lit, loose = _materials(glb, {one.material for one in patches}, (map_index, scale / OPEN))
    _node(glb, "room", patches, lit, lit=True)
    for name, made in (
        ("hull", hull),
        ("jar", jar()),
        ("lid", lid()),
        ("side_table", side_table()),
        ("frame", framed()),
    ):
        _node(glb, name, made, loose, lit=False)
    path = folder / "rooms" / f"{only}.glb"
    path.parent.mkdir(parents=True, exist_ok=True)
    glb.save(path, ("KHR_materials_emissive_strength",))
