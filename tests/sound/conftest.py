"""Mixers and reviews that render into memory: the real OpenAL Soft, no sound card."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache

import pytest

# Nobody's own settings of OpenAL Soft may bend what is measured; it reads this when it is loaded.
os.environ["ALSOFT_CONF"] = os.devnull
os.environ["ALSOFT_LOGLEVEL"] = "0"

from environments.sound import workshop
from environments.sound.mixer import Mixer
from environments.sound.review import Review, open_review
from environments.sound.synth.catalogue import make

made_once = cache(make)


@pytest.fixture(autouse=True)
def _every_sound_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "make", made_once)


@pytest.fixture
def mixer() -> Iterator[Mixer]:
    made = Mixer()
    yield made
    made.close()


@pytest.fixture
def review() -> Iterator[Callable[..., Review]]:
    opened: list[Review] = []

    def open_one(*args: object, **options: object) -> Review:
        opened.append(open_review(*args, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
