"""Mishaps at random, with calls that fail at any moment: the patient is shown frames again, and nothing leaks.

`ACCLIMATE_LIVES=1000 pytest tests/openxr/test_mishaps.py` tries as many; a few are enough from day to day.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
import xr

from environments.display.base import DisplayMissing
from environments.display.openxr.session import Seat
from tests.openxr.control import Runtime
from tests.openxr.wearing import Worn

pytestmark = pytest.mark.gl
LIVES = int(os.environ.get("ACCLIMATE_LIVES", "12"))
HAPPENINGS = (
    "focus 0", "focus 1", "visible 0", "visible 1", "asleep 1", "asleep 0", "present 0", "present 1", "stop", "exit",
    "session_lost", "session_loss_pending", "instance_lost 1", "instance_lost 0", "instance_loss_pending", "mask",
    "head_flags 0", "head_flags 15", "recentre 0.4 0.2 1.0 3", "skip 4", "rate 72", "rate 90", "system 0", "system 1",
    "controller left 0", "controller left 1", "tracked right 0", "input /user/hand/left/input/select/click 1",
    "input /user/hand/left/input/select/click 0", "eyes 0.06 0.2", "head 1 1.5 2 0 0.7 0 0.714",
)  # fmt: skip
FAILURES = (
    xr.Result.ERROR_RUNTIME_FAILURE, xr.Result.ERROR_SESSION_LOST, xr.Result.ERROR_INSTANCE_LOST,
    xr.Result.ERROR_OUT_OF_MEMORY, xr.Result.ERROR_LIMIT_REACHED, xr.Result.ERROR_HANDLE_INVALID,
)  # fmt: skip
WELL = ("visible 1", "focus 1", "asleep 0", "present 1", "instance_lost 0", "head_flags 15", "system 1")


def live(runtime: Runtime, chance: np.random.Generator) -> None:
    """One life, well again at its end."""
    runtime.reset()
    worn = Worn(Seat(lies=bool(chance.integers(2)), floor_eye_m=1.62 if chance.integers(2) else None))
    for _ in range(int(chance.integers(4, 14))):
        if chance.random() < 0.25:
            runtime.fail("*", FAILURES[int(chance.integers(len(FAILURES)))], nth=int(chance.integers(1, 40)))
        else:
            runtime.tell(str(chance.choice(HAPPENINGS)))
        worn.frames(int(chance.integers(1, 7)))
    runtime.tell(*WELL)
    # A call that was to fail may still have to: it is made in these.
    worn.frames(30)
    worn.focused()
    worn.frames(2)
    assert len(runtime.layers) == 1
    worn.display.close()


@pytest.mark.timeout(3600)
def test_whatever_happens_in_whatever_order(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    for seed in range(LIVES):
        try:
            live(runtime, np.random.default_rng(seed))
        except (AssertionError, DisplayMissing, xr.exception.XrException) as error:
            raise AssertionError(f"life {seed}") from error
        assert runtime.alive() == 0, f"life {seed}"
        assert runtime.misuses == [], f"life {seed}"
