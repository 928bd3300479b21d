"""Turns heads and eyes of posed bodies towards what they look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.animation import gaze
from environments.animation.anatomy import Part
from environments.animation.quaternions import Floats, about_y_then_x
from environments.animation.rig import Joints, Rig
from environments.animation.traits import Traits

NECK_PART = 0.4
"""The neck's share of a turn of the head."""
_FACE_M = 0.07


@dataclass(frozen=True, slots=True, eq=False)
class Sights:
    """What k people may look at: `targets_m` (k, m, 3) in their own space, and `shares` (k, m) that add up to 1."""

    targets_m: Floats
    shares: Floats


class Looking:
    """The neck, head and eyes of a rig; parts that it lacks are left out."""

    def __init__(self, rig: Rig, joints: Joints) -> None:
        self._rig = rig
        self._head, self._neck = int(joints[Part.HEAD]), int(joints[Part.NECK])
        eyes = joints[[Part.LEFT_EYE, Part.RIGHT_EYE]]
        self._eyes: Joints = eyes[eyes >= 0]
        bearers = np.array([self._neck, self._head], np.intp)
        self._bearers, self._shares = bearers[bearers >= 0], np.array([NECK_PART, 1.0 - NECK_PART])
        if self._neck < 0:
            self._shares = np.ones(1)
        first = self._neck if self._neck >= 0 else self._head
        self._below_neck = rig.below([first]) if self._head >= 0 else ()
        self._below_eyes = rig.below(self._eyes.tolist()) if len(self._eyes) else ()
        if self._head >= 0:
            self._from_rest = np.linalg.inv(rig.rest_globals[self._head, :3, :3])
            places = rig.rest_globals[:, :3, 3]
            middle = (
                places[self._eyes].mean(axis=0) if len(self._eyes) else places[self._head] + (0.0, _FACE_M, _FACE_M)
            )
            self._middle = self._from_rest @ (middle - places[self._head])

    def apply(self, globals_: Floats, locals_: Floats, who: tuple[Traits, Sights], time_s: float) -> None:
        """Turn heads and eyes, in place; `globals_` and `locals_` are (k, j, 4, 4)."""
        if self._head < 0:
            return
        traits, sights = who
        glancing = gaze.glance(traits, time_s, sights.shares)
        rows = np.arange(len(glancing.age_s))
        pair_m = np.stack([sights.targets_m[rows, glancing.before], sights.targets_m[rows, glancing.after]], axis=1)
        self._turn_head(globals_, locals_, gaze.head_towards(glancing, self._angles(globals_, pair_m)))
        angles = self._angles(globals_, pair_m)
        way = gaze.eyes_towards(glancing, angles) + gaze.scanning(traits, time_s)
        away_m = np.linalg.norm(pair_m - self._middles(globals_)[:, None], axis=-1)
        part = np.clip(glancing.age_s / 0.1, 0.0, 1.0)
        self._turn_eyes(globals_, locals_, way, away_m[:, 0] + (away_m[:, 1] - away_m[:, 0]) * part)

    def _middles(self, globals_: Floats) -> Floats:
        """The middle (k, 3) between the eyes."""
        head = globals_[:, self._head]
        return np.asarray(head[:, :3, :3] @ self._middle + head[:, :3, 3])

    def _angles(self, globals_: Floats, points_m: Floats) -> Floats:
        """Yaw and pitch (k, 2, 2) of points (k, 2, 3) seen from between the eyes, in the body's axes."""
        return np.stack(gaze.angles_to(points_m - self._middles(globals_)[:, None]), axis=-1)

    def _turn_head(self, globals_: Floats, locals_: Floats, way: Floats) -> None:
        part = way[:, None] * self._shares[:, None]
        self._rig.turn_more(locals_, self._bearers, about_y_then_x(part[..., 0], part[..., 1]))
        self._rig.update(globals_, locals_, self._below_neck)

    def _turn_eyes(self, globals_: Floats, locals_: Floats, way: Floats, away_m: Floats) -> None:
        if not len(self._eyes):
            return
        point_m = self._middles(globals_) + gaze.along(way) * away_m[:, None]
        turned = globals_[:, self._head, :3, :3] @ self._from_rest
        seen = (point_m[:, None] - globals_[:, self._eyes][..., :3, 3]) @ turned
        self._rig.turn_more(locals_, self._eyes, gaze.eye_turns(seen))
        self._rig.update(globals_, locals_, self._below_eyes)
