"""The breathing guide, the slider, and patients who lie down."""

import numpy as np
import pytest

from environments.contract import BreathingGuide, PanelKind, Refused
from environments.interact.breathing import FADE_S, INHALE_SHARE, breath_0to1
from environments.interact.geometry import Direction
from environments.interact.layout import choices_of
from environments.interact.overlay import Overlay
from environments.player_input import FromPatient, Head
from tests.player.stand_in import Bench


def guided(pace_per_min=6.0) -> Bench:
    bench = Bench()
    bench.run(1.0)
    bench.frame(BreathingGuide(pace_per_min))
    return bench


def test_the_guide_breathes_at_its_pace_and_says_what_to_do():
    bench = guided(6.0)
    bench.run(20.0)
    guide = bench.state.asked.guide
    assert guide.cycles == pytest.approx(2.0, abs=0.02)
    bench.run(2.0)
    assert bench.state.asked.guide.breathes_in
    bench.run(4.0)
    assert not bench.state.asked.guide.breathes_in


def test_a_change_of_pace_keeps_the_breath_and_the_place():
    bench = guided(6.0)
    bench.run(7.0)
    before = bench.state.asked.guide
    bench.frame(BreathingGuide(5.0), patient=FromPatient(head=Head(yaw_deg=50.0)))
    after = bench.state.asked.guide
    assert after.center == before.center
    assert after.cycles == pytest.approx(before.cycles, abs=0.01)
    assert after.pace_per_min == 5.0


def test_the_guide_fades_and_a_stop_takes_it_away():
    bench = guided()
    bench.run(2.0)
    bench.frame(BreathingGuide(None))
    bench.run(FADE_S / 2.0)
    assert 0.0 < bench.state.asked.guide.opacity_0to1 < 1.0
    bench.run(FADE_S)
    assert bench.state.asked.guide is None
    other = guided()
    other.frame(patient=FromPatient(keys=("stop",)))
    other.run(FADE_S + 0.2)
    assert other.state.asked.guide is None


def test_a_pace_nobody_breathes_is_refused():
    bench = guided(40.0)
    (said,) = bench.told(Refused)
    assert "3 to 15" in said.reason
    assert bench.state.asked.guide is None


def test_the_disc_grows_while_breathing_in_and_never_jumps():
    cycles = np.linspace(0.0, 2.0, 2001)
    sizes = np.array([breath_0to1(float(one)) for one in cycles])
    assert sizes.min() >= 0.0
    assert sizes.max() == pytest.approx(1.0, abs=1e-4)
    assert (np.diff(sizes[: int(INHALE_SHARE * 1000)]) >= 0.0).all()
    assert np.abs(np.diff(sizes)).max() < 0.005


def test_the_guide_is_drawn_as_ring_disc_and_word():
    bench = guided()
    bench.run(3.0)
    drawn = {panel.name: panel for panel in Overlay().panels(bench.state.asked, Direction(0.0, 0.0))}
    assert drawn["guide-1"].width_m < drawn["guide-0"].width_m
    assert drawn["guide-2"].distance_m < drawn["guide-1"].distance_m < drawn["guide-0"].distance_m


def test_the_expectancy_is_asked_on_a_straight_line():
    choices = choices_of(PanelKind.EXPECTANCY)
    assert len({choice.up for choice in choices}) == 1
    assert [choice.answer for choice in choices] == list(range(0, 101, 10))
    assert np.allclose(np.diff([choice.right for choice in choices]), choices[1].right - choices[0].right)
