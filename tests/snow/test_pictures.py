"""The canyon as it is drawn, and its moments."""

import numpy as np
import pytest

from environments.interact.geometry import Direction
from environments.play import Moment, Throw
from environments.render.model import EyePose
from environments.render.opening import open_context
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import load_manifest
from environments.scenes.snow.build import SCENE
from environments.scenes.snow.game import GAME

VALUES = load_manifest("snow").values_at(0.0)


@pytest.fixture(scope="module")
def renderer():
    context = open_context()
    made = Renderer(context, 160, 90, samples=0)
    yield made
    made.release()
    context.release()


def picture(renderer, time_s=30.0, events=None, throws=(), yaw_deg=0.0, pitch_deg=-4.0):
    view = View("snow", VALUES, 0, time_s, EyePose(yaw_deg, pitch_deg), events or {}, throws=throws)
    renderer.draw(view)
    return renderer.read_rgb().astype(int)


def test_nothing_in_the_canyon_is_warm(renderer):
    for yaw_deg in (0.0, 90.0, 180.0):
        rgb = picture(renderer, yaw_deg=yaw_deg)
        assert (rgb[..., 0] <= rgb[..., 2] + 8).mean() > 0.99
        assert 40.0 < rgb.mean() < 200.0


def test_the_same_moment_is_the_same_picture_and_throws_are_seen(renderer):
    moment = Moment(VALUES, 0, 30.0)
    throw = GAME.throw(moment, Direction(0.0, -14.0), None)
    empty = picture(renderer, 30.0)
    assert (picture(renderer, 30.0) == empty).all()
    flying = picture(renderer, 30.3, throws=(throw,), pitch_deg=-14.0)
    assert (np.abs(flying - picture(renderer, 30.3, pitch_deg=-14.0)).sum(axis=2) > 12).sum() > 3


@pytest.mark.parametrize(("event", "age_s", "pitch_deg"), [("penguins", 5.0, -6.0), ("whale", 12.0, -30.0)])
def test_events_are_seen(renderer, event, age_s, pitch_deg):
    with_it = picture(renderer, events={event: age_s}, pitch_deg=pitch_deg)
    assert (np.abs(with_it - picture(renderer, pitch_deg=pitch_deg)).sum(axis=2) > 18).sum() > 12


def test_northern_lights_grow_and_go(renderer):
    quiet = picture(renderer, pitch_deg=35.0)
    bright = picture(renderer, events={"northern_lights": 60.0}, pitch_deg=35.0)
    assert bright[..., 1].mean() > quiet[..., 1].mean() + 3.0
    assert (picture(renderer, events={"northern_lights": 121.0}, pitch_deg=35.0) == quiet).all()


def test_a_penguin_that_was_hit_lies_down_ahead_and_a_hat_comes_off():
    before = SCENE.frame(VALUES, 0, 30.0, {})
    moment = Moment(VALUES, 0, 30.0)
    throws: tuple[Throw, ...] = ()
    for aim in GAME.aims(moment):
        throws += (GAME.throw(Moment(VALUES, 0, 30.0, throws), aim.at, aim.target),)
    after = SCENE.played(VALUES, 0, 40.0, {}, throws)
    lying = after.poses["penguin"].places[:, 1, 1] < 0.5
    assert lying.sum() >= 1
    assert not (before.poses["penguin"].places[:, 1, 1] < 0.5).any()
    assert (after.moves["hat"][:, 1, 1] < 0.2).any()
    assert "light" in after.moves or not any(throw.target is None for throw in throws)


def test_thirty_minutes_on_the_canyon_is_still_all_around():
    moment = SCENE.frame(VALUES, 0, 1800.0, {})
    eye_z = moment.eye_base_m[2]
    begins = sorted(float(moment.moves[f"segment {n}"][0, 2, 3]) - 60.0 * n for n in range(6))
    assert begins[-1] >= eye_z >= begins[0]
    assert np.allclose(np.diff(begins), 60.0)
    assert moment.moves["sledge"][0, 2, 3] == pytest.approx(eye_z)


def test_segments_meet_without_a_gap():
    model = SCENE.build(0)
    for kind in ("river", "left wall", "right bank"):
        ends = {}
        for number in range(6):
            mesh = next(item.mesh for item in model.items if item.name == f"{kind} {number}")
            z = mesh.positions_m[:, 2]
            ends[number] = (mesh.positions_m[z == z.max()], mesh.positions_m[z == z.min()])
            assert z.max() - z.min() == pytest.approx(60.0)
        for number in range(5):
            assert np.allclose(ends[number][1], ends[number + 1][0], atol=1e-4)
