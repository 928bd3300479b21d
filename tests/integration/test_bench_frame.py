"""`acclimate bench frame`: numbers of a frame, and one sentence for what cannot be measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gltf.generator import static_glb

NAMES = {
    "submit_ms_median", "submit_ms_p99", "wall_ms_median", "wall_ms_p99", "draws", "triangles", "texture_bytes",
    "load_s", "renderer",
}  # fmt: skip


def bench(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "therapy.cli", "bench", "frame", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=100, env={**os.environ, **environment}
    )


@pytest.mark.gl
def test_a_model_of_many_nodes_is_a_few_draws(tmp_path: Path) -> None:
    model = tmp_path / "many.glb"
    model.write_bytes(static_glb(300, 12, 6_000, 16, 1))
    done = bench(str(model), "--frames", "12", "--size", "64x64", "--json", GALLIUM_NOOP="1")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == NAMES
    assert found["draws"] <= 4
    assert 1_000 < found["triangles"] <= 2 * 6_100
    assert found["texture_bytes"] > 12 * 16 * 16 * 4
    assert 0.0 < found["submit_ms_median"] <= found["submit_ms_p99"]


@pytest.mark.gl
def test_a_scene_is_told_in_a_table() -> None:
    done = bench("shore", "--frames", "3", "--views", "1", "--size", "32x32")
    assert done.returncode == 0, done.stderr
    assert "draw calls" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [("nowhere",), ("nothing.glb",), ("shore", "--views", "3"), ("shore", "--size", "big"), ("shore", "--frames", "0"),
     ("heights", "--level", "12")],
)  # fmt: skip
def test_what_cannot_be_measured_is_one_sentence(arguments: tuple[str, ...]) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
