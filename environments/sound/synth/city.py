"""A city from its middle: the hum of it, cars, steps on stone, a lift's motor."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from environments.sound.synth.people import babble
from environments.sound.synth.signal import Line, add, count_of, in_room, noise, once_in_room, pluck, tone, wander

_LOOP_S = 12.0


def hum(rng: Generator) -> Line:
    """Traffic all round and far away: most at 50 to 250 Hz, falling 5 to 6 dB an octave (urban background levels)."""
    curve = [(20, -16), (50, -1), (120, 0), (250, -3), (1000, -12), (2000, -17), (5000, -32), (16000, -60)]
    return noise(rng, _LOOP_S, curve) * (0.7 + 0.3 * wander(rng, _LOOP_S, 6.0, 1.2))


def car(rng: Generator) -> Line:
    """One car at a steady 30 km/h: tyres near 900 Hz and an engine's low harmonics; passing is done by its way."""
    tyres = noise(rng, 6.0, [(60, -20), (250, -8), (700, 0), (1100, 0), (2500, -10), (8000, -32)])
    engine = tone(36.0, 6.0, (0.3, 1.0, 0.5, 0.7, 0.3, 0.35, 0.2, 0.15))
    return np.asarray(tyres * (0.85 + 0.15 * wander(rng, 6.0, 1.0, 0.1)) + 0.45 * engine)


def voices_far(rng: Generator) -> Line:
    """People on a square, too far to be understood: formants without words, in a wide space."""
    return in_room(rng, babble(rng, 4), 1.6, 0.6)


def fountain(rng: Generator) -> Line:
    """A fountain: steady water on water."""
    bed = noise(rng, _LOOP_S, [(150, -26), (500, -6), (1500, 0), (4000, -3), (10000, -14), (18000, -30)])
    return bed * (0.7 + 0.3 * wander(rng, _LOOP_S, 0.7, 0.03))


def lift_motor(rng: Generator) -> Line:
    """An electric lift on its rails: a hum at 50 Hz and its harmonics, a thin gear tone, rollers."""
    seconds = 6.0
    drive = tone(50.0, seconds, (0.6, 1.0, 0.35, 0.5, 0.15, 0.2))
    gear = tone(342.0, seconds, (0.25, 0.1, 0.04))
    rollers = noise(rng, seconds, [(40, -10), (120, 0), (400, -6), (1200, -14), (5000, -34)])
    rattle = 0.8 + 0.2 * wander(rng, seconds, 0.4, 0.08)
    return 1.2 * drive + 1.6 * gear + 0.7 * rollers * rattle


def steps(rng: Generator) -> Line:
    """Somebody walks on stone: a heel and a sole, 1.8 times a second."""
    loop = np.zeros(count_of(4.444))
    for number in range(8):
        heel = tone(rng.uniform(95.0, 125.0), 0.09, (1.0, 0.4)) * pluck(0.09, 0.004, 0.018)
        sole = noise(rng, 0.09, [(200, -14), (900, 0), (2500, -5), (8000, -24)]) * pluck(0.09, 0.003, 0.012)
        at_s = number * 4.444 / 8.0 + rng.uniform(-0.012, 0.012)
        add(loop, 0.9 * heel + 0.7 * sole, at_s, rng.uniform(0.75, 1.0))
        scuff = noise(rng, 0.08, [(300, -20), (1800, 0), (6000, -8)]) * pluck(0.08, 0.02, 0.02)
        add(loop, scuff, at_s + 0.11, 0.16)
    return in_room(rng, loop, 0.8, 0.25)


def creak(rng: Generator) -> Line:
    """Metal that gives a little under a weight: a slow, soft groan."""
    at = np.arange(count_of(1.1)) / 48_000.0
    pitch = 210.0 + 60.0 * np.sin(2.0 * np.pi * 0.7 * at) + 12.0 * np.sin(2.0 * np.pi * 31.0 * at)
    groan = tone(pitch, 1.1, (1.0, 0.6, 0.5, 0.3, 0.2, 0.1)) * np.sin(np.pi * np.minimum(at / 1.1, 1.0)) ** 2
    return once_in_room(rng, groan, 0.7, 0.3)
