"""The sky behind everything: drawn once for both eyes, and seen through what is only partly there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import moderngl
import numpy as np
import pytest

from environments.render.model import EyePose, Item, Material, Mesh, Picture, SceneFrame, SceneModel, Sun, SurfaceMaps
from environments.render.renderer import Renderer, View
from tests.render.pictures import Picture as Pixels
from tests.render.pictures import drawn

pytestmark = pytest.mark.gl

CORNERS = np.array([[-3, -3, 0], [3, -3, 0], [3, 3, 0], [-3, 3, 0]], np.float32)


class Nothing:
    """A sky without a world."""

    def build(self, _: int) -> SceneModel:
        return SceneModel(())

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(Sun(20.0, 35.0), (0.0, 0.0, 0.0), cloud_0to1=0.5)


UP = View("nothing", {}, 0, 0.0, EyePose(pitch_deg=35.0))


def test_both_eyes_see_the_same_sky(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Nothing())
    renderer.resize(256, 128)
    renderer.draw_stereo(UP)
    picture = renderer.read_rgb().astype(np.int64)
    left, right = picture[:, :128], picture[:, 128:]
    assert left.std() > 3.0
    assert np.abs(left - right).max() <= 1


def test_a_quick_sky_looks_like_that_of_a_still(context: moderngl.Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Nothing())
    pictures = []
    for for_stills in (False, True):
        renderer = Renderer(context, 640, 360, 1, for_stills=for_stills)
        pictures.append(drawn(renderer, UP).astype(np.float64))
        renderer.release()
    apart = np.abs(pictures[0] - pictures[1])
    assert 0.0 < apart.mean() < 8.0


def test_the_sky_is_drawn_anew_when_anything_it_depends_on_changes(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Nothing())
    turned = replace(UP, eye=EyePose(pitch_deg=35.0, yaw_deg=20.0))
    views = (UP, turned, replace(UP, time_s=60.0), UP, UP)
    first, *others, again, same = (drawn(renderer, view) for view in views)
    assert all((other != first).any() for other in others)
    assert (again == first).all()
    assert (same == first).all()


@dataclass(frozen=True)
class Veil:
    """A glowing card before the sky that is partly cut out."""

    alpha: int

    def build(self, _: int) -> SceneModel:
        normals = np.tile(np.array([0, 0, 1], np.float32), (4, 1))
        mesh = Mesh(CORNERS, normals, CORNERS[:, :2].copy(), np.array([[0, 1, 2], [0, 2, 3]], np.uint32))
        pixels = np.full((8, 8, 4), 255, np.uint8)
        pixels[..., 3] = self.alpha
        pixels[:4, :, 3] = 0
        maps = SurfaceMaps(base_color=Picture(f"veil {self.alpha}", pixels, is_colour=True))
        paint = Material((0.0, 0.0, 0.0), 1.0, emission_linear=(40.0, 0.0, 0.0), maps=maps, alpha_cutoff=0.5)
        return SceneModel((Item("veil", mesh, replace(paint, two_sided=True), np.eye(4, dtype=np.float32)[None]),))

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(Sun(90.0, 35.0), (0.0, -1.2, 2.0), haze_0to1=0.0, cloud_0to1=0.0)


def test_the_edge_of_a_cut_out_is_smooth(context: moderngl.Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reds between the sky's and the card's own, along an edge that lies across the pixels' rows."""
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Veil(255))
    found: list[Pixels] = []
    for samples in (1, 4):
        renderer = Renderer(context, 64, 48, samples, for_stills=True)
        renderer.draw(View("veil", {}, 0, 0.0, EyePose(eye_height_m=1.2, roll_deg=12.0)))
        found.append(renderer.read_rgb())
        renderer.release()
    hard, soft = (len(np.unique(picture[..., 0] // 16)) for picture in found)
    assert soft >= hard + 2
