"""A clothed person as parts that turn about their joints, and how to pose many of them at once.

Each part's origin is its joint; a person faces +z and stands 1.75 m tall on the ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from environments.render.model import Float32, Mesh
from environments.render.shapes import Float64, merge, moved, rotation, scaling, transform, translation
from environments.render.shapes_round import ellipse, limb, loft, sphere

HIP_M = 0.92
THIGH_M = 0.45
SHOULDER_M = 1.42
UPPER_ARM_M = 0.29


def torso(skirt_m: float = 0.0) -> Mesh:
    """Trunk with shoulders from the hips up; a skirt or coat hangs down by `skirt_m`. Origin: between the hips."""
    rings = [
        (0.60, 0.055, 0.055, -0.012),
        (0.565, 0.080, 0.068, -0.010),
        (0.525, 0.160, 0.088, -0.005),
        (0.46, 0.197, 0.102, 0.002),
        (0.38, 0.187, 0.116, 0.012),
        (0.18, 0.152, 0.100, 0.006),
        (0.0, 0.170, 0.113, -0.005),
    ]
    if skirt_m > 0.0:
        rings += [(-0.06 - skirt_m, 0.225, 0.19, 0.0)]
    else:
        rings += [(-0.10, 0.13, 0.095, -0.004)]
    return loft(np.stack([ellipse((0.0, y, z), x_m, z_m, 9) for y, x_m, z_m, z in reversed(rings)]), crease_deg=80.0)


def head() -> Mesh:
    """Neck, skull and face. Origin: between the hips, like the torso it sits on."""
    rings = [
        (0.56, 0.056, 0.056, -0.008),
        (0.635, 0.052, 0.055, -0.002),
        (0.655, 0.058, 0.074, 0.020),
        (0.72, 0.072, 0.096, 0.012),
        (0.79, 0.074, 0.094, 0.0),
        (0.835, 0.030, 0.036, -0.008),
    ]
    skull = loft(np.stack([ellipse((0.0, y, z), x_m, z_m, 9) for y, x_m, z_m, z in rings]), crease_deg=180.0)
    nose = limb((0.0, 0.748, 0.098), (0.0, 0.712, 0.114), (0.008, 0.013), 4)
    return merge((skull, nose))


def hair(long: bool = False) -> Mesh:
    """Hair over the head of `head`, short or down to the shoulders."""
    cap = transform(sphere(1.0, 4, 9), translation(0.0, 0.783, -0.014) @ scaling(0.087, 0.080, 0.101))
    if not long:
        return cap
    falls = ((0.56, 0.085, 0.035, -0.062), (0.66, 0.092, 0.055, -0.052), (0.76, 0.088, 0.080, -0.030))
    fall = loft(np.stack([ellipse((0.0, y, z), x, d, 8) for y, x, d, z in falls]), crease_deg=180.0)
    return merge((cap, fall))


def sleeve() -> Mesh:
    """An arm in a sleeve, a little bent, without the hand. Origin: the shoulder."""
    path = (
        (0.05, 0.0, 0.045),
        (0.0, 0.0, 0.062),
        (-0.15, 0.0, 0.054),
        (-UPPER_ARM_M, 0.0, 0.047),
        (-0.52, 0.075, 0.034),
    )
    return loft(np.stack([ellipse((0.0, y, z), r, r, 7) for y, z, r in reversed(path)]), crease_deg=100.0)


def hand() -> Mesh:
    """The hand at the end of `sleeve`. Origin: the shoulder."""
    return limb((0.0, -0.525, 0.078), (0.0, -0.645, 0.105), (0.026, 0.042, 0.026), 5)


def thigh() -> Mesh:
    """Upper leg. Origin: the hip joint."""
    return limb((0.0, 0.0, 0.0), (0.0, -THIGH_M, 0.0), (0.088, 0.078, 0.060), 7)


def shin() -> Mesh:
    """Lower leg in trousers. Origin: the knee."""
    return limb((0.0, 0.0, 0.0), (0.0, -0.385, -0.012), (0.060, 0.060, 0.046), 7)


def shoe() -> Mesh:
    """Foot in a shoe. Origin: the knee."""
    rings = [(-0.47, 0.045, 0.135, 0.045), (-0.445, 0.047, 0.138, 0.045), (-0.415, 0.042, 0.105, 0.022)]
    rings += [(-0.375, 0.036, 0.045, -0.010)]
    return loft(np.stack([ellipse((0.0, y, z), x, d, 7) for y, x, d, z in rings]), crease_deg=60.0)


@dataclass(frozen=True, slots=True)
class Poses:
    """Where people are and how they hold themselves; every array has one value per person.

    Legs and arms swing forward with positive degrees (left, right), knees bend back, `lean_deg` bows
    the trunk forward from the hips, `sink_m` lowers the hips (sitting).
    """

    feet_m: Float64
    heading_deg: Float64
    scale: Float64
    thigh_deg: Float64
    knee_deg: Float64
    arm_deg: Float64
    lean_deg: Float64
    sink_m: Float64


def standing(feet_m: Float64, heading_deg: Float64, scale: Float64) -> Poses:
    """People at rest."""
    count = len(feet_m)
    pairs = np.zeros((count, 2))
    return Poses(feet_m, heading_deg, scale, pairs, pairs, pairs + 3.0, np.zeros(count), np.zeros(count))


def sitting(feet_m: Float64, heading_deg: Float64, scale: Float64) -> Poses:
    """People on seats 0.45 m high."""
    count = len(feet_m)
    pairs = np.zeros((count, 2))
    sink = np.full(count, HIP_M - 0.53)
    return Poses(feet_m, heading_deg, scale, pairs + 86.0, pairs + 84.0, pairs + 38.0, np.full(count, 4.0), sink)


def part_matrices(poses: Poses) -> Mapping[str, Float32]:
    """Matrices by part: "torso" (k, 4, 4); "arm", "thigh" and "shin" (2k, 4, 4), left ones first."""
    hips = _hips(poses)
    trunk = hips @ _turns_x(poses.lean_deg)
    arms, thighs, shins = [], [], []
    for side, sign in ((0, 1.0), (1, -1.0)):
        shoulder = translation(sign * 0.205, SHOULDER_M - HIP_M - 0.02, 0.0) @ rotation("z", sign * 5.0)
        arms.append(trunk @ shoulder @ _turns_x(-poses.arm_deg[:, side]))
        thigh = hips @ translation(sign * 0.088, 0.0, 0.0) @ _turns_x(-poses.thigh_deg[:, side])
        thighs.append(thigh)
        shins.append(thigh @ translation(0.0, -THIGH_M, 0.0) @ _turns_x(poses.knee_deg[:, side]))
    arrays = {
        "torso": trunk,
        "arm": np.concatenate(arms),
        "thigh": np.concatenate(thighs),
        "shin": np.concatenate(shins),
    }
    return {name: np.ascontiguousarray(matrices, np.float32) for name, matrices in arrays.items()}


def _hips(poses: Poses) -> Float64:
    turn, size = np.radians(poses.heading_deg), poses.scale
    matrices = np.zeros((len(turn), 4, 4))
    matrices[:, 0, 0] = matrices[:, 2, 2] = np.cos(turn) * size
    matrices[:, 0, 2] = np.sin(turn) * size
    matrices[:, 2, 0] = -matrices[:, 0, 2]
    matrices[:, 1, 1] = size
    matrices[:, :3, 3] = poses.feet_m
    matrices[:, 1, 3] += (HIP_M - poses.sink_m) * size
    matrices[:, 3, 3] = 1.0
    return matrices


def _turns_x(angle_deg: Float64) -> Float64:
    angle = np.radians(angle_deg)
    matrices = np.zeros((len(angle), 4, 4))
    matrices[:, 0, 0] = matrices[:, 3, 3] = 1.0
    matrices[:, 1, 1] = matrices[:, 2, 2] = np.cos(angle)
    matrices[:, 1, 2], matrices[:, 2, 1] = -np.sin(angle), np.sin(angle)
    return matrices


def far_leg() -> Mesh:
    """A whole straight leg seen from far. Origin: the hip joint."""
    rings = [(-0.91, 0.07, 0.11), (-0.45, 0.06, 0.07), (0.05, 0.09, 0.10)]
    return loft(np.stack([ellipse((0.0, y, 0.0), x, z, 4) for y, x, z in rings]), crease_deg=100.0)


def person(poses: Poses) -> Mesh:
    """Everybody of `poses` as one mesh in one material, for tests and crowds far away."""
    matrices = part_matrices(poses)
    shapes = {
        "torso": (torso(), head(), hair()),
        "arm": (sleeve(), hand()),
        "thigh": (thigh(),),
        "shin": (shin(), shoe()),
    }
    return merge(transform(shape, m) for part, pieces in shapes.items() for shape in pieces for m in matrices[part])


def pigeon_body() -> Mesh:
    """A bird's body, 0.34 m long, flying towards +z, without wings."""
    trunk = limb((0.0, 0.0, -0.10), (0.0, 0.0, 0.11), (0.022, 0.058, 0.052, 0.030), 7)
    bird_head = moved(sphere(0.034, 4, 6), 0.0, 0.022, 0.155)
    tail = transform(sphere(1.0, 3, 6), translation(0.0, 0.0, -0.17) @ scaling(0.045, 0.008, 0.08))
    return merge((trunk, bird_head, tail))


def bird_wing() -> Mesh:
    """One wing reaching out along +x from the shoulder, 0.34 m, seen from both sides."""
    rings = []
    for part, chord, back in ((0.0, 0.14, 0.0), (0.4, 0.15, 0.01), (0.75, 0.10, -0.03), (1.0, 0.02, -0.09)):
        ring = ellipse((0.0, 0.0, 0.0), 0.012, chord / 2, 6)
        rings.append(np.stack([np.full(6, part * 0.34), -ring[:, 0] * (1.1 - part), ring[:, 2] + back], -1))
    return loft(np.stack(rings), crease_deg=120.0)
