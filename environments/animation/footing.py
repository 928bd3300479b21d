"""Keeps feet where they belong, and the body low enough for all legs to get there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from environments.animation.anatomy import Part
from environments.animation.legs import Legs
from environments.animation.postures import Posture
from environments.animation.quaternions import Floats, about_y_then_x
from environments.animation.rig import Joints, Rig
from environments.animation.stepping import Gait
from environments.animation.walking import LIFT_M, STANCE_PART, Sole

_SOFT_PER_M = 150.0
_BALL_M, _HEEL_M = 0.12, 0.05


class Footing:
    """The legs of a rig, and where their ends are when nothing moves: `rest_ends_m` (n, 3).

    `top` is the joint that carries them all and sinks; `bends` (n, 3) as in `Legs`.
    """

    def __init__(self, rig: Rig, chains: Sequence[tuple[int, int, int]], bends: Floats, top: int) -> None:
        self._rig = rig
        self._legs = Legs(rig, chains, bends)
        self._count = len(chains)
        self._moving = np.concatenate([level[0] for level in rig.below([top])])
        self.rest_ends_m: Floats = self._legs.rest_ends_m.copy()

    def homes_m(self) -> tuple[tuple[float, float], ...]:
        """Where the ends are over the ground at rest, x and z."""
        return tuple((float(x), float(z)) for x, _, z in self._legs.rest_ends_m)

    def stand(self, globals_: Floats, locals_: Floats, ends_m: Floats, turns: Floats) -> None:
        """Bring the ends to `ends_m` (k, n, 3), turned by `turns` (k, n, 3, 3) since rest, in place."""
        uppers_m = globals_[:, self._legs.upper][..., :3, 3]
        apart = (ends_m - uppers_m)[..., [0, 2]]
        reach_m = np.sqrt(np.maximum(self._legs.reach_m**2 - np.einsum("kni,kni->kn", apart, apart), 1e-4))
        room_m = ends_m[..., 1] + reach_m - uppers_m[..., 1]
        # The least of all legs' room and of zero, rounded: hips sink and never rise.
        lowest = np.exp(-_SOFT_PER_M * np.clip(room_m, -0.5, 0.5)).sum(axis=1)
        globals_[:, self._moving, 1, 3] -= (np.log1p(lowest) / _SOFT_PER_M)[:, None]
        self._legs.solve(globals_, locals_, ends_m, turns)
        self._rig.update(globals_, locals_, self._legs.levels)

    def stand_still(self, globals_: Floats, locals_: Floats) -> None:
        """Leave the feet where they are at rest."""
        count = len(globals_)
        ends_m = np.broadcast_to(self.rest_ends_m, (count, self._count, 3))
        self.stand(globals_, locals_, ends_m, np.broadcast_to(np.eye(3), (count, self._count, 3, 3)))


def footing_of(rig: Rig, joints: Joints, posture: Posture) -> Footing | None:
    """The footing of a person's skeleton, None where it lacks a joint of the legs."""
    if joints[Part.LEFT_THIGH : Part.RIGHT_FOOT + 1].min() < 0:
        return None
    chains = [
        (int(joints[thigh]), int(joints[thigh + 2]), int(joints[thigh + 4]))
        for thigh in (Part.LEFT_THIGH, Part.RIGHT_THIGH)
    ]
    top = int(joints[Part.HIPS]) if joints[Part.HIPS] >= 0 else int(rig.parents[chains[0][0]])
    footing = Footing(rig, chains, np.array([[0.0, 0.0, 1.0]] * 2), top)
    footing.rest_ends_m += (0.0, 0.0, posture.feet_ahead_m)
    return footing


def gait_of(rig: Rig, joints: Joints, footing: Footing) -> tuple[Gait, Sole]:
    """How a person walks, and the soles, from where the toes are."""
    ends = rig.rest_globals[joints[[Part.LEFT_FOOT, Part.RIGHT_FOOT]], :3, 3]
    toes = joints[[Part.LEFT_TOES, Part.RIGHT_TOES]]
    ball_m = float((rig.rest_globals[toes, 2, 3] - ends[:, 2]).mean()) if toes.min() >= 0 else _BALL_M
    sole = Sole(float(ends[:, 1].mean()), _HEEL_M, ball_m)
    return Gait((0.0, 0.5), footing.homes_m(), STANCE_PART, LIFT_M), sole


def in_body(places: Floats, ends_m: Floats, headings_rad: Floats, pitches_rad: Floats) -> tuple[Floats, Floats]:
    """Ends (k, n, 3) and turns (k, n, 3, 3) in the space of bodies at `places` (k, 4, 4), from those in the world."""
    turn = places[:, :3, :3]
    ends = np.einsum("kji,knj->kni", turn, ends_m - places[:, None, :3, 3])
    turned = about_y_then_x(headings_rad, pitches_rad)
    return ends, np.swapaxes(turn, 1, 2)[:, None] @ turned
