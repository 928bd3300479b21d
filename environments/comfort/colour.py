"""Light and colour of 8-bit sRGB pictures.  Pure.

Sources: IEC 61966-2-1 (sRGB), WCAG 2.2 (relative luminance, contrast ratio), CIE 15 (1976 u'v').
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Rgb = tuple[float, float, float]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
XYZ_FROM_RGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]],
    np.float32,
)
"""Linear sRGB to XYZ, white D65."""

WHITE_UV = (0.19784, 0.46834)
RED_UV = (0.45070, 0.52289)
_BLACK = 1e-6


def _linear_table() -> Float32:
    coded = np.arange(256) / 255.0
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4).astype(np.float32)


LINEAR = _linear_table()
"""Linear light (0-1) of each 8-bit sRGB code."""


def linear_light(picture: Bytes) -> Float32:
    """Linear light 0-1 of a picture of any shape."""
    return np.asarray(LINEAR[picture])


def relative_luminance(linear: Float32) -> Float32:
    """Relative luminance (...,) of linear light (..., 3): 0 black, 1 white."""
    return np.asarray(linear @ LUMINANCE)


def chromaticity(linear: Float32) -> Float32:
    """CIE 1976 (..., 2) u' and v' of linear light (..., 3); black, which has none, counts as white."""
    xyz = linear @ XYZ_FROM_RGB.T
    weight = xyz[..., 0] + 15.0 * xyz[..., 1] + 3.0 * xyz[..., 2]
    is_black = weight < _BLACK
    safe = np.where(is_black, np.float32(1.0), weight)
    found = np.stack([4.0 * xyz[..., 0] / safe, 9.0 * xyz[..., 1] / safe], axis=-1)
    return np.where(is_black[..., None], np.array(WHITE_UV, np.float32), found).astype(np.float32)


def contrast_ratio(one_rgb: Rgb, other_rgb: Rgb) -> float:
    """WCAG contrast (1 to 21) of two colours given as sRGB codes 0-255, fractions allowed."""
    light, dark = sorted((_luminance_of(one_rgb), _luminance_of(other_rgb)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance_of(rgb: Rgb) -> float:
    codes = np.arange(256)
    linear = [float(np.interp(part, codes, LINEAR)) for part in rgb]
    return float(np.dot(linear, LUMINANCE))
