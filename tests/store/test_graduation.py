"""The criteria of each stage, from what a session holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.graded import standing, suggestion
from therapy.control.decision import Reason, Stage
from therapy.errors import UsageError
from therapy.store.automation import require_step
from therapy.store.graduation import (
    CriterionKind,
    SessionEvidence,
    Suggestion,
    criteria,
    next_stage,
    suggestions_in,
)

UP = Suggestion(100.0, True, 110.0, 40)
SESSION = SessionEvidence(
    completed=True, interrupted=False, ratings_answered=4, ratings_missed=1, stops=(), suggestions=(UP,)
)


def not_met(stage: Stage, *sessions: SessionEvidence) -> set[CriterionKind]:
    return {one.kind for one in criteria(stage, sessions) if not one.met}


def test_a_suggestion_that_stands_is_one() -> None:
    (found,) = suggestions_in(standing(100.0, 400.0, 1, 2), (), ())
    assert found == Suggestion(100.0, is_up=True)


def test_another_level_another_direction_or_a_long_gap_is_another_suggestion() -> None:
    decided = [*standing(10.0, 20.0, 1, 2), *standing(21.0, 30.0, 2, 3), *standing(31.0, 31.0, 2, 1)]
    decided += [*standing(120.0, 121.0, 2, 1), *standing(150.0, 151.0, 2, 1)]
    assert [(one.t_s, one.is_up) for one in suggestions_in(decided, (), ())] == [
        (10.0, True),
        (21.0, True),
        (31.0, False),
        (120.0, False),
    ]


def test_a_step_beyond_the_ceiling_is_no_suggestion_that_could_be_followed() -> None:
    assert suggestions_in([(1.0, suggestion(1.0, 4, 5))], (), ()) == ()
    assert len(suggestions_in([(1.0, suggestion(1.0, 3, 4))], (), ())) == 1


@pytest.mark.parametrize(("up_s", "followed"), [(99.75, False), (100.0, True), (160.0, True), (160.25, False)])
def test_a_suggestion_is_followed_within_a_minute(up_s: float, followed: bool) -> None:
    (found,) = suggestions_in(standing(100.0, 180.0, 1, 2), (up_s,), ())
    assert (found.followed_t_s is not None) == followed


def test_a_step_down_is_not_followed_by_a_step_up() -> None:
    (found,) = suggestions_in(standing(100.0, 101.0, 2, 1), (105.0,), ())
    assert found.followed_t_s is None


def test_the_highest_rating_within_two_minutes_of_the_step_counts() -> None:
    ratings = ((105.0, 95), (130.0, 50), (230.0, 90), (230.25, 100))
    (found,) = suggestions_in(standing(100.0, 180.0, 1, 2), (110.0,), ratings)
    assert found.highest_suds_after == 90


def test_one_good_session_is_enough_to_lower() -> None:
    assert not_met(Stage.SUGGEST_ONLY, SESSION) == set()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"completed": False}, CriterionKind.SESSIONS_COMPLETED),
        ({"ratings_answered": 1, "ratings_missed": 0}, CriterionKind.SUGGESTIONS_OR_RATINGS),
        ({"ratings_answered": 7, "ratings_missed": 2}, CriterionKind.RATINGS_ANSWERED),
        ({"stops": (Reason.PLAYER_LOST,)}, CriterionKind.NO_FAULT_STOP),
        ({"interrupted": True}, CriterionKind.NO_FAULT_STOP),
    ],
)
def test_each_thing_missing_stands_against_lowering(change: dict[str, object], missing: CriterionKind) -> None:
    assert not_met(Stage.SUGGEST_ONLY, replace(SESSION, **change)) == {missing}  # type: ignore[arg-type]


def test_a_patients_or_therapists_stop_is_no_fault() -> None:
    stopped = replace(SESSION, stops=(Reason.PATIENT_STOPPED, Reason.THERAPIST_STOPPED, Reason.HEADSET_OFF))
    assert not_met(Stage.SUGGEST_ONLY, stopped) == set()


def test_without_a_session_nothing_is_met_but_the_absence_of_faults() -> None:
    assert not_met(Stage.SUGGEST_ONLY) == {
        CriterionKind.SESSIONS_COMPLETED,
        CriterionKind.SUGGESTIONS_OR_RATINGS,
        CriterionKind.RATINGS_ANSWERED,
    }


@pytest.mark.parametrize(("followed", "of", "met"), [(3, 5, True), (2, 4, False), (0, 0, False)])
def test_raising_needs_three_of_five_suggested_steps_taken(followed: int, of: int, met: bool) -> None:
    ignored = Suggestion(100.0, True)
    session = replace(SESSION, suggestions=(UP,) * followed + (ignored,) * (of - followed))
    assert (CriterionKind.SUGGESTIONS_FOLLOWED not in not_met(Stage.LOWER_ONLY, session)) == met


def test_suggested_steps_down_do_not_count_for_raising() -> None:
    down = Suggestion(50.0, is_up=False)
    assert not_met(Stage.LOWER_ONLY, replace(SESSION, suggestions=(UP, down, down, down))) == set()


@pytest.mark.parametrize(("suds", "met"), [(84, True), (85, False)])
def test_a_followed_step_answered_by_a_high_rating_stands_against_raising(suds: int, met: bool) -> None:
    session = replace(SESSION, suggestions=(UP, UP, replace(UP, highest_suds_after=suds)))
    assert (not_met(Stage.LOWER_ONLY, session) == set()) == met


@pytest.mark.parametrize("reason", [Reason.SUDS_EXTREME, Reason.WATCHDOG_MISSED])
def test_a_bad_stop_stands_against_raising_only_in_the_newest_session(reason: Reason) -> None:
    stopped = replace(SESSION, stops=(reason,))
    assert not_met(Stage.LOWER_ONLY, SESSION, stopped) == {CriterionKind.LAST_SESSION_CALM}
    assert not_met(Stage.LOWER_ONLY, stopped, SESSION) == set()


def test_after_the_last_stage_nothing_is_asked() -> None:
    assert next_stage(Stage.BOUNDED_RAISE) is None
    assert criteria(Stage.BOUNDED_RAISE, ()) == ()


def test_no_stage_is_skipped_whatever_the_record_says() -> None:
    with pytest.raises(UsageError, match="would skip a stage") as caught:
        require_step("HX-014", Stage.SUGGEST_ONLY, Stage.BOUNDED_RAISE, (SESSION,) * 10)
    assert "lower-only" in caught.value.cure


def test_a_refusal_names_what_is_missing() -> None:
    with pytest.raises(UsageError, match="ratings-answered") as caught:
        require_step("HX-014", Stage.SUGGEST_ONLY, Stage.LOWER_ONLY, (replace(SESSION, ratings_missed=9),))
    assert "sessions-completed" not in caught.value.problem


def refuses(stage: Stage, to: Stage) -> bool:
    try:
        require_step("HX-014", stage, to, ())
    except UsageError:
        return True
    return False


def test_without_sessions_only_back_and_the_same_again_are_possible() -> None:
    stages = list(Stage)
    refused = {(one, to) for one in stages for to in stages if refuses(one, to)}
    assert refused == {(stages[0], stages[1]), (stages[0], stages[2]), (stages[1], stages[2])}
