from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.store.examples import CODE, clear_answers
from tests.store.raw import unguarded_connection
from therapy.errors import ConsentMissing, UsageError
from therapy.store.consent import CONSENT_TEXT
from therapy.store.people import People
from therapy.store.readiness import ProblemKind
from therapy.store.screening import CHECKLIST, Effect, ScreeningItem, ScreeningOutcome, outcome_of


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People(tmp_path / "acclimate.db") as opened:
        opened.register_patient(CODE, 1984)
        yield opened


def kinds(people: People, now: datetime | None = None) -> list[ProblemKind]:
    return [problem.kind for problem in people.readiness(CODE, now).problems]


def test_a_new_patient_needs_consent_and_screening(people: People) -> None:
    assert kinds(people) == [ProblemKind.CONSENT_MISSING, ProblemKind.SCREENING_MISSING]
    with pytest.raises(ConsentMissing) as caught:
        people.readiness(CODE).require()
    assert f"acclimate patients consent {CODE}" in caught.value.cure
    assert f"acclimate patients screen {CODE}" in caught.value.cure


def test_after_consent_and_a_clear_screening_a_session_may_start(people: People) -> None:
    people.record_consent(CODE, "T-1")
    people.record_screening(CODE, clear_answers(), "T-1")
    readiness = people.readiness(CODE)
    readiness.require()
    assert (readiness.problems, readiness.suds_only, readiness.cautions) == ((), False, ())
    assert readiness.age_years == datetime.now().astimezone().year - 1984


def test_withdrawn_consent_blocks_until_given_again(people: People) -> None:
    people.record_screening(CODE, clear_answers(), "T-1")
    people.record_consent(CODE, "T-1")
    people.withdraw_consent(CODE, "T-1")
    assert kinds(people) == [ProblemKind.CONSENT_WITHDRAWN]
    people.record_consent(CODE, "T-1")
    assert kinds(people) == []


def test_consent_to_an_older_text_does_not_count(people: People) -> None:
    people.record_consent(CODE, "T-1")
    people.record_screening(CODE, clear_answers(), "T-1")
    with closing(unguarded_connection(people.path)) as connection, connection:
        connection.execute("UPDATE consent SET version = version - 1")
    assert kinds(people) == [ProblemKind.CONSENT_OLD]


def test_a_screening_counts_for_thirty_days(people: People) -> None:
    people.record_consent(CODE, "T-1")
    people.record_screening(CODE, clear_answers(), "T-1")
    now = datetime.now().astimezone()
    assert kinds(people, now + timedelta(days=29, hours=23)) == []
    assert kinds(people, now + timedelta(days=30, minutes=1)) == [ProblemKind.SCREENING_OLD]


@pytest.mark.parametrize("item", CHECKLIST, ids=lambda item: item.id)
def test_each_item_answered_yes_has_its_effect(people: People, item: ScreeningItem) -> None:
    people.record_consent(CODE, "T-1")
    outcome = people.record_screening(CODE, clear_answers() | {item.id: True}, "T-1")
    readiness = people.readiness(CODE)
    assert (kinds(people) == [ProblemKind.SCREENING_BLOCKS]) == (item.effect is Effect.BLOCKS)
    assert readiness.suds_only == (item.effect is Effect.SUDS_ONLY)
    assert (item.id in readiness.cautions) == (item.effect is Effect.CAUTION)
    assert outcome is not ScreeningOutcome.CLEAR


def test_the_heart_medicines_and_rhythms_of_the_basis_force_ratings_only(people: People) -> None:
    assert {item.id for item in CHECKLIST if item.effect is Effect.SUDS_ONLY} == {"beta-blocker", "arrhythmia"}


def test_an_open_question_blocks() -> None:
    answers = clear_answers()
    assert outcome_of(answers) is ScreeningOutcome.CLEAR
    del answers["epilepsy"]
    assert outcome_of(answers) is ScreeningOutcome.BLOCKED


@pytest.mark.parametrize("answers", [{}, {"epilepsy": False}, clear_answers() | {"hay-fever": True}])
def test_an_incomplete_or_unknown_answer_is_refused(people: People, answers: dict[str, bool]) -> None:
    with pytest.raises(UsageError, match=r"Not answered|no item"):
        people.record_screening(CODE, answers, "T-1")


def test_children_under_thirteen_cannot_have_a_session(people: People) -> None:
    people.register_patient("KID", datetime.now().astimezone().year - 12)
    assert ProblemKind.TOO_YOUNG in [problem.kind for problem in people.readiness("KID").problems]


@pytest.mark.parametrize("code", ["", "Ada Lovelace", "a/b", "../x", "x" * 33, "<b>", "-x", "ü", "a\n"])
def test_what_is_no_code_is_refused(people: People, code: str) -> None:
    with pytest.raises(UsageError, match="no patient code"):
        people.register_patient(code, 1980)


@pytest.mark.parametrize("year", [1800, 3000, -1])
def test_an_impossible_year_of_birth_is_refused(people: People, year: int) -> None:
    with pytest.raises(UsageError, match="year of birth"):
        people.register_patient("HX-015", year)


def test_a_code_is_given_once(people: People) -> None:
    with pytest.raises(UsageError, match="already"):
        people.register_patient(CODE, 1990)


def test_a_code_that_differs_only_in_capital_letters_is_refused(people: People) -> None:
    with pytest.raises(UsageError, match=f"There is a patient {CODE} already. {CODE.lower()} differs only"):
        people.register_patient(CODE.lower(), 1990)
    assert [patient.code for patient in people.patients()] == [CODE]


def test_a_code_in_other_letters_is_answered_with_the_one_on_the_record(people: People) -> None:
    with pytest.raises(UsageError, match=f"Did you mean {CODE}"):
        people.record_consent(CODE.lower(), "T-1")


def test_an_unknown_patient_is_named_with_the_cure(people: People) -> None:
    with pytest.raises(UsageError, match="patients add HX-999"):
        people.record_consent("HX-999", "T-1")


def test_the_list_shows_where_each_patient_stands(people: People) -> None:
    people.record_consent(CODE, "T-1")
    (patient,) = people.patients()
    assert (patient.code, patient.consent, patient.screening, patient.sessions) == (CODE, "given", None, 0)


@pytest.mark.parametrize(
    "said",
    [
        "What is recorded",
        "Distress is expected",
        "How to stop",
        "What the automation does",
        "What its limits are",
        "research software",
        "under the supervision of your therapist",
        "not a cleared medical device",
        "withdraw",
    ],
)
def test_the_consent_text_says_what_it_must(said: str) -> None:
    assert said in " ".join(CONSENT_TEXT.split())
