"""A moment of the scene: the light, the jar and the drawing, and every spider."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Poses, SceneFrame, Sun
from environments.scenes.manifest import ParameterValue, load_manifest
from environments.scenes.spiders.bodies import Flesh, Posed, flesh_of, posed, poses_of
from environments.scenes.spiders.company import order_of
from environments.scenes.spiders.gait import Stage, Stances, stage_of, stances
from environments.scenes.spiders.happenings import climbing, lag_s, lid_deg, stopping
from environments.scenes.spiders.lives import Life, Setting, lives_of
from environments.scenes.spiders.room import LID_OPEN_DEG, moves

SUN = Sun(-75.0, 35.0)
_CLOUD, _HAZE, _WIND = 0.45, 0.25, 0.15
POSES_PER_S = 40.0
"""Spiders are worked out so often and mixed in between, which holds feet that stand where they are."""
Ages = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The spiders of a setting, ready to be posed: kinds together, `order` (k,) are their numbers among `lives`."""

    lives: tuple[Life, ...]
    order: NDArray[np.intp]
    stage: Stage
    flesh: Flesh


def scene_frame(
    parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
) -> SceneFrame:
    """See `Scene.frame`."""
    values = {**_defaults(), **parameters}
    holds = str(values["containment"])
    base_deg = LID_OPEN_DEG if holds == "open jar" else 0.0
    moved, hidden = moves(values, lid_deg(base_deg, events.get("lid_opens")))
    return SceneFrame(
        sun=SUN,
        eye_base_m=(0.0, 0.0, 0.0),
        haze_0to1=_HAZE,
        cloud_0to1=_CLOUD,
        wind_0to1=_WIND,
        moves=moved,
        hidden=frozenset(hidden),
        poses=spider_poses(values, seed, time_s, events),
    )


def spider_poses(
    values: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
) -> dict[str, Poses]:
    """All spiders at a moment, by character."""
    setting = setting_of(values, seed)
    cast = cast_of(setting)
    if cast is None:
        return {}
    step = math.floor(time_s * POSES_PER_S + 1e-6)
    part = np.float32(max(time_s * POSES_PER_S - step, 0.0))
    low, high = (_posed(setting, at, _ages(events, at / POSES_PER_S - time_s)) for at in (step, step + 1))
    mixed = Posed(low.places + (high.places - low.places) * part, low.joints + (high.joints - low.joints) * part)
    return poses_of(cast.flesh, mixed, float(values["hairiness_0to1"]))


def _ages(events: Mapping[str, float], later_s: float) -> Ages:
    """How old events are a little later or earlier; those that have not begun are left out."""
    ages = ((name, round(age_s + later_s, 6)) for name, age_s in events.items())
    return tuple((name, age_s) for name, age_s in ages if age_s >= 0.0)


@lru_cache(maxsize=8)
def _posed(setting: Setting, step: int, ages: Ages) -> Posed:
    """All spiders at one of the moments in which they are worked out."""
    cast = cast_of(setting)
    if cast is None:
        raise ValueError("nobody is there to be posed")
    time_s = step / POSES_PER_S
    return posed(cast.flesh, stances_at(setting, cast, time_s, dict(ages)), time_s)


def stances_at(setting: Setting, cast: Cast, time_s: float, events: Mapping[str, float]) -> Stances:
    """Where bodies and feet are, events included."""
    clocks = np.full(len(cast.order), time_s)
    stop_s, climb_s = events.get("one_stops"), events.get("climbs_lamp")
    if stop_s is not None and (who := stopping(cast.lives, round(time_s - stop_s, 2))) is not None:
        number, waits_s = who
        clocks[cast.order == number] -= lag_s(stop_s - waits_s)
    found = stances(cast.stage, clocks)
    outing = climbing(setting, round(time_s - climb_s, 2)) if climb_s is not None and climb_s < 90.0 else None
    if climb_s is not None and outing is not None and outing.from_s <= climb_s < outing.until_s:
        own = stances(outing.stage, np.array([climb_s]))
        row = int(np.nonzero(cast.order == outing.number)[0][0])
        found.bodies[row], found.feet_m[row], found.swing_0to1[row] = own.bodies[0], own.feet_m[0], own.swing_0to1[0]
    return found


def setting_of(values: Mapping[str, ParameterValue], seed: int) -> Setting:
    """What the spiders' plans depend on, in steps too small to see."""
    return Setting(
        seed,
        round(float(values["count"])),
        round(float(values["size_cm"]), 2) / 100.0,
        round(float(values["distance_m"]), 3),
        round(float(values["motion_0to1"]), 3),
        str(values["containment"]),
    )


@lru_cache(maxsize=8)
def cast_of(setting: Setting) -> Cast | None:
    """The spiders of a setting; None where there are none."""
    lives = lives_of(setting)
    if not lives:
        return None
    order = order_of(tuple(life.spider for life in lives))
    chosen = [lives[number] for number in order]
    stage = stage_of([life.track for life in chosen], [life.spider.span_m for life in chosen])
    return Cast(lives, order, stage, flesh_of([life.spider for life in chosen]))


@lru_cache(maxsize=1)
def _defaults() -> dict[str, ParameterValue]:
    return {parameter.name: parameter.default for parameter in load_manifest("spiders").parameters}
