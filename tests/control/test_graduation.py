"""Graduation: a stage lets through what it may, leaves the rest to the therapist, and never stops a person."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given

from tests.control.inputs import allowed, intensities, proposals, up
from therapy.control import guard, loop
from therapy.control.decision import Proposal, Reason, Rule, Stage
from therapy.control.graduation import PEOPLES, graduated
from therapy.control.guard import GuardState
from therapy.control.loop import LoopState
from therapy.control.policies.ladder import Ladder

DOWN = Proposal(0.1, Rule.LADDER_DOWN_ONE, (Reason.SUDS_HIGH,), 3.0)
AUTOMATIC = sorted(set(Rule) - PEOPLES)


PEOPLE_AND_PLAN = ("hold", "therapist-up", "therapist-down", "patient-up", "session-plan", "re-entry")


def through(stage: Stage, proposal: Proposal) -> tuple[Proposal, float | None]:
    return graduated(allowed(stage=stage), proposal)


def test_the_last_stage_lets_everything_through() -> None:
    for proposal in (up(), DOWN):
        assert through(Stage.BOUNDED_RAISE, proposal) == (proposal, None)


@pytest.mark.parametrize(
    ("stage", "proposal", "why"),
    [
        (Stage.SUGGEST_ONLY, up(), Reason.STAGE_SUGGEST_ONLY),
        (Stage.SUGGEST_ONLY, DOWN, Reason.STAGE_SUGGEST_ONLY),
        (Stage.LOWER_ONLY, up(), Reason.STAGE_LOWER_ONLY),
    ],
)
def test_what_a_stage_does_not_let_through_is_suggested(stage: Stage, proposal: Proposal, why: Reason) -> None:
    proposal = replace(proposal, pace_per_min=5.5)
    kept, suggested_0to1 = through(stage, proposal)
    assert kept == Proposal(0.2, Rule.SUGGESTED, (why, *proposal.reasons), 3.0, 5.5)
    assert suggested_0to1 == proposal.intensity_0to1


def test_the_middle_stage_lets_a_step_down_through() -> None:
    assert through(Stage.LOWER_ONLY, DOWN) == (DOWN, None)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("rule", [Rule(word) for word in PEOPLE_AND_PLAN])
@pytest.mark.parametrize("intensity_0to1", [0.0, 0.1, 0.2, 0.3])
def test_a_person_and_the_plan_pass_at_every_stage(stage: Stage, rule: Rule, intensity_0to1: float) -> None:
    proposal = Proposal(intensity_0to1, rule, (Reason.PLANNED,), 3.0)
    assert through(stage, proposal) == (proposal, None)


@pytest.mark.parametrize("rule", AUTOMATIC)
def test_no_rule_of_the_automation_raises_before_the_last_stage(rule: Rule) -> None:
    for stage in (Stage.SUGGEST_ONLY, Stage.LOWER_ONLY):
        kept, suggested_0to1 = through(stage, Proposal(0.3, rule, (Reason.SUDS_LOW,), 3.0))
        assert (kept.intensity_0to1, suggested_0to1) == (0.2, 0.3)


def test_standing_still_and_a_pace_are_no_suggestion() -> None:
    proposal = Proposal(0.2, Rule.PACE, (Reason.PACE_FOUND,), 3.0, 6.0)
    for stage in Stage:
        assert through(stage, proposal) == (proposal, None)


def test_a_difference_of_the_last_digit_is_no_suggestion_and_a_hundredth_is_one() -> None:
    same = Proposal(0.1 + 0.2, Rule.LADDER_UP, (Reason.SUDS_LOW,), 3.0)
    at = allowed(stage=Stage.SUGGEST_ONLY, place__current_0to1=0.3)
    assert graduated(at, same) == (same, None)
    assert graduated(at, replace(same, intensity_0to1=0.31))[1] == 0.31
    assert graduated(replace(at, stage=Stage.LOWER_ONLY), replace(same, intensity_0to1=0.31))[1] == 0.31


def test_what_is_not_a_number_is_left_to_the_guard() -> None:
    proposal = Proposal(math.nan, Rule.LADDER_UP, (Reason.SUDS_LOW,), 3.0)
    assert through(Stage.SUGGEST_ONLY, proposal) == (proposal, None)
    decision = guard.step(GuardState(), allowed(stage=Stage.SUGGEST_ONLY), proposal)[1]
    assert decision.applied_0to1 == 0.2


@given(current_0to1=intensities, proposal=proposals)
def test_only_a_person_raises_before_the_last_stage_and_only_lower_only_lowers(
    current_0to1: float, proposal: Proposal
) -> None:
    for stage in (Stage.SUGGEST_ONLY, Stage.LOWER_ONLY):
        kept, suggested_0to1 = graduated(allowed(stage=stage, place__current_0to1=current_0to1), proposal)
        if proposal.rule in PEOPLES or not math.isfinite(proposal.intensity_0to1):
            assert kept is proposal
            continue
        assert kept.intensity_0to1 <= current_0to1 + 1e-9
        assert stage is Stage.LOWER_ONLY or abs(kept.intensity_0to1 - current_0to1) <= 1e-9
        assert (suggested_0to1 is None) is (kept is proposal)


def test_the_decision_says_what_was_suggested_and_the_guard_still_acts() -> None:
    decision = loop.step(LoopState(), allowed(stage=Stage.SUGGEST_ONLY), Ladder())[1]
    assert (decision.rule, decision.applied_0to1, decision.suggested_0to1) == (Rule.SUGGESTED, 0.2, 0.3)
    assert decision.reasons == (Reason.STAGE_SUGGEST_ONLY, Reason.SUDS_LOW)
    sick = allowed(stage=Stage.SUGGEST_ONLY, rating__fms=12)
    assert loop.step(LoopState(), sick, Ladder())[1].calm
