"""The rules of the play in the ice canyon, and how the player plays them."""

import math

import numpy as np
import pytest

from environments.contract import SceneCommand
from environments.interact.geometry import Direction, angle_between_deg
from environments.play import Moment, hits
from environments.player_input import FromPatient, Head
from environments.player_model import Rules
from environments.player_reports import state_report
from environments.scenes.manifest import load_manifest
from environments.scenes.snow import canyon
from environments.scenes.snow.game import GAME, flown, ground_m
from environments.scenes.snow.targets import Kind, around, target
from tests.player.stand_in import SHORE, Bench

MANIFEST = load_manifest("snow")
VALUES = MANIFEST.values_at(0.0)
RULES = Rules({"shore": SHORE, "snow": MANIFEST}, games={"snow": GAME})
AHEAD = Direction(0.0, 0.0)


def playing(pace_0to1: float = 0.6) -> Bench:
    bench = Bench(RULES)
    bench.frame(SceneCommand(1, "snow", 0.0, 3.0, overrides={"pace_0to1": pace_0to1}))
    for number in range(40):
        bench.frame(SceneCommand(2 + number, "snow", 0.0, 3.0, overrides={"pace_0to1": pace_0to1}))
    return bench


def looking_at_the_nearest(bench: Bench, for_s: float, pace_0to1: float = 0.6) -> None:
    sequence = 100
    for _ in range(round(for_s * 30.0)):
        sequence += 1
        aims = bench.state.play.aims
        head = Head(aims[0].at.yaw_deg, aims[0].at.pitch_deg) if aims else Head()
        command = SceneCommand(sequence, "snow", 0.0, 3.0, overrides={"pace_0to1": pace_0to1})
        bench.frame(command, patient=FromPatient(head=head))


def test_what_stands_where_follows_from_the_seed_alone():
    assert target(7, 3) == target(7, 3)
    assert [target(n, 3) for n in range(30)] != [target(n, 4) for n in range(30)]
    kinds = {target(n, 0).kind for n in range(120)}
    assert kinds == set(Kind)


def test_more_targets_are_wanted_and_none_is_moved_for_it():
    few, many = around(20.0, 0.0, 0), around(20.0, 1.0, 0)
    assert set(few) < set(many)
    assert len(many) > 2 * len(few)


def test_a_snowball_lands_where_it_was_aimed_and_flies_in_an_arc():
    moment = Moment(VALUES, 0, 30.0)
    aim = GAME.aims(moment)[0]
    throw = GAME.throw(moment, aim.at, aim.target)
    assert flown(throw, 0.0) == pytest.approx(throw.start_m)
    assert flown(throw, throw.flight_s) == pytest.approx(throw.end_m)
    middle = flown(throw, throw.flight_s / 2.0)
    assert middle[1] > (throw.start_m[1] + throw.end_m[1]) / 2.0
    heights = np.array([flown(throw, throw.flight_s * k / 20.0)[1] for k in range(21)])
    assert np.allclose(np.diff(heights, 2), np.diff(heights, 2)[0])


def test_what_was_hit_cannot_be_hit_again():
    moment = Moment(VALUES, 0, 30.0)
    aim = GAME.aims(moment)[0]
    throw = GAME.throw(moment, aim.at, aim.target)
    later = Moment(VALUES, 0, 30.1, (throw,))
    assert aim.target not in {one.target for one in GAME.aims(later)}
    assert hits((throw,), throw.lands_s - 0.01) == 0
    assert hits((throw,), throw.lands_s) == 1


def test_a_throw_at_nothing_lands_on_the_ground():
    throw = GAME.throw(Moment(VALUES, 0, 30.0), Direction(20.0, -20.0), None)
    x, y, z = throw.end_m
    assert throw.target is None
    assert y == pytest.approx(ground_m(x, -z, 0), abs=0.4)


@pytest.mark.parametrize("seed", range(4))
def test_the_way_lies_on_the_ice_and_nobody_stands_on_it(seed):
    s = np.linspace(0.0, canyon.PERIOD_M, 400)
    assert (np.abs(canyon.river_middle_m(s, seed)) < canyon.shore_m(s, 1.0, seed) - 0.8).all()
    for one in (target(n, seed) for n in range(150)):
        assert abs(one.foot_m[0]) > 2.0


def test_the_shape_of_the_canyon_repeats_without_a_seam():
    parts = np.linspace(0.0, 1.0, 40)
    for side in (-1.0, 1.0):
        start = canyon.wall_points(np.zeros(40), parts, side, 0)
        end = canyon.wall_points(np.full(40, canyon.PERIOD_M), parts, side, 0)
        assert np.allclose(start[:, :2], end[:, :2], atol=1e-6)


def test_looking_alone_plays_and_hits_are_reported():
    bench = playing()
    looking_at_the_nearest(bench, 30.0)
    told = state_report(bench.state, 0.0, frames_in_budget=True)
    assert told.hits >= 4
    assert told.throws >= told.hits


def test_a_button_throws_at_once_and_not_twice_in_a_moment():
    bench = playing()
    bench.frame(patient=FromPatient(head=Head(0.0, -20.0), keys=("throw",)))
    bench.frame(patient=FromPatient(head=Head(0.0, -20.0), keys=("throw",)))
    assert bench.state.play.thrown == 1
    bench.run(0.8, patient=FromPatient(head=Head(0.0, -20.0)))
    bench.frame(patient=FromPatient(head=Head(0.0, -20.0), keys=("confirm",)))
    assert bench.state.play.thrown == 2


def test_a_change_of_pace_never_moves_the_sledge_at_once():
    bench = playing(0.6)

    def gone() -> float:
        values = bench.state.shown.values
        return bench.state.scene_time_s * values["pace_0to1"] + values["drift_m"]

    places = [gone()]
    for number in range(300):
        bench.frame(SceneCommand(200 + number, "snow", 0.0, 3.0, overrides={"pace_0to1": 1.0}))
        places.append(gone())
    speeds = np.diff(places) * 30.0
    assert bench.state.shown.fade_0to1 == 0.0
    assert speeds[0] == pytest.approx(0.6, abs=0.02)
    assert speeds[-1] == pytest.approx(1.0, abs=0.02)
    assert np.abs(np.diff(speeds)).max() * 30.0 < 0.1


def test_the_score_can_be_hidden_by_looking_at_it():
    bench = playing()
    for number in range(55):
        command = SceneCommand(100 + number, "snow", 0.0, 3.0, overrides={"pace_0to1": 0.6})
        bench.frame(command, patient=FromPatient(head=Head(-25.0, -15.0)))
    assert not bench.state.play.shows_score
    bench.frame(patient=FromPatient(keys=("score",)))
    assert bench.state.play.shows_score


def test_a_stop_leaves_the_play_and_keeps_the_count():
    bench = playing()
    looking_at_the_nearest(bench, 12.0)
    thrown = bench.state.play.thrown
    assert thrown > 0
    bench.frame(patient=FromPatient(keys=("stop",)))
    bench.run(1.5)
    assert bench.state.shown.target.scene == "shore"
    assert bench.state.play.throws == ()
    assert bench.state.play.thrown == thrown


def test_aims_are_told_as_seen_from_the_seat():
    moment = Moment(VALUES, 0, 30.0)
    for aim in GAME.aims(moment):
        one = target(aim.target, 0)
        x, _, z = one.foot_m
        bearing = math.degrees(math.atan2(x, -(z + 18.0)))
        assert angle_between_deg(Direction(bearing, 0.0), Direction(aim.at.yaw_deg, 0.0)) < 4.0
