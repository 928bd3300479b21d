"""Depth is fine enough: of two surfaces the nearer one is seen, all of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from environments.render import renderer as rendering
from environments.render.model import EyePose, Item, Material, Mesh, SceneFrame, SceneModel, Sun
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import ParameterValue
from tests.render.pictures import drawn

pytestmark = pytest.mark.gl
APART_M, FAR_M = 0.05, 100.0


def sheet(turned_deg: float, behind_m: float, emission: tuple[float, float, float]) -> Item:
    """A sheet of 400 m, 100 m away, turned about the vertical."""
    corners = np.array([[-200, -200, 0], [200, -200, 0], [200, 200, 0], [-200, 200, 0]], np.float32)
    normals = np.tile(np.array([0, 0, 1], np.float32), (4, 1))
    mesh = Mesh(corners, normals, corners[:, :2].copy(), np.array([[0, 1, 2], [0, 2, 3]], np.uint32))
    angle = math.radians(turned_deg)
    place = np.eye(4, dtype=np.float32)
    place[0, 0] = place[2, 2] = math.cos(angle)
    place[0, 2], place[2, 0] = math.sin(angle), -math.sin(angle)
    place[:3, 3] = place[:3, 2] * -behind_m + np.array([0.0, 0.0, -FAR_M], np.float32)
    material = Material((0.0, 0.0, 0.0), 1.0, emission_linear=emission, casts_shadow=False)
    return Item(f"sheet {behind_m}", mesh, material, place[None])


class Sheets:
    """A green sheet 5 cm before a red one."""

    def __init__(self, turned_deg: float) -> None:
        self._turned_deg = turned_deg

    def build(self, seed: int) -> SceneModel:
        near, far = (0.0, 8.0, 0.0), (8.0, 0.0, 0.0)
        return SceneModel((sheet(self._turned_deg, APART_M, far), sheet(self._turned_deg, 0.0, near)))

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        return SceneFrame(Sun(0.0, 40.0), (0.0, 0.0, 0.0), haze_0to1=0.0)


@pytest.mark.parametrize("turned_deg", [0.0, 30.0, 60.0])
def test_surfaces_five_centimetres_apart_do_not_fight_at_100_m(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, turned_deg: float
) -> None:
    monkeypatch.setattr(rendering, "scene_called", lambda _: Sheets(turned_deg))
    eye = EyePose(yaw_deg=0.37)
    picture = drawn(renderer, View(f"sheets {turned_deg}", {}, 0, 0.0, eye, vertical_fov_deg=20.0)).astype(np.int64)
    assert (picture[..., 1] > picture[..., 0] + 60).all()
