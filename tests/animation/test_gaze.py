"""People look where they are told: eyes first, head later and less far, never beyond what necks and eyes can do."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from environments.animation import gaze
from environments.animation.people import Moment, People
from environments.animation.rig import Rig
from environments.animation.traits import traits_of
from tests.animation.bodies import NAMES, body
from tests.animation.measuring import FRAME_S, film

Floats = NDArray[np.float64]
HEAD, EYE, CHEST = (NAMES.index(name) for name in ("head", "left_eye", "chest"))


def ahead_of(matrices: Floats, joint: int) -> Floats:
    """Where a joint that looked along +z at rest looks now, (..., 3)."""
    rest = Rig(body().skeleton).rest_globals[joint, :3, :3]
    return np.asarray((matrices[..., joint, :3, :3] @ np.linalg.inv(rest))[..., 2])


def apart_deg(first: Floats, second: Floats) -> Floats:
    return np.asarray(np.degrees(np.arccos(np.clip(np.einsum("...i,...i->...", first, second), -1.0, 1.0))))


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def looking(
    targets_m: list[tuple[float, float, float]], seconds: float, count: int = 6, step_s: float = 0.04
) -> Floats:
    """Joints of people who look from one target to another."""
    points_m = np.array(targets_m)
    people = People(body(), seed=3, count=count)
    return film(people, np.arange(0.0, seconds, step_s), lambda time_s: Moment(time_s, targets_m=points_m))


@pytest.mark.parametrize("target_m", [(0.3, 1.6, 2.0), (1.5, 1.2, 1.5), (-2.0, 2.0, 1.2), (0.0, 1.65, 0.8)])
def test_both_eyes_meet_at_the_target(target_m: tuple[float, float, float]) -> None:
    matrices = looking([target_m], 3.0)
    for joint in (EYE, NAMES.index("right_eye")):
        wanted = unit(np.array(target_m) - matrices[..., joint, :3, 3])
        assert apart_deg(ahead_of(matrices, joint), wanted).max() < 1.5 * gaze.SCAN_DEG + 0.5


def test_head_goes_along_but_less_far_than_the_eyes() -> None:
    matrices = looking([(1.5, 1.6, 1.5)], 3.0)
    head = np.degrees(np.arctan2(ahead_of(matrices, HEAD)[..., 0], ahead_of(matrices, HEAD)[..., 2]))
    assert head.mean() == pytest.approx(34.0, abs=3.0)


def test_head_and_eyes_stay_within_their_limits() -> None:
    matrices = looking([(3.0, 0.2, -0.4), (-3.0, 4.0, -0.4), (0.0, 3.5, 0.6), (0.3, 0.0, 0.5)], 7.0, 30)
    chest, head, eye = (ahead_of(matrices, joint) for joint in (CHEST, HEAD, EYE))
    assert apart_deg(head, chest).max() < 78.0  # both limits together, and what the spine sways
    assert apart_deg(eye, head).max() < np.hypot(gaze.EYE_YAW_DEG, gaze.EYE_DOWN_DEG) + 0.1


def test_what_is_behind_is_not_looked_at() -> None:
    matrices = looking([(0.0, 1.6, -2.0)], 3.0)
    assert apart_deg(ahead_of(matrices, HEAD), np.array([0.0, 0.0, 1.0])).max() < 12.0


def test_eyes_lead_the_head() -> None:
    traits = traits_of(7, 1)
    ways = np.radians([[[0.0, 0.0], [40.0, 0.0]]])
    ages_s = np.arange(0.0, 1.5, 0.001)
    eyes, heads = np.zeros(len(ages_s)), np.zeros(len(ages_s))
    for index, age_s in enumerate(ages_s):
        glancing = gaze.Glance(np.zeros(1, np.intp), np.ones(1, np.intp), np.array([age_s]))
        eyes[index] = gaze.eyes_towards(glancing, ways)[0, 0]
        heads[index] = gaze.head_towards(glancing, ways)[0, 0]
    assert len(traits.keys) == 1
    half_s = [ages_s[np.argmax(way > 0.5 * way[-1])] for way in (eyes, heads)]
    assert half_s[0] == pytest.approx(0.5 * (0.021 + 0.0022 * 40.0), abs=0.005)
    assert half_s[1] > half_s[0] + 0.1
    assert np.degrees(np.diff(heads).max()) / 0.001 <= gaze.HEAD_DEG_PER_S + 0.5


def test_head_speed_is_limited_however_far_it_turns() -> None:
    matrices = looking([(3.0, 1.2, 0.3), (-3.0, 1.8, 0.3)], 6.0, 30, FRAME_S)
    head = ahead_of(matrices, HEAD)
    assert apart_deg(head[1:], head[:-1]).max() / FRAME_S < gaze.HEAD_DEG_PER_S + 10.0


def test_shares_say_how_often_each_target_is_looked_at() -> None:
    traits = traits_of(5, 60)
    shares = np.tile([0.7, 0.2, 0.1], (60, 1))
    chosen = np.concatenate([gaze.glance(traits, time_s, shares).after for time_s in np.arange(0.0, 300.0, 1.7)])
    counts = np.bincount(chosen, minlength=3) / len(chosen)
    assert counts == pytest.approx([0.7, 0.2, 0.1], abs=0.03)


def test_a_target_that_moves_is_followed() -> None:
    people = People(body(), seed=3, count=2)

    def at(time_s: float) -> Moment:
        return Moment(time_s, targets_m=np.array([[np.sin(0.8 * time_s), 1.6, 2.0]]))

    times_s = np.arange(0.0, 8.0, FRAME_S)
    matrices = film(people, times_s, at)
    wanted = np.stack([np.sin(0.8 * times_s), 0.0 * times_s + 1.6, 0.0 * times_s + 2.0], -1)
    seen = unit(wanted[:, None] - matrices[..., EYE, :3, 3])
    assert apart_deg(ahead_of(matrices, EYE), seen).max() < 1.5 * gaze.SCAN_DEG + 0.5
