"""Where people look: eyes jump, the head follows more slowly and less far, both within limits.

A glance is pure in (traits, time): at moments that chance sets, a person's gaze leaves one target for another.  The
eyes get there within a saccade of 21 ms and 2.2 ms a degree (Carpenter, Movements of the Eyes, 1988), the head starts
later and turns with the least jerk at no more than `HEAD_DEG_PER_S`; until it has come, the eyes look sideways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.animation import quaternions
from environments.animation.easing import FASTEST, chance, eased
from environments.animation.quaternions import Floats
from environments.animation.rig import Joints
from environments.animation.traits import Traits

EYE_YAW_DEG, EYE_UP_DEG, EYE_DOWN_DEG = 35.0, 20.0, 30.0
HEAD_YAW_DEG, HEAD_UP_DEG, HEAD_DOWN_DEG = 65.0, 30.0, 35.0
HEAD_DEG_PER_S = 140.0
EYES_ALONE_DEG = 12.0
"""Glances to within this angle of straight ahead leave the head where it is (Stahl, Exp. Brain Res. 126:41, 1999)."""
HEAD_LATE_S, HEAD_LEAST_S = 0.06, 0.35
GLANCE_EVERY_S = 3.6
SCAN_EVERY_S, SCAN_DEG = 0.9, 1.2
"""Eyes also wander over what they look at, as over the eyes and the mouth of a face."""
_HEAD_LEAST_RAD = -np.radians([HEAD_YAW_DEG, HEAD_UP_DEG])
_HEAD_MOST_RAD = np.radians([HEAD_YAW_DEG, HEAD_DOWN_DEG])
_EYE_LEAST_RAD = -np.radians([EYE_YAW_DEG, EYE_UP_DEG])
_EYE_MOST_RAD = np.radians([EYE_YAW_DEG, EYE_DOWN_DEG])
_GLANCES, _SCANS = np.array([[20], [20], [21]]), np.array([[22], [23], [22], [23]])


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """k people between two targets: their numbers (k,) and the time since the eyes left the first."""

    before: Joints
    after: Joints
    age_s: Floats


def glance(traits: Traits, time_s: float, shares: Floats) -> Glance:
    """The glance of a moment; `shares` (k, m) say how often each of m targets is looked at and sum to 1."""
    every_s = traits.glance_every * GLANCE_EVERY_S
    cycles = time_s / every_s + traits.late_0to1
    slot = np.floor(cycles)
    before, after, late = chance(traits.keys, _GLANCES, np.stack([slot - 1.0, slot, slot]))
    ends = np.cumsum(shares, axis=1)
    return Glance(_chosen(before, ends), _chosen(after, ends), (cycles - slot - 0.4 * late) * every_s)


def eyes_towards(glancing: Glance, angles: Floats) -> Floats:
    """Where the eyes look (k, 2), yaw and pitch in radians, from those of the two targets (k, 2, 2)."""
    before, after = ahead(angles[:, 0]), ahead(angles[:, 1])
    saccade_s = 0.021 + 0.0022 * np.degrees(np.hypot(*(after - before).T))
    return np.asarray(before + (after - before) * eased(glancing.age_s / saccade_s)[:, None])


def head_towards(glancing: Glance, angles: Floats) -> Floats:
    """Where the head turns (k, 2), likewise."""
    before, after = head_share(ahead(angles[:, 0])), head_share(ahead(angles[:, 1]))
    turn_deg = np.degrees(np.hypot(*(after - before).T))
    turn_s = np.maximum(HEAD_LEAST_S, FASTEST * turn_deg / HEAD_DEG_PER_S)
    return np.asarray(before + (after - before) * eased((glancing.age_s - HEAD_LATE_S) / turn_s)[:, None])


def ahead(way: Floats) -> Floats:
    """The same way (k, 2), but straight ahead for what is behind: nobody looks there."""
    seen = 1.0 - eased((np.abs(way[:, :1]) - 1.7) / 1.0)
    return np.asarray(way * seen)


def head_share(way: Floats) -> Floats:
    """How far the head goes along with a gaze (k, 2): not at all near the middle, never beyond its limits."""
    alone = np.radians(EYES_ALONE_DEG)
    size = np.hypot(way[:, :1], way[:, 1:])
    # Rounded, so that the head does not start with a jerk where a moving target leaves the middle.
    share = (np.sqrt(size * size + alone * alone) - alone) / np.maximum(size, 1e-9)
    return np.asarray(np.minimum(np.maximum(way * share, _HEAD_LEAST_RAD), _HEAD_MOST_RAD))


def scanning(traits: Traits, time_s: float) -> Floats:
    """Small jumps (k, 2) of the eyes over what they look at, radians."""
    every_s = traits.scan_every * SCAN_EVERY_S
    cycles = time_s / every_s + traits.late_0to1
    slot = np.floor(cycles)
    part = eased((cycles - slot) * every_s / 0.03)
    drawn = chance(traits.keys, _SCANS, np.stack([slot - 1.0, slot - 1.0, slot, slot]))
    points = np.radians(SCAN_DEG) * (2.0 * drawn - 1.0)
    return np.asarray((points[:2] + (points[2:] - points[:2]) * part).T)


def angles_to(ways: Floats) -> tuple[Floats, Floats]:
    """Yaw (to the left) and pitch (down) of vectors (..., 3), in radians; straight ahead is +z."""
    level = np.hypot(ways[..., 0], ways[..., 2])
    return np.arctan2(ways[..., 0], ways[..., 2]), np.arctan2(-ways[..., 1], level)


def eye_turns(ways: Floats) -> Floats:
    """Rotations (..., 3, 3) of eyes that are to look along vectors (..., 3), as far as eyes turn."""
    yaw, pitch = angles_to(ways)
    yaw = np.minimum(np.maximum(yaw, _EYE_LEAST_RAD[0]), _EYE_MOST_RAD[0])
    pitch = np.minimum(np.maximum(pitch, _EYE_LEAST_RAD[1]), _EYE_MOST_RAD[1])
    return quaternions.about_y_then_x(yaw, pitch)


def along(angles: Floats) -> Floats:
    """Unit vectors (..., 3) of yaw and pitch (..., 2)."""
    yaw, pitch = angles[..., 0], angles[..., 1]
    level = np.cos(pitch)
    return np.stack([np.sin(yaw) * level, -np.sin(pitch), np.cos(yaw) * level], -1)


def _chosen(drawn: Floats, ends: Floats) -> Joints:
    """Which target (k,) chance picks."""
    return np.asarray(np.minimum((drawn[:, None] >= ends).sum(axis=1), ends.shape[1] - 1))
