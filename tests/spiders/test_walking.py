"""How spiders walk: planted feet stay where they are, legs go in two groups, plans depend on nothing but the seed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from environments.scenes.manifest import load_manifest
from environments.scenes.spiders.bodies import name_of
from environments.scenes.spiders.company import standing_span_m
from environments.scenes.spiders.gait import group_of
from environments.scenes.spiders.lives import APART
from environments.scenes.spiders.moment import Cast, cast_of, setting_of, spider_poses, stances_at
from environments.scenes.spiders.place import DESK, HANDS_M
from environments.scenes.spiders.species import (
    JOINTS,
    LEGS_FROM,
    SHADES_FROM,
    SPECIES,
    legs_of,
    rest_matrices,
)

MANIFEST = load_manifest("spiders")
SLIP_M = 0.002
FRAME_S = 1.0 / 60.0


def _cast(level: float, seed: int = 0) -> tuple[Any, Cast]:
    setting = setting_of(MANIFEST.values_at(level / 10.0), seed)
    cast = cast_of(setting)
    assert cast is not None
    return setting, cast


def _toes(level: float, times_s: Any, events: dict[str, Any] | None = None) -> Any:
    """Where the ends of the drawn legs are (t, k, 8, 3), from the very matrices that are drawn."""
    values = MANIFEST.values_at(level / 10.0)
    found = []
    for time_s in times_s:
        ages = {name: time_s - began for name, began in (events or {}).items()}
        poses = spider_poses(values, 0, float(time_s), ages)
        rows = []
        for species in SPECIES:
            if name_of(species.name) not in poses:
                continue
            pose, legs = poses[name_of(species.name)], legs_of(species)
            rest = rest_matrices(species)[LEGS_FROM:SHADES_FROM].reshape(8, 7, 4, 4)[:, 6]
            tips = np.einsum("lij,lj->li", rest, np.column_stack([legs.lengths_m[:, 6], np.zeros((8, 2)), np.ones(8)]))
            drawn = pose.joints[:, LEGS_FROM:SHADES_FROM].reshape(-1, 8, 7, 4, 4)[:, :, 6]
            body = np.einsum("klij,lj->kli", drawn, tips)
            rows.append(np.einsum("kij,klj->kli", pose.places, body)[..., :3])
        found.append(np.concatenate(rows))
    return np.array(found)


def _swings(level: float, times_s: Any) -> Any:
    """Whether a planned foot is on its way (t, k, 8)."""
    setting, cast = _cast(level)
    feet = np.array([stances_at(setting, cast, float(t), {}).feet_m for t in times_s])
    return np.linalg.norm(np.diff(feet, axis=0), axis=-1) > 1e-6


@pytest.mark.parametrize("level", [4, 7, 10])
def test_planted_feet_do_not_slip(level: float) -> None:
    times_s = np.arange(20.0, 22.0, FRAME_S)
    toes, moving = _toes(level, times_s), _swings(level, times_s)
    slips_m = np.linalg.norm(np.diff(toes, axis=0), axis=-1)[~moving]
    assert 0.1 < moving.mean() < 0.6
    assert slips_m.max() <= SLIP_M


def test_feet_hold_on_while_one_climbs_the_lamp() -> None:
    times_s = np.arange(12.0, 26.0, FRAME_S * 3)
    setting, cast = _cast(7)
    ages = [{"climbs_lamp": float(t) - 10.0} for t in times_s]
    feet = np.array([stances_at(setting, cast, float(t), age).feet_m for t, age in zip(times_s, ages, strict=True)])
    bodies = np.array([stances_at(setting, cast, float(t), age).bodies for t, age in zip(times_s, ages, strict=True)])
    climber = int(np.argmax(bodies[..., 1].max(axis=0)))
    assert bodies[:, climber, 1].max() > DESK.top_m + 0.15
    planted = np.linalg.norm(np.diff(feet[:, climber], axis=0), axis=-1) < 1e-6
    toes = _toes(7, times_s, {"climbs_lamp": 10.0})[:, climber]
    slips_m = np.linalg.norm(np.diff(toes, axis=0), axis=-1)[planted]
    assert np.quantile(slips_m, 0.99) <= SLIP_M
    steps_m = np.linalg.norm(np.diff(bodies[:, climber, :3], axis=0), axis=-1)
    assert steps_m.max() < 0.02


def test_legs_swing_in_alternating_tetrapods() -> None:
    moving = _swings(8, np.arange(5.0, 13.0, 1.0 / 120.0))
    first = [leg for leg in range(8) if group_of(leg) == 0]
    second = [leg for leg in range(8) if group_of(leg) == 1]
    assert [first, second] == [[0, 2, 5, 7], [1, 3, 4, 6]]
    both = moving[..., first].any(axis=-1) & moving[..., second].any(axis=-1)
    either = moving.any(axis=-1)
    assert either.mean() > 0.3
    assert both.sum() / either.sum() < 0.05
    assert moving[..., first].sum() / moving[..., second].sum() == pytest.approx(1.0, abs=0.35)


def test_nobody_meets_another_and_the_nearest_keeps_its_distance() -> None:
    for level in (6.0, 8.0, 10.0):
        _, cast = _cast(level)
        paths = np.stack([life.track.bodies[::5, [0, 2]] for life in cast.lives])
        spans = np.array([life.spider.span_m for life in cast.lives])
        for number in range(1, len(paths)):
            away = np.linalg.norm(paths[:number] - paths[number], axis=-1).min(axis=1)
            assert (away / (spans[:number] + spans[number]) > APART * 0.9).all()
        least_m = float(MANIFEST.levels[int(level)].parameters["distance_m"])
        nearest = np.hypot(paths[..., 0] - HANDS_M[0], paths[..., 1] - HANDS_M[1]) - 0.5 * spans[:, None]
        assert least_m - 0.035 < nearest.min() < least_m + 0.06
        assert (np.abs(paths[..., 0]) + 0.35 * spans[:, None] < DESK.x_m).all()
        assert (paths[..., 1] - 0.35 * spans[:, None] > DESK.back_z_m).all()


def test_nothing_jumps_from_one_moment_to_the_next() -> None:
    _, cast = _cast(10)
    for life in cast.lives:
        steps_m = np.linalg.norm(np.diff(life.track.bodies[:, :3], axis=0), axis=-1)
        assert steps_m.max() < 0.2 / 30.0
        ends = np.linalg.norm(life.track.bodies[0, :3] - life.track.bodies[-1, :3])
        assert ends < 1e-6


def test_the_one_that_stops_catches_up_again() -> None:
    setting, cast = _cast(8)
    began = next(t for t in np.arange(5.0, 60.0, 0.5) if _stops(setting, cast, float(t)))
    back = stances_at(setting, cast, began + 28.5, {"one_stops": 28.5})
    assert np.array_equal(back.feet_m, stances_at(setting, cast, began + 28.5, {}).feet_m)


def test_where_somebody_walks_now_and_then_the_next_to_walk_stops() -> None:
    setting, cast = _cast(2)
    for began in np.arange(0.5, 60.0, 7.3):
        ages = np.arange(0.5, 40.0, 0.5)
        plain, told = (
            np.array([stances_at(setting, cast, began + age, events(age)).feet_m for age in ages])
            for events in (lambda _: {}, lambda age: {"one_stops": age})
        )
        assert np.abs(plain - told).max() > 0.002


def test_who_climbs_the_lamp_meets_nobody() -> None:
    near = []
    for level, seed in ((7, 0), (8, 1), (9, 2)):
        for began in (5.0, 20.0, 33.0, 47.0):
            setting, cast = _cast(level, seed)
            ages = np.arange(0.0, 60.0, 0.5)
            bodies = np.array([stances_at(setting, cast, began + a, {"climbs_lamp": a}).bodies[:, :3] for a in ages])
            climber = int(np.argmax(bodies[..., 1].max(axis=0)))
            assert bodies[:, climber, 1].max() > DESK.top_m + 0.1
            on_desk = bodies[:, climber, 1] < DESK.top_m + 0.06
            spans = np.array([cast.lives[number].spider.span_m for number in cast.order])
            away = np.linalg.norm(bodies - bodies[:, climber : climber + 1], axis=-1)[on_desk]
            away[:, climber] = np.inf
            near.append((away / (spans + spans[climber])).min())
    assert np.quantile(near, 0.25) > APART * 0.85
    assert min(near) > APART * 0.5


def _stops(setting: Any, cast: Cast, began_s: float) -> bool:
    one, two = (stances_at(setting, cast, began_s + age, {"one_stops": age}).feet_m for age in (1.0, 6.0))
    plain = stances_at(setting, cast, began_s + 6.0, {}).feet_m
    still = (np.abs(one - two).max(axis=(1, 2)) < 1e-9) & (np.abs(one - plain).max(axis=(1, 2)) > 0.01)
    return bool(still.any())


def test_the_same_moment_comes_out_the_same_in_another_process() -> None:
    code = (
        "import hashlib; from environments.scenes.manifest import load_manifest\n"
        "from environments.scenes.spiders.moment import spider_poses\n"
        "values, ages = load_manifest('spiders').values_at(0.9), {'climbs_lamp': 9.0, 'one_stops': 3.0}\n"
        "found = spider_poses(values, 3, 77.7, ages)\n"
        "print(hashlib.sha256(b''.join(p.places.tobytes() + p.joints.tobytes() for p in found.values())).hexdigest())"
    )
    told = {subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout for _ in range(2)}
    assert len(told) == 1


def test_another_seed_is_another_plan() -> None:
    one, two = (_cast(7, seed)[1].lives[0].track.bodies[600] for seed in (0, 1))
    assert np.abs(one - two).max() > 0.01


def test_the_assets_have_the_joints_that_the_scene_moves() -> None:
    from environments.gltf.load import load_gltf
    from environments.scenes.spiders.room import ASSETS

    for species in SPECIES:
        skeleton = load_gltf(ASSETS / "animals" / f"spider_{species.name}.glb").bodies[0].skeleton
        assert skeleton.names == JOINTS
        rest = rest_matrices(species)
        assert np.abs(skeleton.inverse_binds @ rest - np.eye(4)).max() < 1e-4
        assert 0.6 * species.span_m < standing_span_m(species) < species.span_m
