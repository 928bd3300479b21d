"""Walkers plant their feet, keep on the ground, turn corners and come to a stop, smoothly."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from environments.animation.people import Moment, People
from environments.animation.rig import Rig
from environments.animation.routes import Route, Routes
from environments.animation.stepping import stride_s
from tests.animation.bodies import NAMES, body
from tests.animation.measuring import FRAME_S, film, jumps_m, turns_deg

Floats = NDArray[np.float64]
FEET = [NAMES.index("left_foot"), NAMES.index("right_foot")]
TOES = [NAMES.index("left_toes"), NAMES.index("right_toes")]
EYES = [NAMES.index("left_eye"), NAMES.index("right_eye")]
SOLES_M = np.array([[0.0, -0.085, z] for z in np.linspace(-0.05, 0.12, 18)])
"""Points of the sole, from the ankle, at rest."""
STRAIGHT = Route(((0.0, 0.0), (0.0, 6.0)), 1.3)
CORNER = Route(((0.0, 0.0), (0.0, 2.5), (2.5, 2.5)), 1.1, facing_deg=-120.0, ends_deg=0.0)
ROUND = Route(((-1.5, -1.5), (-1.5, 1.5), (1.5, 1.5), (1.5, -1.5)), 1.2, closed=True)
SLOW = Route(((0.0, 0.0), (0.0, 3.0)), 0.5)
ALL = (STRAIGHT, CORNER, ROUND, SLOW)


def soles(matrices: Floats) -> Floats:
    """Points of both soles in the world (t, k, 2, points, 3)."""
    rest = Rig(body().skeleton).rest_globals[FEET]
    since_rest = matrices[:, :, FEET][..., :3, :3] @ np.linalg.inv(rest[:, :3, :3])
    return np.asarray(np.einsum("tknij,pj->tknpi", since_rest, SOLES_M) + matrices[:, :, FEET][..., None, :3, 3])


@pytest.fixture(scope="module")
def walkers() -> Floats:
    people = People(body(), seed=6, count=len(ALL), routes=Routes(ALL))
    return film(people, np.arange(0.0, 9.0, FRAME_S))


def test_a_planted_foot_does_not_slip(walkers: Floats) -> None:
    points = soles(walkers)
    touches = points[..., 1] < 0.001
    slips_m = np.linalg.norm(np.diff(points[..., [0, 2]], axis=0), axis=-1)
    # A foot is planted where it touches the ground in this frame and the next: its lowest point must not move.
    both = touches[1:] & touches[:-1]
    lowest = np.argmin(points[1:, ..., 1], axis=-1)[..., None]
    slip = np.take_along_axis(slips_m, lowest, axis=-1)[..., 0]
    planted = np.take_along_axis(both, lowest, axis=-1)[..., 0] & (
        np.abs(np.diff(points[..., 1].min(axis=-1), axis=0)) < 1e-4
    )
    assert planted.mean() > 0.4
    assert slip[planted].max() < 0.002
    assert _drift_m(points, planted) < 0.002


def _drift_m(points: Floats, planted: NDArray[np.bool_]) -> float:
    """How far the middle of a flat foot wanders while it stays planted."""
    worst = 0.0
    flat = np.ptp(points[1:, ..., 1], axis=-1) < 1e-3
    for body_index in range(points.shape[1]):
        for foot in range(2):
            stays = (planted & flat)[:, body_index, foot].astype(int)
            ends = np.nonzero(np.diff(np.concatenate([[0], stays, [0]])))[0].reshape(-1, 2)
            for first, last in ends:
                middle = points[1 + first : 1 + last, body_index, foot].mean(axis=1)
                worst = max(worst, float(np.linalg.norm(np.ptp(middle, axis=0))))
    return worst


def test_one_foot_at_least_is_always_on_the_ground_and_none_below(walkers: Floats) -> None:
    lowest = soles(walkers)[..., 1].min(axis=-1)
    assert lowest.min() > -0.003
    assert lowest.min(axis=-1).max() < 0.003


def test_feet_swing_clear_of_the_ground(walkers: Floats) -> None:
    heights = soles(walkers)[:, 0, :, :, 1].min(axis=-1)
    walking = slice(int(2.0 / FRAME_S), int(4.0 / FRAME_S))
    assert (heights[walking].max(axis=0) > 0.025).all()
    assert (heights[walking].max(axis=0) < 0.12).all()


def test_walkers_reach_the_end_of_their_way_and_stand(walkers: Floats) -> None:
    hips = walkers[:, :, NAMES.index("hips"), :3, 3]
    assert hips[-1, 0, [0, 2]] == pytest.approx([0.0, 6.0], abs=0.03)
    assert hips[-1, 1, [0, 2]] == pytest.approx([2.5, 2.5], abs=0.03)
    assert jumps_m(walkers)[-20:, 0, FEET].max() < 1e-6
    feet = walkers[-1, 0, FEET, :3, 3]
    assert feet[:, 2] == pytest.approx([6.0 - 0.02] * 2, abs=0.01)


def test_walkers_go_at_the_speed_of_their_route(walkers: Floats) -> None:
    hips = walkers[:, 0, NAMES.index("hips"), :3, 3]
    first, last = int(2.0 / FRAME_S), int(4.0 / FRAME_S)
    assert np.linalg.norm(hips[last] - hips[first]) / 2.0 == pytest.approx(1.3, abs=0.03)


def test_the_body_turns_into_its_way_and_faces_as_told_at_the_end() -> None:
    routes = Routes([CORNER])
    headings = np.degrees([routes.at(np.array([time_s]))[0, 2] for time_s in np.arange(0.0, 14.0, FRAME_S)])
    assert headings[0] == pytest.approx(-120.0)
    assert headings[-1] == pytest.approx(0.0, abs=0.5)
    assert headings.max() == pytest.approx(90.0, abs=1.0)
    assert np.abs(np.diff(headings)).max() / FRAME_S < 180.0


def test_a_closed_route_comes_back_and_goes_on() -> None:
    routes = Routes([ROUND])
    ways = np.array([routes.at(np.array([time_s]))[0] for time_s in np.arange(0.0, 40.0, FRAME_S)])
    steps_m = np.linalg.norm(np.diff(ways[:, :2], axis=0), axis=1)
    assert steps_m[200:] == pytest.approx(1.2 * FRAME_S, rel=0.05)
    assert np.abs(np.diff(ways[:, 2])).max() < np.radians(2.5)
    assert np.degrees(abs(ways[-1, 2] - ways[0, 2])) > 600.0


def test_nothing_jumps_between_two_frames(walkers: Floats) -> None:
    others = [index for index in range(len(NAMES)) if index not in EYES]
    assert turns_deg(walkers)[..., others].max() < 8.0
    assert jumps_m(walkers)[..., others].max() < 0.06  # a swinging foot makes over 4 m/s


def test_thighs_and_trunk_turn_slowly(walkers: Floats) -> None:
    calm = [NAMES.index(name) for name in ("hips", "chest", "neck", "head")]
    assert turns_deg(walkers)[..., calm].max() < 2.5


def test_legs_keep_their_length(walkers: Floats) -> None:
    places = walkers[..., :3, 3]
    for upper, lower, length_m in (("left_thigh", "left_shin", 0.4201), ("right_shin", "right_foot", 0.4161)):
        way = places[:, :, NAMES.index(upper)] - places[:, :, NAMES.index(lower)]
        assert np.linalg.norm(way, axis=-1) == pytest.approx(length_m, abs=1e-3)


def test_arms_swing_against_the_legs(walkers: Floats) -> None:
    walking = slice(int(2.0 / FRAME_S), int(4.0 / FRAME_S))
    places = walkers[walking, 0, :, :3, 3]
    hand = places[:, NAMES.index("left_hand"), 2] - places[:, NAMES.index("hips"), 2]
    foot = places[:, NAMES.index("left_foot"), 2] - places[:, NAMES.index("hips"), 2]
    assert np.corrcoef(hand, foot)[0, 1] < -0.7


def test_walkers_are_not_in_step() -> None:
    routes = Routes([Route(((0.0, 0.0), (0.0, 9.0)), 1.2)] * 5)
    joints = People(body(), seed=1, count=5, routes=routes).poses(Moment(4.0)).joints
    left = joints[:, NAMES.index("left_thigh"), 1, 2]
    assert np.ptp(left) > 0.2


def test_stride_of_an_ordinary_walk_takes_about_a_second() -> None:
    assert stride_s(np.array([1.3])) == pytest.approx([1.09], abs=0.02)
