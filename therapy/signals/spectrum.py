"""Power of heart-rate variability by frequency, for display only.

Source: Task Force of the European Society of Cardiology and the North American Society of Pacing and
Electrophysiology 1996, Eur Heart J 17:354-381: LF 0.04-0.15 Hz, HF 0.15-0.40 Hz, 1024 points at 4 Hz.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLED_HZ = 4.0
SEGMENT_POINTS = 1024
SHORTEST_S = 120.0
LF_HZ = (0.04, 0.15)
HF_HZ = (0.15, 0.40)

Series = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BandPower:
    """Power of the RR series in the low and the high band, in ms², and their ratio; None where HF has no power."""

    lf_ms2: float
    hf_ms2: float

    @property
    def lf_hf(self) -> float | None:
        """LF divided by HF."""
        return self.lf_ms2 / self.hf_ms2 if self.hf_ms2 > 0 else None


def band_power(rr_ms: Series) -> BandPower | None:
    """Band powers of RR intervals in ms; None for less than two minutes, too short for LF.

    The series is joined by a natural cubic spline, read at 4 Hz, and its spectrum averaged over Hann windows
    of 256 s that overlap by half (Welch); a shorter series is one window.
    """
    beats_s = np.cumsum(rr_ms) / 1000.0
    if beats_s[-1] < SHORTEST_S:
        return None
    even_s = np.arange(beats_s[0], beats_s[-1], 1.0 / RESAMPLED_HZ)
    frequency_hz, density = welch(cubic_spline(beats_s, rr_ms, even_s), RESAMPLED_HZ, SEGMENT_POINTS)
    lf_ms2, hf_ms2 = (
        float(density[(frequency_hz >= low_hz) & (frequency_hz < high_hz)].sum() * frequency_hz[1])
        for low_hz, high_hz in (LF_HZ, HF_HZ)
    )
    return BandPower(lf_ms2, hf_ms2)


def welch(series: Series, rate_hz: float, segment_points: int) -> tuple[Series, Series]:
    """Frequencies in Hz and the one-sided power density (unit² per Hz): mean of half-overlapping Hann windows.

    Windows have `segment_points` points, an even number, or as many as there are.
    """
    points = min(segment_points, len(series) // 2 * 2)
    window = np.hanning(points + 1)[:-1]
    segments = np.lib.stride_tricks.sliding_window_view(series, points)[:: points // 2]
    spectra = np.fft.rfft((segments - segments.mean(axis=1, keepdims=True)) * window, axis=1)
    power: Series = spectra.real**2 + spectra.imag**2
    density: Series = power.mean(axis=0) * 2.0 / (rate_hz * float(np.sum(window**2)))
    return np.linspace(0.0, rate_hz / 2.0, len(density)), density


def cubic_spline(x: Series, y: Series, at: Series) -> Series:
    """The natural cubic spline through (x, y), read within the range of x; x rises, three points at least."""
    gap, slope = np.diff(x), np.diff(y) / np.diff(x)
    curvature = np.zeros(len(x))
    curvature[1:-1] = _tridiagonal(gap[1:-1], 2.0 * (gap[:-1] + gap[1:]), 6.0 * np.diff(slope))
    left = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(gap) - 1)
    width = gap[left]
    to_right, to_left = (x[left + 1] - at) / width, (at - x[left]) / width
    bend = (to_right**3 - to_right) * curvature[left] + (to_left**3 - to_left) * curvature[left + 1]
    return to_right * y[left] + to_left * y[left + 1] + bend * width**2 / 6.0


def _tridiagonal(beside: Series, diagonal: Series, right: Series) -> Series:
    """Solves a symmetric tridiagonal system that its diagonal dominates (Thomas)."""
    d, r = diagonal.tolist(), right.tolist()
    b = beside.tolist()
    for row in range(1, len(d)):
        share = b[row - 1] / d[row - 1]
        d[row] -= share * b[row - 1]
        r[row] -= share * r[row - 1]
    r[-1] /= d[-1]
    for row in range(len(d) - 2, -1, -1):
        r[row] = (r[row] - b[row] * r[row + 1]) / d[row]
    return np.array(r)
