"""An OpenGL context where there is one."""

from __future__ import annotations

from collections.abc import Iterator

import moderngl
import pytest

from environments.render.opening import NoOpenGL, open_context


@pytest.fixture(scope="session")
def context() -> Iterator[moderngl.Context]:
    try:
        made = open_context()
    except NoOpenGL as error:
        pytest.skip(str(error))
    yield made
    made.release()
