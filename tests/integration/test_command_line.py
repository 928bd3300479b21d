"""The command line as a person meets it: child processes, exit codes, one sentence with the cure."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from environments.contract import LatchReason, PlayerState
from tests.integration.conftest import CODE, QUICK, quick_text
from therapy.player_link import PlayerLink
from therapy.session.events import Phase, PhaseChanged
from therapy.store.archive import Archive
from therapy.store.paths import database_path
from therapy.store.people import People
from therapy.store.screening import CHECKLIST

WITHIN_S = 120.0
RUN = ("run", QUICK, "--patient", CODE, "--display", "offscreen", "--size", "96x54")
pytestmark = pytest.mark.timeout(240)


def acclimate(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "therapy.cli", *arguments],
        capture_output=True, text=True, check=False, timeout=WITHIN_S, stdin=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1", **environment},
    )  # fmt: skip


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command that a test disturbs while it runs, in a process group of its own."""
    child = subprocess.Popen(
        [sys.executable, "-u", "-m", "therapy.cli", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def read_until(child: subprocess.Popen[str], words: str) -> None:
    """Read the child's messages until some words; the test's own timeout ends a wait in vain."""
    assert child.stderr is not None
    heard = []
    for line in child.stderr:
        heard.append(line)
        if words in line:
            return
    raise AssertionError(f"never said {words!r} but {''.join(heard)}")


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The message, which holds no traceback."""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error: ")
    return done.stderr


def test_a_misspelt_protocol_is_named_with_its_neighbour(folder: Path) -> None:
    done = acclimate("run", "heights-frist", "--patient", CODE, "--data", str(folder))
    assert done.returncode == 2
    assert "heights-first" in one_sentence(done)


def test_a_broken_protocol_is_told_by_line(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("schema_version: 1\nname: broken\ntitle: T\nscene: heights\nmode: habituation\nlevls: 3\n")
    done = acclimate("run", str(broken), "--patient", CODE, "--data", str(folder))
    assert done.returncode == 3
    assert "broken.yaml:6:1" in one_sentence(done)


def test_an_unknown_scene_in_a_protocol_is_refused(folder: Path, tmp_path: Path) -> None:
    source = Path("protocols/library/heights-first.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "heights-first.yaml"
    wrong.write_text(source.replace("scene: heights", "scene: hights", 1), encoding="utf-8")
    done = acclimate("run", str(wrong), "--patient", CODE, "--data", str(folder))
    assert done.returncode == 3
    assert "heights" in one_sentence(done)


def test_a_patient_without_consent_or_screening_starts_nothing(folder: Path) -> None:
    with People(database_path(folder)) as people:
        people.register_patient("NC-1", 1990)
    done = acclimate("run", "heights-first", "--patient", "NC-1", "--data", str(folder), "--sensor", "virtual")
    assert done.returncode == 1
    assert "consent" in one_sentence(done).lower()
    assert "acclimate patients consent NC-1" in done.stderr
    with People(database_path(folder)) as people:
        people.record_consent("NC-1", "test")
        people.record_screening("NC-1", {item.id: item.id == "epilepsy" for item in CHECKLIST}, "test")
    assert acclimate("run", "heights-first", "--patient", "NC-1", "--data", str(folder)).returncode == 1
    with Archive(database_path(folder)) as archive:
        assert archive.sessions() == ()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--sensor", "auto"), 4, "D-Bus"),
        (("--sensor", "auto", "--speed", "20"), 2, "real time"),
        (("--sensor", "virtual", "--speed", "0"), 2, "speed"),
        (("--sensor", "replay:nowhere.txt"), 2, "nowhere.txt"),
        (("--sensor", "virtual", "--display", "hologram"), 2, "hologram"),
        (("--sensor", "virtual", "--display", "desktop"), 4, "display"),
        (("--sensor", "virtual", "--size", "huge"), 2, "size"),
    ],
)
def test_what_cannot_run_says_why(folder: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = acclimate(
        "run", "heights-first", "--patient", CODE, "--data", str(folder), *arguments,
        DISPLAY="", WAYLAND_DISPLAY="", DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nowhere/at/all",
    )  # fmt: skip
    assert done.returncode == code
    assert words.lower() in one_sentence(done).lower()


@pytest.mark.gl
def test_a_machine_without_opengl_is_told_what_to_install(folder: Path) -> None:
    done = acclimate(
        *RUN, "--sensor", "virtual", "--data", str(folder),
        __EGL_VENDOR_LIBRARY_FILENAMES="/nowhere.json", DISPLAY="", WAYLAND_DISPLAY="",
    )  # fmt: skip
    assert done.returncode == 4
    assert "libegl1" in one_sentence(done)


def test_a_folder_that_cannot_be_written_is_refused_before_anything_starts(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = acclimate("run", "heights-first", "--patient", CODE, "--data", str(blocked))
    assert done.returncode == 1
    assert "--data" in one_sentence(done)


def test_a_session_that_is_not_there_is_said() -> None:
    for command in (("replay", "beef", "--check"), ("report", "beef", "-o", "x.html"), ("sessions", "show", "beef")):
        done = acclimate(*command, ACCLIMATE_DATA="nowhere-at-all")
        assert done.returncode in (1, 2)
        one_sentence(done)


@pytest.mark.gl
def test_ctrl_c_stops_in_the_calm_scene_and_seals_the_record(folder: Path) -> None:
    with running(*RUN, "--sensor", "virtual", "--speed", "10", "--data", str(folder)) as child:
        read_until(child, "stop rehearsal")
        os.kill(child.pid, signal.SIGINT)
        child.communicate(timeout=WITHIN_S)
        assert child.returncode == 130
    with Archive(database_path(folder)) as archive:
        assert archive.session("last").outcome == "stopped-by-therapist"


@pytest.mark.gl
def test_a_therapist_steers_by_typing(folder: Path) -> None:
    with running(*RUN, "--sensor", "virtual", "--speed", "10", "--data", str(folder)) as child:
        assert child.stdin is not None
        read_until(child, "stop rehearsal")
        child.stdin.write("dance\nnote looks calm\nceiling 5\nstop\n")
        child.stdin.flush()
        _, said = child.communicate(timeout=WITHIN_S)
        assert child.returncode == 0
    assert "There is no command 'dance'" in said
    assert "looks calm" in said
    assert "reason" in said


def quick_file(folder: Path) -> Path:
    """The quick session as a file of its own."""
    written = folder / f"{QUICK}.yaml"
    written.write_text(quick_text(), "utf-8")
    return written


@pytest.mark.gl
async def test_a_killed_session_leaves_the_patient_in_the_calm_scene_and_the_record_readable(folder: Path) -> None:
    command = ("run", str(quick_file(folder)), *RUN[2:], "--sensor", "virtual", "--speed", "30", "--seed", "25")
    with running(*command, "--data", str(folder)) as child:
        await asyncio.to_thread(read_until, child, "— exposure")
        await asyncio.to_thread(read_until, child, "SUDS")
        run_file = folder / "player.json"
        assert run_file.exists()
        os.kill(child.pid, signal.SIGKILL)
        child.wait(timeout=WITHIN_S)
    states: asyncio.Queue[PlayerState] = asyncio.Queue()
    link = PlayerLink(lambda report: states.put_nowait(report) if isinstance(report, PlayerState) else None, print)
    async with asyncio.timeout(30.0):
        await link.attach(run_file)
        state = await states.get()
        while state.scene != "shore" or state.fade_0to1 > 0.0:
            state = await states.get()
    assert state.latch is LatchReason.LEASE_LOST
    assert state.intensity_0to1 == 0.0
    await link.close()
    with Archive(database_path(folder)) as archive:
        record = archive.session("last")
        assert record.outcome == "interrupted"
        phases = [one.what.after for one in archive.events(record.session_id) if isinstance(one.what, PhaseChanged)]
        assert phases[-1] is Phase.EXPOSURE
    assert acclimate("replay", "last", "--check", "--data", str(folder)).returncode == 0
    report = folder / "report.html"
    assert acclimate("report", "last", "-o", str(report), "--no-pictures", "--data", str(folder)).returncode == 0
    assert "interrupted" in report.read_text(encoding="utf-8")


def test_reading_commands_print_json(folder: Path) -> None:
    for command in (("sessions",), ("patients",), ("scenes",), ("protocol", "list")):
        extra = ("--data", str(folder)) if command[0] in ("sessions", "patients") else ()
        done = acclimate(*command, "--json", *extra)
        assert done.returncode == 0
        assert isinstance(json.loads(done.stdout), list)
