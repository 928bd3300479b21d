"""Living people: posture or clip, then breath, weight, sway and walk, then feet, head, eyes and lids, in this order."""

from __future__ import annotations

import numpy as np

from environments.animation import living, walking
from environments.animation.anatomy import Part, joints_of, morphs_of
from environments.animation.easing import chance
from environments.animation.footing import Footing, footing_of, gait_of, in_body
from environments.animation.looking import Looking
from environments.animation.moments import Moment, places_at, sights_at
from environments.animation.postures import STANDING, Posture, held
from environments.animation.quaternions import Floats
from environments.animation.rig import JointPoses, Rig, local_matrices
from environments.animation.routes import Routes
from environments.animation.sampling import ClipReader, sampled
from environments.animation.stepping import Pace, feet_at, stride_s
from environments.animation.traits import traits_of
from environments.gltf.content import Body
from environments.render.model import Poses

__all__ = ["Moment", "People"]

BLINK_MORPHS = ("blink", "blinks", "eyes closed", "eye blink left", "eye blink right", "blink l", "blink r")
_STEP_STREAM = 30


class People:
    """`count` people with the same body; who they are follows from `seed` alone.

    They hold `posture`, or play `clip`, each from a moment of their own; with `routes` they walk.
    """

    def __init__(
        self,
        body: Body,
        seed: int,
        count: int,
        *,
        posture: Posture = STANDING,
        routes: Routes | None = None,
        clip: ClipReader | None = None,
    ) -> None:
        self.name, self.count = body.character.name, count
        self.rig = Rig(body.skeleton)
        self.joints = joints_of(body.skeleton.names)
        self._present = np.nonzero(self.joints >= 0)[0]
        self._traits = traits_of(seed, count)
        self._posture, self._routes, self._clip = posture, routes, clip
        self._base = held(self.rig, self.joints, posture)
        keeps_feet = clip is None or routes is not None
        self._footing: Footing | None = footing_of(self.rig, self.joints, posture) if keeps_feet else None
        self._gait = gait_of(self.rig, self.joints, self._footing) if self._footing is not None else None
        self._looking = Looking(self.rig, self.joints)
        self._morph_names = body.morph_names
        self._blinks = morphs_of(body.morph_names, *BLINK_MORPHS)
        self._morphs: Floats = np.repeat(body.morph_defaults[None].astype(np.float64), count, axis=0)
        speeds = routes.speeds_m_per_s if routes is not None else np.ones(count)
        self._pace = Pace(stride_s(speeds), chance(self._traits.keys, _STEP_STREAM))

    def poses(self, moment: Moment) -> Poses:
        """Everybody at a moment, ready to be drawn."""
        places = self.places(moment)
        palettes = self.rig.palettes(self.globals_at(moment, places))
        return Poses(places.astype(np.float32), palettes, self.morphs(moment).astype(np.float32))

    def places(self, moment: Moment) -> Floats:
        """Where everybody is (k, 4, 4)."""
        return places_at(moment, self._routes, self.count)

    def morphs(self, moment: Moment) -> Floats:
        """The weights of all morph targets (k, t)."""
        out = self._morphs.copy()
        if self._clip is not None:
            self._clip.weights(out, self._clip_times_s(moment))
        for name, weights in moment.faces.items():
            for number in morphs_of(self._morph_names, name):
                out[:, number] = weights
        closed = living.blink_0to1(self._traits, moment.time_s)
        for number in self._blinks:
            out[:, number] = np.maximum(out[:, number], closed)
        return out

    def globals_at(self, moment: Moment, places: Floats) -> Floats:
        """All joints' matrices in the bodies' own space (k, j, 4, 4), for bodies at `places`."""
        pose, effort = self._posed(moment), self._effort(moment)
        feet_pitches = self._walk(moment, places, effort) if self._routes is not None else None
        if self.joints[Part.HIPS] >= 0:
            self.rig.shift(pose, int(self.joints[Part.HIPS]), effort.hips_m)
        self.rig.turn(pose, self.joints[self._present], effort.turns_rad[:, self._present])
        locals_ = local_matrices(pose)
        globals_ = self.rig.globals_of(locals_)
        if self._footing is not None:
            if feet_pitches is None:
                self._footing.stand_still(globals_, locals_)
            else:
                self._footing.stand(globals_, locals_, *feet_pitches)
        self._looking.apply(globals_, locals_, (self._traits, sights_at(moment, places)), moment.time_s)
        return globals_

    def _posed(self, moment: Moment) -> JointPoses:
        if self._clip is not None:
            return sampled(self.rig, self._clip, self._clip_times_s(moment))
        base = self._base
        return JointPoses(
            *(np.repeat(part, self.count, axis=0) for part in (base.translations_m, base.rotations, base.scales))
        )

    def _clip_times_s(self, moment: Moment) -> Floats:
        """Each plays the clip from a moment of their own."""
        duration_s = self._clip.duration_s if self._clip is not None else 0.0
        return moment.time_s + duration_s * self._traits.late_0to1

    def _effort(self, moment: Moment) -> living.Effort:
        effort = living.breathing(self._traits, moment.time_s, moment.breath_depth)
        if self._clip is None:
            seated = self._posture.hips_m is not None
            effort.add(living.swaying(self._traits, moment.time_s, 0.3 if seated else 1.0))
            if self._routes is None:
                effort.add(living.shifting_weight(self._traits, moment.time_s, 0.5 if seated else 1.0))
        return effort

    def _walk(self, moment: Moment, places: Floats, effort: living.Effort) -> tuple[Floats, Floats] | None:
        """Add the walk to `effort`; the ankles and how the feet are turned, in the bodies' space."""
        routes = self._routes
        if routes is None or self._gait is None:
            return None
        gait, sole = self._gait
        brisk = walking.vigour(routes, moment.time_s, self.count)
        effort.add(walking.walking(self._pace.cycles(moment.time_s), brisk))
        feet = feet_at(gait, routes.at, self._pace, moment.time_s)
        pitches = walking.foot_pitches(feet, brisk)
        effort.turns_rad[:, Part.LEFT_TOES : Part.RIGHT_TOES + 1, 0] -= np.maximum(pitches, 0.0)
        return in_body(places, walking.ankles(feet, pitches, sole), feet.headings_rad, pitches)
