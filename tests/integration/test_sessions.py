"""Sessions with every real part, disturbed as they will be."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from environments.contract import KeyInput, LatchReason
from tests.integration.conftest import Watched, quick_protocol
from therapy import live
from therapy.replaying import compare
from therapy.sensing.faults import StrapFault
from therapy.session.engine import step
from therapy.session.events import Outcome, Phase, Therapist, TherapistAction
from therapy.store.archive import Archive
from therapy.store.paths import database_path

Make = Callable[..., Watched]
pytestmark = [pytest.mark.gl, pytest.mark.timeout(240)]


async def seen(session: Watched) -> np.ndarray:
    """The picture the patient sees now."""
    folder = session.options.capture
    assert folder is not None
    before = set(folder.glob("*.png"))
    session.live.keeper.send(KeyInput("capture"))
    await session.until(lambda: bool(set(folder.glob("*.png")) - before))
    newest = max(set(folder.glob("*.png")) - before, key=lambda path: path.stat().st_mtime_ns)
    with Image.open(newest) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.float64)


async def test_a_whole_session_from_strap_to_sealed_record(watched: Make, folder: Path) -> None:
    session = watched()
    result = await session.result()
    assert result.outcome is Outcome.COMPLETED
    with Archive(database_path(folder)) as archive:
        record = archive.session(result.session_id)
        assert record.outcome == "completed"
        assert set(record.simulated) >= {"heart-rate strap", "patient", "headset"}
        assert record.sensor["kind"] == "virtual"
        beats = archive.beats(result.session_id)
        assert len(beats) > 0.8 * result.duration_s
        assert archive.frames(result.session_id)
        assert len(archive.poses(result.session_id)) > 50
        assert max(sample.what.shown_0to1 for sample in archive.samples(result.session_id)) >= 0.1
        found = compare(archive, result.session_id)
    assert found.identical
    assert found.decisions > 4 * result.duration_s


async def test_a_changed_record_does_not_replay(watched: Make, folder: Path) -> None:
    session = watched(protocol=quick_protocol(exposure_s=60.0))
    result = await session.result()
    database = database_path(folder)
    with sqlite3.connect(database) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE decision SET applied_0to1 = 0.7 WHERE seq = (SELECT max(seq) FROM decision)")
    connection.close()
    with Archive(database) as archive:
        found = compare(archive, result.session_id)
    assert found.differences == 1
    assert "0.7" in found.recorded


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
    await session.until_phase(Phase.EXPOSURE)
    session.strap.strap.switch(StrapFault.ZERO_RATE, on=True)
    await session.until_notice("heart-rate-stale")
    session.strap.strap.switch(StrapFault.ZERO_RATE, on=False)
    session.strap.strap.switch(StrapFault.GARBAGE, on=True)
    await session.until_notice("heart-rate-lost")
    assert session.live.live.state.heart.values == ()


async def test_a_killed_player_is_replaced_and_waits_in_the_calm_scene(watched: Make) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    await session.until_shown(lambda state: state.scene == "heights")
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


async def test_a_patients_stop_is_the_calm_scene_in_state_and_pixels(watched: Make) -> None:
    session = watched()
    await session.until_phase(Phase.BASELINE)
    await session.until_shown(lambda state: state.latch is None and state.fade_0to1 == 0.0)
    calm = await seen(session)
    await session.until_shown(lambda state: state.scene == "heights" and state.fade_0to1 == 0.0)
    height = await seen(session)
    session.live.keeper.send(KeyInput("stop"))
    state = await session.until_shown(lambda state: state.scene == "shore" and state.fade_0to1 == 0.0)
    assert state.latch is LatchReason.PATIENT_STOP
    after = await seen(session)
    to_calm = float(np.abs(after.mean(axis=(0, 1)) - calm.mean(axis=(0, 1))).sum())
    to_height = float(np.abs(after.mean(axis=(0, 1)) - height.mean(axis=(0, 1))).sum())
    assert to_calm < to_height
    assert "patient-stopped" in [reason.value for reason in session.live.live.state.health.latched]


async def test_a_locked_database_is_the_calm_scene_and_what_was_saved_stays(watched: Make, folder: Path) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    blocker = sqlite3.connect(database_path(folder), isolation_level=None)
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
    await session.until_shown(lambda state: state.scene == "heights")
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


async def test_cancelling_stops_in_the_calm_scene_and_seals_the_record(watched: Make, folder: Path) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    assert session.task is not None
    session.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await session.task
    with Archive(database_path(folder)) as archive:
        assert archive.session("last").outcome == "stopped-by-therapist"
