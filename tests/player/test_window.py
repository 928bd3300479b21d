"""The desktop window, on a virtual screen of its own."""

import os
import shutil
import subprocess
import sys

import pytest

from environments.contract import (
    GazeInput,
    HeadPoses,
    LatchReason,
    PanelAnswered,
    PanelKind,
    PanelShown,
    PatientStopped,
    ShowPanel,
    StopSource,
)
from environments.handshake import PlayerSettings
from tests.player.process import PlayerProcess

NEEDED = ("Xvfb", "xdotool")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.gl,
    pytest.mark.display,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is a screen for Linux"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

WIDTH_PX, HEIGHT_PX = 320, 180


@pytest.fixture(name="screen", scope="module")
def _screen():
    """An X server without a screen; the name of its display."""
    read_end, write_end = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "640x360x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write_end)
        with os.fdopen(read_end) as announced:
            name = f":{announced.readline().strip()}"
        yield name
        server.terminate()


@pytest.fixture(name="player", scope="module")
def _player(screen):
    settings = PlayerSettings(display="desktop", width_px=WIDTH_PX, height_px=HEIGHT_PX, samples=1)
    with PlayerProcess(settings, DISPLAY=screen) as player:
        yield player


@pytest.fixture(name="session")
def _session(player):
    with player.attach() as session:
        session.show("shore")
        session.wait_state(lambda s: s.fade_0to1 == 0.0)
        yield session


def xdotool(screen, *words):
    subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": screen}, check=True, stdout=subprocess.DEVNULL)


def to_window(screen):
    xdotool(screen, "search", "--sync", "--name", "Acclimate", "windowfocus")


def test_window_is_drawn_and_its_head_is_known_to_be_simulated(session):
    ready = session.ready
    assert (ready.display, ready.head_is_simulated) == ("desktop", True)
    assert (ready.width_px, ready.height_px) == (WIDTH_PX, HEIGHT_PX)


def test_scripted_head_is_followed_while_nobody_moves_the_mouse(session):
    session.send(GazeInput(30.0, -10.0))
    poses = session.wait_for(HeadPoses, lambda p: bool(p.poses) and abs(p.poses[-1][1] - 30.0) < 0.5)
    assert poses.poses[-1][2] == pytest.approx(-10.0, abs=0.5)


def test_number_key_answers_the_dial(session, screen):
    session.send(ShowPanel(3, PanelKind.SUDS, "How tense are you right now?"))
    session.wait_for(PanelShown)
    to_window(screen)
    xdotool(screen, "key", "6")
    assert session.wait_for(PanelAnswered) == PanelAnswered(3, PanelKind.SUDS, 60)


def test_dragging_looks_round(session, screen):
    to_window(screen)
    before = session.wait_for(HeadPoses, lambda p: bool(p.poses)).poses[-1]
    xdotool(screen, "mousemove", "200", "100", "mousedown", "1")
    for x in range(195, 100, -10):
        xdotool(screen, "mousemove", str(x), "100")
    xdotool(screen, "mouseup", "1")
    session.wait_for(HeadPoses, lambda p: bool(p.poses) and p.poses[-1][1] > before[1] + 15.0)


def test_escape_stops(session, screen):
    to_window(screen)
    xdotool(screen, "key", "Escape")
    assert session.wait_for(PatientStopped).source is StopSource.KEY
    assert session.wait_state(lambda s: s.latch is not None).latch is LatchReason.PATIENT_STOP
