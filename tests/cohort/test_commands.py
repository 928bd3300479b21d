"""`acclimate simulate` and `acclimate bench loop`, as they are called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from therapy.cli.main import run_command
from therapy.cohort.arms import ARMS
from therapy.cohort.rows import METRICS

SHORT = ["--patients", "2", "--minutes", "2", "--seed", "5", "--strata", "typical,under-reporter", "--workers", "1"]


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run_command([*arguments, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return json.loads(printed.out)


def test_simulate_prints_what_was_asked_and_what_came_out(capsys: pytest.CaptureFixture[str]):
    found = _json(capsys, "simulate", "--policy", "ladder", "--faults", "zero,late-suds", *SHORT)
    asked = {name: found[name] for name in ("policy", "minutes", "seed", "patients", "faults", "tick_s")}
    assert asked == {
        "policy": "ladder", "minutes": 2.0, "seed": 5, "patients": 2, "faults": ["zero", "late-suds"], "tick_s": 1.0,
    }  # fmt: skip
    assert found["patient_model"] == "therapy.patient.virtual:VirtualPatient"
    assert [row["stratum"] for row in found["results"]] == ["typical", "under-reporter", "all"]
    for row in found["results"]:
        assert set(METRICS) | {"policy", "stratum", "patients", "ci95"} == set(row)
        assert set(row["ci95"]) == set(METRICS)


def test_the_same_seed_prints_the_same(capsys: pytest.CaptureFixture[str]):
    one, again = (_json(capsys, "simulate", "--policy", "ladder", *SHORT) for _ in range(2))
    assert one == again


def test_every_policy_can_be_simulated(capsys: pytest.CaptureFixture[str]):
    for policy in ARMS:
        found = _json(capsys, "simulate", "--policy", policy, *SHORT[:-2], "--patients", "1", "--minutes", "1")
        assert found["results"][-1]["patients"] == 1


def test_a_table_for_people(capsys: pytest.CaptureFixture[str]):
    assert run_command(["simulate", "--policy", "ladder", *SHORT]) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.startswith("policy  stratum")
    assert len(lines) == 3
    assert lines[-1].split()[:3] == ["ladder", "all", "2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--policy", "best"], "There is no policy 'best'"),
        (["--policy", "ladder", "--patients", "0"], "0 patients are not possible"),
        (["--policy", "ladder", "--minutes", "0.5"], "0.5 minutes are not possible"),
        (["--policy", "ladder", "--minutes", "nan"], "nan minutes are not possible"),
        (["--policy", "ladder", "--seed", "-1"], "A seed of -1 is not possible"),
        (["--policy", "ladder", "--strata", "tall"], "There is no stratum 'tall'"),
        (["--policy", "ladder", "--faults", "fire"], "There is no fault 'fire'"),
        (["--policy", "ladder", "--tick", "2"], "A tick of 2 s is not possible"),
        (["--policy", "ladder", "--workers", "0"], "Somebody has to work"),
        (["--policy", "ladder", "--patient-model", "nowhere"], "names no patient model"),
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]):
    assert run_command(["simulate", *arguments]) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.out == ""


def test_a_model_that_says_no_number_ends_the_run_with_a_sentence(capsys: pytest.CaptureFixture[str]):
    model = ["--patient-model", "tests.cohort.lives:Numb", "--strata", "willing"]
    assert run_command(["simulate", "--policy", "ladder", *SHORT, *model]) == 2
    assert "tests.cohort.lives:Numb says a fear of nan; it has to be a number." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["loop.png", "loop.html"])
def test_bench_compares_policies_and_draws_them(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    output = tmp_path / "new" / name
    found = _json(capsys, "bench", "loop", "--policies", "ladder,published-a", *SHORT, "-o", str(output))
    assert [one["policy"] for one in found] == ["ladder", "published-a"]
    if output.suffix == ".png":
        with Image.open(output) as picture:
            assert picture.width > 1000
    else:
        page = output.read_text(encoding="utf-8")
        assert page.count("<tr>") == 1 + 2 * 3
        assert "data:image/png;base64," in page
        assert "http" not in page


def test_bench_prints_a_table_of_all(capsys: pytest.CaptureFixture[str]):
    assert run_command(["bench", "loop", "--policies", "ladder,published-b", *SHORT]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 2 * 3


def test_bench_refuses_a_file_it_cannot_make_before_it_works(capsys: pytest.CaptureFixture[str]):
    assert run_command(["bench", "loop", "-o", "loop.pdf"]) == 2
    assert "loop.pdf is neither a picture nor a page" in capsys.readouterr().err
