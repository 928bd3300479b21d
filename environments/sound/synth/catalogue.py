"""The names of all sounds: how each is made, whether it loops, and how loud it is.

A sound is levelled by its loudest 0.4 s, so that gains in a scene's description mean the same for all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from environments.sound.loudness import amplitude, moments_lufs, peak_db
from environments.sound.mixer import Samples
from environments.sound.synth import air, animals, city, people, rooms, snow, water
from environments.sound.synth.signal import Line, single

LEVEL_LUFS = -28.0
"""The loudest 0.4 s of every sound at 0 dB in a description."""

HIGHEST_PEAK_DB = -12.0


@dataclass(frozen=True, slots=True)
class Sound:
    """How a sound is made; a loop goes round without a seam, any other begins and ends in silence."""

    make: Callable[[Generator], Line]
    loops: bool


LOOPS: dict[str, Callable[[Generator], Line]] = {
    "surf": water.surf,
    "breaker": water.breaker,
    "swash": water.swash,
    "backwash": water.backwash,
    "lake": water.lake,
    "rain": water.rain,
    "wind": air.wind,
    "wind-high": air.wind_high,
    "leaves": air.leaves,
    "soft-wind": air.soft_wind,
    "crickets": animals.crickets,
    "legs": animals.legs,
    "city": city.hum,
    "car": city.car,
    "voices-far": city.voices_far,
    "fountain": city.fountain,
    "lift-motor": city.lift_motor,
    "steps": city.steps,
    "murmur": people.murmur,
    "room": rooms.room_tone,
    "clock": rooms.clock,
    "ventilation": rooms.ventilation,
    "lift-hum": rooms.lift_hum,
    "knocks": rooms.knocks,
    "pump": rooms.pump,
    "lamp": rooms.lamp,
    "crunch": snow.crunch,
    "music": snow.music,
}
ONCE: dict[str, Callable[[Generator], Line]] = {
    "drip": water.drip,
    "gust": air.gust,
    "whoosh": air.whoosh,
    "gull": animals.gull,
    "pigeon": animals.pigeon,
    "wings": animals.wings,
    "warbler": animals.warbler,
    "blackbird": animals.blackbird,
    "penguin": animals.penguin,
    "whale": animals.whale,
    "creak": city.creak,
    "cough": people.cough,
    "whisper": people.whisper,
    "applause": people.applause,
    "chair": people.chair,
    "lift-door": rooms.lift_door,
    "chime": rooms.chime,
    "phone": rooms.phone,
    "lid": rooms.lid,
    "ice": snow.ice,
    "puff": snow.puff,
    "sparkle": snow.sparkle,
}
SOUNDS = {name: Sound(make, loops=True) for name, make in LOOPS.items()} | {
    name: Sound(make, loops=False) for name, make in ONCE.items()
}


def make(name: str) -> Samples:
    """The samples (n,) of a sound at 48 kHz, the same on every call; `KeyError` if there is none of that name."""
    sound = SOUNDS[name]
    line = sound.make(np.random.default_rng(zlib.crc32(name.encode())))
    return levelled(line)


def levelled(line: Line) -> Samples:
    """A sound at its loudness, or as loud as its highest peak allows."""
    samples = single(line)
    louder_db = LEVEL_LUFS - float(moments_lufs(samples).max())
    louder_db = min(louder_db, HIGHEST_PEAK_DB - peak_db(samples))
    return np.asarray(samples * np.float32(amplitude(louder_db)))
