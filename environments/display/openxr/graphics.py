"""The OpenGL context that the headset's pictures are drawn in, and how the runtime is told of it.

A window where there is a screen (it then mirrors what the patient sees), else a context of EGL.  The structures are
written out here because their order is part of OpenXR's ABI, while the types of libraries for them differ by system.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, Structure, c_int, c_uint, c_uint32, c_ulong, c_void_p
from typing import Any, Protocol

import moderngl
import xr

from environments.display.base import DisplayMissing
from environments.display.offscreen import standalone_context
from environments.display.openxr.runtime import EGL, Runtime

_EGL_CONFIG_ID, _EGL_NONE = 0x3028, 0x3038


class XlibBinding(Structure):
    """XrGraphicsBindingOpenGLXlibKHR."""

    _fields_ = (
        ("type", c_uint32),
        ("next", c_void_p),
        ("display", c_void_p),
        ("visual", c_uint32),
        ("config", c_void_p),
        ("drawable", c_ulong),
        ("context", c_void_p),
    )


class Win32Binding(Structure):
    """XrGraphicsBindingOpenGLWin32KHR."""

    _fields_ = (("type", c_uint32), ("next", c_void_p), ("device", c_void_p), ("context", c_void_p))


class EglBinding(Structure):
    """XrGraphicsBindingEGLMNDX."""

    _fields_ = (
        ("type", c_uint32),
        ("next", c_void_p),
        ("get_proc_address", c_void_p),
        ("display", c_void_p),
        ("config", c_void_p),
        ("context", c_void_p),
    )


class Surface(Protocol):
    """A context, what the runtime is told of it, and the window where there is one."""

    context: moderngl.Context
    binding: Structure
    window: Any | None

    def close(self) -> None:
        """Give the context back."""
        ...


class WindowSurface:
    """The therapist's window: its context draws for the headset too."""

    window: Any | None

    def __init__(self, size_px: tuple[int, int], *, is_seen: bool = True) -> None:
        import pyglet

        config = pyglet.gl.Config(  # type: ignore[abstract]
            double_buffer=True, major_version=3, minor_version=3, forward_compatible=True
        )
        # The window never waits for its screen: the headset sets the pace.
        self._window = self.window = pyglet.window.Window(
            *size_px,
            caption="Acclimate: what the patient sees",
            resizable=True,
            vsync=False,
            config=config,
            visible=is_seen,
        )
        self.context = moderngl.create_context(require=330)
        self.binding: Structure = _win32(self.window) if sys.platform == "win32" else _xlib(self.window)

    def close(self) -> None:
        """Close the window."""
        self._window.close()


class HiddenSurface:
    """A context of EGL without a window."""

    window: Any | None = None

    def __init__(self) -> None:
        self.context = standalone_context()
        self.binding: Structure = _egl()

    def close(self) -> None:
        """Release the context."""
        self.context.release()


def open_surface(runtime: Runtime, size_px: tuple[int, int], *, is_seen: bool = True) -> Surface:
    """A window on a screen, else EGL where the runtime can draw so; `DisplayMissing` otherwise."""
    has_screen = sys.platform == "win32" or bool(os.environ.get("DISPLAY"))
    if has_screen:
        try:
            return WindowSurface(size_px, is_seen=is_seen)
        except Exception as error:  # pyglet and the drivers raise whatever they like
            cure = "Check the screen and its graphics driver."
            raise DisplayMissing(f"No window with OpenGL 3.3 can be opened ({error}).", cure) from error
    if runtime.has(EGL):
        return HiddenSurface()
    raise DisplayMissing(
        f"{runtime.runtime_name} needs a screen to draw for the headset: DISPLAY is not set.",
        "Start it from a desktop.",
    )


def check_version(runtime: Runtime, context: moderngl.Context) -> None:
    """Ask what OpenGL the runtime needs, as it wants to be asked before a session; `DisplayMissing` if it is newer."""
    needs = xr.get_opengl_graphics_requirements_khr(runtime.instance, runtime.system)
    least = int(needs.min_api_version_supported)
    major, minor = least >> 48, (least >> 32) & 0xFFFF
    if context.version_code < 100 * major + 10 * minor:
        there = f"{context.version_code // 100}.{context.version_code // 10 % 10}"
        raise DisplayMissing(
            f"{runtime.runtime_name} needs OpenGL {major}.{minor}, and there is {there}.",
            "Install the graphics card's current driver.",
        )


def _xlib(window: Any) -> XlibBinding:
    config = window.context.config
    visual = config.get_visual_info()
    return XlibBinding(
        xr.StructureType.GRAPHICS_BINDING_OPENGL_XLIB_KHR.value,
        None,
        _address(window.display._display),  # noqa: SLF001
        int(visual.visualid),
        _address(config.fbconfig),
        int(window._window),  # noqa: SLF001
        _address(window.context.glx_context),
    )


def _win32(window: Any) -> Win32Binding:
    return Win32Binding(
        xr.StructureType.GRAPHICS_BINDING_OPENGL_WIN32_KHR.value,
        None,
        _address(window._dc),  # noqa: SLF001
        _address(window.context._context),  # noqa: SLF001
    )


def _egl() -> EglBinding:
    """The binding for the EGL context that is current."""
    egl = ctypes.CDLL("libEGL.so.1")
    for name in ("eglGetCurrentDisplay", "eglGetCurrentContext"):
        getattr(egl, name).restype = c_void_p
    display, context = egl.eglGetCurrentDisplay(), egl.eglGetCurrentContext()
    number, found, count = c_int(), c_void_p(), c_int()
    egl.eglQueryContext.argtypes = [c_void_p, c_void_p, c_int, POINTER(c_int)]
    egl.eglQueryContext(display, context, _EGL_CONFIG_ID, ctypes.byref(number))
    wanted = (c_int * 3)(_EGL_CONFIG_ID, number.value, _EGL_NONE)
    egl.eglChooseConfig.argtypes = [c_void_p, POINTER(c_int), POINTER(c_void_p), c_int, POINTER(c_int)]
    egl.eglChooseConfig.restype = c_uint
    egl.eglChooseConfig(display, wanted, ctypes.byref(found), 1, ctypes.byref(count))
    finder = ctypes.cast(egl.eglGetProcAddress, c_void_p)
    kind = xr.StructureType.GRAPHICS_BINDING_EGL_MNDX.value
    return EglBinding(kind, None, finder, display, found, context)


def _address(pointer: Any) -> int | None:
    """The address in a pointer of any library, or the number it is."""
    return pointer if isinstance(pointer, int) else ctypes.cast(pointer, c_void_p).value
