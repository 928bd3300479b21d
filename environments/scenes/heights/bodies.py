"""People with skeletons, as banks of poses: a stride, a loop of standing, and somebody at a railing who leans out.

All poses are worked out once, so that a moment only mixes neighbouring ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.animation.anatomy import Part, joints_of
from environments.animation.moments import Moment
from environments.animation.people import People
from environments.animation.quaternions import Floats
from environments.animation.rig import Rig, local_matrices
from environments.animation.routes import Route, Routes
from environments.animation.sampling import ClipReader, sampled
from environments.animation.stepping import stride_s
from environments.gltf.built_in import built_in_model
from environments.gltf.content import Body
from environments.render.model import Character, Float32
from environments.scenes.dressing import dressed
from environments.scenes.heights.palette import LOOKS

STANDS, STEPS, LEANS = 48, 32, 9
"""How many poses a loop of standing, a stride and leaning out have."""
_SPEED_M_S, _BEFORE_S = 1.3, 4.0
_PAIRED = (Part.LEFT_THIGH, Part.LEFT_UPPER_ARM, Part.LEFT_FOREARM)


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Joint matrices of one body: `standing` (`STANDS`, j, 4, 4) over `stand_s`, `walking` (`STEPS`, j, 4, 4).

    `neck` and `head` are those joints with all that hangs on them, `pivots_m` (2, 3) where they are at rest, `blinks`
    the lids among `morphs` targets.
    """

    standing: Float32
    walking: Float32
    stand_s: float
    stride_m: float
    neck: NDArray[np.intp]
    head: NDArray[np.intp]
    pivots_m: Float32
    blinks: NDArray[np.intp]
    morphs: int


@lru_cache(maxsize=16)
def _body(name: str) -> Body:
    return built_in_model(f"people/{name}.glb").bodies[0]


def name_of(look: int) -> str:
    """What a look's character is called."""
    return f"person {look}"


def characters() -> tuple[Character, ...]:
    """One for each look."""
    return tuple(dressed(_body(look.body).character, name_of(number), look.tint) for number, look in enumerate(LOOKS))


@lru_cache(maxsize=16)
def bank(name: str) -> Bank:
    """The poses of a body."""
    body = _body(name)
    rig, clip = Rig(body.skeleton), ClipReader(body.clips[0])
    joints = joints_of(body.skeleton.names)
    moments_s = np.arange(STANDS, dtype=np.float64) * (clip.duration_s / STANDS)
    standing = rig.palettes(rig.globals_of(local_matrices(sampled(rig, clip, moments_s))))
    walking, stride_m = _stride(body)
    neck, head = int(joints[Part.NECK]), int(joints[Part.HEAD])
    below = [np.concatenate([level for level, _ in rig.below([joint])]) for joint in (neck, head)]
    blinks = np.array([number for number, morph in enumerate(body.morph_names) if morph.startswith("blink")], np.intp)
    pivots_m = rig.rest_globals[[neck, head], :3, 3].astype(np.float32)
    return Bank(
        standing, walking, clip.duration_s, stride_m, below[0], below[1], pivots_m, blinks, len(body.morph_names)
    )


def _stride(body: Body) -> tuple[Float32, float]:
    """One stride of somebody who goes straight on, and its length."""
    people = People(body, 0, 1, routes=Routes([Route(((0.0, 0.0), (0.0, 40.0)), _SPEED_M_S)]))
    takes_s = float(stride_s(np.array([_SPEED_M_S]))[0])
    palettes = [people.poses(Moment(_BEFORE_S + takes_s * step / STEPS)).joints[0] for step in range(STEPS)]
    return np.array(palettes), takes_s * _SPEED_M_S


@lru_cache(maxsize=1)
def leaning_bank() -> Float32:
    """Joint matrices (`LEANS`, `STANDS`, j, 4, 4) of the visitor with hands on a railing, upright to leaning out."""
    body = _body(LOOKS[0].body)
    rig, clip = Rig(body.skeleton), ClipReader(body.clips[0])
    joints = joints_of(body.skeleton.names)
    lean: Floats = np.repeat(np.linspace(0.0, 1.0, LEANS), STANDS)
    when: Floats = np.tile(np.arange(STANDS) / STANDS, LEANS)
    pose = sampled(rig, clip, when * clip.duration_s)
    turns_deg = {
        Part.HIPS: 3.0 + 12.0 * lean,
        Part.SPINE: 2.0 + 20.0 * lean,
        Part.CHEST: 2.0 + 16.0 * lean,
        Part.NECK: 8.0 - 4.0 * lean,
        Part.LEFT_THIGH: -3.0 - 12.0 * lean,
        Part.LEFT_UPPER_ARM: -30.0 - 32.0 * lean,
        Part.LEFT_FOREARM: -42.0 + 18.0 * lean,
    }
    for part, angle_deg in turns_deg.items():
        sides = (part, part + 1) if part in _PAIRED else (part,)
        turn = np.zeros((len(lean), 1, 3))
        turn[:, 0, 0] = np.radians(angle_deg)
        for one in sides:
            rig.turn(pose, joints[[one]], turn)
    return rig.palettes(rig.globals_of(local_matrices(pose))).reshape(LEANS, STANDS, -1, 4, 4)
