"""Light of the study, worked out by Cycles: the sky through the windows, and what the sun's patch gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from environments.assets.build.light_map import diffuse
from environments.assets.build.mesh import Floats
from environments.assets.build.study_shapes import Patch

SKY, GROUND = (0.94, 0.98, 1.04), (0.42, 0.44, 0.34)
_TO_BLENDER = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0.0]])


@dataclass(frozen=True, slots=True)
class Outside:
    """What shines in: the sun, how much stronger its light facing it is than the sky, and windows (x, z, z, y, y)."""

    sun_azimuth_deg: float
    sun_elevation_deg: float
    sun_strength: float
    windows: tuple[tuple[float, float, float, float, float], ...]


def baked(
    patches: Sequence[Patch], colours: Mapping[str, Sequence[float]], outside: Outside, size_px: int, samples: int
) -> Floats:
    """Light (h, w, 3), linear, on all patches: from the sky (radiance about 1), and sunlight that came by a surface."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.seed, scene.cycles.max_bounces = samples, 1, 10
    scene.cycles.diffuse_bounces = 8
    image = bpy.data.images.new("light", size_px, size_px, float_buffer=True)
    names = sorted({one.material for one in patches})
    item = _object(patches, size_px, [diffuse(name, colours[name], image) for name in names], names)
    bpy.context.view_layer.objects.active = item
    item.select_set(True)
    lamps = _sky(outside.windows)
    sky = _bake(image, size_px, {"DIRECT", "INDIRECT"})
    for one in lamps:
        bpy.data.objects.remove(one)
    _sun(outside)
    back = _bake(image, size_px, {"INDIRECT"})
    return _smooth(sky + back, patches)


def _bake(image: bpy.types.Image, size_px: int, passes: set[str]) -> Floats:
    bpy.ops.object.bake(type="DIFFUSE", pass_filter=passes, margin=0, use_clear=True)
    flat = np.zeros(size_px * size_px * 4, dtype=np.float32)
    image.pixels.foreach_get(flat)
    return flat.reshape(size_px, size_px, 4)[::-1, :, :3].astype(np.float64)


def _sky(windows: Sequence[tuple[float, float, float, float, float]]) -> list[bpy.types.Object]:
    """The sky as two lamps in each window (x, z from, z to, y from, y to): bright above, the garden's green below."""
    found = []
    for x, near, far, low, high in windows:
        middle = low + 0.45 * (high - low)
        for colour, floor, roof in ((GROUND, low, middle), (SKY, middle, high)):
            lamp = bpy.data.lights.new("window", "AREA")
            lamp.shape, lamp.size, lamp.size_y = "RECTANGLE", roof - floor, far - near
            lamp.energy, lamp.color = np.pi * lamp.size * lamp.size_y, colour
            item = bpy.data.objects.new("window", lamp)
            item.location = (x, -0.5 * (near + far), 0.5 * (floor + roof))
            item.rotation_euler = (0.0, np.radians(-90.0), 0.0)
            bpy.context.scene.collection.objects.link(item)
            found.append(item)
    return found


def _sun(outside: Outside) -> None:
    lamp = bpy.data.lights.new("sun", "SUN")
    lamp.energy, lamp.angle, lamp.color = outside.sun_strength * np.pi, 0.02, (1.0, 0.92, 0.80)
    item = bpy.data.objects.new("sun", lamp)
    item.rotation_euler = (
        np.radians(90.0 - outside.sun_elevation_deg),
        0.0,
        np.radians(180.0 - outside.sun_azimuth_deg),
    )
    bpy.context.scene.collection.objects.link(item)


def _object(
    patches: Sequence[Patch], size_px: int, surfaces: list[bpy.types.Material], names: list[str]
) -> bpy.types.Object:
    mesh = bpy.data.meshes.new("patches")
    starts = np.cumsum([0, *(one.points.shape[0] * one.points.shape[1] for one in patches)])
    points = np.concatenate([one.points.reshape(-1, 3) for one in patches]) @ _TO_BLENDER
    faces = np.concatenate([one.corners() + start for one, start in zip(patches, starts, strict=False)])
    mesh.from_pydata(points.tolist(), [], faces.tolist())
    for surface in surfaces:
        mesh.materials.append(surface)
    numbers = np.concatenate([np.full(len(one.corners()), names.index(one.material)) for one in patches])
    mesh.polygons.foreach_set("material_index", numbers)
    flat = np.concatenate([one.light_uv(size_px, 0.0).reshape(-1, 2)[one.corners()] for one in patches])
    layer = mesh.uv_layers.new(name="light")
    layer.data.foreach_set("uv", (flat * (1, -1) + (0, 1)).reshape(-1))
    item = bpy.data.objects.new("patches", mesh)
    bpy.context.scene.collection.objects.link(item)
    return item


def _smooth(light: Floats, patches: Sequence[Patch]) -> Floats:
    """Each patch by itself averaged with a small bell; what Cycles left empty at rims takes the nearest light."""
    bell = np.exp(-0.5 * (np.arange(-4, 5) / 1.9) ** 2)
    found = light.copy()
    for one in patches:
        x, y, wide, high = one.place
        part = light[y : y + high, x : x + wide]
        known = (part.max(-1) > 1e-5).astype(float)
        total = np.concatenate([part * known[..., None], known[..., None]], -1)
        for axis in (0, 1):
            edge = [(4, 4) if k == axis else (0, 0) for k in range(3)]
            padded = np.pad(total, edge, mode="edge")
            count = total.shape[axis]
            total = np.sum([b * np.take(padded, range(k, k + count), axis=axis) for k, b in enumerate(bell)], axis=0)
        found[y : y + high, x : x + wide] = total[..., :3] / np.maximum(total[..., 3:], 1e-6)
    return found
