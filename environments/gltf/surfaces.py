"""glTF materials as the renderer's materials."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from environments.gltf.document import Document
from environments.gltf.pictures import Pictures
from environments.gltf.problems import GltfError, Within
from environments.gltf.values import Json, extension, index, number, numbers, part, text, whole
from environments.render.model import Material, Picture, SurfaceMaps

Transform = tuple[tuple[float, float, float], tuple[float, float, float]]
UNCHANGED: Transform = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
_BARELY_BLENDED = 0.998
_BLACK = (0.0, 0.0, 0.0)
_LIGHT_MAP = "light_map"
"""The custom property of a material whose emission picture is baked light."""


@dataclass(frozen=True, slots=True)
class Texture:
    """A picture's number and how it lies on the mesh."""

    source: int
    uv_set: int
    transform: Transform
    strength: float


@dataclass(frozen=True, slots=True)
class Surface:
    """A material's numbers, its pictures still being decoded."""

    element: Json
    textures: dict[str, Texture]
    uv_set: int
    light_uv_set: int | None

    @property
    def is_unlit(self) -> bool:
        """Whether it shows its colour as it is, without light (KHR_materials_unlit)."""
        return extension(self.element, "KHR_materials_unlit") is not None


def read_surface(document: Document, pictures: Pictures, material: int) -> Surface:
    """Check one material and begin to decode its pictures."""
    element = document.lists["materials"][material]
    pbr = part(element, "pbrMetallicRoughness")
    found: dict[str, Texture] = {}
    named = (
        ("base_color", pbr, "baseColorTexture"),
        ("metallic_roughness", pbr, "metallicRoughnessTexture"),
        ("normal", element, "normalTexture"),
        ("occlusion", element, "occlusionTexture"),
        ("emission", element, "emissiveTexture"),
    )
    with Within("material", material):
        for name, owner, key in named:
            if key in owner:
                found[name] = _texture(document, pictures, part(owner, key))
        light = found.pop("emission") if part_of_extras(element, _LIGHT_MAP) and "emission" in found else None
        uv_set = next((texture.uv_set for texture in found.values()), 0)
        kept = {name: texture for name, texture in found.items() if texture.uv_set == uv_set}
        if light is not None:
            kept["light"] = light
        surface = Surface(element, kept, uv_set, light.uv_set if light else None)
        build_material(surface, None)
    return surface


def part_of_extras(element: Json, key: str) -> bool:
    """Whether the author ticked a custom property."""
    extras = element.get("extras")
    return isinstance(extras, dict) and bool(extras.get(key))


def _texture(document: Document, pictures: Pictures, info: Json) -> Texture:
    texture = index(info, "index", len(document.lists["textures"]))
    if texture is None:
        raise GltfError("it names no texture")
    moved = extension(info, "KHR_texture_transform") or {}
    uv_set = whole(moved, "texCoord", whole(info, "texCoord", 0, most=7), most=7)
    strength = number(info, "scale", number(info, "strength", 1.0))
    return Texture(pictures.ask(texture), uv_set, _transform(moved), strength)


def _transform(moved: Json) -> Transform:
    """KHR_texture_transform as rows: translation times rotation times scale."""
    if not moved:
        return UNCHANGED
    right, down = numbers(moved, "offset", (0.0, 0.0))
    wide, high = numbers(moved, "scale", (1.0, 1.0))
    angle = number(moved, "rotation", 0.0)
    c, s = math.cos(angle), math.sin(angle)
    return ((c * wide, s * high, right), (-s * wide, c * high, down))


def build_material(surface: Surface, pictures: Pictures | None) -> Material:
    """The finished material; without pictures it only checks the numbers."""
    element = surface.element
    pbr = part(element, "pbrMetallicRoughness")
    red, green, blue, alpha = _clipped(numbers(pbr, "baseColorFactor", (1.0, 1.0, 1.0, 1.0)))
    strength = number(extension(element, "KHR_materials_emissive_strength") or {}, "emissiveStrength", 1.0)
    emission = tuple(min(max(one * strength, 0.0), 1e4) for one in numbers(element, "emissiveFactor", _BLACK))
    roughness = min(max(number(pbr, "roughnessFactor", 1.0), 0.0), 1.0)
    metallic = min(max(number(pbr, "metallicFactor", 1.0), 0.0), 1.0)
    maps = None if pictures is None or not surface.textures else _maps(surface, pictures, max(emission))
    cutoff, opacity = _alpha(element, alpha, maps)
    if surface.is_unlit:
        maps = maps and SurfaceMaps(emission=maps.base_color, uv_transform=maps.uv_transform)
        base, glow, roughness, metallic = _BLACK, (red, green, blue), 1.0, 0.0
    else:
        base = (red, green, blue)
        glow = _BLACK if "light" in surface.textures else (emission[0], emission[1], emission[2])
    return Material(
        base,
        roughness,
        metallic,
        opacity=opacity,
        emission_linear=glow,
        maps=maps,
        alpha_cutoff=cutoff,
        two_sided=element.get("doubleSided") is True,
    )


def _clipped(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(min(max(one, 0.0), 1.0) for one in values)


def _maps(surface: Surface, pictures: Pictures, light_scale: float) -> SurfaceMaps:
    def get(name: str, *, is_colour: bool) -> Picture | None:
        texture = surface.textures.get(name)
        return None if texture is None else pictures.get(texture.source, is_colour=is_colour)

    strengths = {name: texture.strength for name, texture in surface.textures.items()}
    transforms = [texture.transform for name, texture in surface.textures.items() if name != "light"]
    return SurfaceMaps(
        get("base_color", is_colour=True),
        get("metallic_roughness", is_colour=False),
        get("normal", is_colour=False),
        get("occlusion", is_colour=False),
        get("emission", is_colour=True),
        get("light", is_colour=True),
        light_scale if "light" in surface.textures else 1.0,
        strengths.get("normal", 1.0),
        min(max(strengths.get("occlusion", 1.0), 0.0), 1.0),
        transforms[0] if transforms else UNCHANGED,
    )


def _alpha(element: Json, alpha: float, maps: SurfaceMaps | None) -> tuple[float, float]:
    """The cutoff and the opacity; blending without anything transparent is no blending."""
    mode = text(element, "alphaMode", "OPAQUE")
    if mode == "MASK":
        cutoff = number(element, "alphaCutoff", 0.5)
        return min(max(cutoff / max(alpha, 1e-3), 1e-3), 1.0), 1.0
    if mode != "BLEND":
        return 0.0, 1.0
    has_holes = maps is not None and maps.base_color is not None and int(np.min(maps.base_color.pixels[..., 3])) < 255
    return 0.0, min(alpha, _BARELY_BLENDED) if has_holes or alpha < 1.0 else 1.0
