"""Bodies with every joint turned, and where plain arithmetic puts their vertices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from environments.animation.rig import Rig, local_matrices
from environments.render.model import Poses, SkinnedPart
from tests.animation.bodies import body

Floats = NDArray[np.float64]


def poses_of(count: int, seed: int = 3) -> Poses:
    """Bodies in a row, each with every joint turned a little and the eyes half closed."""
    rng = np.random.default_rng(seed)
    rig = Rig(body().skeleton)
    pose = rig.rest(count)
    rig.turn(pose, np.arange(rig.count), rng.uniform(-0.4, 0.4, (count, rig.count, 3)))
    places = np.tile(np.eye(4, dtype=np.float32), (count, 1, 1))
    places[:, 0, 3] = np.arange(count) - (count - 1) / 2.0
    morphs = rng.uniform(0.0, 1.0, (count, 1)).astype(np.float32)
    return Poses(places, rig.palettes(rig.globals_of(local_matrices(pose))), morphs)


def expected(part: SkinnedPart, poses: Poses, index: int) -> tuple[Floats, Floats]:
    """Places and normals of a part's vertices in the world."""
    blend = np.einsum("ni,nijk->njk", part.weights, poses.joints[index][part.joints]).astype(np.float64)
    at, way = part.mesh.positions_m.astype(np.float64), part.mesh.normals.astype(np.float64)
    if part.morphs_m is not None and part.morph_normals is not None:
        at = at + np.tensordot(poses.morphs[index], part.morphs_m, 1)
        way = way + np.tensordot(poses.morphs[index], part.morph_normals, 1)
    matrix = poses.places[index] @ blend
    turned = np.einsum("nij,nj->ni", np.linalg.inv(matrix[:, :3, :3]).transpose(0, 2, 1), way)
    placed = np.einsum("nij,nj->ni", matrix[:, :3, :3], at) + matrix[:, :3, 3]
    return placed, turned / np.linalg.norm(turned, axis=1, keepdims=True)


def with_uneven_scale(poses: Poses) -> Poses:
    """The same bodies, wide and flat."""
    places = poses.places.copy()
    places[:, :3, :3] = places[:, :3, :3] @ np.diag([1.5, 1.0, 0.6]).astype(np.float32)
    return Poses(places, poses.joints, poses.morphs)
