"""Keeping a player: start it or take over one that waits in the calm scene, and start another when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environments.contract import Command, PlayerReady, Report
from therapy.errors import DeviceMissing, PlayerError
from therapy.player_link import PlayerLink, PlayerSettings

RESTARTS = 3
SIZES_PX = {"desktop": (1280, 720), "offscreen": (320, 180)}
"""What is drawn where nobody asked for a size; offscreen nobody looks, and software OpenGL has to keep up."""


@dataclass(frozen=True, slots=True)
class PlayerWishes:
    """How the player should be."""

    display: str
    speed: float
    seed: int
    size_px: tuple[int, int] | None
    notice: str
    preload: tuple[str, ...] = ()
    run_file: Path | None = None
    capture: Path | None = None


class PlayerKeeper:
    """One player at a time for the whole of a session.

    `on_trouble` is told when no player could be started again.
    """

    def __init__(self, wishes: PlayerWishes) -> None:
        self._wishes = wishes
        self._link: PlayerLink | None = None
        self._on_report: Callable[[Report], None] | None = None
        self._on_gone: Callable[[str], None] | None = None
        self._early: list[Report] = []
        self._restart: asyncio.Task[None] | None = None
        self._restarts_left = RESTARTS
        self._closing = False
        self.on_trouble: Callable[[str], None] | None = None

    async def start(self) -> PlayerReady:
        """Take over a player that an earlier session left in the calm scene, or start one.

        `auto` means a window where there is a screen, else offscreen.
        """
        left = await self._take_over()
        return left if left is not None else await self._start()

    @property
    def pid(self) -> int | None:
        """The player's process id, while there is a player."""
        return None if self._link is None else self._link.pid

    def send(self, command: Command) -> None:
        """Send without waiting; `PlayerError` while there is no player or it does not keep up."""
        if self._link is None:
            raise PlayerError("There is no player.", "It is being started again.")
        self._link.send(command)

    def serve(self, on_report: Callable[[Report], None], on_gone: Callable[[str], None], ready: PlayerReady) -> None:
        """From now on reports go to `on_report`; what came before is delivered first, `ready` at its head."""
        self._on_report, self._on_gone = on_report, on_gone
        early, self._early = self._early, []
        for report in (ready, *early):
            on_report(report)

    async def close(self) -> None:
        """End the player."""
        self._closing = True
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        if self._link is not None:
            await self._link.close()

    async def _take_over(self) -> PlayerReady | None:
        """The patient keeps the picture they are in; only at real pace, which is the pace that a player is left at."""
        run_file = self._wishes.run_file
        if run_file is None or not run_file.exists() or self._wishes.speed != 1.0:
            return None
        link = PlayerLink(self._heard, self._gone)
        try:
            ready = await link.attach(run_file)
        except PlayerError:
            return None
        if self._wishes.display not in ("auto", ready.display):
            await link.close()
            return None
        self._link = link
        return ready

    async def _start(self) -> PlayerReady:
        if self._wishes.display != "auto":
            return await self._open(self._wishes.display)
        try:
            return await self._open("desktop")
        except DeviceMissing:
            return await self._open("offscreen")

    async def _open(self, display: str) -> PlayerReady:
        wishes = self._wishes
        width_px, height_px = wishes.size_px or SIZES_PX[display]
        link = PlayerLink(self._heard, self._gone)
        ready = await link.start(
            PlayerSettings(
                display=display,
                speed=wishes.speed,
                seed=wishes.seed,
                width_px=width_px,
                height_px=height_px,
                notice=wishes.notice,
                preload=wishes.preload,
                run_file=None if wishes.run_file is None else str(wishes.run_file),
                capture_dir=None if wishes.capture is None else str(wishes.capture),
            )
        )
        self._link = link
        return ready

    def _heard(self, report: Report) -> None:
        if self._on_report is None:
            self._early.append(report)
        else:
            self._on_report(report)

    def _gone(self, detail: str) -> None:
        self._link = None
        if self._closing:
            return
        if self._on_gone is not None:
            self._on_gone(detail)
        if self._restarts_left > 0 and self._restart is None:
            self._restarts_left -= 1
            self._restart = asyncio.get_running_loop().create_task(self._again())

    async def _again(self) -> None:
        """Start another player; it begins in the calm scene and waits there for the session."""
        try:
            ready = await self._start()
        except (PlayerError, DeviceMissing) as error:
            if self.on_trouble is not None:
                self.on_trouble(f"The player could not be started again. {error}")
        else:
            self._heard(ready)
        finally:
            self._restart = None
