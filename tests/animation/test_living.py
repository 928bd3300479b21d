"""People breathe, blink, sway and shift at human rates, never in step, and never with a jerk."""

from __future__ import annotations

import numpy as np
import pytest

from environments.animation import living
from environments.animation.anatomy import Part
from environments.animation.easing import chance, keys_of
from environments.animation.people import Moment, People
from environments.animation.postures import SEATED, STANDING, Posture
from environments.animation.traits import traits_of
from tests.animation.bodies import NAMES, body
from tests.animation.measuring import FRAME_S, film, jumps_m, turns_deg

EYES = [NAMES.index("left_eye"), NAMES.index("right_eye")]
OTHERS = [index for index in range(len(NAMES)) if index not in EYES]


@pytest.fixture(scope="module")
def person() -> People:
    return People(body(), seed=4, count=6)


def rising(closed: np.ndarray) -> np.ndarray:
    """Where something passes one half on its way up."""
    return np.nonzero((closed[1:] >= 0.5) & (closed[:-1] < 0.5))[0]


def test_people_blink_15_to_20_times_a_minute_and_never_evenly() -> None:
    traits = traits_of(1, 40)
    times_s = np.arange(0.0, 240.0, FRAME_S)
    closed = np.stack([living.blink_0to1(traits, float(time_s)) for time_s in times_s])
    for person in range(40):
        blinks = rising(closed[:, person])
        assert 14.5 <= len(blinks) / 4.0 <= 20.5
        gaps_s = np.diff(blinks) * FRAME_S
        assert gaps_s.std() > 0.4
        assert gaps_s.min() > 0.35
    assert closed.max(axis=0).min() > 0.97
    assert (closed < 0.01).mean() > 0.85


def test_lids_close_in_a_tenth_of_a_second_and_open_more_slowly() -> None:
    traits = traits_of(2, 20)
    times_s = np.arange(0.0, 12.0, 0.002)
    closed = np.stack([living.blink_0to1(traits, float(time_s)) for time_s in times_s])
    for person in range(20):
        (first, *_) = np.nonzero(closed[:, person] > 0.999)[0]
        begun = first - np.nonzero(closed[:first, person][::-1] < 0.001)[0][0]
        ended = first + np.nonzero(closed[first:, person] < 0.001)[0][0]
        assert 0.08 <= (first - begun) * 0.002 <= 0.15
        assert (ended - first) > 1.3 * (first - begun)


def test_people_breathe_12_to_18_times_a_minute() -> None:
    traits = traits_of(3, 30)
    times_s = np.arange(0.0, 120.0, 0.05)
    full = np.stack([living.breath_0to1(traits, float(time_s)) for time_s in times_s])
    rates = np.array([len(rising(full[:, person])) / 2.0 for person in range(30)])
    assert rates.min() >= 11.5
    assert rates.max() <= 18.5
    assert rates.std() > 1.0


def test_breathing_in_lifts_the_shoulders_and_leaves_the_hands_hanging() -> None:
    traits = traits_of(3, 30)
    moments = [living.breathing(traits, t).turns_rad for t in np.arange(0.0, 10.0, 0.1)]
    for turns in moments:
        chest = turns[:, Part.CHEST, 0]
        assert (np.sign(turns[:, Part.LEFT_SHOULDER, 2]) == -np.sign(chest)).all()
        assert turns[:, Part.LEFT_SHOULDER, 2] + turns[:, Part.LEFT_UPPER_ARM, 2] == pytest.approx(0.0 * chest)


def test_weight_goes_from_one_leg_to_the_other() -> None:
    traits = traits_of(5, 12)
    sides = np.stack([living.shifting_weight(traits, t).hips_m[:, 0] for t in np.arange(0.0, 90.0, 0.1)])
    assert (sides.max(axis=0) > 0.01).all()
    assert (sides.min(axis=0) < -0.01).all()
    assert np.abs(sides).max() <= living.SIDE_M + 1e-9


def test_same_seed_gives_the_same_pose_and_another_seed_another() -> None:
    moment = Moment(17.3, targets_m=np.array([[1.0, 1.5, 3.0], [-1.0, 1.2, 2.0]]))
    first, again, other = (People(body(), seed=seed, count=3).poses(moment) for seed in (8, 8, 9))
    assert np.array_equal(first.joints, again.joints)
    assert np.array_equal(first.morphs, again.morphs)
    assert not np.allclose(first.joints, other.joints, atol=1e-4)


def test_poses_do_not_depend_on_what_was_asked_before(person: People) -> None:
    late = person.poses(Moment(50.0)).joints
    person.poses(Moment(3.0))
    assert np.array_equal(late, person.poses(Moment(50.0)).joints)


def test_more_people_leave_the_first_as_they_were() -> None:
    few, many = (People(body(), seed=4, count=count).poses(Moment(6.0)).joints for count in (2, 9))
    assert np.allclose(few, many[:2], atol=1e-6)


@pytest.mark.parametrize("posture", [STANDING, SEATED], ids=["standing", "seated"])
def test_nothing_jumps_between_two_frames(posture: Posture) -> None:
    people = People(body(), seed=11, count=16, posture=posture)
    targets_m = np.array([[2.0, 1.6, 2.0], [-2.0, 1.2, 1.0], [0.0, 1.7, 3.0]])
    matrices = film(people, np.arange(0.0, 8.0, FRAME_S), lambda time_s: Moment(time_s, targets_m=targets_m))
    assert turns_deg(matrices)[..., OTHERS].max() < 2.0
    assert turns_deg(matrices)[..., EYES].max() < 10.0  # saccades reach about 700 degrees a second
    assert jumps_m(matrices)[..., OTHERS].max() < 0.006


def test_standing_people_move_but_keep_their_feet_in_place(person: People) -> None:
    matrices = film(person, np.arange(0.0, 40.0, 0.25))
    feet = matrices[:, :, [NAMES.index("left_foot"), NAMES.index("right_foot")]][..., :3, 3]
    assert np.ptp(feet, axis=0).max() < 1e-3
    head = matrices[:, :, NAMES.index("head"), :3, 3]
    assert np.ptp(head, axis=0)[:, [0, 2]].max(axis=1).min() > 0.01
    assert np.ptp(head, axis=0).max() < 0.15


def test_seated_people_have_hips_and_feet_where_a_chair_wants_them() -> None:
    matrices = film(People(body(), seed=2, count=4, posture=SEATED), np.arange(0.0, 10.0, 1.0))
    thigh = matrices[:, :, NAMES.index("left_thigh"), :3, 3]
    foot = matrices[:, :, NAMES.index("left_foot"), :3, 3]
    knee = matrices[:, :, NAMES.index("left_shin"), :3, 3]
    assert np.abs(thigh[..., 1] - 0.51).max() < 0.03
    assert np.abs(foot[..., 1] - 0.085).max() < 2e-3
    assert ((knee[..., 2] - thigh[..., 2]) > 0.35).all()
    assert (knee[..., 1] > 0.4).all()


def test_chance_is_even_and_tells_people_streams_and_slots_apart() -> None:
    keys = keys_of(1, 50)
    drawn = chance(keys[:, None, None], np.arange(20)[:, None], np.arange(-20, 20))
    assert drawn.mean() == pytest.approx(0.5, abs=0.005)
    assert drawn.std() == pytest.approx(np.sqrt(1.0 / 12.0), abs=0.005)
    assert len(np.unique(drawn)) == drawn.size
