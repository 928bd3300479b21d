"""`acclimate scenes` and `acclimate render`: what there is to see, and a picture of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from environments.scenes.manifest import SceneManifest, load_manifest, scene_names
from therapy.cli.sizes import read_size
from therapy.errors import AcclimateError, DeviceMissing, UsageError

app = typer.Typer(help="The places a session can show.", invoke_without_command=True)


@app.callback()
def scenes(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the scenes.

    Examples:
      acclimate scenes

      acclimate scenes show heights
    """
    if context.invoked_subcommand is not None:
        return
    manifests = [load_manifest(name) for name in scene_names()]
    if as_json:
        typer.echo(json.dumps([_as_json(one) for one in manifests], indent=2))
        return
    table = Table("scene", "what it is", "levels", "events", box=None)
    for one in manifests:
        table.add_row(one.name, one.title, "0-10" if one.is_graded else "not graded", ", ".join(one.events))
    Console().print(table)


@app.command()
def show(
    scene: Annotated[str, typer.Argument(help="The scene's name.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show one scene: parameters, levels in words, events.

    Example:  acclimate scenes show heights
    """
    manifest = load_manifest(scene)
    if as_json:
        typer.echo(json.dumps(_as_json(manifest), indent=2))
        return
    console = Console()
    console.print(f"[bold]{manifest.title}[/]\n{manifest.purpose}\n")
    table = Table("parameter", "range", "default", "meaning", box=None)
    for one in manifest.parameters:
        span = ", ".join(one.choices) or f"{one.minimum:g} to {one.maximum:g} {one.unit}".strip()
        table.add_row(one.name, span, f"{one.default}", one.words)
    console.print(table)
    for level in manifest.levels:
        console.print(f"{level.number:>3}  {level.words}", highlight=False)
    for name, words in manifest.events.items():
        console.print(f"event [bold]{name}[/]: {words}", highlight=False)


def render(
    scene: Annotated[str | None, typer.Argument(help="The scene's name.")] = None,
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
    gallery: Annotated[Path | None, typer.Option(help="Write contact sheets of every scene here instead.")] = None,
) -> None:
    """Draw a scene to a PNG, without a screen.

    Examples:
      acclimate render shore -o shore.png

      acclimate render heights --level 7 --pitch -35 -o down.png

      acclimate render heights --set height_m=30 --set railing=rope --size 640x360 -o rope.png

      acclimate render --gallery pictures
    """
    if gallery is not None:
        _run_picture(["--gallery", str(gallery)], None)
        typer.echo(str(gallery))
        return
    if scene is None or output is None:
        raise UsageError("A picture needs a scene and a file.", "For example: acclimate render shore -o shore.png")
    width_px, height_px = read_size(size)
    job = {
        "scene": scene,
        "intensity_0to1": _intensity(load_manifest(scene), level),
        "overrides": _overrides(load_manifest(scene), settings or []),
        "time_s": time_s,
        "seed": seed,
        "width_px": width_px,
        "height_px": height_px,
        "yaw_deg": yaw_deg,
        "pitch_deg": pitch_deg,
        "stereo": stereo,
        "output": str(output),
    }
    result = json.loads(_run_picture([], json.dumps(job) + "\n").splitlines()[-1])
    if not result["ok"]:
        raise AcclimateError(f"The picture could not be drawn: {result['error']}.")
    typer.echo(str(output))


def _as_json(manifest: SceneManifest) -> dict[str, Any]:
    return {
        "name": manifest.name,
        "title": manifest.title,
        "purpose": manifest.purpose,
        "graded": manifest.is_graded,
        "parameters": [
            {
                "name": one.name,
                "unit": one.unit,
                "default": one.default,
                "minimum": one.minimum,
                "maximum": one.maximum,
                "choices": list(one.choices),
                "words": one.words,
            }
            for one in manifest.parameters
        ],
        "levels": [{"level": one.number, "words": one.words, **one.parameters} for one in manifest.levels],
        "events": dict(manifest.events),
    }


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
        if manifest.parameter(name).choices:
            wanted[name] = text
            continue
        try:
            wanted[name] = float(text)
        except ValueError:
            raise UsageError(f"{text!r} is no number for {name}.", "Write it as name=value.") from None
    manifest.values_at(0.0, wanted)
    return wanted


def _run_picture(arguments: list[str], job: str | None) -> str:
    command = [sys.executable, "-m", "environments.picture", *arguments]
    done = subprocess.run(command, input=job, capture_output=True, text=True, check=False)
    if done.returncode == DeviceMissing.exit_code:
        raise DeviceMissing(done.stderr.strip() or "Nothing can be drawn on this machine.")
    if done.returncode != 0:
        raise AcclimateError(f"The picture process failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout
