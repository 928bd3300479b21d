"""From the poses and angles that a headset tells to the picture of each eye."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from environments.display.openxr import fields
from environments.render import matrices
from environments.render.cameras import cameras_of
from environments.render.eyes import EyeView, middle_way, projection_of
from environments.render.model import EyePose, SceneFrame, Sun
from environments.render.renderer import Renderer
from environments.render.view import View
from environments.scenes.manifest import load_manifest


@dataclass
class Quaternion:
    x: float
    y: float
    z: float
    w: float


@dataclass
class Angles:
    angle_left: float
    angle_right: float
    angle_up: float
    angle_down: float


MOMENT = SceneFrame(sun=Sun(30.0, 40.0), eye_base_m=(3.0, 20.0, -7.0), eye_yaw_deg=35.0)
LEFT = Angles(-0.94, 0.71, 0.80, -0.92)
RIGHT = Angles(-0.70, 0.95, 0.81, -0.90)
CANT_RAD = math.radians(10.0)


def quaternion(axis: tuple[float, float, float], angle: float) -> Quaternion:
    way = np.array(axis) / np.linalg.norm(axis)
    x, y, z = (math.sin(angle / 2) * way).tolist()
    return Quaternion(x, y, z, math.cos(angle / 2))


def eyes() -> tuple[EyeView, EyeView]:
    """Two eyes of a canted headset, whose pictures have unlike sides."""
    left = EyeView(
        fields.turned(quaternion((0.2, 1.0, -0.1), 0.4 + CANT_RAD)),
        np.array([-0.03, 0.02, 0.01]),
        fields.tangents(LEFT),
    )
    right = EyeView(
        fields.turned(quaternion((0.2, 1.0, -0.1), 0.4 - CANT_RAD)),
        np.array([0.034, 0.02, 0.0]),
        fields.tangents(RIGHT),
    )
    return left, right


def in_clip(matrix: matrices.Matrix, place: np.ndarray) -> np.ndarray:
    clip = matrix @ np.append(place, 1.0)
    return np.asarray(clip[:3] / clip[3])


@pytest.mark.parametrize("number", [0, 1])
def test_what_lies_at_the_angles_of_an_eyes_picture_is_at_its_sides(number: int) -> None:
    view = View("shore", {}, 0, 0.0, EyePose(eye_height_m=1.3), eyes=eyes())
    camera = cameras_of(view, MOMENT, (0.0,), 1.0)[number]
    eye, angles = eyes()[number], (LEFT, RIGHT)[number]
    outer = matrices.head_rotation(35.0, 0.0)
    eye_m = np.array([3.0, 21.3, -7.0]) + outer @ eye.offset_m
    assert camera.eye_m == pytest.approx(eye_m, abs=1e-9)
    for x, across in ((-1.0, angles.angle_left), (1.0, angles.angle_right)):
        for y, up in ((-1.0, angles.angle_down), (1.0, angles.angle_up)):
            way = outer @ eye.turned @ np.array([math.tan(across), math.tan(up), -1.0])
            for far_m in (0.4, 30.0):
                assert in_clip(camera.clip_from_world, eye_m + way * far_m)[:2] == pytest.approx((x, y), abs=1e-5)
            ray = camera.ray_from_clip[:3] @ np.array([x, y, 1.0, 1.0])
            assert ray == pytest.approx(way, abs=1e-9)
    near = eye_m + outer @ eye.turned @ np.array([0.0, 0.0, -matrices.NEAR_M])
    assert in_clip(camera.clip_from_world, near)[2] == pytest.approx(-1.0, abs=1e-5)


def test_an_even_picture_is_that_of_a_screen() -> None:
    across, up = math.tan(math.radians(40.0)), math.tan(math.radians(35.0))
    even = projection_of((-across, across, -up, up))
    assert even == pytest.approx(matrices.perspective(70.0, across / up), abs=1e-9)


def test_the_cone_for_choosing_holds_every_corner_of_both_pictures() -> None:
    cameras = cameras_of(View("shore", {}, 0, 0.0, EyePose(), eyes=eyes()), MOMENT, (0.0,), 1.0)
    axis = np.array(middle_way([camera.ray_from_clip for camera in cameras]))
    for camera in cameras:
        for x in (-1.0, 1.0):
            for y in (-1.0, 1.0):
                ray = camera.ray_from_clip[:3] @ np.array([x, y, 1.0, 1.0])
                assert math.acos(float(axis @ ray / np.linalg.norm(ray))) <= camera.cone_rad


ANGLES = st.floats(-170.0, 170.0), st.floats(-80.0, 80.0), st.floats(-170.0, 170.0)


@settings(max_examples=60)
@given(*ANGLES)
def test_a_heads_quaternion_gives_its_angles(yaw_deg: float, pitch_deg: float, roll_deg: float) -> None:
    turn = matrices.head_rotation(yaw_deg, pitch_deg, roll_deg)
    back = fields.turned(Quaternion(*fields.quaternion_of(turn)))
    assert back == pytest.approx(turn, abs=1e-9)
    head = fields.head_of(turn, np.zeros(3), is_worn=True, is_tracked=True, is_focused=True)
    assert (head.yaw_deg, head.pitch_deg, head.roll_deg) == pytest.approx((yaw_deg, pitch_deg, roll_deg), abs=1e-6)


@settings(max_examples=60)
@given(*ANGLES)
def test_where_the_head_rests_is_straight_ahead(yaw_deg: float, pitch_deg: float, roll_deg: float) -> None:
    turn = matrices.head_rotation(yaw_deg, pitch_deg, roll_deg / 4.0)
    seated = fields.turned(Quaternion(*fields.heading_quaternion(turn))).T @ turn
    head = fields.head_of(seated, np.zeros(3), is_worn=True, is_tracked=True, is_focused=True)
    assert (head.yaw_deg, head.pitch_deg) == pytest.approx((0.0, pitch_deg), abs=1e-6)
    lying = fields.turned(Quaternion(*fields.resting_quaternion(turn))).T @ turn
    head = fields.head_of(lying, np.zeros(3), is_worn=True, is_tracked=True, is_focused=True)
    assert (head.yaw_deg, head.pitch_deg) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_a_head_that_looks_at_the_ceiling_can_rest_there() -> None:
    up = matrices.head_rotation(20.0, 90.0)
    resting = fields.turned(Quaternion(*fields.resting_quaternion(up)))
    assert resting.T @ up == pytest.approx(np.eye(3), abs=1e-9)


@pytest.mark.gl
def test_each_eye_of_a_headset_is_drawn_as_if_it_were_alone(renderer: Renderer) -> None:
    """Unlike sides and canted pictures: the sky, the ground and what is chosen are right for each eye."""
    values = load_manifest("shore").values_at(0.0, {})
    both = View("shore", values, 0, 4.0, EyePose(eye_height_m=1.2), eyes=eyes())
    renderer.resize(320, 160)
    renderer.draw(both)
    pair = renderer.read_rgb().astype(int)
    renderer.resize(160, 160)
    for number in (0, 1):
        renderer.draw(replace(both, eyes=eyes()[number : number + 1]))
        alone = renderer.read_rgb().astype(int)
        apart = np.abs(pair[:, 160 * number : 160 * (number + 1)] - alone)
        assert apart.mean() < 0.7
        assert np.mean(apart.max(axis=2) > 24) < 0.01
    assert np.abs(pair[:, :160] - pair[:, 160:]).mean() > 3.0


@pytest.mark.gl
def test_what_the_lenses_hide_stays_black_and_the_rest_as_it_was(renderer: Renderer) -> None:
    values = load_manifest("shore").values_at(0.0, {})
    left, right = eyes()
    whole = View("shore", values, 0, 4.0, EyePose(eye_height_m=1.2), eyes=(left, right))
    corner = np.array([[[-9.0, -9.0], [left.tangents[0], 9.0], [-0.9, -9.0]]], np.float32)
    renderer.resize(320, 160)
    renderer.draw(whole)
    shown = renderer.read_rgb().astype(int)
    renderer.draw(replace(whole, eyes=(replace(left, hidden=corner), right)))
    covered = renderer.read_rgb().astype(int)
    is_hidden = covered[:, :160].max(axis=2) <= 1
    assert is_hidden[-8:, 2:10].all()
    assert 0.02 < is_hidden.mean() < 0.5
    assert np.abs(covered - shown)[:, :160][~is_hidden].mean() < 0.5
    assert np.abs(covered - shown)[:, 160:].max() <= 1


@pytest.mark.gl
def test_where_nothing_stands_a_see_through_picture_is_clear(renderer: Renderer) -> None:
    values = load_manifest("shore").values_at(0.0, {})
    up = View("shore", values, 0, 4.0, EyePose(pitch_deg=50.0), is_see_through=True)
    down = replace(up, eye=EyePose(pitch_deg=-30.0))
    renderer.resize(64, 48)
    found = []
    for view in (up, down, replace(up, is_see_through=False)):
        renderer.draw(view)
        rgba = np.frombuffer(renderer._targets.finished.read(components=4), np.uint8).reshape(-1, 4)
        found.append((rgba[:, 3].mean(), rgba[:, :3].mean()))
    assert found[0][0] < 5.0
    assert found[0][1] < 3.0
    assert found[1][0] > 20.0  # the sea
    assert found[2][0] == 255.0
