"""The others in the lift: where they stand, where they look, and their bodies at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

import environments
from environments.animation.moments import Moment
from environments.animation.people import People
from environments.animation.quaternions import Floats, about_y
from environments.animation.sampling import ClipReader
from environments.gltf.content import Body
from environments.gltf.load import load_gltf
from environments.render.model import Character, Float32, Poses
from environments.scenes.dressing import dressed

FOLDER = Path(environments.__file__).parent / "assets" / "people"
BODIES = ("man_shirt", "woman_navy", "man_jacket", "woman_cardigan")
TINTS = (
    (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0),
    (0.55, 0.42, 0.36), (1.4, 1.1, 0.75), (0.9, 0.75, 1.3), (0.45, 0.75, 0.8),
)  # fmt: skip
"""What the clothes of the second four are multiplied by, so that nobody is seen twice."""
MOST = len(TINTS)
SPOTS = np.array([
    (0.96, -0.74, 168.0), (-1.0, -0.40, 148.0), (1.0, 0.40, 200.0), (-0.94, -0.80, 190.0),
    (1.0, -0.36, 205.0), (-1.0, 0.38, 165.0), (0.04, -0.84, 178.0), (0.0, 0.60, 186.0),
])  # fmt: skip
"""Shares of the free half width, depth (m) and heading (degrees; 180 faces the door), the first comers first."""
BODY_M, FIRST_M, EACH_M = 0.25, 0.65, 0.085
EACH = MOST // len(BODIES)
GRID_S = 0.1
"""Bodies are worked out so often, one after the other, and mixed in between."""
ASSISTANT = (1.05, -1.05, 0.75, 70.0)
"""Where somebody stands beside the scanner: x, floor, z and heading."""


def name_of(number: int) -> str:
    """What a person's character is called."""
    return f"person {number}"


def fitting(people: float, width_m: float) -> int:
    """How many of the wanted people fit into the lift."""
    return min(round(people), int(max((width_m - FIRST_M) / EACH_M, 0.0)), MOST)


@lru_cache(maxsize=8)
def _body(name: str) -> Body:
    return load_gltf(FOLDER / f"{name}.glb").bodies[0]


@lru_cache(maxsize=1)
def characters() -> tuple[Character, ...]:
    """All of them, each dressed differently."""
    return tuple(
        dressed(_body(BODIES[number % len(BODIES)]).character, name_of(number), TINTS[number]) for number in range(MOST)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where people stand: places (k, 4, 4), what they look at (2, 3) and how often (2,)."""

    places: Floats
    targets_m: Floats
    shares: Floats


def in_lift(count: int, width_m: float, face_m: tuple[float, float, float]) -> Standing:
    """Everybody in the lift, facing the door; now and then somebody looks at the patient."""
    spots = SPOTS[:count]
    x_m = spots[:, 0] * max(width_m / 2.0 - BODY_M, 0.0)
    targets_m = np.array([(0.0, 2.17, -1.1), face_m])
    return Standing(_places(x_m, np.zeros(count), spots[:, 1], spots[:, 2]), targets_m, np.array([0.8, 0.2]))


def at_scanner(face_m: tuple[float, float, float]) -> Standing:
    """One person beside the scanner who looks after the patient."""
    x, y, z, heading = (np.array([value]) for value in ASSISTANT)
    return Standing(_places(x, y, z, heading), np.array([(0.0, 0.3, -3.5), face_m]), np.array([0.25, 0.75]))


def _places(x_m: Floats, y_m: Floats, z_m: Floats, headings_deg: Floats) -> Floats:
    out = np.zeros((len(x_m), 4, 4))
    out[:, :3, :3] = about_y(np.radians(headings_deg))
    out[:, 0, 3], out[:, 1, 3], out[:, 2, 3], out[:, 3, 3] = x_m, y_m, z_m, 1.0
    return out


class Crowd:
    """The people of a seed; those with the same body are worked out together.

    Each body's joints are worked out at a grid of times of its own, so that no two fall due in the same picture,
    and mixed in between; the grid follows from scene time alone, so a moment always looks the same.
    """

    def __init__(self, seed: int) -> None:
        self._pairs = [
            People(_body(name), seed * 101 + number, EACH, clip=ClipReader(_body(name).clips[0]))
            for number, name in enumerate(BODIES)
        ]
        self._known: list[dict[tuple[int, bytes], Float32]] = [{} for _ in BODIES]

    def poses(self, time_s: float, standing: Standing) -> dict[str, Poses]:
        """Everybody at a moment, by name."""
        found: dict[str, Poses] = {}
        count = len(standing.places)
        for body in range(min(len(BODIES), count)):
            places = standing.places[[body, min(body + len(BODIES), count - 1)]]
            own = Standing(places, standing.targets_m, standing.shares)
            joints = self._mixed(body, time_s, own)
            morphs = self._pairs[body].morphs(Moment(time_s)).astype(np.float32)
            for one, number in enumerate(range(body, count, len(BODIES))):
                part = slice(one, one + 1)
                found[name_of(number)] = Poses(places[part].astype(np.float32), joints[part], morphs[part])
        return found

    def _mixed(self, body: int, time_s: float, own: Standing) -> Float32:
        """Joints (2, j, 4, 4) between the two next moments of the body's grid."""
        at = time_s / GRID_S + body / len(BODIES)
        tick = int(np.floor(at))
        kept, key = self._known[body], own.places.tobytes()
        wanted = [(tick, key), (tick + 1, key)]
        before, after = (kept[one] if one in kept else self._joints(body, one[0], own) for one in wanted)
        self._known[body] = {wanted[0]: before, wanted[1]: after}
        mixed = after - before
        mixed *= np.float32(at - tick)
        mixed += before
        return np.asarray(mixed)

    def _joints(self, body: int, tick: int, own: Standing) -> Float32:
        when_s = (tick - body / len(BODIES)) * GRID_S
        shares = np.tile(own.shares, (EACH, 1))
        return self._pairs[body].poses(Moment(when_s, own.places, own.targets_m, shares)).joints


@lru_cache(maxsize=4)
def crowd_of(seed: int) -> Crowd:
    """The people of a seed, made once."""
    return Crowd(seed)
