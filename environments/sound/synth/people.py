"""People: a murmuring audience, coughs, whispers, applause; no words can be made out."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from environments.sound.synth.signal import (
    Line,
    add,
    count_of,
    envelope,
    in_room,
    many,
    noise,
    once_in_room,
    pluck,
    shaped,
    unit,
)

_LOOP_S = 12.0
_VOWELS_HZ = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (270, 2290, 3010),
    (570, 840, 2410),
    (300, 870, 2240),
    (500, 1500, 2500),
)
"""The first three formants of vowels (Peterson and Barney 1952, men) and of a neutral one."""


def _formants_db(vowel: tuple[int, int, int]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = [(60.0, -20.0)]
    for number, hz in enumerate(vowel):
        level = -7.0 * number
        points += [(hz * 0.86, level - 11.0), (float(hz), level), (hz * 1.14, level - 11.0)]
    return sorted([*points, (5000.0, -38.0), (16000.0, -70.0)])


def _syllable(rng: Generator, pitch_hz: float, vowel: tuple[int, int, int]) -> Line:
    """One voiced syllable: pulses of the voice through a vowel."""
    length_s = rng.uniform(0.12, 0.28)
    count = count_of(length_s)
    glide = pitch_hz * (1.0 + rng.uniform(-0.12, 0.12) * np.arange(count) / count)
    phase = np.cumsum(glide) / 48_000.0
    pulses = np.diff(np.floor(phase), prepend=0.0)
    voiced = shaped(np.concatenate([pulses, np.zeros(960)]), _formants_db(vowel))[:count]
    return unit(voiced) * np.sin(np.pi * np.arange(count) / count) ** 0.8


def babble(rng: Generator, talkers: int) -> Line:
    """Talkers at once, in syllables at the pace of speech, three times over at other places and pitches."""
    loop = np.zeros(count_of(_LOOP_S))
    for _ in range(talkers):
        pitch_hz = float(rng.choice([rng.uniform(95.0, 135.0), rng.uniform(170.0, 230.0)]))
        kinds = [_syllable(rng, pitch_hz * rng.uniform(0.88, 1.15), vowel) for vowel in _VOWELS_HZ]
        at_s, strength = rng.uniform(0.0, 1.0), rng.uniform(0.4, 1.0)
        while at_s < _LOOP_S:
            for _ in range(int(rng.integers(4, 12))):
                add(loop, kinds[int(rng.integers(len(kinds)))], at_s, strength * rng.uniform(0.5, 1.0))
                at_s += rng.uniform(0.16, 0.26)
            at_s += rng.uniform(0.3, 2.0)
    copies = [np.roll(loop, int(rng.integers(len(loop)))) for _ in range(2)]
    return unit(loop + 0.8 * copies[0] + 0.7 * copies[1][::-1])


def murmur(rng: Generator) -> Line:
    """An audience that talks low in a hall before it begins."""
    low = shaped(babble(rng, 8), [(60, -12), (200, 0), (600, 0), (1500, -5), (4000, -12), (12000, -30)])
    rustle = noise(rng, _LOOP_S, [(300, -30), (1500, -6), (4000, 0), (10000, -12)])
    return in_room(rng, unit(low) + 0.05 * rustle, 1.3, 0.55)


def cough(rng: Generator) -> Line:
    """One cough in a hall: a short burst, the voice behind it, and the room."""
    burst = noise(rng, 0.42, [(120, -14), (450, 0), (1300, -2), (3000, -8), (9000, -26)])
    level = envelope(0.42, [(0.0, 0.0), (0.02, 1.0), (0.07, 0.45), (0.16, 0.3), (0.42, 0.0)])
    voice = _syllable(rng, 120.0, _VOWELS_HZ[0])[: count_of(0.2)]
    line = burst * level
    add(line, voice, 0.08, 0.25)
    return once_in_room(rng, line, 1.2, 0.3)


def whisper(rng: Generator) -> Line:
    """Two people whisper for some seconds, somewhere in the rows."""
    line = np.zeros(count_of(4.2))
    at_s = 0.05
    while at_s < 3.4:
        for _ in range(int(rng.integers(3, 7))):
            length_s = rng.uniform(0.09, 0.2)
            vowel = _VOWELS_HZ[int(rng.integers(len(_VOWELS_HZ)))]
            breath = noise(rng, length_s, [(200, -24), (vowel[0], -8), (vowel[1], 0), (vowel[2], -2), (7000, -12)])
            add(
                line, breath * np.sin(np.pi * np.arange(len(breath)) / len(breath)), min(at_s, 3.6), rng.uniform(0.5, 1)
            )
            at_s += length_s + 0.03
        at_s += rng.uniform(0.15, 0.5)
    return once_in_room(rng, line, 1.0, 0.25)


def applause(rng: Generator) -> Line:
    """Thirty people clap: bursts near 1 to 2.5 kHz that grow together, last, and thin out over nine seconds."""
    claps = []
    for centre in rng.uniform(800.0, 2300.0, 8):
        clap = noise(rng, 0.03, [(centre * 0.4, -18), (centre, 0), (centre * 2.2, -9), (centre * 6, -26)])
        claps.append(clap * pluck(0.03, 0.0008, 0.004))
    crowd = many(rng, 9.0, claps, 120.0)
    level = envelope(9.0, [(0.0, 0.0), (1.2, 0.8), (2.5, 1.0), (5.5, 0.9), (9.0, 0.0)])
    return once_in_room(rng, unit(crowd) * level, 1.3, 0.35)


def chair(rng: Generator) -> Line:
    """Somebody shifts on a seat, and cloth rustles."""
    cloth = noise(rng, 0.9, [(200, -20), (900, -4), (3000, 0), (9000, -12)])
    level = envelope(0.9, [(0.0, 0.0), (0.2, 0.6), (0.35, 0.2), (0.6, 1.0), (0.9, 0.0)])
    knock = noise(rng, 0.9, [(60, -4), (180, 0), (500, -12), (3000, -40)])
    bump = envelope(0.9, [(0.0, 0.0), (0.55, 0.0), (0.6, 1.0), (0.72, 0.0), (0.9, 0.0)])
    return once_in_room(rng, 0.6 * cloth * level + 0.8 * knock * bump, 0.9, 0.25)
