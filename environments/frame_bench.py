"""Measures what a frame of a scene or a model file costs: the child of `acclimate bench frame`.

    python -m environments.frame_bench heights --level 3 --views 2 --size 1024x1024 --frames 300

Writes one line of JSON: `{"submit_ms_median", "submit_ms_p99", "wall_ms_median", "wall_ms_p99", "draws", "triangles",
"texture_bytes", "load_s", "renderer"}`.  Submission is the processor time of the drawing thread until everything has
been handed to the driver; with `GALLIUM_NOOP=1` (Mesa) the driver does nothing, and what is left is our own.  Wall
time ends when the picture is finished.  Pictures are those of a session: quick ones where there is no graphics card.
Exit code 0, 2 for what cannot be measured, 4 without OpenGL.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from environments.picture import Job, view_of
from environments.render.opening import NoOpenGL, NoRoom, multisampling, open_context
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import ManifestError

Seconds = NDArray[np.float64]
USAGE_EXIT, NO_OPENGL_EXIT = 2, 4
WARM_UP = 10
"""Frames that are drawn first and not measured: what a driver prepares on first use is loading."""
HEADSET_HZ = 90.0
LOOKS_DEG, LOOKS_EVERY_S = 35.0, 6.0


def looking_around(view: View, number: int) -> View:
    """The same place a frame later: time goes on, and the head turns slowly to and fro."""
    t_s = number / HEADSET_HZ
    turn = math.sin(2.0 * math.pi * t_s / LOOKS_EVERY_S)
    eye = replace(view.eye, yaw_deg=view.eye.yaw_deg + LOOKS_DEG * turn)
    return replace(view, time_s=view.time_s + t_s, eye=eye)


def measure(view: View, views: int, size_px: tuple[int, int], frames: int) -> dict[str, float | int | str]:
    """The numbers of `frames` pictures of `size_px` for each of one or two eyes; `NoOpenGL`, `ManifestError`."""
    context = open_context()
    width_px, height_px = size_px
    samples = multisampling(0, str(context.info["GL_RENDERER"]))
    renderer = Renderer(context, width_px * views, height_px, samples)
    draw: Callable[[View], None] = renderer.draw_stereo if views > 1 else renderer.draw
    try:
        began_s = time.perf_counter()
        renderer.load(view.scene, view.seed)
        draw(view)
        context.finish()
        load_s = time.perf_counter() - began_s
        for number in range(WARM_UP):
            draw(looking_around(view, number))
        context.finish()
        submit_s, wall_s = _timed(lambda number: draw(looking_around(view, WARM_UP + number)), context.finish, frames)
        taken = renderer.statistics()
        device = renderer.device
    finally:
        renderer.release()
    return {
        "submit_ms_median": _ms(np.median(submit_s)),
        "submit_ms_p99": _ms(np.quantile(submit_s, 0.99)),
        "wall_ms_median": _ms(np.median(wall_s)),
        "wall_ms_p99": _ms(np.quantile(wall_s, 0.99)),
        "draws": taken.draws,
        "triangles": taken.triangles,
        "texture_bytes": taken.texture_bytes,
        "load_s": round(load_s, 3),
        "renderer": device,
    }


def _timed(draw: Callable[[int], None], finish: Callable[[], None], frames: int) -> tuple[Seconds, Seconds]:
    """Processor seconds of handing over, and wall seconds until finished, of each frame."""
    submit_s, wall_s = np.zeros(frames), np.zeros(frames)
    gc.collect()
    gc.freeze()
    gc.disable()
    for number in range(frames):
        wall, processor = time.perf_counter(), time.thread_time()
        draw(number)
        submit_s[number] = time.thread_time() - processor
        finish()
        wall_s[number] = time.perf_counter() - wall
    gc.enable()
    return submit_s, wall_s


def _ms(seconds: float | np.floating) -> float:
    return round(float(seconds) * 1e3, 4)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m environments.frame_bench", description="Measure a frame.")
    parser.add_argument("scene", help="a scene or a model file")
    parser.add_argument("--level", type=float, default=None)
    parser.add_argument("--views", type=int, choices=(1, 2), default=2)
    parser.add_argument("--size", type=_size, default=(1024, 1024), metavar="WxH", help="of one eye's picture")
    parser.add_argument("--frames", type=int, default=300)
    options = parser.parse_args(arguments)
    try:
        view = view_of(Job(scene=options.scene, output=Path("-"), level=options.level))
        found = measure(view, options.views, options.size, options.frames)
    except NoOpenGL as error:
        sys.stderr.write(f"{error}\n")
        return NO_OPENGL_EXIT
    except (ManifestError, NoRoom, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE_EXIT
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
