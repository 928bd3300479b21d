"""`acclimate render` and `acclimate scenes`: what cannot be drawn is refused before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from therapy.cli import render, scenes
from therapy.errors import UsageError


@pytest.fixture
def app() -> typer.Typer:
    whole = typer.Typer()
    whole.add_typer(scenes.app, name="scenes")
    whole.command("render")(render.render)
    return whole


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shore", "-o", "a.png", "--time", "-1"), "--time"),
        (("shore", "-o", "a.png", "--time", "inf"), "--time"),
        (("shore", "-o", "a.png", "--time", "nan"), "--time"),
        (("shore", "-o", "a.png", "--yaw", "nan"), "--yaw"),
        (("shore", "-o", "a.png", "--yaw", "inf"), "--yaw"),
        (("shore", "-o", "a.png", "--pitch", "90"), "--pitch"),
        (("shore", "-o", "a.png", "--pitch", "nan"), "--pitch"),
        (("shore", "-o", "a.jpg"), "ends in .png"),
        (("shore",), "a scene and a file"),
        (("shore", "--gallery", "pictures"), "Leave the scene and -o out"),
        (("--gallery", "pictures", "-o", "a.png"), "Leave the scene and -o out"),
        (("hights", "-o", "a.png"), "Did you mean heights?"),
        (("moon", "-o", "a.png"), "The scenes are"),
        (("heights", "-o", "a.png", "--set", "hieght_m=3"), "Did you mean height_m?"),
        (("heights", "-o", "a.png", "--set", "height_m=1e9"), "lies between"),
        (("heights", "-o", "a.png", "--set", "height_m=nan"), "lies between"),
        (("heights", "-o", "a.png", "--set", "height_m=high"), "no number"),
        (("heights", "-o", "a.png", "--set", "railing=gold"), "is one of"),
        (("heights", "-o", "a.png", "--level", "nan"), "Levels go from 0 to 10"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_cure(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(app, ["render", *words]).exception
    assert isinstance(error, UsageError), error
    assert said in str(error)
    assert not list(tmp_path.iterdir())


def test_an_unknown_scene_is_answered_with_the_nearest(app: typer.Typer) -> None:
    error = CliRunner().invoke(app, ["scenes", "show", "shor"]).exception
    assert isinstance(error, UsageError)
    assert "Did you mean shore?" in error.cure
