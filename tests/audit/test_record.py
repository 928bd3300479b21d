"""The chain of a real record: written as sessions are, checked through the desk, told by the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.audit.tampering import without_triggers
from tests.report.examples import record_session
from tests.store.raw import raw_connection
from therapy.cli import audit, export, report
from therapy.errors import UsageError
from therapy.store.auditing import Auditor
from therapy.store.checkpoints import CHECKPOINTS_NAME, checkpoints_in
from therapy.store.sources import triggers


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "acclimate.db"
    record_session(path, until_s=60.0)
    return path


def test_a_session_is_chained_and_signed_as_it_is_recorded(database: Path) -> None:
    found = Auditor(database).verify()
    assert found.found == ()
    assert found.checkpoints == 1
    assert found.entries > 200
    (checkpoint,) = checkpoints_in(database.with_name(CHECKPOINTS_NAME))
    assert checkpoint.is_genuine
    assert database.with_name(CHECKPOINTS_NAME).stat().st_mode & 0o077 == 0


def test_the_command_says_intact_and_names_the_row_that_was_changed(database: Path) -> None:
    page = database.with_name("kept.html")
    runner, place = CliRunner(), ("--data", str(database.parent))
    written = runner.invoke(_one(report.report), ["last", "-o", str(page), "--no-pictures", *place])
    assert written.exit_code == 0, written.output
    said = runner.invoke(audit.app, ["verify", "--checkpoint", str(page), *place])
    assert (said.exit_code, said.stdout.startswith("Intact")) == (0, True), said.output
    with closing(raw_connection(database)) as raw:
        without_triggers(raw)
        raw.execute("UPDATE sample SET hr10_bpm = 60.0 WHERE t_s = 30.0")
        for statement in triggers().values():
            raw.execute(statement)
    told = runner.invoke(audit.app, ["verify", "--json", *place])
    plain = json.loads(told.stdout)
    assert (told.exit_code, plain["intact"]) == (1, False)
    assert [found["what"] for found in plain["found"]] == ["row-changed"]
    assert "sample (session_number 1, seq 31, part " in plain["found"][0]["words"]


def test_a_record_is_verified_against_a_package_kept_elsewhere(database: Path) -> None:
    package = database.with_name("first.zip")
    runner, place = CliRunner(), ("--data", str(database.parent))
    made = runner.invoke(export.app, ["session", "last", "--to", str(package), *place])
    assert made.exit_code == 0, made.output
    assert "NOT encrypted" in made.stderr
    assert runner.invoke(export.app, ["verify", str(package)]).stdout.startswith("Whole: session package")
    assert runner.invoke(audit.app, ["verify", "--checkpoint", str(package), *place]).exit_code == 0
    refused = runner.invoke(audit.app, ["verify", "--checkpoint", __file__, *place])
    assert isinstance(refused.exception, UsageError)


def _one(command: Callable[..., None]) -> typer.Typer:
    whole = typer.Typer()
    whole.command()(command)
    return whole
