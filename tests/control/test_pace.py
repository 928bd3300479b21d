"""Breathing and distraction: intensity locked, the pace led by resonance, regularity and the patient's own breath."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.control.inputs import allowed
from therapy.control import loop
from therapy.control.decision import BreathView, LoopInputs, Reason, Rule
from therapy.control.limits import PACE_EVERY_S
from therapy.control.loop import LoopState
from therapy.control.policies.base import Policy
from therapy.control.policies.breathing import Breathing
from therapy.control.policies.distraction import Distraction
from therapy.control.policies.resonance import PACES_PER_MIN, Trial, best_pace

CALM = allowed(place__grading=False, place__practising=True, place__current_0to1=0.0, place__pace_per_min=6.0)


class Practice:
    """A practice second by second: the pace applied so far, and the breath that answers it."""

    def __init__(self, policy: Policy, resonance_per_min: float = 5.0, regularity: float = 0.8) -> None:
        self.policy, self.state = policy, LoopState()
        self.inputs: LoopInputs = CALM
        self.resonance, self.regularity = resonance_per_min, regularity
        self.own_per_min: float | None = None
        self.changes: list[tuple[float, float]] = []
        self.changed_s = -100.0

    def run(self, seconds: int) -> Practice:
        for _ in range(seconds):
            t_s = self.inputs.t_s + 1.0
            pace = self.inputs.place.pace_per_min or 6.0
            swing = 12.0 - 4.0 * abs(pace - self.resonance)
            breath = BreathView(
                rate_per_min=self.own_per_min or pace,
                regularity_0to1=self.regularity,
                swing_bpm=swing,
                power_bpm2=swing * swing / 8.0,
                covers_s=64.0,
            )
            place = replace(self.inputs.place, since_pace_s=t_s - self.changed_s)
            self.inputs = replace(self.inputs, t_s=t_s, breath=breath, place=place)
            self.state, decision = loop.step(self.state, self.inputs, self.policy)
            assert decision.applied_0to1 == 0.0
            if decision.pace_per_min is not None:
                assert decision.rule is Rule.PACE
                assert t_s - self.changed_s >= PACE_EVERY_S
                assert place.pace_per_min is None or abs(decision.pace_per_min - pace) <= 0.5 + 1e-9
                self.changed_s = t_s
                self.changes.append((t_s, decision.pace_per_min))
                self.inputs = replace(self.inputs, place=replace(place, pace_per_min=decision.pace_per_min))
        return self

    @property
    def pace(self) -> float | None:
        return self.inputs.place.pace_per_min


@pytest.mark.parametrize("resonance", PACES_PER_MIN)
def test_the_search_finds_the_pace_at_which_the_heart_swings_most(resonance: float) -> None:
    practice = Practice(Breathing(search=True, trial_s=90.0), resonance).run(5 * 90 + 5 * 25 + 120)
    assert practice.pace == pytest.approx(resonance)
    assert {pace for _, pace in practice.changes} >= set(PACES_PER_MIN) - {6.0}


def test_without_a_search_the_protocols_pace_stands() -> None:
    assert Practice(Breathing(pace_per_min=6.0)).run(300).changes == []


def test_a_search_that_sees_no_breath_keeps_the_protocols_pace() -> None:
    policy = Breathing(pace_per_min=5.5, search=True, trial_s=90.0)
    state, inputs = policy.begin(), CALM
    for _ in range(700):
        pace = inputs.place.pace_per_min
        state, proposal = policy.step(state, replace(inputs, t_s=inputs.t_s + 1.0))
        pace = proposal.pace_per_min or pace
        inputs = replace(inputs, t_s=inputs.t_s + 1.0, place=replace(inputs.place, pace_per_min=pace))
    assert inputs.place.pace_per_min == 5.5


def test_the_pace_eases_towards_a_breath_that_does_not_follow_and_comes_back() -> None:
    practice = Practice(Breathing(pace_per_min=6.0), regularity=0.1)
    practice.own_per_min = 14.0
    practice.run(600)
    assert practice.pace == pytest.approx(7.0), "never more than one breath a minute away"
    practice.regularity, practice.own_per_min = 0.9, None
    assert practice.run(600).pace == pytest.approx(6.0)


def test_an_unknown_breath_changes_nothing() -> None:
    policy = Breathing(pace_per_min=6.0)
    _, proposal = policy.step(policy.begin(), replace(CALM, breath=BreathView()))
    assert (proposal.rule, proposal.reasons, proposal.pace_per_min) == (Rule.HOLD, (Reason.HR_UNKNOWN,), None)


@pytest.mark.parametrize("policy", [Breathing(search=True), Distraction(goal_per_min=6.0)])
def test_outside_the_practice_and_in_a_pause_nothing_is_paced(policy: Policy) -> None:
    for place in (replace(CALM.place, practising=False), replace(CALM.place, paused=True)):
        _, proposal = policy.step(policy.begin(), replace(CALM, place=place))
        assert proposal.pace_per_min is None


def test_distraction_leads_from_the_patients_own_breath_to_the_goal() -> None:
    practice = Practice(Distraction(goal_per_min=6.0, lead_every_s=30.0))
    practice.inputs = replace(CALM, place=replace(CALM.place, pace_per_min=None))
    practice.own_per_min = 9.0
    practice.run(1)
    assert practice.pace == pytest.approx(9.0)
    practice.own_per_min = None
    practice.run(600)
    assert practice.pace == pytest.approx(6.0)
    assert [pace for _, pace in practice.changes] == sorted((pace for _, pace in practice.changes), reverse=True)


def test_distraction_waits_for_a_breath_that_does_not_come_along() -> None:
    policy = Distraction(goal_per_min=6.0, lead_every_s=30.0)
    following, waiting = Practice(policy), Practice(policy)
    for practice in (following, waiting):
        practice.inputs = replace(CALM, place=replace(CALM.place, pace_per_min=None))
        practice.own_per_min = 10.0
        practice.run(1)
    following.own_per_min, waiting.own_per_min = None, 14.0
    assert (following.run(100).pace or 0.0) < (waiting.run(100).pace or 0.0)


def test_without_a_goal_distraction_leaves_the_scene_its_pace() -> None:
    assert Practice(Distraction()).run(100).changes == []


def test_the_best_pace_needs_a_valid_trial() -> None:
    assert best_pace(()) is None
    assert best_pace((Trial(6.0, None, None, 64.0), Trial(5.5, 9.0, 3.0, 20.0))) is None
    tied = (Trial(6.0, 9.0, 5.0, 64.0), Trial(5.5, 8.0, 6.0, 64.0))
    assert best_pace(tied) == 6.0, "ties go to the larger swing"
