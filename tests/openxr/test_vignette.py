"""Motions that the patient did not make narrow the view, and nothing else does."""

from __future__ import annotations

import numpy as np
import pytest

from environments.player_vignette import Vignette
from environments.render.eyes import EyeView
from environments.render.matrices import head_rotation
from environments.render.model import EyePose
from environments.render.renderer import Renderer
from environments.render.view import View
from environments.scenes.manifest import load_manifest
from tests.render.conftest import renderer, shared_renderer

__all__ = ["renderer", "shared_renderer"]
FRAME_S = 1.0 / 90.0


def rising(vignette: Vignette, speed_m_per_s: float, seconds: float, begin: int = 0) -> float:
    for frame in range(begin, begin + round(seconds / FRAME_S)):
        vignette.moved((0.0, speed_m_per_s * frame * FRAME_S, 0.0), frame * FRAME_S)
    return vignette.strength_0to1


def test_a_lift_narrows_the_view_slowly_and_opens_it_again() -> None:
    vignette = Vignette()
    assert rising(vignette, 1.0, 0.2) == pytest.approx(0.2, abs=0.03)
    assert rising(vignette, 1.0, 3.0, 18) == pytest.approx(0.63, abs=0.01)
    top_m = 1.0 * 287 * FRAME_S
    for frame in range(288, 288 + 90):
        vignette.moved((0.0, top_m, 0.0), frame * FRAME_S)
    assert vignette.strength_0to1 == pytest.approx(0.13, abs=0.03)


def test_a_change_of_place_and_a_seat_at_rest_narrow_nothing() -> None:
    vignette = Vignette()
    assert rising(vignette, 0.0, 1.0) == 0.0
    vignette.moved((50.0, 100.0, 0.0), 1.01)
    assert vignette.strength_0to1 == 0.0


@pytest.mark.gl
def test_the_same_directions_are_dark_for_both_eyes(renderer: Renderer) -> None:
    values = load_manifest("shore").values_at(0.0, {})
    left = EyeView(np.eye(3), np.array([-0.03, 0.0, 0.0]), (-1.4, 0.9, -1.2, 1.2))
    right = EyeView(head_rotation(8.0, 0.0), np.array([0.03, 0.0, 0.0]), (-0.9, 1.4, -1.2, 1.2))
    renderer.resize(320, 160)
    renderer.draw(View("shore", values, 0, 4.0, EyePose(), eyes=(left, right), vignette_0to1=1.0))
    shown = renderer.read_rgb().astype(int).max(axis=2)
    for number, eye in enumerate((left, right)):
        across = np.linspace(eye.tangents[0], eye.tangents[1], 161)[:-1] + (eye.tangents[1] - eye.tangents[0]) / 320
        up = np.linspace(eye.tangents[3], eye.tangents[2], 161)[:-1] - 1.2 / 160
        x, y = np.meshgrid(across, up)
        ways = np.stack([x, y, -np.ones_like(x)], -1) @ eye.turned.T
        away_deg = np.degrees(np.arccos(-ways[..., 2] / np.linalg.norm(ways, axis=-1)))
        half = shown[:, 160 * number : 160 * (number + 1)]
        assert half[away_deg > 46.0].max() <= 2
        assert half[away_deg < 30.0].mean() > 40.0
