"""The clear sky as small tables: single scattering, plus multiple scattering summed as a series.

Lengths are in kilometres here.  Method and coefficients: S. Hillaire, "A Scalable and Production Ready Sky
and Atmosphere Rendering Technique", EGSR 2020; ozone as a tent around 25 km.  The sun's irradiance
outside the atmosphere is `SUN_OUTSIDE`; radiances follow in the same (arbitrary) unit per steradian.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Result = TypeVar("Result")

GROUND_KM, TOP_KM, EYE_KM = 6360.0, 6460.0, 6360.05
RAYLEIGH = np.array([5.802e-3, 13.558e-3, 33.1e-3])
OZONE = np.array([0.650e-3, 1.881e-3, 0.085e-3])
MIE_SCATTERING, MIE_EXTINCTION, MIE_G = 3.996e-3, 8.396e-3, 0.76
SUN_OUTSIDE = np.array([20.0, 19.4, 18.6])
GROUND_ALBEDO = 0.25


@dataclass(frozen=True, slots=True)
class Air:
    """Tables of one kind of air: `mie` scales the haze; transmittance and multiple scattering by height and sun."""

    mie: float
    transmittance: Array
    multiple: Array


def _densities(height_km: Array, mie: float) -> tuple[Array, Array, Array]:
    rayleigh = np.exp(-height_km / 8.0)
    haze = mie * np.exp(-height_km / 1.2)
    ozone = np.maximum(0.0, 1.0 - np.abs(height_km - 25.0) / 15.0)
    return rayleigh[..., None], haze[..., None], ozone[..., None]


def _to_edge(radius_km: Array, cosine: Array, edge_km: float) -> Array:
    """Distance along a ray to a sphere; infinite where it is missed."""
    inside = radius_km**2 * (cosine**2 - 1.0) + edge_km**2
    root = np.sqrt(np.maximum(inside, 0.0))
    distance = -radius_km * cosine + (root if edge_km == TOP_KM else -root)
    return np.where((inside < 0.0) | (distance < 0.0), np.inf, distance)


def _transmittance_table(mie: float, heights: int = 32, cosines: int = 96) -> Array:
    """(heights, cosines, 3); cosine of the zenith angle from -0.25 to 1."""
    radius = (GROUND_KM + 100.0 * np.linspace(0.0, 1.0, heights) ** 2)[:, None]
    cosine = np.linspace(-0.25, 1.0, cosines)[None, :]
    reach = _to_edge(np.maximum(radius, GROUND_KM + 0.01), cosine, TOP_KM)
    blocked = np.isfinite(_to_edge(np.maximum(radius, GROUND_KM + 0.01), cosine, GROUND_KM))
    steps = (np.arange(48) + 0.5) / 48.0
    along = np.where(np.isfinite(reach), reach, 0.0)[..., None] * steps**2
    weight = np.where(np.isfinite(reach), reach, 0.0)[..., None] * (2.0 * steps / 48.0)
    height = (
        np.sqrt(radius[..., None] ** 2 + along**2 + 2.0 * radius[..., None] * cosine[..., None] * along) - GROUND_KM
    )
    rayleigh, haze, ozone = _densities(np.maximum(height, 0.0), mie)
    depth = ((RAYLEIGH * rayleigh + MIE_EXTINCTION * haze + OZONE * ozone) * weight[..., None]).sum(axis=2)
    return np.asarray(np.exp(-depth) * ~blocked[..., None])


def _lookup(table: Array, height_km: Array, cosine: Array, lowest: float) -> Array:
    """Bilinear look-up by height (square-root spaced to 100 km) and cosine (from `lowest` to 1)."""
    row = np.sqrt(np.clip(height_km / 100.0, 0.0, 1.0)) * (table.shape[0] - 1)
    column = np.clip((cosine - lowest) / (1.0 - lowest), 0.0, 1.0) * (table.shape[1] - 1)
    r, c = np.minimum(row.astype(int), table.shape[0] - 2), np.minimum(column.astype(int), table.shape[1] - 2)
    fr, fc = (row - r)[..., None], (column - c)[..., None]
    low = table[r, c] * (1 - fc) + table[r, c + 1] * fc
    high = table[r + 1, c] * (1 - fc) + table[r + 1, c + 1] * fc
    return np.asarray(low * (1 - fr) + high * fr)


def finished(work: Generator[None, None, Result]) -> Result:
    """The result of some work, done to its end at once."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return cast("Result", end.value)


def _march(
    air: Air, radius_km: Array, view: Array, sun: Array, *, with_phase: bool, steps: int
) -> Generator[None, None, tuple[Array, Array]]:
    """Scattered light along rays and the share scattered once more; `view`, `sun` are unit vectors (…, 3), y up.

    Pauses after every step, so that the work can be spread over frames.
    """
    ground = _to_edge(radius_km, view[..., 1], GROUND_KM)
    reach = np.minimum(_to_edge(radius_km, view[..., 1], TOP_KM), ground)
    parts = (np.arange(steps + 1) / steps) ** 2
    through = np.ones((*reach.shape, 3))
    light, again = np.zeros_like(through), np.zeros_like(through)
    angle = np.sum(view * sun, axis=-1)
    phase_r = (3.0 / (16.0 * math.pi) * (1.0 + angle**2))[..., None] if with_phase else 1.0 / (4.0 * math.pi)
    phase_m = _henyey_greenstein(angle)[..., None] if with_phase else 1.0 / (4.0 * math.pi)
    for start, end in pairwise(parts):
        length = reach * (end - start)
        along = reach * (start + end) / 2.0
        radius = np.sqrt(radius_km**2 + along**2 + 2.0 * radius_km * view[..., 1] * along)
        sun_cosine = (radius_km * sun[..., 1] + along * angle) / radius
        height = np.maximum(radius - GROUND_KM, 0.0)
        rayleigh, haze, ozone = _densities(height, air.mie)
        scatter_r, scatter_m = RAYLEIGH * rayleigh, MIE_SCATTERING * haze
        extinction = scatter_r + MIE_EXTINCTION * haze + OZONE * ozone
        step = np.exp(-extinction * length[..., None])
        sunlit = _lookup(air.transmittance, height, sun_cosine, -0.25)
        share = through * (1.0 - step) / np.maximum(extinction, 1e-9)
        source = sunlit * (scatter_r * phase_r + scatter_m * phase_m)
        if with_phase:
            source = source + _lookup(air.multiple, height, sun_cosine, -0.25) * (scatter_r + scatter_m)
        light += share * source
        again += share * (scatter_r + scatter_m)
        through = through * step
        yield
    return light + _ground_light(air, sun, np.isfinite(ground), through), again


def _ground_light(air: Air, sun: Array, hit: Array, through: Array) -> Array:
    sun_cosine = np.broadcast_to(sun[..., 1], hit.shape)
    sunlit = _lookup(air.transmittance, np.zeros(hit.shape), sun_cosine, -0.25)
    lit = sunlit * np.maximum(sun_cosine, 0.0)[..., None] * GROUND_ALBEDO / math.pi
    return np.asarray(through * lit * hit[..., None])


def _henyey_greenstein(cosine: Array) -> Array:
    squared = MIE_G * MIE_G
    shape = (1.0 - squared) * (1.0 + cosine**2) / ((2.0 + squared) * (1.0 + squared - 2.0 * MIE_G * cosine) ** 1.5)
    return np.asarray(3.0 / (8.0 * math.pi) * shape)


def _multiple_table(air: Air, heights: int = 10, cosines: int = 24) -> Array:
    """(heights, cosines, 3): light scattered twice and more, for an isotropic phase function."""
    height = 100.0 * np.linspace(0.0, 1.0, heights) ** 2
    cosine = np.linspace(-0.25, 1.0, cosines)
    spread = sphere_directions(48)
    radius = np.broadcast_to((GROUND_KM + np.clip(height, 0.01, 99.9))[:, None, None], (heights, cosines, 48))
    sun = np.stack([np.sqrt(1.0 - cosine**2), cosine, np.zeros_like(cosine)], axis=-1)
    view = np.broadcast_to(spread, (heights, cosines, 48, 3))
    suns = np.broadcast_to(sun[None, :, None, :], view.shape)
    light, again = finished(_march(air, radius, view, suns, with_phase=False, steps=14))
    return np.asarray(light.mean(axis=2) / (1.0 - again.mean(axis=2)))


def sphere_directions(count: int) -> Array:
    """Evenly spread unit vectors (count, 3) on a Fibonacci spiral."""
    index = np.arange(count) + 0.5
    height = 1.0 - 2.0 * index / count
    turn = math.pi * (3.0 - math.sqrt(5.0)) * index
    level = np.sqrt(1.0 - height**2)
    return np.stack([np.cos(turn) * level, height, np.sin(turn) * level], axis=-1)


@lru_cache(maxsize=8)
def air_of(mie: float) -> Air:
    """The tables of air whose haze is `mie` times the clear one."""
    bare = Air(mie, _transmittance_table(mie), np.zeros((2, 2, 3)))
    return Air(mie, bare.transmittance, _multiple_table(bare))


def sky_radiance(
    air: Air, directions: Array, sun_elevation_deg: float, steps: int = 28
) -> Generator[None, None, Array]:
    """Radiance (…, 3) of the sky without the sun's disc, worked out step by step; the sun stands along +x."""
    elevation = math.radians(sun_elevation_deg)
    sun = np.broadcast_to(np.array([math.cos(elevation), math.sin(elevation), 0.0]), directions.shape)
    radius = np.full(directions.shape[:-1], EYE_KM)
    light, _ = yield from _march(air, radius, directions, sun, with_phase=True, steps=steps)
    return np.asarray(light * SUN_OUTSIDE)


def sun_irradiance(air: Air, sun_elevation_deg: float) -> Array:
    """Irradiance (3,) of a surface facing the sun, dimming smoothly as the disc sinks under the horizon."""
    cosine = np.array([math.sin(math.radians(max(sun_elevation_deg, 0.0)))])
    above = min(max((sun_elevation_deg + 0.8) / 1.3, 0.0), 1.0)
    return np.asarray(
        _lookup(air.transmittance, np.array([0.05]), np.maximum(cosine, 0.004), -0.25)[0] * SUN_OUTSIDE * above
    )
