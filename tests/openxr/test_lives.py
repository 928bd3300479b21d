"""Random lives of a headset session: no hang, no leak, no wrong call, nothing that the validation layer objects to.

`ACCLIMATE_LIVES=1000` lives through so many instead of the few of every run.
"""

from __future__ import annotations

import os
from pathlib import Path

import moderngl
import pytest

from tests.openxr.control import Runtime
from tests.openxr.lives import life, lived
from tests.openxr.validation import Validation

pytestmark = [pytest.mark.gl, pytest.mark.timeout(1200)]

LIVES = int(os.environ.get("ACCLIMATE_LIVES", "40"))
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_a_session_survives_whatever_happens_to_it(
    runtime: Runtime, context: moderngl.Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    # The layer of best practices mistakes a frame that was given up for one that was forgotten.
    validation = Validation(tmp_path / "validation.txt", best_practices=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    for name, value in validation.environment.items():
        monkeypatch.setenv(name, value)
    for seed in range(part, LIVES, PARTS):
        script = life(seed)
        assert lived(runtime, script) is None, script
        assert runtime.misuses == [], script
        assert runtime.alive() == 0, script
        assert validation.messages == [], script
    assert validation.was_used


def test_lives_differ_and_come_back_by_their_seed() -> None:
    assert life(3) == life(3)
    assert len({life(seed).by_frame for seed in range(40)}) == 40
