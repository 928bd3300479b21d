"""The sky and the light that it gives."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from environments.render import atmosphere, noise
from environments.render.daylight import _blended, _clear, _tables, daylight, harmonic_basis


def test_sun_reddens_and_dims_towards_the_horizon() -> None:
    colours = [daylight(elevation, 0.2, 0.0).sun_irradiance for elevation in (60.0, 15.0, 3.0)]
    assert all((after < before).all() for before, after in pairwise(colours))
    ratios = [colour[0] / colour[2] for colour in colours]
    assert ratios[0] < ratios[1] < ratios[2]


def test_clear_sky_overhead_is_blue() -> None:
    zenith = daylight(40.0, 0.1, 0.0).sky[-1].mean(axis=0)
    assert zenith[2] > 1.8 * zenith[0]


def test_light_on_a_level_surface_is_the_skys_sum() -> None:
    air = atmosphere.air_of(1.0)
    ways = atmosphere.sphere_directions(4000)
    up = ways[ways[:, 1] > 0.0]
    radiance = atmosphere.finished(atmosphere.sky_radiance(air, up, 40.0, 16))
    expected = (radiance * up[:, 1:2]).mean(axis=0) * 2.0
    light = daylight(40.0, 0.4 / 2.4, 0.0)
    got = harmonic_basis(np.array([0.0, 1.0, 0.0])) @ light.ambient
    assert got == pytest.approx(expected, rel=0.2)


@pytest.mark.parametrize("elevation_deg", [-4.0, 0.0, 2.0, 89.0])
def test_tables_are_finite_and_lit_at_any_height_of_the_sun(elevation_deg: float) -> None:
    light = daylight(elevation_deg, 1.0, 1.0)
    assert np.isfinite(light.sky).all()
    assert np.isfinite(light.surface).all()
    assert light.surface.min() >= 0.0
    assert light.sky.max() > 0.0
    assert math.isfinite(light.exposure)


def test_noise_tiles_without_a_seam() -> None:
    picture = noise.detail_map(128).astype(np.float64)
    inside = np.abs(np.diff(picture[..., 2], axis=0)).mean()
    seam = np.abs(picture[0, :, 2] - picture[-1, :, 2]).mean()
    assert seam < 1.5 * inside


def test_moving_sun_finds_its_tables_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """At three quarters of a degree a second and 72 pictures a second, no table is left to be made at once."""
    daylight(31.0, 0.7, 0.2)

    def at_once(_: object) -> None:
        pytest.fail("a table was made within one picture")

    monkeypatch.setattr(atmosphere, "finished", at_once)
    for step in range(72 * 8):
        daylight(31.0 - 0.75 * step / 72.0, 0.7, 0.2)
    assert daylight(31.0 - 6.0, 0.7, 0.2).exposure > daylight(31.0, 0.7, 0.2).exposure


def test_light_does_not_depend_on_how_the_sun_came_there() -> None:
    at_once = daylight(12.5, 0.9, 0.4)
    for known in (_clear, _tables, _blended):
        known.cache_clear()
    for step in range(200):
        daylight(17.5 - step / 40.0, 0.9, 0.4)
    slowly = daylight(12.5, 0.9, 0.4)
    assert slowly is not at_once
    assert np.array_equal(slowly.surface, at_once.surface)
    assert np.array_equal(slowly.sky, at_once.sky)
    assert slowly.exposure == at_once.exposure
