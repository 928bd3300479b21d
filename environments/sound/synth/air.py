"""Air: wind in the open, at a height, in leaves and over snow; gusts and whooshes."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from environments.sound.synth.signal import Line, envelope, faded, noise, wander

_LOOP_S = 12.0


def wind(rng: Generator) -> Line:
    """Wind past the ears and the ground: strongest below 300 Hz, falling steeply, in slow waves."""
    low = noise(rng, _LOOP_S, [(20, -10), (60, 0), (180, 0), (500, -9), (1500, -24), (6000, -48)])
    high = noise(rng, _LOOP_S, [(100, -30), (350, -4), (700, 0), (1600, -12), (6000, -34)])
    waves = wander(rng, _LOOP_S, 8.0, 1.0)
    return low * (0.4 + 0.6 * waves) + 0.5 * high * waves**2


def wind_high(rng: Generator) -> Line:
    """Wind round a high edge: the same with a soft, moving whistle of cables and corners at 400 to 900 Hz."""
    whistle = noise(rng, _LOOP_S, [(200, -60), (420, -6), (470, 0), (520, -6), (760, -30), (1200, -60)])
    second = noise(rng, _LOOP_S, [(400, -60), (700, -8), (780, 0), (860, -8), (1500, -60)])
    waves = wander(rng, _LOOP_S, 5.0, 0.8)
    return wind(rng) + 0.5 * whistle * waves**2 + 0.3 * second * (1.0 - waves) ** 2


def gust(rng: Generator) -> Line:
    """A gust that swells and dies within 8 s: it gets brighter as it gets stronger."""
    swell = envelope(8.0, [(0.0, 0.0), (1.2, 0.25), (3.8, 1.0), (5.2, 0.7), (8.0, 0.0)])
    dark = noise(rng, 8.0, [(20, -8), (60, 0), (200, -2), (600, -14), (3000, -40)])
    bright = noise(rng, 8.0, [(100, -30), (400, -4), (1000, 0), (3000, -12), (9000, -30)])
    return faded((dark * swell + 0.7 * bright * swell**2.5) * (0.75 + 0.25 * wander(rng, 8.0, 1.0, 0.2)))


def leaves(rng: Generator) -> Line:
    """Wind in a wood: a rustle of 2 to 8 kHz that comes and goes, over a soft roar."""
    rustle = noise(rng, _LOOP_S, [(300, -34), (1200, -12), (3000, 0), (7000, -3), (15000, -20)])
    roar = noise(rng, _LOOP_S, [(40, -16), (150, -2), (400, 0), (1200, -14), (6000, -40)])
    waves = wander(rng, _LOOP_S, 7.0, 1.2)
    flutter = 0.6 + 0.4 * wander(rng, _LOOP_S, 0.5, 0.07)
    return np.asarray(rustle * (0.12 + 0.88 * waves**1.5) * flutter + 0.25 * roar * (0.4 + 0.6 * waves))


def soft_wind(rng: Generator) -> Line:
    """Still, cold air that moves a little over snow and ice."""
    breath = noise(rng, _LOOP_S, [(60, -16), (180, 0), (420, -3), (900, -14), (3000, -34), (12000, -60)])
    return breath * (0.3 + 0.7 * wander(rng, _LOOP_S, 9.0, 2.0))


def whoosh(rng: Generator) -> Line:
    """Something light flies off: a rush that rises and is gone within half a second."""
    rush = noise(rng, 0.6, [(150, -24), (600, -4), (1500, 0), (4000, -10), (12000, -30)])
    return faded(rush * envelope(0.6, [(0.0, 0.0), (0.14, 1.0), (0.6, 0.0)]))
