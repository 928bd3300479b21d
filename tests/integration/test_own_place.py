"""Sessions in a clinic's own place, and with models that are damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import environments
from environments.contract import LatchReason
from environments.scenes.manifest import DATA_VARIABLE
from protocols.loader import LoadedProtocol, parse_protocol
from tests.gltf.files import spoilt
from tests.gltf.generator import static_glb
from tests.integration.conftest import QUICK, Watched, quick_protocol, quick_text
from tests.integration.test_sessions import seen
from therapy.cli.main import app
from therapy.session.events import Noticed, Outcome, Phase, Therapist, TherapistAction
from therapy.store.archive import Archive
from therapy.store.paths import database_path

Make = Callable[..., Watched]
pytestmark = [pytest.mark.gl, pytest.mark.timeout(240)]


@pytest.fixture
def place(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An imported model, of which more is there at each level; its folder."""

    def mark(document: dict[str, list[dict[str, object]]]) -> None:
        for level in range(1, 8):
            document["nodes"][level]["extras"] = {"from_level": level}

    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    (tmp_path / "room.glb").write_bytes(spoilt(static_glb(12, 2, 900, 8, 3), mark))
    done = CliRunner().invoke(app, ["scenes", "import", str(tmp_path / "room.glb"), "--as", "room"])
    assert done.exit_code == 0, done.exception
    return folder / "scenes" / "room"


def in_the_room() -> LoadedProtocol:
    """The quick session in the imported place."""
    text = quick_text().replace("scene: enclosed", "scene: room", 1)
    return parse_protocol(text, f"{QUICK}.yaml", stem=QUICK)


@pytest.mark.usefixtures("place")
async def test_a_session_climbs_in_a_place_of_the_clinics_own(watched: Make) -> None:
    session = watched(protocol=in_the_room(), speed=30.0)
    await session.until_shown(lambda state: state.scene == "room" and state.fade_0to1 == 0.0)
    first = await seen(session)
    higher = await session.until_shown(lambda state: state.intensity_0to1 >= 0.1 and state.fade_0to1 == 0.0)
    assert higher.parameters == {"level": pytest.approx(1.0)}
    assert (np.abs(await seen(session) - first).max(axis=2) > 20).mean() > 0.005
    session.live.live.feed(Therapist(TherapistAction.STOP))
    assert (await session.result()).outcome is Outcome.STOPPED_BY_THERAPIST


async def test_a_damaged_place_is_told_at_once_and_never_shown(watched: Make, place: Path) -> None:
    model = place / "place.glb"
    model.write_bytes(model.read_bytes()[:-500])
    session = watched(protocol=in_the_room(), speed=30.0)
    await session.until_notice("command-refused")
    assert not any(state.scene == "room" for state in session.states)
    told = next(one.detail for _, one in session.outputs if isinstance(one, Noticed))
    assert f"room cannot be drawn: {place}: place.glb cannot be used: the file is cut off" in told
    assert "acclimate scenes import FILE.glb --as room --force" in told


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's model is cut off in the program that the player is started from; its file."""
    whole = Path(environments.__file__).parent
    copy = tmp_path / "program" / "environments"
    for part in ("", "assets", "assets/people"):
        (copy / part).mkdir(parents=True)
        for path in (whole / part).iterdir():
            if path.relative_to(whole).as_posix() not in ("assets", "assets/people"):
                (copy / part / path.name).symlink_to(path)
    file = copy / "assets" / "people" / "man_jacket.glb"
    start = file.read_bytes()[:5000]
    file.unlink()
    file.write_bytes(start)
    monkeypatch.setenv("PYTHONPATH", str(copy.parent))
    return file


async def test_a_damaged_asset_is_the_calm_scene_and_the_record_says_why(
    watched: Make, damaged: Path, folder: Path
) -> None:
    session = watched(protocol=quick_protocol(name="heights-first"), speed=30.0)
    await session.until_phase(Phase.EXPOSURE)
    await session.until_notice("latched")
    state = await session.until_shown(lambda state: state.scene == "shore" and state.fade_0to1 == 0.0)
    assert state.latch is LatchReason.SCENE_FAULT
    session.live.live.feed(Therapist(TherapistAction.STOP))
    result = await session.result()
    with Archive(database_path(folder)) as archive:
        kept = [one.what.detail for one in archive.events(result.session_id) if isinstance(one.what, Noticed)]
    why = f"heights cannot be drawn: {damaged}: {damaged.name} cannot be used: the file is cut off"
    assert any(why in detail and detail.endswith("install Acclimate again") for detail in kept)
