"""The courses that are checked are those that the player takes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from environments.comfort import courses
from environments.comfort.check import Checker, Wanted, levels_of
from environments.player_scene import Target
from environments.scenes.heights.happenings import BIRDS_S, GUST_S, LEAN_S, RIDE_S, WAIT_S
from environments.scenes.manifest import load_manifest, scene_names
from environments.scenes.registry import scene

MANIFESTS = {name: load_manifest(name) for name in scene_names()}
HEIGHTS, SHORE = MANIFESTS["heights"], MANIFESTS["shore"]


def test_a_change_of_railing_is_made_in_the_dark_and_ends_at_the_next_level() -> None:
    course = next(one for one in courses.changes(HEIGHTS, 4, MANIFESTS) if one.wanted == Target("heights", 0.5))
    seen = list(courses.moments(course, 32.0, MANIFESTS))
    swap = next(index for index, one in enumerate(seen) if one.shown.values["railing"] == "glass")
    assert seen[0].shown.values["railing"] == "bars"
    assert seen[swap].shown.fade_0to1 == seen[swap - 1].shown.fade_0to1 == 1.0
    assert seen[-1].shown.intensity_0to1 == 0.5
    assert seen[-1].shown.fade_0to1 == 0.0


@pytest.mark.parametrize("level", range(11))
def test_every_neighbour_and_the_calm_scene_are_reached(level: int) -> None:
    found = courses.changes(HEIGHTS, level, MANIFESTS)
    wanted = {course.wanted for course in found}
    for other in (level - 1, level + 1):
        assert (Target("heights", other / 10.0) in wanted) is (0 <= other <= 10)
    assert Target("shore") in wanted
    assert {one.wanted for one in courses.unlike(found, MANIFESTS)} == wanted
    for course in found:
        last = list(courses.moments(course, 32.0, MANIFESTS))[-1].shown
        assert (last.fade_0to1, last.goal, last.ramp, last.pending) == (0.0, course.wanted, None, None)


def test_the_length_of_events_is_found_by_watching_them() -> None:
    found = courses.event_lengths_s(HEIGHTS, scene("heights"))
    ride_s = 2.0 * RIDE_S + WAIT_S
    expected = {"lift_up": ride_s, "lift_down": ride_s, "gust": GUST_S, "birds": BIRDS_S, "leaning_person": LEAN_S}
    assert found == {name: pytest.approx(length, abs=courses.EVENT_STEP_S) for name, length in expected.items()}
    assert courses.event_lengths_s(SHORE, scene("shore"))["sunset"] == pytest.approx(110.0, abs=1.0)


def test_events_run_from_their_beginning_past_their_end() -> None:
    (course,) = (one for one in courses.events(HEIGHTS, 3, dict.fromkeys(HEIGHTS.events, 8.0)) if "gust" in one.name)
    ages = [moment.events["gust"] for moment in courses.moments(course, 32.0, MANIFESTS)]
    assert ages[0] == 0.0
    assert ages[-1] > 8.0
    assert max(b - a for a, b in pairwise(ages)) <= 1 / 30


def test_an_ungraded_scene_is_seen_at_both_ends_of_what_can_be_set() -> None:
    names = {course.name for course in courses.stays(SHORE, 0, 1.0)}
    assert {"staying", "staying with swell_0to1 1", "staying with pace_per_min 15"} <= names
    assert not [name for name in names if "breath_phase" in name]
    assert len(courses.stays(HEIGHTS, 3, 1.0)) == 1


def test_a_quick_check_takes_the_first_middle_and_last_level() -> None:
    assert levels_of(HEIGHTS, None, is_quick=False) == tuple(range(11))
    assert levels_of(HEIGHTS, None, is_quick=True) == (0, 5, 10)
    assert levels_of(HEIGHTS, range(4, 6), is_quick=True) == (4, 5)
    assert levels_of(SHORE, range(4, 6), is_quick=False) == (0,)


def test_a_quick_check_draws_something_of_every_level_and_a_fade_and_follows_every_event() -> None:
    plans = Checker(None, Wanted("heights", (0, 5, 10), is_quick=True)).plans  # type: ignore[arg-type]
    assert [plan.level for plan in plans if plan.drawn] == [0, 5, 10]
    assert [course.start for plan in plans for course in plan.drawn if course.wanted is not None] == [
        Target("heights", 0.5)
    ]
    followed = {course.name for plan in plans for course in plan.followed}
    assert {f"event {name}" for name in HEIGHTS.events} <= followed
    (calm,) = Checker(None, Wanted("shore", (0,), is_quick=True)).plans  # type: ignore[arg-type]
    assert calm.drawn[0].name == "staying"
