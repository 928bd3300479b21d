"""Draws ten minutes of a scene as a session would lead through it and tells the slowest pictures.

    GALLIUM_NOOP=1 python -m tests.bench.ten_minutes heights --fps 30

Every 45 s the player's own ramp or fade leads to another intensity; the scene's events come one after the other, each
once (a sunset stays); the head looks about and sways; Python collects garbage as in the player.  Times are the
processor time of the drawing thread.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import time

import numpy as np

from environments.player_scene import Shown, Target, advance, first_shown, follow
from environments.render.model import EyePose
from environments.render.opening import open_context
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import SceneManifest, load_manifest

LASTS_S, CHANGES_EVERY_S, EVENTS_EVERY_S, WARM_UP_S, RAMP_S = 600.0, 45.0, 70.0, 1.0, 3.0
INTENSITIES_0TO1 = (0.0, 0.3, 0.5, 0.8, 1.0, 0.9, 0.6, 0.2, 0.7, 0.1)
LIMIT_MS = 11.0


def head(t_s: float) -> EyePose:
    """Somebody who looks about, and is never quite still."""
    sway = tuple(0.25 * math.sin(t_s * speed) for speed in (0.7, 0.9, 0.5))
    yaw = 70.0 * math.sin(t_s * 0.8) + 25.0 * math.sin(t_s * 0.23)
    return EyePose(yaw, -15.0 + 30.0 * math.sin(t_s * 0.37), eye_height_m=1.62, offset_m=(sway[0], sway[1], sway[2]))


def events_at(manifest: SceneManifest, t_s: float) -> dict[str, float]:
    """The age of every event that has begun."""
    begun = enumerate(manifest.events, 1)
    return {name: t_s - number * EVENTS_EVERY_S for number, name in begun if t_s >= number * EVENTS_EVERY_S}


def measured(name: str, fps: float, lasts_s: float) -> dict[str, float | int | str]:
    """The numbers of `lasts_s` at `fps` pictures a second."""
    manifest = load_manifest(name)
    manifests = {name: manifest}
    renderer = Renderer(open_context(), 2048, 1024)
    shown = first_shown(Target(name), manifests)
    renderer.draw_stereo(view_of(manifest, shown, 0.0))
    gc.collect()
    gc.freeze()
    took_ms = np.zeros(round(lasts_s * fps))
    for number in range(len(took_ms)):
        t_s = number / fps
        intensity = INTENSITIES_0TO1[int(t_s // CHANGES_EVERY_S) % len(INTENSITIES_0TO1)] if manifest.is_graded else 0.0
        shown = follow(shown, Target(name, intensity), RAMP_S, manifests)
        shown = advance(shown, 1.0 / fps, 1.0 / fps, manifests)
        view = view_of(manifest, shown, t_s)
        began = time.thread_time()
        renderer.draw_stereo(view)
        took_ms[number] = (time.thread_time() - began) * 1e3
    slowest = np.argsort(took_ms)[::-1][:5].tolist()
    renderer.release()
    took_ms = took_ms[round(WARM_UP_S * fps) :]
    return {
        "scene": name,
        "frames": len(took_ms),
        "median_ms": round(float(np.median(took_ms)), 3),
        "p99_ms": round(float(np.quantile(took_ms, 0.99)), 3),
        "worst_ms": round(float(took_ms.max()), 3),
        "over_limit": int((took_ms > LIMIT_MS).sum()),
        "worst_at_s": " ".join(f"{number / fps:.2f}" for number in slowest),
    }


def view_of(manifest: SceneManifest, shown: Shown, t_s: float) -> View:
    """What the player would draw."""
    events = events_at(manifest, t_s)
    return View(manifest.name, shown.values, 0, t_s, head(t_s), events, fade_0to1=shown.fade_0to1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw ten minutes of a scene.")
    parser.add_argument("scene")
    parser.add_argument("--fps", type=float, default=90.0)
    parser.add_argument("--seconds", type=float, default=LASTS_S)
    options = parser.parse_args()
    print(json.dumps(measured(options.scene, options.fps, options.seconds)))
