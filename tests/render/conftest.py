"""One renderer for all render tests."""

from __future__ import annotations

from collections.abc import Iterator

import moderngl
import pytest

from environments.render.renderer import Renderer

SIZE_PX = (320, 180)


@pytest.fixture(scope="session")
def shared_renderer(context: moderngl.Context) -> Iterator[Renderer]:
    made = Renderer(context, *SIZE_PX, for_stills=True)
    yield made
    with context:
        made.release()


@pytest.fixture
def renderer(shared_renderer: Renderer) -> Renderer:
    shared_renderer.resize(*SIZE_PX)
    return shared_renderer
