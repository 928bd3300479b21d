"""Set-up knows what state an environment is in, without touching it."""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.structure.tree import ROOT


def _load(checkout: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", checkout / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without an environment."""
    (tmp_path / "packaging").mkdir()
    for path in (ROOT / "packaging").iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path / "packaging" / path.name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


@pytest.fixture
def bootstrap(checkout: Path) -> ModuleType:
    """The set-up script of that checkout."""
    return _load(checkout)


@pytest.fixture
def finished(checkout: Path, bootstrap: ModuleType) -> Callable[[str], None]:
    """Makes an environment that looks finished; its packages are this test run's own."""

    def make(kind: str) -> None:
        bootstrap.BIN.mkdir(parents=True)
        bootstrap.VENV_PYTHON.symlink_to(sys.executable)
        (checkout / ".venv" / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n", encoding="utf-8")
        bootstrap.write_stamp(kind, complete=True)

    return make


def test_nothing_is_ready_before_set_up(bootstrap: ModuleType) -> None:
    assert bootstrap.environment_state() == "not made yet"
    assert not bootstrap.is_ready("runtime")


def test_a_folder_left_by_an_interrupted_start_is_made_anew(bootstrap: ModuleType) -> None:
    bootstrap.VENV.mkdir()
    assert not bootstrap.is_usable()


@pytest.mark.parametrize("stamp", ['{"complete": false, "kind": "dev"}', '{"kind": "de', "[]"])
def test_a_half_finished_environment_is_recognised(bootstrap: ModuleType, stamp: str) -> None:
    bootstrap.VENV.mkdir()
    bootstrap.STAMP.write_text(stamp, encoding="utf-8")
    assert bootstrap.environment_state() == "half finished"
    assert not bootstrap.is_ready("runtime")
    assert not bootstrap.is_usable()


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
@pytest.mark.parametrize(("held", "wanted", "ready"), [("dev", "runtime", True), ("runtime", "dev", False)])
def test_development_includes_the_product_but_not_the_reverse(
    bootstrap: ModuleType, finished: Callable[[str], None], held: str, wanted: str, ready: bool
) -> None:
    finished(held)
    assert bootstrap.is_ready(held)
    assert bootstrap.is_ready(wanted) is ready


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
@pytest.mark.parametrize("name", ["requirements-dev.txt", "requirements-reference.txt", "requirements-recordings.txt"])
def test_changed_lock_files_are_noticed(
    checkout: Path, bootstrap: ModuleType, finished: Callable[[str], None], name: str
) -> None:
    finished("dev")
    with (checkout / "packaging" / name).open("a", encoding="utf-8") as lock:
        lock.write("extra==1 --hash=sha256:00\n")
    assert not bootstrap.is_ready("dev")


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
@pytest.mark.parametrize("key", ["place", "python"])
def test_a_moved_or_foreign_environment_is_made_anew(
    bootstrap: ModuleType, finished: Callable[[str], None], key: str
) -> None:
    finished("dev")
    stamp = json.loads(bootstrap.STAMP.read_text(encoding="utf-8"))
    bootstrap.STAMP.write_text(json.dumps({**stamp, key: "another"}), encoding="utf-8")
    assert not bootstrap.is_ready("dev")
    assert not bootstrap.is_usable()


def test_doctor_says_what_is_missing_and_changes_nothing(checkout: Path) -> None:
    command = [sys.executable, str(checkout / "packaging" / "bootstrap.py"), "doctor"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "not made yet" in told.stdout
    assert "make setup" in told.stdout
    assert not (checkout / ".venv").exists()


def test_an_old_python_gets_one_sentence_with_a_cure(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    told = bootstrap.too_old()
    assert "needs Python 99.0 or newer" in told
    assert "make PYTHON=" in told


def test_the_script_can_be_read_by_a_python_too_old_to_run_it() -> None:
    source = (ROOT / "packaging" / "bootstrap.py").read_text(encoding="utf-8")
    assert ast.parse(source, feature_version=(3, 8)).body


def test_ci_makes_its_environment_anew() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines.index("rm -rf .venv") < lines.index("exec make test")
