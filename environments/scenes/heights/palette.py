"""The surfaces of the heights scene: albedo in linear light, roughness, and the pattern drawn on them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from environments.render.model import Material, SurfaceMaps
from environments.scenes.heights.parts import parts_of

PLASTER_TINTS = {
    "cream": (0.58, 0.51, 0.39),
    "ochre": (0.46, 0.35, 0.21),
    "rose": (0.42, 0.31, 0.27),
    "grey": (0.40, 0.40, 0.39),
    "white": (0.66, 0.64, 0.59),
    "sage": (0.36, 0.40, 0.32),
}
Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """A body's file with a tint that multiplies its clothes, and the same person's colours from far."""

    body: str
    tint: Color
    shirt: Color
    trousers: Color
    skin: Color
    hair: Color


LOOKS = (
    Look(
        "man_shirt", (1, 1, 1), (0.274, 0.384, 0.548), (0.145, 0.102, 0.053), (0.25, 0.13, 0.085), (0.006, 0.005, 0.005)
    ),
    Look(
        "man_jacket", (1, 1, 1), (0.034, 0.05, 0.027), (0.007, 0.008, 0.009), (0.09, 0.045, 0.03), (0.004, 0.004, 0.004)
    ),
    Look(
        "woman_navy", (1, 1, 1), (0.008, 0.014, 0.04), (0.035, 0.053, 0.099), (0.30, 0.16, 0.11), (0.037, 0.016, 0.007)
    ),
    Look(
        "woman_cardigan",
        (1, 1, 1),
        (0.105, 0.015, 0.021),
        (0.066, 0.066, 0.069),
        (0.30, 0.16, 0.10),
        (0.10, 0.10, 0.09),
    ),
    Look(
        "man_shirt",
        (1.1, 0.8, 0.5),
        (0.30, 0.31, 0.27),
        (0.16, 0.08, 0.027),
        (0.25, 0.13, 0.085),
        (0.006, 0.005, 0.005),
    ),
    Look(
        "woman_navy",
        (6.0, 2.6, 0.8),
        (0.05, 0.036, 0.03),
        (0.21, 0.14, 0.08),
        (0.30, 0.16, 0.11),
        (0.037, 0.016, 0.007),
    ),
)
"""The looks of all people; the first is the visitor's."""
TILE_M = 2.4
"""How many metres the pictures of a surface of the assets span."""
CAR_PAINTS = ((0.62, 0.62, 0.61), (0.24, 0.025, 0.022), (0.03, 0.07, 0.17), (0.045, 0.048, 0.052))
AWNINGS = ((0.42, 0.07, 0.05), (0.60, 0.54, 0.42), (0.05, 0.20, 0.16))


def worn(surface: str) -> Material:
    """A surface of the assets, for texture coordinates in metres."""
    material = parts_of(f"surfaces/{surface}")[0].material
    maps = material.maps or SurfaceMaps()
    return replace(material, maps=replace(maps, uv_transform=((1.0 / TILE_M, 0.0, 0.0), (0.0, 1.0 / TILE_M, 0.0))))


def _ground_and_tower() -> dict[str, Material]:
    return {
        "asphalt": Material((0.075, 0.075, 0.08), 0.9, pattern="asphalt", pattern_scale_m=1.0, casts_shadow=False),
        "pavement": Material((0.30, 0.285, 0.26), 0.85, pattern="paving", pattern_scale_m=0.8, casts_shadow=False),
        "paving": Material((0.42, 0.38, 0.32), 0.8, pattern="paving", pattern_scale_m=0.9),
        "paving dark": Material((0.17, 0.155, 0.14), 0.75, pattern="paving", pattern_scale_m=0.45),
        "paving light": Material((0.58, 0.55, 0.48), 0.75, pattern="paving", pattern_scale_m=0.6),
        "kerb": Material((0.46, 0.44, 0.40), 0.85, pattern="concrete", pattern_scale_m=1.0, casts_shadow=False),
        "marking": Material((0.70, 0.70, 0.68), 0.7),
        "grass": Material((0.080, 0.118, 0.034), 0.95, pattern="foliage", pattern_scale_m=0.5, casts_shadow=False),
        "stone": Material((0.50, 0.46, 0.40), 0.75, pattern="concrete", pattern_scale_m=1.2),
        "floor slabs": worn("floor_slabs"),
        "dressed stone": worn("dressed_stone"),
        "tower stone": Material((0.47, 0.42, 0.35), 0.8, pattern="brick", pattern_scale_m=1.0),
        "tower trim": Material((0.56, 0.52, 0.46), 0.75, pattern="concrete", pattern_scale_m=1.5),
        "steel": Material((0.42, 0.43, 0.45), 0.38, 1.0, pattern="metal-brushed", pattern_scale_m=0.4),
        "steel dark": Material((0.05, 0.055, 0.06), 0.5, 0.6, pattern="metal-brushed", pattern_scale_m=0.4),
        "iron": Material((0.025, 0.03, 0.03), 0.55, 0.4),
        "door": Material((0.10, 0.16, 0.15), 0.45, 0.3, pattern="metal-brushed", pattern_scale_m=0.6),
        "glass edge": Material((0.09, 0.25, 0.20), 0.12, casts_shadow=False),
        "wood": Material((0.30, 0.18, 0.085), 0.65, pattern="wood", pattern_scale_m=0.3),
        "rope": Material((0.40, 0.29, 0.15), 0.95, pattern="cloth", pattern_scale_m=0.03),
        "clear glass": Material((0.75, 0.86, 0.84), 0.04, pattern="glass", opacity=0.13, casts_shadow=False),
    }


def _city() -> dict[str, Material]:
    return {
        "pane": Material((0.025, 0.032, 0.04), 0.08),
        "joinery": Material((0.58, 0.56, 0.51), 0.6),
        "cornice": Material((0.56, 0.52, 0.44), 0.8, pattern="concrete", pattern_scale_m=1.0),
        "roof red": Material((0.23, 0.105, 0.068), 0.85, pattern="tiles", pattern_scale_m=0.4),
        "roof brown": Material((0.155, 0.092, 0.068), 0.85, pattern="tiles", pattern_scale_m=0.4),
        "roof slate": Material((0.10, 0.11, 0.125), 0.6, pattern="tiles", pattern_scale_m=0.4),
        "roof flat": Material((0.24, 0.235, 0.225), 0.95, pattern="concrete", pattern_scale_m=2.0),
        "copper": Material((0.17, 0.33, 0.27), 0.7, pattern="plaster", pattern_scale_m=1.0, casts_shadow=False),
        "brick": Material((0.30, 0.13, 0.085), 0.9, pattern="brick", pattern_scale_m=0.5),
        "bark": Material((0.11, 0.085, 0.065), 0.95, pattern="wood", pattern_scale_m=0.4, sways=0.2),
        "leaves": Material((0.070, 0.118, 0.030), 0.85, pattern="foliage", pattern_scale_m=0.5, sways=1.0),
        "leaves far": Material((0.062, 0.102, 0.032), 0.9, pattern="foliage", pattern_scale_m=1.0),
        "fallen leaves": Material((0.19, 0.125, 0.035), 0.8, casts_shadow=False),
        "water": Material((0.05, 0.12, 0.13), 0.06),
        "spray": Material((0.85, 0.9, 0.95), 0.3, opacity=0.35, casts_shadow=False),
        "lamp lit": Material((0.8, 0.7, 0.5), 0.3, emission_linear=(6.0, 4.2, 2.2), casts_shadow=False),
        "window lit": Material((0.5, 0.4, 0.3), 0.3, emission_linear=(1.3, 0.85, 0.42), casts_shadow=False),
    }


def _what_moves() -> dict[str, Material]:
    return {
        "car glass": Material((0.02, 0.025, 0.03), 0.06),
        "car dark": Material((0.018, 0.018, 0.018), 0.8),
        "car lamp": Material((0.72, 0.73, 0.74), 0.12),
        "car tail": Material((0.32, 0.012, 0.012), 0.15),
        "car metal": Material((0.45, 0.46, 0.47), 0.35, 1.0),
        "car plate": Material((0.72, 0.72, 0.70), 0.5),
        "bird": Material((0.62, 0.62, 0.63), 0.7),
        "pigeon": Material((0.17, 0.185, 0.21), 0.55),
        "pigeon dark": Material((0.06, 0.065, 0.075), 0.6),
        "grating": Material((0.20, 0.205, 0.21), 0.5, 0.7, pattern="grating", pattern_scale_m=0.05, casts_shadow=False),
        "shade": Material((0.004, 0.005, 0.008), 1.0, opacity=0.5, casts_shadow=False),
        "far ground": Material((0.10, 0.12, 0.075), 0.95, pattern="concrete", pattern_scale_m=37.0, casts_shadow=False),
        "hills": Material((0.06, 0.085, 0.045), 0.95, casts_shadow=False),
        "flag": Material((0.55, 0.05, 0.05), 0.85, pattern="cloth", pattern_scale_m=0.05, sways=0.6),
        "facade glass": Material((0.16, 0.20, 0.23), 0.25, 0.3, pattern="facade", pattern_scale_m=3.6),
    }


def _people() -> dict[str, Material]:
    found = {}
    for index, look in enumerate(LOOKS):
        for kind, color in (("shirt", look.shirt), ("trousers", look.trousers)):
            found[f"{kind} {index}"] = Material(color, 0.9, pattern="cloth", pattern_scale_m=0.05, casts_shadow=False)
        found[f"skin {index}"] = Material(look.skin, 0.6, casts_shadow=False)
        found[f"hair {index}"] = Material(look.hair, 0.6, casts_shadow=False)
    return found


def materials() -> dict[str, Material]:
    """Every surface by name."""
    found = _ground_and_tower() | _city() | _what_moves()
    for name, tint in PLASTER_TINTS.items():
        found[f"plaster {name}"] = Material(tint, 0.9, pattern="plaster", pattern_scale_m=1.0)
        found[f"facade {name}"] = Material(tint, 0.85, pattern="facade", pattern_scale_m=3.3)
    for index, tint in enumerate(AWNINGS):
        found[f"awning {index}"] = Material(tint, 0.85, pattern="cloth", pattern_scale_m=0.05)
    found |= _people()
    for index, tint in enumerate(CAR_PAINTS):
        found[f"paint {index}"] = Material(tint, 0.22)
    still = {**found}
    for name in still:
        if name.startswith(("paint", "car ")):
            found[f"moving {name}"] = replace(found[name], casts_shadow=False)
        if name.startswith(("roof", "facade")):
            pattern = "plain" if name.startswith("roof") else found[name].pattern
            found[f"far {name}"] = replace(found[name], pattern=pattern, casts_shadow=False)
        if name.startswith(("bird", "flag", "facade glass")):
            found[name] = replace(found[name], casts_shadow=False)
    return found
