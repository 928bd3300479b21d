"""Still water: the world mirrored in its plane, drawn once more for each eye, and the sheet that shows it.

The mirrored world is seen by mirrored eyes through the same screen, so that what the water shows has its true depth.
"""

from __future__ import annotations

from collections.abc import Sequence

import moderngl
import numpy as np

from environments.render.gpu_scene import GpuScene
from environments.render.matrices import Camera
from environments.render.programs import SAMPLER_UNITS, Programs

SIZE_PART = 0.5
"""The mirrored world is drawn at this part of the picture's size: ripples blur it anyway."""
REACH_M = 900.0
CLIP_DISTANCE = 0x3000
"""GL_CLIP_DISTANCE0, as in renderer.py."""


def mirrored(camera: Camera, level_m: float) -> Camera:
    """The eye under a level plane that sees above it what `camera` sees mirrored in it, at the same places on screen.

    The near plane is laid into the water (Lengyel 2005, Oblique view frustum depth projection and clipping).
    """
    flip = np.diag([1.0, -1.0, 1.0, 1.0])
    flip[1, 3] = 2.0 * level_m
    clip = camera.clip_from_world @ flip
    plane = np.array([0.0, 1.0, 0.0, -level_m])
    inside = np.linalg.inv(clip).T @ plane
    corner = np.array([np.sign(inside[0]), np.sign(inside[1]), 1.0, 1.0])
    clip[2] = plane * (2.0 / float(inside @ corner)) - clip[3]
    rays = camera.ray_from_clip.copy()
    rays[1] *= -1.0
    return Camera(
        clip,
        rays,
        np.array([camera.eye_m[0], 2.0 * level_m - camera.eye_m[1], camera.eye_m[2]]),
        camera.across,
        camera.up,
        camera.cone_rad,
    )


class LakeWater:
    """The mirrored picture of a lake and the lake's sheet."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        corners = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32) * np.float32(REACH_M)
        self._corners = ctx.buffer(corners.tobytes())
        program = programs.get("lake.vert.glsl", "lake.frag.glsl")
        self._sheet = ctx.vertex_array(program, [(self._corners, "2f4", "in_place")])
        self._room((1, 1))

    def _room(self, size_px: tuple[int, int]) -> None:
        self._picture = self._ctx.texture(size_px, 4, dtype="f2")
        self._picture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._picture.repeat_x = self._picture.repeat_y = False
        self._depth = self._ctx.depth_renderbuffer(size_px)
        self._target = self._ctx.framebuffer(self._picture, self._depth)

    def size_px(self, scene_px: tuple[int, int]) -> tuple[int, int]:
        """Size of the mirrored picture, of both eyes."""
        width_px, height_px = scene_px
        return max(round(width_px * SIZE_PART), 2), max(round(height_px * SIZE_PART), 1)

    def draw_mirrored(self, gpu: GpuScene, size_px: tuple[int, int], views: int) -> tuple[int, int]:
        """Draw what `gpu.look` has chosen for the mirrored eyes; draw calls and triangles."""
        if self._target.size != size_px:
            self._forget()
            self._room(size_px)
        ctx = self._ctx
        self._target.use()
        self._target.clear(depth=1.0)
        ctx.enable_only(moderngl.DEPTH_TEST)
        ctx.enable_direct(CLIP_DISTANCE)
        ctx.depth_func = "<="
        ctx.front_face = "cw"
        gpu.draw_solid(views)
        ctx.front_face = "ccw"
        ctx.disable_direct(CLIP_DISTANCE)
        self._picture.use(SAMPLER_UNITS["lake_map"])
        return gpu.draws, gpu.triangles

    def draw(self, views: int) -> tuple[int, int]:
        """Draw the sheet for each eye; draw calls and triangles."""
        self._sheet.render(moderngl.TRIANGLE_STRIP, instances=views)
        return 1, 2 * views

    def _forget(self) -> None:
        for part in (self._target, self._picture, self._depth):
            part.release()

    def release(self) -> None:
        """Free everything but the program."""
        self._forget()
        self._sheet.release()
        self._corners.release()


def mirrored_eyes(cameras: Sequence[Camera], level_m: float) -> list[Camera]:
    """`mirrored` for one eye or two."""
    return [mirrored(camera, level_m) for camera in cameras]
