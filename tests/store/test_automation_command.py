"""`acclimate patients automation`, as a therapist uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.store.examples import CODE
from tests.store.graded import Graded, record_graded
from therapy.cli import patients
from therapy.errors import UsageError


def run(database: Path, *words: str) -> Result:
    return CliRunner().invoke(patients.app, ["automation", CODE, *words, "--data", str(database.parent)])


def refusal(result: Result) -> UsageError:
    assert isinstance(result.exception, UsageError), result.output
    return result.exception


def test_a_new_patient_is_shown_with_everything_that_is_missing(database: Path) -> None:
    shown = run(database).stdout
    assert f"{CODE}: suggest-only since the patient was added" in shown
    assert "Heart rate never raises the level." in shown
    assert shown.count("not met") >= 3
    assert "0 (1 needed)" in shown
    assert "--to lower-only" not in shown


def test_when_all_is_met_the_command_that_moves_on_is_named_and_nothing_moves_by_itself(database: Path) -> None:
    record_graded(database, Graded(missed=1))
    shown = run(database).stdout
    assert "not met" not in shown
    assert "4 of 5 (80% needed)" in shown
    assert f"acclimate patients automation {CODE} --to lower-only" in shown
    assert f"{CODE}: suggest-only" in run(database).stdout


def test_moving_on_is_recorded_with_who_and_why(database: Path) -> None:
    record_graded(database, Graded())
    moved = run(database, "--to", "lower-only", "--by", "T-3", "--reason", "went well", "--json")
    told = json.loads(moved.stdout)
    assert (told["stage"], told["next_stage"]) == ("lower-only", "bounded-raise")
    (change,) = told["changes"]
    assert (change["kind"], change["setting"], change["by"], change["reason"]) == (
        "stage",
        "lower-only",
        "T-3",
        "went well",
    )
    assert told["stage_since"] == change["at"]
    assert "went well" in run(database).stdout


def test_a_refused_step_says_what_is_missing_and_changes_nothing(database: Path) -> None:
    refused = refusal(run(database, "--to", "lower-only", "--limit", "3", "--by", "T-3"))
    assert "sessions-completed" in refused.problem
    assert json.loads(run(database, "--json").stdout)["changes"] == []


def test_json_gives_each_criterion_with_its_numbers(database: Path) -> None:
    record_graded(database, Graded(missed=1))
    criteria = {one["criterion"]: one for one in json.loads(run(database, "--json").stdout)["criteria"]}
    assert criteria["ratings-answered"] == {
        "criterion": "ratings-answered",
        "met": True,
        "found": 0.8,
        "needed": 0.8,
        "out_of": 5,
    }


def test_limit_and_leave_are_set_and_taken_back(database: Path) -> None:
    told = json.loads(run(database, "--limit", "6", "--allow-hr-window", "--by", "T-3", "--json").stdout)
    assert (told["limit_level"], told["hr_may_drive"]) == (6, True)
    told = json.loads(run(database, "--limit", "none", "--forbid-hr-window", "--by", "T-3", "--json").stdout)
    assert (told["limit_level"], told["hr_may_drive"]) == (None, False)
    assert [one["setting"] for one in told["changes"]] == ["allowed", "6", "forbidden", "none"]


@pytest.mark.parametrize("limit", ["11", "-1", "3.5", "high", ""])
def test_what_is_no_level_is_refused_before_anything_is_recorded(database: Path, limit: str) -> None:
    refused = refusal(run(database, f"--limit={limit}", "--allow-hr-window"))
    assert "no level" in refused.problem
    assert json.loads(run(database, "--json").stdout)["changes"] == []


def test_an_unknown_stage_is_refused_with_the_stages(database: Path) -> None:
    refused = refusal(run(database, "--to", "full-throttle"))
    assert "suggest-only, lower-only, bounded-raise" in refused.cure
