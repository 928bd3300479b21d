"""A clinic's own places that are damaged: named in one sentence when they are checked, and in nobody else's way."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from environments.comfort import __main__ as command
from environments.comfort.check import Checker, Wanted
from environments.render.renderer import Renderer
from environments.scenes.manifest import DATA_VARIABLE
from tests.gltf.generator import static_glb
from therapy.cli.place_template import template

FOUND = {
    "triangles": 60, "size_m": (1, 1, 1), "cameras": [], "framed_m": (0, 1.2, 3), "clips": {}, "from_level": {},
    "highest_nodes": [],
}  # fmt: skip


class Undrawn:
    """A renderer that is never asked to draw."""

    def __init__(self, *_: object, **settings: object) -> None:
        pass

    def release(self) -> None:
        pass


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`broken` has no manifest that can be read, `cut` no model; the folder that holds them."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.setattr(command, "open_context", lambda: None)
    monkeypatch.setattr(command, "Renderer", Undrawn)
    for name, manifest in (("broken", "title = 3"), ("cut", template("cut", "cut.glb", FOUND))):
        (tmp_path / "scenes" / name).mkdir(parents=True)
        (tmp_path / "scenes" / name / "manifest.toml").write_text(manifest, "utf-8")
        (tmp_path / "scenes" / name / "place.glb").write_bytes(static_glb(2, 1, 60, 8, 1)[:-100])
    return tmp_path / "scenes"


@pytest.mark.parametrize(("name", "file"), [("broken", "manifest.toml: title"), ("cut", ": place.glb cannot be used")])
def test_a_damaged_place_is_named_in_one_sentence(
    places: Path, capsys: pytest.CaptureFixture[str], name: str, file: str
) -> None:
    assert command.main([name, "--quick"]) == command.USAGE_EXIT
    out, err = capsys.readouterr()
    assert not out
    (line,) = err.splitlines()
    assert str(places / name) in line
    assert file in line


@pytest.mark.usefixtures("places")
def test_another_scene_is_checked_all_the_same() -> None:
    checker = Checker(cast(Renderer, Undrawn()), Wanted("shore", (0,), is_quick=True))
    assert [plan.level for plan in checker.plans] == [0]
    assert checker.frames > 0
