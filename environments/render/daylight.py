"""The light of one sun height: the sky's picture, its blurred copies for surfaces, and the exposure.

Directions are tabled relative to the sun's azimuth, which makes the tables symmetric: the column is
`sqrt(azimuth / pi)` and the row `0.5 + 0.5 sign(e) sqrt(|e| / 90°)` for an elevation `e`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.render import atmosphere

Array = NDArray[np.float64]
SKY_COLUMNS, SKY_ROWS = 64, 96
SURFACE_SIZE = 32
STEP_DEG = 2.0
"""Sun heights between which tables are blended."""
ROUGHNESSES = (0.15, 0.3, 0.5, 0.75, 1.0)
"""Slices of the surface table."""


@dataclass(frozen=True, slots=True)
class Daylight:
    """Tables ready for upload: sky (rows, columns, 3), surface (slices, rows, columns, 3), sun irradiance (3,).

    `ambient` (9, 3) are the diffuse light's harmonics with the sun at azimuth 90° (+x).
    """

    sky: NDArray[np.float16]
    surface: NDArray[np.float16]
    sun_irradiance: Array
    exposure: float
    ambient: Array


def table_directions(columns: int, rows: int) -> Array:
    """Unit vectors (rows, columns, 3) at the middle of each texel; the sun's azimuth is +x."""
    azimuth = math.pi * ((np.arange(columns) + 0.5) / columns) ** 2
    part = 2.0 * (np.arange(rows) + 0.5) / rows - 1.0
    elevation = np.sign(part) * part**2 * math.pi / 2.0
    level = np.cos(elevation)[:, None]
    height = np.broadcast_to(np.sin(elevation)[:, None], (rows, columns))
    return np.stack([level * np.cos(azimuth), height, level * np.sin(azimuth)], axis=-1)


def daylight(sun_elevation_deg: float, haze_0to1: float, cloud_0to1: float) -> Daylight:
    """Light for a sun height, haze and cloud cover; rounded so that slow changes reuse the tables."""
    return _blended(round(sun_elevation_deg * 32) / 32, round(haze_0to1 * 10) / 10, round(cloud_0to1 * 20) / 20)


@lru_cache(maxsize=16)
def _blended(sun_elevation_deg: float, haze_0to1: float, cloud_0to1: float) -> Daylight:
    """Between the tables of the two nearest whole steps of `STEP_DEG`; the sun itself is exact."""
    low_deg = math.floor(sun_elevation_deg / STEP_DEG) * STEP_DEG
    part = (sun_elevation_deg - low_deg) / STEP_DEG
    low = _tables(low_deg, haze_0to1, cloud_0to1)
    high = _tables(low_deg + STEP_DEG, haze_0to1, cloud_0to1) if part else low
    sky, surface, ambient = (
        (1.0 - part) * below + part * above for below, above in zip(low[:3], high[:3], strict=True)
    )
    sun = _sun(sun_elevation_deg, haze_0to1, cloud_0to1)
    exposure = math.exp((1.0 - part) * math.log(low[3]) + part * math.log(high[3]))
    return Daylight(sky.astype(np.float16), surface.astype(np.float16), sun, exposure, ambient)


def _sun(sun_elevation_deg: float, haze_0to1: float, cloud_0to1: float) -> Array:
    air = atmosphere.air_of(_mie(haze_0to1))
    return np.asarray(atmosphere.sun_irradiance(air, sun_elevation_deg) * (1.0 - 0.75 * cloud_0to1**2))


def _mie(haze_0to1: float) -> float:
    return 0.6 + 2.4 * haze_0to1


@lru_cache(maxsize=48)
def _tables(sun_elevation_deg: float, haze_0to1: float, cloud_0to1: float) -> tuple[Array, Array, Array, float]:
    """Sky, surroundings by roughness, diffuse harmonics and exposure."""
    air = atmosphere.air_of(_mie(haze_0to1))
    sky = _with_floor(atmosphere.sky_radiance(air, table_directions(SKY_COLUMNS, SKY_ROWS), sun_elevation_deg))
    sun = _sun(sun_elevation_deg, haze_0to1, cloud_0to1)
    around = _surroundings(air, sun_elevation_deg, sun, cloud_0to1)
    blurred = _blur_weights() @ around.reshape(-1, 3).astype(np.float32)
    surface = blurred.reshape(len(ROUGHNESSES), SURFACE_SIZE, SURFACE_SIZE, 3)
    ambient = _harmonics(around)
    upward = math.pi * (harmonic_basis(np.array([0.0, 1.0, 0.0])) @ ambient)
    level = float((upward + sun * max(math.sin(math.radians(sun_elevation_deg)), 0.12)) @ (0.2126, 0.7152, 0.0722))
    return sky, np.asarray(surface, dtype=np.float64), ambient, float(1.85 / max(level, 0.02) ** 0.53)


def _with_floor(radiance: Array) -> Array:
    """Night never gets black: a faint blue remains."""
    return np.asarray(radiance + np.array([0.0006, 0.001, 0.002]))


def _surroundings(air: atmosphere.Air, sun_elevation_deg: float, sun: Array, cloud_0to1: float) -> Array:
    """Sky above with the clouds' mean light, and lit ground below."""
    directions = table_directions(SURFACE_SIZE, SURFACE_SIZE)
    above = directions.copy()
    above[..., 1] = np.abs(above[..., 1])
    radiance = _with_floor(atmosphere.sky_radiance(air, above, sun_elevation_deg, 16))
    mean = radiance.mean(axis=(0, 1))
    grey = mean @ np.array([0.2126, 0.7152, 0.0722])
    cloud = (0.5 * mean + 0.5 * grey) * 1.15 + sun * 0.035
    radiance = radiance * (1.0 - 0.6 * cloud_0to1) + cloud * 0.6 * cloud_0to1
    level = math.pi * mean + sun * max(math.sin(math.radians(sun_elevation_deg)), 0.0)
    ground = level * np.array([0.24, 0.22, 0.19]) / math.pi
    below = np.clip(-directions[..., 1:2] * 12.0, 0.0, 1.0)
    return np.asarray(radiance * (1.0 - below) + ground * below)


@lru_cache(maxsize=1)
def _blur_weights() -> NDArray[np.float32]:
    """(slices, texels, texels): how much of each direction a surface of each roughness gathers."""
    directions = table_directions(SURFACE_SIZE, SURFACE_SIZE).reshape(-1, 3)
    mirrored = directions * np.array([1.0, 1.0, -1.0])
    solid = _solid_angles().reshape(-1)
    slices = []
    for roughness in ROUGHNESSES:
        weights = _lobe(directions @ directions.T, roughness) + _lobe(directions @ mirrored.T, roughness)
        weights = weights * solid
        slices.append((weights / weights.sum(axis=1, keepdims=True)).astype(np.float32))
    return np.asarray(np.stack(slices))


def _lobe(cosine: Array, roughness: float) -> Array:
    """Blur of a GGX reflection around its mirror direction."""
    half_squared = (1.0 + np.clip(cosine, -1.0, 1.0)) / 2.0
    alpha = max(roughness * roughness, 0.04)
    lobe = alpha**2 / (half_squared * (alpha**2 - 1.0) + 1.0) ** 2
    return np.asarray(lobe * np.maximum(cosine, 0.0))


def harmonic_basis(way: Array) -> Array:
    """Polynomials (…, 9) of unit vectors, in the order of shaders/sky.glsl."""
    x, y, z = way[..., 0], way[..., 1], way[..., 2]
    return np.stack([np.ones_like(x), y, z, x, x * y, y * z, 3.0 * z * z - 1.0, x * z, x * x - y * y], axis=-1)


def _harmonics(radiance: Array) -> Array:
    """Irradiance over pi as coefficients (9, 3) of `harmonic_basis` (Ramamoorthi and Hanrahan 2001)."""
    ways = table_directions(SURFACE_SIZE, SURFACE_SIZE)
    sides = np.stack([ways, ways * np.array([1.0, 1.0, -1.0])])
    basis = harmonic_basis(sides) * (_solid_angles() / 2.0)[None, :, :, None]
    norms = np.array([0.282095, *[0.488603] * 3, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274]) ** 2
    kept = np.array([1.0, *[2.0 / 3.0] * 3, *[0.25] * 5])
    moments = np.einsum("swuk,wuc->kc", basis, radiance)
    total = (_solid_angles() / 2.0).sum() * 2.0
    return np.asarray(moments * (norms * kept)[:, None] * (4.0 * math.pi / total))


def _solid_angles() -> Array:
    columns = np.linspace(0.0, 1.0, SURFACE_SIZE + 1) ** 2
    part = 2.0 * np.linspace(0.0, 1.0, SURFACE_SIZE + 1) - 1.0
    rows = np.sin(np.sign(part) * part**2 * math.pi / 2.0)
    return np.asarray(np.diff(rows)[:, None] * np.diff(columns)[None, :])
