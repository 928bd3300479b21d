"""Our own processor time for a frame in the headset, on the test runtime with a driver that does nothing.

    make bench ARGS="-k headset -s"

`python -m tests.bench.headset heights 100000` is the long run: nothing may grow.  Nothing here fails on time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.gl
@pytest.mark.parametrize("scene", ["heights", "snow"])
def test_a_frame_between_its_beginning_and_its_end(scene: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.headset", scene, "2000"],
        capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "GALLIUM_NOOP": "1"},
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{scene}: {found['median_ms']:.2f} ms in the median, {found['p999_ms']:.2f} ms at 99.9 %")
    assert found["scene"] == scene
    assert found["misuses"] == 0
    assert found["frames_with_layers"] >= 2000
