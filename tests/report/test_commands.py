"""The commands patients, sessions and report, as a person uses them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.report.examples import record_session
from therapy.cli import patients, report, sessions
from therapy.errors import AcclimateError, UsageError
from therapy.store.people import People


@pytest.fixture
def app() -> typer.Typer:
    whole = typer.Typer()
    whole.add_typer(patients.app, name="patients")
    whole.add_typer(sessions.app, name="sessions")
    whole.command("report")(report.report)
    return whole


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(app: typer.Typer, folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(folder)])


def problem(result: Result) -> AcclimateError:
    assert isinstance(result.exception, AcclimateError), result.output
    return result.exception


def test_a_patient_becomes_ready_step_by_step(app: typer.Typer, folder: Path) -> None:
    assert run(app, folder, "patients", "add", "HX-014", "--birth-year", "1984").exit_code == 0
    listed = json.loads(run(app, folder, "patients", "--json").stdout)
    assert listed[0]["problems"] == ["consent-missing", "screening-missing"]
    consent = run(app, folder, "patients", "consent", "HX-014", "--yes-given", "--by", "T-3")
    assert "not a cleared medical device" in " ".join(consent.stdout.split())
    assert run(app, folder, "patients", "screen", "HX-014", "--all-no", "--by", "T-3").exit_code == 0
    listed = json.loads(run(app, folder, "patients", "--json").stdout)
    assert (listed[0]["ready"], listed[0]["suds_only"]) == (True, False)
    with People(folder / "acclimate.db") as people:
        people.readiness("HX-014").require()


def test_a_beta_blocker_leaves_ratings_only(app: typer.Typer, folder: Path) -> None:
    run(app, folder, "patients", "add", "HX-014", "--birth-year", "1984")
    said = run(app, folder, "patients", "screen", "HX-014", "--all-no", "--answer", "beta-blocker=yes")
    assert "ratings only" in said.stderr
    assert json.loads(run(app, folder, "patients", "--json").stdout)[0]["suds_only"] is True


def test_a_withdrawal_is_recorded(app: typer.Typer, folder: Path) -> None:
    run(app, folder, "patients", "add", "HX-014", "--birth-year", "1984")
    run(app, folder, "patients", "consent", "HX-014", "--yes-given")
    assert run(app, folder, "patients", "consent", "HX-014", "--withdraw").exit_code == 0
    assert "withdrawn" in run(app, folder, "patients").stdout


def test_the_text_can_be_shown_without_recording(app: typer.Typer, folder: Path) -> None:
    shown = run(app, folder, "patients", "consent", "HX-014", "--show")
    assert "Consent to a session" in shown.stdout
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("patients", "consent", "HX-014"), "--yes-given"),
        (("patients", "consent", "HX-014", "--withdraw", "--yes-given"), "exclude"),
        (("patients", "consent", "HX-999", "--yes-given"), "patients add HX-999"),
        (("patients", "screen", "HX-014"), "--all-no"),
        (("patients", "screen", "HX-014", "--answer", "flu=no"), "no item 'flu'"),
        (("patients", "screen", "HX-014", "--answer", "epilepsy=maybe"), "epilepsy=yes"),
        (("patients", "add", "Some Name", "--birth-year", "1984"), "no names"),
        (("sessions", "show", "zz"), "Run one: "),
        (("report", "last"), "Run one: "),
        (("sessions", "--patient", "hx-14"), "Did you mean HX-014?"),
        (("sessions", "--patient", "NOPE", "--json"), "no patient 'NOPE'"),
    ],
)
def test_misuse_is_one_sentence_with_the_cure(
    app: typer.Typer, folder: Path, words: tuple[str, ...], said: str
) -> None:
    run(app, folder, "patients", "add", "HX-014", "--birth-year", "1984")
    result = run(app, folder, *words)
    assert said in str(problem(result))
    assert isinstance(result.exception, UsageError)


def test_nothing_recorded_yet_is_an_empty_list(app: typer.Typer, folder: Path) -> None:
    assert json.loads(run(app, folder, "sessions", "--json").stdout) == []
    assert json.loads(run(app, folder, "patients", "--json").stdout) == []
    assert not folder.exists()


def test_sessions_are_listed_and_shown(app: typer.Typer, folder: Path) -> None:
    session_id = record_session(folder / "acclimate.db")
    assert session_id[:8] in run(app, folder, "sessions").stdout
    assert json.loads(run(app, folder, "sessions", "--patient", "HX-014", "--json").stdout)[0]["id"] == session_id
    shown = json.loads(run(app, folder, "sessions", "show", session_id[:5], "--json").stdout)
    assert shown["id"] == session_id
    assert shown["figures"]["highest_level_held"] == 4
    assert shown["figures"]["expectancy_violation"] == 50
    assert shown["recorded"]["samples"] == 1440
    assert shown["figures"]["suds_last_in_exposure"] == 45
    assert shown["figures"]["suds_at_the_end"] == 15
    told = run(app, folder, "sessions", "show", "last").stdout
    assert "heart-rate strap, patient, headset" in told
    assert re.search(r"Distress in exposure: +peak 80, last in exposure 45\nDistress at the end: +15\n", told)


def test_a_patient_without_a_session_has_an_empty_list_and_is_told_how_to_begin(app: typer.Typer, folder: Path) -> None:
    run(app, folder, "patients", "add", "HX-014", "--birth-year", "1984")
    assert json.loads(run(app, folder, "sessions", "--patient", "HX-014", "--json").stdout) == []
    told = run(app, folder, "sessions", "--patient", "HX-014")
    assert told.exit_code == 0
    assert "acclimate run PROTOCOL --patient CODE" in told.stderr


def test_the_report_prints_the_path_it_wrote(app: typer.Typer, folder: Path) -> None:
    record_session(folder / "acclimate.db", until_s=400.0)
    output = folder / "out" / "report.html"
    result = run(app, folder, "report", "last", "-o", str(output), "--no-pictures")
    assert result.stdout.strip() == str(output)
    assert output.read_text("utf-8").startswith("<!doctype html>")


def screened_on_a_terminal(folder: Path, typed: bytes) -> subprocess.CompletedProcess[str]:
    terminal, inside = os.openpty()
    os.write(terminal, typed)
    command = [sys.executable, "-c", "from therapy.cli.patients import app; app()", "screen", "HX-014"]
    asked = subprocess.run(
        [*command, "--data", str(folder)], stdin=inside, capture_output=True, text=True, check=False, timeout=60
    )
    os.close(terminal)
    os.close(inside)
    return asked


@pytest.mark.skipif(os.name != "posix", reason="opens a pseudo-terminal")
def test_on_a_terminal_each_item_is_asked_until_answered_and_read_back(app: typer.Typer, folder: Path) -> None:
    run(app, folder, "patients", "add", "HX-014", "--birth-year", "1984")
    asked = screened_on_a_terminal(folder, b"\n\n" + b"n\n" * 13 + b"y\n" + b"n\n" * 6 + b"y\n")
    assert asked.returncode == 0, asked.stderr
    assert "[y/N]" not in asked.stderr
    assert asked.stderr.count("[epilepsy] [y/n]") == 3
    assert "beta blocker? [beta-blocker]" in asked.stderr
    assert "Answered yes: beta-blocker. Answered no: the other 19 items." in asked.stderr
    assert "ratings only" in asked.stderr


@pytest.mark.skipif(os.name != "posix", reason="opens a pseudo-terminal")
def test_a_checklist_read_back_as_wrong_is_not_recorded(app: typer.Typer, folder: Path) -> None:
    run(app, folder, "patients", "add", "HX-014", "--birth-year", "1984")
    asked = screened_on_a_terminal(folder, b"n\n" * 21)
    assert asked.returncode == 1
    assert "Answered no: all 20 items." in asked.stderr
    assert "Nothing was recorded." in asked.stderr
    assert json.loads(run(app, folder, "patients", "--json").stdout)[0]["screening"] is None
