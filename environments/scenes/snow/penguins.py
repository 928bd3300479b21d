"""Penguins: they waddle on the spot, wave when they are hit, and slide away on their bellies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import environments
from environments.gltf.content import Body
from environments.gltf.load import load_gltf
from environments.render.model import Poses
from environments.scenes.snow.placing import Row, placed, stacked
from environments.scenes.snow.targets import SLIDE_M, Target

FOLDER = Path(environments.__file__).parent / "assets" / "snow"
WAVE_S, FLOP_S, SLIDE_S = 2.2, 0.9, 5.0
_SWAY_HZ = 0.45
_BELLY_DEG, _BELLY_M = 84.0, 0.12
_Floats = NDArray[np.float64]
Angles = tuple[float, float, float, float, float]
_AXES = (
    ("body", (0, 0, 1)), ("head", (0, 1, 0)), ("flipper_l", (0, 0, 1)), ("flipper_r", (0, 0, -1)),
    ("foot_l", (-1, 0, 0)), ("foot_r", (1, 0, 0)),
)  # fmt: skip
_ORDER = np.array([0, 1, 2, 3, 4, 4])
"""Which angle turns each of these joints, and about which axis."""


@lru_cache(maxsize=2)
def body(name: str) -> Body:
    """A model with joints."""
    return load_gltf(FOLDER / f"{name}.glb").bodies[0]


def waddled_m(one: Target, time_s: float) -> float:
    """How far aside a penguin has stepped."""
    return 0.30 * math.sin(0.5 * time_s + 6.3 * one.habit_0to1) * one.size


def slid_0to1(since_s: float) -> float:
    """How far a penguin has slid that was hit so long ago: it starts gently and runs out."""
    part = min(max((since_s - WAVE_S - 0.5 * FLOP_S) / SLIDE_S, 0.0), 1.0)
    return part * part * (3.0 - 2.0 * part)


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """The joints that turn: their numbers, places (6, 3), and for each its axis as the parts of a turn (6, 3, 3)."""

    numbers: NDArray[np.intp]
    pivots: _Floats
    across: _Floats
    turned: _Floats
    count: int


@lru_cache(maxsize=1)
def _frame() -> _Frame:
    skeleton = body("penguin").skeleton
    names = [name for name, _ in _AXES]
    numbers = np.array([skeleton.names.index(name) for name in names])
    axes = np.array([axis for _, axis in _AXES], np.float64)
    across = np.zeros((len(names), 3, 3))
    for one, (x, y, z) in zip(across, axes, strict=True):
        one[:] = [[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]]
    pivots = -skeleton.inverse_binds[numbers, :3, 3].astype(np.float64)
    return _Frame(numbers, pivots, across, across @ across, len(skeleton.names))


def posed(places: list[Row], angles: list[Angles]) -> Poses:
    """Penguins at places with angles (radians): sway, head's turn, left and right flipper, feet."""
    frame, count = _frame(), len(places)
    given = np.array(angles, np.float64)[:, _ORDER]
    sines, rest = np.sin(given)[..., None, None], (1.0 - np.cos(given))[..., None, None]
    turns = np.zeros((count, len(frame.numbers), 4, 4))
    linear = turns[..., :3, :3]
    linear[:] = np.eye(3) + sines * frame.across + rest * frame.turned
    turns[..., :3, 3] = frame.pivots - (linear @ frame.pivots[:, :, None])[..., 0]
    turns[..., 3, 3] = 1.0
    turns[:, 1:4] = turns[:, :1] @ turns[:, 1:4]
    joints = np.zeros((count, frame.count, 4, 4), np.float32)
    joints[:] = np.eye(4)
    joints[:, frame.numbers] = turns
    return Poses(stacked(places), joints, np.zeros((count, 0), np.float32))


def standing(one: Target, time_s: float, since_s: float | None) -> tuple[Row, Angles]:
    """Where a penguin of the way is, and its angles; `since_s` since it was hit."""
    beat = 2.0 * math.pi * (_SWAY_HZ * time_s + one.habit_0to1)
    x, y, z = one.foot_m
    look = 0.5 * math.sin(0.7 * time_s + 9.0 * one.habit_0to1)
    if since_s is None:
        angles = (
            0.09 * math.sin(beat),
            look,
            0.25 + 0.08 * math.sin(2.0 * beat),
            0.25 - 0.08 * math.sin(2.0 * beat),
            0.22 * math.sin(beat),
        )
        return placed((x + waddled_m(one, time_s), y, z), one.facing_deg, one.size), angles
    at = waddled_m(one, time_s - since_s)
    wave = math.sin(math.pi * min(since_s / WAVE_S, 1.0))
    down = min(max((since_s - WAVE_S) / FLOP_S, 0.0), 1.0)
    down = down * down * (3.0 - 2.0 * down)
    angles = (
        0.12 * wave * math.sin(4.0 * since_s),
        0.0,
        0.25 + 1.9 * wave + 0.5 * down,
        0.25 + 0.5 * wave * (1 + math.sin(7.0 * since_s)) + 0.5 * down,
        0.9 * down,
    )
    # It slides on over its own bank, away from the patient.
    slide = SLIDE_M * slid_0to1(since_s)
    level = y + (one.ahead_y_m - y) * slide / SLIDE_M
    spot = (x + at, level + _BELLY_M * down * one.size, z - slide)
    heading = one.facing_deg + (180.0 - one.facing_deg) * down
    return placed(spot, heading, one.size, tip_deg=_BELLY_DEG * down), angles


def crossing(age_s: float, gone: float, count: int = 5) -> tuple[list[Row], list[Angles]]:
    """A family that slides across the river ahead, on their bellies, one flipper up."""
    places, angles = [], []
    for number in range(count):
        part = min(max((age_s - 0.9 * number) / 9.0, 0.0), 1.0)
        eased = part * part * (3.0 - 2.0 * part)
        small = 1.3 if number == 0 else 0.85 + 0.08 * number
        spot = (
            -8.0 + 16.0 * eased,
            0.10 + 0.8 * max(abs(-8.0 + 16.0 * eased) - 3.6, 0.0) * 0.16,
            -gone - 6.5 - 0.8 * number,
        )
        wave = math.sin(math.pi * part) ** 2
        places.append(placed(spot, 90.0, small, tip_deg=_BELLY_DEG))
        angles.append((0.0, 0.4 * wave, 0.5 + 0.2 * math.sin(3.0 * age_s), 0.6 + 1.5 * wave, 0.9))
    return places, angles


def swimming(age_s: float, lasts_s: float, gone: float) -> Poses:
    """The whale under the ice beside the sledge: it comes from behind and swims on ahead."""
    skeleton = body("whale").skeleton
    part = age_s / lasts_s
    place = placed((0.9 - 1.6 * part, -3.4 - 0.2 * math.sin(0.7 * age_s), -gone + 16.0 - 46.0 * part), 180.0, 1.0)
    joints = np.tile(np.eye(4), (1, len(skeleton.names), 1, 1))
    above = np.eye(4)
    for number in range(1, len(skeleton.names)):
        bend = 0.05 * number * math.sin(1.3 * age_s - 0.9 * number)
        pivot, turn = -skeleton.inverse_binds[number, :3, 3].astype(np.float64), np.eye(4)
        turn[1:3, 1:3] = [[math.cos(bend), -math.sin(bend)], [math.sin(bend), math.cos(bend)]]
        turn[:3, 3] = pivot - turn[:3, :3] @ pivot
        above = above @ turn
        joints[0, number] = above
    return Poses(stacked([place]), joints.astype(np.float32), np.zeros((1, 0), np.float32))
