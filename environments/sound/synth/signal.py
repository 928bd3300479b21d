"""What sounds are made of: shaped noise that loops without a seam, grains, tones, envelopes, rooms.

Loops are circular: whatever is put in wraps round, so that the last sample goes on in the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from environments.sound.mixer import RATE_HZ, Samples

Line = NDArray[np.floating[Any]]
Points = Sequence[tuple[float, float]]


def count_of(seconds: float) -> int:
    """How many samples that is."""
    return round(seconds * RATE_HZ)


def times(seconds: float) -> Line:
    """Seconds of every sample (n,)."""
    return np.arange(count_of(seconds)) / RATE_HZ


def noise(rng: Generator, seconds: float, curve_db: Points) -> Line:
    """Noise (n,) of mean power 1 that loops; `curve_db` gives its spectrum as (Hz, dB), straight over octaves."""
    count = count_of(seconds)
    factors = _factors(count, curve_db)
    turns = (2.0 * np.pi * rng.random(len(factors))).astype(np.float32)
    spectrum = factors * (np.cos(turns) + 1j * np.sin(turns))
    return unit(np.fft.irfft(spectrum, count))


def _factors(count: int, curve_db: Points) -> NDArray[np.float32]:
    """What every bin of `count` samples is multiplied with; past its ends a curve falls on by 12 dB an octave."""
    first, last = curve_db[0], curve_db[-1]
    lower, higher = max(first[0] / 8.0, 1.0), max(RATE_HZ / 2.0, last[0] * 2.0)
    line = [
        (lower, first[1] - 12.0 * np.log2(first[0] / lower)),
        *curve_db,
        (higher, last[1] - 12.0 * np.log2(higher / last[0])),
    ]
    ends, levels = np.array(line).T
    # A coarse table is enough for a smooth curve, and many times quicker than logarithms of all bins.
    table_hz = np.geomspace(lower, higher, 512)
    table = 10.0 ** (np.interp(np.log2(table_hz), np.log2(ends), levels) / 20.0)
    factors = np.interp(np.fft.rfftfreq(count, 1.0 / RATE_HZ), table_hz, table, left=0.0).astype(np.float32)
    factors[0] = 0.0
    return np.asarray(factors, np.float32)


def shaped(samples: Line, curve_db: Points) -> Line:
    """A loop with its spectrum bent by (Hz, dB) points; a lone sound needs silence at its end."""
    return np.fft.irfft(np.fft.rfft(samples) * _factors(len(samples), curve_db), len(samples))


def unit(samples: Line) -> Line:
    """The same with mean power 1."""
    return np.asarray(samples / max(float(np.sqrt(np.mean(samples**2))), 1e-12))


def wander(rng: Generator, seconds: float, slowest_s: float, fastest_s: float) -> Line:
    """A slow random line (n,) between 0 and 1 that loops, made of swings of these periods."""
    count = count_of(seconds)
    first, last = max(round(seconds / slowest_s), 1), max(round(seconds / fastest_s), 2)
    cycles = np.arange(first, last + 1)
    spectrum = np.zeros(count // 2 + 1, np.complex64)
    spectrum[cycles] = np.exp(2j * np.pi * rng.random(len(cycles))) / np.sqrt(cycles)
    line = np.fft.irfft(spectrum, count)
    low, high = line.min(), line.max()
    return np.asarray((line - low) / (high - low))


def envelope(seconds: float, points: Points) -> Line:
    """A level (n,) through (seconds, factor), with half cosines in between: it has no corner."""
    at = times(seconds)
    when, value = np.array(points).T
    part = np.interp(at, when, np.arange(len(when)))
    low = np.minimum(part.astype(int), len(when) - 2)
    eased = 0.5 - 0.5 * np.cos(np.pi * (part - low))
    return np.asarray(value[low] + (value[low + 1] - value[low]) * eased)


def pluck(seconds: float, attack_s: float, decay_s: float) -> Line:
    """A level that rises in a half cosine and dies away; it ends at 0."""
    at = times(seconds)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.minimum(at / attack_s, 1.0))
    end = np.minimum((seconds - at) / min(0.02, seconds / 4.0), 1.0)
    return np.asarray(rise * np.exp(-np.maximum(at - attack_s, 0.0) / decay_s) * end)


def tone(frequency_hz: Line | float, seconds: float, partials: Sequence[float] = (1.0,)) -> Line:
    """A sound of harmonics with these strengths; partials over 16 kHz are left out."""
    line = np.broadcast_to(np.asarray(frequency_hz, np.float64), count_of(seconds))
    phase = 2.0 * np.pi * np.cumsum(line) / RATE_HZ
    total = np.zeros(len(line))
    for number, strength in enumerate(partials, start=1):
        if strength and float(line.max()) * number < 16_000.0:
            total += strength * np.sin(number * phase)
    return total


def add(loop: Line, grain: Line, at_s: float, strength: float = 1.0) -> None:
    """Put a grain into a loop, going round its end."""
    start = count_of(at_s) % len(loop)
    for begin in range(0, len(grain), len(loop)):
        part = grain[begin : begin + len(loop)]
        first = min(len(part), len(loop) - start)
        loop[start : start + first] += strength * part[:first]
        loop[: len(part) - first] += strength * part[first:]


def many(rng: Generator, seconds: float, grains: Sequence[Line], per_s: float) -> Line:
    """A loop of random grains of random strength: the sparse trains are folded with the grains all at once."""
    count = count_of(seconds)
    spectrum = np.zeros(count // 2 + 1, np.complex64)
    for grain in grains:
        train = np.zeros(count, np.float32)
        number = max(rng.poisson(per_s * seconds / len(grains)), 1)
        np.add.at(train, rng.integers(0, count, number), rng.uniform(0.2, 1.0, number) ** 2)
        spectrum += np.fft.rfft(train) * np.fft.rfft(grain.astype(np.float32), count)
    return np.fft.irfft(spectrum, count)


def in_room(rng: Generator, samples: Line, reverberation_s: float, wet_0to1: float) -> Line:
    """A loop in a room whose sound takes that long to die by 60 dB; the room is duller than the sound."""
    tail_s = min(reverberation_s * 1.2, len(samples) / RATE_HZ)
    at = times(tail_s)
    tail = (rng.standard_normal(len(at)) * 10.0 ** (-3.0 * at / reverberation_s)).astype(np.float32)
    tail[: count_of(0.012)] = 0.0
    spectrum = np.fft.rfft(tail, len(samples))
    hz = np.fft.rfftfreq(len(samples), 1.0 / RATE_HZ).astype(np.float32)
    wet = np.fft.irfft(np.fft.rfft(samples.astype(np.float32)) * spectrum / (1.0 + (hz / 2500.0) ** 2), len(samples))
    power = float(np.sqrt(np.mean(samples**2)))
    return np.asarray((1.0 - wet_0to1) * samples + wet_0to1 * power * unit(wet))


def once_in_room(rng: Generator, samples: Line, reverberation_s: float, wet_0to1: float) -> Line:
    """A lone sound in a room, with the time behind it that the room needs to fall silent."""
    return faded(in_room(rng, with_silence(samples, 1.2 * reverberation_s), reverberation_s, wet_0to1))


def with_silence(samples: Line, seconds: float) -> Line:
    """A lone sound with silence behind it, for a room or a filter to die away in."""
    return np.concatenate([samples, np.zeros(count_of(seconds))])


def faded(samples: Line, in_s: float = 0.004, out_s: float = 0.03) -> Line:
    """A lone sound that begins and ends at 0."""
    level = np.ones(len(samples))
    first, last = count_of(in_s), count_of(out_s)
    level[:first] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(first) / first)
    level[len(level) - last :] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, last + 1) / last)
    return samples * level


def single(samples: Line) -> Samples:
    """As it is played."""
    return np.ascontiguousarray(samples, np.float32)
