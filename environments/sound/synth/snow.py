"""Snow and ice: cracking ice, thrown and hit snow, and the music of the canyon."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from environments.sound.synth.signal import (
    Line,
    add,
    count_of,
    envelope,
    faded,
    in_room,
    many,
    noise,
    once_in_room,
    pluck,
    tone,
    unit,
)

BEAT_S = 1.0
_CHORDS_HZ = ((220.0, 277.2, 329.6), (185.0, 220.0, 277.2), (146.8, 220.0, 293.7), (164.8, 207.7, 329.6))
"""A, F sharp minor, D, E: slow, without tension that asks to be resolved."""

_BELLS_HZ = (440.0, 554.4, 659.3, 740.0, 880.0, 1108.7)


def ice(rng: Generator) -> Line:
    """Ice works far below: a tone that falls, because high tones run faster in a plate than low ones."""
    at = np.arange(count_of(0.9)) / 48_000.0
    falling = 190.0 + 2300.0 * np.exp(-at / 0.06)
    call = tone(falling, 0.9, (1.0, 0.3)) * pluck(0.9, 0.012, 0.16)
    crackle = many(
        rng, 0.9, [noise(rng, 0.006, [(800, -10), (3000, 0), (9000, -8)]) * pluck(0.006, 0.0005, 0.001)], 25.0
    )
    fading = envelope(0.9, [(0.0, 1.0), (0.9, 0.0)])
    return once_in_room(rng, unit(call) + 0.15 * unit(crackle) * fading, 2.2, 0.4)


def crunch(rng: Generator) -> Line:
    """A sledge's runner on old snow: a fine, even crunch."""
    grains = [noise(rng, 0.01, [(600, -14), (2200, 0), (6000, -6)]) * pluck(0.01, 0.0006, 0.0018) for _ in range(6)]
    bed = noise(rng, 8.0, [(150, -24), (600, -8), (1800, 0), (5000, -8), (14000, -26)])
    return unit(many(rng, 8.0, grains, 260.0)) + 0.5 * bed


def puff(rng: Generator) -> Line:
    """A snowball bursts: a soft thump, and powder that settles."""
    thump = noise(rng, 0.7, [(50, -8), (140, 0), (400, -8), (2000, -30)]) * pluck(0.7, 0.012, 0.09)
    powder = noise(rng, 0.7, [(500, -20), (2500, -2), (6000, 0), (14000, -10)])
    return faded(unit(thump) + 0.9 * powder * envelope(0.7, [(0.0, 0.0), (0.03, 1.0), (0.25, 0.35), (0.7, 0.0)]))


def sparkle(rng: Generator) -> Line:
    """A target answers kindly: four quick, glassy notes upwards."""
    line = np.zeros(count_of(1.6))
    for number, hz in enumerate((880.0, 1108.7, 1318.5, 1760.0)):
        add(line, tone(hz, 0.8, (1.0, 0.0, 0.15)) * pluck(0.8, 0.01, 0.16), 0.075 * number, 0.8)
    return once_in_room(rng, line, 1.5, 0.3)


def music(rng: Generator) -> Line:
    """A quiet half minute that goes round: held chords, and bells of five notes over them, in a wide space."""
    bars = 8
    seconds = bars * 4.0 * BEAT_S
    loop = np.zeros(count_of(seconds))
    swell = envelope(6.4, [(0.0, 0.0), (2.0, 0.5), (4.2, 0.42), (6.4, 0.0)])
    for number, chord in enumerate(_CHORDS_HZ):
        for voice, hz in enumerate(chord):
            pad = tone(hz * (1.0 + 0.0008 * (voice - 1)), 6.4, (1.0, 0.35, 0.12, 0.05)) * swell
            for bar in (2 * number, 2 * number + 1):
                add(loop, pad, bar * 4.0 * BEAT_S, 0.5)
    bells = [tone(hz, 2.4, (1.0, 0.1, 0.06)) * pluck(2.4, 0.012, 0.5) for hz in _BELLS_HZ]
    for beat in range(bars * 4):
        if rng.random() < 0.55:
            off_beat = 0.5 if rng.random() < 0.3 else 0.0
            bell = bells[int(rng.integers(len(bells)))]
            add(loop, bell, (beat + off_beat) * BEAT_S, rng.uniform(0.12, 0.3))
    return in_room(rng, loop, 2.6, 0.35)
