"""Checks scenes and writes JSON lines: the child of `acclimate check scenes`.

    python -m environments.comfort heights --levels 0-3 --quick

First `{"frames": N}` for all that will be drawn, then `{"drawn": n}` now and then, and one line with `"result"` for
each level and eye.  Exit code 0 when everything was measured, whatever it showed; 2 for a scene or level that does
not exist or cannot be used, 4 when there is no OpenGL, 130 when interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from environments.comfort.check import Checker, Wanted, levels_of
from environments.comfort.limits import BYTES_PER_MB, EyeMeasures, reasons
from environments.gltf.problems import GltfError
from environments.render.opening import NoOpenGL, open_context
from environments.render.renderer import Renderer
from environments.scenes.manifest import ManifestError, load_manifest, scene_names

USAGE_EXIT, NO_OPENGL_EXIT, INTERRUPTED_EXIT = 2, 4, 130
SAY_EVERY = 8


def row(scene: str, level: int, eye: str, measures: EyeMeasures) -> dict[str, object]:
    """One line of the result."""
    why = reasons(measures)
    return {
        "scene": scene,
        "level": level,
        "eye": eye,
        "max_flashes_per_s": measures.general.flashes.per_s,
        "max_red_flashes_per_s": measures.red.flashes.per_s,
        "max_acceleration_m_s2": round(measures.motion.acceleration_m_s2, 3),
        "triangles": measures.load.triangles,
        "draws": measures.load.draws,
        "texture_mb": round(measures.load.texture_bytes / BYTES_PER_MB, 2),
        "min_text_deg": round(measures.least_text_deg, 3),
        "passed": not why,
        "reasons": list(why),
    }


def check(renderer: Renderer, wanted: list[Wanted]) -> None:
    """Measure everything wanted and say each result at once."""
    checkers = [(one, Checker(renderer, one)) for one in wanted]
    _say({"frames": sum(checker.frames for _, checker in checkers)})
    drawn = 0

    def progress(frames: int) -> None:
        nonlocal drawn
        drawn += frames
        if drawn % SAY_EVERY == 0:
            _say({"drawn": drawn})

    for one, checker in checkers:
        for level, eye, measures in checker.measure(progress):
            _say({"result": row(one.scene, level, eye, measures)})


def wanted_of(options: argparse.Namespace) -> list[Wanted]:
    """What the options ask for; `ManifestError` for a scene or levels that do not exist."""
    found = []
    levels = None if options.levels is None else _levels(options.levels)
    for name in options.scenes or scene_names():
        chosen = levels_of(load_manifest(name), levels, options.quick)
        if not chosen:
            raise ManifestError(f"scene {name} has none of the levels {options.levels}")
        found.append(Wanted(name, chosen, options.quick))
    return found


def _levels(words: str) -> range:
    first, _, last = words.partition("-")
    try:
        return range(int(first), int(last or first) + 1)
    except ValueError:
        raise ManifestError(f"levels are written as 0-10 or 3, not {words!r}") from None


def _say(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line, allow_nan=False) + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m environments.comfort", description="Check the comfort of scenes.")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help="the scenes (default: all)")
    parser.add_argument("--levels", metavar="A-B", help="these levels only")
    parser.add_argument("--quick", action="store_true", help="fewer levels and moments")
    options = parser.parse_args(arguments)
    try:
        wanted = wanted_of(options)
        renderer = Renderer(open_context(), 64, 64, samples=1)
    except ManifestError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE_EXIT
    except NoOpenGL as error:
        sys.stderr.write(f"{error}\n")
        return NO_OPENGL_EXIT
    try:
        check(renderer, wanted)
    except GltfError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE_EXIT
    except (KeyboardInterrupt, BrokenPipeError):
        return INTERRUPTED_EXIT
    finally:
        renderer.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
