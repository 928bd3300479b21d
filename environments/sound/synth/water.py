"""Water: surf in its parts, a lake's edge, rain."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from environments.sound.synth.signal import (
    Line,
    add,
    count_of,
    many,
    noise,
    once_in_room,
    pluck,
    times,
    unit,
    wander,
)

_LOOP_S = 8.0


def surf(rng: Generator) -> Line:
    """Many far breakers at once: most below 500 Hz, then falling some 6 dB an octave."""
    curve = [(20, -14), (60, -2), (150, 0), (500, -4), (1000, -9), (4000, -22), (12000, -40), (20000, -60)]
    return noise(rng, _LOOP_S, curve) * (0.65 + 0.35 * wander(rng, _LOOP_S, 6.0, 1.5))


def breaker(rng: Generator) -> Line:
    """A wave that falls over near by: a dull body under a broad rush."""
    body = noise(rng, _LOOP_S, [(25, -20), (60, 0), (160, 0), (400, -12), (1500, -30), (8000, -60)])
    rush = noise(rng, _LOOP_S, [(80, -24), (300, -4), (900, 0), (2500, -6), (7000, -18), (16000, -36)])
    rough = 0.6 + 0.4 * wander(rng, _LOOP_S, 0.6, 0.08)
    return 0.8 * body * (0.7 + 0.3 * wander(rng, _LOOP_S, 2.0, 0.3)) + rush * rough


def swash(rng: Generator) -> Line:
    """Water that runs up sand: a bright rush, rough in parts of a second."""
    rush = noise(rng, _LOOP_S, [(100, -36), (400, -14), (1500, -2), (4000, 0), (9000, -8), (18000, -24)])
    return rush * (0.55 + 0.45 * wander(rng, _LOOP_S, 0.8, 0.06))


def backwash(rng: Generator) -> Line:
    """Water that sinks away: fizz of many tiny bubbles over a thin rush."""
    grains = [bubble(rng, hz, 0.0011) for hz in rng.uniform(2000.0, 7500.0, 5)]
    fizz = many(rng, _LOOP_S, grains, 1500.0)
    rush = noise(rng, _LOOP_S, [(200, -40), (1200, -12), (3500, 0), (8000, -5), (18000, -22)])
    return unit(fizz) + 0.6 * rush


def bubble(rng: Generator, frequency_hz: float, decay_s: float | None = None) -> Line:
    """One bubble that closes: a short tone that rises a little (Minnaert 1933: 3.26 m/s over its radius)."""
    decay_s = 26.0 / frequency_hz + 0.001 if decay_s is None else decay_s
    length_s = max(decay_s * 5.0, 0.01)
    at = times(length_s)
    rising = frequency_hz * (1.0 + rng.uniform(0.02, 0.1) * at / length_s)
    return np.asarray(np.sin(2.0 * np.pi * np.cumsum(rising) / 48_000.0) * pluck(length_s, 0.0008, decay_s))


def lake(rng: Generator) -> Line:
    """Small waves at a lake's edge: single lapping sounds of bubbles over a little noise."""
    loop = np.zeros(count_of(_LOOP_S))
    for start_s in np.arange(0.0, _LOOP_S, 0.75) + rng.uniform(0.0, 0.5, 11):
        strength = rng.uniform(0.3, 1.0)
        for _ in range(rng.integers(6, 16)):
            grain = bubble(rng, float(np.exp(rng.uniform(np.log(350.0), np.log(1900.0)))))
            add(loop, grain, start_s + abs(rng.normal(0.0, 0.14)), strength * rng.uniform(0.15, 1.0))
    bed = noise(rng, _LOOP_S, [(60, -20), (250, 0), (700, -6), (3000, -20), (12000, -44)])
    return unit(loop) + 0.25 * bed * wander(rng, _LOOP_S, 3.0, 0.7)


def rain(rng: Generator) -> Line:
    """Steady rain on leaves and ground: a hiss that is made of drops, with single ones near by."""
    drops = [noise(rng, 0.012, [(800, -12), (3000, 0), (9000, -4)]) * pluck(0.012, 0.0006, 0.0025) for _ in range(5)]
    hiss = many(rng, _LOOP_S, drops, 2600.0)
    near = many(rng, _LOOP_S, [bubble(rng, hz) for hz in rng.uniform(1100.0, 4200.0, 5)], 22.0)
    bed = noise(rng, _LOOP_S, [(100, -30), (600, -10), (2000, -2), (6000, 0), (14000, -8), (20000, -20)])
    return np.asarray(unit(hiss) + 0.5 * bed + 0.12 * unit(near))


def drip(rng: Generator) -> Line:
    """One drop into still water, in the open."""
    quiet = np.concatenate([bubble(rng, 760.0) + 0.0, np.zeros(count_of(0.5))])
    add(quiet, bubble(rng, 1240.0), 0.055, 0.5)
    return once_in_room(rng, quiet, 0.5, 0.2)
