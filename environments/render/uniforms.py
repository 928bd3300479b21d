"""The uniform block `Frame` that all shaders read (shaders/frame.glsl has the same order)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from environments.render.atmosphere import sphere_directions
from environments.render.daylight import Daylight, harmonic_basis
from environments.render.matrices import Camera, Matrix, Vector, direction
from environments.render.model import Float32, SceneFrame

FRAME_BYTES = (7 * 16 + 18 * 4) * 4
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
    sun = sun_vector(moment)
    sea = moment.sea
    left, right = cameras[0], cameras[-1]
    matrices = (left.clip_from_world, right.clip_from_world, left.ray_from_clip, right.ray_from_clip, *shadows)
    rows = [np.asarray(matrix.T, dtype="f4").reshape(-1) for matrix in matrices]
    haze_per_m = 3.912 / (60_000.0 * math.exp(-4.2 * moment.haze_0to1))
    rows += [
        np.array([*left.eye_m, time_s], "f4"),
        np.array([*right.eye_m, time_s], "f4"),
        np.array([len(cameras), split_px, _pixel(left, split_px), 0.0], "f4"),
        np.array([*sun, 0.0], "f4"),
        np.array([*light.sun_irradiance, 1.0], "f4"),
        np.array([haze_per_m, moment.cloud_0to1, moment.wind_0to1, light.exposure], "f4"),
        np.array([sea.level_m, sea.swell_0to1, sea.wind_0to1, sea.breath_0to1] if sea else [-1e4, 0, 0, 0], "f4"),
        np.array([sea.shore_z_m, sea.cycles, BEACH_SLOPE, 1.0] if sea else [-1e4, 0, BEACH_SLOPE, 0.0], "f4"),
    ]
    rows += _ambient_rows(light.ambient.tobytes(), moment.sun.azimuth_deg)
    return np.concatenate(rows).tobytes()


def _pixel(camera: Camera, width_px: float) -> float:
    """Width of a pixel at 1 m."""
    return 2.0 * float(np.linalg.norm(camera.ray_from_clip[:3, 0])) / max(width_px, 1.0)


def sun_vector(moment: SceneFrame) -> Vector:
    """Unit vector towards the sun."""
    return direction(moment.sun.azimuth_deg, moment.sun.elevation_deg)


@lru_cache(maxsize=8)
def _ambient_rows(ambient: bytes, sun_azimuth_deg: float) -> list[Float32]:
    """The block's last rows; worked out again only when the light or the sun has moved."""
    turned = _turned_ambient(np.frombuffer(ambient).reshape(9, 3), sun_azimuth_deg)
    up = harmonic_basis(np.array([0.0, 1.0, 0.0])) @ turned
    return [np.array([*values, 0.0], "f4") for values in (up, *turned)]


def _turned_ambient(ambient: Matrix, sun_azimuth_deg: float) -> Matrix:
    """Harmonics (9, 3) with the sun at its real azimuth: fitted exactly through nine and more turned directions."""
    ways = sphere_directions(32)
    turn = math.radians(sun_azimuth_deg - 90.0)
    back = np.array([[math.cos(turn), 0, math.sin(turn)], [0, 1, 0], [-math.sin(turn), 0, math.cos(turn)]])
    values = harmonic_basis(ways @ back.T) @ ambient
    return np.asarray(np.linalg.lstsq(harmonic_basis(ways), values, rcond=None)[0])
