"""The test runtime, and the validation layers that pyopenxr brings.

The runtime is written for Linux; elsewhere the tests that need it are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.openxr.control import Runtime
    from tests.openxr.validation import Validation

_NEED_NO_RUNTIME = {"test_joints.py", "test_presses.py"}

if not sys.platform.startswith("linux"):
    collect_ignore = [
        path.name for path in Path(__file__).parent.glob("test_*.py") if path.name not in _NEED_NO_RUNTIME
    ]


@pytest.fixture(scope="session")
def _loaded_runtime() -> Runtime:
    from tests.openxr.control import Runtime
    from tests.openxr.runtime.build import built_runtime

    return Runtime(*built_runtime())


@pytest.fixture
def runtime(_loaded_runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """The runtime as it is at first, chosen for the loader; at the end no handle may be alive and no call wrong."""
    monkeypatch.setenv("XR_RUNTIME_JSON", str(_loaded_runtime.manifest))
    monkeypatch.delenv("XR_ENABLE_API_LAYERS", raising=False)
    _loaded_runtime.reset()
    yield _loaded_runtime
    alive, misuses = _loaded_runtime.alive(), _loaded_runtime.misuses
    assert not misuses
    assert not alive


@pytest.fixture
def validated(runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Validation]:
    """Both validation layers are on; at the end they must have been used and have nothing to say."""
    from tests.openxr.validation import Validation

    validation = Validation(tmp_path / "validation.txt")
    for name, value in validation.environment.items():
        monkeypatch.setenv(name, value)
    yield validation
    used, messages = validation.was_used, validation.messages
    validation.close()
    assert used
    assert not messages
