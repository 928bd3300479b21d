"""What there is of a headset, for a person who sets one up."""

from __future__ import annotations

from typing import Any

import xr

from environments.display.base import DisplayMissing
from environments.display.openxr.gl_calls import GlCalls
from environments.display.openxr.graphics import check_version, open_surface
from environments.display.openxr.runtime import Runtime, offered_extensions, open_runtime
from environments.display.openxr.session import HeadsetSession, Seat, eye_size

_MIRROR_PX = (64, 64)


def described() -> dict[str, Any]:
    """Runtime, headset, size of an eye's picture, rate and extensions; `DisplayMissing` where there is none."""
    runtime = open_runtime()
    try:
        width_px, height_px = eye_size(runtime)
        return {
            "runtime": f"{runtime.runtime_name} {runtime.runtime_version}",
            "headset": runtime.headset,
            "eye_px": [width_px, height_px],
            "knows_presence": runtime.knows_presence,
            **_drawn(runtime),
            "extensions": sorted(runtime.extensions),
            "offered": len(offered_extensions()),
        }
    finally:
        runtime.close()


def _drawn(runtime: Runtime) -> dict[str, Any]:
    """The rate, which only a session knows, and why none can be begun."""
    try:
        surface = open_surface(runtime, _MIRROR_PX, is_seen=False)
    except DisplayMissing as missing:
        return {"rate_hz": None, "trouble": str(missing)}
    try:
        check_version(runtime, surface.context)
        session = HeadsetSession(runtime, surface, GlCalls(), Seat())
        rate_hz = session.rate_hz
        session.close()
    except (DisplayMissing, xr.exception.XrException) as error:
        return {"rate_hz": None, "trouble": f"no session can be begun ({error or type(error).__name__})"}
    finally:
        surface.close()
    return {"rate_hz": rate_hz, "trouble": None}
