"""The pictures a frame passes through: multisampled linear light, then the finished 8-bit picture."""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.programs import SAMPLER_UNITS, Programs, set_number


class Targets:
    """Linear half-float target with depth, and the finished RGBA picture of the same size."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, size_px: tuple[int, int], samples: int) -> None:
        self.size_px = size_px
        self._ctx = ctx
        self._light = ctx.texture(size_px, 4, samples=samples, dtype="f2")
        self._depth = ctx.depth_renderbuffer(size_px, samples=samples)
        self.linear = ctx.framebuffer(self._light, self._depth)
        self._picture = ctx.texture(size_px, 4)
        self._picture.repeat_x = self._picture.repeat_y = False
        self.finished = ctx.framebuffer(self._picture)
        self._resolve = programs.get("screen.vert.glsl", "resolve.frag.glsl")
        self._copy = programs.get("screen.vert.glsl", "copy.frag.glsl")
        self._resolve_triangle = ctx.vertex_array(self._resolve, [])
        self._copy_triangle = ctx.vertex_array(self._copy, [])

    def finish(self, fade_0to1: float) -> None:
        """Tone-map the linear light into the finished picture."""
        self.finished.use()
        self._ctx.enable_only(moderngl.NOTHING)
        self._light.use(SAMPLER_UNITS["linear_map"])
        set_number(self._resolve, "fade", min(max(fade_0to1, 0.0), 1.0))
        self._resolve_triangle.render(vertices=3)

    def present(self, framebuffer: moderngl.Framebuffer, size_px: tuple[int, int]) -> None:
        """Copy the finished picture over the whole of another framebuffer."""
        framebuffer.use()
        framebuffer.viewport = (0, 0, *size_px)
        self._ctx.enable_only(moderngl.NOTHING)
        self._picture.use(SAMPLER_UNITS["picture"])
        self._copy_triangle.render(vertices=3)

    def read_rgb(self) -> NDArray[np.uint8]:
        """The finished picture (height, width, 3), top row first."""
        width, height = self.size_px
        rows = np.frombuffer(self.finished.read(components=3, alignment=1), dtype=np.uint8)
        return np.ascontiguousarray(rows.reshape(height, width, 3)[::-1])

    def release(self) -> None:
        """Free everything but the programs."""
        triangles = (self._resolve_triangle, self._copy_triangle)
        for part in (*triangles, self.linear, self.finished, self._light, self._depth, self._picture):
            part.release()
