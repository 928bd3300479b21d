"""`python -m environments.picture`: jobs in, pictures and reports out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import moderngl
import pytest
from PIL import Image

pytestmark = pytest.mark.gl

COMMAND = [sys.executable, "-m", "environments.picture"]


def _run(jobs: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND, input=jobs, capture_output=True, text=True, timeout=120, env={**os.environ, **environment}, check=False
    )


def test_two_processes_draw_the_same_pixels_and_bad_jobs_are_reported(
    context: moderngl.Context, tmp_path: Path
) -> None:
    pictures = []
    for number in (1, 2):
        output = tmp_path / f"{number}.png"
        good = {"scene": "shore", "time_s": 4.0, "width_px": 160, "height_px": 90, "output": str(output)}
        bad = [{"scene": "moon", "output": "x.png"}, {**good, "overrides": {"wind_0to1": 3.0}}, {**good, "size": 3}]
        lines = [json.dumps(good), *(json.dumps(job) for job in bad), "rubbish"]
        done = _run("\n".join(lines) + "\n")
        assert done.returncode == 1, done.stderr
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        assert [report["ok"] for report in reports] == [True, False, False, False, False]
        assert "there is no scene 'moon'" in reports[1]["error"]
        assert "lies between" in reports[2]["error"]
        assert reports[0]["draw_ms"] > 0.0
        pictures.append(Image.open(output).tobytes())
    assert pictures[0] == pictures[1]


@pytest.mark.skipif(sys.platform != "linux", reason="the loader is steered through Linux's environment")
def test_without_opengl_one_sentence_and_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import moderngl\n\n\ndef refuse(**settings):\n    raise RuntimeError('no display')\n\n\n"
        "moderngl.create_standalone_context = refuse\n"
    )
    done = _run("{}\n", PYTHONPATH=str(tmp_path))
    assert done.returncode == 4
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "install" in done.stderr
