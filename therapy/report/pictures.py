"""Pictures of what was seen at each level, drawn again from the record by a child process of the player's side."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from therapy.report.facts import SessionFacts
from therapy.report.figures import stays
from therapy.session.events import SampleTaken, SetScene
from therapy.store.records import Recorded

WIDTH_PX, HEIGHT_PX = 480, 300
PITCH_DEG = -10.0
AT_MOST_S = 180.0
JPEG_QUALITY = 82
_LAST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """One moment to draw again; `level` is None for the calm scene."""

    level: int | None
    t_s: float
    scene: str
    intensity_0to1: float
    overrides: tuple[tuple[str, float], ...]
    scene_time_s: float


@dataclass(frozen=True, slots=True)
class Pictures:
    """The moments with their pictures as data URIs, or why there are none."""

    drawn: tuple[tuple[Seen, str], ...]
    why_missing: str = ""


def moments(facts: SessionFacts) -> tuple[Seen, ...]:
    """The middle of the longest stay on each level, after a moment of the calm scene."""
    found = []
    calm = [row for row in facts.samples if row.what.scene and not _is_exposed(facts, row)]
    if calm:
        found.append(_seen(facts, calm[len(calm) // 2], None))
    for stay in stays(facts):
        middle_s = (stay.longest.from_s + stay.longest.to_s) / 2
        row = min(facts.samples, key=lambda one: abs(one.t_s - middle_s))
        found.append(_seen(facts, row, stay.level))
    return tuple(found)


def draw(seen: Sequence[Seen], seed: int) -> Pictures:
    """Have the moments drawn; never raises, but says why a picture is missing."""
    if not seen:
        return Pictures((), "Nothing was shown long enough to be drawn.")
    with tempfile.TemporaryDirectory(prefix="acclimate-report-") as folder:
        outputs = [Path(folder) / f"{number}.png" for number in range(len(seen))]
        jobs = "".join(json.dumps(_job(one, seed, output)) + "\n" for one, output in zip(seen, outputs, strict=True))
        why = _run_child(jobs)
        drawn = tuple((one, _data_uri(output)) for one, output in zip(seen, outputs, strict=True) if output.is_file())
    if len(drawn) == len(seen):
        return Pictures(drawn)
    return Pictures(drawn, why or "The program that draws them gave no reason.")


def _run_child(jobs: str) -> str:
    """Run the drawing program over the jobs and return why it failed, if it did."""
    command = [sys.executable, "-m", "environments.picture"]
    try:
        run = subprocess.run(command, input=jobs, capture_output=True, text=True, timeout=AT_MOST_S, check=False)
    except subprocess.TimeoutExpired:
        return f"Drawing took longer than {AT_MOST_S:.0f} s."
    except OSError as error:
        return f"The program that draws could not be started: {error}."
    problems = [line["error"] for line in _results(run.stdout) if line.get("error")]
    if problems:
        return str(problems[0])
    return run.stderr.strip()[-_LAST_WORDS:] if run.returncode else ""


def _results(text: str) -> list[dict[str, Any]]:
    found = []
    for line in text.splitlines():
        try:
            result = json.loads(line)
        except ValueError:
            continue
        if isinstance(result, dict):
            found.append(result)
    return found


def _job(seen: Seen, seed: int, output: Path) -> dict[str, Any]:
    return {
        "scene": seen.scene,
        "intensity_0to1": seen.intensity_0to1,
        "overrides": dict(seen.overrides),
        "time_s": seen.scene_time_s,
        "seed": seed,
        "width_px": WIDTH_PX,
        "height_px": HEIGHT_PX,
        "yaw_deg": 0.0,
        "pitch_deg": PITCH_DEG,
        "output": str(output),
    }


def _is_exposed(facts: SessionFacts, row: Recorded[SampleTaken]) -> bool:
    return facts.protocol is None or row.what.scene == facts.protocol.scene


def _seen(facts: SessionFacts, row: Recorded[SampleTaken], level: int | None) -> Seen:
    commands = [
        one.what
        for one in facts.events
        if isinstance(one.what, SetScene) and one.t_s <= row.t_s and one.what.scene == row.what.scene
    ]
    overrides = commands[-1].overrides if commands else ()
    return Seen(level, row.t_s, row.what.scene, row.what.shown_0to1, overrides, row.what.scene_time_s)


def _data_uri(png: Path) -> str:
    buffer = io.BytesIO()
    with Image.open(png) as picture:
        picture.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
