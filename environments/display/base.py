"""What the player asks of a display: an OpenGL context, the patient's head and keys, a place for the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import moderngl

from environments.player_input import FromPatient
from environments.render.eyes import EyeView

VERTICAL_FOV_DEG = 72.0
"""Field of view of displays without optics of their own."""

Present = Callable[[moderngl.Framebuffer, int, int], None]


Depth = tuple[int, tuple[int, int]]
"""A framebuffer of OpenGL that holds the depth of all eyes' pictures, and its size in pixels."""


class DisplayMissing(Exception):
    """There is no such display or no OpenGL on this machine; `cure` says what to do."""

    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(f"{problem} {cure}")
        self.problem = problem
        self.cure = cure


class Display(Protocol):
    """One display; every method is called from the thread that made it."""

    name: str
    context: moderngl.Context
    has_window: bool
    head_is_simulated: bool
    eyes: tuple[EyeView, ...]
    """A headset's eyes in this frame; empty where the picture is one."""

    @property
    def fps(self) -> float:
        """Pictures a second that are shown."""
        ...

    @property
    def slowest_fps(self) -> float:
        """Frames slower than this are late."""
        ...

    @property
    def wants_picture(self) -> bool:
        """Whether what is drawn now will be seen."""
        ...

    @property
    def sets_pace(self) -> bool:
        """Whether `poll` itself waits for the next frame."""
        ...

    @property
    def frame_ms(self) -> float | None:
        """How long the frame before was shown, by the compositor's clock; None where only our own clock tells."""
        ...

    @property
    def shows_room(self) -> bool:
        """Whether what is drawn clear lets the patient's own room be seen."""
        ...

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture now."""
        ...

    def look(self, yaw_deg: float, pitch_deg: float) -> None:
        """Turn the head as the session scripts it."""
        ...

    def recentre(self) -> None:
        """Where the patient looks now becomes straight ahead."""
        ...

    def poll(self, wall_s: float) -> FromPatient:
        """The head and what the patient did since the last call."""
        ...

    def show(self, present: Present, depth: Depth | None = None, *, is_clear: bool = False) -> None:
        """Show the finished picture; returns when the frame is done.

        A headset can use its depth too, and shows the room where a clear picture is empty.
        """
        ...

    def close(self) -> None:
        """Give everything back."""
        ...
