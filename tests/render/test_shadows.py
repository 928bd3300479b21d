"""Three shadow maps: drawn after a change only, lying still in the world, without stripes or seams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import moderngl
import numpy as np
import pytest

from environments.render import matrices
from environments.render.gpu_scene import GpuScene
from environments.render.matrices import Matrix
from environments.render.model import EyePose, Item, Material, SceneFrame, SceneModel, Sun
from environments.render.renderer import Renderer, View
from environments.render.shadows import FAR_TEXELS, FINE, FINE_TEXELS
from environments.render.shapes import plane_grid, translation
from environments.render.shapes_round import sphere
from tests.render.pictures import brightness, drawn, shore_view

pytestmark = pytest.mark.gl


def test_maps_are_drawn_again_only_where_something_changed(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_m: list[float] = []
    draw_shadow = GpuScene.draw_shadow

    def counted(self: GpuScene, matrix: Matrix, radius_m: float, texel_m: float, *, moving: bool | None = None) -> None:
        drawn_m.append(radius_m)
        draw_shadow(self, matrix, radius_m, texel_m, moving=moving)

    monkeypatch.setattr(GpuScene, "draw_shadow", counted)
    view = shore_view(4.0, time_of_day_h=9.123)
    drawn(renderer, view)
    assert len(drawn_m) == 3
    assert drawn_m[0] < drawn_m[1] < drawn_m[2]
    turned = replace(view, eye=replace(view.eye, yaw_deg=70.0, offset_m=(0.1, 0.0, 0.1)), time_s=5.0)
    drawn(renderer, turned)
    assert len(drawn_m) == 3
    drawn(renderer, replace(view, eye=replace(view.eye, offset_m=(1.6, 0.0, 0.0))))
    assert drawn_m[3:] == [FINE[0].radius_m]
    drawn(renderer, shore_view(4.0, time_of_day_h=9.323))
    assert len(drawn_m) == 7


@pytest.mark.parametrize(
    ("texels", "radius_m"), [(FINE_TEXELS, FINE[0].radius_m), (FINE_TEXELS, 34.0), (FAR_TEXELS, 420.0)]
)
def test_map_that_is_moved_keeps_its_texels_where_they_were(texels: int, radius_m: float) -> None:
    sun = matrices.direction(30.0, 40.0)
    point = np.array([1.0, 0.3, -2.0, 1.0])
    places = [
        (matrices.light_from_world(sun, np.array(eye), radius_m, 400.0, texels) @ point)[:2] * texels / 2.0
        for eye in ((0.0, 1.5, 0.0), (1.5, 1.5, -3.0), (3.0, 0.0, 4.5))
    ]
    apart = np.array(places) - places[0]
    assert np.abs(apart).max() > 1.0
    assert np.abs(apart - np.round(apart)).max() < 1e-6


@pytest.mark.parametrize(("hour", "yaw_deg"), [(7.0, 0.0), (9.0, 0.0), (12.7, 0.0), (17.5, 0.0)])
def test_open_sand_has_no_stripes_at_any_distance(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, hour: float, yaw_deg: float
) -> None:
    """The beach before the patient lies in the sun: with and without shadow maps it is the same."""
    view = shore_view(4.0, yaw_deg=yaw_deg, pitch_deg=-14.0, time_of_day_h=hour)
    got = brightness(drawn(renderer, view))
    monkeypatch.setattr(GpuScene, "draw_shadow", lambda *_, **__: None)
    other = replace(view, parameters={**view.parameters, "time_of_day_h": hour + 0.001})
    darker = brightness(drawn(renderer, other)) - got
    assert (darker[60:, 120:] > 6.0).mean() < 0.01


def test_edge_of_a_shadow_is_narrow_close_by(renderer: Renderer, context: moderngl.Context) -> None:
    """A shadow's edge on the sand 4 m away goes from light to dark within 10 cm."""
    view = replace(shore_view(4.0, yaw_deg=-52.0, pitch_deg=-20.0, time_of_day_h=9.0), vertical_fov_deg=20.0)
    picture = brightness(drawn(renderer, view))
    pixel_m = 2.0 * np.tan(np.radians(10.0)) / picture.shape[0] * 4.3
    width = int(0.10 / pixel_m)
    steepest = np.abs(picture[width:] - picture[:-width]).max()
    assert steepest > 0.75 * (picture.max() - picture.min()) > 40.0


class Passing:
    """A post that stands and a ball that passes it, on a floor in the sun."""

    def build(self, _: int) -> SceneModel:
        clay, here = Material((0.5, 0.4, 0.3)), np.eye(4, dtype=np.float32)[None]
        post = Item("post", sphere(0.4, 12, 16), clay, translation(-0.8, 0.4, 0.0)[None])
        ball = Item("ball", sphere(0.3, 12, 16), clay, here, group="ball")
        return SceneModel((Item("floor", plane_grid(8.0, 8.0), clay, here), post, ball))

    def frame(self, _: Mapping[str, object], __: int, time_s: float, ___: object) -> SceneFrame:
        place = translation(time_s, 0.3, 0.3)[None]
        return SceneFrame(Sun(50.0, 35.0), (0.0, 0.0, 3.0), cloud_0to1=0.0, moves={"ball": place})


@pytest.mark.parametrize("for_stills", [False, True])
def test_only_what_moves_is_drawn_over_a_kept_map(
    context: moderngl.Context, monkeypatch: pytest.MonkeyPatch, for_stills: bool
) -> None:
    """The same moment has the same shadows whatever was drawn before it."""
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Passing())
    asked: list[bool | None] = []
    draw_shadow = GpuScene.draw_shadow

    def counted(self: GpuScene, matrix: Matrix, radius_m: float, texel_m: float, *, moving: bool | None = None) -> None:
        asked.append(moving)
        draw_shadow(self, matrix, radius_m, texel_m, moving=moving)

    monkeypatch.setattr(GpuScene, "draw_shadow", counted)
    used, fresh = (Renderer(context, 160, 90, 0, for_stills=for_stills) for _ in range(2))
    first, away, again = (drawn(used, _passing(x)) for x in (0.2, 1.4, 0.2))
    assert asked == [False, True, False, True, None, *[True] * 4]
    assert (first == again).all()
    assert (drawn(fresh, _passing(1.4)) == away).all()
    shaded = brightness(first) - brightness(away)
    assert shaded.max() > 30.0
    assert shaded.min() < -30.0
    used.release()
    fresh.release()


def _passing(x_m: float) -> View:
    return View("passing", {}, 0, x_m, EyePose(pitch_deg=-20.0, eye_height_m=1.2))
