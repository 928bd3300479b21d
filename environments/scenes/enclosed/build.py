"""The scene of tight places: a lift whose walls, door, light and people change, and the tube of a scanner."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from environments.render.model import Float32, Interior, SceneFrame, SceneModel, Sun, Text
from environments.render.shapes import translation
from environments.scenes.enclosed import happenings, people
from environments.scenes.enclosed.room import (
    FRONT_M,
    LEAF_M,
    LIFT_GROUPS,
    RISE_M,
    SCANNER_GROUPS,
    SHAFT_TOP_M,
    SLAB_M,
    TUBE_M,
    items,
    moved,
)
from environments.scenes.manifest import ParameterValue, load_manifest

LIFT_LIGHT = Interior((0.75, 0.70, 0.62), (0.34, 0.33, 0.31), (0.10, 0.095, 0.09), lamps_linear=(3.0, 2.8, 2.5))
SCANNER_LIGHT = Interior((0.85, 0.84, 0.80), (0.55, 0.56, 0.54), (0.22, 0.24, 0.26), lamps_linear=(2.0, 2.1, 2.2))
EXPOSURE, DIMMER = 1.3, 0.75
"""Of a bright room, and how much of a change of the lamps is seen: eyes get used to the rest."""
STANDING_M, LYING_FROM_M, EYE_M = 1.5, 1.5, -0.03
"""About how high a patient's face is in the lift; where a lying one begins; the eyes below the tube's axis."""
SCANNER_FLOOR_M = -1.05
STOREYS, STOREY_S = 6, 7.0
AMBER = (1.6, 0.62, 0.10)
BLUE = (0.35, 0.75, 1.5)
STILL = Sun(0.0, 40.0)


class Enclosed:
    """Tight places (see `environments.render.model.Scene`)."""

    def build(self, seed: int) -> SceneModel:
        """The geometry, once."""
        people.crowd_of(seed)
        return SceneModel(items(), characters=people.characters())

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`; parameters that are not given have the manifest's defaults."""
        values = {**_defaults(), **parameters}
        if values["place"] == "scanner":
            return _scanner(values, seed, time_s, events)
        return _lift(values, seed, time_s, events)


@lru_cache(maxsize=1)
def _defaults() -> dict[str, ParameterValue]:
    return {parameter.name: parameter.default for parameter in load_manifest("enclosed").parameters}


def _lift(values: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]) -> SceneFrame:
    half_m = float(values["width_m"]) / 2.0
    stuck = float(values["stuck_0to1"])
    door = happenings.door_open(float(values["door_open_0to1"]), events)
    rise_m = RISE_M * stuck
    moves = {
        "left": moved(-half_m),
        "right": moved(half_m),
        "lift signal": moved(half_m),
        "leaf_left": moved(-LEAF_M * door),
        "leaf_right": moved(LEAF_M * door),
        "landing": moved(0.0, rise_m),
        "shaft": moved(0.0, rise_m - SLAB_M - SHAFT_TOP_M),
    }
    hidden = set(SCANNER_GROUPS)
    if not happenings.is_spoken_to(events):
        hidden.add("lift signal")
    if door <= 0.0:
        hidden |= {"landing", "shaft"}
    count = people.fitting(float(values["people"]), 2.0 * half_m)
    standing = people.in_lift(count, 2.0 * half_m, (0.0, STANDING_M, 0.0))
    is_still = door > 0.0 or stuck > 0.5 or happenings.stopped(events) > 0.0
    return SceneFrame(
        sun=STILL,
        eye_base_m=(0.0, 0.0, 0.0),
        haze_0to1=0.0,
        cloud_0to1=0.0,
        wind_0to1=0.0,
        moves=moves,
        hidden=frozenset(hidden),
        poses=people.crowd_of(seed).poses(time_s, standing),
        texts=(_display(time_s, events, stuck, is_still=is_still),),
        interior=_dimmed(LIFT_LIGHT, float(values["light_0to1"]), events),
    )


def _display(time_s: float, events: Mapping[str, float], stuck: float, *, is_still: bool) -> Text:
    """The floor over the door; no floor where the lift stands between two."""
    place = _facing(0.0, 2.175, FRONT_M + 0.013)
    if happenings.is_spoken_to(events):
        return Text("HELP IS\nCOMING", place, 0.042, AMBER, glows=True)
    if stuck > 0.5 or happenings.stopped(events) > 0.5:
        return Text("- -", place, 0.07, AMBER, glows=True)
    storey = 3 if is_still else 3 + int(time_s / STOREY_S) % STOREYS
    return Text(str(storey), place, 0.085, AMBER, glows=True)


def _scanner(values: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]) -> SceneFrame:
    depth_m = float(values["depth_m"])
    wide = min(max(float(values["width_m"]), 0.6), 0.7) / (2.0 * TUBE_M)
    eye = (0.0, EYE_M, LYING_FROM_M - depth_m)
    hidden = set(LIFT_GROUPS)
    if not (happenings.is_spoken_to(events) or happenings.is_scanned(events)):
        hidden.add("scanner signal")
    standing = people.at_scanner(eye) if float(values["people"]) >= 0.5 else people.in_lift(0, 1.0, eye)
    words = "SCAN" if happenings.is_scanned(events) else "READY"
    return SceneFrame(
        sun=STILL,
        eye_base_m=eye,
        haze_0to1=0.0,
        cloud_0to1=0.0,
        wind_0to1=0.0,
        moves={"tube": moved(wide=wide), "scanner signal": moved(wide=wide), "table": moved(z_m=-depth_m)},
        hidden=frozenset(hidden),
        poses=people.crowd_of(seed).poses(time_s, standing),
        texts=(Text(words, _facing(0.0, 0.72, 0.905), 0.045, BLUE, glows=True),),
        interior=_dimmed(SCANNER_LIGHT, float(values["light_0to1"]), events),
        eye_height_m=0.0,
    )


def _facing(x_m: float, y_m: float, z_m: float) -> Float32:
    return np.asarray(translation(x_m, y_m, z_m), np.float32)


def _dimmed(room: Interior, light_0to1: float, events: Mapping[str, float]) -> Interior:
    left = light_0to1 * happenings.light_left(events)
    return Interior(
        room.ceiling_linear, room.walls_linear, room.floor_linear, room.lamps_linear, EXPOSURE * left**DIMMER
    )


SCENE = Enclosed()
