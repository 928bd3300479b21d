"""A seated body's measures, and closed-form reaching of arms and legs, when postures are prepared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from environments.animation.quaternions import Floats, cross, from_turns, matrices
from environments.animation.rig import Rig

MOUTH_M = (0.0, -0.072, 0.012)
"""The mouth from the middle between the eyes."""
TWIST_PART = 0.6
"""Share of a hand's twist that the forearm takes up."""
FINGERS = ("index", "middle", "ring", "pinky")
_REACH = 0.995


class Figure:
    """A skeleton whose joints have the world's axes at rest: places (j, 3), names to numbers."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.joint = {name: number for number, name in enumerate(rig.names)}
        self.rest_m: Floats = rig.rest_globals[:, :3, 3].copy()
        eyes = 0.5 * (self.rest_m[self.joint["eye_l"]] + self.rest_m[self.joint["eye_r"]])
        self.eyes_m: Floats = eyes - self.rest_m[self.joint["head"]]
        self.mouth_m: Floats = self.eyes_m + MOUTH_M
        self.offsets_m: Floats = self.rest_m - np.where(
            (rig.parents >= 0)[:, None], self.rest_m[np.maximum(rig.parents, 0)], 0.0
        )

    def placed(self, turns: Floats, pelvis_m: Floats) -> tuple[Floats, Floats]:
        """Where joints are (j, 3) and how they are turned (j, 3, 3), from turns relative to the parents."""
        places, globals_ = np.zeros_like(self.rest_m), np.zeros_like(turns)
        for joint, parent in enumerate(self.rig.parents):
            above = globals_[parent] if parent >= 0 else np.eye(3)
            globals_[joint] = above @ turns[joint]
            if self.rig.names[joint] == "pelvis":
                places[joint] = pelvis_m
            else:
                places[joint] = (places[parent] if parent >= 0 else 0.0) + above @ self.offsets_m[joint]
        return places, globals_

    def turn_hand(self, turns: Floats, globals_: Floats, side: str, ways: tuple[Floats, Floats]) -> None:
        """Point the fingers and the palm along `ways`, in place; the forearm twists along."""
        hand, fore = self.joint[f"hand_{side}"], self.joint[f"lowerarm_{side}"]
        fingers, palm = self._rest_hand(side)
        wanted = _frame(ways[0], ways[1]) @ _frame(fingers, palm).T
        along = _unit(globals_[fore] @ (self.rest_m[hand] - self.rest_m[fore]))
        now, then = (_across(one, along) for one in (globals_[fore] @ palm, wanted @ palm))
        angle = np.arctan2(cross(now, then) @ along, now @ then)
        twist = turned(along * angle * TWIST_PART)
        upper = globals_[self.rig.parents[fore]]
        globals_[fore] = twist @ globals_[fore]
        turns[fore] = upper.T @ globals_[fore]
        turns[hand] = globals_[fore].T @ wanted

    def curl(self, turns: Floats, side: str, angle_rad: float) -> None:
        """Bend the fingers of a hand, in place."""
        fingers, palm = self._rest_hand(side)
        bend = turned(_unit(cross(fingers, palm)) * angle_rad)
        for name in FINGERS:
            for part in ("01", "02", "03"):
                turns[self.joint[f"{name}_{part}_{side}"]] = bend

    def _rest_hand(self, side: str) -> tuple[Floats, Floats]:
        hand, middle = self.rest_m[self.joint[f"hand_{side}"]], self.rest_m[self.joint[f"middle_01_{side}"]]
        return _unit(middle - hand), np.array([-1.0 if side == "l" else 1.0, 0.0, 0.0])


def limb_turns(
    figure: Figure, turns: Floats, globals_: Floats, names: Sequence[str], way: tuple[Floats, Floats, Floats]
) -> None:
    """Make a limb of two bones reach, in place: `way` is its start, its end and where its middle joint points (3,)."""
    upper, lower, end = (figure.joint[name] for name in names)
    a, b, c = (figure.rest_m[joint] for joint in (upper, lower, end))
    first, second = float(np.linalg.norm(b - a)), float(np.linalg.norm(c - b))
    start_m, end_m, pole = way
    along = end_m - start_m
    size = min(max(float(np.linalg.norm(along)), abs(first - second) * 1.02), (first + second) * _REACH)
    along = _unit(along)
    out = _across(pole, along)
    cosine = (first**2 + size**2 - second**2) / (2.0 * first * size)
    upper_way = along * cosine + out * max(1.0 - cosine**2, 0.0) ** 0.5
    lower_way = _unit(along * size - upper_way * first)
    axis = _unit(cross(upper_way, lower_way))
    hinge = _rest_hinge(names[0])
    globals_[upper] = _frame(upper_way, axis) @ _frame(b - a, hinge).T
    globals_[lower] = _frame(lower_way, axis) @ _frame(c - b, hinge).T
    turns[upper] = globals_[figure.rig.parents[upper]].T @ globals_[upper]
    turns[lower] = globals_[upper].T @ globals_[lower]


def _rest_hinge(name: str) -> Floats:
    """The axis about which a limb's lower bone bends: elbows forwards, knees backwards."""
    return np.array([-1.0, 0.0, 0.0]) if name.startswith("upperarm") else np.array([1.0, 0.0, 0.0])


def turned(turn_rad: Sequence[float] | Floats) -> Floats:
    """The matrix (3, 3) of a turn about a vector by its length."""
    return np.asarray(matrices(from_turns(np.asarray(turn_rad, np.float64))))


def from_matrices(turns: Floats) -> Floats:
    """Unit quaternions (n, 4) of matrices (n, 3, 3) (Shepperd 1978, by the largest part)."""
    m = turns
    trace = m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
    squares = np.stack([1 + 2 * m[:, k, k] - trace for k in range(3)] + [1 + trace], -1)
    choice = squares.argmax(1)
    x, y, z = m[:, 2, 1] - m[:, 1, 2], m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] - m[:, 0, 1]
    xy, xz, yz = m[:, 0, 1] + m[:, 1, 0], m[:, 0, 2] + m[:, 2, 0], m[:, 1, 2] + m[:, 2, 1]
    table = np.stack(
        [
            np.stack([squares[:, 0], xy, xz, x], -1),
            np.stack([xy, squares[:, 1], yz, y], -1),
            np.stack([xz, yz, squares[:, 2], z], -1),
            np.stack([x, y, z, squares[:, 3]], -1),
        ],
        1,
    )
    found = table[np.arange(len(m)), choice]
    found = found / np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(np.where(found[:, 3:] < 0.0, -found, found))


def _frame(way: Floats, other: Floats) -> Floats:
    """Columns: a direction, what is left of another across it, and the one across both."""
    first = _unit(way)
    second = _across(other, first)
    return np.stack([first, second, cross(first, second)], -1)


def _across(way: Floats, along: Floats) -> Floats:
    return _unit(way - along * (way @ along))


def _unit(way: Floats) -> Floats:
    return np.asarray(way / max(float(np.linalg.norm(way)), 1e-9))
