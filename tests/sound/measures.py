"""What tests measure in samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from environments.sound.mixer import RATE_HZ, Samples


def level_db(samples: Samples) -> float:
    """Mean level in dBFS."""
    return float(10.0 * np.log10(max(float(np.mean(samples.astype(np.float64) ** 2)), 1e-12)))


def band_db(samples: Samples, low_hz: float, high_hz: float) -> float:
    """Level of a band of (n,) in dB."""
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    hz = np.fft.rfftfreq(len(samples), 1.0 / RATE_HZ)
    within = power[(hz >= low_hz) & (hz < high_hz)].sum() / len(samples) ** 2
    return float(10.0 * np.log10(max(within, 1e-18)))


def envelope_db(samples: Samples, every_s: float) -> NDArray[np.float64]:
    """Level of (n,) in steps."""
    step = round(every_s * RATE_HZ)
    rows = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    return np.asarray(10.0 * np.log10(np.maximum((rows**2).mean(axis=1), 1e-12)))


def quantile_hz(samples: Samples, part: float) -> float:
    """The frequency below which this part of the energy lies."""
    power = np.cumsum(np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2)
    hz = np.fft.rfftfreq(len(samples), 1.0 / RATE_HZ)
    return float(hz[np.searchsorted(power, part * power[-1])])
