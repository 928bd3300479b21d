"""Opens OpenGL without a window."""

from __future__ import annotations

from typing import Any

import moderngl

_SOFTWARE = ("llvmpipe", "softpipe", "swiftshader", "basic render")


def draws_in_software(renderer: str) -> bool:
    """Whether a driver of this name draws without a graphics card."""
    return any(name in renderer.lower() for name in _SOFTWARE)


class NoOpenGL(RuntimeError):
    """No OpenGL context can be made on this machine; the text is one sentence with the cure."""


def open_context() -> moderngl.Context:
    """A context without a window: through EGL where there is one, else the system's own way."""
    reasons: list[str] = []
    for backend in ("egl", None):
        settings: dict[str, Any] = {"backend": backend} if backend else {}
        try:
            return moderngl.create_standalone_context(require=330, **settings)
        except Exception as error:  # noqa: BLE001  the loaders raise bare exceptions of many kinds
            reasons.append(str(error).strip() or type(error).__name__)
    raise NoOpenGL(
        "No OpenGL 3.3 could be opened; install a graphics driver, or on Debian and Ubuntu the software one: "
        f"apt install libegl1 libgl1-mesa-dri ({'; '.join(reasons)})."
    )
