"""Surfaces that spiders walk on, each unrolled into a plane: a point of the plane has one place in the room.

Paths and footprints are planned in the plane, so the same walk serves a desk, the glass of a jar and a lamp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from environments.scenes.spiders.place import DESK, LAMP

Floats = NDArray[np.float64]
_CLING_RAD = 1.9
"""How far around the column a leg reaches."""


class Chart(Protocol):
    """An unrolled surface; `is_level` where shades can be laid on it."""

    @property
    def is_level(self) -> bool:
        """Whether it is level everywhere."""
        ...

    def places_m(self, plane_m: Floats) -> Floats:
        """The places (..., 3) in the room of points (..., 2) of the plane."""
        ...


@dataclass(frozen=True, slots=True)
class Level:
    """A desk or a floor; the plane's axes are x and z."""

    height_m: float
    is_level: bool = True

    def places_m(self, plane_m: Floats) -> Floats:
        """See `Chart`."""
        out = np.empty((*plane_m.shape[:-1], 3))
        out[..., 0], out[..., 1], out[..., 2] = plane_m[..., 0], self.height_m, plane_m[..., 1]
        return out


@dataclass(frozen=True, slots=True)
class Inside:
    """The floor of a jar and, beyond its radius, its wall, folded up."""

    centre_m: tuple[float, float]
    floor_m: float
    radius_m: float
    height_m: float
    is_level: bool = False

    def places_m(self, plane_m: Floats) -> Floats:
        """See `Chart`."""
        away = np.hypot(plane_m[..., 0], plane_m[..., 1])
        share = np.minimum(self.radius_m / np.maximum(away, 1e-6), 1.0)
        out = np.empty((*plane_m.shape[:-1], 3))
        out[..., 0] = self.centre_m[0] + plane_m[..., 0] * share
        out[..., 1] = self.floor_m + np.minimum(np.maximum(away - self.radius_m, 0.0), self.height_m)
        out[..., 2] = self.centre_m[1] + plane_m[..., 1] * share
        return out


@dataclass(frozen=True, slots=True)
class Climb:
    """The desk and the lamp's column along one line: first axis across, second the way from 0.9 m off to the top."""

    azimuth_rad: float
    is_level: bool = False

    def places_m(self, plane_m: Floats) -> Floats:
        """See `Chart`."""
        outline, along = LAMP.outline_m(), _along_lamp()
        radius = np.interp(plane_m[..., 1], along, outline[:, 0])
        height = np.interp(plane_m[..., 1], along, outline[:, 1])
        turn = np.clip(plane_m[..., 0] / radius, -_CLING_RAD, _CLING_RAD)
        angle = self.azimuth_rad - turn
        x, z = LAMP.centre_m
        return np.stack([x + radius * np.sin(angle), DESK.top_m + height, z + radius * np.cos(angle)], -1)


def _along_lamp() -> Floats:
    """How far (n,) the points of the lamp's outline are along it."""
    outline = LAMP.outline_m()
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(outline, axis=0), axis=1))])


def along_at_m(radius_m: float) -> float:
    """How far along the climb a distance from the lamp's axis on the desk is."""
    return float(LAMP.outline_m()[0, 0]) - radius_m


def along_up_m(height_m: float) -> float:
    """How far along the climb a height on the column is."""
    return float(np.interp(height_m, LAMP.outline_m()[:, 1], _along_lamp()))
