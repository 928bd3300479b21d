"""Session time: seconds since the clock was made, the same for every part of the session process."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

LARGEST_PACED_STEP_S = 0.25


class Clock(Protocol):
    """Injected time."""

    @property
    def speed(self) -> float:
        """Session seconds in a wall second."""
        ...

    def now_s(self) -> float:
        """Session time in seconds; never goes back."""
        ...

    def limit(self, speed: float) -> None:
        """Go no faster than this from now on; real time takes no notice."""
        ...

    async def sleep_until(self, t_s: float) -> None:
        """Return when session time has reached `t_s`."""
        ...


class MonotonicClock:
    """Real time: what every session with a real strap runs on."""

    speed = 1.0

    def __init__(self) -> None:
        self._start_s = time.monotonic()

    def now_s(self) -> float:
        """Seconds since the clock was made."""
        return time.monotonic() - self._start_s

    def limit(self, speed: float) -> None:
        """Real time goes at its own pace."""

    async def sleep_until(self, t_s: float) -> None:
        """Sleep until session time is `t_s`."""
        while (left_s := t_s - self.now_s()) > 0.0:
            await asyncio.sleep(left_s)


class PacedClock:
    """Faster time for simulated sessions: up to `speed` times wall time, never more than 0.25 s at once.

    When the machine stalls, session time stalls with it, so that a busy computer is not taken for a
    lost strap.  A session with a real strap must not use it.
    """

    def __init__(self, speed: float) -> None:
        if not speed > 0.0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self.speed = speed
        self._fastest = speed
        self._now_s = 0.0
        self._last_wall_s = time.monotonic()

    def limit(self, speed: float) -> None:
        """Go no faster than this from now on, nor faster than the speed asked for; never below 1."""
        self.now_s()
        self.speed = min(self._fastest, max(speed, 1.0))

    def now_s(self) -> float:
        """Paced seconds since the clock was made."""
        wall_s = time.monotonic()
        self._now_s += min((wall_s - self._last_wall_s) * self.speed, LARGEST_PACED_STEP_S)
        self._last_wall_s = wall_s
        return self._now_s

    async def sleep_until(self, t_s: float) -> None:
        """Sleep until paced time is `t_s`, looking often enough to lose nothing to the largest step."""
        while (left_s := t_s - self.now_s()) > 0.0:
            await asyncio.sleep(min(left_s, LARGEST_PACED_STEP_S * 0.8) / self.speed)


def make_clock(speed: float) -> Clock:
    """Real time at speed 1, paced time at any other speed."""
    return MonotonicClock() if speed == 1.0 else PacedClock(speed)
