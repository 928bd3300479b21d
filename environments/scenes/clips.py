"""Clips of an imported model at a moment: places of nodes and poses of bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from environments.animation.rig import JointPoses
from environments.animation.sampling import ClipReader
from environments.gltf.content import Body, Clip, Skeleton
from environments.gltf.nodes import locals_of, worlds_of
from environments.render.model import Poses

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlayingClip:
    """A clip and how long it has been playing; one that does not loop stays at its end."""

    name: str
    age_s: float
    loops: bool


class Motion:
    """A skeleton with its clips, ready to be read at any moment."""

    def __init__(self, skeleton: Skeleton, clips: Sequence[Clip]) -> None:
        self._skeleton = skeleton
        self._readers = [(clip.name, ClipReader(clip)) for clip in clips]
        self._depths = np.zeros(len(skeleton.parents), np.int32)
        for joint, parent in enumerate(skeleton.parents):
            self._depths[joint] = self._depths[parent] + 1 if parent >= 0 else 0

    def worlds(self, playing: Sequence[PlayingClip]) -> Floats:
        """Matrices (j, 4, 4) in the skeleton's space; later clips go over earlier ones."""
        rest = self._skeleton
        pose = JointPoses(
            rest.translations_m.astype(np.float64)[None],
            rest.rotations.astype(np.float64)[None],
            rest.scales.astype(np.float64)[None],
        )
        for one, reader in self._running(playing):
            reader.apply(pose, np.array([one.age_s]), loops=one.loops)
        local = locals_of(pose.translations_m[0], pose.rotations[0], pose.scales[0])
        return worlds_of(local, rest.parents, self._depths)

    def weights(self, playing: Sequence[PlayingClip], at_rest: NDArray[np.float32]) -> Floats:
        """Weights (1, t) of morph targets from 0 to 1."""
        found = at_rest.astype(np.float64)[None]
        for one, reader in self._running(playing):
            reader.weights(found, np.array([one.age_s]), loops=one.loops)
        return found.clip(0.0, 1.0)

    def _running(self, playing: Sequence[PlayingClip]) -> list[tuple[PlayingClip, ClipReader]]:
        return [(one, reader) for one in playing for name, reader in self._readers if name == one.name]


class NodeMotion:
    """Places in the world of some nodes of a tree, and of all above them."""

    def __init__(self, nodes: Skeleton, clips: Sequence[Clip], wanted: Sequence[int]) -> None:
        self._chain = sorted({above for node in wanted for above in with_parents(nodes, node)})
        place_of = {node: number for number, node in enumerate(self._chain)}
        parents = [place_of.get(int(nodes.parents[node]), -1) for node in self._chain]
        part = Skeleton(
            np.array(parents, np.int32),
            tuple(nodes.names[node] for node in self._chain),
            nodes.translations_m[self._chain],
            nodes.rotations[self._chain],
            nodes.scales[self._chain],
            nodes.inverse_binds[self._chain],
        )
        self._motion = Motion(part, [_of_part(clip, place_of) for clip in clips])

    def worlds(self, playing: Sequence[PlayingClip]) -> dict[int, Floats]:
        """World matrices (4, 4) by node."""
        return dict(zip(self._chain, self._motion.worlds(playing), strict=True))


class BodyMotion:
    """A body that clips pose."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._motion = Motion(body.skeleton, body.clips)

    def poses(self, playing: Sequence[PlayingClip], offset_m: Floats) -> Poses:
        """The body's pose at a moment, moved away from where the file has it."""
        joints = self._motion.worlds(playing) @ self._body.skeleton.inverse_binds
        weights = self._motion.weights(playing, self._body.morph_defaults)
        place = self._body.place.copy()
        place[:3, 3] += offset_m
        return Poses(place[None], joints.astype(np.float32)[None], weights.astype(np.float32))


def with_parents(nodes: Skeleton, node: int) -> list[int]:
    """A node and all above it."""
    chain = []
    while node >= 0:
        chain.append(node)
        node = int(nodes.parents[node])
    return chain


def _of_part(clip: Clip, place_of: dict[int, int]) -> Clip:
    kept = [replace(one, target=place_of[one.target]) for one in clip.channels if one.target in place_of]
    return replace(clip, channels=tuple(kept))
