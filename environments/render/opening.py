"""Opens OpenGL without a window."""

from __future__ import annotations

from typing import Any

import moderngl

_ERRORS_KEPT = 16
_SOFTWARE = ("llvmpipe", "softpipe", "swiftshader", "basic render")


def draws_in_software(renderer: str) -> bool:
    """Whether a driver of this name draws without a graphics card."""
    return any(name in renderer.lower() for name in _SOFTWARE)


def multisampling(wished: int, renderer: str) -> int:
    """Samples for OpenGL, where 0 is none; without a wish 4, and none in software, which would halve its speed."""
    if wished == 0:
        return 0 if draws_in_software(renderer) else 4
    return several(wished)


def several(samples: int) -> int:
    """Samples for OpenGL, where a single one is told as none."""
    return samples if samples > 1 else 0


class NoOpenGL(RuntimeError):
    """No OpenGL context can be made on this machine; the text is one sentence with the cure."""


class NoRoom(RuntimeError):
    """A driver ran out of memory or refused a scene; the text is one sentence that names it, with the cure."""


def reported(ctx: moderngl.Context) -> str | None:
    """The last error that OpenGL has kept since it was asked before; it forgets it with that."""
    last = None
    for _ in range(_ERRORS_KEPT):
        error = ctx.error
        if error == "GL_NO_ERROR":
            break
        last = error
    return last


def no_room(name: str, error: str, texture_bytes: int) -> NoRoom:
    """What to say where a scene or a model file could not be loaded."""
    megabytes = round(texture_bytes / 1e6)
    if error != "GL_OUT_OF_MEMORY":
        return NoRoom(f"{name} could not be loaded: the graphics driver reports {error}; update it and start again.")
    return NoRoom(
        f"{name} does not fit into the memory of the graphics card (its pictures take {megabytes} MB): close other "
        "programs that draw, or use a card with more memory."
    )


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
