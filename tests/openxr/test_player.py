"""The player in the headset, as a session meets it: what happens to the headset happens to the patient's scene."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from environments.contract import FrameStatistics, LatchReason, PatientStopped, PlayerState, ReleaseLatch, StopSource
from environments.handshake import PlayerSettings, StartLine
from environments.player import EXIT_NO_DISPLAY
from tests.openxr.control import Runtime
from tests.player.probe import Probe
from tests.player.process import PlayerProcess, start_player

pytestmark = pytest.mark.gl


class Headset:
    """The runtime in the player's process, steered through a file that it reads while it grows."""

    def __init__(self, folder: Path, manifest: Path) -> None:
        self._script, self.log = folder / "script", folder / "log"
        self.tell("paced 1", "rate 30", "size 40 40")
        self.environment: dict[str, str | None] = {
            "XR_RUNTIME_JSON": str(manifest),
            "ACCLIMATE_XR_SCRIPT": str(self._script),
            "ACCLIMATE_XR_LOG": str(self.log),
            "DISPLAY": None,
        }

    def tell(self, *lines: str) -> None:
        with self._script.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))


@pytest.fixture
def headset(tmp_path: Path, runtime: Runtime) -> Headset:
    return Headset(tmp_path, runtime.manifest)


@pytest.fixture
def probe(headset: Headset) -> Iterator[Probe]:
    settings = PlayerSettings(display="vr", samples=1, width_px=64, height_px=64)
    with PlayerProcess(settings, **headset.environment) as player, player.attach() as probe:
        yield probe
        player.process.terminate()
        assert player.process.wait(30) == 0
    assert "misuse" not in headset.log.read_text(encoding="utf-8")


def released(probe: Probe, state: PlayerState) -> None:
    """Let the player follow commands again."""
    probe.send(ReleaseLatch(state.latch_id))
    probe.wait_state(lambda one: one.latch is None)


def test_what_happens_to_the_headset_holds_the_calm_scene_and_is_told(headset: Headset, probe: Probe) -> None:
    assert (probe.ready.display, probe.ready.head_is_simulated) == ("vr", False)
    probe.show("shore")
    probe.wait_state(lambda one: one.head_worn and one.head_tracked and one.latch is None)
    probe.wait_for(FrameStatistics, lambda one: one.frames > 0)

    headset.tell("focus 0")
    held = probe.wait_state(lambda one: one.latch is LatchReason.FOCUS_LOST)
    assert held.head_tracked
    headset.tell("focus 1")
    released(probe, held)

    headset.tell("session_lost")
    lost = probe.wait_state(lambda one: one.latch is LatchReason.DISPLAY_LOST or one.latch is LatchReason.PATIENT_STOP)
    assert not lost.head_tracked
    back = probe.wait_state(lambda one: one.head_tracked and one.head_worn)
    released(probe, back)

    headset.tell("present 0")
    stopped = probe.wait_for(PatientStopped, lambda one: one.latch_id > back.latch_id)
    assert stopped.source is StopSource.HEADSET_OFF
    assert not probe.wait_state(lambda one: one.latch_id == stopped.latch_id).head_worn
    headset.tell("present 1")
    released(probe, probe.wait_state(lambda one: one.head_worn))

    headset.tell("input /user/hand/left/input/select/click 1")
    assert probe.wait_for(PatientStopped, lambda one: one.latch_id > stopped.latch_id).source is StopSource.KEY


def test_without_a_runtime_the_player_ends_with_a_sentence_and_its_cure() -> None:
    player = start_player({"XR_RUNTIME_JSON": "/nowhere/runtime.json", "DISPLAY": None})
    line = StartLine(token="0" * 64, settings=PlayerSettings(display="vr")).model_dump_json().encode() + b"\n"
    try:
        _, said = player.communicate(line, timeout=60)
    except subprocess.TimeoutExpired:
        player.kill()
        raise
    assert player.returncode == EXIT_NO_DISPLAY
    assert said.decode().startswith("There is no OpenXR runtime on this machine. Start")
    assert said.count(b"\n") == 1
