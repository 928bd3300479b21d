"""How three kinds of spiders are built, and how a leg bends so that its foot comes to a place.

A body's space: x to the spider's left, y up, z ahead; the origin is on the ground under the waist.  Legs are numbered
left 1 to 4, then right 1 to 4, from the front.  Lengths are metres at the size that the asset has.
Proportions after Foelix, Biology of Spiders (2011), chapters 2 and 3: a leg has coxa, trochanter, femur, patella,
tibia, metatarsus and tarsus, all of which move in one upright plane but the coxa, which turns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Reals = NDArray[np.floating[Any]]
"""Of single or double precision: what goes in comes out."""
SEGMENTS = ("coxa", "trochanter", "femur", "patella", "tibia", "metatarsus", "tarsus")
SIDES = tuple(f"{side}{number}" for side in "lr" for number in range(1, 5))
LEG_JOINTS = tuple(f"leg_{leg}_{segment}" for leg in SIDES for segment in SEGMENTS)
PALP_JOINTS = tuple(f"palp_{side}_{number}" for side in "lr" for number in range(1, 4))
TRUNK_JOINTS = ("root", "prosoma", "abdomen", "chelicera_l", "chelicera_r")
SHADE_JOINTS = ("shade_body", *(f"shade_{leg}" for leg in SIDES))
JOINTS = (*TRUNK_JOINTS, *PALP_JOINTS, *LEG_JOINTS, *SHADE_JOINTS)
"""All joints in the order of the matrices; each segment's x points along it, its z across the leg's plane."""
LEGS_FROM = len(TRUNK_JOINTS) + len(PALP_JOINTS)
SHADES_FROM = LEGS_FROM + len(LEG_JOINTS)


@dataclass(frozen=True, slots=True)
class Species:
    """Measures of a kind: `span_m` from front to hind feet at rest; all other lengths are parts of it.

    `legs` and `azimuths_deg` are those of legs 1 to 4; `parts` the segments' shares of a leg, `thick` their radii.
    """

    name: str
    span_m: float
    legs: tuple[float, float, float, float]
    azimuths_deg: tuple[float, float, float, float]
    reach: float
    height: float
    prosoma: tuple[float, float, float]
    abdomen: tuple[float, float, float]
    parts: tuple[float, ...]
    thick: tuple[float, ...]
    bends_deg: tuple[float, float, float]
    hairs: int
    hair: float
    waist_drop: float = 0.0


HOUSE = Species(
    name="house",
    span_m=0.060,
    legs=(0.58, 0.52, 0.47, 0.58),
    azimuths_deg=(27.0, 60.0, 108.0, 150.0),
    reach=0.70,
    height=0.110,
    prosoma=(0.090, 0.058, 0.120),
    abdomen=(0.112, 0.100, 0.165),
    parts=(0.06, 0.03, 0.25, 0.09, 0.22, 0.23, 0.12),
    thick=(0.0135, 0.0120, 0.0115, 0.0100, 0.0082, 0.0062, 0.0042),
    bends_deg=(36.0, 16.0, 6.0),
    hairs=1500,
    hair=0.026,
)
GARDEN = Species(
    name="garden",
    span_m=0.036,
    legs=(0.62, 0.57, 0.40, 0.55),
    azimuths_deg=(24.0, 54.0, 104.0, 146.0),
    reach=0.62,
    height=0.155,
    prosoma=(0.120, 0.080, 0.150),
    abdomen=(0.250, 0.215, 0.300),
    parts=(0.07, 0.03, 0.26, 0.11, 0.21, 0.21, 0.11),
    thick=(0.020, 0.0185, 0.0185, 0.0160, 0.0130, 0.0090, 0.0062),
    bends_deg=(40.0, 22.0, 4.0),
    hairs=1500,
    hair=0.030,
)
TARANTULA = Species(
    name="tarantula",
    span_m=0.150,
    legs=(0.575, 0.520, 0.480, 0.600),
    azimuths_deg=(26.0, 62.0, 106.0, 148.0),
    reach=0.66,
    height=0.135,
    prosoma=(0.150, 0.088, 0.180),
    abdomen=(0.190, 0.155, 0.240),
    parts=(0.09, 0.04, 0.25, 0.13, 0.19, 0.18, 0.12),
    thick=(0.0265, 0.0255, 0.0275, 0.0260, 0.0225, 0.0190, 0.0165),
    bends_deg=(38.0, 20.0, 16.0),
    hairs=2700,
    hair=0.040,
)
SPECIES = (HOUSE, GARDEN, TARANTULA)


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """What bending needs, for 8 legs: hips (8, 3) and feet at rest (8, 3), lengths (8, 7), bends (3,) in radians."""

    hips_m: Floats
    feet_m: Floats
    lengths_m: Floats
    bends_rad: Floats


def legs_of(species: Species) -> Legs:
    """The eight legs of a kind."""
    s = species.span_m
    along = np.array([0.32, 0.12, -0.10, -0.32]) * species.prosoma[2]
    across = np.array([0.34, 0.47, 0.47, 0.34]) * species.prosoma[0] * 0.9
    lengths = np.array(species.legs) * s
    turns = np.radians(species.azimuths_deg)
    hips, feet = np.zeros((8, 3)), np.zeros((8, 3))
    for side, sign in ((0, 1.0), (1, -1.0)):
        rows = slice(4 * side, 4 * side + 4)
        hips[rows] = np.stack([sign * across * s, np.full(4, species.height * s), along * s], -1)
        out = species.reach * lengths
        feet[rows] = np.stack([sign * out * np.sin(turns), np.zeros(4), out * np.cos(turns)], -1)
        feet[rows, 0] += hips[rows, 0]
        feet[rows, 2] += hips[rows, 2]
    parts = np.tile(lengths, 2)[:, None] * np.array(species.parts)
    return Legs(hips, feet, parts, np.radians(species.bends_deg))


def bent(toes_m: Reals, hips_m: Reals, lengths_m: Reals, bends_rad: Reals) -> Reals:
    """Joint matrices (..., 7, 3, 4) of legs whose feet (..., 3) come to places in the body's space.

    `hips_m` (..., 3), `lengths_m` (..., 7), `bends_rad` (..., 3): how far patella and tibia, tibia and metatarsus,
    metatarsus and tarsus are bent.  Closed form: femur and the rest of the leg are two bones (law of cosines); a foot
    that is out of reach comes as near as it can.
    """
    way = toes_m - hips_m
    flat = np.sqrt(way[..., 0] ** 2 + way[..., 2] ** 2)
    flat = np.maximum(flat, 1e-6)
    east, north = way[..., 0] / flat, way[..., 2] / flat
    first = lengths_m[..., 0] + lengths_m[..., 1]
    rise = 0.26
    x, y = flat - first * np.cos(rise), way[..., 1] - first * np.sin(rise)
    femur = lengths_m[..., 2]
    far = np.sqrt(x * x + y * y)
    full = lengths_m[..., 2:].sum(axis=-1)
    slack = np.maximum(1.0 - far / full, 0.0)
    knee = bends_rad[..., 0] * (0.55 + 1.3 * slack)
    ankle = bends_rad[..., 1] * (0.5 + 1.5 * slack)
    toe = ankle - bends_rad[..., 2]
    patella, tibia, metatarsus, tarsus = (lengths_m[..., number] for number in range(3, 7))
    bx = patella * np.cos(knee) + tibia + metatarsus * np.cos(ankle) + tarsus * np.cos(toe)
    by = patella * np.sin(knee) - metatarsus * np.sin(ankle) - tarsus * np.sin(toe)
    lower = np.sqrt(bx * bx + by * by)
    far = np.minimum(np.maximum(far, np.abs(femur - lower) * 1.001), (femur + lower) * 0.999)
    cosine = (femur**2 + far**2 - lower**2) / (2.0 * femur * far)
    up = np.arctan2(y, x) + np.arccos(np.minimum(np.maximum(cosine, -1.0), 1.0))
    aim = np.arctan2(y, x)
    rest = np.arctan2(far * np.sin(aim) - femur * np.sin(up), far * np.cos(aim) - femur * np.cos(up))
    shin = rest - np.arctan2(by, bx)
    coxa = np.full_like(shin, rise)
    angles = np.stack([coxa, coxa, up, shin + knee, shin, shin - ankle, shin - toe], -1)
    return _chain(angles, (east, north), hips_m, lengths_m)


def _chain(angles_rad: Reals, way: tuple[Reals, Reals], hips_m: Reals, lengths_m: Reals) -> Reals:
    """Matrices (..., 7, 3, 4) of segments that rise by angles (..., 7) in upright planes along `way` (east, north)."""
    cosine, sine = np.cos(angles_rad), np.sin(angles_rad)
    east, north = way[0][..., None], way[1][..., None]
    out = np.zeros((*angles_rad.shape, 3, 4), angles_rad.dtype)
    out[..., 0, 0], out[..., 1, 0], out[..., 2, 0] = cosine * east, sine, cosine * north
    out[..., 0, 1], out[..., 1, 1], out[..., 2, 1] = -sine * east, cosine, -sine * north
    out[..., 0, 2], out[..., 2, 2] = -north, east
    steps = out[..., 0] * lengths_m[..., None]
    out[..., 0, :, 3] = hips_m
    out[..., 1:, :, 3] = hips_m[..., None, :] + np.cumsum(steps[..., :-1, :], axis=-2)
    return out


def rest_matrices(species: Species) -> Floats:
    """All joints (j, 4, 4) in the body's space as the asset is bound to them."""
    found = np.tile(np.eye(4), (len(JOINTS), 1, 1))
    s = species.span_m
    height, (wide, tall, long) = species.height * s, (part * s for part in species.prosoma)
    found[1, :3, 3] = (0.0, height, 0.0)
    found[2, :3, 3] = (0.0, height + 0.1 * tall, -0.48 * long)
    for row, sign in ((3, 1.0), (4, -1.0)):
        found[row, :3, 3] = (sign * 0.115 * wide, height + 0.02 * tall, 0.46 * long)
    for row, (place, turn) in enumerate(zip(*palps_of(species), strict=True)):
        found[5 + row, :3, :3], found[5 + row, :3, 3] = turn, place
    legs = legs_of(species)
    chains = bent(legs.feet_m, legs.hips_m, legs.lengths_m, legs.bends_rad)
    found[LEGS_FROM:SHADES_FROM, :3] = chains.reshape(-1, 3, 4)
    return found


def palps_of(species: Species) -> tuple[Floats, Floats]:
    """Places (6, 3) and turns (6, 3, 3) of the pedipalps' segments at rest, the left one first."""
    s = species.span_m
    wide, _, long = (part * s for part in species.prosoma)
    step = palp_lengths_m(species)
    places, turns = [], []
    for sign in (1.0, -1.0):
        at = np.array([sign * 0.24 * wide, species.height * s - 0.002 * s, 0.44 * long])
        for length, (yaw, rise) in zip(step, ((26.0, 38.0), (10.0, -8.0), (2.0, -52.0)), strict=True):
            a, b = np.radians(yaw) * sign, np.radians(rise)
            x = np.array([np.sin(a) * np.cos(b), np.sin(b), np.cos(a) * np.cos(b)])
            y = np.array([-np.sin(a) * np.sin(b), np.cos(b), -np.cos(a) * np.sin(b)])
            places.append(at)
            turns.append(np.stack([x, y, np.cross(x, y)], -1))
            at = at + x * length
    return np.array(places), np.array(turns)


def palp_lengths_m(species: Species) -> Floats:
    """The lengths (3,) of a pedipalp's three moving pieces."""
    return np.array([0.36, 0.34, 0.40]) * species.prosoma[2] * species.span_m
