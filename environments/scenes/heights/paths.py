"""Closed ways that people and cars follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from environments.render.shapes import Float64


@dataclass(frozen=True, slots=True)
class Path:
    """A closed way on the ground, sampled densely: points (n, 2) of x and z with their distance along it."""

    points_m: Float64
    along_m: Float64

    @property
    def length_m(self) -> float:
        """Once round."""
        return float(self.along_m[-1])

    def at(self, along_m: Float64, side_m: Float64 | float = 0.0) -> tuple[Float64, Float64]:
        """Places (k, 3) on the ground and headings in degrees (0 faces +z, 90 faces +x), `side_m` to the left."""
        wrapped = np.mod(along_m, self.length_m)
        ahead = np.mod(wrapped + 0.5, self.length_m)
        here = np.stack([np.interp(wrapped, self.along_m, self.points_m[:, axis]) for axis in (0, 1)], 1)
        there = np.stack([np.interp(ahead, self.along_m, self.points_m[:, axis]) for axis in (0, 1)], 1)
        way = there - here
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
        left = np.stack([way[:, 1], -way[:, 0]], 1) * np.reshape(side_m, (-1, 1))
        places = np.stack([here[:, 0] + left[:, 0], np.zeros(len(here)), here[:, 1] + left[:, 1]], 1)
        return places, np.degrees(np.arctan2(way[:, 0], way[:, 1]))


def closed_path(corners_m: ArrayLike, round_m: float) -> Path:
    """A polygon (n, 2) with its corners rounded, closed."""
    corners = np.asarray(corners_m, np.float64)
    points = []
    for before, corner, after in zip(np.roll(corners, 1, 0), corners, np.roll(corners, -1, 0), strict=True):
        back, on = before - corner, after - corner
        cut = min(round_m, 0.49 * float(np.linalg.norm(back)), 0.49 * float(np.linalg.norm(on)))
        start = corner + back / np.linalg.norm(back) * cut
        end = corner + on / np.linalg.norm(on) * cut
        part = np.linspace(0.0, 1.0, 9)[:, None]
        points.append((1 - part) ** 2 * start + 2 * part * (1 - part) * corner + part**2 * end)
    ring = np.concatenate([*points, points[0][:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    return Path(ring, along)


def rounded_loop(left_m: float, far_m: float, right_m: float, near_m: float, round_m: float) -> Path:
    """A rectangle with rounded corners."""
    return closed_path([(left_m, near_m), (right_m, near_m), (right_m, far_m), (left_m, far_m)], round_m)
