"""Closed ways that people and cars follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from environments.render.shapes import Float64
from environments.render.ways import Ways

_STEPS = 1024


@dataclass(frozen=True, slots=True)
class Path:
    """A closed way on the ground: corners (n, 2) of x and z with their distance along it."""

    points_m: Float64
    along_m: Float64

    @property
    def length_m(self) -> float:
        """Once round."""
        return float(self.along_m[-1])


class Paths:
    """Several closed ways, made ready so that all bodies on them are placed in one go."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.lengths_m: Float64 = np.array([path.length_m for path in paths])
        self._rows: Float64 = np.concatenate([_rows(path) for path in paths])

    def and_more(self, others: Paths) -> Ways:
        """These ways and then others, as the renderer takes them."""
        rows = np.concatenate([self._rows, others._rows]).reshape(-1, _STEPS + 2, 4)[:, : _STEPS + 1]
        lengths = np.concatenate([self.lengths_m, others.lengths_m])
        return Ways(np.asarray(rows, np.float32), np.asarray(lengths, np.float32))

    def at(self, path: NDArray[np.intp], along_m: Float64) -> Float64:
        """Rows (k, 4) of x, z and the unit way ahead (x, z) for bodies so far along their path."""
        part = along_m / self.lengths_m[path]
        place = (part - np.floor(part)) * _STEPS
        before = place.astype(np.intp)
        share = (place - before)[:, None]
        before += path * (_STEPS + 2)
        start = self._rows.take(before, axis=0)
        return np.asarray(start + (self._rows.take(before + 1, axis=0) - start) * share)


def _rows(path: Path) -> Float64:
    """(steps + 2, 4): a row more than there are steps, for what is at the very end."""
    step_m = path.length_m / _STEPS
    along = np.arange(_STEPS + 2) * step_m
    here, ahead = (
        np.stack([np.interp(at % path.length_m, path.along_m, path.points_m[:, axis]) for axis in (0, 1)], 1)
        for at in (along, along + 0.5)
    )
    way = ahead - here
    return np.concatenate([here, way / np.linalg.norm(way, axis=1, keepdims=True)], axis=1)


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
    along = np.cumsum([0.0, *(float(np.hypot(*(after - before))) for before, after in pairwise(ring))])
    return Path(ring, along)


def rounded_loop(left_m: float, far_m: float, right_m: float, near_m: float, round_m: float) -> Path:
    """A rectangle with rounded corners."""
    return closed_path([(left_m, near_m), (right_m, near_m), (right_m, far_m), (left_m, far_m)], round_m)
