"""`acclimate render --gallery`: what cannot be drawn is named and takes no other scene with it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from environments import contact_sheet, picture
from environments.render.renderer import Renderer
from environments.scenes.manifest import DATA_VARIABLE
from tests.gltf.generator import static_glb
from tests.render.conftest import SIZE_PX
from therapy.cli.main import app
from therapy.cli.place_template import template
from therapy.errors import AcclimateError, UsageError

FOUND = {
    "triangles": 900, "size_m": (1, 1, 1), "cameras": [], "framed_m": (0, 1.2, 3), "clips": {}, "from_level": {},
    "highest_nodes": ["lump 0"],
}  # fmt: skip


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four imported places, of which only `whole` can be drawn; the folder that holds them."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    model, words = static_glb(2, 1, 60, 8, 1), template("a", "a.glb", FOUND)
    missing = words.replace(
        '# [[place.shown]]\n# nodes = ["lump 0"]\n# parameter = "level"\n# from',
        '[[place.shown]]\nnodes = ["lamp"]\nparameter = "level"\nfrom',
    )
    for name, manifest, data in (
        ("broken", "title = 3", model),
        ("cut", words, model[:-100]),
        ("strange", missing, model),
        ("whole", words, model),
    ):
        (tmp_path / "scenes" / name).mkdir(parents=True)
        (tmp_path / "scenes" / name / "manifest.toml").write_text(manifest, "utf-8")
        (tmp_path / "scenes" / name / "place.glb").write_bytes(data)
    return tmp_path / "scenes"


@pytest.mark.gl
def test_a_scene_that_cannot_be_drawn_does_not_end_the_gallery(
    renderer: Renderer,
    places: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(contact_sheet, "TILE_PX", (48, 27))
    monkeypatch.setattr(contact_sheet, "scene_names", lambda: ("broken", "cut", "shore", "strange", "whole"))
    assert not picture.draw_gallery(renderer, tmp_path / "out")
    reports = {Path(one["output"]).stem: one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    assert [name for name, one in reports.items() if one["ok"]] == ["shore", "whole"]
    assert f"broken cannot be drawn: {places / 'broken' / 'manifest.toml'}: title" in reports["broken"]["error"]
    assert f"cut cannot be drawn: {places / 'cut'}: place.glb cannot be used" in reports["cut"]["error"]
    assert "--as cut --force" in reports["cut"]["error"]
    assert f"{places / 'strange' / 'manifest.toml'}: the place names the node 'lamp'" in reports["strange"]["error"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["shore.png", "whole.png"]
    with Image.open(tmp_path / "out" / "whole.png") as sheet:
        assert sheet.size == (3 * 48, 11 * 27)
    renderer.resize(*SIZE_PX)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the picture process says on standard output, line by line; it fails when that is not empty."""
    lines: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "\n".join(lines), "moderngl.Error: out of memory\n")

    monkeypatch.setattr(subprocess, "run", run)
    return lines


def test_the_gallery_names_all_that_was_not_drawn_and_fails(said: list[str], tmp_path: Path) -> None:
    for name, error in (("a", None), ("b", "b cannot be drawn: no"), ("c", "c cannot be drawn: neither")):
        said.append(json.dumps({"output": f"{name}.png", "ok": error is None, "error": error}))
    done = CliRunner().invoke(app, ["render", "--gallery", str(tmp_path)])
    assert isinstance(done.exception, AcclimateError)
    assert done.exception.exit_code == 1
    assert str(done.exception) == "b cannot be drawn: no. c cannot be drawn: neither. The other scenes were drawn."
    assert str(tmp_path) in done.output


def test_a_picture_process_that_dies_half_way_is_no_success(said: list[str], tmp_path: Path) -> None:
    said.append(json.dumps({"output": "a.png", "ok": True, "error": None}))
    error = CliRunner().invoke(app, ["render", "--gallery", str(tmp_path)]).exception
    assert "The picture process failed: moderngl.Error: out of memory." in str(error)


def test_a_gallery_needs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = CliRunner().invoke(app, ["render", "--gallery", str(tmp_path / "file")]).exception
    assert isinstance(error, UsageError)
    assert "cannot be a folder of pictures" in error.problem
