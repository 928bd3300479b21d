"""What a drawn picture promises, whatever it shows."""

from __future__ import annotations

from dataclasses import replace

import moderngl
import numpy as np
import pytest

from environments.render.model import EyePose, Panel
from environments.render.renderer import Renderer
from environments.scenes.manifest import ManifestError
from environments.scenes.registry import scene
from tests.render.pictures import brightness, drawn, shore_view

pytestmark = pytest.mark.gl


def test_same_view_gives_same_pixels_after_other_views(renderer: Renderer) -> None:
    first = drawn(renderer, shore_view(4.0))
    drawn(renderer, shore_view(9.0, yaw_deg=120.0, time_of_day_h=18.0, wind_0to1=1.0))
    assert np.array_equal(first, drawn(renderer, shore_view(4.0)))


def test_no_pixel_is_black_or_undefined(renderer: Renderer) -> None:
    for view in (shore_view(), shore_view(yaw_deg=180.0), shore_view(pitch_deg=80.0), shore_view(pitch_deg=-80.0)):
        picture = drawn(renderer, view)
        assert picture.max(axis=2).min() > 0
        assert brightness(picture).std() > 1.0


def test_fade_darkens_to_black(renderer: Renderer) -> None:
    levels = [brightness(drawn(renderer, shore_view(fade_0to1=fade))).mean() for fade in (0.0, 0.3, 0.6, 1.0)]
    assert levels[0] > levels[1] > levels[2] > 1.0 > levels[3]


def test_near_things_shift_left_in_the_right_eye(renderer: Renderer) -> None:
    renderer.resize(640, 180)
    view = replace(shore_view(yaw_deg=45.0), panels=(_panel(),))
    renderer.draw_stereo(view, ipd_m=0.2)
    picture = renderer.read_rgb()
    left, right = picture[:, :320], picture[:, 320:]
    assert not np.array_equal(left, right)
    assert _panel_column(right) < _panel_column(left) - 3.0


def test_panel_is_uploaded_again_only_with_a_new_revision(renderer: Renderer) -> None:
    panel = replace(_panel(), yaw_deg=0.0, pitch_deg=-4.0)
    magenta = drawn(renderer, replace(shore_view(), panels=(panel,)))
    picture = np.full((8, 16, 4), 255, np.uint8)
    kept = drawn(renderer, replace(shore_view(), panels=(replace(panel, picture=picture),)))
    renewed = drawn(renderer, replace(shore_view(), panels=(replace(panel, picture=picture, revision=2),)))
    assert np.array_equal(magenta, kept)
    assert (renewed[90, 160] == 255).all()


def test_panel_keeps_the_full_size_when_the_scene_is_drawn_smaller(context: moderngl.Context) -> None:
    small = Renderer(context, 320, 180, samples=0)
    lines = np.zeros((64, 128, 4), np.uint8)
    lines[:] = (0, 0, 0, 255)
    lines[::2] = 255
    panel = replace(_panel(), picture=lines, yaw_deg=0.0, pitch_deg=-4.0, width_m=1.6 * 0.55)
    view = replace(shore_view(), panels=(panel,))
    contrasts = []
    for scale in (1.0, 0.5):
        small.resize(320, 180, scale)
        contrasts.append(brightness(drawn(small, view))[70:110, 160].std())
    small.release()
    assert contrasts[1] == pytest.approx(contrasts[0], rel=0.04)
    assert contrasts[0] > 20.0


def test_one_sample_is_the_same_as_none(context: moderngl.Context) -> None:
    pictures = []
    for samples in (0, 1):
        single = Renderer(context, 96, 54, samples=samples)
        pictures.append(drawn(single, shore_view()))
        single.release()
    assert np.array_equal(pictures[0], pictures[1])


def test_present_fills_another_framebuffer(renderer: Renderer, context: moderngl.Context) -> None:
    picture = drawn(renderer, shore_view())
    window = context.simple_framebuffer((320, 180), 3)
    renderer.present(window, 320, 180)
    copied = np.frombuffer(window.read(components=3, alignment=1), np.uint8).reshape(180, 320, 3)[::-1]
    assert np.array_equal(copied, picture)
    window.release()


def test_unknown_scene_is_refused_with_the_known_names(renderer: Renderer) -> None:
    with pytest.raises(ManifestError, match=r"no scene 'moon'; there are .*shore"):
        renderer.load("moon")
    with pytest.raises(ManifestError):
        scene("moon")


def test_looking_right_shows_what_is_on_the_right(renderer: Renderer) -> None:
    sun_on_left = shore_view(time_of_day_h=6.8)
    picture = brightness(drawn(renderer, sun_on_left))
    assert picture[:90, :160].max() > picture[:90, 160:].max()
    turned = replace(sun_on_left, eye=EyePose(yaw_deg=-70.0, pitch_deg=-4.0))
    picture = brightness(drawn(renderer, turned))
    assert picture[:90, 160:].max() > picture[:90, :160].max()


def _panel() -> Panel:
    picture = np.zeros((8, 16, 4), np.uint8)
    picture[:] = (255, 0, 255, 255)
    return Panel("test", 1, picture, yaw_deg=45.0, pitch_deg=-4.0, distance_m=1.6, width_m=0.6)


def _panel_column(picture: np.ndarray) -> float:
    """The middle column of what is pure magenta."""
    is_panel = (picture[..., 0] > 250) & (picture[..., 1] < 5) & (picture[..., 2] > 250)
    assert is_panel.any()
    return float(np.nonzero(is_panel)[1].mean())
