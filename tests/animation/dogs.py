"""A simple dog for tests: tubes over a skeleton with the joints of a real one, 0.55 m at the shoulder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from environments.gltf.content import Body
from environments.render.model import Character, Material, SkinnedPart
from tests.animation.bodies import Tree, part_of, skeleton_of, tube

JOINTS: Tree = {
    "root": ("", (0.0, 0.0, 0.0)),
    "pelvis": ("root", (0.0, 0.53, -0.28)),
    "spine": ("pelvis", (0.0, 0.54, -0.08)),
    "chest": ("spine", (0.0, 0.53, 0.14)),
    "neck": ("chest", (0.0, 0.58, 0.27)),
    "head": ("neck", (0.0, 0.70, 0.40)),
    "tail1": ("pelvis", (0.0, 0.53, -0.34)),
    "tail2": ("tail1", (0.0, 0.46, -0.44)),
    "tail3": ("tail2", (0.0, 0.42, -0.55)),
}
for _name, _x in (("left", 1.0), ("right", -1.0)):
    JOINTS |= {
        f"{_name}_hind_thigh": ("pelvis", (0.075 * _x, 0.49, -0.27)),
        f"{_name}_hind_shin": (f"{_name}_hind_thigh", (0.08 * _x, 0.32, -0.20)),
        f"{_name}_hind_foot": (f"{_name}_hind_shin", (0.08 * _x, 0.14, -0.32)),
        f"{_name}_fore_upper_arm": ("chest", (0.07 * _x, 0.45, 0.22)),
        f"{_name}_fore_forearm": (f"{_name}_fore_upper_arm", (0.075 * _x, 0.31, 0.15)),
        f"{_name}_fore_foot": (f"{_name}_fore_forearm", (0.075 * _x, 0.09, 0.17)),
    }
NAMES = tuple(JOINTS)
FUR = Material((0.16, 0.10, 0.06), roughness=0.8, pattern="cloth", pattern_scale_m=0.05)


def dog() -> Body:
    """The dog, facing +z."""
    trunk = [(0.0, 0.50, -0.36, 0.06, 0.07), (0.0, 0.50, -0.27, 0.10, 0.11), (0.0, 0.51, -0.06, 0.09, 0.10)]
    trunk += [(0.0, 0.49, 0.15, 0.11, 0.14), (0.0, 0.51, 0.27, 0.08, 0.10), (0.0, 0.60, 0.34, 0.06, 0.065)]
    skull = [(0.0, 0.55, 0.29, 0.055, 0.06), (0.0, 0.68, 0.38, 0.055, 0.06), (0.0, 0.71, 0.44, 0.065, 0.065)]
    skull += [(0.0, 0.69, 0.52, 0.04, 0.04), (0.0, 0.675, 0.60, 0.025, 0.025)]
    tail = [(0.0, 0.53, -0.34, 0.025, 0.025), (0.0, 0.46, -0.44, 0.02, 0.02), (0.0, 0.42, -0.56, 0.01, 0.01)]
    parts = [
        _fur(trunk, 16, 5, ["pelvis", "spine", "chest", "neck"]),
        _fur(skull, 14, 4, ["chest", "neck", "head"]),
        _fur(tail, 8, 4, ["pelvis", "tail1", "tail2", "tail3"]),
    ]
    for side, x in (("left", 1.0), ("right", -1.0)):
        hind = [(0.07 * x, 0.53, -0.27, 0.06, 0.09), (0.08 * x, 0.32, -0.20, 0.04, 0.05)]
        hind += [(0.08 * x, 0.14, -0.32, 0.02, 0.025), (0.08 * x, 0.02, -0.29, 0.022, 0.025)]
        fore = [(0.06 * x, 0.52, 0.20, 0.05, 0.06), (0.075 * x, 0.31, 0.15, 0.035, 0.04)]
        fore += [(0.075 * x, 0.09, 0.17, 0.02, 0.02), (0.075 * x, 0.02, 0.19, 0.025, 0.03)]
        parts.append(_fur(hind, 10, 5, ["pelvis", *(f"{side}_hind_{name}" for name in ("thigh", "shin", "foot"))]))
        parts.append(
            _fur(fore, 10, 5, ["chest", *(f"{side}_fore_{name}" for name in ("upper_arm", "forearm", "foot"))])
        )
    return Body(Character("dog", tuple(parts), 0.9), skeleton_of(JOINTS), (), (), np.zeros(0, np.float32))


def _fur(points: Sequence[tuple[float, ...]], around: int, finer: int, chain: list[str]) -> SkinnedPart:
    return part_of(tube(points, around, finer), FUR, chain, 0.04, JOINTS)
