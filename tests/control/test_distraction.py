"""Leading the breath, moment by moment: where it begins, when a step comes, when it waits, where it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.inputs import allowed
from therapy.control.decision import BreathView, LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.distraction import Distraction, DistractionState

LEADS = Distraction(goal_per_min=6.0)


def practice(own_per_min: float | None, pace_per_min: float | None = None, **changes: Any) -> LoopInputs:
    place = {"place__grading": False, "place__practising": True, "place__current_0to1": 0.0}
    breath = BreathView(rate_per_min=own_per_min)
    return allowed(**{**place, "place__pace_per_min": pace_per_min, "breath": breath, **changes})


def led(pace_per_min: float) -> Proposal:
    return Proposal(0.0, Rule.PACE, (Reason.PACE_LED,), 3.0, pace_per_min)


def stays(why: Reason) -> Proposal:
    return Proposal(0.0, Rule.HOLD, (why,), 3.0)


@pytest.mark.parametrize(("own", "begins"), [(9.3, 9.3), (6.0, 6.0), (5.0, 6.0), (None, 6.0)])
def test_it_begins_at_the_patients_own_breath_or_at_the_goal(own: float | None, begins: float) -> None:
    state, proposal = LEADS.step(LEADS.begin(), practice(own))
    assert state == DistractionState(1000.0, begins, 0.0)
    assert proposal == led(begins)
    assert LEADS.begin() == DistractionState(None, None, 0.0)


@pytest.mark.parametrize(
    ("stood_s", "own", "led_before", "led_after"),
    [
        (59.495, 9.0, 9.0, 9.0),
        (59.5, 9.0, 9.0, 8.5),
        (59.5, 10.5, 9.0, 8.5),
        (59.5, 10.55, 9.0, 9.0),
        (239.495, 14.0, 9.0, 9.0),
        (239.5, 14.0, 9.0, 8.5),
        (59.5, None, 9.0, 8.5),
        (59.5, 6.2, 6.2, 6.0),
        (59.5, 6.0, 6.005, 6.005),
        (59.5, 6.0, 6.015, 6.0),
        (500.0, 6.0, 6.0, 6.0),
    ],
)
def test_a_step_comes_after_a_minute_if_the_breath_came_along_and_after_four_anyway(
    stood_s: float, own: float | None, led_before: float, led_after: float
) -> None:
    state = DistractionState(999.5, led_before, stood_s)
    after, proposal = LEADS.step(state, practice(own, pace_per_min=3.0))
    assert after.led_per_min == led_after
    assert after.stood_s == (0.0 if led_after < led_before else stood_s + 0.5)
    assert proposal == led(led_after)


@pytest.mark.parametrize(
    ("now", "proposal"),
    [
        (8.985, led(9.0)),
        (8.995, stays(Reason.PACE_LED)),
        (9.005, stays(Reason.PACE_LED)),
        (9.015, led(9.0)),
        (None, led(9.0)),
    ],
)
def test_a_hundredth_of_a_breath_is_the_same_pace(now: float | None, proposal: Proposal) -> None:
    assert LEADS.step(DistractionState(999.5, 9.0, 0.0), practice(9.0, now))[1] == proposal


@pytest.mark.parametrize("changes", [{"place__practising": False}, {"place__paused": True}])
def test_outside_the_practice_a_pace_does_not_stand_any_longer(changes: dict[str, Any]) -> None:
    state = DistractionState(900.0, 9.0, 59.9)
    after, proposal = LEADS.step(state, practice(9.0, **changes))
    assert after == replace(state, t_s=1000.0)
    assert proposal == stays(Reason.NOT_GRADING)


def test_without_a_goal_it_leads_nowhere() -> None:
    policy = Distraction()
    after, proposal = policy.step(policy.begin(), practice(9.0))
    assert (after.led_per_min, proposal) == (None, stays(Reason.NOT_GRADING))
