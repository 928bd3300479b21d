"""Keeps a person's feet where they belong, and the hips low enough for both legs to get there."""

from __future__ import annotations

import numpy as np

from environments.animation.anatomy import Part
from environments.animation.legs import Legs
from environments.animation.postures import Posture
from environments.animation.quaternions import Floats, about_x, about_y
from environments.animation.rig import Joints, Rig
from environments.animation.stepping import Gait
from environments.animation.walking import LIFT_M, STANCE_PART, Sole

_SOFT_PER_M = 150.0
_BALL_M, _HEEL_M = 0.12, 0.05


class Footing:
    """The legs of a rig in a posture; None where a skeleton has no legs (`footing_of`)."""

    def __init__(self, rig: Rig, joints: Joints, posture: Posture) -> None:
        chains = [
            (int(joints[thigh]), int(joints[thigh + 2]), int(joints[thigh + 4]))
            for thigh in (Part.LEFT_THIGH, Part.RIGHT_THIGH)
        ]
        self._rig = rig
        self._legs = Legs(rig, chains, np.array([[0.0, 0.0, 1.0]] * 2))
        ends = self._legs.rest_ends_m
        self.rest_ends_m: Floats = ends + np.array([0.0, 0.0, posture.feet_ahead_m])
        toes = [int(joints[part]) for part in (Part.LEFT_TOES, Part.RIGHT_TOES)]
        ball_m = float((rig.rest_globals[toes, 2, 3] - ends[:, 2]).mean()) if min(toes) >= 0 else _BALL_M
        self.sole = Sole(float(ends[:, 1].mean()), _HEEL_M, ball_m)
        homes = tuple((float(x), float(z)) for x, _, z in ends)
        self.gait = Gait((0.0, 0.5), homes, STANCE_PART, LIFT_M)
        hips = int(joints[Part.HIPS])
        top = hips if hips >= 0 else int(rig.parents[chains[0][0]])
        self._moving = np.concatenate([level[0] for level in rig.below([top])])

    def stand(self, globals_: Floats, locals_: Floats, ends_m: Floats, turns: Floats) -> None:
        """Bring the ankles to `ends_m` (k, 2, 3), feet turned by `turns` (k, 2, 3, 3) since rest, in place."""
        uppers_m = globals_[:, self._legs.upper][..., :3, 3]
        apart = (ends_m - uppers_m)[..., [0, 2]]
        reach_m = np.sqrt(np.maximum(self._legs.reach_m**2 - np.einsum("kni,kni->kn", apart, apart), 1e-4))
        room_m = ends_m[..., 1] + reach_m - uppers_m[..., 1]
        # The least of both legs' room and of zero, rounded: hips sink and never rise.
        lowest = np.exp(-_SOFT_PER_M * np.clip(room_m, -0.5, 0.5)).sum(axis=1)
        globals_[:, self._moving, 1, 3] -= (np.log1p(lowest) / _SOFT_PER_M)[:, None]
        self._legs.solve(globals_, locals_, ends_m, turns)
        self._rig.update(globals_, locals_, self._legs.levels)

    def stand_still(self, globals_: Floats, locals_: Floats) -> None:
        """Leave the feet where they are at rest."""
        count = len(globals_)
        ends_m = np.broadcast_to(self.rest_ends_m, (count, 2, 3))
        self.stand(globals_, locals_, ends_m, np.broadcast_to(np.eye(3), (count, 2, 3, 3)))


def footing_of(rig: Rig, joints: Joints, posture: Posture) -> Footing | None:
    """The footing of a skeleton that has two legs of three joints."""
    legs = joints[Part.LEFT_THIGH : Part.RIGHT_FOOT + 1]
    return Footing(rig, joints, posture) if legs.min() >= 0 else None


def in_body(places: Floats, ends_m: Floats, headings_rad: Floats, pitches_rad: Floats) -> tuple[Floats, Floats]:
    """Ends (k, n, 3) and turns (k, n, 3, 3) in the space of bodies at `places` (k, 4, 4), from those in the world."""
    turn = places[:, :3, :3]
    ends = np.einsum("kji,knj->kni", turn, ends_m - places[:, None, :3, 3])
    turned = about_y(headings_rad) @ about_x(pitches_rad)
    return ends, np.swapaxes(turn, 1, 2)[:, None] @ turned
