"""Lamps that shine in a place, as glTF's KHR_lights_punctual means them, and what shaders read of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST = 8
"""So many lamps are drawn, the strongest."""
LAMP_BYTES = (4 + MOST * 12) * 4
LUX_PER_UNIT = 128_000.0 / 20.0
"""The sun outside the air gives 128,000 lux and, in the renderer's unit, an irradiance of 20 (atmosphere.py)."""
_LEAST_COSINES_APART = 0.001


@dataclass(frozen=True, slots=True)
class Lamp:
    """A point lamp, or a spot with a cone: half its angles (degrees) within which it is full and beyond which nothing.

    `way` is the unit vector that a spot shines along; `range_m` 0 is without end.  Lamps cast no shadows.
    """

    place_m: tuple[float, float, float]
    intensity_cd: float
    colour_linear: tuple[float, float, float] = (1.0, 1.0, 1.0)
    range_m: float = 0.0
    way: tuple[float, float, float] = (0.0, -1.0, 0.0)
    cone_deg: tuple[float, float] | None = None


def strongest(lamps: Sequence[Lamp]) -> tuple[Lamp, ...]:
    """Those that are drawn: the strongest, in the order given."""
    ranked = sorted(lamps, key=lambda lamp: -lamp.intensity_cd * max(lamp.colour_linear))[:MOST]
    return tuple(lamp for lamp in lamps if lamp in ranked)[:MOST]


def lamp_block(lamps: Sequence[Lamp]) -> bytes:
    """The end of the uniform block `Frame` (shaders/lamps.glsl): how many, then three rows of four for each.

    Place and 1 / range²; irradiance at 1 m and the cone's scale; the spot's way and the cone's offset: with `c` the
    cosine from the way, `(c * scale + offset)²`, held between 0 and 1, as KHR_lights_punctual recommends.
    """
    numbers = np.zeros(LAMP_BYTES // 4, np.float32)
    chosen = strongest(lamps)
    numbers[:4].view(np.uint32)[0] = len(chosen)
    rows = numbers[4:].reshape(3, MOST, 4)
    for number, lamp in enumerate(chosen):
        scale, offset = 0.0, 1.0
        if lamp.cone_deg is not None:
            inner, outer = (math.cos(math.radians(angle)) for angle in lamp.cone_deg)
            scale = 1.0 / max(inner - outer, _LEAST_COSINES_APART)
            offset = -outer * scale
        unit = lamp.intensity_cd / LUX_PER_UNIT
        rows[0, number] = *lamp.place_m, (1.0 / lamp.range_m**2 if lamp.range_m > 0.0 else 0.0)
        rows[1, number] = *(part * unit for part in lamp.colour_linear), scale
        rows[2, number] = *lamp.way, offset
    return numbers.tobytes()
