"""A window for desktop sessions: mouse look, keys, a head that the session may script when nobody moves.

Importing this module connects to the screen (pyglet does); only `display/opening.py` may import it.
Dragging with the left button looks round, a click without dragging chooses, the wheel does
nothing.  `KEYS` is the key table.
"""

from __future__ import annotations

import math

import moderngl
import pyglet
from pyglet.window import key, mouse

from environments.display.base import VERTICAL_FOV_DEG, Depth, Present
from environments.interact import keys
from environments.interact.geometry import Direction, under_pointer
from environments.player_input import FromPatient, Head
from environments.render.eyes import EyeView

SCRIPT_WAITS_S = 3.0
"""Wall seconds after the user's last move before a scripted head is followed again."""

LARGEST_PITCH_DEG = 85.0
_CLICK_SLACK_PX = 5.0
_GLIDE_S = 0.12
_SLOWEST_FPS = 10.0
"""Frames slower than this are late (an engineering default for a picture on a screen, not before the eyes)."""

_SCREEN_FPS = 60.0

KEYS = {
    key.ESCAPE: keys.STOP,
    key.SPACE: keys.STOP,
    key.R: keys.RATE,
    key.F: keys.THROW,
    key.H: keys.SCORE,
    key.RETURN: keys.CONFIRM,
    key.ENTER: keys.CONFIRM,
    key.LEFT: keys.LEFT,
    key.DOWN: keys.LEFT,
    key.RIGHT: keys.RIGHT,
    key.UP: keys.RIGHT,
    key.HOME: keys.FIRST,
    key.END: keys.LAST,
    key.MINUS: keys.TEN,
    key.T: keys.TEN,
    key.Y: keys.YES,
    key.N: keys.NO,
    **{getattr(key, f"_{digit}"): digit for digit in keys.DIGITS},
    **{getattr(key, f"NUM_{digit}"): digit for digit in keys.DIGITS},
}

NOT_A_STOP = frozenset(
    getattr(key, f"{side}{name}")
    for side in "LR"
    for name in ("SHIFT", "CTRL", "ALT", "META", "WINDOWS", "COMMAND", "OPTION")
) | {key.CAPSLOCK, key.NUMLOCK, key.SCROLLLOCK, key.TAB, key.PRINT, key.MENU}
"""Keys pressed without meaning anything by it; every other key without a meaning of its own is a stop."""


class DesktopDisplay:
    """One resizable window; F11 toggles full screen."""

    name = "desktop"
    has_window = True
    head_is_simulated = True
    fps = _SCREEN_FPS
    slowest_fps = _SLOWEST_FPS
    eyes: tuple[EyeView, ...] = ()
    wants_picture = True
    sets_pace = False
    shows_room = False
    frame_ms: float | None = None

    def __init__(self, width_px: int, height_px: int, speed: float = 1.0) -> None:
        self._window = _window(width_px, height_px)
        self.context = moderngl.create_context(require=330)
        self._glide_s = _GLIDE_S / speed
        self._head = Direction(0.0, 0.0)
        self._scripted: Direction | None = None
        self._moved_s = -math.inf
        self._wall_s = 0.0
        self._dragged_px = 0.0
        self._pressed: list[str] = []
        self._clicks: list[Direction] = []
        self._is_closed = False
        self._window.push_handlers(
            on_key_press=self._on_key_press,
            on_mouse_press=self._on_mouse_press,
            on_mouse_drag=self._on_mouse_drag,
            on_mouse_motion=self._on_mouse_motion,
            on_mouse_release=self._on_mouse_release,
            on_close=self._on_close,
        )

    @property
    def size_px(self) -> tuple[int, int]:
        """The window's size in pixels."""
        width, height = self._window.get_framebuffer_size()
        return max(int(width), 1), max(int(height), 1)

    def look(self, yaw_deg: float, pitch_deg: float) -> None:
        """Turn towards a scripted direction, smoothly, unless the user moved in the last seconds."""
        self._scripted = Direction(yaw_deg, pitch_deg)

    def recentre(self) -> None:
        """Look straight ahead again."""
        self._head = Direction(0.0, 0.0)

    def poll(self, wall_s: float) -> FromPatient:
        """Handle what the window received."""
        dt_s, self._wall_s = wall_s - self._wall_s, wall_s
        self._window.switch_to()
        self._window.dispatch_events()
        if self._scripted is not None and wall_s - self._moved_s >= SCRIPT_WAITS_S:
            self._head = _glided(self._head, self._scripted, dt_s / self._glide_s)
        done = FromPatient(
            Head(self._head.yaw_deg, self._head.pitch_deg), tuple(self._pressed), tuple(self._clicks), self._is_closed
        )
        self._pressed.clear()
        self._clicks.clear()
        self._is_closed = False
        return done

    def show(self, present: Present, depth: Depth | None = None, *, is_clear: bool = False) -> None:
        """Copy the picture into the window and flip."""
        present(self.context.screen, *self.size_px)
        self._window.flip()

    def close(self) -> None:
        """Close the window."""
        self._window.close()

    def _on_key_press(self, symbol: int, modifiers: int) -> bool:
        if symbol == key.F11:
            self._window.set_fullscreen(not self._window.fullscreen)
        elif symbol not in NOT_A_STOP:
            self._pressed.append(KEYS.get(symbol, keys.STOP))
        # Handled: pyglet itself would close the window on Escape.
        return True

    def _on_mouse_press(self, x: int, y: int, button: int, modifiers: int) -> None:
        self._dragged_px = 0.0

    def _on_mouse_motion(self, x: int, y: int, dx: int, dy: int) -> None:
        self._moved_s = self._wall_s

    def _on_mouse_drag(self, x: int, y: int, dx: int, dy: int, buttons: int, modifiers: int) -> None:
        self._moved_s = self._wall_s
        self._dragged_px += math.hypot(dx, dy)
        if self._dragged_px > _CLICK_SLACK_PX:
            per_px = VERTICAL_FOV_DEG / max(self._window.height, 1)
            pitch_deg = self._head.pitch_deg - dy * per_px
            limited = min(max(pitch_deg, -LARGEST_PITCH_DEG), LARGEST_PITCH_DEG)
            self._head = Direction(self._head.yaw_deg - dx * per_px, limited)

    def _on_mouse_release(self, x: int, y: int, button: int, modifiers: int) -> None:
        self._moved_s = self._wall_s
        if button == mouse.LEFT and self._dragged_px <= _CLICK_SLACK_PX:
            width, height = max(self._window.width, 1), max(self._window.height, 1)
            place = (x + 0.5) / width, 1.0 - (y + 0.5) / height
            self._clicks.append(under_pointer(self._head, *place, width / height, VERTICAL_FOV_DEG))

    def _on_close(self) -> bool:
        self._is_closed = True
        return True


def _glided(head: Direction, toward: Direction, time_constants: float) -> Direction:
    part = 1.0 - math.exp(-max(time_constants, 0.0))
    return Direction(
        head.yaw_deg + (toward.yaw_deg - head.yaw_deg) * part,
        head.pitch_deg + (toward.pitch_deg - head.pitch_deg) * part,
    )


def _window(width_px: int, height_px: int) -> pyglet.window.Window:
    config = pyglet.gl.Config(  # type: ignore[abstract]
        double_buffer=True, major_version=3, minor_version=3, forward_compatible=True
    )
    return pyglet.window.Window(width_px, height_px, caption="Acclimate", resizable=True, vsync=True, config=config)
