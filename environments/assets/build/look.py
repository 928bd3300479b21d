"""Draws GLB files from several sides with Cycles: `python -m environments.assets.build.look OUT.png FILE…`.

Options: --close HEIGHT_M looks at that height from near by; --size PX is the width of one view.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector
from PIL import Image


def _world(strength: float) -> None:
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.62, 0.72, 0.85, 1)
    world.node_tree.nodes["Background"].inputs[1].default_value = strength


def _sun() -> None:
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.angle = 3.2, 0.02
    lamp = bpy.data.objects.new("sun", light)
    lamp.rotation_euler = (math.radians(48), 0, math.radians(35))
    bpy.context.scene.collection.objects.link(lamp)


def _ground(size_m: float) -> None:
    bpy.ops.mesh.primitive_plane_add(size=size_m)
    material = bpy.data.materials.new("ground")
    material.use_nodes = True
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0.3, 0.3, 0.29, 1)
    bpy.context.object.data.materials.append(material)


def _settings(width: int, height: int) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 12
    scene.cycles.use_denoising = True
    scene.render.threads_mode, scene.render.threads = "FIXED", 2
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.view_settings.view_transform = "AgX"
    scene.render.image_settings.file_format = "PNG"


def _bounds() -> tuple[np.ndarray, np.ndarray]:
    corners = [o.matrix_world @ v.co for o in bpy.data.objects if o.type == "MESH" for v in o.data.vertices]
    points = np.array([tuple(c) for c in corners])
    return points.min(0), points.max(0)


def _distance(size: np.ndarray, tall: float) -> float:
    """How far a 26° camera must stand to see a box of this size."""
    half = math.tan(math.radians(13))
    across = math.hypot(size[0], size[1]) / 2
    return float(max(size[2] / 2 / half, across * max(tall, 1.0) / half) * 1.12 + across)


def _shot(centre: np.ndarray, distance_m: float, angle_deg: float, lift_m: float, path: str) -> None:
    camera = bpy.context.scene.camera
    turn = math.radians(angle_deg)
    place = centre + np.array([math.sin(turn) * distance_m, -math.cos(turn) * distance_m, lift_m])
    camera.location = place
    camera.rotation_euler = Vector(centre - place).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.render.filepath = path
    bpy.ops.render.render(write_still=True)


def look(source: Path, options: argparse.Namespace) -> list[Image.Image]:
    """The views of one file."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=str(source))
    for item in list(bpy.data.objects):
        if item.name.startswith("Icosphere"):
            bpy.data.objects.remove(item)
    for item in bpy.data.objects:
        if item.type == "MESH" and item.data.shape_keys:
            for key in item.data.shape_keys.key_blocks:
                key.value = float(key.name in options.morph)
    low, high = _bounds()
    width = options.size
    height = int(width * options.tall)
    _settings(width, height)
    _world(0.9)
    _sun()
    _ground(60.0)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    camera.data.angle = math.radians(26)
    centre, reach = (low + high) / 2, _distance(high - low, options.tall)
    if options.close:
        centre, reach = np.array([0.0, -0.05, options.close]), options.reach
    shots = []
    with tempfile.TemporaryDirectory() as folder:
        for angle in options.angles:
            path = str(Path(folder) / f"{angle}.png")
            _shot(centre, reach, angle, reach * options.lift, path)
            shots.append(Image.open(path).convert("RGB"))
    return shots


def main() -> None:
    """Draw the files named, one row each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--close", type=float, default=0.0)
    parser.add_argument("--reach", type=float, default=0.75)
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--tall", type=float, default=1.6)
    parser.add_argument("--lift", type=float, default=0.05)
    parser.add_argument("--angles", type=float, nargs="+", default=[0, 40, 90, 180])
    parser.add_argument("--morph", nargs="*", default=[])
    options = parser.parse_args()
    rows = [look(source, options) for source in options.files]
    width, height = rows[0][0].size
    sheet = Image.new("RGB", (width * len(rows[0]), height * len(rows)))
    for y, row in enumerate(rows):
        for x, shot in enumerate(row):
            sheet.paste(shot, (x * width, y * height))
    sheet.save(options.out)


if __name__ == "__main__":
    main()
