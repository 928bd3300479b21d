"""What the patient sees when a scene cannot be drawn."""

from dataclasses import replace

import moderngl
import numpy as np
import pytest

from environments.display.offscreen import OffscreenDisplay, offscreen_cure
from environments.gltf import built_in
from environments.interact.hands import HeldController, Side
from environments.interact.overlay import Overlay
from environments.player_draw import Drawing
from environments.player_gradient import BOTTOM_RGB, TOP_RGB
from environments.player_model import Rules, first_state
from environments.render.hands import hand_models
from environments.render.model import SceneModel
from environments.render.opening import multisampling
from environments.scenes.manifest import load_manifest

pytestmark = [pytest.mark.gl, pytest.mark.timeout(240)]


@pytest.fixture(name="drawing", scope="module")
def _drawing():
    display = OffscreenDisplay(96, 54)
    drawing = Drawing(display, Overlay("Simulated"), 1.2, 1)
    drawing.warm(state_of("shore"))
    yield drawing
    drawing.close()
    display.close()


class Bare:
    """A scene with nothing in it."""

    def build(self, _):
        return SceneModel(())


def state_of(scene, **values):
    state = first_state(0.0, Rules({"shore": load_manifest("shore")}))
    target = replace(state.shown.target, scene=scene)
    settled = {**state.shown.values, **values}
    return replace(state, shown=replace(state.shown, target=target, values=settled, fade_0to1=0.0))


def test_fault_of_a_scene_is_told_and_the_calm_scene_follows(drawing):
    assert "moon cannot be drawn" in drawing.frame(state_of("moon"))
    assert drawing.frame(state_of("shore")) is None
    assert drawing.picture().std() > 5.0


def test_a_scene_without_room_on_the_card_is_told_in_a_sentence(drawing, monkeypatch):
    """A real context whose driver says that it ran out of memory while the scene was loading."""
    told = iter(["GL_NO_ERROR", "GL_OUT_OF_MEMORY"])
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: Bare())
    monkeypatch.setattr(moderngl.Context, "error", property(lambda _: next(told, "GL_NO_ERROR")))
    said = drawing.frame(state_of("hall"))
    assert said.startswith("hall cannot be drawn: hall does not fit into the memory of the graphics card (its pictures")
    assert said.endswith("close other programs that draw, or use a card with more memory.")
    assert drawing.frame(state_of("shore")) is None
    assert drawing.picture().std() > 5.0


def test_half_scale_still_fills_the_whole_picture(drawing):
    drawing.scale(0.5)
    assert drawing.frame(state_of("shore")) is None
    assert drawing.picture().shape == (54, 96, 3)
    assert drawing.picture().std() > 5.0
    drawing.scale(1.0)


def test_damaged_hands_are_told_once_and_left_out(drawing, monkeypatch, tmp_path):
    monkeypatch.setattr(built_in, "ASSETS", tmp_path)
    hand_models.cache_clear()
    holding = replace(state_of("shore"), hands=(HeldController(Side.LEFT, np.eye(4, dtype=np.float32)),))
    said = drawing.frame(holding)
    assert "hands cannot be drawn" in said
    assert f"{tmp_path / 'hands' / 'controller.glb'}: " in said
    assert said.endswith("install Acclimate again")
    assert drawing.frame(holding) is None
    assert drawing.picture().std() > 5.0


def test_plain_sky_stands_in_for_a_broken_calm_scene(drawing):
    broken = state_of("shore", **dict.fromkeys(load_manifest("shore").values_at(0.0), "nonsense"))
    assert "shore cannot be drawn" in drawing.frame(broken)
    assert drawing.frame(state_of("shore")) is None
    seen = drawing.picture()
    assert np.array_equal(seen[0, 0], TOP_RGB)
    assert np.array_equal(seen[-1, 0], BOTTOM_RGB)


@pytest.mark.parametrize(
    ("wished", "renderer", "samples"),
    [(0, "NVIDIA GeForce", 4), (0, "llvmpipe (LLVM 15)", 0), (1, "NVIDIA GeForce", 0), (8, "llvmpipe (LLVM 15)", 8)],
)
def test_multisampling_is_left_out_where_it_is_too_slow(wished, renderer, samples):
    assert multisampling(wished, renderer) == samples


def test_cure_names_what_to_install():
    assert "libegl1" in offscreen_cure("linux")
    assert "driver" in offscreen_cure("win32")
