"""Pictures without a graphics card leave out what costs most there, and still show the same."""

from __future__ import annotations

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest

from environments.render.model import EyePose, Item, Material, Mesh, Picture, SceneFrame, SceneModel, Sun, SurfaceMaps
from environments.render.renderer import Renderer, View
from tests.render.pictures import Picture as Pixels
from tests.render.pictures import brightness, shore_view

pytestmark = pytest.mark.gl

TREE = View("tree", {}, 0, 0.0, EyePose(eye_height_m=1.2), vertical_fov_deg=40.0)


class Tree:
    """A ball of 800 leaves that are cut out of a picture, each lit like the ball."""

    def build(self, _: int) -> SceneModel:
        chance = np.random.default_rng(3)
        out = chance.normal(size=(800, 1, 3))
        out /= np.linalg.norm(out, axis=2, keepdims=True)
        side = np.cross(out, chance.normal(size=(800, 1, 3)))
        side /= np.linalg.norm(side, axis=2, keepdims=True)
        signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
        corners = out + 0.14 * (side * signs[:, :1] + np.cross(out, side) * signs[:, 1:])
        quads = np.arange(800)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])
        indices = quads.reshape(-1, 3).astype(np.uint32)
        normals, uvs = np.repeat(out, 4, axis=1), np.tile((signs + 1.0) / 2.0, (800, 1))
        positions, ups, places = (
            part.reshape(-1, part.shape[-1]).astype(np.float32) for part in (corners, normals, uvs)
        )
        mesh = Mesh(positions, ups, places, indices)
        pixels = np.full((32, 32, 4), 255, np.uint8)
        pixels[..., 3] = 255 * (np.hypot(*(np.mgrid[:32, :32] - 15.5)) < 15.0)
        leaf = Material(
            (0.05, 0.15, 0.03), maps=SurfaceMaps(base_color=Picture("leaf", pixels, is_colour=True)), alpha_cutoff=0.5
        )
        return SceneModel((Item("tree", mesh, leaf, np.eye(4, dtype=np.float32)[None]),))

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(Sun(120.0, 35.0), (0.0, -1.2, 8.0))


def seen(renderer: Renderer, view: View) -> tuple[Pixels, int]:
    renderer.resize(256, 144)
    renderer.draw(view)
    return renderer.read_rgb(), renderer.statistics().triangles


@pytest.fixture(name="quick", scope="module")
def _quick(context: moderngl.Context) -> Iterator[Renderer]:
    made = Renderer(context, 256, 144)
    yield made
    made.release()


def test_a_quick_shore_looks_like_a_still_one(quick: Renderer, renderer: Renderer) -> None:
    (quick_one, fewer), (still, more) = (seen(one, shore_view()) for one in (quick, renderer))
    apart = brightness(quick_one) - brightness(still)
    assert abs(apart.mean()) < 2.0
    assert 0.0 < np.abs(apart).mean() < 6.0
    assert fewer < 0.8 * more


def test_a_quick_tree_has_fewer_leaves_and_looks_alike(
    quick: Renderer, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Tree())
    (quick_one, fewer), (still, more) = (seen(one, TREE) for one in (quick, renderer))
    assert (fewer, more) == (400, 1600)
    middle = slice(52, 92), slice(108, 148)
    assert np.abs(quick_one[middle].mean(axis=(0, 1)) - still[middle].mean(axis=(0, 1))).max() < 8.0
    greenest = [(one[..., 1].astype(int) - one[..., 2] > 10).mean() for one in (quick_one, still)]
    assert greenest[0] == pytest.approx(greenest[1], rel=0.1)
