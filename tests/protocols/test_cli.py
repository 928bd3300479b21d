import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from therapy.cli.protocol import app, load_for_command
from therapy.errors import ProtocolInvalid, UsageError


def _run(*arguments: str) -> tuple[str, str, BaseException | None]:
    result = CliRunner().invoke(app, list(arguments))
    return result.stdout, result.stderr, result.exception


def test_list_names_every_protocol(scenes: Path):
    out, _, error = _run("list")
    assert error is None
    assert "heights-first" in out
    assert "calm-breathing" in out


def test_list_as_json_is_data(scenes: Path):
    rows = json.loads(_run("list", "--json")[0])
    first = next(row for row in rows if row["name"] == "heights-first")
    assert (first["scene"], first["mode"], first["levels"], first["minutes"]) == ("heights", "habituation", "0-4", 29)


def test_show_as_json_has_every_field_with_its_default(scenes: Path):
    out, _, error = _run("show", "heights-first", "--json")
    shown, loaded = json.loads(out), load_for_command("heights-first")
    assert error is None
    assert shown["sha256"] == loaded.sha256
    assert shown["prompts"]["answer_within_s"] == loaded.protocol.prompts.answer_within_s
    assert set(type(loaded.protocol).model_fields) < set(shown)


def test_check_says_that_a_file_can_be_used(scenes: Path):
    out, _, error = _run("check", "heights-first", "calm-breathing")
    assert error is None
    assert out.count("can be used") == 2


def test_check_refuses_with_every_problem_of_every_file(scenes: Path, tmp_path: Path, good_text: str):
    bad = tmp_path / "bad.yaml"
    bad.write_text(good_text.replace("start: 0", "start: 9").replace("calm_at: 95", "calm_at: 100"), "utf-8")
    _, _, error = _run("check", str(bad), "heights-firts")
    assert isinstance(error, ProtocolInvalid)
    assert error.exit_code == 3
    assert f"{bad}:15:17: start 9 lies above ceiling 4" in str(error)
    assert "100 is refused" in str(error)
    assert "differs from the file's name 'bad'" in str(error)
    assert "did you mean 'heights-first'" in str(error)


def test_check_as_json_reports_and_still_fails(scenes: Path, tmp_path: Path):
    path = tmp_path / "empty.yaml"
    path.touch()
    out, _, error = _run("check", "--json", str(path))
    (result,) = json.loads(out)
    assert (result["usable"], result["problems"][0]["line"]) == (False, 1)
    assert isinstance(error, ProtocolInvalid)


def test_check_puts_warnings_on_the_other_channel(scenes: Path, tmp_path: Path, good_text: str):
    path = tmp_path / "heights-first.yaml"
    path.write_text(good_text.replace("dwell_up_s: 45", "dwell_up_s: 400"), "utf-8")
    out, err, error = _run("check", str(path))
    assert error is None
    assert "dwell_up_s 400 is unusual" in err
    assert "unusual" not in out


def test_show_prints_the_file_as_it_is(scenes: Path, good_text: str):
    assert _run("show", "heights-first")[0] == good_text


def test_schema_prints_json_and_a_table():
    assert json.loads(_run("schema")[0])["title"] == "Protocol"
    assert _run("schema", "--table")[0].startswith("| Field |")


def test_an_unknown_name_is_a_usage_error_and_a_bad_file_an_invalid_protocol(tmp_path: Path):
    with pytest.raises(UsageError, match="protocol list"):
        load_for_command("nothing")
    path = tmp_path / "x.yaml"
    path.write_text("a: 1", "utf-8")
    with pytest.raises(ProtocolInvalid, match="unknown key"):
        load_for_command(str(path))
