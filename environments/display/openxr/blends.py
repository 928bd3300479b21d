"""How the headset mixes our pictures with the patient's own room."""

from __future__ import annotations

import xr

from environments.display.base import DisplayMissing
from environments.display.openxr.runtime import VIEWS, Runtime

_MODES = {
    "opaque": xr.EnvironmentBlendMode.OPAQUE,
    "passthrough": xr.EnvironmentBlendMode.ALPHA_BLEND,
    "additive": xr.EnvironmentBlendMode.ADDITIVE,
}


def blend_mode(runtime: Runtime, wish: str) -> xr.EnvironmentBlendMode:
    """The mode wished for; `DisplayMissing` where the headset cannot mix so."""
    found = xr.enumerate_environment_blend_modes(runtime.instance, runtime.system, VIEWS)
    offered = {int(getattr(one, "value", one)) for one in found}
    if _MODES[wish].value not in offered:
        there = ", ".join(name for name, mode in _MODES.items() if mode.value in offered)
        raise DisplayMissing(f"{runtime.headset} cannot show the room by {wish} blending.", f"Use --blend {there}.")
    return _MODES[wish]


def everyday_mode(runtime: Runtime, wish: xr.EnvironmentBlendMode) -> xr.EnvironmentBlendMode:
    """The mode of pictures that are whole: opaque, where the headset has it."""
    found = xr.enumerate_environment_blend_modes(runtime.instance, runtime.system, VIEWS)
    opaque = xr.EnvironmentBlendMode.OPAQUE
    return opaque if opaque.value in {int(getattr(one, "value", one)) for one in found} else wish
