"""The people's skeleton: 55 joints with axes of the world at rest, and the standing pose that becomes the rest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from environments.assets.build.human_data import read_groups
from environments.assets.build.mesh import Floats, unit

ROOT = "root"
_FINGERS = ("index", "middle", "ring", "pinky")
# Directions of the left limbs in the standing pose; x is mirrored for the right ones.
_ARM = {
    "upperarm": ((0.20, -0.975, -0.05), "lowerarm"),
    "lowerarm": ((0.06, -0.975, 0.20), "hand"),
    "hand": ((-0.02, -0.98, 0.17), "middle_01"),
}
_LEG = {"thigh": ((0.035, -0.998, 0.0), "calf"), "calf": ((0.012, -0.998, -0.045), "foot")}
_CURL_DEG = {"index": 12.0, "middle": 17.0, "ring": 20.0, "pinky": 22.0, "thumb": 6.0}


@dataclass(frozen=True, slots=True)
class Rig:
    """Joints: names, index of the parent (−1 for the root), places (j, 3) m, weights (points, j)."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    places: Floats
    weights: Floats

    def index(self, name: str) -> int:
        """The joint's number."""
        return self.names.index(name)


def read_rig(data: Path, points: Floats) -> Rig:
    """The game rig of the data fitted to a body, with an eye on either side added to the head."""
    standard = data / "rigs" / "standard"
    bones = json.loads((standard / "rig.game_engine.json").read_text(encoding="utf-8"))
    given = json.loads((standard / "weights.game_engine.json").read_text(encoding="utf-8"))["weights"]
    groups = read_groups(data)
    order = _from_the_root(bones)
    weights = np.zeros((len(points), len(order) + 2))
    for column, name in enumerate(order):
        for vertex, weight in given[name]:
            weights[vertex, column] = weight
    places = [
        points[groups[b["head"]["cube_name"]]].mean(0) if b["parent"] else np.zeros(3)
        for b in (bones[name] for name in order)
    ]
    for column, side in ((-2, "l"), (-1, "r")):
        eye = groups[f"helper-{side}-eye"]
        weights[eye] = 0.0
        weights[eye, column] = 1.0
        places.append((points[eye].min(0) + points[eye].max(0)) / 2)
    parents = [order.index(bones[n]["parent"]) if bones[n]["parent"] else -1 for n in order]
    parents += [order.index("head")] * 2
    names = tuple("root" if n == "Root" else n for n in order)
    total = np.maximum(weights.sum(1, keepdims=True), 1e-9)
    return Rig((*names, "eye_l", "eye_r"), tuple(parents), np.array(places), weights / total)


def _from_the_root(bones: dict[str, dict[str, str]]) -> list[str]:
    """Bones so that parents come first, in a fixed order."""
    order: list[str] = []
    left = sorted(bones)
    while left:
        for name in left:
            if not bones[name]["parent"] or bones[name]["parent"] in order:
                order.append(name)
        left = [name for name in left if name not in order]
    return order


def turning(a: Floats, b: Floats) -> Floats:
    """The smallest rotation (3, 3) that turns direction a into b."""
    a, b = unit(a), unit(b)
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1 + c))


def about(axis: Floats, angle_deg: float) -> Floats:
    """Rotation (3, 3) about an axis (Rodrigues)."""
    x, y, z = unit(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(angle_deg)
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k)


def _arm_turns(rig: Rig, side: str, turns: dict[str, Floats], wide: float) -> None:
    """Rotations in the world of one arm's joints and its fingers."""
    sign = 1.0 if side == "l" else -1.0
    before = np.eye(3)
    place = {n: rig.places[i] for i, n in enumerate(rig.names)}
    for name, (direction, child) in _ARM.items():
        now = before @ (place[f"{child}_{side}"] - place[f"{name}_{side}"])
        goal = np.array(direction) + np.array([wide if name == "upperarm" else wide * 0.4, 0, 0])
        before = turning(now, goal * (sign, 1, 1)) @ before
        turns[f"{name}_{side}"] = before
    across = before @ (place[f"pinky_01_{side}"] - place[f"index_01_{side}"])
    for finger in (*_FINGERS, "thumb"):
        bent = before
        if finger != "thumb":
            own, middle = (before @ (place[f"{f}_03_{side}"] - place[f"{f}_01_{side}"]) for f in (finger, "middle"))
            bent = turning(own, 0.3 * unit(own) + 0.7 * unit(middle)) @ before
        for k in (1, 2, 3):
            bent = about(across * -sign, _CURL_DEG[finger] * (0.7 if k == 1 else 1.2) * -1) @ bent
            turns[f"{finger}_0{k}_{side}"] = bent


def _leg_turns(rig: Rig, side: str, turns: dict[str, Floats]) -> None:
    """Rotations in the world of one leg's joints; the feet stay level."""
    sign = 1.0 if side == "l" else -1.0
    before = np.eye(3)
    for name, (direction, child) in _LEG.items():
        now = before @ (rig.places[rig.index(f"{child}_{side}")] - rig.places[rig.index(f"{name}_{side}")])
        before = turning(now, np.array(direction) * (sign, 1, 1)) @ before
        turns[f"{name}_{side}"] = before
    turns[f"foot_{side}"] = np.eye(3)


def stood(rig: Rig, points: Floats, wide: float) -> tuple[Rig, Floats]:
    """Let the arms hang: the rig and the points (n, 3) in the standing pose; `wide` keeps arms off broad bodies."""
    turns: dict[str, Floats] = {}
    for side in ("l", "r"):
        _arm_turns(rig, side, turns, wide)
        _leg_turns(rig, side, turns)
    rotations: list[Floats] = []
    places = np.zeros_like(rig.places)
    for joint, (name, parent) in enumerate(zip(rig.names, rig.parents, strict=True)):
        above = rotations[parent] if parent >= 0 else np.eye(3)
        rotations.append(turns.get(name, above))
        places[joint] = rig.places[joint]
        if parent >= 0:
            places[joint] = places[parent] + above @ (rig.places[joint] - rig.places[parent])
    moved = np.zeros_like(points)
    for joint, rotation in enumerate(rotations):
        share = rig.weights[:, joint : joint + 1]
        if share.any():
            moved += share * ((points - rig.places[joint]) @ rotation.T + places[joint])
    lost = rig.weights.sum(1) < 0.5
    moved[lost] = points[lost]
    return Rig(rig.names, rig.parents, places, rig.weights), moved


def lowered(rig: Rig, by_m: Floats) -> Rig:
    """The rig moved, all but its root, which stays on the ground."""
    places = rig.places + by_m
    places[0] = 0.0
    return Rig(rig.names, rig.parents, places, rig.weights)
