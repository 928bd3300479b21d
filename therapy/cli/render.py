"""`acclimate render`: pictures of scenes and models, without a screen."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from environments.scenes.manifest import ManifestError, SceneManifest
from therapy.cli import place
from therapy.cli.common import DataFolder
from therapy.cli.notes import NOTES_HELP, notes_of
from therapy.cli.scenes import known, manifest_called
from therapy.cli.sizes import read_size
from therapy.errors import AcclimateError, DeviceMissing, UsageError

STEEPEST_DEG = 89.0
FARTHEST_M = 1e5


def render(
    scene: Annotated[str | None, typer.Argument(help="The scene's name, or a model (.glb, .gltf).")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The PNG file to write.")] = None,
    level: Annotated[float | None, typer.Option(help="Level 0 to 10; between levels is possible.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="One parameter, as name=value; repeatable.")
    ] = None,
    time_s: Annotated[float, typer.Option("--time", help="Scene time in seconds.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of the scene.")] = 0,
    size: Annotated[str, typer.Option(help="Width and height in pixels.")] = "1280x720",
    yaw_deg: Annotated[float, typer.Option("--yaw", help="Look right (+) or left (-), degrees.")] = 0.0,
    pitch_deg: Annotated[float, typer.Option("--pitch", help="Look up (+) or down (-), degrees.")] = 0.0,
    stereo: Annotated[bool, typer.Option("--stereo", help="Both eyes side by side.")] = False,
    camera: Annotated[str | None, typer.Option(help="A model's camera by its name (default: its first).")] = None,
    eye: Annotated[str | None, typer.Option(help="Where the eyes are in a model, as X,Y,Z in metres.")] = None,
    notes: Annotated[Path | None, typer.Option(help=NOTES_HELP)] = None,
    gallery: Annotated[Path | None, typer.Option(help="Write contact sheets of every scene here instead.")] = None,
    data: DataFolder = None,
) -> None:
    """Draw a scene or a glTF model to a PNG, without a screen.

    Examples:
      acclimate render shore -o shore.png

      acclimate render heights --level 7 --pitch -35 -o down.png

      acclimate render heights --set height_m=30 --set railing=rope --size 640x360 -o rope.png

      acclimate render kitchen.glb --camera door -o door.png

      acclimate render kitchen.glb --eye 0,1.2,3 --yaw 30 --stereo -o pair.png

      acclimate render speaking --level 5 --notes talk.txt -o talk.png

      acclimate render --gallery pictures
    """
    del data
    if gallery is not None:
        _draw_gallery(gallery, scene, output)
        return
    if scene is None or output is None:
        raise UsageError("A picture needs a scene and a file.", "For example: acclimate render shore -o shore.png")
    _check_view(time_s, yaw_deg, pitch_deg)
    _check_file(output)
    what = {"notes": notes_of(notes)} | _what_is_asked(scene, (level, settings or []), (camera, eye))
    job = {
        **what,
        "time_s": time_s,
        "seed": seed,
        **dict(zip(("width_px", "height_px"), read_size(size), strict=True)),
        "yaw_deg": yaw_deg,
        "pitch_deg": pitch_deg,
        "stereo": stereo,
        "output": str(output),
    }
    (result,) = _run_picture([], json.dumps(job) + "\n")
    if not result["ok"]:
        raise AcclimateError(f"The picture could not be drawn: {result['error']}.")
    typer.echo(str(output))


def _draw_gallery(folder: Path, scene: str | None, output: Path | None) -> None:
    if scene is not None or output is not None:
        raise UsageError("--gallery draws every scene into its folder.", "Leave the scene and -o out.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be a folder of pictures: {error.strerror}.", "Name another.") from error
    reports = _run_picture(["--gallery", str(folder)], None)
    typer.echo(str(folder))
    faults = [f"{report['error']}." for report in reports if not report["ok"]]
    if faults:
        raise AcclimateError(" ".join(faults), "The other scenes were drawn.")


Grade = tuple[float | None, list[str]]
"""A level and settings of parameters."""
Viewpoint = tuple[str | None, str | None]
"""A camera and a place of the eyes."""


def _what_is_asked(scene: str, grade: Grade, viewpoint: Viewpoint) -> dict[str, object]:
    is_model = Path(scene).suffix.lower() in place.SUFFIXES
    return _of_model(scene, grade, viewpoint) if is_model else _of_scene(scene, grade, viewpoint)


def check_scene_or_file(scene: str, level: float | None) -> None:
    """Raises `UsageError` for what is neither a scene with that level nor a model file."""
    _what_is_asked(scene, (level, []), (None, None))


def _of_scene(scene: str, grade: Grade, viewpoint: Viewpoint) -> dict[str, object]:
    if viewpoint != (None, None):
        raise UsageError("--camera and --eye are for model files.", "A scene's manifest says where the patient is.")
    manifest = manifest_called(scene)
    overrides = _overrides(manifest, grade[1])
    return {"scene": scene, "intensity_0to1": _intensity(manifest, grade[0]), "overrides": overrides}


def _of_model(scene: str, grade: Grade, viewpoint: Viewpoint) -> dict[str, object]:
    if grade != (None, []):
        raise UsageError(
            "A model has no levels or parameters.", f"Import it: acclimate scenes import {scene} --as NAME"
        )
    if not Path(scene).is_file():
        raise UsageError(f"There is no file {scene}.", "Check its name.")
    camera, eye = viewpoint
    return {"scene": scene, "camera": camera, "eye_m": None if eye is None else _point(eye)}


def _point(text: str) -> list[float]:
    try:
        point = [float(part) for part in text.split(",")]
    except ValueError:
        point = []
    if len(point) != 3 or not all(abs(one) <= FARTHEST_M for one in point):
        raise UsageError(f"{text!r} is no place.", "Give --eye as three numbers in metres: X,Y,Z.")
    return point


def _check_file(output: Path) -> None:
    if output.suffix.lower() != ".png":
        raise UsageError(f"{output} is no PNG file.", "Give -o a name that ends in .png.")


def _check_view(time_s: float, yaw_deg: float, pitch_deg: float) -> None:
    if not 0.0 <= time_s < math.inf:
        raise UsageError(f"There is no scene time {time_s:g} s.", "Give --time as seconds from 0 on.")
    if not math.isfinite(yaw_deg):
        raise UsageError(f"{yaw_deg:g} degrees is no direction.", "Give --yaw a number.")
    if not abs(pitch_deg) <= STEEPEST_DEG:
        cure = f"Give --pitch from -{STEEPEST_DEG:g} to {STEEPEST_DEG:g}."
        raise UsageError(f"Nobody can look {pitch_deg:g} degrees up or down.", cure)


def _intensity(manifest: SceneManifest, level: float | None) -> float:
    if level is None:
        return 0.0
    if not manifest.is_graded:
        raise UsageError(f"{manifest.name} has no levels.", "Leave --level out; --set changes its parameters.")
    if not 0.0 <= level <= 10.0:
        raise UsageError(f"There is no level {level:g}.", "Levels go from 0 to 10.")
    return level / 10.0


def _overrides(manifest: SceneManifest, settings: list[str]) -> dict[str, float | str]:
    wanted: dict[str, float | str] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise UsageError(f"{setting!r} sets nothing.", "Write it as name=value.")
        wanted[name] = _value(manifest, name, text)
    return wanted


def _value(manifest: SceneManifest, name: str, text: str) -> float | str:
    names = [parameter.name for parameter in manifest.parameters]
    if name not in names:
        raise UsageError(f"{manifest.name} has no parameter {name!r}.", known("parameters", name, names))
    parameter = manifest.parameter(name)
    try:
        return manifest.checked(parameter, text if parameter.choices else float(text))
    except ManifestError as error:
        raise UsageError(f"{name}={text} is not possible.", f"{error}.") from error
    except ValueError:
        raise UsageError(f"{text!r} is no number for {name}.", "Write it as name=value.") from None


def _run_picture(arguments: list[str], job: str | None) -> list[dict[str, Any]]:
    """What the picture process reports on each picture; raises when it failed at something else."""
    command = [sys.executable, "-m", "environments.picture", *arguments]
    done = subprocess.run(command, input=job, capture_output=True, text=True, check=False)
    if done.returncode == DeviceMissing.exit_code:
        raise DeviceMissing(done.stderr.strip() or "Nothing can be drawn on this machine.")
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 and all(report["ok"] for report in reports):
        last = "".join(done.stderr.strip().splitlines()[-1:]) or f"exit code {done.returncode}"
        raise AcclimateError(f"The picture process failed: {last}.", "'acclimate doctor' looks at the graphics driver.")
    return reports
