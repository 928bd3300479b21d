"""What the rest of a person does while the feet walk, and how a foot rolls from heel to ball.

Sizes follow the gait of healthy adults (Perry and Burnfield, Gait Analysis, 2010): the pelvis turns by 4 degrees, the
arms swing against the legs, the heel leaves the ground after three fifths of the stance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.animation.anatomy import Part
from environments.animation.easing import eased
from environments.animation.living import Effort, no_effort
from environments.animation.quaternions import Floats
from environments.animation.routes import Routes
from environments.animation.stepping import Feet, rolled

STANCE_PART, LIFT_M = 0.6, 0.045
FULL_SPEED_M_PER_S = 1.3
HEEL_FIRST_DEG, HEEL_OFF_DEG = 16.0, 38.0
_PELVIS_DEG, _ARM_DEG, _ELBOW_DEG, _LEAN_DEG = 4.0, 20.0, 16.0, 2.5
_SIDE_M, _BOB_M = 0.018, 0.016
_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Sole:
    """Where a foot touches the ground, from the point under its ankle: ankle height, heel behind, ball ahead (m)."""

    ankle_m: float
    heel_m: float
    ball_m: float


def speeds_m_per_s(routes: Routes, time_s: float, count: int) -> Floats:
    """How fast (k,) bodies walk around a moment: smooth in time."""
    before, after = routes.at(np.repeat([[time_s - _LOOK_S], [time_s + _LOOK_S]], count, axis=1))
    return np.asarray(np.linalg.norm(after[:, :2] - before[:, :2], axis=1) / (2.0 * _LOOK_S))


def vigour(routes: Routes, time_s: float, count: int) -> Floats:
    """How briskly (k,) people walk: 0 standing, 1 at an ordinary pace."""
    return np.asarray(np.minimum(speeds_m_per_s(routes, time_s, count) / FULL_SPEED_M_PER_S, 1.3))


def walking(cycles: Floats, brisk: Floats) -> Effort:
    """Trunk and arms of k people; `cycles` are strides since the left foot was set down."""
    effort = no_effort(len(cycles))
    turns = effort.turns_rad
    swing = np.cos(2.0 * np.pi * cycles) * brisk
    stand = np.sin(2.0 * np.pi * (cycles - 0.05)) * brisk
    pelvis = np.radians(_PELVIS_DEG) * swing
    turns[:, Part.HIPS, 1] = -pelvis
    turns[:, Part.SPINE, 1] = turns[:, Part.CHEST, 1] = pelvis
    turns[:, Part.NECK, 1] = -pelvis
    turns[:, Part.HIPS, 2] = np.radians(2.5) * stand
    turns[:, Part.SPINE, 2] = -np.radians(2.5) * stand
    lean = np.radians(_LEAN_DEG) * brisk
    turns[:, Part.SPINE, 0], turns[:, Part.NECK, 0] = lean, -lean
    arm = np.radians(_ARM_DEG) * swing
    turns[:, Part.LEFT_UPPER_ARM, 0], turns[:, Part.RIGHT_UPPER_ARM, 0] = arm, -arm
    bend = np.radians(_ELBOW_DEG) * brisk
    turns[:, Part.LEFT_FOREARM, 0] = -bend + 0.5 * arm
    turns[:, Part.RIGHT_FOREARM, 0] = -bend - 0.5 * arm
    effort.hips_m[:, 0] = _SIDE_M * stand
    effort.hips_m[:, 1] = -_BOB_M * brisk * (1.0 + np.cos(4.0 * np.pi * (cycles - 0.05)))
    return effort


def foot_pitches(feet: Feet, brisk: Floats) -> Floats:
    """How far (k, n) the toes point down, in radians: heel first, flat, heel off, and back while swinging."""
    landing = -HEEL_FIRST_DEG * (1.0 - eased(feet.stances / 0.2))
    leaving = HEEL_OFF_DEG * eased((feet.stances - 0.6) / 0.4)
    swinging = HEEL_OFF_DEG - (HEEL_OFF_DEG + HEEL_FIRST_DEG) * eased(feet.swings / 0.85)
    pitch = np.where(feet.swings > 0.0, swinging, landing + leaving)
    return np.radians(pitch) * brisk[:, None]


def ankles(feet: Feet, pitches: Floats, sole: Sole) -> Floats:
    """Where the ankles are (k, n, 3) in the world, when feet roll over the heel or the ball."""
    return rolled(feet, pitches, sole.ankle_m, np.where(pitches > 0.0, sole.ball_m, -sole.heel_m))
