"""People seen from far: a few shapes of few triangles for each, and their flat shade on the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from environments.render import shapes_people as figure
from environments.render.model import Float32, Mesh
from environments.render.shapes import merge, moved, scaling, transform, translation
from environments.render.shapes_round import ellipse, limb, loft, sphere
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.palette import LOOKS
from environments.scenes.heights.people import UPRIGHT, WALKERS, Crowd, Upright
from environments.scenes.heights.placing import hung_on

SHADE_LIFT_M = 0.075
STRIDE_M = 1.42
_SWING_RAD = np.radians(25.0)
_LEAN_RAD = np.radians(3.0)
_TRUNKS = tuple((f"people torso {look}", f"people head {look}", f"people hair {look}") for look in range(len(LOOKS)))
_LEGS = tuple(f"people leg {look}" for look in range(len(LOOKS)))
_HIPS = np.tile([0.0, figure.HIP_M, 0.0], (UPRIGHT, 1))
_HIP_JOINTS = np.array([(0.088, figure.HIP_M, 0.0), (-0.088, figure.HIP_M, 0.0)])


def add_figures(batch: Batch) -> None:
    """The parts of everybody, to be placed by `figure_moves`; room for all is made at once."""
    one, two = (np.repeat(np.eye(4, dtype=np.float32)[None], times * UPRIGHT, 0) for times in (1, 2))
    for look, (torso, head, hair) in enumerate(_TRUNKS):
        batch.scatter(f"shirt {look}", _trunk(), one, torso)
        batch.scatter(f"skin {look}", _head_and_hands(), one, head)
        batch.scatter(f"hair {look}", _hair(), one, hair)
        batch.scatter(f"trousers {look}", figure.far_leg(), two, _LEGS[look])
    batch.scatter("shade", _shade_mesh(), one, "people shade")


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


def figure_moves(crowd: Crowd, upright: Upright, hidden: NDArray[np.intp], shade: Float32) -> dict[str, Float32]:
    """Matrices of every group; people numbered in `hidden` are left out; `shade` (4, 4) presses them flat."""
    look = crowd.look[:UPRIGHT].copy()
    look[hidden] = len(LOOKS)
    order = np.argsort(look, kind="stable")
    bounds = np.searchsorted(look[order], np.arange(len(LOOKS) + 1)).tolist()
    order = order[: bounds[-1]]
    bodies = upright.bodies[order]
    trunks, legs = _parts(upright, order, bodies)
    moves: dict[str, Float32] = {"people shade": shade @ bodies}
    for number, names in enumerate(_TRUNKS):
        start, end = bounds[number], bounds[number + 1]
        for name in names:
            moves[name] = trunks[start:end]
        moves[_LEGS[number]] = legs[2 * start : 2 * end]
    return moves


def _parts(upright: Upright, order: NDArray[np.intp], bodies: Float32) -> tuple[Float32, Float32]:
    """The trunks (k, 4, 4) and legs (2k, 4, 4) of some people."""
    count = len(order)
    swing, lean = np.zeros(UPRIGHT), np.zeros(UPRIGHT)
    swing[:WALKERS] = _SWING_RAD * np.sin(upright.gone_m * (2.0 * np.pi / STRIDE_M))
    lean[:WALKERS] = -_LEAN_RAD
    swings, joints = np.empty((count, 2)), np.empty((count, 2, 3))
    swings[:, 0] = swing[order]
    swings[:, 1] = -swings[:, 0]
    joints[:] = _HIP_JOINTS
    legs = hung_on(np.repeat(bodies, 2, axis=0), joints.reshape(-1, 3), swings.reshape(-1))
    return hung_on(bodies, _HIPS[:count], lean[order]), legs
