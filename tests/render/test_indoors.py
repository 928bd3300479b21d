"""A room's own light: no sun, no sky, as bright as it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from environments.render.daylight import harmonic_basis
from environments.render.indoors import room_light
from environments.render.model import Interior
from environments.render.renderer import Renderer
from environments.scenes.shore.build import Shore
from tests.render.pictures import brightness, drawn, shore_view

ROOM = Interior((0.9, 0.9, 0.9), (0.5, 0.5, 0.5), (0.2, 0.1, 0.05), lamps_linear=(3.0, 3.0, 3.0))
UP, DOWN, AHEAD = np.array([0.0, 1.0, 0.0]), np.array([0.0, -1.0, 0.0]), np.array([0.0, 0.0, -1.0])
Inside = Callable[[Interior], None]


@pytest.fixture(name="inside")
def _inside(monkeypatch: pytest.MonkeyPatch) -> Inside:
    """Puts the beach into a room from now on."""
    plain = Shore.frame

    def put(room: Interior) -> None:
        monkeypatch.setattr(Shore, "frame", lambda *told: replace(plain(*told), interior=room, particles=(), sea=None))

    return put


def test_surfaces_get_the_light_of_the_side_they_face() -> None:
    light = room_light(ROOM)
    up, ahead, down = (harmonic_basis(way) @ light.ambient for way in (UP, AHEAD, DOWN))
    assert (up > ahead).all()
    assert (ahead > down).all()
    assert down[0] > 1.5 * down[2], "what faces the floor takes its colour"
    assert not light.sun_irradiance.any()
    even = room_light(Interior((0.5, 0.5, 0.5), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)))
    np.testing.assert_allclose(harmonic_basis(AHEAD) @ even.ambient, 0.5, rtol=0.02)
    np.testing.assert_allclose(even.surface, 0.5, rtol=0.01)


def test_dimming_keeps_the_tables() -> None:
    assert room_light(replace(ROOM, exposure=0.3)).sky is room_light(ROOM).sky
    assert room_light(replace(ROOM, exposure=0.3)).exposure == 0.3


@pytest.mark.gl
def test_a_room_looks_alike_by_day_and_night(renderer: Renderer, inside: Inside) -> None:
    inside(ROOM)
    noon, dusk = (drawn(renderer, shore_view(time_of_day_h=hour)).astype(int) for hour in (12.0, 20.0))
    assert np.abs(noon - dusk).mean() < 0.5


@pytest.mark.gl
def test_a_dimmed_room_is_darker_everywhere(renderer: Renderer, inside: Inside) -> None:
    seen = []
    for exposure in (1.0, 0.4, 0.15):
        inside(replace(ROOM, exposure=exposure))
        seen.append(brightness(drawn(renderer, shore_view())).mean())
    assert seen[0] > 1.3 * seen[1] > 1.6 * seen[2] > 0.0


@pytest.mark.gl
def test_outdoors_nothing_of_a_room_remains(
    renderer: Renderer, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = drawn(renderer, shore_view())
    inside(ROOM)
    drawn(renderer, shore_view())
    monkeypatch.undo()
    np.testing.assert_array_equal(drawn(renderer, shore_view()), before)
