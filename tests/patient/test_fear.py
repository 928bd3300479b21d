from dataclasses import replace
from math import exp

import pytest
from numpy.random import default_rng

from therapy.patient.fear import Fear, drive_0to1
from therapy.patient.traits import Stratum, Traits, draw_traits

TRAITS = replace(
    draw_traits(default_rng(1), Stratum.TYPICAL),
    rest_fear=10.0,
    fear_rise_s=20.0,
    fear_fall_s=60.0,
    habituation_half_life_s=600.0,
    belief_half_life_s=300.0,
    threshold_0to1=0.3,
    slope=10.0,
)
UNHABITUATING = replace(TRAITS, habituation_half_life_s=1e12)


def _fear(traits: Traits, drive: float, duration_s: float, step_s: float = 0.125) -> Fear:
    return _on(Fear(traits, step_s), drive, duration_s, step_s)


def _on(fear: Fear, drive: float, duration_s: float, step_s: float = 0.125) -> Fear:
    fear.set_drive(drive)
    fear.live(round(duration_s / step_s))
    return fear


def test_drive_is_a_sigmoid_and_nothing_in_the_calm_scene():
    assert drive_0to1(TRAITS, None) == 0.0
    assert drive_0to1(TRAITS, 0.3) == pytest.approx(0.5)
    assert drive_0to1(TRAITS, 0.5) == pytest.approx(1 / (1 + exp(-2)))


def test_fear_rises_by_its_time_constant():
    assert _fear(UNHABITUATING, 1.0, 20.0).fear == pytest.approx(100 - 90 * exp(-1), abs=0.01)


def test_fear_falls_by_its_slower_time_constant():
    afraid = _fear(UNHABITUATING, 1.0, 2000.0)
    assert _on(afraid, 0.0, 60.0).fear == pytest.approx(10 + 90 * exp(-1), abs=0.01)


@pytest.mark.parametrize("step_s", [0.125, 0.25, 0.5, 1.0])
def test_the_step_size_does_not_matter(step_s: float):
    exact = _fear(TRAITS, 0.8, 120.0, 0.125)
    assert _fear(TRAITS, 0.8, 120.0, step_s).fear == pytest.approx(exact.fear, abs=0.05)


def test_living_gives_the_fear_at_the_beginning_of_each_step():
    at_once, one_by_one = Fear(TRAITS, 0.125), Fear(TRAITS, 0.125)
    at_once.set_drive(0.7)
    one_by_one.set_drive(0.7)
    assert at_once.live(40) == [one_by_one.live(1)[0] for _ in range(40)]
    assert at_once.fear == one_by_one.fear


def test_half_of_the_fear_above_rest_is_left_after_the_half_life():
    fear = _fear(TRAITS, 1.0, 600.0)
    assert fear.unhabituated_0to1 == pytest.approx(0.5)
    assert fear.fear == pytest.approx(10 + 90 * 0.5, abs=4.0)


def test_calm_neither_habituates_nor_teaches():
    fear = _fear(TRAITS, 0.0, 600.0)
    assert (fear.unhabituated_0to1, fear.belief_percent) == (1.0, TRAITS.belief_percent)


def test_weak_exposure_teaches_less_than_strong():
    weak, strong = (_fear(TRAITS, drive, 300.0).belief_percent for drive in (0.2, 0.8))
    assert strong == pytest.approx(TRAITS.belief_percent / 2)
    assert strong < weak < TRAITS.belief_percent


def test_return_of_fear_gives_back_its_share_of_the_habituation():
    kept = _fear(TRAITS, 1.0, 600.0)
    kept.enter_again()
    assert kept.unhabituated_0to1 == pytest.approx(0.5)
    lost = _fear(replace(TRAITS, recovered_share=0.5), 1.0, 600.0)
    lost.enter_again()
    assert lost.unhabituated_0to1 == pytest.approx(0.75)
