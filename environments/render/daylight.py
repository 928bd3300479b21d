"""The light of one sun height: the sky's picture, its blurred copies for surfaces, and the exposure.

Directions are tabled relative to the sun's azimuth, which makes the tables symmetric: the column is
`sqrt(azimuth / pi)` and the row `0.5 + 0.5 sign(e) sqrt(|e| / 90°)` for an elevation `e`.
"""

from __future__ import annotations

import math
from collections.abc import Generator
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
    """Light for a sun height, haze and cloud cover; rounded so that slow changes reuse the tables.

    While the sun moves, each call also does a part of the work for the tables that come next.
    """
    elevation_deg, haze_0to1 = round(sun_elevation_deg * 32) / 32, round(haze_0to1 * 10) / 10
    _AHEAD.work(elevation_deg, haze_0to1)
    return _blended(elevation_deg, haze_0to1, round(cloud_0to1 * 20) / 20)


@lru_cache(maxsize=16)
def _blended(sun_elevation_deg: float, haze_0to1: float, cloud_0to1: float) -> Daylight:
    """Between the tables of the two nearest whole steps of `STEP_DEG`; the sun itself is exact."""
    low_deg = math.floor(sun_elevation_deg / STEP_DEG) * STEP_DEG
    part = (sun_elevation_deg - low_deg) / STEP_DEG
    low = _tables(low_deg, haze_0to1, cloud_0to1)
    high = _tables(low_deg + STEP_DEG, haze_0to1, cloud_0to1)
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
    """Sky, surroundings by roughness, diffuse harmonics and exposure.

    Sky above with the clouds' mean light, and lit ground below: sums of the clear sky's own tables and constant ones.
    """
    clear = _clear(sun_elevation_deg, haze_0to1).done()
    sun = _sun(sun_elevation_deg, haze_0to1, cloud_0to1)
    grey = clear.mean @ np.array([0.2126, 0.7152, 0.0722])
    cloud = (0.5 * clear.mean + 0.5 * grey) * 1.15 + sun * 0.035
    level = math.pi * clear.mean + sun * max(math.sin(math.radians(sun_elevation_deg)), 0.0)
    ground = level * np.array([0.24, 0.22, 0.19]) / math.pi
    hidden = 0.6 * cloud_0to1
    above, below = _halves()
    surface, ambient = (
        one * (1.0 - hidden) + up[..., None] * (cloud * hidden) + down[..., None] * ground
        for one, up, down in zip((clear.surface, clear.ambient), above, below, strict=True)
    )
    upward = math.pi * (harmonic_basis(np.array([0.0, 1.0, 0.0])) @ ambient)
    light = float((upward + sun * max(math.sin(math.radians(sun_elevation_deg)), 0.12)) @ (0.2126, 0.7152, 0.0722))
    return clear.sky, surface, ambient, float(1.85 / max(light, 0.02) ** 0.53)


def _with_floor(radiance: Array) -> Array:
    """Night never gets black: a faint blue remains."""
    return np.asarray(radiance + np.array([0.0006, 0.001, 0.002]))


@dataclass(frozen=True, slots=True, eq=False)
class _Clear:
    """The cloudless sky: its table, its mean, and what surfaces get from its upper half (as `_tables` returns it)."""

    sky: Array
    mean: Array
    surface: Array
    ambient: Array


def _clear_steps(sun_elevation_deg: float, haze_0to1: float) -> Generator[None, None, _Clear]:
    air = atmosphere.air_of(_mie(haze_0to1))
    ways = table_directions(SKY_COLUMNS, SKY_ROWS)[SKY_ROWS // 2 :]
    above = yield from atmosphere.sky_radiance(air, ways, sun_elevation_deg)
    # Nothing reads below the horizon.
    sky = np.concatenate([np.repeat(above[:1], SKY_ROWS // 2, axis=0), above])
    ways = table_directions(SURFACE_SIZE, SURFACE_SIZE)
    ways[..., 1] = np.abs(ways[..., 1])
    around = _with_floor((yield from atmosphere.sky_radiance(air, ways, sun_elevation_deg, 16)))
    seen = around * (1.0 - _ground_share())
    surface = yield from _blurred(seen)
    return _Clear(_with_floor(sky), around.mean(axis=(0, 1)), surface, _harmonics(seen))


def _ground_share() -> Array:
    """(rows, columns, 1): how much of a direction is ground."""
    return np.asarray(np.clip(-table_directions(SURFACE_SIZE, SURFACE_SIZE)[..., 1:2] * 12.0, 0.0, 1.0))


@lru_cache(maxsize=1)
def _halves() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """What surfaces get of an even white sky, and of an even white ground: by roughness, and as harmonics."""
    share = _ground_share()
    up, down = (
        (atmosphere.finished(_blurred(part))[..., 0], _harmonics(part)[..., 0]) for part in (1.0 - share, share)
    )
    return up, down


def around_surfaces(radiance: Array) -> tuple[Array, Array]:
    """What surfaces get of light (rows, columns, 3) from all around: by roughness, and as diffuse harmonics."""
    return atmosphere.finished(_blurred(radiance)), _harmonics(radiance)


def _blurred(around: Array) -> Generator[None, None, Array]:
    """Copies (slices, rows, columns, 3) of some surroundings for surfaces of each roughness."""
    flat = around.reshape(SURFACE_SIZE * SURFACE_SIZE, -1).astype(np.float32)
    slices = []
    for weights in _blur_weights():
        slices.append((weights @ flat).reshape(around.shape))
        yield
    return np.stack(slices).astype(np.float64)


class _Work:
    """The tables of a clear sky, done at once or step by step."""

    def __init__(self, sun_elevation_deg: float, haze_0to1: float) -> None:
        self._steps = _clear_steps(sun_elevation_deg, haze_0to1)
        self._found: _Clear | None = None

    def advance(self) -> None:
        """Do a step if one is left to do."""
        if self._found is None:
            try:
                next(self._steps)
            except StopIteration as end:
                self._found = end.value

    def done(self) -> _Clear:
        """The tables; what is left of the work is done now."""
        if self._found is None:
            self._found = atmosphere.finished(self._steps)
        return self._found


@lru_cache(maxsize=48)
def _clear(sun_elevation_deg: float, haze_0to1: float) -> _Work:
    return _Work(sun_elevation_deg, haze_0to1)


class _Ahead:
    """Works on the tables that the sun moves towards, a fiftieth at every call; what is drawn stays the same."""

    def __init__(self) -> None:
        self._last_deg = self._way = 0.0

    def work(self, elevation_deg: float, haze_0to1: float) -> None:
        """Do a step if the sun has moved a little since the last call."""
        moved_deg, self._last_deg = elevation_deg - self._last_deg, elevation_deg
        if moved_deg:
            self._way = math.copysign(1.0, moved_deg) if abs(moved_deg) < STEP_DEG / 2.0 else 0.0
        if self._way:
            low_deg = math.floor(elevation_deg / STEP_DEG) * STEP_DEG
            coming = _clear(low_deg + (2.0 * STEP_DEG if self._way > 0.0 else -STEP_DEG), haze_0to1)
            coming.advance()


_AHEAD = _Ahead()


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
