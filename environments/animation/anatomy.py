"""Which joint of a skeleton is which part of a person, by the names that modelling programs give."""

from __future__ import annotations

import re
from enum import IntEnum
from types import MappingProxyType

import numpy as np

from environments.animation.rig import Joints


class Part(IntEnum):
    """The parts of a person that behaviours turn, in the order of their arrays."""

    HIPS = 0
    SPINE = 1
    CHEST = 2
    NECK = 3
    HEAD = 4
    LEFT_EYE = 5
    RIGHT_EYE = 6
    LEFT_SHOULDER = 7
    RIGHT_SHOULDER = 8
    LEFT_UPPER_ARM = 9
    RIGHT_UPPER_ARM = 10
    LEFT_FOREARM = 11
    RIGHT_FOREARM = 12
    LEFT_HAND = 13
    RIGHT_HAND = 14
    LEFT_THIGH = 15
    RIGHT_THIGH = 16
    LEFT_SHIN = 17
    RIGHT_SHIN = 18
    LEFT_FOOT = 19
    RIGHT_FOOT = 20
    LEFT_TOES = 21
    RIGHT_TOES = 22


PARTS = len(Part)
_SIDELESS = MappingProxyType(
    {
        Part.HIPS: "hips pelvis hip root",
        Part.SPINE: "spine spine1 spine01 spinelower spine04 spine05",
        Part.CHEST: "chest spine2 spine3 spine03 upperchest spineupper spine02 spine01",
        Part.NECK: "neck neck1 neck01 necklower",
        Part.HEAD: "head",
    }
)
_SIDED = MappingProxyType(
    {
        Part.LEFT_EYE: "eye eyeball",
        Part.LEFT_SHOULDER: "shoulder clavicle collar",
        Part.LEFT_UPPER_ARM: "upperarm upperarm01 uparm arm",
        Part.LEFT_FOREARM: "forearm lowerarm lowerarm01",
        Part.LEFT_HAND: "hand wrist",
        Part.LEFT_THIGH: "thigh upperleg upperleg01 upleg",
        Part.LEFT_SHIN: "shin calf lowerleg lowerleg01 leg",
        Part.LEFT_FOOT: "foot ankle",
        Part.LEFT_TOES: "toes toe ball toebase toe11",
    }
)
_HIND = (
    "hindthigh thigh hindupperleg hindupper upperleghind upperleg legupperback",
    "hindshin shin calf hindlowerleg hindlower lowerleghind lowerleg leglowerback",
    "hindfoot foot hock hindpaw hindankle",
)
_FORE = (
    "foreupperarm upperarm foreupperleg frontupperleg foreupper frontthigh upperlegfront",
    "foreforearm forearm lowerarm forelowerleg frontlowerleg forelower frontshin lowerlegfront",
    "forefoot hand frontfoot forepaw frontpaw wrist",
)
"""Names of the upper bone, the lower bone and the foot."""


def joints_of(names: tuple[str, ...]) -> Joints:
    """The joint of every `Part` (23,), -1 where the skeleton has none."""
    known = {_plain(name): number for number, name in reversed(list(enumerate(names)))}
    found = np.full(PARTS, -1, np.intp)
    for part, aliases in _SIDELESS.items():
        found[part] = _first(known, [("", alias) for alias in aliases.split()])
    for part, aliases in _SIDED.items():
        for offset, side in enumerate(("left", "right")):
            found[part + offset] = _first(known, [(side, alias) for alias in aliases.split()])
    if found[Part.SPINE] == found[Part.CHEST]:
        found[Part.SPINE] = -1
    return found


def legs_of(names: tuple[str, ...]) -> tuple[tuple[int, int, int], ...]:
    """The chains of a four-legged creature: left hind, left fore, right hind, right fore; () where one is not found."""
    known = {_plain(name): number for number, name in reversed(list(enumerate(names)))}
    chains = []
    for side in ("left", "right"):
        for aliases in (_HIND, _FORE):
            found = (_first(known, [(side, alias) for alias in bone.split()]) for bone in aliases)
            chains.append(tuple(found))
    if min(min(chain) for chain in chains) < 0:
        return ()
    return tuple((upper, middle, end) for upper, middle, end in chains)


def tail_of(names: tuple[str, ...]) -> Joints:
    """The joints of the tail, from its root."""
    return np.array([number for number, name in enumerate(names) if "tail" in name.lower()], np.intp)


def morphs_of(names: tuple[str, ...], *wanted: str) -> tuple[int, ...]:
    """The numbers of the morph targets with one of these names, whatever their case, dots and underscores."""
    plain = {re.sub(r"[^a-z0-9]", "", one.lower()) for one in wanted}
    return tuple(index for index, name in enumerate(names) if re.sub(r"[^a-z0-9]", "", name.lower()) in plain)


def _first(known: dict[tuple[str, str], int], wanted: list[tuple[str, str]]) -> int:
    return next((known[one] for one in wanted if one in known), -1)


def _plain(name: str) -> tuple[str, str]:
    """Side and bare name: `mixamorig:LeftUpLeg`, `upperleg01.L`, `thigh_l` and `left_thigh` alike."""
    text = name.rsplit(":", 1)[-1]
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text).lower()
    words = [word for word in re.split(r"[^a-z0-9]+", text) if word and word != "def"]
    side = next((full for full in ("left", "right") for word in words if word in (full, full[0])), "")
    return side, "".join(word for word in words if word not in ("left", "right", "l", "r"))
