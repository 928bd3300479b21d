"""What levels, parameters and events of the tight places do to a moment, without drawing it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest

from environments.render.matrices import eye_position
from environments.render.model import EyePose, SceneFrame
from environments.scenes.enclosed import happenings
from environments.scenes.enclosed.build import SCENE
from environments.scenes.enclosed.people import MOST, fitting, name_of
from environments.scenes.manifest import ManifestError, ParameterValue, load_manifest

MANIFEST = load_manifest("enclosed")
LEVELS = [level.parameters for level in MANIFEST.levels]


def _moment(
    level: float,
    time_s: float = 3.0,
    changes: Mapping[str, ParameterValue] | None = None,
    events: Mapping[str, float] | None = None,
) -> SceneFrame:
    return SCENE.frame(MANIFEST.values_at(level / 10.0, changes or {}), 0, time_s, events or {})


def _exposure(frame: SceneFrame) -> float:
    assert frame.interior is not None
    return frame.interior.exposure


def test_there_are_eleven_levels_in_different_words() -> None:
    assert len({level.words for level in MANIFEST.levels}) == len(MANIFEST.levels) == 11


def test_the_lift_gets_narrower_and_darker_and_is_full_before_it_stops() -> None:
    lift = [level for level in LEVELS if level["place"] == "lift"]
    for below, above in pairwise(lift):
        assert float(above["width_m"]) < float(below["width_m"])
        assert float(above["light_0to1"]) <= float(below["light_0to1"])
        assert float(above["stuck_0to1"]) >= float(below["stuck_0to1"])
    assert max(float(level["people"]) for level in lift) == MOST


def test_the_scanner_comes_last_and_takes_the_patient_deeper_each_time() -> None:
    depths_m = [float(level["depth_m"]) for level in LEVELS if level["place"] == "scanner"]
    assert [level["place"] for level in LEVELS] == ["lift"] * 8 + ["scanner"] * 3
    assert depths_m == sorted(set(depths_m))


@pytest.mark.parametrize("level", range(8))
def test_the_walls_stand_as_far_apart_as_the_level_says(level: int) -> None:
    moves = _moment(level).moves
    apart_m = moves["right"][0, 0, 3] - moves["left"][0, 0, 3]
    assert apart_m == pytest.approx(float(LEVELS[level]["width_m"]), abs=1e-5)


@pytest.mark.parametrize("level", range(8))
def test_everybody_whom_a_level_names_is_there_inside_the_walls(level: int) -> None:
    frame = _moment(level)
    assert set(frame.poses) == {name_of(number) for number in range(int(LEVELS[level]["people"]))}
    for poses in frame.poses.values():
        assert abs(poses.places[0, 0, 3]) <= float(LEVELS[level]["width_m"]) / 2.0 - 0.24


def test_no_more_people_are_shown_than_fit() -> None:
    counts = [fitting(8.0, width_m) for width_m in (0.6, 0.8, 1.0, 1.2, 1.35, 3.0)]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] == MOST
    assert not _moment(5, changes={"width_m": 0.6}).poses


def test_people_move_and_the_same_moment_is_always_the_same() -> None:
    one, other = _moment(5, 10.0), _moment(5, 10.4)
    for time_s in (3.0, 50.0, 7.7):
        _moment(5, time_s)
    again = _moment(5, 10.0)
    for name, poses in one.poses.items():
        np.testing.assert_array_equal(poses.joints, again.poses[name].joints)
        assert np.abs(poses.joints - other.poses[name].joints).max() > 1e-4


def test_the_door_opens_both_leaves_and_a_closed_one_hides_the_landing() -> None:
    open_, ajar, closed = (_moment(0, changes={"door_open_0to1": part}) for part in (1.0, 0.35, 0.0))
    gaps_m = [frame.moves["leaf_right"][0, 0, 3] - frame.moves["leaf_left"][0, 0, 3] for frame in (open_, ajar, closed)]
    assert gaps_m[0] > 0.85
    assert 0.2 < gaps_m[1] < 0.4
    assert gaps_m[2] == 0.0
    assert "landing" in closed.hidden
    assert "landing" not in ajar.hidden


def test_a_stopped_lift_stands_below_its_floor_and_shows_none() -> None:
    frame = _moment(6)
    assert frame.moves["landing"][0, 1, 3] > 1.0
    assert frame.texts[0].words == "- -"
    assert _moment(4, 3.0).texts[0].words != _moment(4, 10.0).texts[0].words, "a closed lift that runs passes floors"
    assert _moment(0, 3.0).texts[0].words == _moment(0, 10.0).texts[0].words, "an open one stands at its floor"


def test_a_lying_patient_has_the_eyes_in_the_tube_whatever_the_posture_outside() -> None:
    frame = _moment(10)
    for height_m in (1.2, 1.62):
        x, y, z = eye_position(frame, EyePose(eye_height_m=height_m))
        assert np.hypot(x, y) < 0.1
        assert abs(z) < 0.2


def test_doors_go_and_come_back_to_where_they_were() -> None:
    for event, wanted in (("door_closes", 1.0), ("door_opens", 0.0)):
        middle = happenings.door_open(wanted, {event: happenings.DOOR_S + 1.0})
        assert middle == pytest.approx(1.0 - wanted)
        for age_s in (0.0, 60.0):
            assert happenings.door_open(wanted, {event: age_s}) == wanted


def test_light_dips_no_faster_than_once_a_second_and_comes_back() -> None:
    ages_s = np.arange(0.0, 8.0, 0.02)
    light = np.array([happenings.light_left({"flicker": float(age_s)}) for age_s in ages_s])
    darkest_s = ages_s[1:-1][(light[1:-1] < light[:-2]) & (light[1:-1] <= light[2:])]
    assert len(darkest_s) == happenings.DIPS
    assert np.diff(darkest_s).min() > 1.0
    assert np.abs(np.diff(light)).max() < 0.08
    assert light[-1] == light[0] == 1.0


@pytest.mark.parametrize("event", ["stops", "flicker", "scan"])
def test_events_of_the_light_change_it_and_leave_nothing(event: str) -> None:
    level = 9 if event == "scan" else 4
    seen = [_exposure(_moment(level, events={event: age_s})) for age_s in (0.35, 2.0, 2.4, 30.0)]
    assert min(seen) < 0.97 * _exposure(_moment(level))
    assert seen[-1] == _exposure(_moment(level))


def test_the_intercom_lights_its_lamp() -> None:
    assert "lift signal" in _moment(4).hidden
    assert "lift signal" not in _moment(4, events={"intercom": 3.0}).hidden
    assert _moment(4, events={"intercom": 3.0}).texts[0].words == "HELP IS\nCOMING"
    assert "scanner signal" not in _moment(9, events={"intercom": 3.0}).hidden


@pytest.mark.parametrize(
    ("name", "value"), [("width_m", 0.3), ("people", 12.0), ("place", "cellar"), ("light_0to1", 0.0)]
)
def test_what_the_scene_cannot_show_is_refused(name: str, value: ParameterValue) -> None:
    with pytest.raises(ManifestError, match=name):
        MANIFEST.values_at(0.5, {name: value})
