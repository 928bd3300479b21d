"""Setting up, unlocking and users as a person at a terminal, or a script, meets them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from therapy.cli.main import run_command
from therapy.store.keyfile import keys_path
from therapy.store.unlocking import KEY_FILE_VARIABLE, unlock_by_password

PASSWORD = "four words in row"


@pytest.fixture
def by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a station that has no key file, and no secret in the environment but a password's file."""
    monkeypatch.delenv(KEY_FILE_VARIABLE)
    place = tmp_path / "password.txt"
    place.write_text(PASSWORD + "\n", encoding="utf-8")
    monkeypatch.setenv("ACCLIMATE_PASSWORD_FILE", str(place))
    return tmp_path / "data"


def test_a_script_sets_up_and_works_with_files_of_secrets(
    by_hand: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(by_hand))
    assert run_command(["patients", "add", "HX-1", "--birth-year", "1984", *data]) == 6
    assert "acclimate setup" in capsys.readouterr().err
    assert not by_hand.exists()
    assert run_command(["setup", "--name", "T-3", *data]) == 0
    recovery = capsys.readouterr().out.strip()
    assert re.fullmatch(r"([A-Z2-7]{4}-){8}[A-Z2-7]", recovery)
    assert run_command(["setup", "--name", "T-4", *data]) == 2
    assert run_command(["patients", "add", "HX-1", "--birth-year", "1984", *data]) == 0
    assert run_command(["patients", "consent", "HX-1", "--yes-given", *data]) == 0
    capsys.readouterr()
    assert run_command(["patients", *data]) == 0
    assert "HX-1" in capsys.readouterr().out
    other = by_hand.parent / "other.txt"
    other.write_text("another password\n", encoding="utf-8")
    monkeypatch.setenv("ACCLIMATE_PASSWORD_FILE", str(other))
    assert run_command(["patients", *data]) == 6
    assert "not the password of T-3" in capsys.readouterr().err
    written = by_hand.parent / "recovery.txt"
    written.write_text(recovery, encoding="utf-8")
    monkeypatch.setenv("ACCLIMATE_NEW_PASSWORD_FILE", str(other))
    with monkeypatch.context() as recovering:
        recovering.setenv("ACCLIMATE_RECOVERY_KEY_FILE", str(written))
        assert run_command(["users", "password", "T-3", *data]) == 0
        assert run_command(["patients", *data]) == 6
        assert "administrator" in capsys.readouterr().err
    assert run_command(["--user", "T-3", "patients", *data]) == 0
    monkeypatch.delenv("ACCLIMATE_PASSWORD_FILE")
    assert run_command(["patients", *data]) == 6
    assert "ACCLIMATE_PASSWORD_FILE" in capsys.readouterr().err


def test_a_new_station_key_serves_an_unattended_station(by_hand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = by_hand.parent / "station.key"
    data = ("--data", str(by_hand))
    assert run_command(["setup", "--new-station-key", str(key)]) == 0
    monkeypatch.delenv("ACCLIMATE_PASSWORD_FILE")
    monkeypatch.setenv(KEY_FILE_VARIABLE, str(key))
    assert run_command(["patients", "add", "HX-1", "--birth-year", "1984", *data]) == 0
    monkeypatch.delenv(KEY_FILE_VARIABLE)
    assert run_command(["patients", *data]) == 6


@pytest.mark.skipif(os.name != "posix", reason="plays a person at a pseudo-terminal")
def test_a_person_is_led_through_set_up_without_an_echo_of_the_password(by_hand: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCLIMATE_")}
    command = [sys.executable, "-m", "therapy.cli", "patients", "add", "HX-1", "--birth-year", "1984"]
    with subprocess.Popen(
        [*command, "--data", str(by_hand)],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, "NO_COLOR": "1", "TERM": "dumb"},
        start_new_session=True,
    ) as child:  # fmt: skip
        os.close(theirs)
        seen = _read_until(ours, "Your name as a user", "")
        os.write(ours, b"T-3\n")
        for question, answer in (
            ("12 characters or more): ", "short"),
            ("12 characters or more): ", PASSWORD),
            ("Once more: ", "something else"),
            ("12 characters or more): ", PASSWORD),
            ("Once more: ", PASSWORD),
        ):
            seen = _read_until(ours, question, seen)
            os.write(ours, answer.encode() + b"\n")
        seen = _read_until(ours, "from where you have written it: ", seen)
        (recovery,) = re.findall(r"(?:[A-Z2-7]{4}-){8}[A-Z2-7]", seen)
        group = int(re.findall(r"Type group (\d+)", seen)[-1])
        os.write(ours, recovery.split("-")[group - 1].lower().encode() + b"\n")
        seen = _read_until(ours, "Added HX-1", seen)
        assert child.wait(timeout=60) == 0
    os.close(ours)
    assert PASSWORD not in seen
    assert "at least 12 characters" in seen
    assert "The two differ" in seen
    assert unlock_by_password(by_hand / "acclimate.db", "T-3", PASSWORD).user.name == "T-3"
    assert PASSWORD.encode() not in keys_path(by_hand).read_bytes()


def _read_until(terminal: int, words: str, seen: str) -> str:
    """What the terminal showed, up to some words that come after what was seen before."""
    fresh = ""
    while words not in fresh:
        fresh += os.read(terminal, 4096).decode()
    return seen + fresh
