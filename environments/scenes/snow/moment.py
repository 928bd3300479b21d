"""A moment of the canyon: where the sledge is, who stands around, what flies, how bright the northern lights are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from environments.play import Throw
from environments.render.model import Float32, Interior, Particles, Poses, SceneFrame, Sun
from environments.scenes.manifest import ParameterValue, load_manifest
from environments.scenes.snow.game import DECK_M
from environments.scenes.snow.models import FLAKES, MOST
from environments.scenes.snow.penguins import Angles, crossing, posed, standing, swimming
from environments.scenes.snow.placing import Place, Row, beside, placed, stacked
from environments.scenes.snow.snowballs import balls, flakes
from environments.scenes.snow.targets import TARGETS, Kind, Target, around, gone_m
from environments.scenes.snow.terrain import segment_moves

NIGHT = Interior((0.008, 0.024, 0.068), (0.034, 0.082, 0.155), (0.060, 0.100, 0.140), exposure=6.0)
"""The light of a clear polar night over snow: blue all around, deeper overhead, and nothing warm."""

_SUN = Sun(azimuth_deg=14.0, elevation_deg=-12.0)
FAMILY_S, LAUGH_S, WHALE_S, LIGHTS_S = 16.0, 8.0, 34.0, 120.0
_QUIET_0TO1 = 0.40
"""How bright the northern lights are without their event."""

_LIGHTS = {Kind.LANTERN: (0.20, 1.0), Kind.IGLOO: (0.55, 3.4)}
"""How high over the foot a light is that a hit wakes, and how large."""

_HAT_M, _FALL_S, _GLOWS_S = 1.505, 1.1, 1.6
Places = dict[str, list[Row]]


def scene_frame(
    parameters: Mapping[str, ParameterValue],
    seed: int,
    time_s: float,
    events: Mapping[str, float],
    throws: tuple[Throw, ...],
) -> SceneFrame:
    """See `environments.play.PlayedScene`."""
    values = {**_defaults(), **parameters}
    gone = gone_m(values, time_s)
    struck = {one.target: time_s - one.lands_s for one in throws if one.target is not None and one.lands_s <= time_s}
    targets = around(gone, float(values[TARGETS]), seed)
    places, penguins = _standing(targets, struck, time_s, events)
    age_s = events.get("penguins")
    if age_s is not None and 0.0 <= age_s < FAMILY_S:
        spots, angles = crossing(age_s, gone)
        penguins = (penguins[0] + spots, penguins[1] + angles)
    places["sledge"] = [placed((0.0, 0.0, -gone), 0.0, 1.0)]
    places["balls"] = balls(throws, time_s)
    places["flakes"] = flakes(throws, time_s, seed)
    moves = _joined(places, _resting(targets, _awake(targets, struck, events)))
    poses: dict[str, Poses] = {"penguin": posed(*penguins)} if penguins[0] else {}
    age_s = events.get("whale")
    if age_s is not None and 0.0 <= age_s < WHALE_S:
        poses["whale"] = swimming(age_s, WHALE_S, gone)
    return SceneFrame(
        sun=_SUN,
        eye_base_m=(0.0, DECK_M, -gone),
        haze_0to1=0.35,
        cloud_0to1=0.0,
        wind_0to1=0.15,
        moves=segment_moves(gone) | moves,
        hidden=frozenset(name for name in places if name not in moves),
        poses=poses,
        interior=NIGHT,
        particles=(Particles("snow", 0.30, None, (0.75, 0.85, 1.0), seed),),
        aurora_0to1=_QUIET_0TO1 + (1.0 - _QUIET_0TO1) * _swell(events.get("northern_lights"), LIGHTS_S, 20.0),
    )


@lru_cache(maxsize=1)
def _defaults() -> dict[str, ParameterValue]:
    return {parameter.name: parameter.default for parameter in load_manifest("snow").parameters}


def _swell(age_s: float | None, lasts_s: float, eases_s: float) -> float:
    """0 to 1 and back, slowly."""
    if age_s is None or not 0.0 < age_s < lasts_s:
        return 0.0
    part = min(age_s, lasts_s - age_s, eases_s) / eases_s
    return part * part * (3.0 - 2.0 * part)


def _standing(
    targets: tuple[Target, ...], struck: Mapping[int, float], time_s: float, events: Mapping[str, float]
) -> tuple[Places, tuple[list[Row], list[Angles]]]:
    """Those that move or have changed, as rows, and the penguins; what rests is in `_resting`."""
    places: Places = {name: [] for name in (*MOST, "flakes")}
    spots: list[Row] = []
    angles: list[Angles] = []
    lifted = _swell(events.get("snowmen"), LAUGH_S, 1.5)
    for one in targets:
        since_s = struck.get(one.number)
        if one.kind is Kind.PENGUIN:
            spot, angle = standing(one, time_s, since_s)
            spots.append(spot)
            angles.append(angle)
            places["shade"].append(_shade((spot[3], spot[7] - 0.03, spot[11]), 0.22 * one.size))
        elif one.kind is Kind.SNOWMAN:
            if since_s is not None or lifted:
                _add_snowman(places, one, since_s, lifted * (1.0 + 0.3 * math.sin(6.0 * time_s + one.number)))
        elif since_s is not None:
            up_m, large = _LIGHTS[one.kind]
            _add_light(places, one, since_s, up_m, large)
    return places, (spots, angles)


@lru_cache(maxsize=16)
def _resting(targets: tuple[Target, ...], awake: frozenset[int]) -> dict[str, Float32]:
    """What stands still: lanterns, igloos, and the snowmen who are not awake, with their hats and shades."""
    places: Places = {"snowman": [], "hat": [], "ice_lantern": [], "igloo": [], "shade": []}
    for one in targets:
        if one.kind is Kind.SNOWMAN and one.number not in awake:
            places["snowman"].append(_at_rest(one, 0.0))
            places["hat"].append(_at_rest(one, _HAT_M))
            places["shade"].append(_shade(one.foot_m, 0.52 * one.size))
        elif one.kind is Kind.LANTERN:
            places["ice_lantern"].append(_at_rest(one, 0.0))
        elif one.kind is Kind.IGLOO:
            places["igloo"].append(_at_rest(one, 0.0))
            places["shade"].append(_shade(one.foot_m, 1.75 * one.size))
    return {name: stacked(rows) for name, rows in places.items() if rows}


def _awake(targets: tuple[Target, ...], struck: Mapping[int, float], events: Mapping[str, float]) -> frozenset[int]:
    """The snowmen who laugh or have laughed."""
    if _swell(events.get("snowmen"), LAUGH_S, 1.5):
        return frozenset(one.number for one in targets)
    return frozenset(one.number for one in targets if one.number in struck) if struck else frozenset()


def _joined(places: Places, resting: Mapping[str, Float32]) -> dict[str, Float32]:
    """All places of every group that has any."""
    found = dict(resting)
    for name, rows in places.items():
        if rows:
            fresh = stacked(rows)
            found[name] = np.concatenate([found[name], fresh]) if name in found else fresh
    return {name: rows[: FLAKES if name == "flakes" else MOST[name]] for name, rows in found.items()}


def _add_snowman(places: Places, one: Target, since_s: float | None, lifted: float) -> None:
    """A snowman; hit, it laughs from its belly and its hat hops off and lies beside it."""
    places["shade"].append(_shade(one.foot_m, 0.52 * one.size))
    laugh = 0.0 if since_s is None else max(1.0 - since_s / 3.0, 0.0)
    laugh = max(laugh, min(max(lifted, 0.0), 1.0) * 0.7)
    beat = math.sin(2.0 * math.pi * 1.5 * (since_s or lifted))
    tall = 1.0 - 0.045 * laugh * (0.5 + 0.5 * beat)
    places["snowman"].append(placed(one.foot_m, one.facing_deg + 3.0 * laugh * beat, one.size, tall=tall))
    if since_s is None:
        spot = beside(one.foot_m, one.facing_deg, one.size, (0.0, _HAT_M + 0.16 * lifted, 0.0))
        places["hat"].append(placed(spot, one.facing_deg, one.size))
        return
    part = min(since_s / _FALL_S, 1.0)
    up = _HAT_M * (1.0 - part * part) + 1.1 * part * (1.0 - part) + 0.14 * part
    spot = beside(one.foot_m, one.facing_deg, one.size, (0.62 * part, up, 0.25 * part))
    places["hat"].append(placed(spot, one.facing_deg + 40.0 * part, one.size, roll_deg=-105.0 * part))


def _at_rest(one: Target, up_m: float) -> Row:
    """What stands upright on a target's foot, or so high over it."""
    return placed(beside(one.foot_m, one.facing_deg, one.size, (0.0, up_m, 0.0)), one.facing_deg, one.size)


def _add_light(places: Places, one: Target, since_s: float, up_m: float, large: float) -> None:
    """The light within, which comes up softly after a hit."""
    part = min(since_s / _GLOWS_S, 1.0)
    x, y, z = one.foot_m
    size = one.size * large * (0.15 + 0.85 * part * part * (3.0 - 2.0 * part))
    places["light"].append(placed((x, y + up_m * one.size, z), 0.0, size))


def _shade(foot: Place, radius_m: float) -> Row:
    x, y, z = foot
    return (radius_m, 0.0, 0.0, x, 0.0, radius_m, 0.0, y + 0.035, 0.0, 0.0, radius_m, z, 0.0, 0.0, 0.0, 1.0)
