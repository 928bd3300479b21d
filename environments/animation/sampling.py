"""Reads clips at many moments at once, as glTF 2.0 defines them (specification, appendix C)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.animation import quaternions
from environments.animation.quaternions import Floats
from environments.animation.rig import JointPoses, Rig
from environments.gltf.content import Channel, Clip

_MOVED = {"translation": "translations_m", "rotation": "rotations", "scale": "scales"}


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Curves with the same keys: `values` (keys, n, width), or (keys, 3, n, width) where `interpolation` is cubic."""

    path: str
    interpolation: str
    targets: NDArray[np.intp]
    times_s: Floats
    values: Floats


class ClipReader:
    """A clip with curves of equal keys put together, so that each group is read in one go."""

    def __init__(self, clip: Clip) -> None:
        self.duration_s = clip.duration_s
        groups: dict[tuple[str, str, bytes, int], list[Channel]] = defaultdict(list)
        for channel in clip.channels:
            width = channel.values.shape[-1]
            groups[channel.path, channel.interpolation, channel.times_s.tobytes(), width].append(channel)
        self._curves = tuple(_curves(channels) for channels in groups.values())

    def local_times_s(self, times_s: Floats, *, loops: bool) -> Floats:
        """Moments of the clip for moments since its start: over and over, or still after the end."""
        if loops and self.duration_s > 0.0:
            return np.asarray(np.mod(times_s, self.duration_s))
        return np.clip(times_s, 0.0, self.duration_s)

    def apply(self, pose: JointPoses, times_s: Floats, *, loops: bool = True) -> None:
        """Put k bodies, in place, where the clip has them at `times_s` (k,) since its start."""
        moments_s = self.local_times_s(times_s, loops=loops)
        for curves in self._curves:
            if curves.path in _MOVED:
                getattr(pose, _MOVED[curves.path])[:, curves.targets] = _read(curves, moments_s)

    def weights(self, morphs: Floats, times_s: Floats, *, loops: bool = True) -> None:
        """Set the weights (k, t) of morph targets, in place, where the clip has curves of them."""
        moments_s = self.local_times_s(times_s, loops=loops)
        for curves in self._curves:
            if curves.path == "weights":
                read = _read(curves, moments_s)[:, 0]
                morphs[:, : read.shape[1]] = read[:, : morphs.shape[1]]


def sampled(rig: Rig, clip: ClipReader, times_s: Floats, *, loops: bool = True) -> JointPoses:
    """Bodies in a clip; joints without curves are at rest."""
    pose = rig.rest(len(times_s))
    clip.apply(pose, times_s, loops=loops)
    return pose


def _curves(channels: list[Channel]) -> _Curves:
    first = channels[0]
    axis = 2 if first.interpolation == "CUBICSPLINE" else 1
    values = np.stack([channel.values.astype(np.float64) for channel in channels], axis=axis)
    targets = np.array([channel.target for channel in channels], np.intp)
    return _Curves(first.path, first.interpolation, targets, first.times_s.astype(np.float64), values)


def _read(curves: _Curves, moments_s: Floats) -> Floats:
    """The values (k, n, width) at k moments."""
    keys = curves.times_s
    before = np.clip(np.searchsorted(keys, moments_s, side="right") - 1, 0, len(keys) - 1)
    after = np.minimum(before + 1, len(keys) - 1)
    span_s = keys[after] - keys[before]
    part = np.clip((moments_s - keys[before]) / np.where(span_s > 0.0, span_s, 1.0), 0.0, 1.0)
    is_rotation = curves.path == "rotation"
    if curves.interpolation == "STEP":
        return np.asarray(curves.values[before])
    if curves.interpolation == "CUBICSPLINE":
        read = _hermite(curves.values, before, after, (part, span_s))
        return quaternions.normalized(read) if is_rotation else read
    start, end = curves.values[before], curves.values[after]
    if is_rotation:
        return quaternions.slerp(start, end, part[:, None])
    return np.asarray(start + (end - start) * part[:, None, None])


def _hermite(values: Floats, before: NDArray[np.intp], after: NDArray[np.intp], where: tuple[Floats, Floats]) -> Floats:
    """Cubic Hermite between keys; tangents are per second and so times the span."""
    t, span_s = (part[:, None, None] for part in where)
    t2 = t * t
    t3 = t2 * t
    leaving, arriving = values[before, 2] * span_s, values[after, 0] * span_s
    return np.asarray(
        (2.0 * t3 - 3.0 * t2 + 1.0) * values[before, 1]
        + (t3 - 2.0 * t2 + t) * leaving
        + (3.0 * t2 - 2.0 * t3) * values[after, 1]
        + (t3 - t2) * arriving
    )
