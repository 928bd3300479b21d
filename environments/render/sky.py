"""The sky: a picture of what lies behind everything, and a small disc that water, glass and far air read."""

from __future__ import annotations

import moderngl

from environments.render.programs import SAMPLER_UNITS, Programs, set_number

MIRROR_SIZE = 112
QUICK_PART = 1.0 / 3.0
"""Without a graphics card the sky of moving pictures is drawn at this part of their size and enlarged."""
MIRROR_STEP_S = 2.0
"""Clouds in reflections move on this often; scene times within one step share the disc."""


class Sky:
    """The visible sky and the mirrored one.

    What is that far away looks the same to two eyes that look the same way: it is drawn once for them.  It is drawn for
    each, side by side, where a headset turns them apart or shows each another part of the view.
    """

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        self._look = programs.get("screen.vert.glsl", "sky.frag.glsl")
        self._sky = ctx.vertex_array(self._look, [])
        self._disc = ctx.vertex_array(programs.get("screen.vert.glsl", "mirror.frag.glsl"), [])
        self._map = self._picture((MIRROR_SIZE, MIRROR_SIZE))
        self._target = ctx.framebuffer(self._map)
        self._key: object = None
        self._part = QUICK_PART if programs.is_quick else 1.0
        self._seen_key: object = None
        self._behind = self._picture((1, 1))
        self._seen = ctx.framebuffer(self._behind)

    def _picture(self, size_px: tuple[int, int]) -> moderngl.Texture:
        made = self._ctx.texture(size_px, 4, dtype="f2")
        made.filter = (moderngl.LINEAR, moderngl.LINEAR)
        made.repeat_x = made.repeat_y = False
        return made

    def draw(self, eye_px: tuple[float, float], eyes: int, key: object) -> None:
        """Draw what pictures of a size show where nothing else is, for one eye or two, unless `key` is the last time's.

        It is readable afterwards.
        """
        size_px = (max(round(eye_px[0] * self._part), 1) * eyes, max(round(eye_px[1] * self._part), 1))
        if self._behind.size != size_px:
            self._seen.release()
            self._behind.release()
            self._behind = self._picture(size_px)
            self._seen = self._ctx.framebuffer(self._behind)
            self._seen_key = None
        if key != self._seen_key:
            self._seen_key = key
            self._seen.use()
            self._ctx.enable_only(moderngl.NOTHING)
            set_number(self._look, "skies", float(eyes))
            self._sky.render(vertices=3)
        self._behind.use(SAMPLER_UNITS["sky_light_map"])

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
        for part in (self._sky, self._disc, self._target, self._map, self._seen, self._behind):
            part.release()
