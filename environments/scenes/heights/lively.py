"""People near the patient: bodies with skeletons that walk, breathe, blink and look up now and then.

Who is near depends on the moment alone.  Their joints are mixed from banks of poses (`bodies.py`), then heads turn.
"""

from __future__ import annotations

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
from environments.scenes.heights.people import UPRIGHT, WALKERS, Crowd, Upright

NEAR_M = 33.0
"""Bodies cast real shadows as far as the fine shadow map goes around the eye."""
MOST = 11
"""At most so many people are near at a moment, besides the visitor."""
VISITOR = UPRIGHT
_EVERY_S, _SLOTS = np.array((4.5, 3.5)), 64
"""How often somebody may look elsewhere, and blinks; chance repeats after so many slots."""
_GLANCES_0TO1, _TURNING_S = 0.45, 0.55
_MOST_RAD = np.radians(((60.0,), (28.0,)))
_BEHIND_RAD, _FADING_RAD = np.radians((130.0, 35.0))
_HEAD_M = 1.62
_SHUT_S = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class _Banks:
    """The banks of all looks side by side: standing, then walking, (looks, poses, j, 4, 4)."""

    joints: Float32
    stride_m: Floats
    stand_s: float
    first: Bank


@lru_cache(maxsize=1)
def _banks() -> _Banks:
    each = [bank(look.body) for look in LOOKS]
    joints = np.stack([np.concatenate([one.standing, one.walking]) for one in each])
    return _Banks(joints, np.array([one.stride_m for one in each]), each[0].stand_s, each[0])


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
    leaning_bank()
    _habits(seed)


def nearest(upright: Upright, eye_m: tuple[float, float, float]) -> NDArray[np.intp]:
    """The numbers of the people who are drawn with skeletons."""
    away = upright.bodies[:, :3, 3] - np.asarray(eye_m, np.float32)
    square_m2 = np.einsum("ni,ni->n", away, away)
    found = np.nonzero(square_m2 < NEAR_M * NEAR_M)[0]
    return found if len(found) <= MOST else found[np.argsort(square_m2[found], kind="stable")[:MOST]]


def lively_poses(
    crowd: Crowd, time_s: float, near: tuple[NDArray[np.intp], Upright], visitor: tuple[Float32, float],
    face_m: Floats,
) -> dict[str, Poses]:  # fmt: skip
    """Bodies of those near and of the visitor, who stands at a matrix (4, 4) and leans; `face_m` is the patient's."""
    people, upright = near
    people = people[np.argsort(crowd.look[people], kind="stable")]
    numbers = np.concatenate([[VISITOR], people])
    looks = np.concatenate([[0], crowd.look[people]])
    bodies = np.concatenate([visitor[0][None], upright.bodies[people]])
    joints = np.concatenate([_leaning(time_s, visitor[1])[None], _mixed(people, looks[1:], upright, time_s)])
    attention, shut = _attention_and_lids(_habits(crowd.seed), numbers, time_s)
    _look(joints, bodies, face_m, attention)
    first = _banks().first
    morphs = np.zeros((len(numbers), first.morphs), np.float32)
    morphs[:, first.blinks] = shut[:, None]
    bounds = np.searchsorted(looks, np.arange(len(LOOKS) + 1)).tolist()
    return {
        name_of(look): Poses(bodies[start:end], joints[start:end], morphs[start:end])
        for look, (start, end) in enumerate(pairwise(bounds))
        if end > start
    }


def _mixed(people: NDArray[np.intp], looks: NDArray[np.intp], upright: Upright, time_s: float) -> Float32:
    """Joint matrices (k, j, 4, 4) out of the banks."""
    banks = _banks()
    walks = people < WALKERS
    gone_m = upright.gone_m[np.minimum(people, WALKERS - 1)] / upright.bodies[people, 1, 1]
    cycles = np.where(walks, gone_m / banks.stride_m[looks], time_s / banks.stand_s + 0.37 * people)
    count = np.where(walks, STEPS, STANDS)
    place = (cycles - np.floor(cycles)) * count
    before = place.astype(np.intp)
    part = (place - before).astype(np.float32)[:, None, None, None]
    first = np.where(walks, STANDS, 0)
    start = banks.joints[looks, first + before % count]
    return np.asarray(start + (banks.joints[looks, first + (before + 1) % count] - start) * part)


def _leaning(time_s: float, lean_0to1: float) -> Float32:
    """The visitor's joint matrices (j, 4, 4)."""
    poses = leaning_bank()
    when = (time_s / _banks().stand_s % 1.0) * STANDS
    lean = lean_0to1 * (LEANS - 1)
    row, column = min(int(lean), LEANS - 2), int(when)
    across, down = np.float32(when - column), np.float32(lean - row)
    pair = poses[row : row + 2]
    pair = pair[:, column % STANDS] * (1 - across) + pair[:, (column + 1) % STANDS] * across
    return np.asarray(pair[0] * (1 - down) + pair[1] * down)


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


def _look(joints: Float32, bodies: Float32, face_m: Floats, attention_0to1: Floats) -> None:
    """Turn necks and heads to the patient's face, in place, as far as each pays attention and can."""
    away = (face_m - bodies[:, :3, 3]).astype(np.float64)
    x, y, z = np.einsum("nji,nj->in", bodies[:, :3, :3], away) / (bodies[:, 1, 1] ** 2)
    yaw, pitch = np.arctan2(x, z), np.arctan2(_HEAD_M - y, np.hypot(x, z))
    part = attention_0to1 * eased((_BEHIND_RAD - np.abs(yaw)) / _FADING_RAD)
    turning = np.nonzero(part > 0.0)[0]
    if not len(turning):
        return
    way = np.minimum(np.maximum(np.stack([yaw, pitch])[:, turning], -_MOST_RAD), _MOST_RAD) * part[turning]
    first, chosen = _banks().first, joints[turning]
    for share, joint, below in ((0.4, 0, first.neck), (0.6, 1, first.head)):
        _turn(chosen, below, first.pivots_m[joint], _turned(*(share * way)))
    joints[turning] = chosen


def _turned(yaw: Floats, pitch: Floats) -> Float32:
    """Rotations (k, 3, 3): down by `pitch`, then to the left by `yaw`."""
    out = np.zeros((len(yaw), 3, 3), np.float32)
    sy, sp = np.sin(yaw), np.sin(pitch)
    cy, cp = np.cos(yaw), np.cos(pitch)
    out[:, 0, 0], out[:, 0, 1], out[:, 0, 2] = cy, sy * sp, sy * cp
    out[:, 1, 1], out[:, 1, 2] = cp, -sp
    out[:, 2, 0], out[:, 2, 1], out[:, 2, 2] = -sy, cy * sp, cy * cp
    return out


def _turn(joints: Float32, below: NDArray[np.intp], pivot_m: Float32, turn: Float32) -> None:
    """Turn joint matrices (k, j, 4, 4), in place, about a joint's own place in the posed body."""
    root = joints[:, below[0]]
    pivot = root[:, :3, :3] @ pivot_m + root[:, :3, 3]
    part = joints[:, below, :3]
    part[..., 3] -= pivot[:, None]
    part = turn[:, None] @ part
    part[..., 3] += pivot[:, None]
    joints[:, below, :3] = part
