"""Letters as signed distances to their edges, from DejaVu Sans (a free font that comes with matplotlib).

One picture of distances is sharp at any size (C. Green, "Improved Alpha-Tested Magnification", SIGGRAPH 2007).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Bools = NDArray[np.bool_]
EM_PX, SPREAD_PX, FINER = 32, 4, 3
"""Texels of an em, texels from the edge to the largest distance, finer drawing before distances are taken."""
ATLAS_WIDTH_PX = 512
CHARACTERS = "".join(map(chr, [*range(32, 127), *range(161, 256)])) + "–—‘’‚“”„…€•→←↑↓"
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter's rectangle in the atlas and around the pen on the base line, y up; all in capital heights or texels."""

    left: float
    bottom: float
    width: float
    height: float
    advance: float
    texels: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Distances (h, w) uint8, 128 on the edge, more inside, and the letters in it."""

    distances: NDArray[np.uint8]
    glyphs: Mapping[str, Glyph]

    def glyph(self, letter: str) -> Glyph:
        """A letter, or a question mark for one that the atlas lacks."""
        return self.glyphs.get(letter, self.glyphs[UNKNOWN])


def font_file() -> Path:
    """Where the font is; `FileNotFoundError` where matplotlib is not installed whole."""
    found = find_spec("matplotlib")
    path = Path(found.origin if found and found.origin else "").parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    if not path.is_file():
        raise FileNotFoundError(f"the font {path} is missing; install the program's dependencies again (matplotlib)")
    return path


@cache
def atlas() -> Atlas:
    """The letters of `CHARACTERS`, drawn once for each process."""
    font = ImageFont.truetype(str(font_file()), EM_PX * FINER)
    cap_px = -font.getbbox("H", anchor="ls")[1]
    boxes = {letter: _box_px(font, letter) for letter in CHARACTERS}
    places, height_px = _shelves(boxes)
    fine = Image.new("L", (ATLAS_WIDTH_PX * FINER, height_px * FINER))
    pen = ImageDraw.Draw(fine)
    glyphs = {}
    for letter, (left, top, width, height) in boxes.items():
        x, y = places[letter]
        pen.text((x * FINER - left, y * FINER - top), letter, fill=255, font=font, anchor="ls")
        glyphs[letter] = Glyph(
            left / cap_px, -(top + height * FINER) / cap_px, width * FINER / cap_px, height * FINER / cap_px,
            font.getlength(letter) / cap_px, (x, y, width, height),
        )  # fmt: skip
    return Atlas(_distances(np.asarray(fine) >= 128), glyphs)


def _box_px(font: ImageFont.FreeTypeFont, letter: str) -> tuple[int, int, int, int]:
    """Left and top from the pen in fine pixels, width and height in texels, with room for the distances."""
    left, top, right, bottom = (round(side) for side in font.getbbox(letter, anchor="ls"))
    room = SPREAD_PX * FINER
    width, height = (math.ceil((size + 2 * room) / FINER) for size in (right - left, bottom - top))
    return left - room, top - room, width, height


def _shelves(boxes: Mapping[str, tuple[int, int, int, int]]) -> tuple[dict[str, tuple[int, int]], int]:
    """Places in rows, the tallest letters first, and the height of all rows."""
    places, x, y, row = {}, 0, 0, 0
    for letter in sorted(boxes, key=lambda one: -boxes[one][3]):
        width, height = boxes[letter][2:]
        if x + width > ATLAS_WIDTH_PX:
            x, y, row = 0, y + row, 0
        places[letter] = (x, y)
        x, row = x + width, max(row, height)
    return places, y + row


def _distances(inside: Bools) -> NDArray[np.uint8]:
    """Texels of signed distances from a fine drawing."""
    reach = SPREAD_PX * FINER
    signed = _distance_to(~inside, reach) - _distance_to(inside, reach)
    rows, columns = inside.shape[0] // FINER, inside.shape[1] // FINER
    coarse = signed.reshape(rows, FINER, columns, FINER).mean(axis=(1, 3))
    return np.asarray(np.clip(np.round(128.0 + 127.0 * coarse / reach), 0, 255), np.uint8)


def _distance_to(there: Bools, reach: int) -> NDArray[np.float32]:
    """Distance to the nearest true pixel, at most `reach`: along columns first, then across them."""
    far = float((reach + 1) ** 2)
    along = np.where(there, 0.0, far).astype(np.float32)
    for axis in (0, 1):
        nearest = along.copy()
        for step in range(1, reach + 1):
            for low, high in ((slice(step, None), slice(None, -step)), (slice(None, -step), slice(step, None))):
                into, of = (
                    ((low, slice(None)), (high, slice(None)))
                    if axis == 0
                    else ((slice(None), low), (slice(None), high))
                )
                np.minimum(nearest[into], along[of] + step * step, out=nearest[into])
        along = nearest
    return np.asarray(np.minimum(np.sqrt(along), reach), np.float32)
