"""Words in a scene: one quad for each letter, one draw for all of them and both eyes, sharp at any distance."""

from __future__ import annotations

import math

import moderngl
import numpy as np

from environments.render.glyphs import SPREAD_PX, Atlas, atlas
from environments.render.model import Float32, Text
from environments.render.programs import SAMPLER_UNITS, Programs, set_number

LEAST_DEG = 0.75
"""Capital letters are at least this high at the eye, or they are hard to read in a headset."""
LINE_CAPS = 1.75
"""From one line to the next, in heights of capital letters."""
_FIRST_LETTERS = 256
_FLOATS = 17
_PARTS = (("in_corner", 3), ("in_right", 3), ("in_up", 3), ("in_texels", 4), ("in_ink", 4))


def least_height_m(distance_m: float) -> float:
    """How high capital letters must be to be read from a distance."""
    return 2.0 * distance_m * math.tan(math.radians(LEAST_DEG / 2.0))


def letters_of(text: Text, letters: Atlas) -> Float32:
    """Quads (n, 17): corner, right and up in the world, rectangle in the atlas, colour and whether it glows."""
    rows = []
    lines = text.words.split("\n")
    right, up, origin = text.place[:3, 0], text.place[:3, 1], text.place[:3, 3]
    for number, line in enumerate(lines):
        glyphs = [letters.glyph(letter) for letter in line]
        pen = -0.5 * sum(glyph.advance for glyph in glyphs)
        base = 0.5 * (len(lines) - 1 - 2 * number) * LINE_CAPS - 0.5
        for letter, glyph in zip(line, glyphs, strict=True):
            if not letter.isspace():
                corner = origin + (right * (pen + glyph.left) + up * (base + glyph.bottom)) * text.height_m
                sides = (right * glyph.width * text.height_m, up * glyph.height * text.height_m)
                rows.append([*corner, *sides[0], *sides[1], *glyph.texels, *text.colour_linear, float(text.glows)])
            pen += glyph.advance
    return np.array(rows, np.float32).reshape(-1, _FLOATS)


class Texts:
    """Keeps the letters of the last moment; sends them anew only when a text has changed."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        self._letters = atlas()
        rows, columns = self._letters.distances.shape
        self._map = ctx.texture((columns, rows), 1, self._letters.distances.tobytes(), alignment=1)
        self._map.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._program = programs.get("text.vert.glsl", "text.frag.glsl")
        set_number(self._program, "spread_texels", float(SPREAD_PX))
        self._quads = ctx.buffer(reserve=_FIRST_LETTERS * _FLOATS * 4, dynamic=True)
        self._arrays: dict[int, moderngl.VertexArray] = {}
        self._key: object = ()
        self._count = 0

    def draw(self, texts: tuple[Text, ...], views: int) -> tuple[int, int]:
        """Draw blended over what is there, for each eye; how many draw calls and triangles that took."""
        key = [(one.words, one.place.tobytes(), one.height_m, one.colour_linear, one.glows) for one in texts]
        if key != self._key:
            self._key = key
            self._write([letters_of(text, self._letters) for text in texts])
        if not self._count:
            return 0, 0
        if views not in self._arrays:
            self._arrays[views] = self._array(views)
        self._map.use(SAMPLER_UNITS["picture"])
        self._arrays[views].render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._count * views)
        return 1, 2 * self._count * views

    def _write(self, found: list[Float32]) -> None:
        quads = np.concatenate([np.zeros((0, _FLOATS), np.float32), *found])
        self._count = len(quads)
        if quads.nbytes > self._quads.size:
            self._quads.orphan(quads.nbytes)
        self._quads.write(quads)

    def _array(self, views: int) -> moderngl.VertexArray:
        """Letters go on after every eye."""
        array = self._ctx.vertex_array(self._program, [])
        offset = 0
        for name, size in _PARTS:
            location = self._program[name].location  # type: ignore[union-attr]
            array.bind(location, "f", self._quads, f"{size}f4", offset, _FLOATS * 4, views)
            offset += size * 4
        return array

    def release(self) -> None:
        """Free everything but the program."""
        for array in self._arrays.values():
            array.release()
        for part in (self._map, self._quads):
            part.release()
