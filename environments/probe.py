"""`python -m environments.probe`: what can be drawn here, as one line of JSON.

A process of its own, because a broken graphics driver can take its process with it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from environments.display.base import DisplayMissing
from environments.render.opening import NoOpenGL, open_context


def offscreen() -> dict[str, str | None]:
    """The renderer that draws without a screen, or why there is none."""
    try:
        context = open_context()
    except NoOpenGL as error:
        return {"renderer": None, "error": str(error)}
    version = f"{context.version_code // 100}.{context.version_code // 10 % 10}"
    found = f"{context.info['GL_RENDERER']}, OpenGL {version}"
    context.release()
    return {"renderer": found, "error": None}


def desktop() -> dict[str, str | None]:
    """The screen a window could open on, or why there is none."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return {"screen": None, "error": "neither DISPLAY nor WAYLAND_DISPLAY is set"}
    try:
        import pyglet

        screen = pyglet.display.get_display().get_default_screen()
    except Exception as error:  # noqa: BLE001 - whatever the driver says is the answer
        return {"screen": None, "error": str(error) or type(error).__name__}
    return {"screen": f"{screen.width} x {screen.height}", "error": None}


def headset() -> dict[str, Any]:
    """The headset and what runs it, or why there is none."""
    try:
        from environments.display.openxr.describe import described

        return {**described(), "error": None}
    except DisplayMissing as missing:
        return {"error": missing.problem, "cure": missing.cure}
    except (ImportError, OSError, AttributeError) as error:
        return {"error": f"the OpenXR loader cannot be loaded ({error})", "cure": "install the graphics driver"}


def main() -> None:
    """Print what was found: of everything, or with `--headset` of the headset alone."""
    told = os.dup(1)
    os.dup2(2, 1)  # runtimes of headsets talk on standard output
    found: dict[str, Any] = {"headset": headset()}
    if sys.argv[1:] != ["--headset"]:
        found |= {"offscreen": offscreen(), "desktop": desktop()}
    with os.fdopen(told, "w", encoding="utf-8") as output:
        output.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
