"""The scene of the lecture hall: the patient at a lectern, up to sixty listeners who listen more or less kindly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from environments.render.model import Float32, Interior, SceneFrame, SceneModel, Sun, Text
from environments.render.shapes import translation
from environments.render.text import LINE_CAPS
from environments.scenes import notes
from environments.scenes.manifest import ParameterValue, load_manifest
from environments.scenes.speaking import cast, happenings, room, seats
from environments.scenes.speaking.audience import Audience, Tick, audience_of, poses_of
from environments.scenes.speaking.behaviours import DOINGS
from environments.scenes.speaking.going import Going
from environments.scenes.speaking.timetable import State

LIGHT = Interior((0.30, 0.27, 0.23), (0.20, 0.165, 0.125), (0.050, 0.047, 0.048), lamps_linear=(2.2, 2.0, 1.75))
EXPOSURE, SPOT_DIMS, DIMMER = 1.85, 0.5, 0.8
"""Of the bright hall; how much of the house's light a full spotlight leaves; how much of a change eyes see."""
STANDING_M = 1.62
INK = (0.012, 0.013, 0.020)
NOTES = (
    "Good afternoon\n\n1  Who I am\n2  What I want to tell you\n3  What to remember\n4  Thank you, and your questions"
)
"""What lies on the lectern when the patient has brought nothing."""
STILL = Sun(0.0, 40.0)
_PHONE = DOINGS.index("phone")
_NOWHERE = np.diag([0.0, 0.0, 0.0, 1.0]).astype(np.float32)


class Speaking:
    """A lecture hall (see `environments.render.model.Scene`)."""

    def build(self, seed: int) -> SceneModel:
        """The geometry, once."""
        audience_of(seed)
        return SceneModel(room.items(), characters=cast.characters())

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`; parameters that are not given have the manifest's defaults."""
        values = {**_defaults(), **parameters}
        number = {name: float(value) for name, value in values.items() if not isinstance(value, str)}
        eye_z_m = seats.FIRST_M + number["distance_m"]
        state = _state(number, eye_z_m, time_s, events)
        audience = audience_of(seed)
        tick = audience.at(time_s, state)
        going = Going(audience, seed, state, time_s)
        spot = number["spotlight_0to1"]
        return SceneFrame(
            sun=STILL,
            eye_base_m=(0.0, 0.0, eye_z_m),
            haze_0to1=0.0,
            cloud_0to1=0.0,
            wind_0to1=0.0,
            moves={
                **_spot_moves(spot, eye_z_m),
                **room.clock_moves(time_s),
                **room.door_moves(going.doors),
                "lectern": _at(0.0, 0.0, eye_z_m),
                "sheets": sheets(seed, state.count),
                "phones": phones(audience, tick, state.count),
            },
            poses=going.with_walkers(poses_of(audience, time_s, tick, going.seated), tick),
            texts=(*_signs(), *_notes(str(values.get(notes.PARAMETER) or NOTES), eye_z_m)),
            interior=_lit(spot, happenings.light_left(events)),
            eye_height_m=STANDING_M,
        )


def _state(number: Mapping[str, float], eye_z_m: float, time_s: float, events: Mapping[str, float]) -> State:
    # To the millisecond, so that an event begins at the same time in every picture.
    began_s = tuple(sorted((name, round(time_s - age_s, 3)) for name, age_s in events.items()))
    return State(
        round(number["audience"]),
        number["attention_0to1"],
        number["gaze_share_0to1"],
        number["murmur_0to1"],
        (0.0, STANDING_M, eye_z_m),
        began_s,
    )


@lru_cache(maxsize=1)
def _defaults() -> dict[str, ParameterValue]:
    return {parameter.name: parameter.default for parameter in load_manifest("speaking").parameters}


@lru_cache(maxsize=4)
def _notes(text: str, eye_z_m: float) -> tuple[Text, ...]:
    """The words on the lectern, a text for each line, so that all begin at the left."""
    found = []
    for number, line in enumerate(notes.laid_out(text)):
        x_m = -0.5 * (notes.WIDE_M - notes.width_m(line))
        y_m = 0.5 * notes.HIGH_M - (number + 0.5) * LINE_CAPS * notes.HEIGHT_M
        place = room.on_board() @ translation(x_m, y_m, 0.003)
        place[2, 3] += eye_z_m
        found.append(Text(line, np.asarray(place, np.float32), notes.HEIGHT_M, INK))
    return tuple(found)


@lru_cache(maxsize=1)
def _signs() -> tuple[Text, ...]:
    """The words over the doors and on the wall behind the patient."""
    green, white = (0.85, 1.0, 0.9), (0.05, 0.06, 0.08)
    found = [Text("EXIT", _at(x, 3.27, room.BACK_M + 0.10)[0], 0.17, green, glows=True) for x in (-4.65, 4.65)]
    turned = np.diag([-1.0, 1.0, -1.0, 1.0]).astype(np.float32)
    turned[:3, 3] = (0.0, 2.75, 3.95)
    lower = turned.copy()
    lower[1, 3] = 1.9
    return (
        *found,
        Text("Thank you for coming", turned, 0.26, white),
        Text("Today's talk begins now", lower, 0.15, white),
    )


def _at(x_m: float, y_m: float, z_m: float) -> Float32:
    return np.asarray(translation(x_m, y_m, z_m)[None], np.float32)


@lru_cache(maxsize=4)
def _spot_moves(spot_0to1: float, eye_z_m: float) -> Mapping[str, Float32]:
    """Lenses that burn or not, halos and the pool as large as the light is strong."""
    part = np.float32(max(spot_0to1, 0.0))
    found = {}
    for name, size in (("spot lenses", np.float32(part > 0.01)), ("spot halos", part), ("spot pool", part)):
        place = np.eye(4, dtype=np.float32)
        if name == "spot pool":
            place[:3, :3] *= size
            place[2, 3] = eye_z_m
        elif size <= 0.0:
            place = _NOWHERE
        found[name] = place[None]
    return found


def _lit(spot_0to1: float, left_0to1: float) -> Interior:
    house = (1.0 - SPOT_DIMS * spot_0to1) * left_0to1
    return Interior(
        LIGHT.ceiling_linear, LIGHT.walls_linear, LIGHT.floor_linear, LIGHT.lamps_linear, EXPOSURE * house**DIMMER
    )


@lru_cache(maxsize=8)
def sheets(seed: int, count: int) -> Float32:
    """Where sheets lie (k, 4, 4): before every other person."""
    found = np.tile(_NOWHERE, (room.SHEETS, 1, 1))
    chosen = np.arange(0, count, 2)[: room.SHEETS]
    found[: len(chosen)] = np.eye(4, dtype=np.float32)
    found[: len(chosen), :3, 3] = audience_of(seed).places_m[chosen] + (-0.06, 0.728, 0.52)
    return found


def phones(audience: Audience, tick: Tick, count: int) -> Float32:
    """Telephones (k, 4, 4) in the hands of those who look at one."""
    found = np.tile(_NOWHERE, (room.PHONES, 1, 1))
    chosen = np.flatnonzero((tick.doing[:, _PHONE] > 0.35) & (audience.rows < count))[: room.PHONES]
    found[: len(chosen), :3] = tick.hands[chosen] @ room.IN_HAND
    found[: len(chosen), :3, 3] += audience.frames[chosen, :3, 3]
    return found


SCENE = Speaking()
