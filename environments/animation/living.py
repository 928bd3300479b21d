"""What people do all the time without meaning to: breathe, blink, sway, shift their weight.

Every function is pure in (traits, time) and gives arrays for k people; turns are in radians about the body's axes
(x to its left, y up, z ahead), by `Part`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.animation.anatomy import PARTS, Part
from environments.animation.easing import between, chance, eased
from environments.animation.quaternions import Floats
from environments.animation.traits import Traits, wandering

INHALE_PART = 0.4
"""Share of a breath that goes in; out takes the rest."""
CHEST_DEG, SHOULDER_DEG, SHOULDER_RISE_M = 1.6, 2.2, 0.006
HELD_S, OPENING_PART = 0.03, 1.6
"""A lid stays closed for a moment and opens more slowly than it closes."""
SHIFT_EVERY_S, SHIFT_TAKES_S = 11.0, 1.9
SIDE_M, DIP_M, TILT_DEG = 0.032, 0.008, 2.4
SWAY_M = 0.004
"""Root mean square of how far the middle of a quiet stander wanders (Winter, Gait and Posture 3:193, 1995)."""
_BLINK, _SHIFTS = 10, np.array([[11], [11], [12]])


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """What a behaviour adds: `turns_rad` (k, parts, 3) and a shift of the hips (k, 3) in metres."""

    turns_rad: Floats
    hips_m: Floats

    def add(self, other: Effort) -> None:
        """Take up another behaviour, in place."""
        self.turns_rad[:] += other.turns_rad
        self.hips_m[:] += other.hips_m


def no_effort(count: int) -> Effort:
    """Nothing added, in arrays of its own."""
    return Effort(np.zeros((count, PARTS, 3)), np.zeros((count, 3)))


def breath_0to1(traits: Traits, time_s: float, rate: float = 1.0) -> Floats:
    """How full the lungs are; `rate` speeds everybody up."""
    cycles = traits.late_0to1 + time_s * traits.breaths_per_min * rate / 60.0
    part = cycles - np.floor(cycles)
    inhaled = np.sin(0.5 * np.pi * np.minimum(part / INHALE_PART, 1.0)) ** 2
    exhaled = np.cos(0.5 * np.pi * np.maximum((part - INHALE_PART) / (1.0 - INHALE_PART), 0.0)) ** 2
    return np.where(part < INHALE_PART, inhaled, exhaled)


def breathing(traits: Traits, time_s: float, depth: float = 1.0) -> Effort:
    """The chest opens, the shoulders rise, and the head stays level."""
    full = (breath_0to1(traits, time_s) - 0.5) * depth
    effort = no_effort(len(full))
    chest, shoulder = np.radians(CHEST_DEG) * full, np.radians(SHOULDER_DEG) * full
    effort.turns_rad[:, Part.CHEST, 0] = -chest
    effort.turns_rad[:, Part.NECK, 0] = 0.8 * chest
    effort.turns_rad[:, Part.LEFT_SHOULDER, 2] = shoulder
    effort.turns_rad[:, Part.RIGHT_SHOULDER, 2] = -shoulder
    # Arms hang as before.
    effort.turns_rad[:, Part.LEFT_UPPER_ARM, 2] = -shoulder
    effort.turns_rad[:, Part.RIGHT_UPPER_ARM, 2] = shoulder
    return effort


def blink_0to1(traits: Traits, time_s: float) -> Floats:
    """How far the lids are closed: a person's blinks come at their own rate, never evenly.

    Lids close within 0.10 to 0.15 s; a whole blink takes 0.3 to 0.4 s (Schiffman, Sensation and Perception, 2001).
    """
    every_s = 60.0 / traits.blinks_per_min
    slot = np.floor(time_s / every_s)
    early_s = 0.75 * every_s * chance(traits.keys, _BLINK, slot)
    age_s = time_s - slot * every_s - early_s
    opened_s = age_s - traits.closing_s - HELD_S
    return np.asarray(eased(age_s / traits.closing_s) * (1.0 - eased(opened_s / (traits.closing_s * OPENING_PART))))


def swaying(traits: Traits, time_s: float, hips_0to1: float = 1.0) -> Effort:
    """Slow wandering of a stander's middle, less for who sits, and small turns of trunk and head."""
    effort, wander = no_effort(len(traits.keys)), wandering(traits, time_s)
    effort.hips_m[:, 0] = hips_0to1 * SWAY_M * wander[:, 0]
    effort.hips_m[:, 2] = hips_0to1 * 1.4 * SWAY_M * wander[:, 1]
    effort.turns_rad[:, Part.SPINE] = np.radians(0.5) * wander[:, 2:5]
    effort.turns_rad[:, Part.HEAD] = np.radians(0.7) * wander[:, 5:8]
    effort.turns_rad[:, Part.LEFT_UPPER_ARM : Part.RIGHT_UPPER_ARM + 1, 0] = np.radians(1.0) * wander[:, 8:10]
    effort.turns_rad[:, Part.LEFT_FOREARM : Part.RIGHT_FOREARM + 1, 0] = np.radians(1.5) * wander[:, 10:12]
    return effort


def shifting_weight(traits: Traits, time_s: float, part_0to1: Floats | float = 1.0) -> Effort:
    """From one leg to the other every ten seconds or so; trunk and head stay upright."""
    side = _side(traits, time_s) * part_0to1
    effort = no_effort(len(side))
    effort.hips_m[:, 0] = SIDE_M * side
    effort.hips_m[:, 1] = -DIP_M * side * side
    tilt = np.radians(TILT_DEG) * side
    effort.turns_rad[:, Part.HIPS, 2] = tilt
    effort.turns_rad[:, Part.SPINE, 2] = -1.3 * tilt
    effort.turns_rad[:, Part.CHEST, 2] = -0.3 * tilt
    effort.turns_rad[:, Part.HEAD, 2] = 0.6 * tilt
    return effort


def _side(traits: Traits, time_s: float) -> Floats:
    """-1 all weight on the right leg, 1 on the left."""
    every_s = traits.shift_every * SHIFT_EVERY_S
    cycles = time_s / every_s + traits.late_0to1
    slot = np.floor(cycles)
    before, after, late = chance(traits.keys, _SHIFTS, np.stack([slot - 1.0, slot, slot]))
    age_s = (cycles - slot) * every_s - (every_s - SHIFT_TAKES_S) * late
    sign = np.where(slot % 2.0 < 1.0, 1.0, -1.0)
    start, end = -sign * between(0.35, 1.0, before), sign * between(0.35, 1.0, after)
    return np.asarray(start + (end - start) * eased(age_s / SHIFT_TAKES_S))
