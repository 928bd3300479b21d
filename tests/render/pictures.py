"""Helpers of the render tests: views of the shore and comparisons of pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from environments.render.model import EyePose
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import load_manifest

Picture = NDArray[np.uint8]


def shore_view(
    time_s: float = 3.0, yaw_deg: float = 0.0, pitch_deg: float = -4.0, fade_0to1: float = 0.0, **overrides: float
) -> View:
    """The shore, seated, with single parameters set."""
    values = load_manifest("shore").values_at(0.0, overrides)
    return View("shore", values, 0, time_s, EyePose(yaw_deg, pitch_deg), fade_0to1=fade_0to1)


def drawn(renderer: Renderer, view: View) -> Picture:
    """The picture of a view."""
    renderer.draw(view)
    return renderer.read_rgb()


def brightness(picture: Picture) -> NDArray[np.float64]:
    """Rows of luminance (0 to 255) of a picture."""
    return np.asarray(picture.astype(np.float64) @ np.array([0.2126, 0.7152, 0.0722]))


def save_difference(expected: Picture, got: Picture, folder: Path) -> Path:
    """Expected, got and their difference times eight, side by side."""
    apart = np.clip(np.abs(expected.astype(np.int16) - got.astype(np.int16)) * 8, 0, 255).astype(np.uint8)
    path = folder / "difference.png"
    Image.fromarray(np.hstack([expected, got, apart])).save(path)
    return path
