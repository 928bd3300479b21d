"""The published rules, as published: what they do, and what makes them naive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.inputs import allowed
from tests.control.life import watched
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.base import Policy
from therapy.control.policies.published import PUBLISHED, AnxietyClass, NinetyBpm, PercentOfBaseline, PublishedState

PERCENT, NINETY, CLASS = PercentOfBaseline(), NinetyBpm(), AnxietyClass()
every_rule = pytest.mark.parametrize("policy", PUBLISHED.values(), ids=PUBLISHED)


def beating(bpm: float | None, level_0to1: float = 0.5, **changes: Any) -> LoopInputs:
    """A heart rate, with a baseline of 70 ± 4 bpm."""
    return allowed(heart__hr10_bpm=bpm, place__current_0to1=level_0to1, **changes)


def moves(policy: Policy, inputs: LoopInputs, seconds: int, state: Any = None) -> list[tuple[int, Rule, float]]:
    """When which rule would have moved where, the patient staying where he is all the same."""
    found = watched(policy, inputs, seconds, state)[1]
    return [(at, one.rule, one.intensity_0to1) for at, one in enumerate(found) if one.rule is not Rule.HOLD]


def test_percent_goes_up_a_level_every_thirty_stable_seconds() -> None:
    assert moves(PERCENT, beating(83.9), 60) == [(30, Rule.PUBLISHED_UP, 0.6), (60, Rule.PUBLISHED_UP, 0.6)]


def test_percent_goes_down_a_level_every_fifteen_seconds_at_twenty_percent() -> None:
    assert moves(PERCENT, beating(84.0), 30) == [(15, Rule.PUBLISHED_DOWN, 0.4), (30, Rule.PUBLISHED_DOWN, 0.4)]


def test_percent_calls_the_calm_scene_after_twelve_seconds_at_forty_percent() -> None:
    state, found = watched(PERCENT, beating(98.0), 12)
    assert [one.rule for one in found[:12]] == [Rule.HOLD] * 12
    assert found[12] == Proposal(0.0, Rule.PUBLISHED_CALM, (Reason.HR_ABOVE_BAND,), 3.0)
    state, proposal = PERCENT.step(state, replace(beating(84.0, 0.0), t_s=1013.0))
    assert proposal.rule is Rule.PUBLISHED_CALM
    state, proposal = PERCENT.step(state, replace(beating(83.9, 0.0), t_s=1014.0))
    assert (proposal.rule, proposal.intensity_0to1) == (Rule.PUBLISHED_UP, 0.4), "back one level lower"
    assert PERCENT.step(state, replace(beating(83.9, 0.4), t_s=1015.0))[1].rule is Rule.HOLD


def test_percent_counts_unbroken_stretches_only() -> None:
    state, _ = watched(PERCENT, beating(84.0), 14)
    state, _ = PERCENT.step(state, replace(beating(83.0), t_s=1015.0))
    assert moves(PERCENT, replace(beating(84.0), t_s=1016.0), 14, state) == [(14, Rule.PUBLISHED_DOWN, 0.4)]
    state, _ = watched(PERCENT, beating(83.0), 29)
    state, _ = PERCENT.step(state, replace(beating(84.0), t_s=1030.0))
    assert moves(PERCENT, replace(beating(83.0), t_s=1031.0), 29, state) == [(29, Rule.PUBLISHED_UP, 0.6)]
    state, _ = watched(PERCENT, beating(98.0), 11)
    state, _ = PERCENT.step(state, replace(beating(97.0), t_s=1012.0))
    assert moves(PERCENT, replace(beating(98.0), t_s=1013.0), 1, state) == []


def test_ninety_calls_the_calm_scene_after_three_seconds_above_and_returns_below_eighty_five() -> None:
    assert moves(NINETY, beating(90.0), 29) == []
    state, found = watched(NINETY, beating(90.1), 3)
    assert [one.rule for one in found] == [Rule.HOLD] * 3 + [Rule.PUBLISHED_CALM]
    assert found[3].intensity_0to1 == 0.0
    state, proposal = NINETY.step(state, replace(beating(85.0, 0.0), t_s=1004.0))
    assert proposal.rule is Rule.PUBLISHED_CALM
    state, proposal = NINETY.step(state, replace(beating(84.9, 0.0), t_s=1005.0))
    assert (proposal.rule, proposal.intensity_0to1) == (Rule.PUBLISHED_UP, 0.5), "back to where it was called"
    assert moves(NINETY, replace(beating(80.0), t_s=1006.0), 29, state) == [(29, Rule.PUBLISHED_UP, 0.6)]


def test_ninety_counts_unbroken_stretches_and_does_not_go_up_while_above() -> None:
    state, _ = watched(NINETY, beating(91.0), 2)
    state, _ = NINETY.step(state, replace(beating(90.0), t_s=1003.0))
    assert moves(NINETY, replace(beating(91.0), t_s=1004.0), 1, state) == []
    state, _ = watched(NINETY, beating(80.0), 29)
    assert NINETY.step(state, replace(beating(91.0), t_s=1030.0))[1].rule is Rule.HOLD


@pytest.mark.parametrize(
    ("bpm", "rule", "after"),
    [
        (73.9, Rule.PUBLISHED_UP, 0.6),
        (74.0, Rule.HOLD, 0.5),
        (79.9, Rule.HOLD, 0.5),
        (80.0, Rule.PUBLISHED_DOWN, 0.4),
    ],
)
def test_class_moves_a_level_after_each_minute_by_the_z_score(bpm: float, rule: Rule, after: float) -> None:
    found = watched(CLASS, beating(bpm), 120)[1]
    assert {one.reasons for one in found[:60]} == {(Reason.DWELL_SHORT,)}
    assert (found[60].rule, found[60].intensity_0to1) == (rule, after)
    assert found[119].reasons == (Reason.DWELL_SHORT,)
    assert (found[120].rule, found[120].intensity_0to1) == (rule, after)


def test_class_judges_the_mean_of_the_trial() -> None:
    state, _ = watched(CLASS, beating(90.0), 30)
    assert moves(CLASS, replace(beating(70.0), t_s=1031.0), 29, state) == [(29, Rule.PUBLISHED_DOWN, 0.4)]


@every_rule
def test_a_rule_takes_the_last_heart_rate_for_the_present_one(policy: Policy) -> None:
    state, _ = watched(policy, beating(70.0), 1)
    found = watched(policy, replace(beating(None), t_s=1002.0), 60, state)[1]
    assert Rule.PUBLISHED_UP in [one.rule for one in found], "naive: a dead strap counts as a calm patient"


@every_rule
def test_a_rule_that_never_saw_a_heart_rate_stays(policy: Policy) -> None:
    found = watched(policy, beating(None), 90)[1]
    assert {(one.rule, one.reasons) for one in found} == {(Rule.HOLD, (Reason.HR_UNKNOWN,))}


@pytest.mark.parametrize("policy", [PERCENT, CLASS])
def test_a_rule_on_a_baseline_stays_without_one(policy: Policy) -> None:
    assert moves(policy, beating(70.0, heart__baseline_bpm=None, heart__baseline_spread_bpm=None), 90) == []
    assert moves(policy, beating(70.0, heart__baseline_bpm=None), 90) == []
    assert moves(CLASS, beating(70.0, heart__baseline_spread_bpm=None), 90) == []


@pytest.mark.parametrize("policy", [PERCENT, NINETY])
@pytest.mark.parametrize(("bpm", "reason"), [(70.0, Reason.HR_STABLE), (95.0, Reason.HR_ABOVE_BAND)])
def test_a_rule_that_counts_says_what(policy: Policy, bpm: float, reason: Reason) -> None:
    assert policy.step(policy.begin(), beating(bpm))[1] == Proposal(0.5, Rule.HOLD, (reason,), 3.0)


@every_rule
def test_the_plan_comes_before_a_wish(policy: Policy) -> None:
    both = beating(70.0, place__planned_0to1=0.0, place__wish=Wish.UP)
    assert policy.step(policy.begin(), both)[1].rule is Rule.SESSION_PLAN


@every_rule
def test_a_persons_word_comes_first_and_starts_the_counting_anew(policy: Policy) -> None:
    state, _ = watched(policy, beating(70.0), 29)
    asked = replace(beating(70.0, place__wish=Wish.UP), t_s=1030.0)
    state, proposal = policy.step(state, asked)
    assert (proposal.rule, proposal.intensity_0to1) == (Rule.THERAPIST_UP, 0.6)
    assert state == PublishedState(1030.0, 70.0)
    assert policy.step(state, replace(beating(70.0, place__wish=Wish.DOWN), t_s=1031.0))[1].intensity_0to1 == 0.4
    assert policy.step(state, replace(beating(70.0, place__grading=False), t_s=1031.0))[1].intensity_0to1 == 0.0
