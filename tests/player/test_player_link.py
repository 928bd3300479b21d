"""The session's end of the link, with real player processes."""

import asyncio
import os
import signal
import sys

import pytest

from environments.contract import LatchReason, PlayerState, SceneCommand
from environments.handshake import PlayerSettings, RunFile
from therapy.errors import DeviceMissing, PlayerError
from therapy.player_link import PlayerLink

pytestmark = [pytest.mark.gl, pytest.mark.timeout(240)]

SMALL = PlayerSettings(display="offscreen", width_px=160, height_px=90, samples=1)


class Heard:
    """Collects what a link tells."""

    def __init__(self) -> None:
        self.reports: asyncio.Queue[object] = asyncio.Queue()
        self.gone: asyncio.Queue[str] = asyncio.Queue()
        self.link = PlayerLink(self.reports.put_nowait, self.gone.put_nowait)

    async def state(self, that):
        """The next state that fits."""
        async with asyncio.timeout(60):
            while True:
                report = await self.reports.get()
                if isinstance(report, PlayerState) and that(report):
                    return report


async def test_player_starts_follows_and_ends_with_the_session():
    heard = Heard()
    ready = await heard.link.start(SMALL)
    try:
        assert heard.link.pid == ready.pid
        heard.link.send(SceneCommand(5, "shore", 0.0, 2.0))
        assert (await heard.state(lambda s: s.sequence == 5)).scene == "shore"
    finally:
        await heard.link.close()
    assert heard.gone.empty()
    with pytest.raises(PlayerError, match="The player is gone"):
        heard.link.send(SceneCommand(6, "shore", 0.0, 2.0))


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
async def test_killed_player_is_told_once_with_its_exit_code():
    heard = Heard()
    ready = await heard.link.start(SMALL)
    os.kill(ready.pid, signal.SIGKILL)
    async with asyncio.timeout(30):
        assert await heard.gone.get() == "the player ended with code -9"
    await heard.link.close()
    assert heard.gone.empty()


async def test_new_session_takes_over_the_player_that_waits_in_the_calm_scene(tmp_path):
    run_file = tmp_path / "run.json"
    first, second = Heard(), Heard()
    await first.link.start(SMALL.model_copy(update={"run_file": str(run_file)}))
    first.link.send(SceneCommand(1, "shore", 0.0, 2.0))
    await first.state(lambda s: s.latch is LatchReason.LEASE_LOST)
    await first.link._disconnect()
    ready = await second.link.attach(run_file)
    assert ready.pid == second.link.pid == first.link.pid
    assert (await second.state(lambda s: True)).latch is LatchReason.LEASE_LOST
    await second.link.close()
    await first.link.close()
    assert not run_file.exists()


async def test_nobody_to_take_over_is_said_plainly(tmp_path):
    heard = Heard()
    with pytest.raises(PlayerError, match="No player is waiting"):
        await heard.link.attach(tmp_path / "none.json")
    stale = tmp_path / "stale.json"
    stale.write_text(RunFile(pid=1, port=1, token="0" * 64).model_dump_json())
    with pytest.raises(PlayerError, match="No player can be reached"):
        await heard.link.attach(stale)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="DISPLAY is a matter of X11")
async def test_missing_screen_becomes_a_missing_device_in_the_player_s_own_words(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    heard = Heard()
    with pytest.raises(DeviceMissing, match="DISPLAY is not set"):
        await heard.link.start(PlayerSettings(display="desktop"))
    assert heard.gone.empty()
