"""What all tests share: strict numbers and seeded chance."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import settings

# Started in the background, a shell lets its children ignore Ctrl-C; the programs that tests start must hear it.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("acclimate", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "acclimate"))


@pytest.fixture(autouse=True)
def _strict_numbers() -> Iterator[None]:
    """A NaN or an infinity born in arithmetic is an error."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture
def rng() -> np.random.Generator:
    """A seeded generator for tests that need chance."""
    return np.random.default_rng(20261122)
