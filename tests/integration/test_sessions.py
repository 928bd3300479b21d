"""Sessions with every real part, left alone, stopped and cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest
from PIL import Image

from environments.contract import KeyInput, LatchReason
from tests.integration.conftest import Watched, data_folder, quick_options, quick_protocol
from tests.store.raw import raw_connection
from therapy.app import SessionResult, run_session
from therapy.replaying import compare
from therapy.session.events import Outcome, Phase
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


@pytest.fixture(scope="module")
def completed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SessionResult]:
    """A whole session that nobody disturbed: its data folder and how it ended."""
    folder = data_folder(tmp_path_factory.mktemp("completed"))
    options = quick_options(folder, protocol=quick_protocol(exposure_s=300.0))
    return folder, asyncio.run(run_session(options))


def test_a_whole_session_from_strap_to_sealed_record(completed: tuple[Path, SessionResult]) -> None:
    folder, result = completed
    assert result.outcome is Outcome.COMPLETED
    with Archive(database_path(folder)) as archive:
        record = archive.session(result.session_id)
        assert record.outcome == "completed"
        assert set(record.simulated) >= {"heart-rate strap", "patient", "headset"}
        assert record.sensor["kind"] == "virtual"
        beats = archive.beats(result.session_id)
        assert len(beats) > 0.8 * result.duration_s
        assert archive.frames(result.session_id)
        assert len(archive.poses(result.session_id)) > 15
        assert max(sample.what.shown_0to1 for sample in archive.samples(result.session_id)) >= 0.1
        found = compare(archive, result.session_id)
    assert found.identical
    assert found.decisions > 4 * result.duration_s


def test_a_changed_record_does_not_replay(completed: tuple[Path, SessionResult], tmp_path: Path) -> None:
    folder, result = completed
    for path in database_path(folder).parent.glob("acclimate.*"):
        copyfile(path, tmp_path / path.name)
    database = database_path(tmp_path)
    with raw_connection(database) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE decision SET applied_0to1 = 0.7 WHERE seq = (SELECT max(seq) FROM decision)")
    connection.close()
    with Archive(database) as archive:
        found = compare(archive, result.session_id)
    assert found.differences == 1
    assert "0.7" in found.recorded


async def test_a_patients_stop_is_the_calm_scene_in_state_and_pixels(watched: Make) -> None:
    session = watched()
    await session.until_phase(Phase.BASELINE)
    await session.until_shown(lambda state: state.latch is None and state.fade_0to1 == 0.0)
    calm = await seen(session)
    await session.until_shown(lambda state: state.scene == "enclosed" and state.fade_0to1 == 0.0)
    tight = await seen(session)
    session.live.keeper.send(KeyInput("stop"))
    state = await session.until_shown(lambda state: state.scene == "shore" and state.fade_0to1 == 0.0)
    assert state.latch is LatchReason.PATIENT_STOP
    after = await seen(session)
    to_calm = float(np.abs(after.mean(axis=(0, 1)) - calm.mean(axis=(0, 1))).sum())
    to_tight = float(np.abs(after.mean(axis=(0, 1)) - tight.mean(axis=(0, 1))).sum())
    assert to_calm < to_tight
    assert "patient-stopped" in [reason.value for reason in session.live.live.state.health.latched]


async def test_cancelling_stops_in_the_calm_scene_and_seals_the_record(watched: Make, folder: Path) -> None:
    session = watched()
    await session.until_phase(Phase.EXPOSURE)
    assert session.task is not None
    session.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await session.task
    with Archive(database_path(folder)) as archive:
        assert archive.session("last").outcome == "stopped-by-therapist"
