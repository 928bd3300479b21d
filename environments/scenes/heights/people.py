"""The people: where they walk, stand and sit, what they wear, and where every part of them is at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.render import shapes_people as figure
from environments.render.model import Float32, Mesh
from environments.render.shapes import Float64
from environments.render.shapes_round import ellipse, loft
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.furniture import BENCHES, CAFES
from environments.scenes.heights.palette import SHIRTS, TROUSERS
from environments.scenes.heights.paths import rounded_loop

WALKERS = 44
SHADOW_LIFT_M = 0.075
FINE_M = 42.0
"""Nearer to the eye than this, people have hands, hair and knees."""
_LOOPS = (
    rounded_loop(-16.0, -22.0, 16.0, -4.5, 5.0),
    rounded_loop(-15.0, -59.0, 15.0, -29.0, 9.0),
    rounded_loop(-25.0, -83.0, 25.0, 14.0, 6.0),
    rounded_loop(-21.0, -78.0, 21.0, -24.0, 8.0),
    rounded_loop(-65.5, -90.0, -62.2, 24.0, 1.0),
    rounded_loop(62.2, -90.0, 65.5, 24.0, 1.0),
    rounded_loop(-16.5, -260.0, -13.2, -103.0, 1.0),
    rounded_loop(13.2, -260.0, 16.5, -103.0, 1.0),
    rounded_loop(-9.0, -85.0, 9.0, -64.0, 3.0),
)
_TALKERS = ((-9.0, -15.0), (11.5, -27.0), (-13.0, -70.0), (19.5, -48.0), (-20.0, -33.0), (6.0, -73.0), (-5.2, -8.2))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody's habits, drawn once from the seed; walkers come first, then those who stand or sit.

    The last person is the visitor on the side gallery.
    """

    path: Float64
    start_m: Float64
    side_m: Float64
    speed_m_s: Float64
    resting: figure.Poses
    scale: Float64
    shirt: Float64
    trousers: Float64
    hair: Float64


def make_crowd(seed: int) -> Crowd:
    """The people of a seed."""
    rng = np.random.default_rng((seed, 11))
    resting = _resting(rng)
    count = WALKERS + len(resting.scale) + 1
    shirt = rng.integers(0, len(SHIRTS), count).astype(float)
    shirt[-1] = 1.0
    scale = rng.uniform(0.92, 1.06, count)
    weights = np.array([4, 4, 4, 4, 1, 1, 1, 1, 2], float)
    path = rng.choice(len(_LOOPS), WALKERS, p=weights / weights.sum())
    lengths = np.array([loop.length_m for loop in _LOOPS])[path]
    backwards = rng.random(WALKERS) < 0.5
    speed = rng.uniform(1.05, 1.5, WALKERS) * np.where(backwards, -1.0, 1.0)
    return Crowd(
        path.astype(float),
        rng.random(WALKERS) * lengths,
        rng.uniform(-1.2, 1.2, WALKERS),
        speed,
        resting,
        scale,
        shirt,
        rng.integers(0, len(TROUSERS), count).astype(float),
        rng.integers(0, 2, count).astype(float),
    )


def _resting(rng: np.random.Generator) -> figure.Poses:
    stand_at, stand_turn = [], []
    for x, z in _TALKERS:
        turn = float(rng.uniform(0, 360))
        way = np.array([np.sin(np.radians(turn)), 0.0, np.cos(np.radians(turn))]) * 0.45
        stand_at += [np.array([x, 0.0, z]) + way, np.array([x, 0.0, z]) - way]
        stand_turn += [turn + 180.0, turn]
    sit_at, sit_turn = [], []
    for index, (x, z, turn) in enumerate(BENCHES):
        if index % 3 == 0:
            out = np.array([np.sin(np.radians(turn)), 0.0, np.cos(np.radians(turn))])
            sit_at.append(np.array([x, 0.0, z]) + out * 0.14)
            sit_turn.append(turn)
    for index, (x, z) in enumerate(CAFES):
        if index % 2 == 0:
            turn = 37.0 * index + 20.0
            back = np.array([-np.sin(np.radians(turn)), 0.0, -np.cos(np.radians(turn))])
            sit_at.append(np.array([x, 0.0, z]) + back * 0.7)
            sit_turn.append(turn)
    ones = np.ones
    return figure.joined(
        (
            figure.standing(np.array(stand_at), np.array(stand_turn), ones(len(stand_at))),
            figure.sitting(np.array(sit_at), np.array(sit_turn), ones(len(sit_at))),
        )
    )


def poses_at(crowd: Crowd, time_s: float, visitor: figure.Poses) -> figure.Poses:
    """Everybody at a moment; the visitor comes last."""
    places = np.zeros((WALKERS, 3))
    heading = np.zeros(WALKERS)
    along = crowd.start_m + crowd.speed_m_s * time_s
    for index, loop in enumerate(_LOOPS):
        chosen = crowd.path == index
        places[chosen], heading[chosen] = loop.at(along[chosen], crowd.side_m[chosen])
    heading = np.where(crowd.speed_m_s < 0, heading + 180.0, heading)
    scale = crowd.scale[:WALKERS]
    stride_m = 1.42 * scale
    walkers = figure.walking(places, heading, scale, 2 * np.pi * np.abs(along) / stride_m)
    return figure.joined((walkers, crowd.resting, visitor))


def visitor_pose(base_m: tuple[float, float, float], leaning_0to1: float) -> figure.Poses:
    """One person who stands at the railing in the gallery's corner looking out, hands forward, and may lean over it."""
    pair = np.ones((1, 2))
    at = np.add([base_m], [-0.10 * leaning_0to1, 0.0, -0.05 * leaning_0to1])
    one = np.ones(1)
    arms = pair * (32.0 + 38.0 * leaning_0to1)
    thighs = pair * (2.0 - 10.0 * leaning_0to1)
    return figure.Poses(at, one * 240.0, one, thighs, pair * 2.0, arms, one * (6.0 + 58.0 * leaning_0to1), one * 0.0)


def add_people(batch: Batch, crowd: Crowd) -> None:
    """The parts of everybody, to be placed by `people_moves`; room for all is made at once."""
    count = len(crowd.scale)
    one, two = (np.repeat(np.eye(4, dtype=np.float32)[None], times * count, 0) for times in (1, 2))
    batch.scatter("skin", figure.head(), one, "people heads")
    batch.scatter("skin", figure.hand(), two, "people arms")
    batch.scatter("shoe", figure.shoe(), two, "people shins")
    batch.scatter("hair", figure.far_head(), one, "people far heads")
    for index in range(2):
        batch.scatter("hair", figure.hair(index == 1), one, f"people hair {index}")
    for index in range(len(SHIRTS)):
        batch.scatter(f"shirt {index}", figure.torso(0.32 if index == 2 else 0.0), one, f"people torso {index}")
        batch.scatter(f"shirt {index}", figure.sleeve(), two, f"people arm {index}")
        batch.scatter(f"shirt {index}", figure.far_trunk(), one, f"people far torso {index}")
    for index in range(len(TROUSERS)):
        batch.scatter(f"trousers {index}", figure.thigh(), two, f"people thigh {index}")
        batch.scatter(f"trousers {index}", figure.shin(), two, f"people shin {index}")
        batch.scatter(f"trousers {index}", figure.far_leg(), two, f"people far leg {index}")
    batch.scatter("shade", _shade_mesh(), one, "people shade")


def _shade_mesh() -> Mesh:
    outline = ((0.0, 0.12), (0.85, 0.13), (1.40, 0.22), (1.52, 0.07), (1.62, 0.10), (1.76, 0.06))
    return loft(np.stack([ellipse((0.0, y, 0.0), r, r * 0.7, 4) for y, r in outline]), capped=False)


def people_moves(
    crowd: Crowd, poses: figure.Poses, sun_way: Float64, eye_m: tuple[float, float, float]
) -> dict[str, Float32]:
    """Matrices of every group of people; `sun_way` points to the sun; who is far from the eye is drawn simply."""
    parts = figure.part_matrices(poses)
    near = np.linalg.norm(poses.feet_m - np.asarray(eye_m), axis=1) < FINE_M
    moves = _near_moves(crowd, parts, near) | _far_moves(crowd, parts, ~near)
    upright = parts["torso"][: WALKERS + 2 * len(_TALKERS)].copy()
    upright[:, 1, 3] = 0.0
    moves["people shade"] = shade_matrix(sun_way, SHADOW_LIFT_M) @ upright
    return {name: np.ascontiguousarray(matrices, np.float32) for name, matrices in moves.items()}


def _near_moves(crowd: Crowd, parts: Mapping[str, Float32], near: NDArray[np.bool_]) -> dict[str, Float32]:
    both, shirts, trousers = np.tile(near, 2), np.tile(crowd.shirt, 2), np.tile(crowd.trousers, 2)
    torso, arm, thigh, shin = (parts[name] for name in ("torso", "arm", "thigh", "shin"))
    moves = {"people heads": torso[near], "people arms": arm[both], "people shins": shin[both]}
    for index in range(2):
        moves[f"people hair {index}"] = torso[near & (crowd.hair == index)]
    for index in range(len(SHIRTS)):
        moves[f"people torso {index}"] = torso[near & (crowd.shirt == index)]
        moves[f"people arm {index}"] = arm[both & (shirts == index)]
    for index in range(len(TROUSERS)):
        moves[f"people thigh {index}"] = thigh[both & (trousers == index)]
        moves[f"people shin {index}"] = shin[both & (trousers == index)]
    return moves


def _far_moves(crowd: Crowd, parts: Mapping[str, Float32], far: NDArray[np.bool_]) -> dict[str, Float32]:
    both, trousers = np.tile(far, 2), np.tile(crowd.trousers, 2)
    moves = {"people far heads": parts["torso"][far]}
    for index in range(len(SHIRTS)):
        moves[f"people far torso {index}"] = parts["torso"][far & (crowd.shirt == index)]
    for index in range(len(TROUSERS)):
        moves[f"people far leg {index}"] = parts["thigh"][both & (trousers == index)]
    return moves


def shade_matrix(sun_way: Float64, lift_m: float) -> Float32:
    """Presses things flat on the ground along the sun's rays: the shadow of what moves."""
    x, _, z = sun_way / max(float(sun_way[1]), 0.25)
    matrix = np.eye(4, dtype=np.float32)
    matrix[0, 1], matrix[1, 1], matrix[2, 1] = -x, 0.0, -z
    matrix[1, 3] = lift_m
    return matrix
