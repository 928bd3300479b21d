"""`acclimate scenes import`, `remove`, and what then knows the scene."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import moderngl
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from environments.scenes.manifest import built_in_names, load_manifest, scene_names, usable_manifests
from protocols.loader import load_protocol
from tests.gltf.files import spoilt
from tests.gltf.generator import static_glb
from therapy.cli.main import app
from therapy.errors import AcclimateError, UsageError

ROOM = static_glb(12, 2, 900, 8, 3)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ACCLIMATE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "room.glb").write_bytes(ROOM)
    return tmp_path / "data"


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def _refused(*words: str) -> AcclimateError:
    error = _run(*words).exception
    assert isinstance(error, AcclimateError), error
    return error


def test_an_imported_model_is_a_scene_like_any_other(data: Path) -> None:
    def mark(document: dict[str, list[dict[str, object]]]) -> None:
        document["nodes"][1]["extras"] = {"from_level": 4}

    Path("room.glb").write_bytes(spoilt(ROOM, mark))
    done = _run("scenes", "import", "room.glb", "--as", "waiting-room")
    assert done.exit_code == 0, done.output
    manifest = data / "scenes" / "waiting-room" / "manifest.toml"
    assert str(manifest) in done.output
    assert (manifest.parent / "place.glb").read_bytes() == Path("room.glb").read_bytes()
    assert scene_names() == tuple(sorted({*built_in_names(), "waiting-room"}))
    found = load_manifest("waiting-room")
    assert (found.title, len(found.levels), found.is_graded) == ("Waiting room", 11, True)
    assert found.place is not None
    assert (found.place.camera, found.place.shown[0].from_value) == ("eye", 4.0)
    listed = json.loads(_run("scenes", "--json").stdout)
    assert [one["name"] for one in listed] == sorted({*built_in_names(), "waiting-room"})
    assert "how much of the place" in _run("scenes", "show", "waiting-room").stdout


def test_names_of_any_letters_are_found_again() -> None:
    name = 'Sofa \U0001f6cb "x" \\ [red] \x7f é'

    def mark(document: dict[str, list[dict[str, object]]]) -> None:
        document["nodes"][1] |= {"name": name, "extras": {"from_level": 4}}

    Path("room.glb").write_bytes(spoilt(ROOM, mark))
    _run("scenes", "import", "room.glb", "--as", "room")
    place = load_manifest("room").place
    assert place is not None
    assert place.shown[0].nodes == (name,)


def test_a_protocol_can_name_the_scene() -> None:
    _run("scenes", "import", "room.glb", "--as", "room")
    text = load_protocol("heights-first").text.replace("scene: heights", "scene: room")
    Path("heights-first.yaml").write_text(text, "utf-8")
    assert _run("protocol", "check", "heights-first.yaml").exit_code == 0
    _run("scenes", "remove", "room", "--yes")
    assert _run("protocol", "check", "heights-first.yaml").exit_code != 0


def test_the_data_folder_can_be_named(tmp_path: Path, data: Path) -> None:
    other = tmp_path / "other"
    assert _run("scenes", "import", "room.glb", "--as", "room", "--data", str(other)).exit_code == 0
    assert (other / "scenes" / "room" / "place.glb").is_file()
    assert not data.exists()
    assert os.environ["ACCLIMATE_DATA"] == str(data)
    assert _run("scenes", "show", "room", "--data", str(other)).exit_code == 0
    assert isinstance(_refused("scenes", "show", "room"), UsageError)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../x", "cannot be the name"),
        ("Room", "cannot be the name"),
        ("a/b", "cannot be the name"),
        ("", "cannot be the name"),
        ("x" * 41, "cannot be the name"),
        ("shore", "is taken"),
        ("con", "is taken"),
    ],
)
def test_names_that_cannot_be_are_refused(data: Path, name: str, said: str) -> None:
    error = _refused("scenes", "import", "room.glb", "--as", name)
    assert isinstance(error, UsageError)
    assert said in error.problem
    assert not data.exists()


def test_what_is_no_model_is_refused_and_leaves_nothing(data: Path) -> None:
    Path("cut.glb").write_bytes(ROOM[:-500])
    Path("notes.txt").write_text("hello")
    assert (
        "cut.glb cannot be used: the file is cut off" in _refused("scenes", "import", "cut.glb", "--as", "cut").problem
    )
    Path("a; b.glb").write_bytes(ROOM[:-500])
    error = _refused("scenes", "import", "a; b.glb", "--as", "cut")
    assert "a; b.glb cannot be used: the file is cut off" in error.problem
    assert "xport it again" in error.cure
    assert "no glTF model" in _refused("scenes", "import", "notes.txt", "--as", "notes").problem
    assert "no file" in _refused("scenes", "import", "gone.glb", "--as", "gone").problem
    assert not data.exists()


def test_a_scene_is_replaced_only_when_told_and_its_manifest_is_kept_beside(data: Path) -> None:
    _run("scenes", "import", "room.glb", "--as", "room")
    manifest = data / "scenes" / "room" / "manifest.toml"
    manifest.write_text(manifest.read_text("utf-8").replace('title = "Room"', 'title = "Ours"'), "utf-8")
    assert load_manifest("room").title == "Ours"
    assert "--force" in _refused("scenes", "import", "room.glb", "--as", "room").cure
    assert _run("scenes", "import", "room.glb", "--as", "room", "--force").exit_code == 0
    assert load_manifest("room").title == "Room"
    assert 'title = "Ours"' in manifest.with_name("manifest.before.toml").read_text("utf-8")
    assert sorted(path.name for path in manifest.parent.parent.iterdir()) == ["room"]


def test_a_broken_manifest_takes_no_other_scene_with_it(data: Path) -> None:
    _run("scenes", "import", "room.glb", "--as", "room")
    (data / "scenes" / "room" / "manifest.toml").write_text("title = 3", "utf-8")
    assert set(usable_manifests()) == set(built_in_names())
    listed = _run("scenes")
    assert listed.exit_code == 0
    assert "room cannot be used" in listed.output
    shown = _run("scenes", "show", "room").exception
    assert "manifest.toml: title" in str(shown)


def test_only_imported_scenes_can_be_removed(data: Path) -> None:
    _run("scenes", "import", "room.glb", "--as", "room")
    assert "--yes" in _refused("scenes", "remove", "room").cure
    assert _run("scenes", "remove", "room", "--yes").exit_code == 0
    assert not list((data / "scenes").iterdir())
    assert "no imported scene" in _refused("scenes", "remove", "room", "--yes").problem
    assert "comes with the program" in _refused("scenes", "remove", "shore", "--yes").problem
    assert "cannot be the name" in _refused("scenes", "remove", "../data", "--yes").problem


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("room.glb", "--level", "3"), "no levels"),
        (("room.glb", "--set", "a=1"), "no levels"),
        (("room.glb", "--eye", "1,2"), "three numbers"),
        (("room.glb", "--eye", "1,2,nan"), "three numbers"),
        (("gone.glb",), "no file"),
        (("shore", "--camera", "eye"), "for model files"),
    ],
)
def test_what_a_model_cannot_be_asked_is_refused(words: tuple[str, ...], said: str) -> None:
    assert said in str(_refused("render", *words, "-o", "a.png"))


@pytest.mark.gl
def test_a_scene_of_a_model_is_drawn_at_a_level(context: moderngl.Context) -> None:
    _run("scenes", "import", "room.glb", "--as", "room")
    done = _run("render", "room", "--level", "5", "--size", "96x54", "-o", "a.png")
    assert done.exit_code == 0, done.exception
    assert np.asarray(Image.open("a.png")).std() > 5.0


@pytest.mark.gl
def test_a_model_is_drawn_from_its_camera_or_another_place(context: moderngl.Context) -> None:
    views: tuple[dict[str, object], ...] = ({}, {"camera": "eye"}, {"eye_m": [0.0, 9.0, 9.0]}, {"camera": "door"})
    jobs = [
        {"scene": "room.glb", "output": f"{number}.png", "width_px": 160, "height_px": 90, **view}
        for number, view in enumerate(views)
    ]
    lines = "\n".join(json.dumps(job) for job in jobs)
    command = [sys.executable, "-m", "environments.picture"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["ok"] for report in reports] == [True, True, True, False]
    assert "no camera 'door'; the model has eye" in reports[3]["error"]
    first, named, elsewhere = (np.asarray(Image.open(f"{number}.png")).astype(int) for number in range(3))
    assert np.array_equal(first, named)
    assert np.abs(first - elsewhere).mean() > 0.5
