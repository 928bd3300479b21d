"""`acclimate bench frame`: what a frame of a scene or a model file costs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from therapy.cli.common import AsJson
from therapy.cli.render import check_scene_or_file
from therapy.cli.sizes import read_size
from therapy.errors import AcclimateError, DeviceMissing, UsageError

MOST_FRAMES = 100_000
WORDS = {
    "submit_ms_median": "submission, processor ms, median",
    "submit_ms_p99": "submission, processor ms, 99th percentile",
    "wall_ms_median": "finished, wall ms, median",
    "wall_ms_p99": "finished, wall ms, 99th percentile",
    "draws": "draw calls",
    "triangles": "triangles, all eyes",
    "texture_bytes": "bytes of pictures",
    "load_s": "loaded and first drawn, s",
    "renderer": "drawn by",
}


def frame(
    scene: Annotated[str, typer.Argument(metavar="SCENE|FILE.glb", help="A scene's name or a model file.")],
    level: Annotated[float | None, typer.Option(help="Level 0 to 10 of a graded scene.")] = None,
    views: Annotated[int, typer.Option(help="Eyes: 1 or 2.")] = 2,
    size: Annotated[str, typer.Option(metavar="WxH", help="Size of one eye's picture.")] = "1024x1024",
    frames: Annotated[int, typer.Option(metavar="N", help="How many frames are measured.")] = 300,
    as_json: AsJson = False,
) -> None:
    """Measure a frame while the head looks around: our own work, and the finished picture.

    Examples:
      acclimate bench frame heights --level 5

      GALLIUM_NOOP=1 acclimate bench frame room.glb --json

    With GALLIUM_NOOP=1 the Mesa driver does nothing: what is left is our own part of a frame.
    """
    check_scene_or_file(scene, level)
    if views not in (1, 2):
        raise UsageError(f"{views} eyes cannot be drawn.", "Choose --views 1 or 2.")
    if not 1 <= frames <= MOST_FRAMES:
        raise UsageError(f"{frames} frames cannot be measured.", f"Choose --frames from 1 to {MOST_FRAMES}.")
    width_px, height_px = read_size(size)
    arguments = [scene, "--views", str(views), "--size", f"{width_px}x{height_px}", "--frames", str(frames)]
    found = measured([*arguments, *(["--level", str(level)] if level is not None else [])])
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    table = Table("what", "", box=None)
    for name, words in WORDS.items():
        table.add_row(words, f"{found[name]:,}" if isinstance(found[name], int) else str(found[name]))
    Console().print(table)


def measured(arguments: list[str]) -> dict[str, Any]:
    """Run the measurement in a process of its own."""
    command = [sys.executable, "-m", "environments.frame_bench", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return dict(json.loads(done.stdout))
    last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    if done.returncode == DeviceMissing.exit_code:
        raise DeviceMissing(last)
    if done.returncode == UsageError.exit_code:
        raise UsageError(last if last.endswith(".") else f"{last}.")
    if done.returncode < 0:
        raise AcclimateError(f"The driver ended the measurement (signal {-done.returncode}).", "Try another driver.")
    raise AcclimateError(f"The measurement failed: {last}.")
