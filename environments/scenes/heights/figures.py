"""People seen from far: a few shapes of few triangles for each, and their flat shade on the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from environments.render import shapes_people as figure
from environments.render.model import Float32, Mesh
from environments.render.shapes import merge, moved, scaling, transform, translation
from environments.render.shapes_round import ellipse, limb, loft, sphere
from environments.render.ways import Going
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.palette import LOOKS
from environments.scenes.heights.people import UPRIGHT, WALKERS, Crowd
from environments.scenes.heights.placing import standing_at

Place = tuple[float, float, float]
SHADE_LIFT_M = 0.075
STRIDE_M = 1.42
_SWING_RAD = np.radians(25.0)
_LEAN_RAD = np.radians(3.0)
_HIP_M = (0.0, figure.HIP_M, 0.0)
_HIP_JOINTS_M = ((0.088, figure.HIP_M, 0.0), (-0.088, figure.HIP_M, 0.0))
SHADE = "people shade"


def add_figures(batch: Batch, crowd: Crowd) -> None:
    """Everybody who walks or stands, in a few parts; they go along the scene's first ways."""
    for look in range(len(LOOKS)):
        people = np.nonzero(crowd.look[:UPRIGHT] == look)[0]
        trunks = _going(crowd, people, _HIP_M, lean_rad=-_LEAN_RAD)
        for material, mesh in (("shirt", _trunk()), ("skin", _head_and_hands()), ("hair", _hair())):
            batch.send(f"{material} {look}", mesh, trunks, _standing(crowd, people, _HIP_M))
        for joint_m, swing_rad in zip(_HIP_JOINTS_M, (_SWING_RAD, -_SWING_RAD), strict=True):
            legs = _going(crowd, people, joint_m, swing_rad=swing_rad)
            batch.send(f"trousers {look}", figure.far_leg(), legs, _standing(crowd, people, joint_m))
    everybody, foot_m = np.arange(UPRIGHT), (0.0, 0.0, 0.0)
    shades = _going(crowd, everybody, foot_m, pressed_m=SHADE_LIFT_M)
    batch.send("shade", _shade_mesh(), shades, _standing(crowd, everybody, foot_m), SHADE)


def _going(
    crowd: Crowd, people: NDArray[np.intp], joint_m: Place, *, pressed_m: float | None = None, **turns_rad: float
) -> Going:
    """How some people go, as seen by a part that hangs at a joint."""
    walks = people < WALKERS
    habits = (crowd.path, crowd.start_m, crowd.speed_m_s, crowd.side_m)
    way, start_m, speed_m_s, side_m = (
        np.where(walks, one[np.minimum(people, WALKERS - 1)], nothing)
        for one, nothing in zip(habits, (-1, 0.0, 0.0, 0.0), strict=True)
    )
    return Going(
        way, start_m, speed_m_s, side_m, crowd.scale[people], people, joint_m, **turns_rad, stride_m=STRIDE_M,
        pressed_m=pressed_m,
    )  # fmt: skip


def _standing(crowd: Crowd, people: NDArray[np.intp], joint_m: Place) -> Float32:
    """Where that part is of those who stand (k, 4, 4)."""
    rows = np.tile([0.0, 0.0, 0.0, 1.0], (len(people), 1))
    stands = people >= WALKERS
    rows[stands] = crowd.standing[people[stands] - WALKERS]
    return standing_at(rows, 0.0, crowd.scale[people]) @ translation(*joint_m).astype(np.float32)


def _trunk() -> Mesh:
    rings = [(-0.10, 0.155, 0.11), (0.18, 0.155, 0.11), (0.42, 0.20, 0.115), (0.52, 0.17, 0.09), (0.60, 0.06, 0.06)]
    trunk = loft(np.stack([ellipse((0.0, y, 0.0), x, z, 6) for y, x, z in rings]), crease_deg=100.0)
    arms = [
        limb((side * 0.205, 0.50, 0.0), (side * 0.25, -0.06, 0.05), (0.055, 0.05, 0.036), 4) for side in (-1.0, 1.0)
    ]
    return merge((trunk, *arms))


def _head_and_hands() -> Mesh:
    hands = [limb((side * 0.25, -0.05, 0.05), (side * 0.25, -0.18, 0.07), (0.03, 0.035), 4) for side in (-1.0, 1.0)]
    head = transform(sphere(1.0, 4, 6), translation(0.0, 0.725, 0.01) @ scaling(0.078, 0.115, 0.095))
    return merge((head, limb((0.0, 0.56, 0.0), (0.0, 0.66, 0.0), (0.055, 0.055), 5), *hands))


def _hair() -> Mesh:
    return moved(transform(sphere(1.0, 3, 6), scaling(0.09, 0.075, 0.10)), 0.0, 0.785, -0.018)


def _shade_mesh() -> Mesh:
    outline = ((0.0, 0.12), (0.85, 0.13), (1.40, 0.22), (1.52, 0.07), (1.62, 0.10), (1.76, 0.06))
    return loft(np.stack([ellipse((0.0, y, 0.0), r, r * 0.7, 4) for y, r in outline]), capped=False)
