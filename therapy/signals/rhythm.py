"""Breathing as it shows in the rhythm of the beats: its rate, its regularity, the swing of heart rate over a breath.

The spectrum of the last 64 s of heart rate, 128 points at 2 Hz, between 0.04 and 0.26 Hz (CLINICAL basis,
section 3).  This is a measure of its own and not any vendor's score.  Breathing policies rest on it: only
+ - * / sqrt on floats, added up in a fixed order, so that a session replays to the same bits anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from therapy.control.decision import BreathView
from therapy.signals.beats import Beat

POINTS = 128
STEP_S = 0.5
KEPT_S = 70.0
NEEDED_S = 60.0
LONGEST_GAP_S = 3.0
LEAST_POWER = 1e-6
FIRST_BIN, LAST_BIN = 3, 16
"""0.047 to 0.25 Hz: the multiples of 1/64 Hz from 0.04 to 0.26 Hz."""

_HALF = POINTS // 2
_WINDOW = tuple(round(0.5 - 0.5 * math.cos(2.0 * math.pi * n / POINTS), 12) for n in range(POINTS))
_WINDOW_SUM = 64.0
_WINDOW_SQUARES = 48.0
_BINS = range(FIRST_BIN - 1, LAST_BIN + 2)
_COSINES = tuple(tuple(round(math.cos(2.0 * math.pi * k * n / POINTS), 12) for n in range(1, _HALF)) for k in _BINS)
_SINES = tuple(tuple(round(math.sin(2.0 * math.pi * k * n / POINTS), 12) for n in range(1, _HALF)) for k in _BINS)
"""Each bin and one on either side, the first half of the points; rounded, so that no library's last digit counts."""


@dataclass(frozen=True, slots=True)
class RhythmState:
    """Accepted beats of the last 70 s without a gap: when each fell, in s, and its RR interval in ms."""

    beats: tuple[tuple[float, float], ...] = ()


def add_beats(state: RhythmState, beats: tuple[Beat, ...]) -> RhythmState:
    """Take in the beats of one packet; rejected ones are left out, and after a gap the series begins anew."""
    kept = state.beats
    for beat in beats:
        if beat.after_gap or (kept and not 0.0 < beat.t_s - kept[-1][0] <= LONGEST_GAP_S):
            kept = ()
        if beat.accepted:
            kept = (*kept, (beat.t_s, beat.rr_ms))
    if kept is state.beats:
        return state
    oldest_s = kept[-1][0] - KEPT_S if kept else 0.0
    first = 0
    while first < len(kept) and kept[first][0] < oldest_s:
        first += 1
    return RhythmState(kept[first:])


def breath_view(state: RhythmState, t_s: float) -> BreathView:
    """Breathing at `t_s`, from the 64 s before the last beat.

    Only `covers_s` is known with less than 60 s of beats, or when the last beat is older than 3 s.  Without a
    rhythm in the range of breathing the regularity is 0 and nothing else is known.
    `regularity_0to1` is the share of all variation that lies within 1/64 Hz of the strongest rhythm.
    """
    if not state.beats:
        return BreathView()
    first_s, last_s = state.beats[0][0], state.beats[-1][0]
    covers_s = last_s - first_s
    if covers_s < NEEDED_S or not -LONGEST_GAP_S <= t_s - last_s <= LONGEST_GAP_S:
        return BreathView(covers_s=covers_s)
    series_bpm = _without_trend(_resampled_bpm(state, last_s))
    total, powers = _spectrum(series_bpm)
    peaks = [at for at in range(1, len(powers) - 1) if powers[at - 1] < powers[at] >= powers[at + 1]]
    if total < LEAST_POWER or not peaks:
        return BreathView(regularity_0to1=0.0, covers_s=covers_s)
    peak = max(peaks, key=powers.__getitem__)
    around = powers[peak - 1] + powers[peak] + powers[peak + 1]
    rate_hz = (FIRST_BIN - 1 + peak + _offset(powers[peak - 1 : peak + 2])) / (POINTS * STEP_S)
    return BreathView(
        rate_per_min=60.0 * rate_hz,
        regularity_0to1=min(around / total, 1.0),
        swing_bpm=_swing_bpm(series_bpm, rate_hz),
        power_bpm2=2.0 * around / (POINTS * _WINDOW_SQUARES),
        covers_s=covers_s,
    )


def _resampled_bpm(state: RhythmState, last_s: float) -> list[float]:
    """Heart rate each half second up to `last_s`, on straight lines from beat to beat."""
    beats = iter(state.beats)
    left_s, rr_ms = next(beats)
    left_bpm = 60000.0 / rr_ms
    right_s, right_bpm, slope = left_s, left_bpm, 0.0
    series_bpm = []
    for number in range(POINTS):
        t_s = last_s - (POINTS - 1 - number) * STEP_S
        while t_s > right_s:
            left_s, left_bpm = right_s, right_bpm
            right_s, rr_ms = next(beats)
            right_bpm = 60000.0 / rr_ms
            slope = (right_bpm - left_bpm) / (right_s - left_s)
        series_bpm.append(left_bpm + slope * (t_s - left_s))
    return series_bpm


def _without_trend(series: list[float]) -> list[float]:
    """The series without its mean and its straight line."""
    middle = (POINTS - 1) / 2.0
    total = slope = 0.0
    for number, value in enumerate(series):
        total += value
        slope += (number - middle) * value
    mean = total / POINTS
    slope /= POINTS * (POINTS * POINTS - 1) / 12.0
    return [value - mean - slope * (number - middle) for number, value in enumerate(series)]


def _spectrum(series: list[float]) -> tuple[float, list[float]]:
    """All power above zero frequency (Parseval), and that of the bins from one below the band to one above it."""
    weighted = [value * weight for value, weight in zip(series, _WINDOW, strict=True)]
    total = 0.0
    for value in weighted:
        total += value
    shift = total / _WINDOW_SUM
    squares = 0.0
    for number, weight in enumerate(_WINDOW):
        weighted[number] -= shift * weight
        squares += weighted[number] * weighted[number]
    # Point n and point 128 - n share their cosine, and their sine but for its sign.
    first, last = weighted[1:_HALF], weighted[:_HALF:-1]
    evens = [one + other for one, other in zip(first, last, strict=True)]
    odds = [one - other for one, other in zip(first, last, strict=True)]
    powers = []
    for k, cosines, sines in zip(_BINS, _COSINES, _SINES, strict=True):
        real = weighted[0] + (weighted[_HALF] if k % 2 == 0 else -weighted[_HALF])
        imaginary = 0.0
        for even, odd, cosine, sine in zip(evens, odds, cosines, sines, strict=True):
            real += even * cosine
            imaginary += odd * sine
        powers.append(real * real + imaginary * imaginary)
    return POINTS * squares / 2.0, powers


def _offset(powers: list[float]) -> float:
    """Where between its neighbours a peak stands, in bins: the top of a parabola through the amplitudes."""
    left, middle, right = math.sqrt(powers[0]), math.sqrt(powers[1]), math.sqrt(powers[2])
    return 0.5 * (left - right) / (left - 2.0 * middle + right)


def _swing_bpm(series: list[float], rate_hz: float) -> float:
    """The mean of highest minus lowest heart rate over each whole breath, the newest breath first."""
    breath_points = 1.0 / (rate_hz * STEP_S)
    swings = 0.0
    breaths = int(POINTS / breath_points)
    for breath in range(breaths):
        end = POINTS - int(breath * breath_points)
        part = series[max(POINTS - int((breath + 1) * breath_points), 0) : end]
        swings += max(part) - min(part)
    return swings / breaths
