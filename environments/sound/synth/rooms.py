"""Rooms and machines: room tone, a clock, ventilation, a lift's cabin and door, chimes, the scanner, a soft phone."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from environments.sound.synth.city import lift_motor
from environments.sound.synth.signal import (
    Line,
    Points,
    add,
    count_of,
    envelope,
    in_room,
    noise,
    once_in_room,
    pluck,
    tone,
    unit,
    wander,
)

_LOOP_S = 12.0


def room_tone(rng: Generator) -> Line:
    """A quiet room by day: a soft low noise, and a trace of the mains."""
    curve = [(20, -6), (60, 0), (150, -5), (500, -16), (2000, -30), (8000, -46), (18000, -60)]
    return noise(rng, _LOOP_S, curve) + 0.06 * tone(100.0, _LOOP_S, (1.0, 0.3))


def clock(rng: Generator) -> Line:
    """A clock on the wall: tick and tock, one a second."""
    loop = np.zeros(count_of(4.0))
    for second in range(4):
        wood = 1750.0 if second % 2 else 2250.0
        tick = tone(wood, 0.05, (1.0, 0.0, 0.4)) * pluck(0.05, 0.0006, 0.006)
        add(tick, tone(520.0, 0.05) * pluck(0.05, 0.001, 0.012), 0.0, 0.5)
        add(
            loop,
            tick + 0.4 * noise(rng, 0.05, [(1000, -10), (3500, 0), (9000, -8)]) * pluck(0.05, 0.0005, 0.002),
            second,
        )
    return in_room(rng, loop, 0.5, 0.2)


def ventilation(rng: Generator) -> Line:
    """Air from a grille: a broad soft rush below 1 kHz, with a fan's faint tone."""
    rush = noise(rng, _LOOP_S, [(30, -10), (100, -1), (300, 0), (900, -7), (3000, -18), (12000, -42)])
    fan = tone(118.0, _LOOP_S, (1.0, 0.4, 0.15))
    return np.asarray(rush * (0.92 + 0.08 * wander(rng, _LOOP_S, 3.0, 0.6)) + 0.12 * fan)


def lift_hum(rng: Generator) -> Line:
    """Inside a lift that runs: the drive through the walls, softly."""
    inside = noise(rng, 6.0, [(30, -8), (90, 0), (250, -8), (900, -22), (5000, -46)])
    return 0.45 * unit(lift_motor(rng)) + inside


def lift_door(rng: Generator) -> Line:
    """Two leaves slide for two seconds on rollers and meet softly."""
    slide = noise(rng, 2.6, [(60, -12), (200, 0), (700, -5), (2500, -14), (8000, -30)])
    level = envelope(2.6, [(0.0, 0.0), (0.3, 0.7), (1.8, 0.8), (2.1, 0.25), (2.6, 0.0)])
    line = slide * level * (0.8 + 0.2 * wander(rng, 2.6, 0.4, 0.06))
    thud = tone(74.0, 0.35, (1.0, 0.5, 0.2)) * pluck(0.35, 0.015, 0.06)
    add(line, thud, 2.05, 0.9)
    return once_in_room(rng, line, 0.5, 0.2)


def _bell(frequency_hz: float, lasts_s: float, attack_s: float) -> Line:
    return tone(frequency_hz, lasts_s, (1.0, 0.22, 0.1, 0.03)) * pluck(lasts_s, attack_s, lasts_s / 4.0)


def chime(rng: Generator) -> Line:
    """Before an announcement: two soft notes, a third apart, that come up in 30 ms."""
    line = np.zeros(count_of(2.6))
    add(line, _bell(659.3, 1.4, 0.03), 0.0)
    add(line, _bell(523.3, 1.8, 0.03), 0.55)
    return once_in_room(rng, line, 0.6, 0.15)


def knocks(rng: Generator) -> Line:
    """The scanner at work: a dull knock four times a second under a pulsed tone, made far softer than life."""
    loop = np.zeros(count_of(6.0))
    for number in range(24):
        knock = tone(185.0, 0.12, (1.0, 0.6, 0.5, 0.3, 0.2)) * pluck(0.12, 0.012, 0.022)
        add(loop, knock, number / 4.0, 0.9 if number % 2 else 1.0)
    at = np.arange(len(loop)) / 48_000.0
    pulsing = 0.5 + 0.5 * np.tanh(3.0 * np.sin(2.0 * np.pi * 8.0 * at))
    loop += 0.10 * tone(740.0, 6.0, (1.0, 0.3, 0.15)) * pulsing
    pump = noise(rng, 6.0, [(40, -6), (110, 0), (300, -10), (2000, -34)])
    return in_room(rng, loop, 0.25, 0.25) + 0.08 * pump


def pump(rng: Generator) -> Line:
    """The scanner at rest: its cold head chirps once a second, softly, behind the cover."""
    loop = 0.25 * noise(rng, 6.0, [(40, -6), (120, 0), (400, -12), (3000, -40)])
    for number in range(6):
        sweep = envelope(0.24, [(0.0, 330.0), (0.24, 270.0)])
        chirp = tone(sweep, 0.24, (1.0, 0.5, 0.2)) * pluck(0.24, 0.04, 0.06)
        add(loop, chirp, float(number), 0.6)
        add(loop, chirp, number + 0.42, 0.4)
    return in_room(rng, loop, 0.3, 0.3)


def phone(rng: Generator) -> Line:
    """A phone in a bag: three rings of a soft wooden tune, each note coming up in 15 ms."""
    line = np.zeros(count_of(5.2))
    for ring in range(3):
        for number, hz in enumerate((784.0, 988.0, 880.0, 1175.0)):
            add(line, _bell(hz, 0.4, 0.015), 1.6 * ring + 0.2 * number, 0.8)
    return once_in_room(rng, line, 0.8, 0.3)


def lamp(rng: Generator) -> Line:
    """A lamp's tube that hums: 100 Hz and its harmonics."""
    return tone(100.0, 6.0, (1.0, 0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15)) + 0.1 * noise(
        rng, 6.0, [(50, -20), (1000, 0), (8000, -20)]
    )


def lid(rng: Generator) -> Line:
    """A glass jar's lid that is lifted: a light scrape and a small clear note."""
    scrape: Points = [(0.0, 0.0), (0.1, 0.5), (0.3, 0.8), (0.45, 0.0), (0.9, 0.0)]
    line = noise(rng, 0.9, [(600, -20), (2500, -2), (5500, 0), (12000, -14)]) * envelope(0.9, scrape)
    glass = sum(tone(hz, 0.45, (1.0,)) * pluck(0.45, 0.004, 0.08) for hz in (2130.0, 3480.0, 5320.0))
    add(line, np.asarray(glass), 0.4, 0.35)
    return once_in_room(rng, line, 0.4, 0.15)
