"""Legs of two bones that reach for a place: closed-form inverse kinematics for all legs of all bodies at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from environments.animation.quaternions import Floats, cross
from environments.animation.rig import Joints, Rig

FULL_REACH = 0.998
"""Legs stop short of being straight, where the knee would have no side to bend to."""


class Legs:
    """Chains of upper joint, middle joint and end joint; `bends` (n, 3) is where a straight leg's middle goes."""

    def __init__(self, rig: Rig, chains: Sequence[tuple[int, int, int]], bends: Floats) -> None:
        self._rig = rig
        self.upper, self.middle, self.end = (np.array(column, np.intp) for column in zip(*chains, strict=True))
        rest = rig.rest_globals
        a, b, c = (rest[joints, :3, 3] for joints in (self.upper, self.middle, self.end))
        self.rest_ends_m: Floats = c
        self.lengths_m: Floats = np.stack([np.linalg.norm(b - a, axis=1), np.linalg.norm(c - b, axis=1)])
        self._bends = _bends(a, b, c, bends)
        axis = _unit(cross(_unit(c - a), self._bends))
        self._upper_back = _linear_back(_frames(_unit(b - a), axis), rest[self.upper])
        self._lower_back = _linear_back(_frames(_unit(c - b), axis), rest[self.middle])
        self._end_linear = rest[self.end, :3, :3]
        self.levels = rig.below([int(joint) for joint in self.upper])

    @property
    def reach_m(self) -> Floats:
        """How far (n,) the ends get from the upper joints."""
        return np.asarray(self.lengths_m.sum(axis=0) * FULL_REACH)

    def solve(self, globals_: Floats, locals_: Floats, ends_m: Floats, turns: Floats) -> None:
        """Set the legs' local matrices, in place, so that the ends come to `ends_m` (k, n, 3).

        `turns` (k, n, 3, 3) are what the ends are turned by since rest, in the body's space; the bend turns along.
        `globals_` must be right for all joints above the legs; those of the legs are to be updated afterwards.
        """
        uppers_m = globals_[:, self.upper][..., :3, 3]
        way = ends_m - uppers_m
        size = np.linalg.norm(way, axis=-1)
        first, second = self.lengths_m
        shortest = np.abs(first - second) * 1.01 + 1e-6
        along = _unit(way)
        size = np.clip(size, shortest, self.reach_m)
        cosine = np.clip((first**2 + size**2 - second**2) / (2.0 * first * size), -1.0, 1.0)
        sine = np.sqrt(1.0 - cosine**2)
        pole = _level(turns) @ self._bends[..., None]
        axis = _unit(cross(along, pole[..., 0]))
        out = cross(axis, along)
        upper_way = along * cosine[..., None] + out * sine[..., None]
        lower_way = _unit(along * size[..., None] - upper_way * first[:, None])
        self._write(globals_, locals_, self.upper, _frames(upper_way, axis) @ self._upper_back)
        self._write(globals_, locals_, self.middle, _frames(lower_way, axis) @ self._lower_back)
        self._write(globals_, locals_, self.end, turns @ self._end_linear)

    def _write(self, globals_: Floats, locals_: Floats, joints: Joints, linear: Floats) -> None:
        """Give joints their turns in the body's space, by what their parents have there."""
        parents = globals_[:, self._rig.parents[joints], :3, :3]
        locals_[:, joints, :3, :3] = _inverse(parents) @ linear
        globals_[:, joints, :3, :3] = linear


def _bends(a: Floats, b: Floats, c: Floats, wanted: Floats) -> Floats:
    """Where the middle joints stand out at rest, or would if the leg were not straight."""
    along = _unit(c - a)
    out = (b - a) - along * np.einsum("ni,ni->n", b - a, along)[:, None]
    size = np.linalg.norm(out, axis=1, keepdims=True)
    span = np.linalg.norm(c - a, axis=1, keepdims=True)
    return _unit(np.where(size > 0.04 * span, out / np.maximum(size, 1e-9), wanted))


def _frames(way: Floats, axis: Floats) -> Floats:
    """Matrices (..., 3, 3) with these columns and the one across both."""
    return np.stack([way, axis, cross(way, axis)], axis=-1)


def _linear_back(frames: Floats, globals_: Floats) -> Floats:
    """What turns a new frame into the joint's matrix."""
    return np.asarray(np.swapaxes(frames, -1, -2) @ globals_[:, :3, :3])


def _level(turns: Floats) -> Floats:
    """Only the turn about y."""
    sine, cosine = turns[..., 0, 2], turns[..., 2, 2]
    size = np.maximum(np.hypot(sine, cosine), 1e-9)
    out = np.zeros_like(turns)
    out[..., 0, 0] = out[..., 2, 2] = cosine / size
    out[..., 0, 2], out[..., 2, 0] = sine / size, -sine / size
    out[..., 1, 1] = 1.0
    return out


def _inverse(linear: Floats) -> Floats:
    """The inverses of turns with scales along the turned axes."""
    return np.asarray(np.swapaxes(linear / np.einsum("...ij,...ij->...j", linear, linear)[..., None, :], -1, -2))


def _unit(vectors: Floats) -> Floats:
    size = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return np.asarray(vectors / np.maximum(size, 1e-12)[..., None])
