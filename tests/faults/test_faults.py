"""A full disk, a power cut, a killed process, each short here; `python -m tests.faults` runs them at any length."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.faults.disk import run_on_shim

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="puts a library of its own under the C library")


def test_a_disk_full_at_any_write_call_is_told_and_loses_nothing_acknowledged() -> None:
    found = json.loads(run_on_shim("full", "45"))
    assert found["trouble"] == []
    assert found["runs"] >= 5
    assert found["told"] >= found["runs"] - 3


def test_a_power_cut_at_any_moment_loses_nothing_acknowledged_and_damages_nothing() -> None:
    found = json.loads(run_on_shim("cuts", "20"))
    assert found["trouble"] == []
    assert found["operations"] > 300
    assert found["acknowledged"] > 150


def test_a_killed_process_loses_less_than_a_second(tmp_path: Path) -> None:
    from tests.faults.killing import kills

    found = kills(8, tmp_path)
    assert found["trouble"] == []
    assert found["rows"] > 40
