"""The camera's speed and acceleration: what is seen counts, what is dark does not."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from environments.comfort.motion import CameraSample, motion, worst


def samples(
    height_m: Callable[[float], float],
    per_s: float = 30.0,
    fade: Callable[[float], float] = lambda _: 0.0,
    yaw_deg: Callable[[float], float] = lambda _: 0.0,
) -> list[CameraSample]:
    times = [index / per_s for index in range(round(8.0 * per_s) + 1)]
    return [CameraSample(t, (0.0, height_m(t), 0.0), yaw_deg(t), fade(t)) for t in times]


def ride(peak_m_s2: float) -> Callable[[float], float]:
    """A swing whose acceleration peaks at a value, four seconds long."""
    rate = 2.0 * math.pi / 4.0
    return lambda t: peak_m_s2 / rate**2 * (1.0 - math.cos(rate * t))


@pytest.mark.parametrize("per_s", [10.0, 30.0, 90.0])
@pytest.mark.parametrize("peak_m_s2", [0.45, 0.55])
def test_a_smooth_ride_keeps_its_acceleration_at_any_rate_of_samples(per_s: float, peak_m_s2: float) -> None:
    found = motion(samples(ride(peak_m_s2), per_s))
    assert found.acceleration_m_s2 == pytest.approx(peak_m_s2, rel=0.02)
    assert (found.acceleration_m_s2 > 0.5) is (peak_m_s2 > 0.5)


def test_an_even_speed_has_no_acceleration_and_is_told() -> None:
    found = motion(samples(lambda t: 1.4 * t))
    assert found.speed_m_s == pytest.approx(1.4)
    assert found.acceleration_m_s2 == pytest.approx(0.0, abs=1e-6)


def test_a_sudden_start_is_a_jolt_however_finely_it_is_sampled() -> None:
    for per_s in (10.0, 30.0, 120.0):
        found = motion(samples(lambda t: max(t - 2.0, 0.0) * 0.4, per_s))
        assert found.acceleration_m_s2 > 2.0


def test_a_jump_in_sight_is_enormous_and_one_in_the_dark_is_nothing() -> None:
    def jump(t: float) -> float:
        return 0.0 if t < 4.0 else 20.0

    dark = samples(jump, fade=lambda t: 1.0 if 3.5 < t < 4.5 else 0.0)
    assert motion(samples(jump)).acceleration_m_s2 > 100.0
    assert motion(dark).acceleration_m_s2 == 0.0
    assert motion(dark).speed_m_s == 0.0


def test_a_jump_is_seen_through_a_fade_that_is_not_complete() -> None:
    shaded = samples(lambda t: 0.0 if t < 4.0 else 20.0, fade=lambda t: 0.95 if 3.5 < t < 4.5 else 0.0)
    assert motion(shaded).acceleration_m_s2 > 100.0


def test_a_turn_of_the_view_is_told_also_across_the_half_circle() -> None:
    turned = motion(samples(lambda _: 0.0, yaw_deg=lambda t: (170.0 + 5.0 * t + 180.0) % 360.0 - 180.0))
    assert turned.yaw_deg_s == pytest.approx(5.0)
    assert motion(samples(lambda _: 0.0, yaw_deg=lambda _: 170.0)).yaw_deg_s == 0.0


@pytest.mark.parametrize("lasts_s", [0.4, 0.6])
def test_a_fade_is_as_long_as_it_would_take_in_whole(lasts_s: float) -> None:
    found = motion(samples(lambda _: 0.0, 90.0, fade=lambda t: min(max((t - 1.0) / lasts_s, 0.0), 1.0)))
    assert found.shortest_fade_s == pytest.approx(lasts_s)
    assert motion(samples(lambda _: 0.0)).shortest_fade_s is None


@pytest.mark.parametrize("fade_0to1", [0.0, 1.0])
def test_a_choice_that_is_swapped_in_sight_is_a_cut(fade_0to1: float) -> None:
    states = [("heights", "railing wall")] * 3 + [("heights", "railing rope")] * 3
    track = [CameraSample(i / 30.0, (0.0, 0.0, 0.0), 0.0, fade_0to1, state) for i, state in enumerate(states)]
    assert motion(track).cuts == (() if fade_0to1 else ("railing wall becomes railing rope",))


def test_the_worst_of_several_is_kept() -> None:
    slow, fast = motion(samples(lambda t: 0.1 * t)), motion(samples(lambda t: 0.9 * t))
    assert worst([slow, fast, slow]).speed_m_s == pytest.approx(0.9)
    assert worst([]).shortest_fade_s is None
