"""Waiting in session time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any, TypeVar

from therapy.clock import Clock

Result = TypeVar("Result")

FIRST_DELAY_S = 0.25
LARGEST_DELAY_S = 5.0
JITTER_0TO1 = 0.25


async def within(clock: Clock, limit_s: float, work: Coroutine[Any, Any, Result]) -> Result:
    """Await `work` for at most `limit_s` of session time.

    Raises:
        TimeoutError: the time is over; the work was cancelled and has ended.
        ConnectionError: the work was cancelled by somebody else.
    """
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(clock.sleep_until(clock.now_s() + limit_s))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TimeoutError(f"no answer within {limit_s:g} s")
        if task.cancelled():
            raise ConnectionError("the connection ended")
        return task.result()
    finally:
        task.cancel()
        timer.cancel()
        await asyncio.gather(task, timer, return_exceptions=True)


class Backoff:
    """Growing pauses between attempts, doubled up to a cap, each a quarter longer or shorter by chance."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._pause_s = FIRST_DELAY_S

    def reset(self) -> None:
        """Begin again with the shortest pause."""
        self._pause_s = FIRST_DELAY_S

    def next_s(self) -> float:
        """The pause before the next attempt."""
        pause_s = self._pause_s * self._rng.uniform(1.0 - JITTER_0TO1, 1.0 + JITTER_0TO1)
        self._pause_s = min(2.0 * self._pause_s, LARGEST_DELAY_S)
        return min(pause_s, LARGEST_DELAY_S)
