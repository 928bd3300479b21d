"""The sky: a picture of what lies behind everything, and a small disc that water, glass and far air read."""

from __future__ import annotations

import moderngl

from environments.render.opening import draws_in_software
from environments.render.programs import SAMPLER_UNITS, Programs

MIRROR_SIZE = 112
SOFTWARE_PART = 0.5
"""Without a graphics card the sky is drawn at this part of the picture's size and enlarged."""
MIRROR_STEP_S = 2.0
"""Clouds in reflections move on this often; scene times within one step share the disc."""


class Sky:
    """The visible sky and the mirrored one.

    Both eyes look the same way, and what is that far away looks the same to both: it is drawn once for them.
    """

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        self._sky = ctx.vertex_array(programs.get("screen.vert.glsl", "sky.frag.glsl"), [])
        self._disc = ctx.vertex_array(programs.get("screen.vert.glsl", "mirror.frag.glsl"), [])
        self._map = ctx.texture((MIRROR_SIZE, MIRROR_SIZE), 4, dtype="f2")
        self._map.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._map.repeat_x = self._map.repeat_y = False
        self._target = ctx.framebuffer(self._map)
        self._key: object = None
        self._part = SOFTWARE_PART if draws_in_software(str(ctx.info["GL_RENDERER"])) else 1.0
        self._maps: list[moderngl.Texture] = []
        self._seen = self._picture((1, 1))

    def _picture(self, size_px: tuple[int, int]) -> moderngl.Framebuffer:
        """Room for the sky as light, and as it is shown."""
        self._maps = [self._ctx.texture(size_px, 4, dtype="f2") for _ in range(2)]
        for one in self._maps:
            one.filter = (moderngl.LINEAR, moderngl.LINEAR)
            one.repeat_x = one.repeat_y = False
        return self._ctx.framebuffer(self._maps)

    def draw(self, eye_px: tuple[float, float]) -> None:
        """Draw what an eye's picture of a size shows where nothing else is; its maps are readable afterwards."""
        size_px = (max(round(eye_px[0] * self._part), 1), max(round(eye_px[1] * self._part), 1))
        if self._seen.size != size_px:
            self._forget()
            self._seen = self._picture(size_px)
        self._seen.use()
        self._ctx.enable_only(moderngl.NOTHING)
        self._sky.render(vertices=3)
        for texture, name in zip(self._maps, ("sky_light_map", "sky_shown_map"), strict=True):
            texture.use(SAMPLER_UNITS[name])

    def _forget(self) -> None:
        for texture in self._maps:
            texture.release()
        self._seen.release()

    def needs_mirror(self, key: object) -> bool:
        """Whether the disc was last drawn for something else than `key`."""
        return key != self._key

    def draw_mirror(self, key: object) -> None:
        """Draw the disc; the frame block holds the light and the time."""
        self._key = key
        self._target.use()
        self._ctx.enable_only(moderngl.NOTHING)
        self._disc.render(vertices=3)

    def bind(self) -> None:
        """Make the disc readable."""
        self._map.use(SAMPLER_UNITS["mirror_map"])

    def release(self) -> None:
        """Free everything."""
        self._forget()
        for part in (self._sky, self._disc, self._target, self._map):
            part.release()
