"""Four-legged creatures that stand or walk, breathe, look about and carry a tail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from environments.animation.anatomy import Part, joints_of, legs_of, morphs_of, tail_of
from environments.animation.easing import chance, eased
from environments.animation.footing import Footing, in_body
from environments.animation.living import blink_0to1, breath_0to1
from environments.animation.looking import Looking
from environments.animation.moments import Moment, places_at, sights_at
from environments.animation.people import BLINK_MORPHS
from environments.animation.quaternions import Floats
from environments.animation.rig import JointPoses, Rig, local_matrices
from environments.animation.routes import Routes
from environments.animation.stepping import LATERAL_WALK, Feet, Gait, Pace, feet_at, rolled
from environments.animation.traits import traits_of, wandering
from environments.animation.walking import speeds_m_per_s
from environments.gltf.content import Body
from environments.render.model import Poses

STANCE_PART = 0.66
LIFT_PART = 0.12
"""How high a paw swings, in heights of the shoulder."""
LANDING_DEG, LEAVING_DEG, FLICK_DEG = -10.0, 18.0, 30.0
_BENDS = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]] * 2)
"""Knees point ahead and elbows back."""
_STEP_STREAM = 40


class Creatures:
    """`count` creatures with the same body; who they are follows from `seed` alone; with `routes` they walk.

    `legs` are chains of upper joint, middle joint and foot: left hind, left fore, right hind, right fore; None finds
    them by name.  ValueError when the skeleton has no such legs.  `sequence` is the order of footfalls.
    """

    def __init__(
        self,
        body: Body,
        seed: int,
        count: int,
        *,
        routes: Routes | None = None,
        legs: Sequence[tuple[int, int, int]] | None = None,
        sequence: tuple[float, float, float, float] = LATERAL_WALK,
    ) -> None:
        self.name, self.count = body.character.name, count
        self.rig = Rig(body.skeleton)
        names = body.skeleton.names
        chains = legs_of(names) if legs is None else tuple(legs)
        if len(chains) != 4:
            raise ValueError(f"the skeleton of {self.name} has no four legs that are known by name; give `legs`")
        self._joints, self._tail = joints_of(names), tail_of(names)
        self._traits = traits_of(seed, count)
        self._routes = routes
        self._top = self._trunk(chains)
        self._footing = Footing(self.rig, chains, _BENDS, self._top)
        self._looking = Looking(self.rig, self._joints)
        self._blinks = morphs_of(body.morph_names, *BLINK_MORPHS)
        self._morphs: Floats = np.repeat(body.morph_defaults[None].astype(np.float64), count, axis=0)
        places = self.rig.rest_globals[:, :3, 3]
        self._height_m = float(places[[chain[0] for chain in chains], 1].mean())
        self._ankles_m = places[[chain[2] for chain in chains], 1]
        self._gait = Gait(sequence, self._footing.homes_m(), STANCE_PART, LIFT_PART * self._height_m)
        speeds = routes.speeds_m_per_s if routes is not None else np.ones(count)
        self._pace = Pace(stride_s(speeds, self._height_m), chance(self._traits.keys, _STEP_STREAM))

    def poses(self, moment: Moment) -> Poses:
        """All of them at a moment, ready to be drawn."""
        places = self.places(moment)
        morphs = self._morphs.copy()
        for number in self._blinks:
            morphs[:, number] = blink_0to1(self._traits, moment.time_s)
        palettes = self.rig.palettes(self.globals_at(moment, places))
        return Poses(places.astype(np.float32), palettes, morphs.astype(np.float32))

    def places(self, moment: Moment) -> Floats:
        """Where they are (k, 4, 4)."""
        return places_at(moment, self._routes, self.count)

    def globals_at(self, moment: Moment, places: Floats) -> Floats:
        """All joints' matrices in the bodies' own space (k, j, 4, 4), for bodies at `places`."""
        pose = self.rig.rest(self.count)
        brisk = np.zeros(self.count)
        if self._routes is not None:
            usual = usual_speed_m_per_s(self._height_m)
            brisk = np.minimum(speeds_m_per_s(self._routes, moment.time_s, self.count) / usual, 1.3)
        self._move_trunk(pose, moment, brisk)
        locals_ = local_matrices(pose)
        globals_ = self.rig.globals_of(locals_)
        if self._routes is None:
            self._footing.stand_still(globals_, locals_)
        else:
            feet = feet_at(self._gait, self._routes.at, self._pace, moment.time_s)
            pitches = paw_pitches(feet, brisk)
            ends_m = rolled(feet, pitches, self._ankles_m, np.zeros_like(pitches))
            self._footing.stand(globals_, locals_, *in_body(places, ends_m, feet.headings_rad, pitches))
        self._looking.apply(globals_, locals_, (self._traits, sights_at(moment, places)), moment.time_s)
        return globals_

    def _trunk(self, chains: Sequence[tuple[int, int, int]]) -> int:
        """The lowest joint that carries all legs."""
        lines = []
        for upper, _, _ in chains:
            line, joint = [], int(self.rig.parents[upper])
            while joint >= 0:
                line.append(joint)
                joint = int(self.rig.parents[joint])
            lines.append(line)
        return next(joint for joint in lines[0] if all(joint in line for line in lines))

    def _move_trunk(self, pose: JointPoses, moment: Moment, brisk: Floats) -> None:
        """Breath and wandering; while walking the back bends from side to side, the head nods, the tail swings."""
        wander = wandering(self._traits, moment.time_s)
        cycles = self._pace.cycles(moment.time_s) * 2.0 * np.pi
        bend = np.radians(3.0) * brisk * np.sin(cycles)
        shifts_m = np.zeros((self.count, 3))
        shifts_m[:, 0] = 0.012 * self._height_m * wander[:, 0]
        shifts_m[:, 1] = -0.012 * self._height_m * brisk * (1.0 + np.cos(2.0 * cycles))
        shifts_m[:, 2] = 0.012 * self._height_m * wander[:, 1]
        self.rig.shift(pose, self._top, shifts_m)
        turns = {self._top: np.stack([0.0 * bend, -bend, 0.5 * bend], -1)}
        breath = np.radians(1.2) * (breath_0to1(self._traits, 1.4 * moment.time_s) - 0.5) * moment.breath_depth
        nod = np.radians(4.0) * brisk * np.cos(2.0 * cycles)
        for part, across, along in ((Part.CHEST, breath, bend), (Part.NECK, nod, bend), (Part.HEAD, -nod, 0.0 * bend)):
            if self._joints[part] >= 0 and self._joints[part] != self._top:
                turns[int(self._joints[part])] = np.stack([across, along, 0.0 * along], -1)
        for index, joint in enumerate(self._tail):
            swing = np.radians(5.0) * (brisk * np.sin(cycles - 0.6 * index) + 0.8 * wander[:, 3 + index % 8])
            turns[int(joint)] = np.stack([np.radians(1.5) * wander[:, 4], swing, 0.0 * swing], -1)
        self.rig.turn(pose, np.array(list(turns)), np.stack(list(turns.values()), axis=1))


def stride_s(speeds: Floats, height_m: float) -> Floats:
    """How long a stride takes at speeds in m/s.

    Its length is 2.3 leg lengths times the Froude number to the power of 0.3 (Alexander, Nature 261:129, 1976).
    """
    speed = np.maximum(speeds, 0.2)
    return np.asarray(2.3 * height_m * (speed * speed / (9.81 * height_m)) ** 0.3 / speed)


def usual_speed_m_per_s(height_m: float) -> float:
    """An easy walk: a Froude number of 0.2."""
    return float(np.sqrt(0.2 * 9.81 * height_m))


def paw_pitches(feet: Feet, brisk: Floats) -> Floats:
    """How far (k, n) feet point down, in radians: they lean over while they stand and flick while they swing."""
    standing = LANDING_DEG + (LEAVING_DEG - LANDING_DEG) * eased(feet.stances)
    swinging = LEAVING_DEG + (LANDING_DEG - LEAVING_DEG) * eased(feet.swings)
    swinging = swinging + FLICK_DEG * np.sin(np.pi * feet.swings) ** 2
    pitch = np.where(feet.swings > 0.0, swinging, standing)
    return np.radians(pitch) * brisk[:, None]
