"""Opens the display that the settings name, or says in one sentence why it cannot be opened."""

from __future__ import annotations

import os
import sys

from environments.display.base import Display, DisplayMissing
from environments.handshake import EYE_HEIGHT_M, PlayerSettings


def open_display(settings: PlayerSettings) -> Display:
    """The display; `DisplayMissing` when there is no screen or no OpenGL."""
    if settings.display == "desktop":
        return _desktop(settings)
    if settings.display == "vr":
        return _headset(settings)
    from environments.display.offscreen import OffscreenDisplay

    return OffscreenDisplay(settings.width_px, settings.height_px)


def _headset(settings: PlayerSettings) -> Display:
    try:
        from environments.display.openxr.display import OpenXRDisplay
        from environments.display.openxr.session import Seat
    except (ImportError, OSError, AttributeError) as error:  # the loader, or the OpenGL that it needs
        cure = "Install the graphics driver, on Debian and Ubuntu also libgl1, or use --display desktop."
        raise DisplayMissing(f"The OpenXR loader cannot be loaded ({error}).", cure) from error
    stands = settings.posture == "standing"
    seat = Seat(settings.recline_deg > 0.0, EYE_HEIGHT_M["standing"] if stands else None, settings.blend)
    return OpenXRDisplay((settings.width_px, settings.height_px), seat)


def _desktop(settings: PlayerSettings) -> Display:
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        problem = "There is no screen to open a window on: DISPLAY is not set."
        raise DisplayMissing(problem, "Start it from a desktop, or use --display offscreen.")
    try:
        from environments.display.desktop import DesktopDisplay

        return DesktopDisplay(settings.width_px, settings.height_px, settings.speed)
    except Exception as error:  # pyglet and the drivers raise whatever they like
        cure = "Check the screen and its graphics driver, or use --display offscreen."
        raise DisplayMissing(f"No window with OpenGL 3.3 can be opened ({error}).", cure) from error
