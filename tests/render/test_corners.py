"""Surfaces with pictures whose triangles are small are lit at their corners, and look the same."""

from __future__ import annotations

from dataclasses import replace

import moderngl
import numpy as np
import pytest

from environments.render import item_units
from environments.render.mesh_detail import mean_edge_m
from environments.render.model import EyePose, Item, Material, Picture, SceneFrame, SceneModel, Sun, SurfaceMaps
from environments.render.renderer import Renderer, View
from environments.render.shapes import plane_grid, translation
from environments.render.shapes_round import sphere
from tests.render.pictures import Picture as Pixels
from tests.render.pictures import brightness

pytestmark = pytest.mark.gl

VIEW = View("balls", {}, 0, 0.0, EyePose(eye_height_m=1.2))


def picture(name: str, colour: tuple[int, int, int], *, is_colour: bool) -> Picture:
    pixels = np.full((16, 16, 4), 255, np.uint8)
    pixels[..., :3] = colour
    pixels[::2, :, :3] //= 2
    return Picture(name, pixels, is_colour=is_colour)


class Balls:
    """A dull, a metal and a glowing ball on a floor, in the sun."""

    def build(self, _: int) -> SceneModel:
        maps = SurfaceMaps(
            base_color=picture("paint", (220, 120, 60), is_colour=True),
            metallic_roughness=picture("rough", (255, 180, 255), is_colour=False),
            emission=picture("glow", (40, 250, 90), is_colour=True),
        )
        paint = Material((0.8, 0.9, 1.0), 0.9, maps=maps)
        ball, floor = sphere(0.5, 20, 40), plane_grid(6.0, 4.0)
        kinds = (paint, replace(paint, metallic=1.0, roughness=0.5), replace(paint, emission_linear=(2.0, 2.0, 2.0)))
        items = [
            Item(f"ball {x}", ball, material, translation(x, 0.5, 0.0)[None])
            for x, material in zip((-1.1, 0.0, 1.1), kinds, strict=True)
        ]
        return SceneModel((*items, Item("floor", floor, paint, np.eye(4, dtype=np.float32)[None])))

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(Sun(50.0, 35.0), (0.0, -0.5, 3.0), cloud_0to1=0.0)


def seen(context: moderngl.Context, *, indirect: bool = True, size_px: tuple[int, int] = (160, 90)) -> Pixels:
    renderer = Renderer(context, *size_px, 4, indirect=indirect, for_stills=True)
    renderer.draw_stereo(VIEW)
    found = renderer.read_rgb()
    renderer.release()
    return found


@pytest.fixture(autouse=True)
def balls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Balls())


def test_lit_at_corners_looks_like_lit_in_every_pixel(
    context: moderngl.Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_corners = seen(context)
    monkeypatch.setattr(item_units, "_CORNERS_PX", 1e-6)
    everywhere = seen(context)
    apart = np.abs(brightness(at_corners) - brightness(everywhere))
    assert 0.0 < apart.mean() < 1.0
    assert np.percentile(apart, 99.0) < 12.0


def test_both_ways_of_drawing_light_corners_alike(context: moderngl.Context) -> None:
    assert (seen(context) == seen(context, indirect=False)).all()


def test_large_triangles_are_lit_in_every_pixel(context: moderngl.Context, monkeypatch: pytest.MonkeyPatch) -> None:
    large = seen(context, size_px=(1200, 600))
    monkeypatch.setattr(item_units, "_CORNERS_PX", 1e-6)
    assert (large == seen(context, size_px=(1200, 600))).all()


def test_edges_are_measured_where_most_of_the_surface_is() -> None:
    fine, coarse = (mean_edge_m(plane_grid(2.0, 2.0, cells, cells)) for cells in (10, 1))
    assert fine == pytest.approx(0.2 * np.sqrt(2.0), rel=1e-6)
    assert coarse == pytest.approx(2.0 * np.sqrt(2.0), rel=1e-6)
