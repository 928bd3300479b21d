"""What the automation may do with a patient: kept on the record, moved on only by a person and the record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.examples import CODE
from tests.store.graded import Graded, record_graded
from therapy.control.decision import Reason, Stage
from therapy.errors import UsageError
from therapy.graduating import move, standing
from therapy.store.graduation import CriterionKind
from therapy.store.people import People

LOWERING = Graded(
    Stage.LOWER_ONLY, suggested_up=((60.0, 0, 90.0), (140.0, 1, 160.0)), ups_s=(80.0, 150.0), ratings=((70.0, 20),)
)


def not_met(database: Path) -> list[CriterionKind]:
    return [one.kind for one in standing(database, CODE).criteria if not one.met]


def stage_of(database: Path) -> Stage:
    return standing(database, CODE).automation.stage


def test_a_new_patients_automation_only_suggests_and_heart_rate_may_not_drive(database: Path) -> None:
    with People(database) as people:
        now = people.automation(CODE)
    assert (now.stage, now.hr_may_drive, now.limit_0to1, now.changes) == (Stage.SUGGEST_ONLY, False, 1.0, ())


def test_the_newest_setting_is_in_force_and_every_change_stays_on_the_record(database: Path) -> None:
    with People(database) as people:
        people.record_hr_window(CODE, True, "T-1")
        people.record_limit(CODE, 6, "T-1", "agreed")
        people.record_limit(CODE, 3, "T-2", "too much")
        people.record_hr_window(CODE, False, "T-2")
        now = people.automation(CODE)
    assert (now.hr_may_drive, now.limit_0to1) == (False, 0.3)
    assert [(one.kind, one.setting, one.recorded_by, one.reason) for one in now.changes] == [
        ("hr-window", "allowed", "T-1", ""),
        ("limit", "6", "T-1", "agreed"),
        ("limit", "3", "T-2", "too much"),
        ("hr-window", "forbidden", "T-2", ""),
    ]


def test_a_limit_can_be_lifted(database: Path) -> None:
    with People(database) as people:
        people.record_limit(CODE, 0, "T-1")
        assert people.automation(CODE).limit_0to1 == 0.0
        people.record_limit(CODE, None, "T-1")
        assert people.automation(CODE).limit_0to1 == 1.0


@pytest.mark.parametrize("level", [-1, 11])
def test_what_is_no_level_is_refused(database: Path, level: int) -> None:
    with People(database) as people, pytest.raises(UsageError, match="no level"):
        people.record_limit(CODE, level, "T-1")


def test_an_unknown_patient_has_no_automation(database: Path) -> None:
    with People(database) as people:
        for ask in (
            people.automation,
            lambda code: people.record_limit(code, 3, "T-1"),
            lambda code: people.record_hr_window(code, True, "T-1"),
            lambda code: people.record_stage(code, Stage.SUGGEST_ONLY, "T-1"),
        ):
            with pytest.raises(UsageError, match="HX-999"):
                ask("HX-999")


def test_nobody_moves_on_without_sessions(database: Path) -> None:
    with pytest.raises(UsageError, match="sessions-completed"):
        move(database, CODE, Stage.LOWER_ONLY, recorded_by="T-1")
    with People(database) as people, pytest.raises(UsageError, match="sessions-completed"):
        people.record_stage(CODE, Stage.LOWER_ONLY, "T-1")
    assert stage_of(database) is Stage.SUGGEST_ONLY


def test_a_patient_moves_on_stage_by_stage_on_what_the_record_says(database: Path) -> None:
    record_graded(database, Graded())
    assert stage_of(database) is Stage.SUGGEST_ONLY
    move(database, CODE, Stage.LOWER_ONLY, recorded_by="T-1", reason="went well")
    assert stage_of(database) is Stage.LOWER_ONLY
    with pytest.raises(UsageError, match="suggestions-followed"):
        move(database, CODE, Stage.BOUNDED_RAISE, recorded_by="T-1")
    record_graded(database, LOWERING)
    move(database, CODE, Stage.BOUNDED_RAISE, recorded_by="T-1")
    assert stage_of(database) is Stage.BOUNDED_RAISE
    move(database, CODE, Stage.SUGGEST_ONLY, recorded_by="T-2", reason="a new fear")
    assert stage_of(database) is Stage.SUGGEST_ONLY


@pytest.mark.parametrize(
    "session",
    [
        Graded(simulated=("heart-rate strap", "patient", "headset")),
        Graded(stage=Stage.BOUNDED_RAISE),
        Graded(protocol="calm-breathing"),
        Graded(outcome="stopped-by-patient"),
    ],
    ids=["virtual patient", "another stage", "not graded", "not completed"],
)
def test_a_session_that_does_not_count_moves_nobody_on(database: Path, session: Graded) -> None:
    record_graded(database, session)
    assert CriterionKind.SESSIONS_COMPLETED in not_met(database)


def test_simulated_parts_other_than_the_patient_do_not_matter(database: Path) -> None:
    record_graded(database, Graded(simulated=("headset",)))
    assert not_met(database) == []


def test_a_stage_recorded_again_begins_anew(database: Path) -> None:
    record_graded(database, Graded(stops=(Reason.PLAYER_LOST,)))
    assert not_met(database) == [CriterionKind.NO_FAULT_STOP]
    move(database, CODE, Stage.SUGGEST_ONLY, recorded_by="T-1", reason="display replaced")
    assert standing(database, CODE).sessions == 0
    record_graded(database, Graded())
    assert not_met(database) == []


def test_missed_ratings_count_against_lowering(database: Path) -> None:
    record_graded(database, Graded(missed=2))
    assert not_met(database) == [CriterionKind.RATINGS_ANSWERED]


@pytest.mark.parametrize(
    ("ups_s", "ratings", "missing"),
    [
        ((80.0,), ((70.0, 20),), [CriterionKind.SUGGESTIONS_FOLLOWED]),
        ((80.0, 150.0), ((190.0, 85),), [CriterionKind.NO_HIGH_RATING_AFTER]),
        ((80.0, 150.0), ((280.0, 85),), []),
    ],
)
def test_what_follows_a_suggestion_is_read_from_the_record(
    database: Path, ups_s: tuple[float, ...], ratings: tuple[tuple[float, int], ...], missing: list[CriterionKind]
) -> None:
    record_graded(database, Graded())
    move(database, CODE, Stage.LOWER_ONLY, recorded_by="T-1")
    suggested = ((60.0, 0, 90.0), (140.0, 1, 160.0))
    record_graded(database, Graded(Stage.LOWER_ONLY, suggested_up=suggested, ups_s=ups_s, ratings=ratings))
    assert not_met(database) == missing


def test_an_extreme_rating_in_the_newest_session_stands_against_raising(database: Path) -> None:
    record_graded(database, Graded())
    move(database, CODE, Stage.LOWER_ONLY, recorded_by="T-1")
    record_graded(database, LOWERING)
    assert not_met(database) == []
    record_graded(database, replace(LOWERING, outcome="safety-stop", stops=(Reason.SUDS_EXTREME,)))
    assert not_met(database) == [CriterionKind.LAST_SESSION_CALM]
