"""The sky: drawn behind everything, and as a small disc that water, glass and far air read."""

from __future__ import annotations

import moderngl

from environments.render.programs import SAMPLER_UNITS, Programs

MIRROR_SIZE = 112
MIRROR_STEP_S = 2.0
"""Clouds in reflections move on this often; scene times within one step share the disc."""


class Sky:
    """The visible sky and the mirrored one."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        self._sky = ctx.vertex_array(programs.get("screen.vert.glsl", "sky.frag.glsl"), [])
        self._disc = ctx.vertex_array(programs.get("screen.vert.glsl", "mirror.frag.glsl"), [])
        self._map = ctx.texture((MIRROR_SIZE, MIRROR_SIZE), 4, dtype="f2")
        self._map.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._map.repeat_x = self._map.repeat_y = False
        self._target = ctx.framebuffer(self._map)
        self._key: object = None

    def draw(self) -> None:
        """Fill what nothing else covers."""
        self._sky.render(vertices=3)

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
        for part in (self._sky, self._disc, self._target, self._map):
            part.release()
