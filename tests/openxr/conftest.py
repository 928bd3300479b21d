"""The test runtime, and the validation layers that pyopenxr brings."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

pytest.importorskip("xr")
if not sys.platform.startswith("linux"):
    pytest.skip("the test runtime is written for Linux", allow_module_level=True)

from tests.openxr.control import Runtime
from tests.openxr.runtime.build import built_runtime

VALIDATION = "XR_APILAYER_LUNARG_core_validation"
BEST_PRACTICES = "XR_APILAYER_KHRONOS_best_practices_validation"


@pytest.fixture(scope="session")
def _loaded_runtime() -> Runtime:
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
