"""Keeping a player: start it or take over one that waits in the calm scene, and start another when it dies."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environments.contract import Command, PlayerReady, Report
from environments.handshake import RunFile
from therapy.errors import DeviceMissing, PlayerError
from therapy.player_link import PlayerLink, PlayerSettings

RESTARTS = 3
OFFSCREEN_PX = (320, 180)
WINDOW_PX = (1280, 720)
SOFTWARE_WINDOW_PX = (640, 360)
SOFTWARE = ("llvmpipe", "softpipe", "swr", "swiftshader", "basic render", "gdi generic")
PROBE_S = 30.0


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
    recline_deg: float = 0.0
    blend: str = "opaque"
    sound: str = "auto"


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

        `auto` means a window where there is a screen, else offscreen; who wants a headset where there is one asks
        `has_headset` first, because the patient is told beforehand what is simulated.
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
            notice = RunFile.model_validate_json(run_file.read_text("utf-8")).notice
            ready = await link.attach(run_file)
        except (PlayerError, OSError, ValueError):
            return None
        if self._wishes.display not in ("auto", ready.display) or notice != self._wishes.notice:
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
        width_px, height_px = wishes.size_px or await _size_px(display)
        link = PlayerLink(self._heard, self._gone)
        ready = await link.start(
            PlayerSettings(
                display=display,
                speed=wishes.speed,
                seed=wishes.seed,
                width_px=width_px,
                height_px=height_px,
                notice=wishes.notice,
                recline_deg=wishes.recline_deg,
                blend=wishes.blend,
                sound=wishes.sound,
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
        dead, self._link = self._link, None
        if self._closing:
            return
        if self._on_gone is not None:
            self._on_gone(detail)
        if self._restart is None:
            self._restart = asyncio.get_running_loop().create_task(self._again(dead))

    async def _again(self, dead: PlayerLink | None) -> None:
        """End what is left of the old player and start another; it begins in the calm scene and waits there."""
        try:
            if dead is not None:
                await dead.end()
            if self._restarts_left > 0:
                self._restarts_left -= 1
                self._heard(await self._start())
            else:
                self._tell_trouble("The player failed too often to be started again. End the session.")
        except (PlayerError, DeviceMissing, OSError) as error:
            self._tell_trouble(f"The player could not be started again. {error}")
        finally:
            self._restart = None

    def _tell_trouble(self, detail: str) -> None:
        if self.on_trouble is not None:
            self.on_trouble(detail)

    def give_up(self, detail: str) -> None:
        """Take a player that does not answer for gone, and replace it."""
        if self._link is not None and self._restart is None:
            self._gone(detail)


async def _size_px(display: str) -> tuple[int, int]:
    """The size where nobody asked for one: small where it is drawn in software, so that it moves smoothly."""
    if display == "offscreen":
        return OFFSCREEN_PX
    renderer = await _renderer_name()
    return SOFTWARE_WINDOW_PX if any(name in renderer.lower() for name in SOFTWARE) else WINDOW_PX


async def has_headset() -> bool:
    """Whether an OpenXR runtime with a headset answers."""
    found = (await _probed("--headset")).get("headset")
    return isinstance(found, dict) and not found.get("error") and not found.get("trouble")


async def _renderer_name() -> str:
    """Who draws on this machine; empty if it cannot be told."""
    found = (await _probed()).get("offscreen")
    return str(found.get("renderer") or "") if isinstance(found, dict) else ""


async def _probed(*arguments: str) -> dict[str, object]:
    """What this machine can show, asked in a process of its own; empty if it cannot be told."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "environments.probe", *arguments, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(PROBE_S):
            said, _ = await child.communicate()
        found = json.loads(said)
    except (TimeoutError, ValueError):
        if child.returncode is None:
            child.kill()
            await child.wait()
        return {}
    return found if isinstance(found, dict) else {}
