"""Joint matrices of all spiders at a moment: legs that reach their feet, breath, palps, shades on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.gltf.load import load_gltf
from environments.render.model import Character, Float32, Poses
from environments.scenes.spiders.company import Spider
from environments.scenes.spiders.gait import Stances
from environments.scenes.spiders.room import ASSETS
from environments.scenes.spiders.species import (
    JOINTS,
    LEGS_FROM,
    SHADES_FROM,
    SPECIES,
    Reals,
    bent,
    legs_of,
    rest_matrices,
)

Floats = NDArray[np.float64]
_REACH_SPANS = 0.75
_SHADE_OVER_M = 0.0009
_BREATH_0TO1, _BREATH_S = 0.02, 2.6
_ABDOMEN = 2
_PALPS = slice(5, 11)


@lru_cache(maxsize=1)
def characters() -> tuple[Character, ...]:
    """One for each kind."""
    found = []
    for species in SPECIES:
        body = load_gltf(ASSETS / "animals" / f"spider_{species.name}.glb").bodies[0]
        reach_m = _REACH_SPANS * species.span_m
        # The room's light comes from all its windows: their shade on the ground goes with them instead of the sun's.
        parts = tuple(
            replace(part, material=replace(part.material, casts_shadow=False)) for part in body.character.parts
        )
        found.append(replace(body.character, name=name_of(species.name), radius_m=reach_m, parts=parts))
    return tuple(found)


def name_of(species: str) -> str:
    """What a kind's character is called."""
    return f"spider {species}"


@dataclass(frozen=True, slots=True, eq=False)
class Flesh:
    """What posing k spiders needs, kinds together: from each kind's rest pose, in the asset's size."""

    names: tuple[str, ...]
    slices: tuple[slice, ...]
    scales: Floats
    hips_m: Float32
    lengths_m: Float32
    bends_rad: Float32
    binds: Float32
    still: Float32
    waists_m: Floats
    palps_m: Floats
    shade_m: Floats
    phases: Floats


def flesh_of(spiders: Sequence[Spider]) -> Flesh:
    """For spiders in the order in which they are posed."""
    names = [name_of(one.species.name) for one in spiders]
    first = {name: names.index(name) for name in names}
    slices = tuple(slice(start, start + names.count(name)) for name, start in first.items())
    legs = [legs_of(one.species) for one in spiders]
    rests = [rest_matrices(one.species) for one in spiders]
    return Flesh(
        tuple(first),
        slices,
        np.array([one.scale for one in spiders]),
        np.stack([one.hips_m for one in legs]).astype(np.float32),
        np.stack([one.lengths_m for one in legs]).astype(np.float32),
        np.stack([one.bends_rad for one in legs])[:, None].astype(np.float32),
        np.ascontiguousarray(
            np.linalg.inv([rest[LEGS_FROM:SHADES_FROM] for rest in rests]).reshape(-1, 4, 4).T.swapaxes(0, 1),
            np.float32,
        ),
        _still(len(spiders)),
        np.stack([rest[_ABDOMEN, :3, 3] for rest in rests]),
        np.stack([rest[_PALPS, :3, 3][[0, 3]] for rest in rests]),
        np.array([(0.40 * one.species.span_m, 0.28 * one.species.span_m) for one in spiders]),
        1.7 * np.arange(len(spiders), dtype=np.float64),
    )


def _still(count: int) -> Float32:
    """Joint matrices (k, j, 4, 4) of bodies at rest, without shades."""
    out = np.tile(np.eye(4, dtype=np.float32), (count, len(JOINTS), 1, 1))
    out[:, SHADES_FROM:, :3] = 0.0
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """All spiders at a moment: places (k, 4, 4) and joints (k, j, 4, 4)."""

    places: Float32
    joints: Float32


def posed(flesh: Flesh, stances: Stances, time_s: float) -> Posed:
    """Where the bodies and their joints are."""
    places, turn = _places(flesh, stances, time_s)
    scale = flesh.scales[:, None, None]
    toes = (((stances.feet_m - places[:, None, :3, 3]) @ turn) / scale).astype(np.float32)
    joints = flesh.still.copy()
    chain = bent(toes, flesh.hips_m, flesh.lengths_m, flesh.bends_rad)
    joints[:, LEGS_FROM:SHADES_FROM, :3] = _bound(chain, flesh.binds)
    _breathe(joints, flesh, time_s)
    _drum(joints, flesh, stances, time_s)
    _shade(joints, flesh, stances, toes)
    return Posed(places.astype(np.float32), joints)


def poses_of(flesh: Flesh, at: Posed, hairiness_0to1: float) -> dict[str, Poses]:
    """Everything the renderer needs, by character."""
    morphs = np.full((len(flesh.scales), 1), hairiness_0to1, np.float32)
    return {
        name: Poses(at.places[part], at.joints[part], morphs[part])
        for name, part in zip(flesh.names, flesh.slices, strict=True)
    }


def _places(flesh: Flesh, stances: Stances, time_s: float) -> tuple[Floats, Floats]:
    """Bodies in the room (k, 4, 4), scaled, and their turns (k, 3, 3); they rise and fall a little as they walk."""
    turn = stances.bodies[:, 3:12].reshape(-1, 3, 3).swapaxes(1, 2)
    walking = stances.swing_0to1 * (1.0 - stances.swing_0to1)
    sway = 0.006 * np.sin(time_s * 0.9 + flesh.phases)
    rise = flesh.scales * flesh.shade_m[:, 0] * (0.05 * walking + sway)
    out = np.zeros((len(rise), 4, 4))
    out[:, :3, :3] = turn * flesh.scales[:, None, None]
    out[:, :3, 3] = stances.bodies[:, :3] + rise[:, None] * stances.bodies[:, 6:9]
    out[:, 3, 3] = 1.0
    return out, turn


def _bound(chain: Reals, binds: Float32) -> Reals:
    """Joints (k, 8, 7, 3, 4) times inverse binds (4, 4, n), as (k, 56, 3, 4).

    The many joints stand last while it is worked out: long rows are what numpy is fast at.
    """
    rows = np.ascontiguousarray(chain.reshape(-1, 12).T).reshape(3, 4, -1)
    out = rows[:, 0, None] * binds[0]
    out += rows[:, 1, None] * binds[1]
    out += rows[:, 2, None] * binds[2]
    out[:, 3] += rows[:, 3]
    return np.asarray(out.reshape(3, 4, len(chain), -1).transpose(2, 3, 0, 1))


def _breathe(joints: Float32, flesh: Flesh, time_s: float) -> None:
    """The abdomen swells and sinks about the waist."""
    size = 1.0 + _BREATH_0TO1 * np.sin(2.0 * np.pi * time_s / _BREATH_S + flesh.phases)
    joints[:, _ABDOMEN, 0, 0] = joints[:, _ABDOMEN, 1, 1] = size
    joints[:, _ABDOMEN, :2, 3] = flesh.waists_m[:, :2] * (1.0 - size)[:, None]


def _drum(joints: Float32, flesh: Flesh, stances: Stances, time_s: float) -> None:
    """The palps tap by turns, more while the spider walks."""
    eager = 0.35 + 0.65 * (stances.swing_0to1 < 1.0)
    for side, first in enumerate((5, 8)):
        angle = eager * 0.14 * np.sin(time_s * 7.0 + flesh.phases + np.pi * side)
        cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
        part, pivot = joints[:, first : first + 3], flesh.palps_m[:, side]
        part[..., 1, 1] = part[..., 2, 2] = cosine
        part[..., 1, 2], part[..., 2, 1] = -sine, sine
        y, z = pivot[:, 1:2], pivot[:, 2:3]
        part[..., 1, 3] = y - (cosine * y - sine * z)
        part[..., 2, 3] = z - (sine * y + cosine * z)


def _shade(joints: Float32, flesh: Flesh, stances: Stances, toes: Float32) -> None:
    """Lay soft squares on level ground under body and legs; elsewhere they have no size."""
    level = np.maximum(stances.bodies[:, 12] * 4.0 - 3.0, 0.0)
    over = _SHADE_OVER_M / flesh.scales
    body = joints[:, SHADES_FROM]
    wide, long = flesh.shade_m[:, 1] * level, flesh.shade_m[:, 0] * level
    body[:, 0, 0], body[:, 2, 2], body[:, 1, 1], body[:, 1, 3] = wide, long, 1.0, over
    body[:, 2, 3] = -0.25 * long
    legs = joints[:, SHADES_FROM + 1 :]
    x = (toes[..., 0] - flesh.hips_m[..., 0]) * 1.06
    z = (toes[..., 2] - flesh.hips_m[..., 2]) * 1.06
    far = np.sqrt(x * x + z * z) + 1e-9
    half = (0.20 * level[:, None] * flesh.shade_m[:, 1:]) / far
    legs[..., 0, 0], legs[..., 2, 0] = x * level[:, None], z * level[:, None]
    legs[..., 0, 2], legs[..., 2, 2] = -z * half, x * half
    legs[..., 1, 1] = 1.0
    legs[..., 0, 3], legs[..., 2, 3], legs[..., 1, 3] = flesh.hips_m[..., 0], flesh.hips_m[..., 2], over[:, None]
