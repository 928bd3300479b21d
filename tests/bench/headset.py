"""What a frame in the headset costs the processor: `python -m tests.bench.headset heights 2000`.

The player's own display, drawing and steps over the test runtime; with GALLIUM_NOOP=1 the driver does nothing, and
what is left between xrBeginFrame and xrEndFrame is ours.  Writes one line of JSON: milliseconds, and the memory that
grew.
"""

from __future__ import annotations

import gc
import json
import math
import os
import sys
import time
from dataclasses import replace

import numpy as np

from environments.display.openxr.display import OpenXRDisplay
from environments.display.openxr.session import Seat
from environments.interact.overlay import Overlay
from environments.player_draw import Drawing
from environments.player_input import Head, Inputs
from environments.player_loop import safe_step
from environments.player_model import Rules, State, first_state
from environments.player_scene import Target, first_shown
from environments.scenes.manifest import usable_manifests
from tests.openxr.control import Runtime
from tests.openxr.runtime.build import built_runtime

HZ, TURN_S, TURN_DEG = 90.0, 6.0, 35.0
WARM_UP = 300


class Wearing:
    """A patient in a scene at its strongest, who looks round."""

    def __init__(self, scene: str) -> None:
        library, manifest = built_runtime()
        os.environ["XR_RUNTIME_JSON"] = str(manifest)
        os.environ.pop("DISPLAY", None)
        self.runtime = Runtime(library, manifest)
        self.runtime.reset()
        self.runtime.tell("size 1024 1024", f"rate {HZ:g}")
        self.display = OpenXRDisplay((64, 64), Seat())
        self.drawing = Drawing(self.display, Overlay(""), 1.2, 4)
        self.rules = Rules(usable_manifests())
        self.state: State = first_state(0.0, self.rules)
        shown = first_shown(Target(scene, 1.0, 0), self.rules.manifests)
        away = Head(is_worn=False, is_tracked=False, is_focused=False)
        self.state = replace(self.state, shown=replace(shown, fade_0to1=0.0), head=away)
        self.number = 0

    def frame(self) -> float:
        """One frame; milliseconds of the processor between its beginning and its end."""
        self.number += 1
        wall_s = self.number / HZ
        turn = math.radians(TURN_DEG * math.sin(2.0 * math.pi * wall_s / TURN_S)) / 2.0
        self.runtime.tell(f"head 0 1.6 0 0 {math.sin(turn):.7f} 0 {math.cos(turn):.7f}")
        done = self.display.poll(wall_s)
        began = time.thread_time()
        self.state, _ = safe_step(self.state, Inputs(wall_s, (), done), self.rules)
        self.drawing.frame(self.state)
        return (time.thread_time() - began) * 1e3


def main() -> None:
    """Measure and print."""
    scene, frames = sys.argv[1], int(sys.argv[2])
    worn = Wearing(scene)
    for _ in range(WARM_UP):
        worn.frame()
    gc.collect()
    gc.freeze()
    before_kb = resident_kb()
    spent_ms = np.array([worn.frame() for _ in range(frames)])
    found = {
        "median_ms": round(float(np.median(spent_ms)), 4),
        "p999_ms": round(float(np.quantile(spent_ms, 0.999)), 4),
        "most_ms": round(float(spent_ms.max()), 4),
        "grown_kb": resident_kb() - before_kb,
        "scene": worn.state.shown.target.scene,
        "intensity_0to1": worn.state.shown.intensity_0to1,
        "frames_with_layers": int(worn.runtime.frame.frames_with_layers),
        "handles": worn.runtime.alive(),
        "misuses": len(worn.runtime.misuses),
    }
    worn.display.close()
    sys.stdout.write(json.dumps(found) + "\n")


def resident_kb() -> int:
    """Memory of this process that is in use now."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  not a file one stats
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


if __name__ == "__main__":
    main()
