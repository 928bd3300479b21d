"""How loud a sound is to people: K-weighted level (ITU-R BS.1770-5), peaks, and decibels.  Pure."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.sound.mixer import RATE_HZ, Samples

SILENCE_DB = -120.0
_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = 10.0
_MOMENT_S, _STEP_S = 0.4, 0.1
_OFFSET_DB = -0.691


def amplitude(level_db: float) -> float:
    """The factor of a level in decibels."""
    return float(10.0 ** (level_db / 20.0))


def decibels(factor: float) -> float:
    """The level of a factor; never below -120 dB."""
    return 20.0 * math.log10(max(factor, 10.0 ** (SILENCE_DB / 20.0)))


def peak_db(samples: Samples) -> float:
    """The highest sample in dBFS."""
    return decibels(float(np.abs(samples).max(initial=0.0)))


def k_weight(frequency_hz: NDArray[np.floating]) -> NDArray[np.float64]:
    """The power that K-weighting leaves at each frequency: the two filters of BS.1770-5 at 48 kHz."""
    z = np.exp(-2j * np.pi * frequency_hz / RATE_HZ)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1.0 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1.0 - 2.0 * z + z**2) / (1.0 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(np.abs(shelf * high) ** 2)


def loudness_lufs(samples: Samples) -> float:
    """Integrated loudness of (n,) or (n, channels) at 48 kHz, gated as in BS.1770-5; a short sound is one moment."""
    moments = moments_lufs(samples)
    loud = moments[moments > _GATE_LUFS]
    if not len(loud):
        return SILENCE_DB
    gate = _mean_lufs(loud) - _RELATIVE_GATE_LU
    return _mean_lufs(loud[loud > gate])


def moments_lufs(samples: Samples) -> NDArray[np.float64]:
    """Loudness of every 0.4 s, each 0.1 s (momentary loudness of EBU Tech 3341)."""
    columns = samples.reshape(len(samples), -1)
    length, step = round(_MOMENT_S * RATE_HZ), round(_STEP_S * RATE_HZ)
    size = max(len(columns), length)
    spectrum = np.fft.rfft(columns, size, axis=0) * np.sqrt(_k_weights(size))[:, None]
    power = (np.fft.irfft(spectrum, size, axis=0) ** 2).sum(axis=1, dtype=np.float64)
    total = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, size - length + 1, step)
    means = (total[starts + length] - total[starts]) / length
    return np.asarray(_OFFSET_DB + 10.0 * np.log10(np.maximum(means, 1e-12)))


@lru_cache(maxsize=16)
def _k_weights(size: int) -> NDArray[np.float32]:
    return k_weight(np.fft.rfftfreq(size, 1.0 / RATE_HZ)).astype(np.float32)


def _mean_lufs(moments: NDArray[np.float64]) -> float:
    return 10.0 * math.log10(float(np.mean(10.0 ** (moments / 10.0))))
