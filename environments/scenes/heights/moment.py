"""A moment of the scene: where the patient stands, what the deck looks like, where the sun is, what moves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from environments.render.model import Float32, SceneFrame, Sun
from environments.render.shapes import placed
from environments.scenes.heights.deck import FLOOR_M, GALLERY
from environments.scenes.heights.figures import SHADE
from environments.scenes.heights.happenings import gust_0to1, happening_moves, leaning_0to1, lift_offset_m
from environments.scenes.heights.lively import alive
from environments.scenes.heights.people import crowd_of
from environments.scenes.heights.railings import KINDS
from environments.scenes.manifest import ParameterValue, load_manifest

LATITUDE_DEG, DECLINATION_DEG = 47.0, 10.0
FACING_DEG = 144.6
"""Added to the sun's angle from south; puts the morning sun to the right of the patient, behind the shoulder."""
DUSK_DEG = 4.0
SMALL_THINGS_M = 55.0
"""From higher up, single leaves, chairs and bollards are smaller than can be seen."""
PLANK_FROM_M = 0.55
"""Nearer to the edge than this, with no railing, the edge is a plank's end."""
_VISITOR = placed(GALLERY[0] + 0.33, FLOOR_M, GALLERY[1] + 0.34, 236.0)
"""Where the visitor stands while the lift is down."""
_STILL = np.eye(4, dtype=np.float32)[None]
PLANK_PER_M = 2.6 / (PLANK_FROM_M - 0.2)
FLOORS = ("stone", "grating", "glass")
PLANKS = ("plank wood", "plank glass")
DECK_GROUPS = ("deck", *(f"floor {kind}" for kind in FLOORS), *(f"railing {kind}" for kind in KINDS))


def scene_frame(
    parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
) -> SceneFrame:
    """See `Scene.frame`."""
    values = {**_defaults(), **parameters}
    railing, floor = str(values["railing"]), str(values["floor"])
    height = min(max(float(values["height_m"]) + lift_offset_m(events), 0.0), 120.0)
    out = plank_m(railing, float(values["edge_distance_m"]))
    eye_base = (0.0, height + FLOOR_M, float(values["edge_distance_m"]) - out)
    sun = sun_at(float(values["time_of_day_h"]))
    wind = min(float(values["wind_0to1"]) + 0.6 * gust_0to1(events), 1.0)
    people = alive(crowd_of(seed), time_s, eye_base, _visitor(height), lambda ago_s: leaning_0to1(events, ago_s))
    flying, not_flying = happening_moves(events, seed, eye_base)
    return SceneFrame(
        sun=sun,
        eye_base_m=eye_base,
        haze_0to1=0.3,
        cloud_0to1=0.35,
        wind_0to1=wind,
        moves={**_deck_moves(height, out), **flying},
        hidden=_hidden(railing, floor, (out > 0.0, height > SMALL_THINGS_M, sun.elevation_deg > DUSK_DEG), not_flying),
        poses=people.poses,
        left_out=people.left_out,
    )


@lru_cache(maxsize=1)
def _defaults() -> dict[str, ParameterValue]:
    return {parameter.name: parameter.default for parameter in load_manifest("heights").parameters}


@lru_cache(maxsize=4)
def _deck_moves(height_m: float, out_m: float) -> dict[str, Float32]:
    """The deck at its height; planks are pushed out."""
    deck, plank = _STILL.copy(), _STILL.copy()
    deck[0, 1, 3] = plank[0, 1, 3] = height_m
    plank[0, 2, 3] = -out_m
    return dict.fromkeys(DECK_GROUPS, deck) | dict.fromkeys(PLANKS, plank)


@lru_cache(maxsize=4)
def _visitor(height_m: float) -> Float32:
    """Where the visitor stands (4, 4) while the lift is up."""
    standing = _VISITOR.copy()
    standing[1, 3] += height_m
    return standing


def plank_m(railing: str, edge_distance_m: float) -> float:
    """How far the plank reaches out; 0 unless the edge is open and near."""
    if railing != "none":
        return 0.0
    return max(PLANK_FROM_M - edge_distance_m, 0.0) * PLANK_PER_M


@lru_cache(maxsize=64)
def _hidden(
    railing: str, floor: str, has_plank_is_high_is_day: tuple[bool, bool, bool], not_flying: frozenset[str]
) -> frozenset[str]:
    """The groups that are not seen."""
    has_plank, is_high, is_day = has_plank_is_high_is_day
    hidden = {f"railing {kind}" for kind in KINDS if kind != railing}
    hidden |= {f"floor {kind}" for kind in FLOORS if kind != floor}
    plank = "plank glass" if floor == "glass" else "plank wood"
    hidden |= {kind for kind in PLANKS if kind != plank or not has_plank}
    hidden |= {"small"} if is_high else set()
    return frozenset(hidden | ({"lit"} if is_day else {SHADE, "car shade"}) | not_flying)


@lru_cache(maxsize=16)
def sun_at(hour_h: float) -> Sun:
    """The sun over a town at 47 degrees north in spring, by solar time."""
    turn = np.radians((hour_h - 12.0) * 15.0)
    latitude, declination = np.radians(LATITUDE_DEG), np.radians(DECLINATION_DEG)
    up = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(turn)
    south = np.arctan2(np.sin(turn), np.cos(turn) * np.sin(latitude) - np.tan(declination) * np.cos(latitude))
    azimuth = (np.degrees(south) + FACING_DEG + 180.0) % 360.0 - 180.0
    return Sun(float(azimuth), float(np.degrees(np.arcsin(up))))
