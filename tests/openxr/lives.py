"""Random lives of a headset session: what a runtime, a patient and a bad day can do to it, from a seed."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import moderngl
import xr

from environments.display.base import DisplayMissing
from environments.display.openxr.display import OpenXRDisplay
from environments.display.openxr.session import Seat
from environments.player_input import FromPatient
from tests.openxr.control import Runtime

FRAMES = 48
RECOVERY_FRAMES = 60
WAITS_S = 0.6
"""How far the wall clock goes on in a frame without a session, so that a new one is tried for soon."""

CALLS = (
    *("xrWaitFrame", "xrBeginFrame", "xrEndFrame", "xrPollEvent", "xrLocateViews", "xrLocateSpace", "xrSyncActions"),
    *("xrAcquireSwapchainImage", "xrWaitSwapchainImage", "xrReleaseSwapchainImage", "xrCreateSwapchain"),
    *("xrCreateSession", "xrBeginSession", "xrEndSession", "xrCreateReferenceSpace", "xrCreateInstance", "xrGetSystem"),
    *("xrDestroySpace", "xrDestroySwapchain", "xrDestroySession", "xrEnumerateSwapchainImages", "*", "*", "*"),
)
RESULTS = (
    xr.Result.ERROR_RUNTIME_FAILURE,
    xr.Result.ERROR_SESSION_LOST,
    xr.Result.ERROR_INSTANCE_LOST,
    xr.Result.ERROR_OUT_OF_MEMORY,
    xr.Result.ERROR_LIMIT_REACHED,
    xr.Result.ERROR_VALIDATION_FAILURE,
    xr.Result.ERROR_HANDLE_INVALID,
    xr.Result.ERROR_TIME_INVALID,
)
HAPPENINGS = (
    *("focus 0", "focus 1", "visible 0", "visible 1", "stop", "asleep 1", "asleep 0", "present 0", "present 1", "mask"),
    *(
        "exit",
        "session_lost",
        "session_loss_pending",
        "instance_loss_pending",
        "instance_lost 1",
        "system 0",
        "system 1",
    ),
    *("head_flags 0", "head_flags 3", "head_flags 5", "head_flags 15", "skip 1", "skip 40", "rate 72", "rate 120"),
    *("recentre 0.1 -0.2 0.7 0", "recentre 0 0 -3 5", "controller left 0", "controller right 0", "controller left 1"),
    *("joints left 1", "joints left 0", "gaze 1 0 0 0 1", "eyes 0.07 0.2", "head_velocity 0.3 0 0 1"),
    *("tracked right 0", "head 1 1.5 2 0 0.7 0 0.714"),
    *("input /user/hand/left/input/select/click 1", "input /user/hand/left/input/select/click 0"),
    *("arrays 0", "arrays 1", "size 48 40"),
)
LESSER = (
    *("arrays 0", "blend 1 3", "blend 2 1", "has_hands 0", "has_eye_gaze 0", "has_presence 0"),
    *("offer XR_EXT_hand_tracking 0", "offer XR_EXT_hand_interaction 0", "offer XR_EXT_eye_gaze_interaction 0"),
    *("offer XR_FB_display_refresh_rate 0", "offer XR_KHR_visibility_mask 0", "offer XR_EXT_user_presence 0"),
    *("offer XR_EXT_local_floor 0", "offer XR_KHR_composition_layer_depth 0", "offer XR_BD_controller_interaction 0"),
)
"""What a headset can lack or do otherwise."""

WELL = (
    *("system 1", "asleep 0", "focus 1", "present 1", "head_flags 15", "instance_lost 0", "controller left 1"),
    *("controller right 1", "input /user/hand/left/input/select/click 0", "head_velocity 0 0 0 0"),
)
"""What makes everything well again."""


@dataclass(frozen=True, slots=True)
class Life:
    """What kind of headset it is, and commands by frame."""

    seed: int
    seat: Seat
    headset: tuple[str, ...]
    by_frame: tuple[tuple[int, str], ...]


def life(seed: int) -> Life:
    """The happenings of a seed: up to eight, some of them calls that fail."""
    chance = random.Random(seed)
    found = []
    for _ in range(chance.randint(1, 8)):
        line = chance.choice(HAPPENINGS)
        if chance.random() < 0.4:
            nth = chance.randint(1, 30)
            line = f"fail {chance.choice(CALLS)} {nth} XR_{chance.choice(RESULTS).name}"
        found.append((chance.randrange(FRAMES), line))
    seat = Seat(lies=chance.random() < 0.5, floor_eye_m=chance.choice((None, 1.62)))
    headset = tuple(line for line in LESSER if chance.random() < 0.15)
    return Life(seed, seat, headset, tuple(sorted(found)))


class Lived:
    """A display that lives through it, and what was seen of it."""

    def __init__(self, seat: Seat) -> None:
        self._wall_s = time.monotonic()
        self.display = OpenXRDisplay((64, 48), seat)
        self.last = FromPatient()
        self.pictures = 0

    def frame(self) -> FromPatient:
        """One turn of the player's loop."""
        self._wall_s += 1.0 / 90.0 if self.display.sets_pace else WAITS_S
        self.last = self.display.poll(self._wall_s)
        self.display.show(self._present)
        return self.last

    def _present(self, target: moderngl.Framebuffer, width_px: int, height_px: int) -> None:
        self.pictures += 1
        target.clear(0.2, 0.4, 0.6)

    def close(self) -> None:
        """The player ends."""
        self.display.close()


def lived(runtime: Runtime, script: Life) -> str | None:
    """Live through a script and recover; what was wrong, None when all was well."""
    runtime.reset()
    runtime.tell("size 16 16", *script.headset)
    try:
        one = Lived(script.seat)
    except DisplayMissing as error:
        return f"does not open: {error}"
    try:
        for number in range(FRAMES):
            runtime.tell(*(line for frame, line in script.by_frame if frame == number))
            one.frame()
        return _recovered(runtime, one)
    finally:
        one.close()


def _recovered(runtime: Runtime, one: Lived) -> str | None:
    runtime.heal()
    runtime.tell(*WELL)
    before = one.pictures
    for _ in range(RECOVERY_FRAMES):
        last = one.frame()
        if one.pictures >= before + 5 and last.head.is_worn and last.head.is_tracked and last.head.is_focused:
            return None
    return f"no picture again after everything was well: {one.last.head}, {runtime.state}"
