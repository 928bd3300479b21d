"""Where things stand in the study: numbers that the asset and the moving spiders share.  Metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk's top: half its width, its edges towards and away from the patient, its height."""

    x_m: float = 0.80
    front_z_m: float = -0.25
    back_z_m: float = -1.05
    top_m: float = 0.74


@dataclass(frozen=True, slots=True)
class Lamp:
    """A column on a foot that sweeps up from the desk without an edge, so that legs find hold everywhere."""

    centre_m: tuple[float, float] = (-0.52, -0.80)
    radius_m: float = 0.017
    foot_m: float = 0.085
    height_m: float = 0.36

    def outline_m(self) -> Floats:
        """Radius and height (n, 2) from the desk far out, up the foot and the column."""
        bend = np.linspace(0.0, np.pi / 2.0, 15)
        size = self.foot_m - self.radius_m
        foot = np.stack([self.foot_m - size * np.sin(bend), 0.55 * size * (1.0 - np.cos(bend)) + 0.004], -1)
        return np.concatenate(
            [[(0.9, 0.0), (self.foot_m + 0.004, 0.0), (self.foot_m, 0.002)], foot, [(self.radius_m, self.height_m)]]
        )


@dataclass(frozen=True, slots=True)
class Jar:
    """The jar: inner radius and height; its place on the desk when it is not in use."""

    radius_m: float = 0.075
    height_m: float = 0.17
    aside_m: tuple[float, float] = (0.56, -0.84)


@dataclass(frozen=True, slots=True)
class Frame:
    """The framed drawing: its paper, and where it hangs."""

    wide_m: float = 0.40
    high_m: float = 0.50
    wall_m: tuple[float, float, float] = (-0.42, 1.22, -4.385)


DESK, LAMP, JAR, FRAME = Desk(), Lamp(), Jar(), Frame()
SIDE_TABLE_M = 0.26
HANDS_M = (0.0, -0.35)
"""Where the patient's hands would lie (x, z): distances are measured from here, level."""
ROOM_M = (-2.4, 2.2, -4.4, 1.6, 2.75)
"""Left, right, far and near wall, ceiling."""
