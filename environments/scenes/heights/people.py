"""The people: where they walk, stand and sit, what they look like, and where everybody is at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.render import shapes_people as figure
from environments.render.shapes import Float64, transform
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.furniture import BENCHES, CAFES
from environments.scenes.heights.palette import LOOKS
from environments.scenes.heights.paths import Paths, rounded_loop

WALKERS = 44
LOOPS = Paths(
    (
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
)
_LOOP_SHARES = np.array([4, 4, 4, 4, 1, 1, 1, 1, 2]) / 22.0
_TALKERS = ((-9.0, -15.0), (11.5, -27.0), (-13.0, -70.0), (19.5, -48.0), (-20.0, -33.0), (6.0, -73.0), (-5.2, -8.2))
UPRIGHT = WALKERS + 2 * len(_TALKERS)
"""How many people walk or stand on the square."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody's habits, drawn once from the seed: those who walk, then those who stand, then those who sit.

    `standing` (s, 4) are rows of x, z and the way they face; `stride_m` is what two steps of a walker measure.
    """

    seed: int
    path: NDArray[np.intp]
    start_m: Float64
    side_m: Float64
    speed_m_s: Float64
    standing: Float64
    sitting: figure.Poses
    scale: Float64
    look: NDArray[np.intp]

    @property
    def sign(self) -> Float64:
        """1 for walkers who go forwards along their path, -1 for the others."""
        return np.asarray(np.sign(self.speed_m_s))


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """Those who walk or stand, at a moment: rows (k, 4) of x, z and the way they face, and how far each has gone."""

    rows: Float64
    gone_m: Float64


@lru_cache(maxsize=8)
def crowd_of(seed: int) -> Crowd:
    """The people of a seed."""
    rng = np.random.default_rng((seed, 11))
    standing, sitting = _standing(rng), _sitting()
    scale = rng.uniform(0.94, 1.05, UPRIGHT)
    path = rng.choice(len(_LOOP_SHARES), WALKERS, p=_LOOP_SHARES)
    backwards = rng.random(WALKERS) < 0.5
    speed = rng.uniform(1.05, 1.5, WALKERS) * np.where(backwards, -1.0, 1.0)
    return Crowd(
        seed,
        path.astype(np.intp),
        rng.random(WALKERS) * LOOPS.lengths_m[path],
        rng.uniform(-1.2, 1.2, WALKERS),
        speed,
        standing,
        sitting,
        scale,
        rng.permutation(np.arange(UPRIGHT + len(sitting.scale)) % len(LOOKS)),
    )


def _standing(rng: np.random.Generator) -> Float64:
    """Pairs that talk to each other."""
    rows = []
    for x, z in _TALKERS:
        turn = float(rng.uniform(0.0, 2.0 * np.pi))
        way = np.array([np.sin(turn), np.cos(turn)])
        rows += [np.array([x + s * 0.45 * way[0], z + s * 0.45 * way[1], -s * way[0], -s * way[1]]) for s in (1, -1)]
    return np.array(rows)


def _sitting() -> figure.Poses:
    at, turns = [], []
    for x, z, turn in BENCHES[::3]:
        out = np.array([np.sin(np.radians(turn)), 0.0, np.cos(np.radians(turn))])
        at.append(np.array([x, 0.0, z]) + out * 0.14)
        turns.append(turn)
    for index, (x, z) in enumerate(CAFES):
        if index % 2 == 0:
            turn = 37.0 * index + 20.0
            back = np.array([-np.sin(np.radians(turn)), 0.0, -np.cos(np.radians(turn))])
            at.append(np.array([x, 0.0, z]) + back * 0.7)
            turns.append(turn)
    return figure.sitting(np.array(at), np.array(turns), np.ones(len(at)))


def upright_at(crowd: Crowd, time_s: float) -> Upright:
    """Everybody who walks or stands, at a moment."""
    gone_m = np.zeros(UPRIGHT)
    gone_m[:WALKERS] = crowd.start_m + crowd.speed_m_s * time_s
    rows = np.empty((UPRIGHT, 4))
    walking = rows[:WALKERS]
    walking[:] = LOOPS.at(crowd.path, gone_m[:WALKERS])
    walking[:, 0] += walking[:, 3] * crowd.side_m
    walking[:, 1] -= walking[:, 2] * crowd.side_m
    walking[:, 2:] *= crowd.sign[:, None]
    rows[WALKERS:] = crowd.standing
    return Upright(rows, np.abs(gone_m))


def add_sitting(batch: Batch, crowd: Crowd) -> None:
    """Those who sit: they are far from the tower and keep still."""
    parts = figure.part_matrices(crowd.sitting)
    shapes = (
        ("torso", "shirt", figure.torso()),
        ("arm", "shirt", figure.sleeve()),
        ("torso", "skin", figure.head()),
        ("arm", "skin", figure.hand()),
        ("torso", "hair", figure.hair()),
        ("thigh", "trousers", figure.thigh()),
        ("shin", "trousers", figure.shin()),
        ("shin", "trousers", figure.shoe()),
    )
    looks = crowd.look[UPRIGHT:]
    for part, cloth, shape in shapes:
        for number, matrix in enumerate(parts[part]):
            batch.add(f"{cloth} {looks[number % len(looks)]}", transform(shape, matrix))
