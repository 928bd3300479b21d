"""People near the patient: bodies with skeletons that walk, breathe, blink and look up now and then.

Who is near depends on the moment alone.  Their joints are mixed from banks of poses (`bodies.py`), then heads turn:
thirty times a second of scene time.  Where they walk is worked out for every moment.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from environments.animation.easing import eased
from environments.animation.quaternions import Floats
from environments.render.model import Float32, Poses
from environments.scenes.heights.bodies import LEANS, STANDS, STEPS, Bank, bank, leaning_bank, name_of
from environments.scenes.heights.palette import LOOKS
from environments.scenes.heights.people import UPRIGHT, WALKERS, Crowd, crowd_of, upright_at
from environments.scenes.heights.placing import standing_at

NEAR_M = 33.0
"""Bodies cast real shadows as far as the fine shadow map goes around the eye."""
MOST = 11
"""At most so many people are near at a moment, besides the visitor."""
_VISITOR, _VISITORS_LOOK = np.array([UPRIGHT]), np.array([0])
_LOOKS = np.arange(len(LOOKS))
Place = tuple[float, float, float]
_EVERY_S, _SLOTS = np.array((4.5, 3.5)), 64
"""How often somebody may look elsewhere, and blinks; chance repeats after so many slots."""
_GLANCES_0TO1, _TURNING_S = 0.45, 0.55
_MOST_RAD = np.radians(((60.0,), (28.0,)))
_BEHIND_RAD, _FADING_RAD = np.radians((130.0, 35.0))
_HEAD_M = 1.62
EYES_M = 1.5
"""About how high a patient's face is over the floor."""
_SHUT_S = 0.3
POSES_PER_S = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Those with skeletons at a moment, sorted by look, the visitor among them: who they are, and what they look like.

    `bodies` (k, 4, 4) body-to-world (the visitor's is not known yet), `gone_m` (k,) how far each has walked.
    """

    seed: int
    people: NDArray[np.intp]
    looks: NDArray[np.intp]
    bodies: Float32
    gone_m: Floats

    @property
    def left_out(self) -> tuple[int, ...]:
        """Whom the figures of few shapes leave out."""
        return tuple(self.people[1:].tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Banks:
    """All poses as rows of j matrices without their last rows (p, j * 12): for each look standing, then walking.

    `leaning` (LEANS * STANDS, j * 12) are the visitor's.
    """

    rows: Float32
    leaning: Float32
    stride_m: Floats
    stand_s: float
    first: Bank


@lru_cache(maxsize=1)
def _banks() -> _Banks:
    each = [bank(look.body) for look in LOOKS]
    rows = np.concatenate([_flat(part) for one in each for part in (one.standing, one.walking)])
    leaning = _flat(leaning_bank().reshape(LEANS * STANDS, -1, 4, 4))
    return _Banks(rows, leaning, np.array([one.stride_m for one in each]), each[0].stand_s, each[0])


def _flat(joints: Float32) -> Float32:
    return np.ascontiguousarray(joints[:, :, :3]).reshape(len(joints), -1)


@dataclass(frozen=True, slots=True, eq=False)
class _Habits:
    """When everybody looks up and blinks: how late in its rhythm each is (n, 2), chance for each slot (n, 2, slots)."""

    late_0to1: Floats
    chance_0to1: Floats


@lru_cache(maxsize=8)
def _habits(seed: int) -> _Habits:
    rng = np.random.default_rng((seed, 15))
    return _Habits(rng.random((UPRIGHT + 1, 2)), rng.random((UPRIGHT + 1, 2, _SLOTS)))


def prepare(seed: int) -> None:
    """Bake what every moment needs, so that no frame has to."""
    _banks()
    _habits(seed)


@dataclass(frozen=True, slots=True, eq=False)
class Alive:
    """The bodies of a moment, and whom the figures of few shapes leave out."""

    poses: dict[str, Poses]
    left_out: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Posed:
    """Those near and their joints at one of the moments in which they are worked out."""

    near: Near
    poses: dict[str, Poses]


def alive(crowd: Crowd, time_s: float, eye_base_m: Place, visitor: Float32, leaning: Callable[[float], float]) -> Alive:
    """Everybody near; the visitor stands at a matrix (4, 4), `leaning` tells how far so many seconds ago."""
    step = math.floor(time_s * POSES_PER_S + 1e-6)
    then_s = step / POSES_PER_S
    lean = round(leaning(time_s - then_s), 6)
    posed = _posed(crowd.seed, step, eye_base_m, visitor.tobytes(), lean)
    bodies = np.empty_like(posed.near.bodies)
    bodies[0] = visitor
    if len(bodies) > 1:
        people = posed.near.people[1:]
        bodies[1:] = standing_at(upright_at(crowd, time_s).rows[people], 0.0, crowd.scale[people])
    begins, poses = 0, {}
    for name, then in posed.poses.items():
        ends = begins + len(then.places)
        poses[name] = Poses(bodies[begins:ends], then.joints, then.morphs)
        begins = ends
    return Alive(poses, posed.near.left_out)


@lru_cache(maxsize=4)
def _posed(seed: int, step: int, eye_base_m: Place, visitor: bytes, lean_0to1: float) -> _Posed:
    time_s, face_m = step / POSES_PER_S, (eye_base_m[0], eye_base_m[1] + EYES_M, eye_base_m[2])
    near = nearest(crowd_of(seed), time_s, eye_base_m)
    place = np.frombuffer(visitor, np.float32).reshape(4, 4)
    poses = lively_poses(near, time_s, (place, lean_0to1), face_m)
    for one in poses.values():
        one.joints.flags.writeable = one.morphs.flags.writeable = False
    return _Posed(near, poses)


def nearest(crowd: Crowd, time_s: float, eye_m: tuple[float, float, float]) -> Near:
    """Who is near enough for a skeleton, and the visitor, who is first."""
    if abs(eye_m[1]) >= NEAR_M:
        return Near(crowd.seed, _VISITOR, _VISITORS_LOOK, np.empty((1, 4, 4), np.float32), np.zeros(1))
    upright = upright_at(crowd, time_s)
    x, z = upright.rows[:, 0] - eye_m[0], upright.rows[:, 1] - eye_m[2]
    square_m2 = x * x + z * z
    found = np.nonzero(square_m2 < NEAR_M * NEAR_M - eye_m[1] * eye_m[1])[0]
    if len(found) > MOST:
        found = found[np.argsort(square_m2[found], kind="stable")[:MOST]]
    found = found[np.argsort(crowd.look[found], kind="stable")]
    bodies = np.empty((len(found) + 1, 4, 4), np.float32)
    bodies[1:] = standing_at(upright.rows[found], 0.0, crowd.scale[found])
    people, looks = np.concatenate([_VISITOR, found]), np.concatenate([_VISITORS_LOOK, crowd.look[found]])
    return Near(crowd.seed, people, looks, bodies, np.concatenate([[0.0], upright.gone_m[found]]))


def lively_poses(near: Near, time_s: float, visitor: tuple[Float32, float], face_m: Place) -> dict[str, Poses]:
    """Bodies of those near; the visitor stands at a matrix (4, 4) and leans, `face_m` is the patient's."""
    bodies = near.bodies
    bodies[0] = visitor[0]
    rows = np.empty((len(bodies), _banks().rows.shape[1]), np.float32)
    rows[0] = _leaning(time_s, visitor[1])
    if len(rows) > 1:
        rows[1:] = _mixed(near, time_s)
    joints = rows.reshape(len(rows), -1, 3, 4)
    attention, shut = _attention_and_lids(_habits(near.seed), near.people, time_s)
    _look(joints, bodies, face_m, attention)
    first = _banks().first
    morphs = np.zeros((len(bodies), first.morphs), np.float32)
    morphs[:, first.blinks] = shut[:, None]
    bounds = [*np.searchsorted(near.looks, _LOOKS).tolist(), len(bodies)]
    return {
        name_of(look): Poses(bodies[start:end], joints[start:end], morphs[start:end])
        for look, (start, end) in enumerate(pairwise(bounds))
        if end > start
    }


def _mixed(near: Near, time_s: float) -> Float32:
    """Joint matrices (k - 1, j * 12) out of the banks, of all but the visitor."""
    banks, people, looks = _banks(), near.people[1:], near.looks[1:]
    walks = people < WALKERS
    walked = near.gone_m[1:] / (near.bodies[1:, 1, 1] * banks.stride_m[looks])
    cycles = np.where(walks, walked, time_s / banks.stand_s + 0.37 * people)
    count = np.where(walks, STEPS, STANDS)
    place = (cycles - np.floor(cycles)) * count
    before = place.astype(np.intp)
    part = (place - before).astype(np.float32)[:, None]
    first = looks * (STANDS + STEPS) + walks * STANDS
    start = banks.rows.take(first + before % count, axis=0)
    end = banks.rows.take(first + (before + 1) % count, axis=0)
    end -= start
    end *= part
    end += start
    return end


def _leaning(time_s: float, lean_0to1: float) -> Float32:
    """The visitor's joint matrices (j * 12,)."""
    banks = _banks()
    when = (time_s / banks.stand_s % 1.0) * STANDS
    lean = lean_0to1 * (LEANS - 1)
    row, column = min(int(lean), LEANS - 2), int(when)
    across, down = when - column, lean - row
    now, soon = row * STANDS + column % STANDS, row * STANDS + (column + 1) % STANDS
    upright = banks.leaning[now] * np.float32(1.0 - across) + banks.leaning[soon] * np.float32(across)
    if down <= 0.0:
        return np.asarray(upright)
    over = banks.leaning[now + STANDS] * np.float32(1.0 - across) + banks.leaning[soon + STANDS] * np.float32(across)
    return np.asarray(upright * np.float32(1.0 - down) + over * np.float32(down))


def _attention_and_lids(habits: _Habits, numbers: NDArray[np.intp], time_s: float) -> tuple[Floats, Floats]:
    """How far each person (k,) has turned to the patient, and the lids are closed; neither in an even rhythm."""
    cycles = time_s / _EVERY_S + habits.late_0to1[numbers]
    slot = np.floor(cycles)
    age_s = (cycles - slot) * _EVERY_S
    now = slot.astype(np.intp) % _SLOTS
    glancing = habits.chance_0to1[numbers, 0, now[:, 0]] < _GLANCES_0TO1
    glanced = habits.chance_0to1[numbers, 0, now[:, 0] - 1] < _GLANCES_0TO1
    turned = eased(age_s[:, 0] / _TURNING_S)
    shut = (age_s[:, 1] - 0.8 * _EVERY_S[1] * habits.chance_0to1[numbers, 1, now[:, 1]]) / _SHUT_S
    lids = np.sin(np.pi * np.minimum(np.maximum(shut, 0.0), 1.0)) ** 2
    return np.where(glancing, turned, 0.0) + np.where(glanced, 1.0 - turned, 0.0), lids


def _look(joints: Float32, bodies: Float32, face_m: Place, attention_0to1: Floats) -> None:
    """Turn necks and heads (k, j, 3, 4) to the patient's face, in place, as far as each pays attention and can."""
    turning = np.nonzero(attention_0to1 > 0.0)[0]
    if not len(turning):
        return
    bodies = bodies[turning]
    away = face_m - bodies[:, :3, 3].astype(np.float64)
    x, y, z = (away[:, :, None] * bodies[:, :3, :3]).sum(axis=1).T / (bodies[:, 1, 1] ** 2)
    yaw, pitch = np.arctan2(x, z), np.arctan2(_HEAD_M - y, np.hypot(x, z))
    part = attention_0to1[turning] * eased((_BEHIND_RAD - np.abs(yaw)) / _FADING_RAD)
    way = np.minimum(np.maximum(np.stack([yaw, pitch]), -_MOST_RAD), _MOST_RAD) * part
    first = _banks().first
    for share, joint, below in ((0.4, 0, first.neck), (0.6, 1, first.head)):
        _turn(joints, turning, (below, first.pivots_m[joint]), _turned(*(share * way)))


def _turned(yaw: Floats, pitch: Floats) -> Float32:
    """Rotations (k, 3, 3): down by `pitch`, then to the left by `yaw`."""
    out = np.zeros((len(yaw), 3, 3), np.float32)
    sy, sp = np.sin(yaw), np.sin(pitch)
    cy, cp = np.cos(yaw), np.cos(pitch)
    out[:, 0, 0], out[:, 0, 1], out[:, 0, 2] = cy, sy * sp, sy * cp
    out[:, 1, 1], out[:, 1, 2] = cp, -sp
    out[:, 2, 0], out[:, 2, 1], out[:, 2, 2] = -sy, cy * sp, cy * cp
    return out


def _turn(
    joints: Float32, who: NDArray[np.intp], where: tuple[NDArray[np.intp], Float32], turn: Float32
) -> None:  # fmt: skip
    """Turn some bodies' joint matrices, in place: all `below` a joint, about its own place in the posed body."""
    below, pivot_m = where
    root = joints[who, below[0]]
    pivot = (root[:, :, :3] @ pivot_m + root[:, :, 3])[:, None]
    part = joints[who[:, None], below]
    part[..., 3] -= pivot
    part = turn[:, None] @ part
    part[..., 3] += pivot
    joints[who[:, None], below] = part
