"""Puts poses together: cross-fades, and layers that add a movement to a part of the body."""

from __future__ import annotations

import numpy as np

from environments.animation import quaternions
from environments.animation.easing import eased
from environments.animation.quaternions import Floats
from environments.animation.rig import JointPoses


def blended(first: JointPoses, second: JointPoses, part_0to1: Floats) -> JointPoses:
    """Between two poses; `part_0to1` (k,) is 0 for the first, or (k, j) to choose for each joint."""
    part = part_0to1[:, None] if part_0to1.ndim == 1 else part_0to1
    part = np.broadcast_to(part, first.rotations.shape[:2])
    wide = part[..., None]
    return JointPoses(
        first.translations_m + (second.translations_m - first.translations_m) * wide,
        quaternions.slerp(first.rotations, second.rotations, part),
        first.scales + (second.scales - first.scales) * wide,
    )


def fade_0to1(age_s: Floats, fade_s: float) -> Floats:
    """How far a cross-fade has come that began `age_s` ago: smooth at both ends, 1 when it takes no time."""
    return eased(age_s / fade_s) if fade_s > 0.0 else np.where(age_s >= 0.0, 1.0, 0.0)


def layered(base: JointPoses, layer: JointPoses, reference: JointPoses, mask_0to1: Floats) -> JointPoses:
    """The base and, on top, by how much `layer` differs from `reference`; `mask_0to1` is (j,) or (k, j)."""
    mask = np.broadcast_to(mask_0to1, base.rotations.shape[:2])
    wide = mask[..., None]
    added = quaternions.product(quaternions.conjugate(reference.rotations), layer.rotations)
    still = np.broadcast_to(np.array([0.0, 0.0, 0.0, 1.0]), added.shape)
    return JointPoses(
        base.translations_m + (layer.translations_m - reference.translations_m) * wide,
        quaternions.product(base.rotations, quaternions.slerp(still, added, mask)),
        base.scales * (1.0 + (layer.scales / reference.scales - 1.0) * wide),
    )
