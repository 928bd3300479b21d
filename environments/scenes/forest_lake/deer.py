"""Roe deer: a body of our own, with a skeleton that the creatures' walk moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.animation.creatures import Creatures
from environments.animation.moments import Moment
from environments.animation.routes import Route, Routes
from environments.gltf.content import Body, Skeleton
from environments.render.model import Character, Material, Poses, SkinnedPart
from environments.render.shapes import merge
from environments.render.shapes_round import limb
from environments.scenes.forest_lake.ground import ground_height

DEER_S = 118.0
"""How long an event lasts."""
NAME = "deer"
_COAT = Material((0.175, 0.098, 0.052), 0.9, pattern="plain", pattern_scale_m=0.12)
Vector = tuple[float, float, float]
_JOINTS: dict[str, tuple[str, Vector]] = {
    "pelvis": ("", (0.0, 0.74, -0.30)),
    "spine": ("pelvis", (0.0, 0.76, -0.02)),
    "chest": ("spine", (0.0, 0.74, 0.26)),
    "neck": ("chest", (0.0, 0.84, 0.36)),
    "head": ("neck", (0.0, 1.14, 0.56)),
    "tail": ("pelvis", (0.0, 0.78, -0.42)),
    "left_thigh": ("pelvis", (0.09, 0.68, -0.30)),
    "left_shin": ("left_thigh", (0.09, 0.38, -0.24)),
    "left_foot": ("left_shin", (0.09, 0.05, -0.34)),
    "right_thigh": ("pelvis", (-0.09, 0.68, -0.30)),
    "right_shin": ("right_thigh", (-0.09, 0.38, -0.24)),
    "right_foot": ("right_shin", (-0.09, 0.05, -0.34)),
    "left_upperarm": ("chest", (0.08, 0.66, 0.26)),
    "left_forearm": ("left_upperarm", (0.08, 0.40, 0.20)),
    "left_hand": ("left_forearm", (0.08, 0.05, 0.25)),
    "right_upperarm": ("chest", (-0.08, 0.66, 0.26)),
    "right_forearm": ("right_upperarm", (-0.08, 0.40, 0.20)),
    "right_hand": ("right_forearm", (-0.08, 0.05, 0.25)),
}
_NUMBER = {name: number for number, name in enumerate(_JOINTS)}


@dataclass(frozen=True, slots=True)
class _Limb:
    """A tapering part between two places, and the joint that holds its vertices; `to` takes over at its end."""

    start: Vector
    end: Vector
    radii: tuple[float, ...]
    joint: str
    to: str
    flat: float = 1.0


def _limbs() -> list[_Limb]:
    found = [
        _Limb((0, 0.73, -0.46), (0, 0.75, 0.0), (0.05, 0.135, 0.145, 0.14), "pelvis", "spine", 0.9),
        _Limb((0, 0.75, -0.02), (0, 0.73, 0.40), (0.14, 0.145, 0.145, 0.13, 0.05), "spine", "chest", 0.85),
        _Limb((0, 0.74, 0.27), (0, 1.15, 0.55), (0.12, 0.085, 0.062, 0.055), "chest", "head", 0.85),
        _Limb((0, 1.17, 0.50), (0, 1.10, 0.78), (0.05, 0.068, 0.052, 0.036, 0.026), "head", "head", 0.85),
        _Limb((0, 0.79, -0.42), (0, 0.70, -0.50), (0.03, 0.035, 0.012), "tail", "tail"),
    ]
    for side, name in ((1.0, "left"), (-1.0, "right")):
        found.append(
            _Limb(
                (side * 0.04, 1.20, 0.53), (side * 0.13, 1.33, 0.50), (0.014, 0.034, 0.03, 0.004), "head", "head", 0.4
            )
        )
        x = side * 0.085
        hind, fore = (
            (f"{name}_thigh", f"{name}_shin", f"{name}_foot"),
            (
                f"{name}_upperarm",
                f"{name}_forearm",
                f"{name}_hand",
            ),
        )
        found += [
            _Limb((x, 0.72, -0.31), (x, 0.38, -0.24), (0.105, 0.085, 0.042), hind[0], hind[1], 0.75),
            _Limb((x, 0.40, -0.24), (x, 0.05, -0.34), (0.042, 0.024, 0.021, 0.019), hind[1], hind[2]),
            _Limb((x, 0.06, -0.34), (x, 0.0, -0.31), (0.019, 0.024), hind[2], hind[2]),
            _Limb((x, 0.72, 0.26), (x, 0.40, 0.20), (0.085, 0.06, 0.034), fore[0], fore[1], 0.75),
            _Limb((x, 0.41, 0.20), (x, 0.05, 0.25), (0.034, 0.021, 0.019, 0.017), fore[1], fore[2]),
            _Limb((x, 0.06, 0.25), (x, 0.0, 0.28), (0.018, 0.022), fore[2], fore[2]),
        ]
    return found


@lru_cache(maxsize=1)
def deer_body() -> Body:
    """The body at rest, facing +z, standing on y = 0."""
    limbs = _limbs()
    meshes = [limb(one.start, one.end, one.radii, 9, one.flat) for one in limbs]
    joints, weights = zip(
        *(_bound(one, mesh.positions_m) for one, mesh in zip(limbs, meshes, strict=True)), strict=True
    )
    part = SkinnedPart(merge(meshes), _COAT, np.concatenate(joints), np.concatenate(weights))
    names = tuple(_JOINTS)
    places = np.array([at for _, at in _JOINTS.values()], np.float32)
    parents = np.array([_NUMBER.get(parent, -1) for parent, _ in _JOINTS.values()], np.int32)
    above = np.where((parents >= 0)[:, None], places[parents], 0.0)
    binds = np.tile(np.eye(4, dtype=np.float32), (len(names), 1, 1))
    binds[:, :3, 3] = -places
    turns = np.tile(np.array([0, 0, 0, 1], np.float32), (len(names), 1))
    still = (places - above).astype(np.float32)
    skeleton = Skeleton(parents, names, still, turns, np.ones_like(still), binds)
    return Body(Character(NAME, (part,), 1.8), skeleton, (), (), np.zeros(0, np.float32))


def _bound(one: _Limb, positions_m: NDArray[np.float32]) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Joints (n, 4) and weights (n, 4): the second joint takes over along the last third."""
    start, end = np.array(one.start), np.array(one.end)
    along = (positions_m - start) @ (end - start) / float((end - start) @ (end - start))
    second = np.clip((along - 0.66) / 0.5, 0.0, 0.6) if one.to != one.joint else np.zeros(len(along))
    joints = np.zeros((len(along), 4), np.uint16)
    joints[:, 0], joints[:, 1] = _NUMBER[one.joint], _NUMBER[one.to]
    weights = np.zeros((len(along), 4), np.float32)
    weights[:, 0], weights[:, 1] = 1.0 - second, second
    return joints, weights


class Herd:
    """Two deer on their way over the meadow and back."""

    def __init__(self, seed: int) -> None:
        ways = (
            Route(
                (
                    (-58.0, -35.0),
                    (-40.0, -28.5),
                    (-24.0, -21.5),
                    (-16.5, -17.8),
                    (-21.0, -17.0),
                    (-38.0, -24.5),
                    (-60.0, -30.0),
                ),
                0.86,
                corner_m=2.5,
            ),
            Route(
                (
                    (-60.0, -38.0),
                    (-42.0, -31.5),
                    (-27.0, -25.0),
                    (-20.5, -21.5),
                    (-25.0, -20.5),
                    (-42.0, -27.5),
                    (-62.0, -33.0),
                ),
                0.82,
                4.0,
                corner_m=2.5,
            ),
        )
        self._seed = seed
        self._creatures = Creatures(deer_body(), seed, len(ways), routes=Routes(ways))

    def poses(self, age_s: float) -> Poses:
        """Where they are so long after they came."""
        poses = self._creatures.poses(Moment(age_s))
        places = poses.places.astype(np.float64)
        places[:, 1, 3] += ground_height(places[:, 0, 3], places[:, 2, 3], self._seed)
        return replace(poses, places=places.astype(np.float32))
