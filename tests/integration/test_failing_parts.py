"""Sessions with every real part, of which one fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import Watched
from tests.store.raw import raw_connection
from therapy import live
from therapy.sensing.faults import StrapFault
from therapy.session.engine import step
from therapy.session.events import Outcome, Phase, Therapist, TherapistAction
from therapy.store.archive import Archive
from therapy.store.paths import database_path

Make = Callable[..., Watched]
pytestmark = [pytest.mark.gl, pytest.mark.timeout(240)]


async def test_a_cut_strap_is_said_and_never_raises(watched: Make) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    await session.until(lambda: session.live.live.state.place.current_0to1 > 0.0)
    session.strap.strap.switch(StrapFault.DROPOUT, on=True)
    await session.until_notice("heart-rate-lost")
    level = session.live.live.state.place.current_0to1
    await session.until(lambda: session.live.live.state.place.current_0to1 < level)
    assert session.live.live.state.heart.valid_since_s is None
    session.strap.strap.switch(StrapFault.DROPOUT, on=False)
    await session.until_notice("heart-rate-back")


async def test_a_strap_that_sends_zero_and_garbage_is_no_heart_rate(watched: Make) -> None:
    session = watched()
    await session.until_phase(Phase.BASELINE)
    session.strap.strap.switch(StrapFault.ZERO_RATE, on=True)
    await session.until_notice("heart-rate-stale")
    session.strap.strap.switch(StrapFault.ZERO_RATE, on=False)
    session.strap.strap.switch(StrapFault.GARBAGE, on=True)
    await session.until_notice("heart-rate-lost")
    assert session.live.live.state.heart.values == ()


async def test_a_killed_player_is_replaced_and_waits_in_the_calm_scene(watched: Make) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    await session.until_shown(lambda state: state.scene == "enclosed")
    pid = session.live.keeper.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await session.until_notice("player-gone")
    session.states.clear()
    await session.until_notice("player-back")
    state = await session.until_shown(lambda state: state.latch is not None)
    assert state.scene == "shore"
    assert "player-lost" in [reason.value for reason in session.live.live.state.health.latched]
    session.live.live.feed(Therapist(TherapistAction.STOP))
    assert (await session.result()).outcome is Outcome.STOPPED_BY_THERAPIST


async def test_a_player_that_hangs_is_taken_for_gone_and_replaced(watched: Make) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    pid = session.live.keeper.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await session.until_notice("player-gone")
    await session.until_notice("player-back")
    assert session.live.keeper.pid != pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert "player-lost" in [reason.value for reason in session.live.live.state.health.latched]


async def test_a_locked_database_is_the_calm_scene_and_what_was_saved_stays(watched: Make, folder: Path) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    blocker = raw_connection(database_path(folder))
    blocker.execute("PRAGMA busy_timeout = 20000")
    blocker.execute("BEGIN IMMEDIATE")
    await session.until_notice("store-failed")
    await session.until_shown(lambda state: state.scene == "shore" and state.latch is not None)
    blocker.execute("ROLLBACK")
    blocker.close()
    session.live.live.feed(Therapist(TherapistAction.STOP))
    result = await session.result()
    with Archive(database_path(folder)) as archive:
        assert archive.journal(result.session_id)


async def test_an_exception_in_the_loop_is_the_calm_scene(watched: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    await session.until_shown(lambda state: state.scene == "enclosed")
    real, broken = step, [False]

    def fails_once(*arguments: object) -> object:
        if not broken[0]:
            broken[0] = True
            raise ZeroDivisionError("made to fail")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(live, "step", fails_once)
    state = await session.until_shown(lambda state: state.scene == "shore")
    assert state.latch is not None
    assert "exception" in [reason.value for reason in session.live.live.state.health.latched]
