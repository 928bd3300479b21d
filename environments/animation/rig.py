"""A skeleton made ready for posing many bodies with few array operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.animation import quaternions
from environments.animation.quaternions import Floats
from environments.gltf.content import Skeleton
from environments.render.model import Float32

Joints = NDArray[np.intp]
Levels = tuple[tuple[Joints, Joints], ...]
"""Joints and their parents, from the roots outwards."""


@dataclass(frozen=True, slots=True, eq=False)
class JointPoses:
    """k bodies relative to their joints' parents: (k, j, 3) metres, (k, j, 4) rotations, (k, j, 3) scales."""

    translations_m: Floats
    rotations: Floats
    scales: Floats


class Rig:
    """A skeleton's joints by depth, its rest pose and what turning a joint about the body's axes means."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.names = skeleton.names
        self.parents: Joints = np.asarray(skeleton.parents, np.intp)
        self.count = len(self.parents)
        self.levels = self.levels_of(range(self.count))
        self.inverse_binds = skeleton.inverse_binds.astype(np.float64)
        rotations = quaternions.normalized(skeleton.rotations.astype(np.float64))
        self._rest = tuple(
            np.asarray(part, np.float64)[None] for part in (skeleton.translations_m, rotations, skeleton.scales)
        )
        self.rest_locals = local_matrices(self.rest(1))
        self.rest_globals: Floats = self.globals_of(self.rest_locals)[0]
        """(j, 4, 4): the joints' matrices in the body's space at rest."""
        above = np.where(self.parents >= 0, self.parents, 0)
        linear = np.where((self.parents >= 0)[:, None, None], self.rest_globals[above, :3, :3], np.eye(3))
        self.parent_linear: Floats = linear
        """(j, 3, 3): turns and scales of the joints' parents at rest."""
        self._to_parent = np.linalg.inv(linear)
        self._turn_to_parent = np.transpose(linear / np.linalg.norm(linear, axis=1, keepdims=True), (0, 2, 1)).copy()

    def levels_of(self, joints: Sequence[int] | range) -> Levels:
        """Some joints by depth, so that a level needs only those before it (or joints that are not named)."""
        depths = np.zeros(self.count, np.intp)
        for joint, parent in enumerate(self.parents):
            depths[joint] = depths[parent] + 1 if parent >= 0 else 0
        chosen = np.asarray(list(joints), np.intp)
        levels = []
        for depth in np.unique(depths[chosen]):
            level = chosen[depths[chosen] == depth]
            levels.append((level, self.parents[level]))
        return tuple(levels)

    def below(self, joints: Sequence[int]) -> Levels:
        """The joints named and all that hang on them, by depth."""
        is_below = np.zeros(self.count, bool)
        is_below[list(joints)] = True
        for joint, parent in enumerate(self.parents):
            is_below[joint] |= parent >= 0 and is_below[parent]
        return self.levels_of([int(joint) for joint in np.nonzero(is_below)[0]])

    def rest(self, count: int) -> JointPoses:
        """`count` bodies at rest, in arrays of their own."""
        translations, rotations, scales = (np.repeat(part, count, axis=0) for part in self._rest)
        return JointPoses(translations, rotations, scales)

    def globals_of(self, locals_: Floats) -> Floats:
        """The joints' matrices in the body's space (k, j, 4, 4) from those relative to their parents."""
        out = np.empty_like(locals_)
        self.update(out, locals_, self.levels)
        return out

    @staticmethod
    def update(globals_: Floats, locals_: Floats, levels: Levels) -> None:
        """Write the matrices in the body's space of some joints again, in place."""
        for joints, parents in levels:
            if parents[0] < 0:
                globals_[:, joints] = locals_[:, joints]
            else:
                globals_[:, joints] = globals_[:, parents] @ locals_[:, joints]

    def palettes(self, globals_: Floats) -> Float32:
        """What `Poses.joints` wants: (k, j, 4, 4) with the inverse bind matrices applied."""
        return np.asarray(np.matmul(globals_, self.inverse_binds), np.float32)

    def turn(self, pose: JointPoses, joints: Joints, turns_rad: Floats) -> None:
        """Turn joints, in place, by vectors (k, n, 3) in the axes that the body has at rest.

        A joint's turn goes along with its parents: it is as if the rest of the body stood as at rest.
        """
        inside = np.einsum("nij,knj->kni", self._turn_to_parent[joints], turns_rad)
        pose.rotations[:, joints] = quaternions.product(quaternions.from_turns(inside), pose.rotations[:, joints])

    def turn_more(self, locals_: Floats, joints: Joints, rotations: Floats) -> None:
        """Turn joints' local matrices (k, j, 4, 4), in place, by matrices (k, n, 3, 3) in the same axes."""
        inside = self._to_parent[joints] @ rotations @ self.parent_linear[joints]
        locals_[:, joints, :3, :3] = inside @ locals_[:, joints, :3, :3]

    def shift(self, pose: JointPoses, joint: int, shifts_m: Floats) -> None:
        """Move a joint, in place, by (k, 3) metres in the axes that the body has at rest."""
        pose.translations_m[:, joint] += shifts_m @ self._to_parent[joint].T


def local_matrices(pose: JointPoses) -> Floats:
    """(k, j, 4, 4): each joint relative to its parent."""
    out = np.zeros((*pose.rotations.shape[:2], 4, 4))
    np.multiply(quaternions.matrices(pose.rotations), pose.scales[..., None, :], out=out[..., :3, :3])
    out[..., :3, 3] = pose.translations_m
    out[..., 3, 3] = 1.0
    return out
