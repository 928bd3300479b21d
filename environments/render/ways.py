"""Closed ways that bodies go round for ever; the graphics card works out where they are from the time alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
NOT_PRESSED = -1e6
"""Lower than anything is pressed."""
_POINTS = 48
"""Of each way, at the least, that stand for all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """`rows` (w, n + 1, 4) of x, z and the unit way ahead (x, z), in n even steps; the last one is the first again.

    `lengths_m` (w,) is once round.
    """

    rows: Float32
    lengths_m: Float32


@dataclass(frozen=True, slots=True, eq=False)
class Going:
    """How the k places of an item go along a scene's ways.  What goes casts no shadow on its own account.

    `way` (k,) numbers them; -1 stays where its transform says.  A body is `start_m` (k,) along its way at time 0, goes
    `speed_m_per_s` (k,), backwards below 0, keeps `side_m` (k,) to the left of the way, stands on `ground_m` and is
    `scale` (k,) large.  The mesh hangs at `joint_m` (3,) of the body and is turned forwards there: by `lean_rad`, and
    by up to `swing_rad` to and fro for each `stride_m` that is gone.  `body` (k,) is its number in
    `SceneFrame.left_out`, -1 where it never is.  `pressed_m` presses all flat, at that height, along the sun's rays:
    the shade of what goes.
    """

    way: NDArray[np.intp]
    start_m: Float64
    speed_m_per_s: Float64
    side_m: Float64
    scale: Float64
    body: NDArray[np.intp]
    joint_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lean_rad: float = 0.0
    swing_rad: float = 0.0
    stride_m: float = 1.0
    ground_m: float = 0.0
    pressed_m: float | None = None


def place_rows(transforms: Float32, going: Going | None) -> Float32:
    """What shaders/places.glsl reads of every place (k, 12): a matrix without its last row, or how it goes."""
    rows = transforms[:, :3, :].reshape(-1, 12).astype(np.float32)
    if going is None:
        return rows
    goes = going.way >= 0
    x, y, z = going.joint_m
    about = (going.swing_rad, going.lean_rad, going.stride_m, going.ground_m)
    columns = (going.way, going.start_m, going.speed_m_per_s, going.side_m, x, y, z, going.scale, *about)
    rows[goes] = np.stack([np.broadcast_to(one, len(rows)) for one in columns], axis=1)[goes]
    return rows


def place_notes(count: int, surface: int, going: Going | None, *, streams: bool) -> Float32:
    """What else it reads (k, 4): row of the surface, 1 when it goes and 2 when it streams, body, how high pressed."""
    notes = np.tile(np.array([surface, 2.0 if streams else 0.0, -1.0, NOT_PRESSED], np.float32), (count, 1))
    if going is not None:
        notes[:, 1], notes[:, 2] = going.way >= 0, going.body
        if going.pressed_m is not None:
            notes[:, 3] = going.pressed_m
    return notes


def reached(
    ball: tuple[Float64, float], transforms: Float32, going: Going | None, ways: Ways | None, *, streams: bool = False
) -> Reach:
    """Where the places of a mesh with a ball around it, centre and radius, are at any time."""
    center, radius_m = ball
    if streams:
        center, radius_m = np.zeros(3), radius_m + float(np.linalg.norm(center))
    places = transforms.astype(np.float64)
    staying = np.ones(len(places), np.bool_) if going is None else going.way < 0
    points = [places[staying, :3, :3] @ center + places[staying, :3, 3]]
    sizes = np.sqrt((places[staying, :3, :3] ** 2).sum(axis=1))
    part_m = radius_m * float(sizes.max(initial=0.0))
    if going is not None and ways is not None:
        for way in np.unique(going.way[~staying]).tolist():
            on_it = going.way == way
            step = max((ways.rows.shape[1] - 1) // _POINTS, 1)
            x, z = ways.rows[way, :-1:step, :2].astype(np.float64).T
            points.append(np.stack([x, np.full_like(x, going.ground_m), z], axis=1))
            between_m = float(ways.lengths_m[way]) * step / (ways.rows.shape[1] - 1) / 2.0
            body_m = (radius_m + float(np.linalg.norm(center)) + float(np.linalg.norm(going.joint_m))) * going.scale
            part_m = max(part_m, between_m + float((body_m + np.abs(going.side_m))[on_it].max()))
    return Reach(np.concatenate(points), part_m)


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Points (p, 3) near which something is, and no farther from one of them than `part_m`."""

    points: Float64
    part_m: float

    def ball(self) -> tuple[Float64, float]:
        """Centre and radius of a ball around all of it."""
        if not len(self.points):
            return np.zeros(3), 0.0
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        return (low + high) / 2.0, float(np.linalg.norm(high - low) / 2.0) + self.part_m
