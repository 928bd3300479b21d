"""What lives and stands in the ice canyon: penguin, whale, snowman and its hat, ice lantern, igloo, sledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from environments.assets.build.glb import Glb
from environments.assets.build.human_file import skeleton_nodes, skinned_primitive
from environments.assets.build.human_rig import Rig
from environments.assets.build.mesh import Part, joined
from environments.assets.build.paint import encoded, layered, smoothstep
from environments.assets.build.snow_shapes import about, ball, bar, block, lofted, lumpy, spun, turned_up
from environments.assets.build.snow_sledge import sledge
from environments.assets.build.static_file import Surface, material, write_static

_BODY = [
    (0.012, 0.0), (0.015, 0.06), (0.05, 0.105), (0.12, 0.138), (0.21, 0.150), (0.30, 0.145), (0.38, 0.124),
    (0.44, 0.098), (0.485, 0.076), (0.515, 0.069), (0.55, 0.073), (0.585, 0.071), (0.62, 0.056), (0.64, 0.034),
    (0.648, 0.0),
]  # fmt: skip
_PENGUIN = {
    "root": ("", (0.0, 0.0, 0.0)),
    "body": ("root", (0.0, 0.16, 0.0)),
    "head": ("body", (0.0, 0.49, 0.0)),
    "flipper_l": ("body", (0.115, 0.425, 0.0)),
    "flipper_r": ("body", (-0.115, 0.425, 0.0)),
    "foot_l": ("body", (0.055, 0.05, 0.01)),
    "foot_r": ("body", (-0.055, 0.05, 0.01)),
}
_WHALE_M = [
    (4.2, 0.0, 0.0), (4.05, 0.42, 0.34), (3.4, 0.78, 0.72), (2.2, 1.02, 1.02), (0.8, 1.08, 1.10), (-0.6, 0.92, 0.98),
    (-1.8, 0.66, 0.74), (-2.9, 0.40, 0.50), (-3.8, 0.20, 0.30), (-4.4, 0.10, 0.16), (-4.7, 0.0, 0.0),
]  # fmt: skip
"""Rings of the whale's trunk: place along it, half width, half height."""

_WHALE_UP_M = 1.2
"""How high its middle is over its lowest point, where the model's ground is."""

_SPINE_M = (0.0, -1.6, -2.9, -4.0)


def _rig(joints: dict[str, tuple[str, tuple[float, float, float]]]) -> Rig:
    names = tuple(joints)
    parents = tuple(names.index(above) if above else -1 for above, _ in joints.values())
    return Rig(names, parents, np.array([place for _, place in joints.values()]), np.zeros((0, 0)))


def _bound(part: Part, rig: Rig, joint: str) -> Part:
    weights = np.zeros((len(part.points), len(rig.names)))
    weights[:, rig.index(joint)] = 1.0
    return replace(part, weights=weights)


def _coat() -> bytes:
    """Dark above and behind, white in front, a white band over the crown; u runs around from the front."""
    v, u = np.meshgrid(np.linspace(0, 1, 256), np.linspace(0, 1, 256), indexing="ij")
    from_front = np.abs((u + 0.5) % 1.0 - 0.5) * 2.0
    wobble = 0.03 * layered(np.stack([u * 24, v * 24], -1), 3, 3)
    belly = smoothstep(0.50, 0.44, from_front + wobble) * smoothstep(0.62, 0.56, v + wobble)
    cheek = smoothstep(0.10, 0.06, np.abs(from_front - 0.5) + np.abs(v - 0.76) * 1.6 + wobble)
    white = np.clip(belly + cheek, 0, 1)[..., None]
    grain = 1.0 + 0.10 * layered(np.stack([u * 60, v * 40], -1), 5, 3)[..., None]
    dark, light = np.array([0.13, 0.16, 0.21]), np.array([0.93, 0.95, 0.97])
    return encoded((dark + (light - dark) * white) * grain)


def _penguin() -> tuple[dict[str, Part], Rig, dict[str, Surface]]:
    rig = _rig(_PENGUIN)
    trunk = turned_up(_BODY, 24, deep=0.92)
    neck = smoothstep(0.45, 0.53, trunk.points[:, 1])
    weights = np.zeros((len(trunk.points), len(rig.names)))
    weights[:, rig.index("body")], weights[:, rig.index("head")] = 1.0 - neck, neck
    dark = []
    for sign, side in ((1.0, "l"), (-1.0, "r")):
        flipper = ball((0.0, -0.145, 0.0), (0.016, 0.155, 0.052), 9, 12)
        dark.append(
            _bound(spun(flipper, about("z", 17.0 * sign), _PENGUIN[f"flipper_{side}"][1]), rig, f"flipper_{side}")
        )
        foot = joined(
            [ball((0.058 * sign + d, 0.014, 0.085 - abs(d)), (0.014, 0.011, 0.055), 5, 8) for d in (-0.022, 0.0, 0.022)]
        )
        dark.append(_bound(foot, rig, f"foot_{side}"))
    beak = lofted(
        [
            (np.array([0, 0.575, 0.055]), 0.024, 0.022),
            (np.array([0, 0.570, 0.10]), 0.012, 0.012),
            (np.array([0, 0.562, 0.145]), 0.0, 0.0),
        ],
        10,
    )
    tail = lofted([(np.array([0, 0.06, -0.09]), 0.05, 0.03), (np.array([0, 0.02, -0.19]), 0.0, 0.0)], 10)
    eyes = [ball((0.055 * s, 0.590, 0.036), (0.011, 0.011, 0.011), 6, 8) for s in (1.0, -1.0)]
    dark += [_bound(beak, rig, "head"), _bound(tail, rig, "body")]
    parts = {
        "coat": replace(trunk, weights=weights),
        "dark": joined(dark),
        "eyes": joined([_bound(eye, rig, "head") for eye in eyes]),
    }
    surfaces = {
        "coat": Surface("coat", _coat(), roughness=0.55),
        "dark": Surface("dark", tint=(0.022, 0.030, 0.042), roughness=0.5),
        "eyes": Surface("eyes", tint=(0.01, 0.01, 0.012), roughness=0.08),
    }
    return parts, rig, surfaces


def _whale_skin() -> Part:
    """The trunk, the flukes and the long arms of a humpback."""
    trunk = lofted([(np.array([0.0, -0.05 * z / 4, z]), w, h) for z, w, h in reversed(_WHALE_M)], 20)
    parts = [trunk]
    for sign in (1.0, -1.0):
        fluke = ball((0.75, 0.0, -0.25), (0.78, 0.05, 0.34), 7, 14)
        parts.append(spun(_sided(fluke, sign), np.eye(3), (0.0, 0.05, -4.45)))
        arm = spun(ball((1.1, 0.0, 0.0), (1.15, 0.07, 0.30), 7, 14), about("z", -22.0) @ about("y", 28.0))
        parts.append(spun(_sided(arm, sign), np.eye(3), (0.75 * sign, -0.45, 2.2)))
    return spun(joined(parts), np.eye(3), (0.0, _WHALE_UP_M, 0.0))


def _sided(part: Part, sign: float) -> Part:
    """The part, or its mirror picture where the sign is -1."""
    way = int(sign)
    return Part(part.points * (sign, 1, 1), part.triangles[:, ::way], part.uv[:, ::way])


def _whale() -> tuple[dict[str, Part], Rig, dict[str, Surface]]:
    joints = {"root": ("", (0.0, 0.0, 0.0))}
    joints |= {f"spine_{k}": (f"spine_{k - 1}" if k else "root", (0.0, _WHALE_UP_M, z)) for k, z in enumerate(_SPINE_M)}
    rig = _rig(joints)
    whole = _whale_skin()
    weights = np.zeros((len(whole.points), len(rig.names)))
    at = np.clip(np.interp(-whole.points[:, 2], -np.array([1.0, -1.0, -2.4, -3.6]), [0.0, 1.0, 2.0, 3.0]), 0.0, 3.0)
    low = np.minimum(np.floor(at).astype(int), 2)
    rows = np.arange(len(at))
    weights[rows, 1 + low], weights[rows, 2 + low] = 1.0 - (at - low), at - low
    return (
        {"skin": replace(whole, weights=weights)},
        rig,
        {"skin": Surface("skin", tint=(0.16, 0.22, 0.28), roughness=0.35)},
    )


def _snowman() -> list[tuple[Part, str]]:
    snow = [
        ball((0, 0.36, 0), (0.44, 0.40, 0.44), 13, 22),
        ball((0, 0.92, 0), (0.31, 0.29, 0.31), 12, 20),
        ball((0, 1.34, 0), (0.215, 0.21, 0.215), 11, 18),
    ]
    snow = [lumpy(part, 0.22, 0.014, k) for k, part in enumerate(snow)]
    coal = [ball((s * 0.075, 1.405, 0.185), (0.024, 0.024, 0.016), 6, 9) for s in (1, -1)]
    coal += [
        ball((0.125 * np.sin(a), 1.285 - 0.05 * np.cos(a) + 0.03, 0.195), (0.013, 0.013, 0.010), 5, 7)
        for a in np.linspace(-0.9, 0.9, 5)
    ]
    coal += [ball((0.0, y, z), (0.026, 0.026, 0.018), 6, 9) for y, z in ((1.02, 0.285), (0.90, 0.305), (0.78, 0.285))]
    nose = bar(np.array([0.0, 1.345, 0.20]), np.array([0.0, 1.325, 0.40]), (0.030, 0.004), 9)
    arms = [bar(np.array([s * 0.27, 0.98, 0.0]), np.array([s * 0.66, 1.20, 0.10]), (0.018, 0.010)) for s in (1, -1)]
    arms += [bar(np.array([s * 0.56, 1.145, 0.075]), np.array([s * 0.66, 1.10, 0.16]), (0.010, 0.005)) for s in (1, -1)]
    scarf = [
        lumpy(_ringed(0.235, 0.055, 1.155), 0.1, 0.008, 9),
        block(np.array([0.06, 0.80, 0.235]), np.array([0.16, 1.15, 0.275]), 0.012),
    ]
    return [
        (joined(snow), "snow"),
        (joined(coal), "coal"),
        (nose, "icicle"),
        (joined(arms), "wood"),
        (joined(scarf), "wool"),
    ]


def _ringed(radius_m: float, thick_m: float, y_m: float) -> Part:
    turn = np.linspace(0, 2 * np.pi, 25)
    places = [np.array([radius_m * np.sin(a), y_m, radius_m * np.cos(a)]) for a in turn]
    return joined([bar(a, b, (thick_m, thick_m), 8) for a, b in pairwise(places)])


def _hat() -> list[tuple[Part, str]]:
    felt = turned_up(
        [
            (0.0, 0.0),
            (0.0, 0.235),
            (0.022, 0.235),
            (0.026, 0.15),
            (0.03, 0.148),
            (0.25, 0.158),
            (0.262, 0.14),
            (0.262, 0.0),
        ],
        22,
    )
    band = turned_up([(0.04, 0.151), (0.045, 0.158), (0.085, 0.160), (0.09, 0.153)], 22)
    return [(felt, "felt"), (band, "wool")]


def _lantern() -> list[tuple[Part, str]]:
    wall = turned_up(
        [
            (0.03, 0.0),
            (0.03, 0.20),
            (0.10, 0.215),
            (0.34, 0.20),
            (0.37, 0.185),
            (0.37, 0.14),
            (0.34, 0.13),
            (0.09, 0.13),
            (0.07, 0.0),
        ],
        22,
    )
    foot = lumpy(turned_up([(0.0, 0.0), (0.0, 0.34), (0.05, 0.30), (0.10, 0.22), (0.12, 0.0)], 20), 0.15, 0.02, 4)
    return [(lumpy(wall, 0.07, 0.010, 2), "ice"), (foot, "snow")]


def _igloo() -> list[tuple[Part, str]]:
    blocks, radius, course = [], 1.45, 0
    for row, lift in enumerate(np.radians([0.0, 15.0, 30.0, 45.0, 60.0, 74.0])):
        top = lift + np.radians(14.2)
        count = max(round(16 * np.cos(lift)), 5)
        for k in range(count):
            turn = (k + 0.5 * (row % 2)) * 360.0 / count
            if row < 2 and abs((turn + 180.0) % 360.0 - 180.0) < 22.0:
                continue
            wide = radius * np.cos(lift) * np.pi / count * 0.985
            high = radius * (top - lift) * 0.49
            one = block(np.array([-wide, -high, -0.13]), np.array([wide, high, 0.09]), 0.035)
            middle = (lift + top) / 2.0
            place = radius * np.array([0.0, np.sin(middle), np.cos(middle)])
            tilted = spun(one, about("x", -np.degrees(middle)), place)
            blocks.append(lumpy(spun(tilted, about("y", turn)), 0.3, 0.018, course))
            course += 1
    blocks.append(
        spun(block(np.array([-0.5, -0.5, -0.1]), np.array([0.5, 0.5, 0.1]), 0.04), about("x", 90.0), (0.0, 1.43, 0.0))
    )
    for part in range(3):
        for k in range(7):
            turn = -90.0 + 180.0 * (k + 0.5) / 7
            one = block(np.array([-0.165, -0.09, -0.19]), np.array([0.165, 0.09, 0.19]), 0.03)
            place = np.array(
                [0.66 * np.sin(np.radians(turn)), 0.10 + 0.66 * np.cos(np.radians(turn)), 1.55 + 0.39 * part]
            )
            blocks.append(lumpy(spun(one, about("z", -turn), place), 0.3, 0.012, 90 + 7 * part + k))
    inside = turned_up([(0.0, 1.30), (0.8, 1.05), (1.30, 0.3), (1.32, 0.0)], 20)
    return [(joined(blocks), "snow"), (inside, "dark")]


_STILL: dict[str, Callable[[], list[tuple[Part, str]]]] = {
    "snowman": _snowman, "hat": _hat, "ice_lantern": _lantern, "igloo": _igloo, "sledge": sledge,
}  # fmt: skip
_MOVING = {"penguin": _penguin, "whale": _whale}
THINGS = (*_STILL, *_MOVING)
_TINTS: dict[str, tuple[tuple[float, float, float], float]] = {
    "snow": ((0.82, 0.86, 0.91), 0.85), "coal": ((0.02, 0.02, 0.025), 0.6), "icicle": ((0.55, 0.75, 0.85), 0.15),
    "wood": ((0.20, 0.15, 0.11), 0.7), "wool": ((0.05, 0.16, 0.30), 0.9), "felt": ((0.03, 0.05, 0.09), 0.8),
    "ice": ((0.55, 0.78, 0.88), 0.12), "dark": ((0.03, 0.06, 0.09), 0.9),
}  # fmt: skip


def make(folder: Path, only: str) -> None:
    """Write one of the things."""
    path = folder / "snow" / f"{only}.glb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if only in _STILL:
        named = {name: Surface(name, tint=tint, roughness=rough) for name, (tint, rough) in _TINTS.items()}
        write_static(path, only, [(part, named[name]) for part, name in _STILL[only]()])
        return
    parts, rig, surfaces = _MOVING[only]()
    glb = Glb()
    skeleton_nodes(glb, rig)
    primitives: list[dict[str, Any]] = []
    for name, part in parts.items():
        glb.materials.append(material(glb, surfaces[name]))
        primitives.append(skinned_primitive(glb, part, len(primitives)))
    glb.meshes.append({"name": only, "primitives": primitives})
    glb.nodes.append({"name": only, "mesh": 0, "skin": 0})
    glb.save(path)
