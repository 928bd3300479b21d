"""How much of the field of view each pixel covers, and the 10° fields that slide over a picture.  Pure."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

FIELD_DEG = 10.0
"""Width of the round field within which WCAG 2.3.1 adds up the area that flashes."""


def solid_angles_sr(size_px: tuple[int, int], vertical_fov_deg: float) -> Float64:
    """What each pixel (h, w) of a perspective picture covers, exactly: the picture's sum is its whole solid angle."""
    right, up = _edges(size_px, vertical_fov_deg)
    x, y = np.meshgrid(right, up)
    corner = np.arctan2(x * y, np.sqrt(1.0 + x * x + y * y))
    return np.asarray(np.abs(corner[1:, 1:] - corner[:-1, 1:] - corner[1:, :-1] + corner[:-1, :-1]))


def _edges(size_px: tuple[int, int], vertical_fov_deg: float) -> tuple[Float64, Float64]:
    """Tangents of the pixels' edges: left to right (w + 1) and top to bottom (h + 1)."""
    width_px, height_px = size_px
    reach = math.tan(math.radians(vertical_fov_deg) / 2.0)
    return (
        np.linspace(-reach, reach, width_px + 1) * width_px / height_px,
        np.linspace(reach, -reach, height_px + 1),
    )


class Fields:
    """Every 10° field of a picture whose middle lies on a pixel, `spacing_px` apart."""

    def __init__(self, size_px: tuple[int, int], vertical_fov_deg: float, spacing_px: int = 1) -> None:
        right, up = (0.5 * (edges[1:] + edges[:-1]) for edges in _edges(size_px, vertical_fov_deg))
        x, y = np.meshgrid(right, up)
        ways = np.stack([x, y, -np.ones_like(x)], axis=-1)
        ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
        self.solid_angles_sr = solid_angles_sr(size_px, vertical_fov_deg).ravel()
        flat = ways.reshape(-1, 3).astype(np.float32)
        middles = ways[::spacing_px, ::spacing_px]
        self._middles = middles.reshape(-1, 3)
        nearest = math.cos(math.radians(FIELD_DEG / 2.0))
        found = [np.nonzero(row.astype(np.float32) @ flat.T >= nearest) for row in middles]
        self._pixels = np.concatenate([pixels for _, pixels in found])
        counts = np.concatenate([np.bincount(fields, minlength=middles.shape[1]) for fields, _ in found])
        self._starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        self._sizes = counts

    @property
    def count(self) -> int:
        """How many fields there are."""
        return len(self._middles)

    def areas_sr(self, part: NDArray[np.bool_]) -> Float64:
        """The solid angle (count,) of a part of the picture (h * w,) inside each field."""
        covered = np.where(part, self.solid_angles_sr, 0.0)
        return np.asarray(np.add.reduceat(covered[self._pixels], self._starts))

    def pixels_of(self, fields: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The pixels (h * w,) that lie in any of some fields (count,)."""
        found = np.zeros(len(self.solid_angles_sr), np.bool_)
        found[self._pixels[np.repeat(fields, self._sizes)]] = True
        return found

    def direction_deg(self, field: int) -> tuple[float, float]:
        """Yaw (right +) and pitch (up +) of a field's middle from the picture's middle."""
        x, y, z = self._middles[field]
        return math.degrees(math.atan2(x, -z)), math.degrees(math.atan2(y, math.hypot(x, z)))
