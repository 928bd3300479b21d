"""What all tests share: strict numbers, seeded chance and one OpenGL context."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import moderngl
import numpy as np
import pytest
from hypothesis import settings

from environments.render.opening import NoOpenGL, open_context
from therapy.store.unlocking import KEY_FILE_VARIABLE, new_key_file

# Started in the background, a shell lets its children ignore Ctrl-C; the programs that tests start must hear it.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("acclimate", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "acclimate"))

_SHARED = pytest.StashKey[moderngl.Context]()


@pytest.fixture(scope="session", autouse=True)
def station_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tests are an unattended station: records open, and are founded, with a key file of the run's own."""
    place = tmp_path_factory.mktemp("station") / "station.key"
    new_key_file(place)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(KEY_FILE_VARIABLE, str(place))
        yield place


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Make the shared context the current one again, which another test may have opened or closed its own after."""
    if isinstance(item, pytest.Function) and "context" in item.fixturenames and _SHARED in item.config.stash:
        item.config.stash[_SHARED].__enter__()


@pytest.fixture(scope="session")
def context(pytestconfig: pytest.Config) -> Iterator[moderngl.Context]:
    """The one OpenGL context of all tests that draw in this process; without OpenGL they are skipped."""
    try:
        made = open_context()
    except NoOpenGL as error:
        pytest.skip(str(error))
    pytestconfig.stash[_SHARED] = made
    yield made
    del pytestconfig.stash[_SHARED]
    made.release()


@pytest.fixture(autouse=True)
def _strict_numbers() -> Iterator[None]:
    """A NaN or an infinity born in arithmetic is an error."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture
def rng() -> np.random.Generator:
    """A seeded generator for tests that need chance."""
    return np.random.default_rng(20261122)
