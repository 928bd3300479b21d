"""The pictures a frame passes through: multisampled linear light, then the finished 8-bit picture.

The scene may be drawn smaller than the finished picture; it is enlarged after tone mapping, so that
panels, which are drawn later, always have the full size.
"""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.matrices import Vector
from environments.render.programs import SAMPLER_UNITS, Programs, set_four, set_number, set_pair

Size = tuple[int, int]


class Targets:
    """Linear half-float target with depth of `scene_px`, and the finished RGBA picture of `size_px`."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, sizes_px: tuple[Size, Size], samples: int) -> None:
        self.scene_px, self.size_px = sizes_px
        self._ctx = ctx
        self._light = ctx.texture(self.scene_px, 4, samples=samples, dtype="f2")
        self._depth = ctx.depth_renderbuffer(self.scene_px, samples=samples)
        self.linear = ctx.framebuffer(self._light, self._depth)
        self._picture = _clamped(ctx.texture(self.size_px, 4))
        self.finished = ctx.framebuffer(self._picture)
        self._small = None if self.scene_px == self.size_px else _clamped(ctx.texture(self.scene_px, 4))
        self._toned = self.finished if self._small is None else ctx.framebuffer(self._small)
        self._resolve = programs.get("screen.vert.glsl", "resolve.frag.glsl")
        self._resolve_triangle = ctx.vertex_array(self._resolve, [])
        self._copy_triangle = ctx.vertex_array(programs.get("screen.vert.glsl", "copy.frag.glsl"), [])

    def narrow(self, ahead: Vector, vignette_0to1: float) -> None:
        """Darken what lies far from a direction in the world, in the pictures that are finished from now on."""
        x, y, z = ahead.tolist()
        set_four(self._resolve, "vignette", (x, y, z, vignette_0to1))

    def see_through(self, is_wanted: bool) -> None:
        """Whether the pictures that are finished from now on are clear where nothing stands."""
        set_number(self._resolve, "see_through", float(is_wanted))

    def finish(self, fade_0to1: float, views: int, skies: int) -> None:
        """Tone-map the linear light, the sky behind it, into the finished picture, which is in use afterwards.

        The sky was drawn once for all views, or for each of them.
        """
        self._toned.use()
        self._ctx.enable_only(moderngl.NOTHING)
        self._light.use(SAMPLER_UNITS["linear_map"])
        set_number(self._resolve, "fade", min(max(fade_0to1, 0.0), 1.0))
        set_number(self._resolve, "skies", float(skies))
        set_pair(self._resolve, "eye_px", (self.scene_px[0] / views, float(self.scene_px[1])))
        self._resolve_triangle.render(vertices=3)
        if self._small is not None:
            self._fill(self.finished, self._small)

    def present(self, framebuffer: moderngl.Framebuffer, size_px: Size) -> None:
        """Copy the finished picture over the whole of another framebuffer."""
        framebuffer.viewport = (0, 0, *size_px)
        self._fill(framebuffer, self._picture)

    def _fill(self, framebuffer: moderngl.Framebuffer, picture: moderngl.Texture) -> None:
        framebuffer.use()
        self._ctx.enable_only(moderngl.NOTHING)
        picture.use(SAMPLER_UNITS["picture"])
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
        if self._small is not None:
            self._toned.release()
            self._small.release()


def _clamped(texture: moderngl.Texture) -> moderngl.Texture:
    texture.repeat_x = texture.repeat_y = False
    return texture
