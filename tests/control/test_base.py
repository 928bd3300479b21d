"""What every graded policy answers alike: levels, times, the plan, and a person's word."""

from __future__ import annotations

import math

import pytest

from tests.control.inputs import allowed
from therapy.control.decision import Proposal, Reason, Rule, Wish
from therapy.control.policies.base import (
    asked_up,
    half_above,
    level_of,
    ordered,
    passed_s,
    rated_at_s,
    steps_from,
)


@pytest.mark.parametrize(("intensity_0to1", "level"), [(0.0, 0), (0.34, 3), (0.36, 4), (1.0, 10)])
def test_the_nearest_level(intensity_0to1: float, level: int) -> None:
    assert level_of(intensity_0to1) == level


@pytest.mark.parametrize(
    ("start", "levels", "after"),
    [
        (0.296, 1, 0.3),
        (0.304, -1, 0.3),
        (0.1 + 0.2, -1, 0.2),
        (0.3 - 1e-12, 1, 0.4),
        (0.95, 1, 1.0),
        (1.0, 1, 1.0),
        (0.1, -2, 0.0),
        (0.0, -1, 0.0),
    ],
)
def test_a_step_ends_on_a_whole_level_whatever_the_last_digit(start: float, levels: int, after: float) -> None:
    assert steps_from(start, levels) == after


@pytest.mark.parametrize(
    ("start", "after"),
    [
        (0.0, 0.05),
        (0.2, 0.25),
        (0.25, 0.3),
        (0.248, 0.25),
        (0.1 + 0.2, 0.35),
        (0.3 - 1e-12, 0.35),
        (0.95, 1.0),
        (1.0, 1.0),
    ],
)
def test_half_a_step_ends_on_the_next_half_level(start: float, after: float) -> None:
    assert half_above(start) == after


@pytest.mark.parametrize(
    ("last_s", "t_s", "seconds"),
    [
        (None, 5.0, 0.0),
        (5.0, 5.0, 0.0),
        (5.0, 5.25, 0.25),
        (5.0, 6.0, 1.0),
        (5.0, 6.005, 1.0),
        (5.0, 500.0, 1.0),
        (5.0, 4.0, 0.0),
        (5.0, math.nan, 0.0),
        (math.nan, 5.0, 0.0),
    ],
)
def test_time_passes_forwards_and_a_second_at_a_time(last_s: float | None, t_s: float, seconds: float) -> None:
    assert passed_s(last_s, t_s) == seconds


def test_a_rating_is_known_by_when_it_was_given() -> None:
    assert rated_at_s(allowed(t_s=1000.0, rating__age_s=10.0)) == 990.0
    assert rated_at_s(allowed(rating__age_s=None)) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"place__wish": Wish.UP}, None),
        ({"place__grading": False}, Proposal(0.0, Rule.HOLD, (Reason.NOT_GRADING,), 2.0)),
        (
            {"place__reentry_0to1": 0.4, "place__wish": Wish.DOWN},
            Proposal(0.4, Rule.RE_ENTRY, (Reason.ASKED_BY_THERAPIST,), 2.0),
        ),
        (
            {"place__reentry_0to1": 0.2, "place__entry_is_planned": True},
            Proposal(0.2, Rule.RE_ENTRY, (Reason.PLANNED_START,), 2.0),
        ),
        ({"place__wish": Wish.DOWN}, Proposal(0.1, Rule.THERAPIST_DOWN, (Reason.ASKED_BY_THERAPIST,), 2.0)),
        (
            {"place__wish": Wish.DOWN, "place__wish_is_patients": True},
            Proposal(0.1, Rule.THERAPIST_DOWN, (Reason.ASKED_BY_PATIENT,), 2.0),
        ),
    ],
)
def test_the_plan_and_a_person_come_before_any_policy(changes: dict[str, object], expected: Proposal | None) -> None:
    assert ordered(allowed(**changes), 2.0) == expected


@pytest.mark.parametrize(
    ("current", "planned", "since_lower_s", "after"),
    [
        (0.5, 0.0, None, 0.4),
        (0.5, 0.0, 7.995, 0.5),
        (0.5, 0.0, 8.0, 0.4),
        (0.5, 0.45, None, 0.45),
        (0.5, 0.5, None, 0.5),
        (0.5, 0.8, None, 0.5),
        (0.5, 0.8, 100.0, 0.5),
    ],
)
@pytest.mark.parametrize("grading", [True, False])
def test_the_plan_walks_down_a_level_each_eight_seconds_and_never_up(
    current: float, planned: float, since_lower_s: float | None, after: float, grading: bool
) -> None:
    inputs = allowed(
        place__current_0to1=current,
        place__planned_0to1=planned,
        place__since_lower_s=since_lower_s,
        place__grading=grading,
    )
    assert ordered(inputs, 2.0) == Proposal(after, Rule.SESSION_PLAN, (Reason.PLANNED,), 2.0)


@pytest.mark.parametrize(
    ("patients", "rule", "reason"),
    [(False, Rule.THERAPIST_UP, Reason.ASKED_BY_THERAPIST), (True, Rule.PATIENT_UP, Reason.ASKED_BY_PATIENT)],
)
def test_a_wish_for_more_names_who_asked(patients: bool, rule: Rule, reason: Reason) -> None:
    inputs = allowed(place__wish=Wish.UP, place__wish_is_patients=patients)
    assert asked_up(inputs, 2.0) == Proposal(0.3, rule, (reason,), 2.0)
