"""The uniform block `Frame` that all shaders read (shaders/frame.glsl has the same order)."""

from __future__ import annotations

import math

import numpy as np

from environments.render.atmosphere import sphere_directions
from environments.render.daylight import Daylight, harmonic_basis
from environments.render.matrices import Matrix, Vector, direction
from environments.render.model import SceneFrame

FRAME_BYTES = (4 * 16 + 16 * 4) * 4
BEACH_SLOPE = 0.055
"""Rise of the beach per metre; scenes with a sea build their sand on this plane near the water."""


def frame_block(
    camera: tuple[Matrix, Matrix, Vector],
    shadows: tuple[Matrix, Matrix],
    moment: SceneFrame,
    light: Daylight,
    time_s: float,
) -> bytes:
    """Bytes of the block; `camera` is clip-from-world, world-from-camera rotation with projection undone, eye."""
    clip_from_world, ray_from_clip, eye = camera
    sun = sun_vector(moment)
    sea = moment.sea
    rows = [np.asarray(matrix.T, dtype="f4").reshape(-1) for matrix in (clip_from_world, ray_from_clip, *shadows)]
    haze_per_m = 3.912 / (60_000.0 * math.exp(-4.2 * moment.haze_0to1))
    rows += [
        np.array([*eye, time_s], "f4"),
        np.array([*sun, 0.0], "f4"),
        np.array([*light.sun_irradiance, 1.0], "f4"),
        np.array([haze_per_m, moment.cloud_0to1, moment.wind_0to1, light.exposure], "f4"),
        np.array([sea.level_m, sea.swell_0to1, sea.wind_0to1, sea.breath_0to1] if sea else [-1e4, 0, 0, 0], "f4"),
        np.array([sea.shore_z_m, sea.cycles, BEACH_SLOPE, 1.0] if sea else [-1e4, 0, BEACH_SLOPE, 0.0], "f4"),
    ]
    ambient = _turned_ambient(light.ambient, moment.sun.azimuth_deg)
    up = harmonic_basis(np.array([0.0, 1.0, 0.0])) @ ambient
    rows += [np.array([*values, 0.0], "f4") for values in (up, *ambient)]
    return np.concatenate(rows).tobytes()


def sun_vector(moment: SceneFrame) -> Vector:
    """Unit vector towards the sun."""
    return direction(moment.sun.azimuth_deg, moment.sun.elevation_deg)


def _turned_ambient(ambient: Matrix, sun_azimuth_deg: float) -> Matrix:
    """Harmonics (9, 3) with the sun at its real azimuth: fitted exactly through nine and more turned directions."""
    ways = sphere_directions(32)
    turn = math.radians(sun_azimuth_deg - 90.0)
    back = np.array([[math.cos(turn), 0, math.sin(turn)], [0, 1, 0], [-math.sin(turn), 0, math.cos(turn)]])
    values = harmonic_basis(ways @ back.T) @ ambient
    return np.asarray(np.linalg.lstsq(harmonic_basis(ways), values, rcond=None)[0])
