"""A simple clothed body for tests: tubes with smooth weights over a skeleton, eyes that turn, lids that close."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from environments.gltf.content import Body, Skeleton
from environments.render.model import Character, Material, Mesh, SkinnedPart
from environments.render.shapes import merge, transform, translation
from environments.render.shapes_round import loft, sphere

Floats = NDArray[np.float64]

Tree = dict[str, tuple[str, tuple[float, float, float]]]
"""Joints by name: parent and place (m)."""
JOINTS: Tree = {
    "root": ("", (0.0, 0.0, 0.0)),
    "hips": ("root", (0.0, 0.95, 0.0)),
    "spine": ("hips", (0.0, 1.08, 0.0)),
    "chest": ("spine", (0.0, 1.26, 0.0)),
    "neck": ("chest", (0.0, 1.48, -0.01)),
    "head": ("neck", (0.0, 1.57, 0.0)),
}
for _name, _x in (("left", 1.0), ("right", -1.0)):
    JOINTS |= {
        f"{_name}_eye": ("head", (0.033 * _x, 1.645, 0.075)),
        f"{_name}_shoulder": ("chest", (0.04 * _x, 1.43, 0.0)),
        f"{_name}_upper_arm": (f"{_name}_shoulder", (0.18 * _x, 1.42, 0.0)),
        f"{_name}_forearm": (f"{_name}_upper_arm", (0.38 * _x, 1.22, 0.0)),
        f"{_name}_hand": (f"{_name}_forearm", (0.56 * _x, 1.04, 0.02)),
        f"{_name}_thigh": ("hips", (0.095 * _x, 0.92, 0.0)),
        f"{_name}_shin": (f"{_name}_thigh", (0.095 * _x, 0.50, 0.01)),
        f"{_name}_foot": (f"{_name}_shin", (0.095 * _x, 0.085, -0.02)),
        f"{_name}_toes": (f"{_name}_foot", (0.095 * _x, 0.02, 0.10)),
    }
NAMES = tuple(JOINTS)
PLACES = np.array([JOINTS[name][1] for name in NAMES])
SKIN = Material((0.42, 0.24, 0.17), roughness=0.55)
JACKET = Material((0.06, 0.09, 0.16), roughness=0.85, pattern="cloth", pattern_scale_m=0.06)
TROUSERS = Material((0.16, 0.15, 0.13), roughness=0.9, pattern="cloth", pattern_scale_m=0.06)
WHITE = Material((0.8, 0.79, 0.77), roughness=0.15)
DARK = Material((0.01, 0.008, 0.006), roughness=0.2)


def skeleton(turned: bool = True) -> Skeleton:
    """The person's skeleton."""
    return skeleton_of(JOINTS, turned)


def skeleton_of(joints: Tree, turned: bool = True) -> Skeleton:
    """A skeleton of joints by name; `turned` gives every joint axes of its own, as modelling programs do."""
    names = tuple(joints)
    rng = np.random.default_rng(5)
    parents = np.array([names.index(joints[name][0]) if joints[name][0] else -1 for name in names], np.int32)
    globals_ = np.tile(np.eye(4), (len(names), 1, 1))
    globals_[:, :3, 3] = [joints[name][1] for name in names]
    if turned:
        globals_[1:, :3, :3] = np.linalg.qr(rng.normal(size=(len(names) - 1, 3, 3)))[0]
        globals_[np.linalg.det(globals_[:, :3, :3]) < 0.0, :3, 0] *= -1.0
    above = np.where(parents[:, None, None] >= 0, globals_[parents], np.eye(4))
    local = np.linalg.inv(above) @ globals_
    return Skeleton(
        parents,
        names,
        local[:, :3, 3].astype(np.float32),
        np.array([quaternion_of(matrix[:3, :3]) for matrix in local], np.float32),
        np.ones((len(names), 3), np.float32),
        np.linalg.inv(globals_).astype(np.float32),
    )


def quaternion_of(matrix: Floats) -> Floats:
    """The quaternion x, y, z, w of a rotation (3, 3): the eigenvector of its largest eigenvalue (Bar-Itzhack 2000)."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = matrix
    k = np.array(
        [
            [xx - yy - zz, yx + xy, zx + xz, zy - yz],
            [yx + xy, yy - xx - zz, zy + yz, xz - zx],
            [zx + xz, zy + yz, zz - xx - yy, yx - xy],
            [zy - yz, xz - zx, yx - xy, xx + yy + zz],
        ]
    )
    return np.asarray(np.linalg.eigh(k)[1][:, -1])


def tube(points: Sequence[tuple[float, ...]], around: int, finer: int) -> Mesh:
    """A closed tube through (x, y, z, radius across, radius along) with rings between."""
    rows = np.array(points)
    t = np.linspace(0.0, len(rows) - 1.0, (len(rows) - 1) * finer + 1)
    rows = np.stack([np.interp(t, np.arange(len(rows)), column) for column in rows.T], axis=1)
    ways = np.gradient(rows[:, :3], axis=0)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    front = np.where(np.abs(ways[:, 2:]) > 0.9, [[0.0, -1.0, 0.0]], [[0.0, 0.0, 1.0]])
    across = np.cross(ways, front)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    along = np.cross(across, ways)
    turn = np.arange(around) * (2.0 * np.pi / around)
    out = np.cos(turn)[None, :, None] * (across * rows[:, 3:4])[:, None]
    out = out - np.sin(turn)[None, :, None] * (along * rows[:, 4:5])[:, None]
    return loft(rows[:, None, :3] + out, crease_deg=180.0)


def part_of(mesh: Mesh, material: Material, chain: list[str], soft_m: float = 0.07, tree: Tree = JOINTS) -> SkinnedPart:
    """A part whose vertices follow the nearest bones of a chain, smoothly from one to the next."""
    joints = np.array([list(tree).index(name) for name in chain])
    at = np.array([tree[name][1] for name in chain])
    points = mesh.positions_m.astype(np.float64)
    weights = np.zeros((len(points), len(chain)))
    left = np.ones(len(points))
    for index in range(len(chain) - 1, 0, -1):
        way = at[index] - at[index - 1]
        before = way / np.linalg.norm(way)
        if index + 1 < len(chain):
            after = at[index + 1] - at[index]
            before = before + after / np.linalg.norm(after)
        beyond = (points - at[index]) @ (before / np.linalg.norm(before))
        t = np.clip(beyond / (2.0 * soft_m) + 0.5, 0.0, 1.0)
        share = t * t * (3.0 - 2.0 * t)
        weights[:, index] = left * share
        left = left * (1.0 - share)
    weights[:, 0] = left
    best = np.argsort(-weights, axis=1)[:, :4]
    found = np.take_along_axis(weights, best, axis=1)
    wide = np.pad(found, ((0, 0), (0, 4 - found.shape[1])))
    numbers = np.pad(joints[best], ((0, 0), (0, 4 - best.shape[1])))
    return SkinnedPart(mesh, material, numbers.astype(np.uint16), wide.astype(np.float32))


def _side(side: str, x: float) -> list[SkinnedPart]:
    arm = [(0.14 * x, 1.44, 0.0, 0.06, 0.07), (0.18 * x, 1.42, 0.0, 0.058, 0.06), (0.38 * x, 1.22, 0.0, 0.043, 0.043)]
    arm += [(0.56 * x, 1.04, 0.02, 0.036, 0.032)]
    hand = [(0.55 * x, 1.05, 0.018, 0.026, 0.022), (0.60 * x, 1.0, 0.022, 0.042, 0.018)]
    hand += [(0.67 * x, 0.93, 0.025, 0.02, 0.012)]
    leg = [(0.09 * x, 0.98, 0.0, 0.09, 0.1), (0.095 * x, 0.86, 0.0, 0.088, 0.09), (0.095 * x, 0.5, 0.01, 0.058, 0.06)]
    leg += [(0.095 * x, 0.36, -0.01, 0.062, 0.064), (0.095 * x, 0.08, -0.02, 0.05, 0.055)]
    foot = [(0.095 * x, 0.05, -0.075, 0.03, 0.04), (0.095 * x, 0.055, -0.02, 0.042, 0.055)]
    foot += [(0.095 * x, 0.032, 0.1, 0.046, 0.032), (0.095 * x, 0.02, 0.165, 0.03, 0.02)]
    chain = [f"{side}_{name}" for name in ("shoulder", "upper_arm", "forearm", "hand")]
    legs = ["hips", *(f"{side}_{name}" for name in ("thigh", "shin", "foot"))]
    eye = _eye(JOINTS[f"{side}_eye"][1])
    return [
        part_of(tube(arm, 12, 7), JACKET, chain, 0.05),
        part_of(tube(hand, 10, 4), SKIN, chain[2:], 0.03),
        part_of(tube(leg, 14, 5), TROUSERS, legs),
        part_of(tube(foot, 12, 3), DARK, [f"{side}_foot", f"{side}_toes"], 0.02),
        part_of(eye[0], WHITE, [f"{side}_eye"]),
        part_of(eye[1], DARK, [f"{side}_eye"]),
        _lid(JOINTS[f"{side}_eye"][1]),
    ]


def _eye(at: tuple[float, float, float]) -> tuple[Mesh, Mesh]:
    ball = transform(sphere(0.0135, 8, 12), translation(*at))
    pupil = transform(sphere(0.0062, 6, 10), translation(at[0], at[1], at[2] + 0.0085))
    return ball, pupil


def _lid(at: tuple[float, float, float]) -> SkinnedPart:
    """A bowl over the eye's upper back; the morph target `blink` turns it down over the front."""
    up, across = np.meshgrid(np.linspace(0.0, np.pi / 2.0, 7), np.linspace(0.0, np.pi, 13), indexing="ij")
    turns = [_on_bowl(up * 1.1 - angle, across) for angle in (-0.5 * np.pi, 0.2 * np.pi)]
    first = np.arange(6 * 13).reshape(6, 13)[:, :-1].reshape(-1)
    triangles = np.concatenate(
        [np.stack([first, first + 1, first + 14], 1), np.stack([first, first + 14, first + 13], 1)]
    )
    places = [turn * 0.0152 + np.array(at) for turn in turns]
    mesh = Mesh(
        places[0].astype(np.float32),
        turns[0].astype(np.float32),
        np.zeros((len(turns[0]), 2), np.float32),
        triangles.astype(np.uint32),
    )
    bound = np.zeros((len(turns[0]), 4))
    return SkinnedPart(
        mesh,
        SKIN,
        np.full(bound.shape, NAMES.index("head"), np.uint16),
        np.add(bound, (1.0, 0.0, 0.0, 0.0)).astype(np.float32),
        (places[1] - places[0]).astype(np.float32)[None],
        (turns[1] - turns[0]).astype(np.float32)[None],
    )


def _on_bowl(up: Floats, across: Floats) -> Floats:
    """Unit vectors: `across` 0 is +x, `up` turns from +z towards +y."""
    level = np.sin(across)
    return np.stack([np.cos(across), level * np.sin(up), level * np.cos(up)], -1).reshape(-1, 3)


def body() -> Body:
    """The body, 1.78 m tall, facing +z, arms half raised."""
    trunk = [(0.0, 0.86, 0.0, 0.15, 0.11), (0.0, 0.95, 0.0, 0.165, 0.115), (0.0, 1.1, 0.005, 0.14, 0.1)]
    trunk += [(0.0, 1.3, 0.01, 0.165, 0.115), (0.0, 1.42, 0.0, 0.16, 0.09), (0.0, 1.47, -0.005, 0.07, 0.065)]
    skull = [(0.0, 1.44, -0.012, 0.052, 0.052), (0.0, 1.55, -0.005, 0.052, 0.056), (0.0, 1.565, 0.02, 0.055, 0.07)]
    skull += [(0.0, 1.62, 0.01, 0.07, 0.088), (0.0, 1.7, 0.0, 0.074, 0.095), (0.0, 1.75, -0.005, 0.06, 0.075)]
    skull += [(0.0, 1.775, -0.01, 0.02, 0.03)]
    nose = tube([(0.0, 1.655, 0.09, 0.006, 0.006), (0.0, 1.615, 0.11, 0.012, 0.012)], 8, 2)
    parts = [
        part_of(tube(trunk, 20, 5), JACKET, ["hips", "spine", "chest", "neck"]),
        part_of(merge([tube(skull, 18, 4), nose]), SKIN, ["chest", "neck", "head"], 0.035),
        *_side("left", 1.0),
        *_side("right", -1.0),
    ]
    character = Character("person", tuple(parts), 1.8)
    return Body(character, skeleton(), (), ("blink",), np.zeros(1, np.float32))
