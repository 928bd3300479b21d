"""Draws scenes into PNG files without a display.

    echo '{"scene": "shore", "output": "shore.png"}' | python -m environments.picture
    python -m environments.picture --gallery out/

Reads one JSON job per line of standard input and writes one JSON line per job:
`{"output", "ok", "error", "load_ms", "draw_ms"}`, or one with the first three for each scene of a gallery.
What cannot be drawn does not end the others.
Exit code 0 when all were drawn, 1 when one was not, 4 when there is no OpenGL.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from environments.contact_sheet import write_gallery
from environments.render.model import EyePose
from environments.render.opening import NoOpenGL, NoRoom, open_context
from environments.render.renderer import Renderer, View
from environments.scenes.imported import SEATED_M, file_view
from environments.scenes.manifest import ManifestError, ParameterValue, load_manifest
from environments.scenes.notes import PARAMETER, laid_out
from environments.scenes.registry import is_model_file

NO_OPENGL_EXIT = 4
STANDING_M = 1.62


class Job(BaseModel):
    """One picture; `level` (0 to 10) or `intensity_0to1`, not both.

    `scene` may be a model file (.glb, .gltf): then `camera` or `eye_m` say from where, and yaw and pitch are added.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    scene: str
    output: Path
    level: float | None = Field(default=None, ge=0, le=10)
    intensity_0to1: float | None = Field(default=None, ge=0, le=1)
    overrides: dict[str, float | str] = {}
    events: dict[str, float] = {}
    time_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    notes: str = ""
    seed: int = Field(default=0, ge=0)
    width_px: int = Field(default=1280, ge=16, le=8192)
    height_px: int = Field(default=720, ge=16, le=8192)
    stereo: bool = False
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    eye_height_m: float | None = None
    camera: str | None = None
    eye_m: tuple[float, float, float] | None = None


def view_of(job: Job) -> View:
    """What a job asks to see; `ManifestError` for unknown scenes, parameters and events."""
    if is_model_file(job.scene):
        return view_of_model(job)
    manifest = load_manifest(job.scene)
    if job.camera is not None or job.eye_m is not None:
        raise ManifestError("a camera or a place of the eyes can be named for a model file only")
    if job.level is not None and job.intensity_0to1 is not None:
        raise ManifestError("a job names a level or an intensity, not both")
    for name in job.events:
        if name not in manifest.events:
            raise ManifestError(f"scene {job.scene} has no event {name!r}; it has {', '.join(manifest.events)}")
    intensity = job.level / 10.0 if job.level is not None else (job.intensity_0to1 or 0.0)
    height = job.eye_height_m or (STANDING_M if manifest.is_graded and manifest.place is None else SEATED_M)
    eye = EyePose(job.yaw_deg, job.pitch_deg, eye_height_m=height)
    values = manifest.values_at(intensity, job.overrides)
    if job.notes:
        if not manifest.shows_notes:
            raise ManifestError(f"scene {job.scene} shows no notes")
        laid_out(job.notes)
        values[PARAMETER] = job.notes
    return View(job.scene, values, job.seed, job.time_s, eye, job.events)


def view_of_model(job: Job) -> View:
    """What a job asks to see of a model file; `GltfError` if it cannot be used or lacks the camera."""
    if job.level is not None or job.intensity_0to1 or job.overrides or job.events:
        raise ManifestError("a model file has no levels, parameters or events; import it as a scene first")
    (x, y, z), yaw_deg, pitch_deg, fov_deg = file_view(Path(job.scene), job.camera, job.eye_m)
    height = job.eye_height_m or SEATED_M
    values: dict[str, ParameterValue] = {"eye_x_m": x, "eye_y_m": y + SEATED_M - height, "eye_z_m": z}
    values["eye_yaw_deg"] = yaw_deg
    steepest = min(max(pitch_deg + job.pitch_deg, -89.0), 89.0)
    eye = EyePose(job.yaw_deg, steepest, eye_height_m=height)
    return View(job.scene, values, job.seed, job.time_s, eye, vertical_fov_deg=fov_deg)


def draw_job(renderer: Renderer, job: Job) -> tuple[float, float]:
    """Write the picture; returns milliseconds of loading and of drawing."""
    view = view_of(job)
    started = time.perf_counter()
    renderer.load(view.scene, view.seed)
    renderer.resize(job.width_px, job.height_px)
    loaded = time.perf_counter()
    if job.stereo:
        renderer.draw_stereo(view)
    else:
        renderer.draw(view)
    picture = renderer.read_rgb()
    drawn = time.perf_counter()
    job.output.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(job.output, format="PNG")
    return (loaded - started) * 1e3, (drawn - loaded) * 1e3


def run_line(renderer: Renderer, line: str) -> Mapping[str, object]:
    """The report on one line of input, whatever it holds."""
    report: dict[str, object] = {"output": None, "ok": False, "error": None, "load_ms": None, "draw_ms": None}
    try:
        job = Job.model_validate_json(line)
        report["output"] = str(job.output)
        load_ms, draw_ms = draw_job(renderer, job)
        report |= {"ok": True, "load_ms": round(load_ms, 1), "draw_ms": round(draw_ms, 1)}
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        report["error"] = f"not a job: {'.'.join(str(part) for part in first['loc'])} {first['msg']}".replace("  ", " ")
    except (ManifestError, NoRoom, OSError, ValueError) as error:
        report["error"] = str(error)
    return report


def run_jobs(renderer: Renderer, lines: Iterable[str]) -> bool:
    """Draw every job and report each at once; whether all were drawn."""
    all_drawn = True
    for line in lines:
        if line.strip():
            report = run_line(renderer, line)
            all_drawn = all_drawn and report["ok"] is True
            _say(json.dumps(report))
    return all_drawn


def draw_gallery(renderer: Renderer, folder: Path) -> bool:
    """Write every scene's sheet and report each at once; whether all were drawn."""
    all_drawn = True
    for sheet in write_gallery(renderer, folder):
        all_drawn = all_drawn and sheet.error is None
        _say(json.dumps({"output": str(sheet.path), "ok": sheet.error is None, "error": sheet.error}))
    return all_drawn


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m environments.picture", description="Draw scenes into PNG files.")
    parser.add_argument("--gallery", type=Path, metavar="DIR", help="write contact sheets of every scene")
    options = parser.parse_args(arguments)
    try:
        context = open_context()
    except NoOpenGL as error:
        sys.stderr.write(f"{error}\n")
        return NO_OPENGL_EXIT
    renderer = Renderer(context, 640, 360, for_stills=True)
    try:
        if options.gallery is not None:
            return 0 if draw_gallery(renderer, options.gallery) else 1
        return 0 if run_jobs(renderer, sys.stdin) else 1
    finally:
        renderer.release()


if __name__ == "__main__":
    sys.exit(main())
