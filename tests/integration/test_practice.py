"""A therapist practises at a terminal: the whole way, with every real part."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import QUICK, quick_text
from tests.integration.test_command_line import WITHIN_S, acclimate, one_sentence, read_until, running
from therapy.session.events import Rated, Therapist
from therapy.store.archive import Archive
from therapy.store.paths import database_path

pytestmark = pytest.mark.timeout(240)


def typed(child: subprocess.Popen[str], line: str) -> None:
    assert child.stdin is not None
    child.stdin.write(f"{line}\n")
    child.stdin.flush()


@pytest.fixture(scope="module")
def practised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, int]]:
    """A practice in which the first suggestion is followed, sickness is entered, and the therapist stops."""
    folder = tmp_path_factory.mktemp("practice")
    written = folder / f"{QUICK}.yaml"
    written.write_text(quick_text(), "utf-8")
    fixed = ("--stratum", "under-reporter", "--seed", "7", "--display", "offscreen", "--speed", "30")
    with running("practice", str(written), *fixed, "--out", str(folder / "out")) as child:
        read_until(child, "Suggests level 1: rated below the level for a step up; type up to follow")
        typed(child, "up")
        read_until(child, "level 0 → 1: one level up, asked by the therapist")
        typed(child, "sickness 4")
        read_until(child, "sickness (FMS, 0–20): 4")
        typed(child, "stop")
        assert child.stderr is not None
        assert child.stdout is not None
        rest = child.stderr.read()
        told = child.stdout.read()
        code = child.wait(timeout=WITHIN_S)
        assert "under-reporter" not in rest
        yield folder / "out", told, code


@pytest.mark.gl
def test_the_debriefing_reveals_who_it_was_and_what_was_followed(practised: tuple[Path, str, int]) -> None:
    folder, told, code = practised
    assert code == 0
    lines = told.splitlines()
    assert "someone who rates less fear than they feel (under-reporter, seed 7)" in lines[1]
    assert "1, 1 followed" in told
    assert "up to level 1, rated below the level for a step up: followed after" in told
    report = Path(lines[-1])
    assert report.parent == folder
    assert "under-reporter" in report.read_text("utf-8")


@pytest.mark.gl
def test_the_record_holds_what_the_therapist_did(practised: tuple[Path, str, int]) -> None:
    folder, _, _ = practised
    with Archive(database_path(folder)) as archive:
        record = archive.session("last")
        commands = [one.what.action.value for one in archive.journal(record.session_id, (Therapist,))]
        rated = [one.what for one in archive.ratings(record.session_id) if one.what.scale == "fms"]
    assert commands == ["up", "sickness", "stop"]
    assert rated == [Rated("fms", 4, False, 0.1)]
    assert record.setup["stage"] == "suggest-only"
    assert "patient" in record.simulated
    assert acclimate("replay", "last", "--check", "--data", str(folder)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("heights-frist",), "heights-first"),
        (("--speed", "900"), "speed"),
        (("--display", "hologram"), "hologram"),
    ],
)
def test_what_cannot_be_practised_says_why(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = acclimate("practice", *arguments, "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert words in one_sentence(done)
    assert not (tmp_path / "out").exists()


def test_an_unknown_kind_of_patient_is_refused_with_the_kinds_there_are() -> None:
    done = acclimate("practice", "--stratum", "brave")
    assert done.returncode == 2
    assert "under-reporter" in done.stderr
