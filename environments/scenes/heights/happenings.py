"""Events: what each does at its age in seconds.  All begin and end gently and leave nothing behind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from environments.render.model import Float32
from environments.render.shapes import Float64, placements, quads, scaling, translation
from environments.render.shapes_people import bird_wing, pigeon_body
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.placing import rotations

STOREY_M = 3.5
RIDE_S, WAIT_S = 7.6, 6.0
"""A ride of one storey in 7.6 s stays below 0.4 m/s2 and 1 m/s."""
GUST_S, LEAVES = 8.0, 160
BIRDS_S, BIRDS = 14.0, 16
LEAN_S = 12.0
_SHOULDERS = tuple(translation(sign * 0.04, 0.03, 0.04) @ scaling(sign, 1.0, 1.0) for sign in (1.0, -1.0))


def lift_offset_m(events: Mapping[str, float]) -> float:
    """How far the lift is from its level: one storey up or down, a wait, and back."""
    return STOREY_M * (_there_and_back(events.get("lift_up")) - _there_and_back(events.get("lift_down")))


def _there_and_back(age_s: float | None) -> float:
    if age_s is None or age_s <= 0.0:
        return 0.0
    return _ride(age_s) - _ride(age_s - RIDE_S - WAIT_S)


def _ride(age_s: float) -> float:
    part = min(max(age_s / RIDE_S, 0.0), 1.0)
    return part - float(np.sin(2 * np.pi * part)) / (2 * np.pi)


def gust_0to1(events: Mapping[str, float]) -> float:
    """How strongly a gust blows now."""
    return _swell(events.get("gust"), GUST_S)


def leaning_0to1(events: Mapping[str, float], ago_s: float = 0.0) -> float:
    """How far the visitor leans out now, or leaned out so long ago."""
    if "leaning_person" not in events:
        return 0.0
    age_s = events["leaning_person"] - ago_s
    into, back = min(max(age_s / 2.5, 0.0), 1.0), min(max((LEAN_S - age_s) / 2.5, 0.0), 1.0)
    part = min(into, back)
    return part * part * (3 - 2 * part)


def _swell(age_s: float | None, lasts_s: float) -> float:
    if age_s is None or not 0.0 < age_s < lasts_s:
        return 0.0
    return float(np.sin(np.pi * age_s / lasts_s) ** 2)


def add_happenings(batch: Batch) -> None:
    """Birds and blown leaves, hidden until their event."""
    still = np.eye(4, dtype=np.float32)[None]
    batch.scatter("bird", pigeon_body(), np.repeat(still, BIRDS, 0), "birds")
    batch.scatter("bird", bird_wing(), np.repeat(still, 2 * BIRDS, 0), "bird wings")
    leaf = np.array([[(0, 0, -0.06), (0.028, 0.008, 0.0), (0, 0.016, 0.07), (-0.028, 0.012, 0.01)]], float)
    batch.scatter(
        "fallen leaves", quads(np.concatenate([leaf[:, ::-1], leaf])), np.repeat(still, LEAVES, 0), "blown leaves"
    )


def happening_moves(
    events: Mapping[str, float], seed: int, eye_m: tuple[float, float, float]
) -> tuple[dict[str, Float32], frozenset[str]]:
    """Moves of what flies, and the groups to hide."""
    moves: dict[str, Float32] = {}
    hidden: set[str] = set()
    bird_age, gust_age = events.get("birds"), events.get("gust")
    if bird_age is not None and 0.0 <= bird_age < BIRDS_S:
        moves["birds"], moves["bird wings"] = _birds(bird_age, seed, eye_m[1])
    else:
        hidden |= {"birds", "bird wings"}
    if gust_age is not None and 0.0 <= gust_age < GUST_S:
        moves["blown leaves"] = _leaves(gust_age, seed, eye_m)
    else:
        hidden.add("blown leaves")
    return moves, frozenset(hidden)


def _birds(age_s: float, seed: int, floor_m: float) -> tuple[Float32, Float32]:
    offsets, phase, beat = _habits_of_birds(seed)
    here, soon = _flight(age_s, floor_m), _flight(age_s + 0.1, floor_m)
    way = soon - here
    heading = np.degrees(np.arctan2(way[0], way[2]))
    wobble = 0.35 * np.sin(age_s * 1.7 + phase)[:, None] * [0.4, 1.0, 0.4]
    places = here + offsets + wobble
    places[:, 1] = np.maximum(places[:, 1], 1.2 + 0.5 * offsets[:, 1] + 0.6)
    bodies = placements(places, heading, 1.35)
    flap = rotations("z", 28.0 * np.sin(2 * np.pi * beat * age_s + phase))
    wings = [bodies @ shoulder @ flap for shoulder in _SHOULDERS]
    return bodies, np.concatenate(wings)


@lru_cache(maxsize=8)
def _habits_of_birds(seed: int) -> tuple[Float64, Float64, Float64]:
    """Where in the flock birds fly, and when and how often each beats its wings."""
    rng = np.random.default_rng((seed, 13))
    offsets = rng.uniform((-3.5, -1.2, -2.5), (3.5, 1.2, 2.5), (BIRDS, 3))
    return offsets, rng.uniform(0, 2 * np.pi, BIRDS), rng.uniform(3.4, 4.4, BIRDS)


def _flight(age_s: float, floor_m: float) -> Float64:
    """From the left across the view, then round and down towards the square."""
    part = age_s / BIRDS_S
    turn = np.radians(-85.0 + 205.0 * part)
    reach = 10.0 + 13.0 * part
    low = min(max(floor_m * 0.6, 4.0), floor_m + 2.6)
    fall = part**3 * (4 - 3 * part)
    y = (floor_m + 2.6) * (1 - fall) + low * fall
    return np.array([reach * np.sin(turn), y, 1.0 - reach * np.cos(turn)])


def _leaves(age_s: float, seed: int, eye_m: tuple[float, float, float]) -> Float32:
    start, speed, phase, spin, size = _habits_of_leaves(seed)
    places = start + np.asarray(eye_m)
    places[:, 0] += speed * age_s
    places[:, 1] += 0.45 * np.sin(1.9 * age_s + phase) + 0.05 * age_s
    places[:, 1] = np.maximum(places[:, 1], 0.08)
    places[:, 2] += 0.6 * np.sin(1.3 * age_s + 2 * phase)
    return placements(places, spin * age_s, size) @ rotations("x", spin * 0.7 * age_s + np.degrees(phase))


@lru_cache(maxsize=8)
def _habits_of_leaves(seed: int) -> tuple[Float64, ...]:
    """Where leaves start, how fast they go, where in their motion they are, how fast they spin, how large they are."""
    rng = np.random.default_rng((seed, 14))
    start = rng.uniform((-28.0, -0.8, -8.0), (-4.0, 2.6, -1.4), (LEAVES, 3))
    speed = rng.uniform(3.6, 6.0, LEAVES)
    phase, spin = rng.uniform(0, 2 * np.pi, LEAVES), rng.uniform(120.0, 320.0, LEAVES)
    return start, speed, phase, spin, rng.uniform(0.7, 1.3, LEAVES)
