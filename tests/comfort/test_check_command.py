"""`acclimate check scenes` and the process that measures for it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from therapy.cli import check
from therapy.cli.main import run_command
from therapy.errors import UsageError

NAMES = [
    "scene", "level", "eye", "max_flashes_per_s", "max_red_flashes_per_s", "max_acceleration_m_s2", "triangles",
    "draws", "texture_mb", "min_text_deg", "passed", "reasons",
]  # fmt: skip
CHILD = [sys.executable, "-m", "environments.comfort"]


@pytest.fixture
def app() -> typer.Typer:
    whole = typer.Typer()
    whole.add_typer(check.app, name="check")
    return whole


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hights",), "Did you mean heights?"),
        (("heights", "moon"), "The scenes are"),
        (("heights", "--levels", "3-11"), "Levels go from 0 to 10"),
        (("heights", "--levels", "6-4"), "the lower one first"),
        (("heights", "--levels", "all"), "Write them as"),
        (("shore", "--levels", "1"), "Leave --levels out"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_cure(app: typer.Typer, words: tuple[str, ...], said: str) -> None:
    error = CliRunner().invoke(app, ["check", "scenes", *words]).exception
    assert isinstance(error, UsageError), error
    assert error.exit_code == 2
    assert said in str(error)


@pytest.mark.gl
@pytest.mark.usefixtures("context")
def test_a_quick_check_measures_both_eyes_and_its_exit_code_is_the_verdict() -> None:
    command = [sys.executable, "-m", "therapy.cli", "check", "scenes", "shore", "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    rows = json.loads(done.stdout)
    assert [(row["scene"], row["level"], row["eye"]) for row in rows] == [("shore", 0, "left"), ("shore", 0, "right")]
    for row in rows:
        assert list(row) == NAMES
        assert row["passed"] is (row["reasons"] == [])
        assert row["max_flashes_per_s"] <= 1.0
        assert row["max_red_flashes_per_s"] == 0.0
        assert row["max_acceleration_m_s2"] == 0.0
        assert 1_000 < row["triangles"] <= 1_500_000
        assert 1 < row["draws"] <= 300
        assert 0.5 < row["min_text_deg"] < 2.0
    assert done.returncode == (0 if all(row["passed"] for row in rows) else 1), done.stderr


@pytest.mark.gl
@pytest.mark.usefixtures("context")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for one process")
def test_an_interrupt_ends_the_measuring_at_once_and_without_a_traceback() -> None:
    child = subprocess.Popen([*CHILD, "shore"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())["frames"] > 1_000
    assert "drawn" in json.loads(child.stdout.readline())
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert child.returncode == 130
    assert said == ""


def test_an_interrupted_check_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: list[str]) -> list[check.Row]:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "measured", interrupted)
    assert run_command(["check", "scenes", "shore"]) == 130
    assert capsys.readouterr().err.strip() == "Interrupted."


@pytest.mark.skipif(sys.platform != "linux", reason="the loader is steered through Linux's environment")
@pytest.mark.parametrize(
    "command", [CHILD, [sys.executable, "-m", "therapy.cli", "check", "scenes", "shore", "--quick"]]
)
def test_without_opengl_one_sentence_and_exit_code_4(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import moderngl\n\n\ndef refuse(**settings):\n    raise RuntimeError('no display')\n\n\n"
        "moderngl.create_standalone_context = refuse\n"
    )
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_table_names_each_reason_once_with_all_its_places() -> None:
    good = {
        "scene": "heights", "level": 1, "eye": "left", "max_flashes_per_s": 1.0, "max_red_flashes_per_s": 0.0,
        "max_acceleration_m_s2": 0.38, "triangles": 187_526, "draws": 34, "texture_mb": 1.5, "min_text_deg": 0.77,
        "passed": True, "reasons": [],
    }  # fmt: skip
    bad = {**good, "passed": False, "reasons": ["a fade lasts 0.40 s; at least 0.5"]}
    console = Console(width=140, record=True, file=io.StringIO())
    check.show([good, {**bad, "level": 2}, {**bad, "level": 2, "eye": "right"}, {**bad, "level": 3}], console)
    shown = console.export_text()
    assert shown.count("a fade lasts") == 1
    assert "heights 2, heights 3" in shown
    assert "188k" in shown
    assert "1 of 4 passed." in shown
