"""The headset as a display of the player: the runtime sets the pace, the patient's head is real.

A session or a runtime that is lost is opened anew, while the patient's scene is held calm; the OpenGL context and all
that was loaded stay.
"""

from __future__ import annotations

import contextlib
import math
import time
from dataclasses import replace

import moderngl
import xr

from environments.display.base import Depth, DisplayMissing, Present
from environments.display.openxr import fields
from environments.display.openxr.gl_calls import GlCalls
from environments.display.openxr.graphics import Surface, check_version, open_surface
from environments.display.openxr.mirror import Mirror
from environments.display.openxr.runtime import Runtime, open_runtime
from environments.display.openxr.session import HeadsetSession, Seat, eye_size
from environments.interact import keys
from environments.interact.geometry import Direction
from environments.player_input import FromPatient, Head
from environments.render.eyes import EyeView

REOPEN_EVERY_S = 2.0
LATE_PERIODS = 1.5
"""A frame is late when it is shown for longer than this many periods: the compositor showed it twice."""

ASSUMED_HZ = 90.0
"""Until the runtime has told its rate."""


class OpenXRDisplay:
    """Both eyes of a headset, and a window that mirrors one of them where there is a screen."""

    name = "vr"
    has_window = True
    head_is_simulated = False

    def __init__(self, mirror_px: tuple[int, int], seat: Seat) -> None:
        self._seat = seat
        self._wall_s = self._retry_s = -math.inf
        self._session: HeadsetSession | None = None
        self._runtime: Runtime | None = open_runtime()
        self._surface: Surface | None = None
        try:
            self._surface = open_surface(self._runtime, mirror_px)
            self._open(self._surface, self._runtime)
        except xr.exception.XrException as error:
            self.close()
            cure = "Restart the headset's software, or use --display desktop."
            raise DisplayMissing(f"The headset cannot be shown anything ({type(error).__name__}).", cure) from error
        except BaseException:
            self.close()
            raise

    def _open(self, surface: Surface, runtime: Runtime) -> None:
        check_version(runtime, surface.context)
        self._gl = GlCalls()
        self._session = HeadsetSession(runtime, surface, self._gl, self._seat)
        self.context: moderngl.Context = surface.context
        width_px, height_px = eye_size(runtime)
        self.size_px = (2 * width_px, height_px)
        self._pair = self.context.framebuffer(self.context.texture(self.size_px, 4))
        self._mirror = Mirror(surface.window, self._gl)
        self.eyes: tuple[EyeView, ...] = ()
        self._head = Head(is_worn=False, is_tracked=False, is_focused=False)
        self._scripted: Direction | None = None
        self._was_stop = False
        self._began_s = 0.0
        self.frame_ms: float | None = None
        self.work_ms = 0.0

    @property
    def fps(self) -> float:
        """Pictures a second that the headset shows."""
        session = self._session
        if session is not None and session.rate_hz:
            return session.rate_hz
        period_ns = 0 if session is None else session.frames.period_ns
        return 1e9 / period_ns if period_ns > 0 else ASSUMED_HZ

    @property
    def slowest_fps(self) -> float:
        """Frames slower than this are late: the compositor showed one twice."""
        return self.fps / LATE_PERIODS

    @property
    def wants_picture(self) -> bool:
        """Whether a frame is begun whose picture will be seen."""
        frames = None if self._session is None else self._session.frames
        return frames is not None and frames.is_begun and frames.should_render and bool(self.eyes)

    @property
    def shows_room(self) -> bool:
        """Whether what is drawn clear lets the patient's own room be seen."""
        return self._seat.blend != "opaque"

    @property
    def sets_pace(self) -> bool:
        """Whether the runtime waits for the next frame; else nothing does."""
        return self._session is not None and self._session.is_running

    def look(self, yaw_deg: float, pitch_deg: float) -> None:
        """Look with scripted eyes where the patient's own are not followed; the head itself cannot be scripted."""
        self._scripted = Direction(yaw_deg, pitch_deg)

    def recentre(self) -> None:
        """Where the patient looks in the next frame becomes straight ahead."""
        if self._session is not None:
            self._session.recentre()

    def poll(self, wall_s: float) -> FromPatient:
        """Wait for the next frame and begin it; where head, eyes and hands will be when it is shown."""
        self._wall_s = wall_s
        taken = self._mirror.take()
        done = FromPatient(self._away(), taken.keys, is_window_closed=taken.is_closed)
        if taken.is_recentred and self._session is not None:
            self._session.recentre()
        try:
            if self._session is None:
                self._reopen()
            if self._session is not None:
                done = self._followed(self._session, done)
        except xr.exception.XrException:
            self._lose()
            done = replace(done, head=self._away())
        self._head = done.head
        return done

    def _followed(self, session: HeadsetSession, done: FromPatient) -> FromPatient:
        session.take_events()
        self.eyes, self.frame_ms = (), None
        if session.is_over:
            raise xr.SessionLostError("the runtime ended the session")
        if not session.is_running:
            return done
        frames, spaces = session.frames, session.spaces
        frames.wait()
        self.frame_ms = (1 + frames.missed) * frames.period_ns / 1e6
        session.settle()
        # The stop works before there is a place to rest, too.
        done = self._felt(session, spaces.rest or spaces.local, done)
        frames.begin()
        self._began_s = time.perf_counter()
        if spaces.rest is None:
            return replace(done, head=replace(self._away(), is_worn=session.is_worn))
        self.eyes = frames.eyes(spaces.rest)
        return done

    def _felt(self, session: HeadsetSession, rest: xr.Space, done: FromPatient) -> FromPatient:
        """Head, hands and buttons at the time that this frame will be shown."""
        spaces, shown_at = session.spaces, session.frames.time
        turn, place, is_tracked = spaces.located(spaces.view, rest, shown_at)
        felt = session.input.sync(shown_at, rest)
        if felt.recentre:
            session.recentre()
        stops = (keys.STOP,) if felt.stop and not self._was_stop else ()
        self._was_stop = felt.stop
        head = fields.head_of(
            turn, place, is_worn=session.is_worn, is_tracked=is_tracked, is_focused=session.is_focused
        )
        eyes_at = felt.gaze or self._scripted
        pressed = (*done.keys, *felt.keys, *stops)
        return replace(done, head=replace(head, eyes_at=eyes_at), keys=pressed, hands=felt.hands)

    def show(self, present: Present, depth: Depth | None = None, *, is_clear: bool = False) -> None:
        """Hand the finished picture and its depth to the headset and end the frame; returns at once."""
        session = self._session
        if session is None or not session.frames.is_begun:
            return
        try:
            self._hand_over(session, present, depth, is_clear=is_clear)
        except xr.exception.XrException:
            self._lose()
        self.work_ms = (time.perf_counter() - self._began_s) * 1e3

    def _hand_over(self, session: HeadsetSession, present: Present, depth: Depth | None, *, is_clear: bool) -> None:
        is_filled = False
        addresses: list[int | None] = [None, None]
        try:
            if self.wants_picture:
                present(self._pair, *self.size_px)
                is_filled = session.pictures.fill(self._pair.glo)
                if depth is not None and session.depths is not None and session.depths.fill(*depth):
                    addresses = session.depths.addresses
        finally:
            session.frames.end(is_shown=is_filled, depths=addresses, is_clear=is_clear)
        if is_filled:
            self._mirror.show(self._pair.glo, session.size_px, self._wall_s)

    def _away(self) -> Head:
        """The head that was seen last, as one that is not there."""
        return replace(self._head, is_worn=False, is_tracked=False, is_focused=False)

    def _lose(self) -> None:
        """Give up a session that is gone; a new one is tried for a little later."""
        self.eyes, self.frame_ms = (), None
        self._retry_s = self._wall_s + REOPEN_EVERY_S
        if self._session is not None:
            self._session.close()
            self._session = None
        if self._runtime is not None:
            with contextlib.suppress(xr.exception.XrException):
                self._runtime.close()
            self._runtime = None

    def _reopen(self) -> None:
        """A new session where the headset is back."""
        if self._wall_s < self._retry_s or self._surface is None:
            return
        try:
            self._runtime = open_runtime()
            check_version(self._runtime, self.context)
            self._session = HeadsetSession(self._runtime, self._surface, self._gl, self._seat)
        except (DisplayMissing, xr.exception.XrException):
            self._lose()

    def close(self) -> None:
        """Give everything back."""
        self._lose()
        if self._surface is not None:
            self._surface.close()
            self._surface = None
