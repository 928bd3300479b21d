"""The dog of the package `dm-control`: its skin, and the joints that it is bound to, made into those of our creatures.

Format of the skin: MuJoCo documentation, XML reference, element `skin`, attribute `file`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from environments.assets.build.human_rig import Rig, about, turning
from environments.assets.build.mesh import Floats, Part, kept

_HEAD_BYTES, _NAME_BYTES = 16, 40
EYE_M = np.array([0.0256, 0.7041, 0.3584])  # the middle and the radius of the mesh BONEeye_L of the same folder
EYE_RADIUS_M = 0.0126
# Joints: parent, the bone whose place is theirs, and the bones whose skin they carry.
_BODY = {
    "root": ("", "", ""),
    "pelvis": ("root", "pelvis", "pelvis"),
    "spine": ("pelvis", "L_7", "L_7 L_6 L_5 L_4"),
    "chest": ("spine", "L_3", "L_3 L_2 L_1 torso"),
    "neck": ("chest", "C_6", "C_7 C_6 C_5 C_4 C_3"),
    "head": ("neck", "C_1", "C_2 C_1 skull"),
    "jaw": ("head", "jaw", "jaw"),
    "eye_l": ("head", "", ""),
    "eye_r": ("head", "", ""),
}
_TAIL = {
    f"tail_{k + 1}": (f"tail_{k}" if k else "pelvis", f"Ca_{3 * k + 1}", " ".join(f"Ca_{3 * k + n}" for n in (1, 2, 3)))
    for k in range(7)
}
_SIDE = {
    "scapula": ("chest", "scapula"),
    "upperarm": ("scapula", "upper_arm"),
    "forearm": ("upperarm", "lower_arm"),
    "hand": ("forearm", "hand"),
    "finger": ("hand", "finger"),
    "thigh": ("pelvis", "upper_leg"),
    "calf": ("thigh", "lower_leg"),
    "foot": ("calf", "foot"),
    "toe": ("foot", "toe"),
}


@dataclass(frozen=True, slots=True)
class Dog:
    """The skin, the inside of the mouth, and the skeleton with a joint for each eye."""

    skin: Part
    mouth: Part
    rig: Rig


def _joints() -> dict[str, tuple[str, str, str]]:
    found = _BODY | _TAIL
    for side in ("l", "r"):
        for name, (parent, bone) in _SIDE.items():
            above = parent if parent in _BODY else f"{parent}_{side}"
            found |= {f"{name}_{side}": (above, f"{bone}_{side.upper()}", f"{bone}_{side.upper()}")}
    return found


def _turned(points: Floats) -> Floats:
    """From x ahead, y left, z up to x left, y up, z ahead."""
    return np.asarray(points[..., [1, 2, 0]], dtype=np.float64)


def read_dog(assets: Path) -> Dog:
    """The dog of the folder `dog_assets`."""
    data = (assets / "dog_skin.skn").read_bytes()
    vertices, texels, faces, bones = (int(n) for n in np.frombuffer(data, "<i4", 4))
    raw, at = [], _HEAD_BYTES
    for count, width, kind in ((vertices, 3, "<f4"), (texels, 2, "<f4"), (faces, 3, "<i4")):
        raw.append(np.frombuffer(data, kind, count * width, at).reshape(count, width))
        at += count * width * 4
    places, weights = _bones(data, at, bones, vertices)
    points, first, same = np.unique(raw[0].round(6), axis=0, return_index=True, return_inverse=True)
    same = same.reshape(-1)
    rig = _rig(places, {name: rows[first] for name, rows in weights.items()})
    uv = raw[1][raw[2]].astype(np.float64)
    whole = Part(_turned(points), same[raw[2]].astype(np.int64), uv, rig.weights)
    return _parted(whole, rig)


def _bones(data: bytes, at: int, bones: int, vertices: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Where each bone is and how much of each vertex it carries."""
    places, weights = {}, {}
    for _ in range(bones):
        name = data[at : at + _NAME_BYTES].split(b"\0")[0].decode()
        at += _NAME_BYTES
        places[name] = _turned(np.frombuffer(data, "<f4", 3, at))
        at += 12 + 16
        count = int(np.frombuffer(data, "<i4", 1, at)[0])
        at += 4
        share = np.zeros(vertices)
        share[np.frombuffer(data, "<i4", count, at)] = np.frombuffer(data, "<f4", count, at + 4 * count)
        weights[name] = share
        at += 8 * count
    return places, weights


def _rig(places: dict[str, Floats], weights: dict[str, Floats]) -> Rig:
    joints = _joints()
    names = tuple(joints)
    parents = tuple(names.index(parent) if parent else -1 for parent, _, _ in joints.values())
    at = np.array([places[bone] if bone else np.zeros(3) for _, bone, _ in joints.values()])
    count = len(next(iter(weights.values())))
    carried = [[weights[bone] for bone in bones.split()] for *_, bones in joints.values()]
    shares = np.stack([np.sum(rows, axis=0) if rows else np.zeros(count) for rows in carried], axis=1)
    at[[names.index("eye_l"), names.index("eye_r")]] = EYE_M, EYE_M * (-1, 1, 1)
    return Rig(names, parents, at, shares / np.maximum(shares.sum(1, keepdims=True), 1e-9))


def _parted(whole: Part, rig: Rig) -> Dog:
    """The skin and the inside of the mouth, which has no picture in the data."""
    nowhere = np.asarray(((whole.uv < 0.0) | (whole.uv > 1.0)).any((1, 2)))
    return Dog(kept(whole, ~nowhere), kept(whole, nowhere), rig)


def stood(dog: Dog, jaw_deg: float, hocks_ahead_m: float) -> Dog:
    """The dog with its jaw turned up and its hind legs further under it; the new pose is its rest."""
    rig = dog.rig
    turns = {"jaw": about(np.array([1.0, 0.0, 0.0]), -jaw_deg)}
    for side in ("l", "r"):
        hip, knee, hock = (rig.places[rig.index(f"{name}_{side}")] for name in ("thigh", "calf", "foot"))
        goal = hock + np.array([0.0, 0.0, hocks_ahead_m])
        bent = _knee(hip, goal, float(np.linalg.norm(knee - hip)), float(np.linalg.norm(hock - knee)))
        turns[f"thigh_{side}"] = turning(knee - hip, bent - hip)
        turns[f"calf_{side}"] = turning(hock - knee, goal - bent)
        turns[f"foot_{side}"] = np.eye(3)
    rotations: list[Floats] = []
    places = rig.places.copy()
    for joint, (name, parent) in enumerate(zip(rig.names, rig.parents, strict=True)):
        above = rotations[parent] if parent >= 0 else np.eye(3)
        rotations.append(turns.get(name, above))
        if parent >= 0:
            places[joint] = places[parent] + above @ (rig.places[joint] - rig.places[parent])

    def moved(part: Part) -> Part:
        points = np.zeros_like(part.points)
        for joint, rotation in enumerate(rotations):
            turned = (part.points - rig.places[joint]) @ rotation.T + places[joint]
            points += part.weights[:, joint : joint + 1] * turned
        return replace(part, points=points)

    return Dog(moved(dog.skin), moved(dog.mouth), replace(rig, places=places))


def _knee(hip: Floats, hock: Floats, upper_m: float, lower_m: float) -> Floats:
    """Where the knee is, ahead of the line from hip to hock (law of cosines)."""
    way = hock - hip
    size = np.linalg.norm(way)
    along = (upper_m**2 - lower_m**2 + size**2) / (2 * size)
    out = np.cross(way / size, [-1.0, 0.0, 0.0])
    out = out * np.sign(out[2])
    return np.asarray(hip + way / size * along + out / np.linalg.norm(out) * np.sqrt(upper_m**2 - along**2))
