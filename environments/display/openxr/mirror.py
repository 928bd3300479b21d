"""What the patient sees, in a window for the therapist: the left eye of the same frame, ten times a second at most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from environments.display.openxr import gl_calls
from environments.display.openxr.gl_calls import GlCalls
from environments.interact import keys

EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Taken:
    """Keys pressed in the window, whether it was closed, and whether the patient's place is to be taken anew."""

    keys: tuple[str, ...] = ()
    is_closed: bool = False
    is_recentred: bool = False


NOTHING = Taken()


class Mirror:
    """Copies into the window where there is one.

    Escape and the space bar stop, Home lets the patient rest where the head is, and closing the window is told once.
    """

    def __init__(self, window: Any | None, gl: GlCalls) -> None:
        self._window, self._gl = window, gl
        self._shown_s = -math.inf
        self._is_closed = self._is_recentred = False
        self._pressed: list[str] = []
        if window is not None:
            window.push_handlers(on_close=self._on_close, on_key_press=self._on_key_press)

    def take(self) -> Taken:
        """What was done in the window since the last call."""
        if self._window is None:
            return NOTHING
        self._window.switch_to()
        self._window.dispatch_events()
        taken = Taken(tuple(self._pressed), self._is_closed, self._is_recentred)
        self._pressed.clear()
        self._is_closed = self._is_recentred = False
        return taken

    def show(self, framebuffer: int, eye_px: tuple[int, int], wall_s: float) -> bool:
        """Show the left eye of a framebuffer, unless one was shown just now; whether it was."""
        if self._window is None or wall_s - self._shown_s < EVERY_S:
            return False
        self._shown_s = wall_s
        gl, sides = self._gl, inside(eye_px, self._window.get_framebuffer_size())
        gl.bind_framebuffer(gl_calls.READ_FRAMEBUFFER, framebuffer)
        gl.bind_framebuffer(gl_calls.DRAW_FRAMEBUFFER, 0)
        gl.blit(0, 0, *eye_px, *sides, gl_calls.COLOR_BUFFER_BIT, gl_calls.LINEAR)
        gl.bind_framebuffer(gl_calls.FRAMEBUFFER, 0)
        self._window.flip()
        return True

    def _on_close(self) -> bool:
        self._is_closed = True
        return True

    def _on_key_press(self, symbol: int, modifiers: int) -> bool:
        from pyglet.window import key

        if symbol in {key.ESCAPE, key.SPACE}:
            self._pressed.append(keys.STOP)
        elif symbol == key.HOME:
            self._is_recentred = True
        return True


def inside(picture_px: tuple[int, int], room_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, bottom, right and top of the largest place for a picture in the middle of a room."""
    (width, height), (wide, high) = picture_px, room_px
    scale = min(wide / width, high / height)
    across, up = max(round(width * scale), 1), max(round(height * scale), 1)
    left, bottom = (wide - across) // 2, (high - up) // 2
    return left, bottom, left + across, bottom + up
