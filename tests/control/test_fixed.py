"""A schedule: by the clock, a level at a time, stepping down as the ladder does and then waiting for a low rating."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.control.inputs import allowed
from tests.control.life import Stretch, levels, lived
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Wish
from therapy.control.policies.fixed import Fixed, FixedState
from therapy.control.policies.ladder import Ladder

MINUTES = Fixed()
STEPS = Fixed(steps=((0.0, 2), (120.0, 4), (300.0, 3)))


def rated(suds: int, seconds: int, **changes: Any) -> Stretch:
    return Stretch(seconds, {"rating__suds": suds, "rating__peak_on_level": suds, **changes})


def propose(policy: Fixed, inputs: LoopInputs, state: FixedState | None = None) -> Proposal:
    return policy.step(state or policy.begin(), inputs)[1]


def test_three_minutes_a_level_whatever_the_rating_below_the_marks() -> None:
    assert propose(MINUTES, allowed(place__dwell_s=179.9, rating__suds=0)).rule is Rule.HOLD
    up = propose(MINUTES, allowed(place__dwell_s=180.0, rating__suds=74))
    assert (up.rule, up.reasons, up.intensity_0to1) == (Rule.SCHEDULE, (Reason.SCHEDULED,), 0.3)
    assert propose(replace(MINUTES, minutes_per_level=1.0), allowed(place__dwell_s=60.0)).rule is Rule.SCHEDULE


@pytest.mark.parametrize(
    ("in_phase_s", "level", "after"),
    [(-1.0, 1, 1), (0.0, 1, 2), (0.0, 2, 2), (119.9, 2, 2), (120.0, 2, 3), (120.0, 3, 4), (120.0, 4, 4), (299.0, 0, 1)],
)
def test_the_steps_say_which_level_is_due_and_it_is_walked_to_by_single_levels(
    in_phase_s: float, level: int, after: int
) -> None:
    inputs = allowed(place__in_phase_s=in_phase_s, place__current_0to1=level / 10, rating__suds=60)
    assert propose(STEPS, inputs).intensity_0to1 == after / 10


def test_a_schedule_may_go_down_and_does_so_once() -> None:
    late = allowed(place__in_phase_s=300.0, place__current_0to1=0.5)
    down = propose(STEPS, late)
    assert (down.rule, down.reasons, down.intensity_0to1) == (Rule.SCHEDULE, (Reason.SCHEDULED,), 0.4)
    soon = allowed(place__in_phase_s=301.0, place__current_0to1=0.4, place__since_lower_s=19.9)
    assert propose(STEPS, soon).rule is Rule.HOLD
    then = allowed(place__in_phase_s=301.0, place__current_0to1=0.4, place__since_lower_s=20.0)
    assert propose(STEPS, then).rule is Rule.SCHEDULE
    first = allowed(place__in_phase_s=0.0, place__current_0to1=0.4)
    assert propose(STEPS, first).intensity_0to1 == pytest.approx(0.3)
    assert propose(STEPS, allowed(place__in_phase_s=300.0, place__current_0to1=0.5, place__held=True)).rule is Rule.HOLD
    state, _ = STEPS.step(STEPS.begin(), allowed(place__in_phase_s=310.0, place__current_0to1=0.3))
    above = allowed(place__in_phase_s=350.0, place__current_0to1=0.4, rating__suds=60)
    assert propose(STEPS, above, state).rule is Rule.HOLD, "a person's step beyond the schedule stands"


def test_its_own_step_down_does_not_make_it_wait() -> None:
    life = [rated(60, 60), rated(60, 60), rated(60, 60), rated(60, 60), rated(60, 120)]
    policy = Fixed(steps=((0.0, 4), (120.0, 2), (180.0, 3)))
    assert levels(lived(policy, life))[-1] == 3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"place__dwell_s": 44.0, "place__in_phase_s": 130.0}, Reason.DWELL_SHORT),
        ({"place__held": True, "place__in_phase_s": 130.0}, Reason.HELD_BY_THERAPIST),
    ],
)
def test_a_step_that_is_due_meets_the_objections(changes: dict[str, Any], reason: Reason) -> None:
    proposal = propose(STEPS, allowed(**changes))
    assert (proposal.rule, proposal.reasons) == (Rule.HOLD, (reason,))


def test_raised_heart_rate_vetoes_and_brakes_it_like_the_ladder() -> None:
    life = [rated(45, 120, heart__delta_bpm=16.0)]
    decisions = list(lived(Fixed(minutes_per_level=2.5), life, start_0to1=0.5))
    assert [one.rule for one in decisions if one.applied_0to1 != one.before_0to1] == [Rule.HR_BRAKE]


def test_after_a_high_rating_it_waits_for_a_low_one() -> None:
    policy = Fixed(minutes_per_level=1.0)
    waiting = [rated(80, 30), rated(50, 120), rated(40, 120)]
    assert levels(lived(policy, waiting, start_0to1=0.5))[-1] == 4
    assert levels(lived(policy, [*waiting, rated(39, 30)], start_0to1=0.5))[-1] == 5


def test_a_rating_halved_from_its_peak_ends_the_wait_too() -> None:
    policy = Fixed(minutes_per_level=1.0)
    waiting = [rated(80, 30), rated(60, 120), rated(42, 30, rating__peak_on_level=84)]
    assert levels(lived(policy, waiting, start_0to1=0.5))[-1] == 5


def test_any_rating_that_would_go_up_on_the_ladder_ends_the_wait() -> None:
    halves = Fixed(Ladder(up_below_suds=50, whole_below_suds=30), minutes_per_level=1.0)
    waiting = FixedState(level_0to1=0.2, waits=True)
    assert propose(halves, allowed(rating__suds=49), waiting).rule is Rule.SCHEDULE
    assert propose(halves, allowed(rating__suds=50), waiting).rule is Rule.HOLD


def test_while_it_waits_it_says_what_for() -> None:
    state = FixedState(level_0to1=0.2, waits=True)
    due = {"place__dwell_s": 500.0}
    assert propose(MINUTES, allowed(**due, rating__suds=60), state).reasons == (Reason.SUDS_IN_WINDOW,)
    waiting = propose(MINUTES, allowed(**due, rating__given_on_level=False), state)
    assert waiting.reasons == (Reason.WAITING_FOR_RATING,)
    assert propose(MINUTES, allowed(**due), state).rule is Rule.SCHEDULE


def test_a_persons_step_down_makes_it_wait_too() -> None:
    asked = [rated(60, 1, place__wish=Wish.DOWN), rated(60, 300)]
    assert levels(lived(Fixed(minutes_per_level=1.0), asked, start_0to1=0.5))[-1] == 4
    assert levels(lived(Fixed(steps=((0.0, 5),)), asked, start_0to1=0.5))[-1] == 4


@pytest.mark.parametrize(("was_0to1", "waits"), [(0.1 + 0.2, False), (0.35, True)])
def test_half_a_level_down_makes_it_wait_and_the_last_digit_does_not(was_0to1: float, waits: bool) -> None:
    inputs = allowed(place__current_0to1=0.3, rating__suds=60)
    assert MINUTES.step(FixedState(level_0to1=was_0to1), inputs)[0].waits is waits


def test_a_persons_wish_for_more_needs_no_schedule() -> None:
    assert propose(MINUTES, allowed(place__wish=Wish.UP, place__dwell_s=50.0)).rule is Rule.THERAPIST_UP


@given(
    steps=st.lists(st.tuples(st.floats(0.0, 600.0), st.integers(0, 10)), min_size=1, max_size=5),
    suds=st.lists(st.integers(0, 94), min_size=1, max_size=6),
)
@settings(max_examples=30)
def test_it_never_rises_above_what_is_due_nor_faster_than_a_level_at_a_time(
    steps: list[tuple[float, int]], suds: list[int]
) -> None:
    policy = Fixed(steps=tuple(sorted(steps)))
    for decision in lived(policy, [rated(one, 60) for one in suds]):
        gain = decision.applied_0to1 - decision.before_0to1
        if gain > 0.0:
            highest = max(level for after_s, level in steps if after_s <= decision.t_s - 100.0)
            assert round(decision.applied_0to1 * 10) <= highest
            assert gain == pytest.approx(0.1)
