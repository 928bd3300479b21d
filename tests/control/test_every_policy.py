"""What holds for every policy, whatever it sees: what it may propose, and what the loop lets through."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.control.inputs import allowed, any_inputs, intensities, nearly_allowed
from tests.control.life import TINY, Stretch, levels, lived
from therapy.control import guard, loop
from therapy.control.decision import Decision, LoopInputs, Rule, Stage, Wish
from therapy.control.graduation import PEOPLES
from therapy.control.guard import GuardState
from therapy.control.loop import LoopState
from therapy.control.policies.base import Policy
from therapy.control.policies.breathing import Breathing
from therapy.control.policies.distraction import Distraction
from therapy.control.policies.fixed import Fixed
from therapy.control.policies.fused import Fused
from therapy.control.policies.hr_window import HrWindow
from therapy.control.policies.inhibitory import Inhibitory
from therapy.control.policies.ladder import Ladder
from therapy.control.policies.locked import Locked
from therapy.control.policies.manual import Manual
from therapy.control.policies.published import PUBLISHED

GRADED: dict[str, Policy] = {
    "ladder": Ladder(),
    "inhibitory": Inhibitory(),
    "hr-window": HrWindow(),
    "fused": Fused(),
    "fixed": Fixed(minutes_per_level=0.5),
    "fixed-steps": Fixed(steps=((0.0, 1), (60.0, 4), (120.0, 2), (180.0, 9))),
    **PUBLISHED,
}
POLICIES: dict[str, Policy] = {
    **GRADED,
    "manual": Manual(),
    "locked": Locked(),
    "breathing": Breathing(),
    "breathing-search": Breathing(search=True),
    "distraction": Distraction(),
    "distraction-led": Distraction(goal_per_min=6.0),
}
EASY: dict[str, Any] = {
    "heart__delta_bpm": 0.0,
    "heart__hr10_bpm": 70.0,
    "heart__hr5_bpm": 70.0,
    "rating__suds": 20,
    "rating__expectancy_before": 80,
    "rating__expectancy_after": 10,
    "hr_may_drive": True,
}
"""A patient at ease, whom every policy would give more."""

every_policy = pytest.mark.parametrize("name", POLICIES)


@cache
def at_ease(name: str) -> LoopState:
    """The loop a moment before the policy would raise on a clock of its own."""
    policy = POLICIES[name]
    state = policy.begin()
    for second in range(60):
        inputs = allowed(**EASY, place__dwell_s=float(second), place__in_phase_s=float(second))
        state, _ = policy.step(state, replace(inputs, t_s=float(second)))
    return LoopState(state)


_CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "heart__delta_bpm": st.sampled_from([None, math.nan, math.inf, -20.0, 0.0, 2.0, 8.0, 13.0, 16.0, 30.0]),
    "heart__hr10_bpm": st.sampled_from([None, math.nan, 0.0, 60.0, 70.0, 88.0, 92.0, 99.0, 110.0]),
    "heart__age_s": st.sampled_from([None, -1.0, 0.5, 4.0, 20.0, 61.0]),
    "heart__valid_for_s": st.sampled_from([0.0, 29.0, 31.0]),
    "heart__baseline_bpm": st.sampled_from([None, 70.0]),
    "heart__is_flat": st.booleans(),
    "heart__moved_beyond": st.booleans(),
    "rating__suds": st.none() | st.integers(0, 94),
    "rating__age_s": st.sampled_from([None, 0.0, 60.0, 119.0, 130.0]),
    "rating__expectancy_after": st.sampled_from([None, 10, 75]),
    "rating__since_signal_return": st.booleans(),
    "limits__therapist_0to1": intensities,
    "limits__next_0to1": intensities,
    "place__held": st.booleans(),
    "place__paused": st.booleans(),
    "place__frames_in_budget": st.booleans(),
    "suds_only": st.booleans(),
    "hr_may_drive": st.booleans(),
    "stage": st.sampled_from(Stage),
}


_WISHES = st.sampled_from([None, None, None, Wish.UP, Wish.DOWN])
_TIMES = st.one_of(st.floats(60.0, 5000.0), st.sampled_from([math.nan, math.inf, -1.0]))


@st.composite
def troubles(draw: st.DrawFn, at_most: int) -> dict[str, Any]:
    """A patient at ease, perhaps with a wish, with at most so many things wrong."""
    names = draw(st.lists(st.sampled_from(sorted(_CHANGES)), max_size=at_most, unique=True))
    return {**EASY, "place__wish": draw(_WISHES), **{name: draw(_CHANGES[name]) for name in names}}


@st.composite
def anything(draw: st.DrawFn) -> LoopInputs:
    """Any inputs at all, at any stage, with or without leave for HR."""
    inputs = draw(st.one_of(nearly_allowed(), any_inputs))
    return replace(
        inputs,
        place=replace(inputs.place, in_phase_s=draw(st.floats(0, 2000))),
        heart=replace(inputs.heart, moved_beyond=draw(st.booleans())),
        stage=draw(st.sampled_from(Stage)),
        hr_may_drive=draw(st.booleans()),
        t_s=draw(_TIMES),
    )


moments = st.one_of(troubles(2).map(lambda changes: allowed(**changes, place__in_phase_s=60.0)), anything())
stretches = st.lists(st.builds(Stretch, st.integers(5, 60), troubles(3)), min_size=2, max_size=6)


def check_raise(decision: Decision) -> None:
    """Whatever raised, the conditions of a raise were met."""
    inputs = decision.inputs
    heart, rating, limits = inputs.heart, inputs.rating, inputs.limits
    caps = (limits.protocol_0to1, limits.therapist_0to1, limits.patient_0to1, limits.next_0to1)
    assert decision.applied_0to1 <= min(caps) + TINY
    assert inputs.place.grading
    assert not inputs.place.paused
    assert inputs.place.frames_in_budget
    assert inputs.place.clock_ok
    assert rating.suds is not None
    assert rating.age_s is not None
    assert 0.0 <= rating.age_s <= guard.SUDS_FRESH_S
    if not inputs.suds_only:
        assert heart.hr10_bpm is not None
        assert math.isfinite(heart.hr10_bpm)
        assert heart.age_s is not None
        assert 0.0 <= heart.age_s <= guard.HR_FRESH_S
        assert heart.valid_for_s >= guard.HR_QUALIFIED_S
        assert heart.baseline_bpm is not None
        assert not heart.is_flat
        assert rating.since_signal_return
    if inputs.stage is not Stage.BOUNDED_RAISE:
        assert decision.rule in PEOPLES, "before the last stage only a person raises"


def check_stage(decision: Decision) -> None:
    """While the automation may only suggest, nothing but a person, the plan or the guard moves intensity."""
    moved = abs(decision.applied_0to1 - decision.before_0to1) > TINY
    if moved and decision.inputs.stage is Stage.SUGGEST_ONLY:
        assert decision.rule in PEOPLES or decision.rule.value.startswith("guard-")


@every_policy
@given(inputs=moments)
@settings(max_examples=30)
def test_a_proposal_lies_within_the_scale_and_the_same_moment_gives_the_same(name: str, inputs: LoopInputs) -> None:
    policy, before = POLICIES[name], at_ease(name).policy
    state, proposal = policy.step(before, inputs)
    assert 0.0 <= proposal.intensity_0to1 <= 1.0
    assert proposal.reasons
    assert proposal.ramp_s >= 1.0
    again, same = policy.step(before, inputs)
    assert same == proposal
    assert repr(again) == repr(state)
    state, proposal = policy.step(state, allowed(**EASY))
    assert 0.0 <= proposal.intensity_0to1 <= 1.0, "nothing it saw spoils what it remembers"


@every_policy
@given(inputs=moments)
@settings(max_examples=30)
def test_no_moment_makes_a_policy_raise_against_a_rule(name: str, inputs: LoopInputs) -> None:
    decision = loop.step(at_ease(name), inputs, POLICIES[name])[1]
    check_stage(decision)
    if decision.applied_0to1 > inputs.place.current_0to1 + TINY:
        check_raise(decision)
        # A re-entry is to where the guard remembers; this guard remembers nothing.
        assert decision.rule is not Rule.RE_ENTRY
        assert decision.applied_0to1 <= inputs.place.current_0to1 + guard.RAISE_LIMIT_0TO1 + TINY


@every_policy
@given(life=stretches)
@settings(max_examples=10)
def test_no_life_makes_a_policy_raise_against_a_rule_or_too_fast(name: str, life: list[Stretch]) -> None:
    gains: list[tuple[float, float]] = []
    for decision in lived(POLICIES[name], life, open_limits=False):
        check_stage(decision)
        gain = decision.applied_0to1 - decision.before_0to1
        if gain > TINY:
            check_raise(decision)
            gains.append((decision.t_s, gain))
    for at_s, _ in gains:
        assert sum(gain for t_s, gain in gains if 0.0 <= at_s - t_s < guard.RAISE_WINDOW_S) <= 0.1 + 1e-6


@pytest.mark.parametrize("name", GRADED)
def test_a_patient_at_ease_is_given_more(name: str) -> None:
    after = levels(lived(GRADED[name], [Stretch(50, EASY)] * 8))
    assert max(after) > 2, "or the rules above would hold because nothing ever rises"


@pytest.mark.parametrize("name", sorted(set(POLICIES) - set(GRADED)))
def test_the_others_move_nothing_by_themselves(name: str) -> None:
    terrified = EASY | {"rating__suds": 94, "heart__delta_bpm": 20.0}
    after = levels(lived(POLICIES[name], [Stretch(100, EASY), Stretch(100, terrified)]))
    assert set(after) == {2}


@pytest.mark.parametrize("name", ["ladder", "inhibitory", "hr-window", "fused", "fixed"])
@pytest.mark.parametrize(
    ("suds", "after", "hr_may_drive"), [(75, 4, True), (84, 4, False), (85, 3, True), (94, 3, False)]
)
def test_a_high_rating_steps_down_once_whatever_the_heart_says(
    name: str, suds: int, after: int, hr_may_drive: bool
) -> None:
    high = EASY | {"rating__suds": suds, "rating__peak_on_level": suds, "hr_may_drive": hr_may_drive}
    assert levels(lived(POLICIES[name], [Stretch(40, high)], start_0to1=0.5))[-1] == after


@pytest.mark.parametrize("name", ["ladder", "inhibitory", "hr-window", "fused", "fixed", "fixed-steps", "manual"])
@pytest.mark.parametrize("wish", Wish)
def test_a_person_is_heard(name: str, wish: Wish) -> None:
    inputs = allowed(place__wish=wish, place__held=True, rating__suds=60, place__current_0to1=0.5)
    policy = POLICIES[name]
    proposal = policy.step(policy.begin(), inputs)[1]
    assert proposal.rule is (Rule.THERAPIST_UP if wish is Wish.UP else Rule.THERAPIST_DOWN)
    assert proposal.intensity_0to1 == (0.6 if wish is Wish.UP else 0.4)


@every_policy
def test_a_calm_scene_stays_calm_whatever_the_policy(name: str) -> None:
    policy, state = POLICIES[name], replace(at_ease(name), guard=GuardState())
    state, _ = loop.step(state, allowed(**EASY, place__patient_stopped=True), policy)
    for second in range(200):
        inputs = replace(allowed(**EASY, place__current_0to1=0.0), t_s=1001.0 + second)
        state, decision = loop.step(state, inputs, policy)
        assert decision.calm
        assert decision.applied_0to1 == 0.0
