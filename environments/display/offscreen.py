"""A display that nobody sees: draws without a screen, for tests, demonstrations and machines without one."""

from __future__ import annotations

import sys

import moderngl

from environments.display.base import Depth, DisplayMissing, Present
from environments.player_input import FromPatient, Head
from environments.render.eyes import EyeView
from environments.render.opening import NoOpenGL, open_context

SLOWEST_FPS = 1.0
"""Frames slower than this are late (an engineering default): nobody looks, but a stalled picture shall be said."""

OFFSCREEN_FPS = 30.0


class OffscreenDisplay:
    """An OpenGL context of its own: EGL where there is one, else the system's."""

    name = "offscreen"
    has_window = False
    head_is_simulated = True
    fps = OFFSCREEN_FPS
    slowest_fps = SLOWEST_FPS
    eyes: tuple[EyeView, ...] = ()
    wants_picture = True
    sets_pace = False
    shows_room = False
    frame_ms: float | None = None

    def __init__(self, width_px: int, height_px: int) -> None:
        self.size_px = (width_px, height_px)
        self.context = standalone_context()
        self._head = Head()

    def look(self, yaw_deg: float, pitch_deg: float) -> None:
        """Turn the head at once."""
        self._head = Head(yaw_deg, pitch_deg)

    def recentre(self) -> None:
        """Look straight ahead again."""
        self._head = Head()

    def poll(self, wall_s: float) -> FromPatient:
        """The scripted head; nobody presses a key here."""
        return FromPatient(head=self._head)

    def show(self, present: Present, depth: Depth | None = None, *, is_clear: bool = False) -> None:
        """Wait until the picture is finished."""
        self.context.finish()

    def close(self) -> None:
        """Release the context."""
        self.context.release()


def standalone_context() -> moderngl.Context:
    """A context without a window; `DisplayMissing` when the machine has none."""
    try:
        return open_context()
    except NoOpenGL as error:
        raise DisplayMissing("OpenGL 3.3 is not available here.", offscreen_cure(sys.platform)) from error


def offscreen_cure(platform: str) -> str:
    """What helps on this kind of machine."""
    if platform.startswith("linux"):
        return "Install software OpenGL: apt-get install libegl1 libgl1-mesa-dri"
    return "Install the graphics card's current driver."
