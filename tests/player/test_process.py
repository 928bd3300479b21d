"""The real player process, offscreen: what the session is told and what the patient sees."""

import signal
import sys
import time

import numpy as np
import pytest
from PIL import Image

from environments.contract import (
    CONTRACT_VERSION,
    FrameStatistics,
    GazeInput,
    HeadPoses,
    KeyInput,
    LatchReason,
    PanelAnswered,
    PanelKind,
    PanelShown,
    PatientStopped,
    Refused,
    ReleaseLatch,
    ShowPanel,
    Shutdown,
    StopSource,
)
from environments.handshake import PlayerSettings, RunFile
from environments.scenes.manifest import load_manifest
from tests.player.process import PlayerProcess, start_player

pytestmark = [pytest.mark.gl, pytest.mark.timeout(240)]

SMALL = {"display": "offscreen", "width_px": 160, "height_px": 90, "samples": 1}


@pytest.fixture(name="player", scope="module")
def _player(tmp_path_factory):
    folder = tmp_path_factory.mktemp("player")
    settings = PlayerSettings(**SMALL, capture_dir=str(folder), run_file=str(folder / "run.json"), preload=("heights",))
    with PlayerProcess(settings) as player:
        yield player, folder


@pytest.fixture(name="session")
def _session(player):
    """Attached to the player in the calm scene, with nothing latched and the head straight."""
    with player[0].attach() as session:
        session.show("shore")
        state = session.wait_state(lambda s: True)
        if state.latch is not None:
            session.send(ReleaseLatch(state.latch_id))
        session.send(GazeInput(0.0, 0.0))
        session.wait_state(lambda s: s.latch is None and s.scene == "shore" and s.fade_0to1 == 0.0)
        yield session
        session.show("shore")
        session.wait_state(lambda s: s.scene == "shore")


def picture(session, folder):
    """What the patient sees now, as numbers."""
    before = set(folder.glob("*.png"))
    session.send(KeyInput("capture"))
    while not (new := set(folder.glob("*.png")) - before):
        session.wait_for(object)
    session.wait_for(object)
    with Image.open(new.pop()) as image:
        return np.asarray(image.resize((160, 90)), dtype=float)


def in_heights(session):
    session.show("heights", 0.3)
    return session.wait_state(lambda s: s.scene == "heights" and s.fade_0to1 == 0.0)


def test_player_says_what_it_is_and_reads_its_state_back(player, session):
    ready = session.ready
    assert (ready.contract_version, ready.pid, ready.display) == (CONTRACT_VERSION, player[0].process.pid, "offscreen")
    assert {"shore", "heights"} <= set(ready.scenes)
    state = in_heights(session)
    assert state.intensity_0to1 == pytest.approx(0.3)
    assert state.parameters == pytest.approx(load_manifest("heights").values_at(0.3))
    assert state.sequence > 0
    assert state.applied_monotonic_s <= time.monotonic()


def test_state_comes_often_and_frames_and_poses_each_second(session):
    session.wait_for(FrameStatistics)
    session.reports.clear()
    statistics = session.wait_for(FrameStatistics)
    poses = session.wait_for(HeadPoses)
    assert statistics.frames > 0
    assert len(poses.poses) > 0


def test_unknown_scene_is_refused_and_the_picture_goes_on(session):
    in_heights(session)
    session.show("moon")
    assert "no scene 'moon'" in session.wait_for(Refused).reason
    state = session.wait_state(lambda s: True)
    assert (state.scene, state.latch) == ("heights", None)


def test_session_that_dies_leaves_the_patient_in_the_calm_scene(player):
    process, folder = player
    with process.attach() as session:
        session.show("shore")
        session.wait_state(lambda s: True)
        session.send(ReleaseLatch(session.wait_state(lambda s: True).latch_id))
        calm = session.wait_state(lambda s: s.scene == "shore" and s.fade_0to1 == 0.0 and s.latch is None)
        shore = picture(session, folder)
        in_heights(session)
        heights = picture(session, folder)
    died_s = time.monotonic()
    with process.attach() as session:
        state = session.wait_state(lambda s: s.latch is not None)
        assert state.latch is LatchReason.LEASE_LOST
        assert state.applied_monotonic_s - died_s < 2.5
        held = session.wait_state(lambda s: s.scene == "shore" and s.fade_0to1 == 0.0)
        assert held.latch_id > calm.latch_id
        seen = picture(session, folder)
    assert np.abs(seen - shore).mean() < 8.0
    assert np.abs(seen - heights).mean() > 25.0


def test_restarted_session_releases_the_latch_it_found(session):
    assert in_heights(session).latch is None


def test_looking_at_the_calm_disc_stops(session):
    in_heights(session)
    session.send(GazeInput(0.0, -31.0))
    stopped = session.wait_for(PatientStopped)
    assert stopped.source is StopSource.CALM_DISC
    state = session.wait_state(lambda s: s.scene == "shore" and s.fade_0to1 == 0.0)
    assert (state.latch, state.latch_id) == (LatchReason.PATIENT_STOP, stopped.latch_id)


def test_stop_key_fades_before_it_is_reported(session):
    in_heights(session)
    session.send(KeyInput("stop"))
    session.wait_for(PatientStopped)
    assert session.wait_state(lambda s: True).fade_0to1 > 0.0


def test_dial_is_answered_by_looking_where_the_report_says(session):
    session.send(ShowPanel(11, PanelKind.SUDS, "How tense are you right now?"))
    shown = session.wait_for(PanelShown)
    place = next(choice for choice in shown.choices if choice.answer == 40)
    session.send(GazeInput(place.yaw_deg, place.pitch_deg))
    assert session.wait_for(PanelAnswered) == PanelAnswered(11, PanelKind.SUDS, 40)
    assert session.wait_state(lambda s: True).panel_id is None


def test_run_file_lets_its_owner_find_the_player(player):
    process, folder = player
    run = RunFile.model_validate_json((folder / "run.json").read_text("utf-8"))
    assert (run.pid, run.port, run.token) == (process.process.pid, process.port, process.token.hex())
    if sys.platform != "win32":
        assert (folder / "run.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_interrupt_of_the_terminal_does_not_end_the_player(player, session):
    player[0].process.send_signal(signal.SIGINT)
    before = session.wait_state(lambda s: True)
    session.wait_state(lambda s: s.sequence > before.sequence)


def test_shutdown_fades_out_and_ends_the_process(tmp_path):
    run_file = tmp_path / "run.json"
    with PlayerProcess(PlayerSettings(**SMALL, run_file=str(run_file))) as player, player.attach() as session:
        session.send(Shutdown())
        assert player.process.wait(60) == 0
        assert not run_file.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_terminated_player_ends_in_order(tmp_path):
    run_file = tmp_path / "run.json"
    with PlayerProcess(PlayerSettings(**SMALL, run_file=str(run_file))) as player:
        player.process.terminate()
        assert player.process.wait(60) == 0
        assert not run_file.exists()


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b'{"token":"00","settings":{}}\n', b"\xff\n"])
def test_unusable_settings_are_answered_with_a_sentence(line):
    process = start_player()
    _, errors = process.communicate(line, timeout=60)
    assert process.returncode == 2
    assert b"settings as one line of JSON" in errors


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="DISPLAY is a matter of X11")
def test_missing_screen_is_answered_with_exit_code_4_and_the_cure():
    process = start_player({"DISPLAY": None})
    line = b'{"token":"' + b"0" * 64 + b'","settings":{"display":"desktop"}}\n'
    _, errors = process.communicate(line, timeout=60)
    assert process.returncode == 4
    assert errors.decode().count("\n") == 1
    assert "--display offscreen" in errors.decode()
