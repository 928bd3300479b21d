"""One session with the headset: from its handles to its frames, whatever state it is in."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import xr

from environments.display.openxr import events
from environments.display.openxr.blends import blend_mode, everyday_mode
from environments.display.openxr.depth import eye_depths
from environments.display.openxr.events import Events
from environments.display.openxr.frames import Frames
from environments.display.openxr.gl_calls import GlCalls
from environments.display.openxr.graphics import Surface
from environments.display.openxr.input import Input
from environments.display.openxr.masks import hidden_parts
from environments.display.openxr.runtime import DEPTH, MASK, REFRESH, VIEWS, Runtime
from environments.display.openxr.spaces import Spaces
from environments.display.openxr.swapchains import EyePictures, Size

S = xr.SessionState
COMFORTABLE_HZ, BEST_HZ = 72.0, 90.0
"""Rates of a headset that are asked for (an engineering default): more costs frames, less is seen to flicker."""


@dataclass(frozen=True, slots=True)
class Seat:
    """How the patient rests: lying or not, and the eye height that scenes are built for when standing.

    `blend` is how their own room is seen around scenes that can stand in it.
    """

    lies: bool = False
    floor_eye_m: float | None = None
    blend: str = "opaque"


class HeadsetSession:
    """Owns every handle that lives as long as the session; `close` gives them back in turn, lost or not."""

    def __init__(self, runtime: Runtime, surface: Surface, gl: GlCalls, seat: Seat) -> None:
        self._runtime = runtime
        self._stack = ExitStack()
        self._pending_time: int | None = None
        self._wants_rest = True
        self.state = S.UNKNOWN
        self.is_running = self.is_over = False
        self.is_worn = not runtime.knows_presence
        self.rate_hz: float | None = None
        self.size_px = eye_size(runtime)
        try:
            self._open(surface, gl, seat)
        except BaseException:
            self.close()
            raise

    def _open(self, surface: Surface, gl: GlCalls, seat: Seat) -> None:
        runtime = self._runtime
        binding = ctypes.cast(ctypes.pointer(surface.binding), ctypes.c_void_p)
        self.session = xr.create_session(runtime.instance, xr.SessionCreateInfo(system_id=runtime.system, next=binding))
        self._stack.callback(_quietly, xr.destroy_session, self.session)
        self.spaces = Spaces(self.session, lies=seat.lies, floor_eye_m=seat.floor_eye_m)
        self._stack.callback(_quietly, self.spaces.close)
        self.pictures = EyePictures(self.session, self.size_px, gl)
        self._stack.callback(_quietly, self.pictures.close)
        self.depths = eye_depths(self.session, self.size_px, gl) if runtime.has(DEPTH) else None
        if self.depths is not None:
            self._stack.callback(_quietly, self.depths.close)
        clear = blend_mode(runtime, seat.blend)
        self.frames = Frames(self.session, self.pictures.places(), self.size_px)
        self.frames.modes = everyday_mode(runtime, clear), clear
        self._stack.callback(_quietly, self._end_begun)
        self._events = Events(runtime.instance)
        self.input = Input(runtime.instance, self.session, runtime.extensions)
        self._stack.callback(_quietly, self.input.close)
        self.input.suggest()
        self._hide()
        if runtime.has(REFRESH):
            self.rate_hz = float(xr.get_display_refresh_rate_fb(self.session).value) or None
            self._choose_rate()

    def _choose_rate(self) -> None:
        offered = [float(getattr(one, "value", one)) for one in xr.enumerate_display_refresh_rates_fb(self.session)]
        wish_hz = wished_rate(offered, self.rate_hz or 0.0)
        if wish_hz is not None:
            # What the runtime makes of it comes as an event.
            xr.request_display_refresh_rate_fb(self.session, wish_hz)

    def _hide(self) -> None:
        if self._runtime.has(MASK):
            self.frames.hidden = hidden_parts(self.session, 0), hidden_parts(self.session, 1)

    @property
    def is_focused(self) -> bool:
        """Whether the patient sees us and nothing of the runtime's over it."""
        return bool(self.is_running and self.state is S.FOCUSED)

    @property
    def is_visible(self) -> bool:
        """Whether the headset shows our pictures."""
        return bool(self.is_running and self.state in {S.VISIBLE, S.FOCUSED})

    def take_events(self) -> None:
        """Follow what the runtime tells; raises what loss of the session or the instance means."""
        told = list(self._events.take())
        states = [event for event in told if isinstance(event, events.StateChanged)]
        for event in told:
            # A state that has passed already is not acted on: it may be over before it is told.
            if not isinstance(event, events.StateChanged) or event is states[-1]:
                self._follow(event)

    def _follow(self, event: events.Event) -> None:
        match event:
            case events.StateChanged(state):
                self._turn(state)
            case events.PresenceChanged(is_worn):
                self.is_worn = is_worn
            case events.Recentred(space, time) if space == xr.ReferenceSpaceType.LOCAL.value:
                self._pending_time = time
            case events.RateChanged(rate_hz):
                self.rate_hz = rate_hz
            case events.MaskChanged():
                self._hide()
            case events.ProfileChanged():
                self.input.profile_changed()
            case events.InstanceLost():
                raise xr.InstanceLostError("the runtime is going away")
            case _:
                return

    def _turn(self, state: xr.SessionState) -> None:
        self.state = state
        if state is S.READY:
            xr.begin_session(self.session, xr.SessionBeginInfo(primary_view_configuration_type=VIEWS))
            self.is_running = True
            self.frames.forget_time()
        elif state is S.STOPPING:
            self.is_running = False
            xr.end_session(self.session)
        elif state is S.LOSS_PENDING:
            raise xr.SessionLostError("the headset is going away")
        elif state is S.EXITING:
            self.is_over = True

    def recentre(self) -> None:
        """Rest where the head is in the next frame."""
        self._wants_rest = True

    def settle(self) -> bool:
        """In a frame that was waited for: rest anew where that is due; whether there is a place to rest."""
        time = self.frames.time
        if self._pending_time is not None and time >= self._pending_time:
            self._pending_time, self._wants_rest = None, True
        if self._wants_rest and self.spaces.calibrate(time):
            self._wants_rest = False
        return self.spaces.rest is not None

    def _end_begun(self) -> None:
        if self.frames.is_begun:
            self.frames.end(is_shown=False)

    def close(self) -> None:
        """End a begun frame and destroy all handles."""
        self._stack.close()


def eye_size(runtime: Runtime) -> Size:
    """Width and height in pixels of one eye's picture that the runtime recommends."""
    views = xr.enumerate_view_configuration_views(runtime.instance, runtime.system, VIEWS)
    first = views[0]
    return int(first.recommended_image_rect_width), int(first.recommended_image_rect_height)


def wished_rate(offered_hz: Sequence[float], now_hz: float) -> float | None:
    """The rate to ask for: the highest up to `BEST_HZ`; None where the headset has it already, or nothing near it."""
    fitting = [rate for rate in offered_hz if COMFORTABLE_HZ <= rate <= BEST_HZ + 0.5]
    best = max(fitting, default=now_hz)
    return None if abs(best - now_hz) < 0.5 else best


def _quietly(give_back: object, *arguments: object) -> None:
    """Handles of a lost session cannot be given back; that is no fault."""
    with contextlib.suppress(xr.exception.XrException):
        give_back(*arguments)  # type: ignore[operator]
