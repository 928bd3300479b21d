"""What the levels, parameters and events of the heights scene do to a moment, without drawing it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from environments.gltf.built_in import built_in_model
from environments.render.model import SceneFrame
from environments.render.shapes import Float64
from environments.scenes.heights.bodies import STEPS, bank, name_of
from environments.scenes.heights.build import SCENE
from environments.scenes.heights.deck import FLOOR_M, GALLERY
from environments.scenes.heights.happenings import BIRDS_S, LEAN_S, RIDE_S, STOREY_M, WAIT_S
from environments.scenes.heights.lively import MOST, nearest
from environments.scenes.heights.moment import plank_m
from environments.scenes.heights.palette import LOOKS
from environments.scenes.heights.people import UPRIGHT, crowd_of, upright_at
from environments.scenes.manifest import ParameterValue, load_manifest

MANIFEST = load_manifest("heights")
RAILINGS = ("wall", "bars", "glass", "rope", "none")
FLOORS = ("stone", "grating", "glass")


def _moment(level: float, time_s: float = 3.0, seed: float = 0, **events: float) -> SceneFrame:
    return SCENE.frame(MANIFEST.values_at(level / 10.0), int(seed), time_s, events)


def _with(changes: Mapping[str, ParameterValue], **events: float) -> SceneFrame:
    return SCENE.frame(MANIFEST.values_at(0.5, changes), 0, 3.0, events)


def _height_m(frame: SceneFrame) -> float:
    return frame.eye_base_m[1] - FLOOR_M


def test_there_are_eleven_levels_in_different_words() -> None:
    assert len(MANIFEST.levels) == 11
    assert len({level.words for level in MANIFEST.levels}) == 11


def test_parameters_are_those_the_design_names() -> None:
    names = {parameter.name for parameter in MANIFEST.parameters}
    assert names == {"height_m", "railing", "floor", "edge_distance_m", "wind_0to1", "time_of_day_h"}
    assert MANIFEST.parameter("height_m").max_rate_per_s == 1.5
    assert MANIFEST.parameter("railing").choices == RAILINGS
    assert MANIFEST.parameter("floor").choices == FLOORS


def test_each_level_is_higher_nearer_the_edge_and_no_less_exposed() -> None:
    for below, above in pairwise(level.parameters for level in MANIFEST.levels):
        assert float(above["height_m"]) > float(below["height_m"])
        assert float(above["edge_distance_m"]) < float(below["edge_distance_m"])
        assert float(above["wind_0to1"]) >= float(below["wind_0to1"])
        assert RAILINGS.index(str(above["railing"])) >= RAILINGS.index(str(below["railing"]))
        assert FLOORS.index(str(above["floor"])) >= FLOORS.index(str(below["floor"]))


@pytest.mark.parametrize("level", range(11))
def test_the_floor_is_as_high_over_the_square_as_the_level_says(level: int) -> None:
    frame = _moment(level)
    assert _height_m(frame) == pytest.approx(float(MANIFEST.levels[level].parameters["height_m"]))
    assert frame.moves["deck"][0, 1, 3] == pytest.approx(_height_m(frame), abs=1e-4)


@pytest.mark.parametrize("level", range(11))
def test_the_open_edge_is_as_far_ahead_as_the_level_says(level: int) -> None:
    frame, parameters = _moment(level), MANIFEST.levels[level].parameters
    out = plank_m(str(parameters["railing"]), float(parameters["edge_distance_m"]))
    assert frame.eye_base_m[2] + out == pytest.approx(float(parameters["edge_distance_m"]))
    assert frame.moves["plank glass"][0, 2, 3] == pytest.approx(-out, abs=1e-5)


def test_only_the_last_level_is_out_on_the_plank() -> None:
    shown = [not {"plank wood", "plank glass"} <= _moment(level).hidden for level in range(11)]
    assert shown == [False] * 10 + [True]
    assert _moment(10).eye_base_m[2] < -2.0


@pytest.mark.parametrize("railing", RAILINGS)
def test_one_railing_is_shown_at_a_time(railing: str) -> None:
    hidden = _with({"railing": railing}).hidden
    assert {kind for kind in RAILINGS[:4] if f"railing {kind}" not in hidden} == {railing} - {"none"}


@pytest.mark.parametrize("floor", FLOORS)
def test_one_floor_is_shown_at_a_time(floor: str) -> None:
    hidden = _with({"floor": floor}).hidden
    assert {kind for kind in FLOORS if f"floor {kind}" not in hidden} == {floor}


def test_walking_from_level_to_level_never_jumps() -> None:
    eyes = np.array([_moment(level).eye_base_m for level in np.linspace(0.0, 10.0, 2001)])
    assert np.abs(np.diff(eyes, axis=0)).max() < 0.12


def test_at_the_greatest_allowed_rate_the_patient_moves_slower_than_the_comfort_limit() -> None:
    rate = MANIFEST.parameter("edge_distance_m").max_rate_per_s or 0.0
    places = [_with({"railing": "none", "edge_distance_m": e}).eye_base_m[2] for e in np.arange(0.2, 3.0, 0.01)]
    assert np.abs(np.diff(places)).max() / 0.01 * rate <= 1.5


def test_neighbouring_levels_are_different_moments() -> None:
    for below, above in pairwise(_moment(level) for level in range(11)):
        assert below.eye_base_m != above.eye_base_m


def _same(one: SceneFrame, two: SceneFrame) -> bool:
    alike = one.moves.keys() == two.moves.keys() and one.hidden == two.hidden and one.eye_base_m == two.eye_base_m
    alike = alike and all(np.array_equal(one.moves[group], two.moves[group]) for group in one.moves)
    alike = alike and one.poses.keys() == two.poses.keys()
    return alike and all(np.array_equal(one.poses[name].joints, two.poses[name].joints) for name in one.poses)


def test_a_moment_depends_on_seed_time_and_parameters_alone() -> None:
    assert _same(_moment(6, birds=2.0), _moment(6, birds=2.0))
    assert not _same(_moment(6), _moment(6, time_s=3.1))
    assert not _same(_moment(0), _moment(0, seed=1))


def test_the_deck_moves_and_the_city_stays() -> None:
    low, high = _moment(1), _moment(9)
    assert not np.array_equal(low.moves["deck"], high.moves["deck"])
    assert "static" not in low.moves


def test_the_lift_rides_one_storey_and_comes_back() -> None:
    for name, sign in (("lift_up", 1.0), ("lift_down", -1.0)):
        rest = _height_m(_moment(5))
        assert _height_m(_moment(5, **{name: RIDE_S + 1.0})) == pytest.approx(rest + sign * STOREY_M)
        assert _height_m(_moment(5, **{name: 2 * RIDE_S + WAIT_S + 0.1})) == pytest.approx(rest)
        assert _height_m(_moment(5, **{name: 0.0})) == pytest.approx(rest)


def test_the_lift_keeps_within_comfort() -> None:
    times = np.arange(0.0, 2 * RIDE_S + WAIT_S + 1.0, 0.05)
    heights = np.array([_height_m(_moment(5, lift_up=float(age))) for age in times])
    assert np.abs(np.diff(heights)).max() / 0.05 <= 1.5
    assert np.abs(np.diff(heights, 2)).max() / 0.05**2 < 0.5


def test_the_lift_stays_between_ground_and_top() -> None:
    assert _height_m(_moment(0, lift_down=9.0)) == pytest.approx(0.0)
    assert _height_m(_moment(10, lift_up=9.0)) == pytest.approx(120.0)


def test_birds_appear_fly_and_leave() -> None:
    assert {"birds", "bird wings"} <= _moment(6).hidden
    early, late = _moment(6, birds=3.0), _moment(6, birds=8.0)
    assert not {"birds", "bird wings"} & early.hidden
    assert late.moves["birds"][:, 1, 3].mean() < early.moves["birds"][:, 1, 3].mean()
    assert {"birds", "bird wings"} <= _moment(6, birds=BIRDS_S).hidden


@pytest.mark.parametrize("level", range(11))
def test_what_flies_keeps_its_distance_from_the_eyes(level: int) -> None:
    for age in np.arange(0.0, 14.0, 0.25):
        frame = _moment(level, birds=float(age), gust=float(age))
        eye = np.add(frame.eye_base_m, (0.0, 1.62, 0.0))
        for group in {"birds", "blown leaves"} - frame.hidden:
            assert np.linalg.norm(frame.moves[group][:, :3, 3] - eye, axis=1).min() > 0.8


def test_a_gust_raises_the_wind_and_blows_leaves() -> None:
    calm, windy = _moment(4), _moment(4, gust=4.0)
    assert windy.wind_0to1 > calm.wind_0to1 + 0.3
    assert "blown leaves" in calm.hidden
    assert "blown leaves" not in windy.hidden


def test_the_visitor_leans_out_and_straightens_again() -> None:
    rest = _visitors_head_m(_moment(5))
    leaning = _visitors_head_m(_moment(5, leaning_person=5.0))
    assert (leaning - rest)[[0, 2]].max() < -0.1
    assert leaning[0] < GALLERY[0] < rest[0]
    assert _visitors_head_m(_moment(5, leaning_person=LEAN_S + 0.1)) == pytest.approx(rest)


def _visitors_head_m(frame: SceneFrame) -> Float64:
    poses = frame.poses[name_of(0)]
    head = bank(LOOKS[0].body).head[0]
    place_m = np.append(poses.joints[0, head] @ (0.0, 1.6, 0.0, 1.0), 1.0)
    return np.asarray((poses.places[0] @ place_m)[:3], np.float64)


def test_people_walk_and_cars_drive_at_sane_speeds() -> None:
    speeds = [item.going.speed_m_per_s for item in SCENE.build(0).items if item.going is not None]
    fastest = sorted({round(float(np.abs(one).max()), 3) for one in speeds})
    assert all(1.0 < one < 2.2 or 6.0 < one < 10.0 for one in fastest)
    assert 6.0 < fastest[-1] < 10.0
    one, two = (upright_at(crowd_of(0), time_s).rows[:, :2] for time_s in (10.0, 10.1))
    assert 0.5 < (np.linalg.norm(two - one, axis=1) / 0.1).max() < 2.2


@pytest.mark.parametrize("level", range(11))
def test_everybody_is_drawn_once_and_few_with_skeletons(level: int) -> None:
    for time_s in np.arange(0.0, 300.0, 13.7):
        frame = _moment(level, float(time_s))
        bodies = sum(len(poses.places) for poses in frame.poses.values())
        assert bodies == len(set(frame.left_out)) + 1 <= MOST + 1
        assert set(frame.left_out) <= set(range(UPRIGHT))


def test_the_people_nearest_to_the_patient_have_skeletons() -> None:
    assert sum(len(poses.places) for poses in _moment(0).poses.values()) == MOST + 1
    assert set(_moment(8).poses) == {name_of(0)}
    chosen = list(nearest(crowd_of(0), 3.0, (0.0, 0.0, 3.0)).left_out)
    away_m = np.linalg.norm(upright_at(crowd_of(0), 3.0).rows[:, :2] - (0.0, 3.0), axis=1)
    assert away_m[chosen].max() <= np.delete(away_m, chosen).min()


def test_the_feet_of_walkers_stay_where_they_are_set_down() -> None:
    one = bank("man_shirt")
    foot = built_in_model("people/man_shirt.glb").bodies[0].skeleton
    joint = foot.names.index("foot_l")
    at_rest = np.append(np.linalg.inv(foot.inverse_binds[joint])[:3, 3], 1.0)
    places_m = (one.walking[:, joint] @ at_rest)[:, :3]
    places_m[:, 2] += np.arange(STEPS) * one.stride_m / STEPS
    planted = places_m[places_m[:, 1] < places_m[:, 1].min() + 0.004]
    assert len(planted) >= 4
    assert np.ptp(planted[:, 2] % one.stride_m) < 0.03


def test_people_look_at_the_patient_now_and_then_and_blink() -> None:
    heads, lids = [], []
    for time_s in np.arange(0.0, 60.0, 0.25):
        poses = _moment(6, float(time_s)).poses[name_of(0)]
        heads.append((poses.joints[0, bank(LOOKS[0].body).head[0], :3, :3] @ (0.0, 0.0, 1.0))[0])
        lids.append(float(poses.morphs.max()))
    assert np.ptp(heads) > 0.6
    assert max(lids) > 0.5
    assert np.median(lids) < 1e-6


def test_the_sun_rises_and_sets() -> None:
    def elevation(hour: float) -> float:
        return _with({"time_of_day_h": hour}).sun.elevation_deg

    assert elevation(12.0) > elevation(9.0) > elevation(6.0)
    assert elevation(19.0) < 0.0
    assert "lit" in _with({"time_of_day_h": 12.0}).hidden
    assert "lit" not in _with({"time_of_day_h": 18.6}).hidden


def test_the_documented_levels_are_those_of_the_manifest() -> None:
    text = (Path(__file__).parents[2] / "docs" / "scene-heights.md").read_text("utf-8")
    for level in MANIFEST.levels:
        p = level.parameters
        row = (level.number, level.words, f"{p['height_m']:g}", p["railing"], p["floor"], p["edge_distance_m"])
        assert f"| {' | '.join(map(str, row))} |" in text
