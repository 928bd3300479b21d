"""Baked light: a second set of coordinates for pieces made of rectangles, and what Cycles says falls on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from environments.assets.build.mesh import Floats, Part
from environments.assets.build.paint import encoded

_GAP_PX = 2
_SAMPLES = 96
_WARM = (1.0, 0.93, 0.82)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rectangle (four points, counter-clockwise from its lower left) of a material, and its place in the map (px)."""

    material: str
    corners: Floats
    place: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def size_m(self) -> tuple[float, float]:
        """Across and up."""
        across, up = self.corners[1] - self.corners[0], self.corners[3] - self.corners[0]
        return float(np.linalg.norm(across)), float(np.linalg.norm(up))

    def light_uv(self, size_px: int) -> Floats:
        """The four corners (4, 2) in the map, v down, half a texel inside its place."""
        x, y, wide, high = self.place
        left, right, top, low = x + 0.5, x + wide - 0.5, y + 0.5, y + high - 0.5
        return np.array([(left, low), (right, low), (right, top), (left, top)]) / size_px


def packed(sheets: Sequence[Sheet], size_px: int, texel_m: float) -> list[Sheet]:
    """The sheets with places, in rows of falling height; ValueError where they do not fit."""
    sizes = [tuple(max(3, round(side / texel_m)) for side in sheet.size_m) for sheet in sheets]
    places: dict[int, tuple[int, int, int, int]] = {}
    x = y = row = 0
    for index in sorted(range(len(sheets)), key=lambda k: (-sizes[k][1], -sizes[k][0], k)):
        wide, high = sizes[index]
        if x + wide + _GAP_PX > size_px:
            x, y, row = 0, y + row + _GAP_PX, 0
        row = max(row, high)
        places[index] = (x, y, wide, high)
        x += wide + _GAP_PX
    if y + row > size_px:
        raise ValueError(f"the light map of {size_px} px is too small: {y + row} rows")
    return [Sheet(sheet.material, sheet.corners, places[k]) for k, sheet in enumerate(sheets)]


def baked(
    sheets: Sequence[Sheet],
    colours: Mapping[str, Sequence[float]],
    lamps: Sequence[Sheet],
    size_px: int,
    radiances: Mapping[str, Sequence[float]] | None = None,
) -> Floats:
    """The light (h, w, 3), linear, that falls on the sheets from lamps; grain is smoothed away.

    `radiances` are the lamps' by material, warm white of 1 where it names none.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.seed, scene.cycles.max_bounces = _SAMPLES, 1, 8
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    image = bpy.data.images.new("light", size_px, size_px, float_buffer=True)
    names = sorted({sheet.material for sheet in sheets})
    item = _object(sheets, size_px, [diffuse(name, colours[name], image) for name in names], names)
    kinds = sorted({lamp.material for lamp in lamps})
    known = radiances or {}
    _object(lamps, size_px, [_lamp(known.get(kind, _WARM)) for kind in kinds], kinds)
    bpy.context.view_layer.objects.active = item
    item.select_set(True)
    bpy.ops.object.bake(type="DIFFUSE", pass_filter={"DIRECT", "INDIRECT"}, margin=0, use_clear=True)
    flat = np.zeros(size_px * size_px * 4, dtype=np.float32)
    image.pixels.foreach_get(flat)
    light = flat.reshape(size_px, size_px, 4)[::-1, :, :3].astype(np.float64)
    return _smooth(light, sheets)


def _object(
    sheets: Sequence[Sheet], size_px: int, surfaces: list[bpy.types.Material], names: list[str]
) -> bpy.types.Object:
    mesh = bpy.data.meshes.new("sheets")
    # Blender has z up and looks along y.
    points = np.concatenate([sheet.corners for sheet in sheets]) @ np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0.0]])
    mesh.from_pydata(points.tolist(), [], [tuple(range(4 * k, 4 * k + 4)) for k in range(len(sheets))])
    for surface in surfaces:
        mesh.materials.append(surface)
    mesh.polygons.foreach_set("material_index", [names.index(sheet.material) for sheet in sheets])
    wide = np.concatenate([_whole_texels(sheet, size_px) for sheet in sheets])
    mesh.uv_layers.new(name="light").data.foreach_set("uv", (wide * (1, -1) + (0, 1)).reshape(-1))
    item = bpy.data.objects.new("sheets", mesh)
    bpy.context.scene.collection.objects.link(item)
    return item


def _whole_texels(sheet: Sheet, size_px: int) -> Floats:
    x, y, wide, high = sheet.place
    return np.array([(x, y + high), (x + wide, y + high), (x + wide, y), (x, y)]) / size_px


def diffuse(name: str, colour: Sequence[float], image: bpy.types.Image) -> bpy.types.Material:
    """A dull material whose light is baked into an image."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    nodes = made.node_tree.nodes
    nodes.clear()
    diffuse, out, picture = (
        nodes.new(kind) for kind in ("ShaderNodeBsdfDiffuse", "ShaderNodeOutputMaterial", "ShaderNodeTexImage")
    )
    diffuse.inputs["Color"].default_value = (*colour, 1.0)
    made.node_tree.links.new(diffuse.outputs[0], out.inputs[0])
    picture.image = image
    nodes.active = picture
    return made


def _lamp(radiance: Sequence[float]) -> bpy.types.Material:
    made = bpy.data.materials.new("lamp")
    made.use_nodes = True
    nodes = made.node_tree.nodes
    nodes.clear()
    glow, out = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    glow.inputs["Color"].default_value = (*radiance, 1.0)
    made.node_tree.links.new(glow.outputs[0], out.inputs[0])
    return made


def _smooth(light: Floats, sheets: Sequence[Sheet]) -> Floats:
    """Each sheet by itself averaged with a small bell, so that no light leaks from one to another."""
    bell = np.exp(-0.5 * (np.arange(-4, 5) / 1.7) ** 2)
    bell /= bell.sum()
    found = light.copy()
    for sheet in sheets:
        x, y, wide, high = sheet.place
        part = light[y : y + high, x : x + wide]
        for axis in (0, 1):
            edge = [(4, 4) if k == axis else (0, 0) for k in range(3)]
            padded = np.pad(part, edge, mode="reflect" if min(wide, high) > 5 else "edge")
            count = part.shape[axis]
            part = np.sum([b * np.take(padded, range(k, k + count), axis=axis) for k, b in enumerate(bell)], axis=0)
        found[y : y + high, x : x + wide] = part
    return found


def light_picture(light: Floats) -> tuple[bytes, float]:
    """The map as a picture in sRGB code, and what its white stands for."""
    scale = float(np.quantile(light[light.max(-1) > 0], 0.999))
    part = np.clip(light / scale, 0, 1)
    coded = np.where(part <= 0.0031308, 12.92 * part, 1.055 * part ** (1 / 2.4) - 0.055)
    return encoded(coded, lossless=True), scale


def part_of(sheets: Sequence[Sheet], tile_m: float, size_px: int) -> tuple[Part, Floats]:
    """Sheets of one material as a part with coordinates in tiles, and their points' coordinates in the light map."""
    points = np.concatenate([sheet.corners for sheet in sheets])
    faces = np.concatenate([np.array([(0, 1, 2), (0, 2, 3)]) + 4 * k for k in range(len(sheets))])
    flat = np.concatenate([
        np.array([(0, 0), (w, 0), (w, -h), (0, -h)]) / tile_m for w, h in (sheet.size_m for sheet in sheets)
    ])  # fmt: skip
    return Part(points, faces, flat[faces]), np.concatenate([sheet.light_uv(size_px) for sheet in sheets])
