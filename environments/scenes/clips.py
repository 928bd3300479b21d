"""Clips of an imported model at a moment: places of nodes and poses of bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from environments.animation.rig import JointPoses
from environments.animation.sampling import ClipReader
from environments.gltf.content import Body, Channel, Clip, Skeleton
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


class BodiesMotion:
    """All bodies of a model, read as one large skeleton because that is many times faster."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self._bodies = bodies
        self._starts = np.cumsum([0, *(len(body.skeleton.parents) for body in bodies)])
        self._motion = Motion(_joined([body.skeleton for body in bodies]), _joined_clips(bodies, self._starts))
        self._faces = [Motion(body.skeleton, _of_morphs(body)) for body in bodies]

    def poses(self, playing: Sequence[PlayingClip]) -> list[Poses]:
        """Every body's pose at a moment, where the file has it."""
        if not self._bodies:
            return []
        worlds = self._motion.worlds(playing)
        poses = []
        for body, face, start, end in zip(self._bodies, self._faces, self._starts, self._starts[1:], strict=False):
            joints = (worlds[start:end] @ body.skeleton.inverse_binds).astype(np.float32)
            weights = face.weights(playing, body.morph_defaults).astype(np.float32)
            poses.append(Poses(body.place[None], joints[None], weights))
        return poses


def _joined(skeletons: Sequence[Skeleton]) -> Skeleton:
    starts = np.cumsum([0, *(len(one.parents) for one in skeletons)])
    parents = [
        np.where(one.parents < 0, -1, one.parents + start) for one, start in zip(skeletons, starts, strict=False)
    ]
    return Skeleton(
        np.concatenate([np.zeros(0), *parents]).astype(np.int32),
        tuple(name for one in skeletons for name in one.names),
        np.concatenate([np.zeros((0, 3), np.float32), *(one.translations_m for one in skeletons)]),
        np.concatenate([np.zeros((0, 4), np.float32), *(one.rotations for one in skeletons)]),
        np.concatenate([np.zeros((0, 3), np.float32), *(one.scales for one in skeletons)]),
        np.concatenate([np.zeros((0, 4, 4), np.float32), *(one.inverse_binds for one in skeletons)]),
    )


def _joined_clips(bodies: Sequence[Body], starts: NDArray[np.int64]) -> list[Clip]:
    """One clip for each name, with what it does to all bodies."""
    joined: dict[str, list[Channel]] = {}
    for body, start in zip(bodies, starts, strict=False):
        for clip in body.clips:
            moved = [replace(one, target=one.target + int(start)) for one in clip.channels if one.path != "weights"]
            joined.setdefault(clip.name, []).extend(moved)
    durations = {clip.name: clip.duration_s for body in bodies for clip in body.clips}
    return [Clip(name, durations[name], tuple(channels)) for name, channels in joined.items()]


def _of_morphs(body: Body) -> list[Clip]:
    """Only the clips that move morph targets, and only what they do to those."""
    found = [
        replace(clip, channels=tuple(one for one in clip.channels if one.path == "weights")) for clip in body.clips
    ]
    return [clip for clip in found if clip.channels]


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
