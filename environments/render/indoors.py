"""The light tables of a room without windows, in place of the sky's."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from environments.render.daylight import (
    SKY_COLUMNS,
    SKY_ROWS,
    SURFACE_SIZE,
    Array,
    Daylight,
    around_surfaces,
    table_directions,
)
from environments.render.model import Interior

SKIRTING, CORNICE = -0.45, 0.45
"""Heights of directions (sines) where a room's floor and ceiling begin, seen from its middle."""
_SOFT = 0.2
_LAMPS_FROM, _LAMPS_FULL = 0.75, 0.92


def room_light(interior: Interior) -> Daylight:
    """What the shaders read instead of daylight: no sun, and the room all around."""
    return replace(_tables(replace(interior, exposure=1.0)), exposure=interior.exposure)


@lru_cache(maxsize=16)
def _tables(interior: Interior) -> Daylight:
    sky = _radiance(interior, table_directions(SKY_COLUMNS, SKY_ROWS))
    surface, ambient = around_surfaces(_radiance(interior, table_directions(SURFACE_SIZE, SURFACE_SIZE)))
    return Daylight(sky.astype(np.float16), surface.astype(np.float16), np.zeros(3), 1.0, ambient)


def _radiance(interior: Interior, ways: Array) -> Array:
    """Light (rows, columns, 3) that comes from directions (rows, columns, 3)."""
    up = ways[..., 1:2]
    floor = _rising(up, SKIRTING + _SOFT, SKIRTING - _SOFT)
    ceiling = _rising(up, CORNICE - _SOFT, CORNICE + _SOFT)
    lamps = _rising(up, _LAMPS_FROM, _LAMPS_FULL)
    parts = (interior.floor_linear, interior.walls_linear, interior.ceiling_linear, interior.lamps_linear)
    shares = (floor, 1.0 - floor - ceiling, ceiling, lamps)
    return np.asarray(sum(share * np.array(part) for share, part in zip(shares, parts, strict=True)))


def _rising(value: Array, none: float, full: float) -> Array:
    part = np.clip((value - none) / (full - none), 0.0, 1.0)
    return np.asarray(part * part * (3.0 - 2.0 * part))
