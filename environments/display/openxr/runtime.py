"""The OpenXR runtime of this machine: an instance with the extensions that are there, and the headset's system."""

from __future__ import annotations

from ctypes import byref
from dataclasses import dataclass

import xr
from xr import raw_functions as raw

from environments.display.base import DisplayMissing
from environments.display.openxr import bindings
from environments.display.openxr.calls import LOST, checked

OPENGL, EGL = "XR_KHR_opengl_enable", "XR_MNDX_egl_enable"
FLOOR, PRESENCE = "XR_EXT_local_floor", "XR_EXT_user_presence"
REFRESH, MASK, DEPTH = "XR_FB_display_refresh_rate", "XR_KHR_visibility_mask", "XR_KHR_composition_layer_depth"
WISHED = (OPENGL, EGL, FLOOR, PRESENCE, REFRESH, MASK, DEPTH)
"""What is asked for where the runtime has it; only the first is needed."""

VIEWS = xr.ViewConfigurationType.PRIMARY_STEREO
_API = xr.Version(1, 0, 0)

NO_RUNTIME_CURE = (
    "Start the headset's own software and make it the active OpenXR runtime (SteamVR: Settings, OpenXR), "
    "or use --display desktop."
)
NO_HEADSET_CURE = "Connect the headset, wake it up and try again, or use --display desktop."


@dataclass(slots=True)
class Runtime:
    """An instance and its headset."""

    instance: xr.Instance
    system: int
    extensions: frozenset[str]
    runtime_name: str
    runtime_version: str
    headset: str
    knows_presence: bool
    """Whether the headset tells that it is worn."""

    def has(self, extension: str) -> bool:
        """Whether an extension is switched on."""
        return extension in self.extensions

    def close(self) -> None:
        """Destroy the instance and all that belongs to it."""
        if self.instance:
            instance, self.instance = self.instance, None
            xr.destroy_instance(instance)


def open_runtime() -> Runtime:
    """The active runtime with its headset; `DisplayMissing` says in a sentence what is not there."""
    there = offered_extensions()
    if OPENGL not in there:
        raise DisplayMissing(
            "The active OpenXR runtime does not draw with OpenGL.", "Make another one active, SteamVR for example."
        )
    wanted = tuple(name for name in dict.fromkeys((*WISHED, *bindings.WISHED)) if name in there)
    instance = _instance(wanted)
    try:
        return _with_headset(instance, frozenset(wanted))
    except BaseException:
        xr.destroy_instance(instance)
        raise


def offered_extensions() -> frozenset[str]:
    """The names of all extensions of the active runtime; `DisplayMissing` without one."""
    try:
        found = xr.enumerate_instance_extension_properties()
    except (xr.RuntimeUnavailableError, xr.FileAccessErrorError, xr.FileContentsInvalidError) as error:
        raise DisplayMissing("There is no OpenXR runtime on this machine.", NO_RUNTIME_CURE) from error
    except xr.exception.XrException as error:
        raise _failed("The OpenXR runtime cannot be asked what it can do", error) from error
    return frozenset(one.extension_name.decode() for one in found)


def _instance(extensions: tuple[str, ...]) -> xr.Instance:
    information = xr.ApplicationInfo("Acclimate", 1, "Acclimate", 1, _API)
    wish = xr.InstanceCreateInfo(application_info=information, enabled_extension_names=extensions)
    try:
        return xr.create_instance(wish)
    except xr.RuntimeUnavailableError as error:
        raise DisplayMissing("The OpenXR runtime is not running.", NO_RUNTIME_CURE) from error
    except xr.exception.XrException as error:
        raise _failed("The OpenXR runtime did not start", error) from error


def _with_headset(instance: xr.Instance, extensions: frozenset[str]) -> Runtime:
    try:
        properties = xr.get_instance_properties(instance)
        system = xr.get_system(instance, xr.SystemGetInfo(xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        presence = xr.SystemUserPresencePropertiesEXT()
        described = xr.SystemProperties(next=presence if PRESENCE in extensions else None)
        checked(raw.xrGetSystemProperties(instance, system, byref(described)))
        views = list(xr.enumerate_view_configurations(instance, system))
    except (xr.FormFactorUnavailableError, xr.FormFactorUnsupportedError) as error:
        raise DisplayMissing("No headset is connected to the OpenXR runtime.", NO_HEADSET_CURE) from error
    except xr.exception.XrException as error:
        raise _failed("The headset does not answer", error) from error
    if VIEWS.value not in [int(getattr(one, "value", one)) for one in views]:
        raise DisplayMissing("The headset does not show a picture for each eye.", "Use --display desktop.")
    return Runtime(
        instance,
        system,
        extensions,
        properties.runtime_name.decode(),
        str(properties.runtime_version),
        described.system_name.decode(),
        PRESENCE in extensions and bool(presence.supports_user_presence),
    )


def _failed(what: str, error: Exception) -> DisplayMissing:
    cure = NO_RUNTIME_CURE if isinstance(error, LOST) else "Restart the headset's software, or use --display desktop."
    return DisplayMissing(f"{what} ({type(error).__name__}).", cure)
