"""The few calls of OpenGL that moderngl does not offer: layers of array textures as targets, and copies into them."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from ctypes import POINTER, c_int, c_uint, c_void_p

READ_FRAMEBUFFER, DRAW_FRAMEBUFFER, FRAMEBUFFER = 0x8CA8, 0x8CA9, 0x8D40
COLOR_ATTACHMENT0, DEPTH_ATTACHMENT = 0x8CE0, 0x8D00
COLOR_BUFFER_BIT, DEPTH_BUFFER_BIT = 0x4000, 0x0100
NEAREST, LINEAR = 0x2600, 0x2601
FRAMEBUFFER_COMPLETE = 0x8CD5
FRAMEBUFFER_SRGB = 0x8DB9
SRGB8_ALPHA8 = 0x8C43
DEPTH_COMPONENT24 = 0x81A6

_Uints = POINTER(c_uint)


class GlCalls:
    """Loaded for the context that is current."""

    def __init__(self) -> None:
        load = _loader()

        def call(name: str, result: type | None, *arguments: type) -> Callable[..., int]:
            return ctypes.CFUNCTYPE(result, *arguments)(load(name))

        self.gen_framebuffers = call("glGenFramebuffers", None, c_int, _Uints)
        self.delete_framebuffers = call("glDeleteFramebuffers", None, c_int, _Uints)
        self.bind_framebuffer = call("glBindFramebuffer", None, c_uint, c_uint)
        self.texture_layer = call("glFramebufferTextureLayer", None, c_uint, c_uint, c_uint, c_int, c_int)
        self.texture_2d = call("glFramebufferTexture2D", None, c_uint, c_uint, c_uint, c_uint, c_int)
        self.blit = call("glBlitFramebuffer", None, *([c_int] * 8), c_uint, c_uint)
        self.status = call("glCheckFramebufferStatus", c_uint, c_uint)
        self.disable = call("glDisable", None, c_uint)
        self.flush = call("glFlush", None)

    def framebuffer(self) -> int:
        """A new framebuffer without attachments."""
        made = c_uint()
        self.gen_framebuffers(1, ctypes.byref(made))
        return made.value

    def delete(self, framebuffer: int) -> None:
        """Give a framebuffer back."""
        self.delete_framebuffers(1, ctypes.byref(c_uint(framebuffer)))


def _loader() -> Callable[[str], int]:
    """What finds the address of a call; OpenGL 3.3 has all that are asked for."""
    if sys.platform == "win32":
        return _windows_loader()
    for library, name in (("libEGL.so.1", "eglGetProcAddress"), ("libGL.so.1", "glXGetProcAddressARB")):
        try:
            find = getattr(ctypes.CDLL(library), name)
        except (OSError, AttributeError):
            continue
        find.restype, find.argtypes = c_void_p, [ctypes.c_char_p]
        return lambda call, find=find: int(find(call.encode()) or 0)  # type: ignore[misc]
    raise OSError("neither libEGL nor libGL can be loaded")


def _windows_loader() -> Callable[[str], int]:
    library = ctypes.CDLL("opengl32")
    find = library.wglGetProcAddress
    find.restype, find.argtypes = c_void_p, [ctypes.c_char_p]

    def address(call: str) -> int:
        # Calls of OpenGL 1.1 are exported by the library and not found by the driver.
        return int(find(call.encode()) or ctypes.cast(getattr(library, call), c_void_p).value or 0)

    return address
