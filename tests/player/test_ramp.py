"""What moves in sight moves smoothly, arrives in time and never turns back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from environments.player_ramp import MOST_ACCELERATION_M_S2, MOST_SPEED_M_S
from environments.player_scene import Shown, Target, advance, follow
from environments.scenes.manifest import load_manifest

HEIGHTS = load_manifest("heights")
MANIFESTS = {"heights": HEIGHTS}
DT_S = 1.0 / 30.0
LEVELS = st.integers(0, 100).map(lambda number: number / 100.0)


def at(intensity_0to1: float) -> Shown:
    return Shown(Target("heights", intensity_0to1), intensity_0to1, HEIGHTS.values_at(intensity_0to1))


def told(shown: Shown, intensity_0to1: float, ramp_s: float, **overrides: float) -> Shown:
    return follow(shown, Target("heights", intensity_0to1, overrides=tuple(overrides.items())), ramp_s, MANIFESTS)


def moments(shown: Shown, lasts_s: float) -> list[Shown]:
    found = [shown]
    for _ in range(round(lasts_s / DT_S)):
        found.append(advance(found[-1], DT_S, DT_S, MANIFESTS))
    return found


def fastest(seen: list[Shown], steps: int = 3) -> tuple[float, float]:
    """Speed and acceleration over a tenth of a second, of what was never dark."""
    places = np.array([[float(one.values["height_m"]), float(one.values["edge_distance_m"])] for one in seen])
    speeds = (places[steps:] - places[:-steps]) / (steps * DT_S)
    gains = (speeds[steps:] - speeds[:-steps]) / (steps * DT_S)
    return float(np.linalg.norm(speeds, axis=1).max()), float(np.linalg.norm(gains, axis=1).max())


@settings(max_examples=80, deadline=None)
@given(LEVELS, LEVELS, st.floats(0.0, 60.0))
def test_whatever_is_seen_to_move_moves_gently_and_arrives_in_time(start, end, ramp_s):
    begun = told(at(start), end, ramp_s)
    if begun.pending is not None or begun.ramp is None:
        return
    seen = [at(start)] * 20 + moments(begun, max(ramp_s, 2.0) + 0.5)
    speed_m_s, gain_m_s2 = fastest(seen)
    assert speed_m_s <= MOST_SPEED_M_S + 1e-6
    assert gain_m_s2 <= MOST_ACCELERATION_M_S2 * 1.02
    way = [one.intensity_0to1 for one in seen]
    assert way in (sorted(way), sorted(way, reverse=True))
    assert (seen[-1].intensity_0to1, seen[-1].ramp) == (end, None)


def test_half_a_level_that_would_jolt_goes_through_the_dark_and_a_slow_one_is_seen():
    assert told(at(0.5), 0.45, 5.0).pending is not None
    slow = told(at(0.5), 0.45, 10.0)
    assert slow.pending is None
    seen = moments(slow, 10.1)
    assert seen[-1].values["height_m"] == 28.0
    assert not any(one.fade_0to1 for one in seen)
    middle = seen[len(seen) // 2].values["height_m"]
    assert float(middle) == pytest.approx(31.0, abs=0.1)


def test_a_way_across_a_level_counts_its_change_of_speed():
    """Level 5 is farther from level 4 than level 3 is: the lift would jolt in passing, however slow."""
    assert told(at(0.31), 0.39, 36.0).pending is None
    assert told(at(0.31), 0.41, 36.0).pending is not None


def test_a_new_command_the_same_way_keeps_the_speed():
    half = moments(told(at(0.5), 0.45, 10.0), 5.0)
    again = moments(told(half[-1], 0.45, 10.0, time_of_day_h=10.6), 10.1)
    assert not any(one.pending for one in again)
    seen = half + again[1:]
    assert fastest(seen)[1] <= 0.5
    assert again[-1].values["height_m"] == 28.0


def test_a_new_command_the_other_way_turns_at_once():
    half = moments(told(at(0.5), 0.45, 10.0), 5.0)
    back = moments(told(half[-1], 0.5, 10.0), 10.1)
    assert [one.intensity_0to1 for one in back] == sorted(one.intensity_0to1 for one in back)


def test_a_ramp_goes_on_under_a_fade_that_wants_no_less():
    half = moments(told(at(0.5), 0.45, 10.0), 5.0)
    fading = moments(told(half[-1], 0.6, 3.0), 0.4)
    assert fading[-1].pending is not None
    heights = [float(one.values["height_m"]) for one in fading]
    assert all(after < before for before, after in pairwise(heights))
    rising = moments(told(at(0.0), 0.05, 10.0), 5.0)
    stopped = moments(told(rising[-1], 0.0, 3.0, time_of_day_h=18.0), 0.4)
    assert stopped[-1].pending is not None
    assert {one.intensity_0to1 for one in stopped} == {rising[-1].intensity_0to1}
