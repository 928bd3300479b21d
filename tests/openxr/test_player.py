"""The whole player process in a headset: what the patient meets, what the session is told."""

from __future__ import annotations

import itertools
import math
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from environments.contract import (
    HeadPoses,
    LatchReason,
    PanelAnswered,
    PanelKind,
    PanelShown,
    PatientStopped,
    PlayerState,
    Recentre,
    ReleaseLatch,
    ShowPanel,
    Shutdown,
    StopSource,
)
from environments.display.openxr.presses import STOP_HOLD_S
from environments.handshake import PlayerSettings, StartLine
from environments.player import EXIT_NO_DISPLAY
from tests.openxr.control import Runtime
from tests.openxr.validation import Validation
from tests.player.probe import Probe
from tests.player.process import PlayerProcess, start_player

pytestmark = [pytest.mark.gl, pytest.mark.timeout(240)]

HZ = 16
SELECT = "input /user/hand/right/input/select/click"
BEGINNING = f"offer XR_FB_display_refresh_rate 0\nsize 48 48\nrate {HZ}\npaced 1\nhead 0 1.6 0 0 0 0 1\nwatch 1\n"


class Headset:
    """The test runtime inside the player, steered by a file and heard by another."""

    def __init__(self, folder: Path) -> None:
        self.script, self.log = folder / "script.txt", folder / "log.txt"
        self.script.write_text(BEGINNING, encoding="utf-8")

    def tell(self, *lines: str) -> None:
        with self.script.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Frame and words of everything that was written down."""
        parted = (line.partition(" ") for line in self.log.read_text("utf-8").splitlines())
        return [(int(frame), words) for frame, _, words in parted]


@pytest.fixture(name="headset", scope="module")
def _headset(tmp_path_factory: pytest.TempPathFactory) -> Headset:
    return Headset(tmp_path_factory.mktemp("headset"))


@pytest.fixture(name="player", scope="module")
def _player(
    headset: Headset, tmp_path_factory: pytest.TempPathFactory, _loaded_runtime: Runtime
) -> Iterator[tuple[PlayerProcess, Validation]]:
    validation = Validation(tmp_path_factory.mktemp("validation") / "core.txt", best_practices=False)
    settings = PlayerSettings(display="vr", width_px=160, height_px=90, samples=1, posture="seated")
    environment: dict[str, str | None] = {
        **validation.environment,
        "DISPLAY": None,
        "XR_RUNTIME_JSON": str(_loaded_runtime.manifest),
        "ACCLIMATE_XR_SCRIPT": str(headset.script),
        "ACCLIMATE_XR_LOG": str(headset.log),
    }
    with PlayerProcess(settings, **environment) as player:
        yield player, validation


@pytest.fixture(name="session")
def _session(player: tuple[PlayerProcess, Validation], headset: Headset) -> Iterator[Probe]:
    """Attached, in the snow, with the headset worn and nothing latched."""
    headset.tell("focus 1", "present 1", "head_flags 15", f"{SELECT} 0")
    with player[0].attach() as session:
        in_snow(session)
        yield session


def in_snow(session: Probe) -> PlayerState:
    """In the snow, with the headset worn, whatever was held before."""
    session.show("snow")
    session.wait_state(lambda s: s.head_worn and s.head_tracked)
    while True:
        state = session.wait_state(lambda s: s.scene == "snow" or s.latch is not None)
        if state.latch is not None:
            session.send(ReleaseLatch(state.latch_id))
        elif state.fade_0to1 == 0.0:
            return state


def latched(session: Probe, reason: LatchReason) -> PlayerState:
    return session.wait_state(lambda s: s.latch is reason)


def test_the_patients_own_head_is_told_and_recentred_from_afar(session: Probe, headset: Headset) -> None:
    assert session.ready.display == "vr"
    headset.tell("head 0.1 1.6 0 0 -0.258819 0 0.965926")
    told = session.wait_for(HeadPoses, lambda one: bool(one.poses) and one.poses[-1][1] > 29.0)
    _, yaw_deg, _, _, x_m, _, _ = told.poses[-1]
    assert yaw_deg == pytest.approx(30.0, abs=0.1)
    assert x_m == pytest.approx(0.1, abs=1e-3)
    session.send(Recentre())
    session.wait_for(HeadPoses, lambda one: bool(one.poses) and abs(one.poses[-1][1]) < 0.1)
    headset.tell("head 0 1.6 0 0 0 0 1")
    session.wait_for(HeadPoses, lambda one: bool(one.poses) and one.poses[-1][1] < -29.0)
    session.send(Recentre())


def test_a_held_button_darkens_the_picture_in_the_frame_after_it_was_held_long_enough(
    session: Probe, headset: Headset
) -> None:
    headset.tell(f"{SELECT} 1")
    stopped = session.wait_for(PatientStopped)
    assert stopped.source is StopSource.KEY
    calm = session.wait_state(lambda s: s.scene == "shore" and s.fade_0to1 == 0.0)
    assert calm.latch is LatchReason.PATIENT_STOP
    pressed = max(frame for frame, words in headset.lines if words == f"command {SELECT} 1")
    bright = {frame: float(words.split()[-1]) for frame, words in headset.lines if words.startswith("note bright")}
    before = bright[pressed]
    darkened = min(frame for frame in bright if frame > pressed and bright[frame] < 0.95 * before)
    held = math.ceil(STOP_HOLD_S * HZ)  # the press is met in the frame that is waited for, or in the next
    assert pressed + held <= darkened <= pressed + 1 + held + 1
    fading = [bright[frame] for frame in range(darkened - 1, darkened + 4)]
    assert all(later < 0.95 * earlier for earlier, later in itertools.pairwise(fading))


def test_a_short_press_answers(session: Probe, headset: Headset) -> None:
    session.send(ShowPanel(7, PanelKind.MESSAGE, "Ready?"))
    session.wait_for(PanelShown)
    headset.tell(f"{SELECT} 1", f"in 3 {SELECT} 0")
    assert session.wait_for(PanelAnswered) == PanelAnswered(7, PanelKind.MESSAGE, 1)


def test_a_headset_that_shows_something_of_its_own_holds_the_calm_scene(session: Probe, headset: Headset) -> None:
    headset.tell("focus 0")
    held = latched(session, LatchReason.FOCUS_LOST)
    assert held.head_worn
    assert held.head_tracked


def test_a_head_that_is_not_seen_holds_the_calm_scene(session: Probe, headset: Headset) -> None:
    headset.tell("head_flags 0")
    assert not latched(session, LatchReason.DISPLAY_LOST).head_tracked


def test_taking_the_headset_off_is_a_stop(session: Probe, headset: Headset) -> None:
    headset.tell("present 0")
    stopped = session.wait_for(PatientStopped)
    assert stopped.source is StopSource.HEADSET_OFF
    assert not session.wait_state(lambda s: s.latch_id == stopped.latch_id).head_worn


@pytest.mark.parametrize("loss", ["session_lost", "instance_lost 1"])
def test_a_headset_that_is_gone_holds_the_calm_scene_until_it_is_back(
    session: Probe, headset: Headset, loss: str
) -> None:
    headset.tell(loss)
    lost = session.wait_state(lambda s: s.latch in {LatchReason.DISPLAY_LOST, LatchReason.PATIENT_STOP})
    assert not lost.head_tracked
    back = session.wait_state(lambda s: s.head_worn and s.head_tracked)
    assert back.latch_id == lost.latch_id
    assert back.latch is not None


def test_the_player_ends_with_everything_given_back(
    player: tuple[PlayerProcess, Validation], session: Probe, headset: Headset
) -> None:
    session.send(Shutdown())
    assert player[0].process.wait(30.0) == 0
    assert [words for _, words in headset.lines if words.startswith("misuse")] == []
    assert headset.lines[-1][1] == "end alive 0 misuses 0"
    assert player[1].was_used
    assert player[1].messages == []


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
