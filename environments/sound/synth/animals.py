"""Animals: gulls, pigeons, songbirds, crickets, spiders' legs, penguins and a whale."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from environments.sound.synth.signal import (
    Line,
    Points,
    add,
    count_of,
    envelope,
    faded,
    in_room,
    noise,
    once_in_room,
    pluck,
    tone,
)


def _call(seconds: float, pitch_hz: Points, level: Points, partials: tuple[float, ...]) -> Line:
    """A voice whose pitch and level go through these points."""
    return tone(envelope(seconds, pitch_hz), seconds, partials) * envelope(seconds, level)


def gull(rng: Generator) -> Line:
    """A herring gull's long call: some cries that rise, hold near 1.2 kHz and fall, rich in harmonics."""
    cries = rng.integers(3, 6)
    line = np.zeros(count_of(0.55 * cries + 1.2))
    base = rng.uniform(0.92, 1.08)
    for number in range(int(cries)):
        high = base * (1180.0 + 90.0 * np.sin(number))
        pitch = [(0.0, 0.62 * high), (0.08, high), (0.22, 1.04 * high), (0.42, 0.66 * high)]
        level = [(0.0, 0.0), (0.06, 0.8), (0.2, 1.0), (0.42, 0.0)]
        cry = _call(0.42, pitch, level, (0.5, 1.0, 0.7, 0.35, 0.22, 0.1))
        add(line, cry * (1.0 + 0.12 * noise(rng, 0.42, [(20, -20), (60, 0), (200, -20)])), 0.55 * number)
    return once_in_room(rng, line, 0.9, 0.25)


def pigeon(rng: Generator) -> Line:
    """A pigeon's coo: three rolls near 420 Hz, almost a pure tone, fluttering."""
    line = np.zeros(count_of(2.6))
    for start_s, lasts_s, strength in ((0.0, 0.5, 0.7), (0.6, 0.85, 1.0), (1.6, 0.6, 0.6)):
        pitch = [(0.0, 370.0), (0.3 * lasts_s, 440.0), (lasts_s, 385.0)]
        level = [(0.0, 0.0), (0.12, 1.0), (0.7 * lasts_s, 0.8), (lasts_s, 0.0)]
        roll = _call(lasts_s, pitch, level, (1.0, 0.22, 0.07))
        at = np.arange(len(roll)) / 48_000.0
        add(line, roll * (0.72 + 0.28 * np.sin(2.0 * np.pi * 26.0 * at)), start_s, strength)
    return once_in_room(rng, line, 0.6, 0.2)


def wings(rng: Generator) -> Line:
    """A flock takes off: wing beats, eight a second each, thinning out over three seconds."""
    line = np.zeros(count_of(3.6))
    for _ in range(9):
        rate, first = rng.uniform(7.0, 9.5), rng.uniform(0.0, 0.5)
        for beat in range(int(rng.uniform(12, 22))):
            flap = noise(rng, 0.06, [(100, -12), (350, 0), (1200, -3), (4000, -14), (12000, -34)])
            add(line, flap * pluck(0.06, 0.008, 0.018), min(first + beat / rate, 3.3), np.exp(-beat / 9.0))
    return faded(line)


def warbler(rng: Generator) -> Line:
    """A willow warbler's strophe: whistles between 3 and 6 kHz that step down."""
    line = np.zeros(count_of(3.0))
    start_s = 0.0
    for number in range(14):
        length_s = 0.09 + 0.006 * number
        high = 5600.0 - 170.0 * number + rng.uniform(-120.0, 120.0)
        pitch = [(0.0, high), (length_s * 0.4, 0.78 * high), (length_s, 0.86 * high)]
        level = [(0.0, 0.0), (length_s * 0.25, 1.0), (length_s, 0.0)]
        add(line, _call(length_s, pitch, level, (1.0, 0.06)), start_s, 0.4 + 0.6 * np.sin(np.pi * (number + 1) / 15.0))
        start_s += length_s + 0.055
    return once_in_room(rng, line, 1.1, 0.3)


def blackbird(rng: Generator) -> Line:
    """A blackbird's flutes: five slow notes of 1.6 to 2.8 kHz and a thin twitter."""
    line = np.zeros(count_of(3.4))
    start_s = 0.0
    for high in rng.choice([1650.0, 1850.0, 2080.0, 2350.0, 2760.0], 5, replace=False):
        length_s = rng.uniform(0.18, 0.34)
        pitch = [(0.0, high), (length_s / 2.0, high * rng.uniform(0.93, 1.08)), (length_s, high * 0.97)]
        add(line, _call(length_s, pitch, [(0.0, 0.0), (0.04, 1.0), (length_s, 0.0)], (1.0, 0.12, 0.03)), start_s)
        start_s += length_s + rng.uniform(0.05, 0.12)
    for number in range(5):
        high = rng.uniform(4200.0, 6300.0)
        pitch = [(0.0, high), (0.05, 0.8 * high)]
        add(line, _call(0.05, pitch, [(0.0, 0.0), (0.02, 1.0), (0.05, 0.0)], (1.0,)), start_s + 0.075 * number, 0.3)
    return once_in_room(rng, line, 1.2, 0.3)


def crickets(rng: Generator) -> Line:
    """Field crickets at night: chirps of three pulses near 4.5 kHz, several animals out of step."""
    loop = np.zeros(count_of(12.0))
    for _ in range(7):
        carrier, chirps = rng.uniform(4250.0, 4850.0), int(rng.integers(18, 27))
        strength, first = rng.uniform(0.15, 1.0), rng.uniform(0.0, 12.0 / chirps)
        pulse = tone(carrier, 0.02, (1.0, 0.05)) * envelope(0.02, [(0.0, 0.0), (0.007, 1.0), (0.02, 0.0)])
        for chirp in range(chirps):
            for number in range(3):
                at_s = first + chirp * 12.0 / chirps + 0.036 * number
                add(loop, pulse, at_s, strength * (0.6, 0.85, 1.0)[number])
    return in_room(rng, loop, 0.7, 0.2)


def legs(rng: Generator) -> Line:
    """Many small feet on wood and paper: faint taps of a millisecond or two, in walks with pauses."""
    loop = np.zeros(count_of(8.0))
    taps = []
    for resonance in rng.uniform(2600.0, 6800.0, 8):
        body = noise(rng, 0.01, [(900, -26), (resonance * 0.8, -3), (resonance, 0), (resonance * 1.5, -14)])
        taps.append(body * pluck(0.01, 0.0004, 0.0012))
    for start_s, lasts_s in ((0.2, 1.5), (2.6, 0.8), (4.1, 2.0), (6.9, 0.7)):
        at_s = start_s
        while at_s < start_s + lasts_s:
            add(loop, taps[int(rng.integers(8))], at_s, rng.uniform(0.25, 1.0))
            at_s += rng.exponential(0.03) + 0.012
    return in_room(rng, loop, 0.35, 0.15)


def penguin(rng: Generator) -> Line:
    """A small penguin's friendly bray, far off."""
    line = np.zeros(count_of(1.5))
    for number in range(3):
        pitch = [(0.0, 260.0), (0.1, 340.0 + 20.0 * number), (0.3, 300.0)]
        cry = _call(0.3, pitch, [(0.0, 0.0), (0.05, 1.0), (0.2, 0.8), (0.3, 0.0)], (0.6, 1.0, 0.8, 0.6, 0.4, 0.2, 0.1))
        add(line, cry, 0.36 * number, 0.7 + 0.15 * number)
    return once_in_room(rng, line, 1.4, 0.35)


def whale(rng: Generator) -> Line:
    """A whale's long, low, gliding call under the ice."""
    pitch = [(0.0, 150.0), (1.6, 310.0), (3.0, 240.0), (4.4, 420.0), (5.6, 180.0)]
    level = [(0.0, 0.0), (0.9, 0.8), (3.0, 0.6), (4.4, 1.0), (5.6, 0.0)]
    return once_in_room(rng, _call(5.6, pitch, level, (1.0, 0.4, 0.15, 0.05)), 3.5, 0.5)
