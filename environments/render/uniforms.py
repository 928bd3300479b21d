"""The uniform block `Frame` that all shaders read (shaders/frame.glsl has the same order)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from environments.render.atmosphere import sphere_directions
from environments.render.daylight import Daylight, harmonic_basis
from environments.render.lamps import LAMP_BYTES
from environments.render.matrices import Camera, Matrix, Vector, direction
from environments.render.model import Float32, SceneFrame

_MATRICES, _VECTORS, _AMBIENT = 7 * 16, 8 * 4, 10 * 4
FRAME_BYTES = (_MATRICES + _VECTORS + _AMBIENT + 4) * 4
BLOCK_BYTES = FRAME_BYTES + LAMP_BYTES
"""With the lamps of a place that has some (lamps.py)."""
BEACH_SLOPE = 0.055
"""Rise of the beach per metre; scenes with a sea build their sand on this plane near the water."""


def frame_block(
    cameras: Sequence[Camera],
    split_px: float,
    shadows: Sequence[Matrix],
    moment: SceneFrame,
    light: Daylight,
    *,
    time_s: float,
) -> bytes:
    """Bytes of the block for one eye or two; the second one's half of the picture begins at `split_px`."""
    block = np.empty(FRAME_BYTES // 4, np.float32)
    left, right = cameras[0], cameras[-1]
    matrices = (left.clip_from_world, right.clip_from_world, left.ray_from_clip, right.ray_from_clip, *shadows)
    for place, matrix in zip(block[:_MATRICES].reshape(-1, 4, 4), matrices, strict=True):
        place[:] = matrix.T
    haze_per_m = 3.912 / (60_000.0 * math.exp(-4.2 * moment.haze_0to1))
    block[_MATRICES : _MATRICES + _VECTORS] = (
        *left.eye_m.tolist(), time_s,
        *right.eye_m.tolist(), time_s,
        len(cameras), split_px, 2.0 * left.across / max(split_px, 1.0), moment.aurora_0to1,
        *sun_vector(moment).tolist(), 0.0,
        *light.sun_irradiance.tolist(), 1.0,
        haze_per_m, moment.cloud_0to1, moment.wind_0to1, light.exposure,
        *_water(moment),
    )  # fmt: skip
    block[-_AMBIENT - 4 : -4] = _ambient_rows(light.ambient.tobytes(), moment.sun.azimuth_deg)
    bits = sum(1 << body for body in moment.left_out)
    block[-4:].view(np.uint32)[:] = np.frombuffer(bits.to_bytes(16, "little"), "<u4")
    return block.tobytes()


def _water(moment: SceneFrame) -> tuple[float, ...]:
    """The rows `sea` and `shore`: of the sea, of a lake (mist for swell, rain for the shore line), of dry land."""
    sea, lake = moment.sea, moment.lake
    if sea is not None:
        first = (sea.level_m, sea.swell_0to1, sea.wind_0to1, sea.breath_0to1)
        return (*first, sea.shore_z_m, sea.cycles, BEACH_SLOPE, 1.0)
    if lake is not None:
        first = (lake.level_m, lake.mist_0to1, lake.wind_0to1, lake.breath_0to1)
        return (*first, lake.rain_0to1, 0.0, BEACH_SLOPE, 1.0)
    return (-1e4, 0.0, 0.0, 0.0, -1e4, 0.0, BEACH_SLOPE, 0.0)


def sun_vector(moment: SceneFrame) -> Vector:
    """Unit vector towards the sun."""
    return direction(moment.sun.azimuth_deg, moment.sun.elevation_deg)


@lru_cache(maxsize=8)
def _ambient_rows(ambient: bytes, sun_azimuth_deg: float) -> Float32:
    """The block's last rows; worked out again only when the light or the sun has moved."""
    turned = _turned_ambient(np.frombuffer(ambient).reshape(9, 3), sun_azimuth_deg)
    up = harmonic_basis(np.array([0.0, 1.0, 0.0])) @ turned
    return np.pad(np.vstack([up, turned]), ((0, 0), (0, 1))).astype(np.float32).reshape(-1)


def _turned_ambient(ambient: Matrix, sun_azimuth_deg: float) -> Matrix:
    """Harmonics (9, 3) with the sun at its real azimuth: fitted exactly through nine and more turned directions."""
    ways = sphere_directions(32)
    turn = math.radians(sun_azimuth_deg - 90.0)
    back = np.array([[math.cos(turn), 0, math.sin(turn)], [0, 1, 0], [-math.sin(turn), 0, math.cos(turn)]])
    values = harmonic_basis(ways @ back.T) @ ambient
    return np.asarray(np.linalg.lstsq(harmonic_basis(ways), values, rcond=None)[0])
