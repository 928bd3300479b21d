"""Textures that every scene shares: noise once, light tables whenever the light changes."""

from __future__ import annotations

import moderngl
import numpy as np

from environments.render import clouds, noise
from environments.render.daylight import ROUGHNESSES, SKY_COLUMNS, SKY_ROWS, SURFACE_SIZE, Daylight
from environments.render.programs import SAMPLER_UNITS


class Library:
    """Uploads and binds the shared textures."""

    def __init__(self, ctx: moderngl.Context, *, is_quick: bool = False) -> None:
        self._detail = _repeating(ctx.texture((512, 512), 4, noise.detail_map().tobytes()))
        self._cells = _repeating(ctx.texture((256, 256), 4, noise.cells_map().tobytes()))
        self._heaps = _repeating(ctx.texture((clouds.SIZE, clouds.SIZE), 1, clouds.cloud_map().tobytes()))
        size, frames = noise.WATER_SIZE, noise.WATER_FRAMES
        self._water = ctx.texture_array((size, size, frames), 4, noise.water_slopes().tobytes())
        self._water.build_mipmaps()
        self._water.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        self._sky = ctx.texture((SKY_COLUMNS, SKY_ROWS), 3, dtype="f2", alignment=1)
        self._sky.repeat_x = self._sky.repeat_y = False
        slices = len(ROUGHNESSES)
        self._surface = ctx.texture3d((SURFACE_SIZE, SURFACE_SIZE, slices), 3, dtype="f2", alignment=1)
        self._surface.repeat_x = self._surface.repeat_y = self._surface.repeat_z = False
        for texture in (self._sky, self._surface):
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        if is_quick:
            for repeating in (self._detail, self._cells, self._heaps, self._water):
                repeating.filter = (moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR)
        self._light: Daylight | None = None

    def set_light(self, light: Daylight) -> None:
        """Upload the light tables unless they are there already."""
        if self._light is None or light.sky is not self._light.sky:
            self._sky.write(np.ascontiguousarray(light.sky).tobytes(), alignment=1)
            self._surface.write(np.ascontiguousarray(light.surface).tobytes(), alignment=1)
            self._light = light

    def bind(self) -> None:
        """Make every shared texture readable at its fixed unit."""
        named: dict[str, moderngl.Texture | moderngl.TextureArray | moderngl.Texture3D] = {
            "detail_map": self._detail,
            "cells_map": self._cells,
            "heaps_map": self._heaps,
            "sky_map": self._sky,
            "surface_map": self._surface,
            "water_map": self._water,
        }
        for name, texture in named.items():
            texture.use(SAMPLER_UNITS[name])

    def release(self) -> None:
        """Free everything."""
        for texture in (self._detail, self._cells, self._heaps, self._water, self._sky, self._surface):
            texture.release()


def _repeating(texture: moderngl.Texture) -> moderngl.Texture:
    texture.build_mipmaps()
    texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
    return texture
