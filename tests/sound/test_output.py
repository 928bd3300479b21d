"""Devices that are missing, lost and found again."""

from __future__ import annotations

import time

import numpy as np
import pytest

from environments.sound import output
from environments.sound.mixer import BLOCK, Samples
from environments.sound.openal import SoundMissing
from environments.sound.output import LOST, NO_DEVICE, Outlets, SpeakerLost

BLOCK_OF_ZEROS = np.zeros((BLOCK, 2), np.float32)


class Headphones:
    """A device that somebody can pull out."""

    name = "Headphones"

    def __init__(self) -> None:
        self.is_plugged_in = True
        self.heard = 0

    def write(self, block: Samples) -> None:
        if not self.is_plugged_in:
            raise SpeakerLost
        self.heard += len(block)

    def close(self) -> None:
        self.is_plugged_in = False


def test_a_session_without_a_device_goes_on_at_its_pace_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LOOK_AGAIN_S", 0.0)
    there: list[Headphones] = []

    def find() -> Headphones:
        if not there:
            raise SoundMissing(NO_DEVICE)
        return there[0]

    outlets = Outlets(find)
    began_s = time.monotonic()
    for _ in range(10):
        outlets.write(BLOCK_OF_ZEROS)
    assert time.monotonic() - began_s >= 0.08
    assert (outlets.name, outlets.problem) == ("", NO_DEVICE)
    there.append(Headphones())
    outlets.write(BLOCK_OF_ZEROS)
    assert (outlets.name, outlets.problem) == ("Headphones", "")
    assert there[0].heard == BLOCK


def test_a_lost_device_is_told_and_the_next_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LOOK_AGAIN_S", 0.0)
    devices = [Headphones(), Headphones()]
    waiting = iter(devices)
    outlets = Outlets(lambda: next(waiting))
    outlets.write(BLOCK_OF_ZEROS)
    devices[0].is_plugged_in = False
    outlets.write(BLOCK_OF_ZEROS)
    assert (outlets.name, outlets.problem) == ("", LOST)
    outlets.write(BLOCK_OF_ZEROS)
    assert (outlets.name, outlets.problem) == ("Headphones", "")
    assert devices[1].heard == BLOCK
