"""Somebody who wears the headset of the test runtime."""

from __future__ import annotations

from collections.abc import Callable

import moderngl

from environments.display.openxr.display import OpenXRDisplay
from environments.display.openxr.session import Seat
from environments.player_input import FromPatient

EYE_PX = (64, 72)
LEFT_RGB, RIGHT_RGB = (0.8, 0.2, 0.1), (0.1, 0.3, 0.9)


class Worn:
    """A display and its frames; each is half a second of wall time, so that what is tried again soon is tried soon."""

    def __init__(self, seat: Seat) -> None:
        self.display = OpenXRDisplay((64, 64), seat)
        self.wall_s = 0.0

    def frames(self, count: int = 1) -> FromPatient:
        """So many whole frames; what the patient did in the last one."""
        done = FromPatient()
        for _ in range(count):
            self.wall_s += 0.5
            done = self.display.poll(self.wall_s)
            self.display.show(paint)
        return done

    def until(self, fits: Callable[[FromPatient], bool], most: int = 40) -> FromPatient:
        """Frames until what the patient did fits."""
        done = FromPatient()
        for _ in range(most):
            done = self.frames()
            if fits(done):
                return done
        raise AssertionError(f"not within {most} frames: {done}")

    def focused(self) -> FromPatient:
        """Frames until the patient sees nothing but ours."""
        return self.until(lambda done: done.head.is_focused)


def paint(target: moderngl.Framebuffer, width_px: int, height_px: int) -> None:
    """The left half in one colour, the right half in another."""
    half = width_px // 2
    target.clear(*LEFT_RGB, viewport=(0, 0, half, height_px))
    target.clear(*RIGHT_RGB, viewport=(half, 0, half, height_px))
