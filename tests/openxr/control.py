"""Steers the test runtime from the same process, and reads what it saw."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import xr


class Kind(IntEnum):
    """The runtime's kinds of handles."""

    INSTANCE = 0
    SESSION = 1
    SPACE = 2
    SWAPCHAIN = 3
    ACTION_SET = 4
    ACTION = 5
    HAND_TRACKER = 6


class SeenView(ctypes.Structure):
    """One view of a layer: its pose, field of view and part of an image."""

    _fields_ = (
        ("pose", xr.Posef),
        ("fov", xr.Fovf),
        ("swapchain", ctypes.c_void_p),
        ("image", ctypes.c_int32),
        ("array_index", ctypes.c_int32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("width", ctypes.c_int32),
        ("height", ctypes.c_int32),
        ("has_depth", ctypes.c_int32),
        ("min_depth", ctypes.c_float),
        ("max_depth", ctypes.c_float),
        ("near_z", ctypes.c_float),
        ("far_z", ctypes.c_float),
    )


class SeenLayer(ctypes.Structure):
    """A layer: `type` an `xr.StructureType`, `reference` the type of its reference space (0: an action's)."""

    _fields_ = (
        ("type", ctypes.c_int32),
        ("view_count", ctypes.c_int32),
        ("flags", ctypes.c_uint64),
        ("space", ctypes.c_void_p),
        ("reference", ctypes.c_int32),
        ("quad_eyes", ctypes.c_int32),
        ("quad_pose", xr.Posef),
        ("quad_size", xr.Extent2Df),
        ("views", SeenView * 2),
    )


class SeenFrame(ctypes.Structure):
    """The last frame that was ended, and how many there were."""

    _fields_ = (
        ("display_time", ctypes.c_int64),
        ("blend_mode", ctypes.c_int32),
        ("layer_count", ctypes.c_int32),
        ("frames_ended", ctypes.c_int32),
        ("frames_with_layers", ctypes.c_int32),
        ("layers", SeenLayer * 16),
    )


@dataclass(frozen=True, slots=True)
class Haptic:
    """What a hand felt: how often, and the last time's length and strength."""

    count: int
    seconds: float
    amplitude_0to1: float


class Runtime:
    """The runtime's side; one of them in a process, as the library is loaded once."""

    def __init__(self, library: Path, manifest: Path) -> None:
        self.manifest = manifest
        self._library = ctypes.CDLL(str(library))
        self._library.acclimate_test_frame.restype = ctypes.POINTER(SeenFrame)
        self._library.acclimate_test_misuse.restype = ctypes.c_char_p
        self._library.acclimate_test_calls.restype = ctypes.c_int64
        self._library.acclimate_test_now.restype = ctypes.c_int64
        assert self._library.acclimate_test_frame_size() == ctypes.sizeof(SeenFrame)

    def reset(self) -> None:
        """Everything as it is at first; what is alive stays alive."""
        self._library.acclimate_test_reset()

    def tell(self, *lines: str) -> None:
        """Run commands, one a line; `runtime/control.c` knows them."""
        for line in lines:
            if not self._library.acclimate_test_command(line.encode()):
                raise ValueError(f"the test runtime does not know how to: {line}")

    def press(self, path: str, down: float = 1.0) -> None:
        """Set an input, `/user/hand/left/input/select/click` for one."""
        self.tell(f"input {path} {down}")

    def fail(self, function: str, result: xr.Result, nth: int = 1, *, always: bool = False) -> None:
        """The nth call from now of a function (`*`: of any) returns this; `always`: those after it as well."""
        self.tell(f"fail {function} {nth} XR_{result.name}{' always' if always else ''}")

    def heal(self) -> None:
        """No call is made to fail any more."""
        self._library.acclimate_test_heal()

    def alive(self, kind: Kind | None = None) -> int:
        """How many handles were not destroyed yet."""
        return int(self._library.acclimate_test_alive(-1 if kind is None else int(kind)))

    def calls(self, function: str = "*") -> int:
        """How often a function was called."""
        return int(self._library.acclimate_test_calls(function.encode()))

    @property
    def misuses(self) -> list[str]:
        """What was called in a wrong order or with wrong arguments; the last 32."""
        count = self._library.acclimate_test_misuses()
        return [self._library.acclimate_test_misuse(i).decode() for i in range(max(count - 32, 0), count)]

    def forgive(self) -> None:
        """Forget what was misused so far, where a test meant it."""
        self._library.acclimate_test_forgive()

    @property
    def frame(self) -> SeenFrame:
        """A copy of the last frame that was ended."""
        return SeenFrame.from_buffer_copy(self._library.acclimate_test_frame().contents)

    @property
    def layers(self) -> list[SeenLayer]:
        """The layers of the last frame."""
        frame = self.frame
        return list(frame.layers[: frame.layer_count])

    @property
    def frames(self) -> int:
        """How many frames were waited for."""
        return int(self._library.acclimate_test_frames())

    @property
    def now_ns(self) -> int:
        """The simulated time."""
        return int(self._library.acclimate_test_now())

    @property
    def state(self) -> xr.SessionState | None:
        """Where the session is; None without one."""
        state = int(self._library.acclimate_test_state())
        return None if state < 0 else xr.SessionState(state)

    def pixel(self, view: int, x: int, y: int, layer: int = 0) -> tuple[float, ...]:
        """Red, green, blue and opacity of a pixel of a layer's image (linear in an sRGB image); y counts from below."""
        rgba = (ctypes.c_float * 4)()
        if not self._library.acclimate_test_pixel(layer, view, x, y, rgba):
            raise LookupError("there is no such layer, or its image is gone")
        return tuple(rgba)

    def haptic(self, hand: int) -> Haptic:
        """What the left (0) or the right (1) hand felt."""
        seconds, amplitude = ctypes.c_float(), ctypes.c_float()
        count = self._library.acclimate_test_haptics(hand, ctypes.byref(seconds), ctypes.byref(amplitude))
        return Haptic(int(count), seconds.value, amplitude.value)
