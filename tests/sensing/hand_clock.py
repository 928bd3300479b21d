"""A clock that a test moves by hand, so that seconds of silence cost no time and are exact."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable

HOPS = 80
GIVE_UP_WALL_S = 20.0


class HandClock:
    """Session time that stands still until `advance` moves it, stopping at every sleeper on the way."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._now_s = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now_s(self) -> float:
        return self._now_s

    def limit(self, speed: float) -> None:
        """The hand sets the pace."""

    async def sleep_until(self, t_s: float) -> None:
        if t_s <= self._now_s:
            await asyncio.sleep(0)
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (t_s, next(self._order), sleeper))
        await sleeper

    async def advance(self, by_s: float) -> None:
        end_s = self._now_s + by_s
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end_s:
            t_s, _, sleeper = heapq.heappop(self._sleepers)
            if sleeper.done():
                continue
            self._now_s = t_s
            sleeper.set_result(None)
            await settle()
        self._now_s = end_s
        await settle()


async def settle() -> None:
    """Let everything that is ready run, many turns of the loop deep."""
    for _ in range(HOPS):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Turn the loop until the condition holds; time on the hand clock stands still meanwhile."""
    async with asyncio.timeout(GIVE_UP_WALL_S):
        while not condition():
            await asyncio.sleep(0)
