"""`replay --explain` as a clinician reads it, from a record on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.control.inputs import allowed, up
from tests.explaining.rehearsed import moments_of, record_rehearsal
from tests.session.rehearsal import Rehearsal, climb, rehearsal
from tests.store.raw import unguarded_connection
from therapy.cli import replay
from therapy.cli.replay import read_time_s
from therapy.control import guard
from therapy.control.decision import Decision, Reason, Rule
from therapy.control.guard import GuardState
from therapy.errors import AcclimateError, UsageError
from therapy.explaining import Moment, Objection, explain
from therapy.report.explanation import explanation_lines, headline, heart_in_words, rating_in_words
from therapy.report.needs import NEEDS, need_in_words
from therapy.session.events import Therapist, TherapistAction
from therapy.store.archive import Archive
from therapy.store.paths import database_path

CEILING_1 = Therapist(TherapistAction.CEILING, 1.0)


def decided(**changes: object) -> Decision:
    return guard.step(GuardState(), allowed(**changes), up())[1]


@pytest.fixture(scope="module")
def session() -> Rehearsal:
    """Level 1, where the ceiling then holds a step back."""
    made = rehearsal(seed=1).begin().run_to("exposure")
    made.run(made.t_s + 20.0)
    climb(made, 1)
    made.feed(CEILING_1)
    made.run(made.t_s + 40.0)
    made.rate(20)
    return made.run(made.t_s + 10.0)


@pytest.fixture(scope="module")
def moments(session: Rehearsal) -> list[Moment]:
    return moments_of(session)


@pytest.fixture(scope="module")
def folder(session: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("explained")
    record_rehearsal(made, session)
    return made


def run(folder: Path, *words: str) -> Result:
    app = typer.Typer()
    app.command("replay")(replay.replay)
    return CliRunner().invoke(app, ["last", *words, "--data", str(folder)])


def problem(result: Result) -> AcclimateError:
    assert isinstance(result.exception, AcclimateError), result.output
    return result.exception


def test_a_change_is_one_line_in_the_words_of_the_clinic() -> None:
    changes = {"heart__delta_bpm": 17.0, "heart__movement_bpm": 4.0, "rating__suds": 70, "limits__therapist_0to1": 0.6}
    seen = allowed(place__current_0to1=0.5, **changes)
    braked = Decision(
        t_s=860.0, cause=seen.cause, rule=Rule.HR_BRAKE, reasons=(Reason.HR_SUSTAINED,), before_0to1=0.5,
        proposed_0to1=0.4, applied_0to1=0.4, ramp_s=3.0, calm=False, latched=False, policy_rule=Rule.HR_BRAKE,
        inputs=seen,
    )  # fmt: skip
    assert headline(braked, 60.2) == (
        "level 5 → 4, rule hr-brake: +17 bpm for 60 s, movement-corrected; SUDS 70; ceiling 6"
    )


def test_what_bound_is_told_with_the_guards_number() -> None:
    held = decided(limits__therapist_0to1=0.2)
    assert headline(held) == "level 2 held, rule guard-hold: the therapist's ceiling (G1.12); SUDS 30; ceiling 2"
    stopped = decided(place__patient_stopped=True)
    assert headline(stopped).startswith("calm scene (from level 2), rule guard-calm: the patient stopped (G4.2)")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "74 bpm (good 100 %, 0.5 s old); baseline 70 ± 4, +4 bpm, not movement-corrected; valid for 3.3 min"),
        ({"heart__movement_bpm": 3.0}, "movement-corrected by −3"),
        ({"heart__movement_bpm": 3.0, "heart__moved_beyond": True}, "beyond what was calibrated"),
        ({"heart__delta_bpm": None}, "baseline 70 ± 4, no difference used"),
        ({"heart__hr10_bpm": None, "heart__age_s": 12.0}, "none usable, last read 12.0 s ago"),
        ({"heart__hr10_bpm": None, "heart__age_s": None, "suds_only": True}, "none usable, never read; ratings only"),
        ({"heart__is_flat": True}, "suspiciously constant"),
    ],
)
def test_the_heart_rate_is_told_with_quality_age_baseline_and_movement(changes: dict[str, object], said: str) -> None:
    assert said in heart_in_words(allowed(**changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "SUDS 30, 10 s old, on this level, peak 40"),
        ({"rating__given_on_level": False}, "SUDS 30, 10 s old, not asked on this level"),
        ({"rating__suds": None}, "none yet"),
        ({"rating__missed_in_a_row": 1}, "1 missed in a row"),
        ({"rating__fms": 4, "rating__fms_rise": 2}, "sickness 4 of 20 (rise +2)"),
        ({"rating__expectancy_before": 70, "rating__expectancy_after": 20}, "expected 70 % → 20 %"),
    ],
)
def test_the_rating_is_told_with_age_level_and_peak(changes: dict[str, object], said: str) -> None:
    assert said in rating_in_words(allowed(**changes).rating)


def test_what_a_step_up_needs_is_told_with_the_figures_of_the_moment(session: Rehearsal, moments: list[Moment]) -> None:
    lines = explanation_lines(explain(session.setup, moments, session.t_s))
    assert ("Limited by", "the therapist's ceiling (G1.12)") in lines
    assert ("Step up needs", "a ceiling of the therapist's above level 1 (G1.12)") in lines
    raised_s = next(one.decision.t_s for one in moments if one.decision.rule is Rule.LADDER_UP)
    earlier = dict(explanation_lines(explain(session.setup, moments, raised_s + 5.0)))
    assert earlier["Step up needs"] == "a rating asked for on this level, below 40"
    assert earlier["Change before"].endswith(
        "level 0 → 1, rule ladder-up: rated below the level for a step up; SUDS 20; ceiling 4"
    )


@pytest.mark.parametrize("reason", list(NEEDS))
def test_every_condition_can_be_told_at_any_moment(session: Rehearsal, moments: list[Moment], reason: Reason) -> None:
    seen = explain(session.setup, moments[:40], 2.0)
    told = need_in_words(Objection(reason, by_guard=True), seen)
    assert told
    assert "None" not in told


def test_the_command_tells_the_second_and_that_the_record_says_the_same(session: Rehearsal, folder: Path) -> None:
    told = run(folder, "--explain", str(int(session.t_s)))
    assert told.exit_code == 0, told.output
    first, _, *lines = told.stdout.splitlines()
    assert first.endswith("level 1 held, rule guard-hold: the therapist's ceiling (G1.12); SUDS 20; ceiling 1")
    assert lines[-1].split() == ["Record", "says", "the", "same"]
    assert [line.split()[0] for line in lines if not line.startswith(" ")][:3] == ["Heart", "Rating", "Place"]


def test_minutes_and_seconds_name_the_same_second(session: Rehearsal, folder: Path) -> None:
    whole = int(session.t_s)
    minutes = run(folder, "--explain", f"{whole // 60}:{whole % 60:02d}", "--json")
    seconds = run(folder, "--explain", str(whole), "--json")
    assert json.loads(minutes.stdout) == json.loads(seconds.stdout)
    shown = json.loads(minutes.stdout)
    assert shown["record_says_the_same"] is True
    assert shown["limiting"] == {"reason": "ceiling", "rule_id": "G1.12", "words": "the therapist's ceiling"}
    assert shown["step_up_needs"][0]["reason"] == "ceiling"
    assert shown["knew"]["rating"]["suds"] == 20


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("9999", "no second 9999"),
        ("-3", "no time in a session"),
        ("1:75", "no time in a session"),
        ("nan", "no time"),
        ("", "no time"),
    ],
)
def test_a_second_that_is_not_there_is_one_sentence(folder: Path, asked: str, said: str) -> None:
    result = run(folder, f"--explain={asked}")
    assert said in str(problem(result))
    assert isinstance(result.exception, UsageError)


def test_checking_and_explaining_exclude_each_other(folder: Path) -> None:
    assert "exclude" in str(problem(run(folder, "--check", "--explain", "5")))


def test_times_are_read_as_people_write_them() -> None:
    assert [read_time_s(text) for text in ("860", "14:20", "860.25", "0:00.5")] == [860.0, 860.0, 860.25, 0.5]


def test_an_interrupted_session_is_explained_up_to_where_it_goes(session: Rehearsal, tmp_path: Path) -> None:
    record_rehearsal(tmp_path, session, ends=False)
    with Archive(database_path(tmp_path)) as archive:
        assert archive.session("last").outcome == "interrupted"
    assert run(tmp_path, "--explain", "60").exit_code == 0


def test_a_record_that_says_something_else_is_told(session: Rehearsal, tmp_path: Path) -> None:
    record_rehearsal(tmp_path, session)
    with unguarded_connection(database_path(tmp_path)) as connection:
        changed = connection.execute("UPDATE decision SET rule = 'hr-brake' WHERE rule = 'guard-hold'").rowcount
    connection.close()
    assert changed > 0
    told = run(tmp_path, "--explain", str(int(session.t_s)))
    assert told.exit_code == 1
    assert "DIFFERS in rule; it says: level 1 held, rule hr-brake" in told.stdout


@pytest.mark.parametrize("protocol", ["heights-first", "heights-standard", "calm-breathing"])
def test_every_moment_of_every_kind_of_session_can_be_told(protocol: str) -> None:
    made = rehearsal(protocol, seed=2).begin().run(900.0)
    moments = moments_of(made)
    for second in range(0, 900, 45):
        seen = explain(made.setup, moments, float(second))
        told = [headline(seen.decision, seen.raised_for_s), *(words for _, words in explanation_lines(seen))]
        assert all(told)
        assert "None" not in " ".join(told)
