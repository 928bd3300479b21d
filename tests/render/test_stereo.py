"""Both eyes at once, the way of old drivers, and what a picture takes."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from environments.render import matrices
from environments.render.model import EyePose
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import load_manifest

pytestmark = pytest.mark.gl
WIDTH_PX, HEIGHT_PX, IPD_M = 160, 120, 0.064
TURNED = EyePose(yaw_deg=25.0, pitch_deg=-20.0, roll_deg=7.0, eye_height_m=1.62)


def view_of(scene: str, level: float = 7.0, eye: EyePose = TURNED) -> View:
    manifest = load_manifest(scene)
    return View(scene, manifest.values_at(level / 10.0 if manifest.is_graded else 0.0, {}), 0, 12.5, eye)


def picture(renderer: Renderer, view: View, *, stereo: bool = False) -> NDArray[np.int64]:
    renderer.resize(WIDTH_PX * (2 if stereo else 1), HEIGHT_PX)
    if stereo:
        renderer.draw_stereo(view, IPD_M)
    else:
        renderer.draw(view)
    return renderer.read_rgb().astype(np.int64)


@pytest.mark.parametrize("scene", ["heights", "shore"])
def test_each_half_is_what_that_eye_alone_would_see(
    renderer: Renderer, scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(scene)
    both = picture(renderer, view, stereo=True)
    position = matrices.eye_position
    for half, sideways_m in ((both[:, :WIDTH_PX], -IPD_M / 2), (both[:, WIDTH_PX:], IPD_M / 2)):
        monkeypatch.setattr(matrices, "eye_position", lambda frame, eye, _=0.0, at=sideways_m: position(frame, eye, at))
        alone = picture(renderer, view)
        monkeypatch.undo()
        # Dither and the choice of coarser copies differ by pixels, nothing else.
        assert np.mean(np.abs(half - alone)) < 0.6
        assert np.mean(np.abs(half - alone).max(axis=2) > 24) < 0.01


def test_near_things_lie_apart_in_the_two_eyes_and_the_horizon_does_not(renderer: Renderer) -> None:
    level = EyePose(pitch_deg=-12.0)
    both = picture(renderer, view_of("shore", eye=level), stereo=True)
    left, right = both[:, :WIDTH_PX].mean(axis=2), both[:, WIDTH_PX:].mean(axis=2)

    def shift_px(rows: slice) -> int:
        """How far the right eye's picture lies to the left of the left eye's."""
        shifts = range(-2, 13)
        errors = [
            np.abs(left[rows, 14 + by : WIDTH_PX - 14 + by] - right[rows, 14 : WIDTH_PX - 14]).mean() for by in shifts
        ]
        return shifts[int(np.argmin(errors))]

    focal_px = HEIGHT_PX / 2 / np.tan(np.radians(75.0 / 2))
    assert abs(shift_px(slice(0, 30))) <= 1
    near_m = 1.2 / np.sin(np.radians(12.0 + np.degrees(np.arctan(52.0 / focal_px))))
    assert shift_px(slice(108, 116)) == pytest.approx(focal_px * IPD_M / near_m, abs=1.6)


@pytest.mark.parametrize("scene", ["heights", "shore"])
def test_old_drivers_draw_the_same_picture(context: moderngl.Context, renderer: Renderer, scene: str) -> None:
    old = Renderer(context, WIDTH_PX, HEIGHT_PX, indirect=False, for_stills=True)
    for stereo in (False, True):
        assert np.array_equal(
            picture(renderer, view_of(scene), stereo=stereo), picture(old, view_of(scene), stereo=stereo)
        )
    old.release()


def test_a_whole_city_takes_a_handful_of_draws_for_both_eyes(renderer: Renderer) -> None:
    picture(renderer, view_of("heights"))
    one = renderer.statistics()
    picture(renderer, view_of("heights"), stereo=True)
    two = renderer.statistics()
    assert two.draws <= 60
    assert two.draws == pytest.approx(one.draws, abs=6)
    assert 1.8 * one.triangles < two.triangles < 1_500_000


def test_no_frame_has_to_compile_anything(context: moderngl.Context, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = Renderer(context, WIDTH_PX, HEIGHT_PX)
    fresh.load("heights")
    picture(fresh, view_of("heights", 0.0))
    picture(fresh, view_of("heights", 0.0), stereo=True)
    made: list[str] = []
    compile_program = type(context).program

    def counted(self: moderngl.Context, *given: Any, **sources: Any) -> moderngl.Program:
        made.append("made")
        return compile_program(self, *given, **sources)

    monkeypatch.setattr(type(context), "program", counted)
    for level in (0.0, 3.0, 10.0):
        for stereo in (False, True):
            picture(fresh, view_of("heights", level, EyePose(yaw_deg=140.0, pitch_deg=-30.0)), stereo=stereo)
    assert not made
    fresh.release()
