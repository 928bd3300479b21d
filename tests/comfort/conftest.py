"""What the comfort tests share: a small field of view and ways to show sequences to the analyser."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from environments.comfort.field import Fields
from environments.comfort.flicker import FlickerAnalyser

SIDE_PX, FOV_DEG = 48, 40.0
Picture = NDArray[np.uint8]
Show = Callable[..., FlickerAnalyser]


@pytest.fixture(scope="session")
def fields() -> Fields:
    return Fields((SIDE_PX, SIDE_PX), FOV_DEG, spacing_px=2)


@pytest.fixture
def show(fields: Fields) -> Show:
    """Show a picture for each time; the analyser that has seen them."""

    def shown(picture_at: Callable[[float], Picture], fps: float = 60.0, lasts_s: float = 2.2) -> FlickerAnalyser:
        analyser = FlickerAnalyser(fields)
        for index in range(round(lasts_s * fps)):
            analyser.add(index / fps, picture_at(index / fps))
        return analyser

    return shown
