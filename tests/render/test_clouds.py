"""Clouds: the map wraps around, more cover hides more sky, and they have a bright and a dark side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from environments.render.clouds import cloud_map
from environments.render.renderer import Renderer
from tests.render.pictures import Picture, brightness, drawn, shore_view


def test_map_wraps_around_without_a_seam() -> None:
    heights = cloud_map().astype(np.float64)
    for axis in (0, 1):
        inside = np.abs(np.diff(heights, axis=axis)).mean()
        seam = np.abs(heights.take(0, axis) - heights.take(-1, axis)).mean()
        assert seam < 2.0 * inside


@pytest.mark.gl
def test_more_cover_hides_more_of_the_sky(renderer: Renderer) -> None:
    hidden = [_hidden_share(_sky(renderer, cover)) for cover in (0.0, 0.2, 0.4, 0.7, 1.0)]
    assert hidden[0] < 0.1
    assert all(after > before + 0.05 for before, after in pairwise(hidden)), hidden


@pytest.mark.gl
def test_clouds_are_lit_on_the_side_of_the_sun_and_dark_below(renderer: Renderer) -> None:
    picture = _sky(renderer, 0.4)
    clouds = brightness(picture)[_is_cloud(picture)]
    assert np.quantile(clouds, 0.9) - np.quantile(clouds, 0.1) > 45.0


def _sky(renderer: Renderer, cover: float) -> Picture:
    return drawn(renderer, shore_view(yaw_deg=150.0, pitch_deg=50.0, time_of_day_h=11.0, cloud_0to1=cover))


def _is_cloud(picture: Picture) -> np.ndarray:
    """Where red is nearly as strong as blue."""
    red, blue = picture[..., 0].astype(np.float64), picture[..., 2].astype(np.float64)
    return np.asarray(red > 0.8 * blue)


def _hidden_share(picture: Picture) -> float:
    return float(_is_cloud(picture).mean())
