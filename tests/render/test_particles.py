"""Particles follow from scene time alone, keep away from the eyes and do not jump."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from environments.render.model import Particles
from environments.render.particles import KINDS
from environments.render.renderer import Renderer, View
from environments.scenes.shore.build import Shore
from tests.render.conftest import SIZE_PX
from tests.render.pictures import brightness, drawn, shore_view

pytestmark = pytest.mark.gl
With = Callable[..., None]
NOON = {"time_of_day_h": 12.0, "cloud_0to1": 0.6}


@pytest.fixture(name="with_particles")
def _with_particles(monkeypatch: pytest.MonkeyPatch) -> With:
    """Lets the shore have just these particles from now on."""
    plain = Shore.frame

    def have(*particles: Particles) -> None:
        monkeypatch.setattr(Shore, "frame", lambda *told: replace(plain(*told), particles=particles))

    return have


def light(renderer: Renderer, view: View) -> NDArray[np.float64]:
    return brightness(drawn(renderer, view))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_kind_is_seen_moves_and_comes_again(renderer: Renderer, with_particles: With, kind: str) -> None:
    at = [shore_view(time_s, pitch_deg=-8.0, swell_0to1=0.9, wind_0to1=0.8, **NOON) for time_s in (12.0, 12.2)]
    with_particles()
    bare = [light(renderer, view) for view in at]
    with_particles(Particles(kind, 0.0))
    assert np.array_equal(light(renderer, at[0]), bare[0])
    area = ((-30.0, -1.0, -30.0), (30.0, 3.0, -6.5)) if kind == "spray" else None
    with_particles(Particles(kind, 1.0, area, (3.0, 2.0, 1.0)))
    first, second = light(renderer, at[0]), light(renderer, at[1])
    assert (np.abs(first - bare[0]) > 1.5).sum() > 8
    assert (np.abs((first - bare[0]) - (second - bare[1])) > 1.5).sum() > 8
    assert np.array_equal(light(renderer, at[0]), first)


def test_more_is_more_and_another_seed_is_another_rain(renderer: Renderer, with_particles: With) -> None:
    view = shore_view(5.0, pitch_deg=10.0, **NOON)
    pictures = []
    for rain in ((), (Particles("rain", 0.3),), (Particles("rain", 1.0),), (Particles("rain", 1.0, seed=5),)):
        with_particles(*rain)
        pictures.append(light(renderer, view))
    wet = [np.abs(picture - pictures[0]).mean() for picture in pictures[1:]]
    assert 0.0 < 2.0 * wet[0] < wet[1]
    assert wet[2] == pytest.approx(wet[1], rel=0.2)
    assert np.abs(pictures[3] - pictures[2]).mean() > 0.5 * wet[1]


def test_nothing_is_drawn_before_the_eyes(renderer: Renderer, with_particles: With) -> None:
    view = shore_view(5.0, **NOON)
    with_particles()
    bare = drawn(renderer, view)
    with_particles(Particles("snow", 1.0, ((-0.25, 1.4, -0.25), (0.25, 1.8, 0.25))))
    assert np.array_equal(drawn(renderer, view), bare)
    with_particles(Particles("snow", 1.0, ((-1.5, 0.5, -2.5), (1.5, 2.5, -1.0))))
    assert not np.array_equal(drawn(renderer, view), bare)


@pytest.mark.parametrize("wind", [0.3, 0.5, 0.999])
def test_wind_that_rises_after_an_hour_moves_nothing_at_once(
    renderer: Renderer, with_particles: With, wind: float
) -> None:
    with_particles(Particles("snow", 1.0))
    before, after = (
        light(renderer, shore_view(3600.0, pitch_deg=25.0, wind_0to1=now, **NOON)) for now in (wind, wind + 0.001)
    )
    later = light(renderer, shore_view(3600.1, pitch_deg=25.0, wind_0to1=wind, **NOON))
    assert np.abs(after - before).mean() < 0.2 * np.abs(later - before).mean()


def test_heavy_rain_and_snow_do_not_flicker(renderer: Renderer, with_particles: With) -> None:
    """The mean light of each sixteenth of the picture stays within a twentieth through two seconds."""
    with_particles(Particles("rain", 1.0), Particles("snow", 1.0), Particles("dust", 1.0))
    times = 20.0 + np.arange(24) / 12.0
    frames = [light(renderer, shore_view(float(at), pitch_deg=20.0, wind_0to1=0.7, **NOON)) for at in times]
    cells = np.stack([frame.reshape(4, 45, 4, 80).mean(axis=(1, 3)) for frame in frames])
    assert (np.abs(cells - cells.mean(axis=0)) / cells.mean(axis=0)).max() < 0.05


def test_both_eyes_see_the_same_drops(renderer: Renderer, with_particles: With) -> None:
    """Far drops stand at the same place of both pictures."""
    width, height = SIZE_PX
    view = shore_view(5.0, pitch_deg=35.0, **NOON)
    pictures = []
    for rain in ((), (Particles("snow", 1.0),)):
        with_particles(*rain)
        renderer.resize(2 * width, height)
        renderer.draw_stereo(view, 0.002)
        pictures.append(brightness(renderer.read_rgb()))
    drops = np.abs(pictures[1] - pictures[0])
    left, right = drops[:, :width].reshape(-1), drops[:, width:].reshape(-1)
    assert left.max() > 5.0
    assert np.corrcoef(left, right)[0, 1] > 0.6


def test_statistics_count_each_kind_as_a_draw_of_two_triangles_a_particle_and_wind(
    renderer: Renderer, with_particles: With
) -> None:
    view = shore_view(5.0, **NOON)
    taken = []
    for given in ((), (Particles("rain", 0.5), Particles("dust", 0.0))):
        with_particles(*given)
        drawn(renderer, view)
        taken.append(renderer.statistics())
    assert taken[1].draws - taken[0].draws == 1
    assert taken[1].triangles - taken[0].triangles == 2 * 2 * KINDS["rain"].most // 2
