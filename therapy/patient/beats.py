"""Heart of a virtual patient: slow responses to fear and movement, and beats by integral pulse frequency modulation."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from math import exp, pi, sin, sqrt

from numpy.random import Generator

from therapy.patient.traits import Traits

TICKS_PER_S = 1024
FEAR_TO_HR_DELAY_S = 2.0
HR_RISE_S = 10.0
HR_FALL_S = 22.0
DRIFT_S = 90.0
MOVEMENT_S = 15.0
STILL_BPM = 0.001
GAIN_AT_FEAR = 60.0
BREATH_SHIFT_S = 20.0
LF_HZ = 0.1
LOWEST_BPM, HIGHEST_BPM = 38.0, 195.0
SLOWEST = 2.5
"""How much deeper slow breath can make its rhythm."""

TURN = 2.0 * pi
JITTER = 0.004
"""Standard deviation of single beats around their place in the rhythm, as a share of an interval."""

BPM_BEATS = 8
"""Beats a strap averages for the rate it shows."""

NOISE_BLOCK = 512


class BeatingHeart:
    """Turns fear into heart beats, step by step; `rr_ticks` taken out sum up to the beats' time exactly.

    What does not change from step to step is computed once: a cohort lives through millions of steps.
    """

    def __init__(self, traits: Traits, rng: Generator, step_s: float) -> None:
        self._traits = traits
        self._step_s = step_s
        self._waiting = [traits.rest_fear] * round(FEAR_TO_HR_DELAY_S / step_s)
        self._response_bpm = traits.hr_gain_bpm * 0.0
        self._drift_bpm = traits.drift_sd_bpm * rng.standard_normal()
        self._movement_bpm = 0.0
        self._speed_m_s = 0.0
        self._breath_hz = traits.breath_per_min / 60.0
        self._lf_phase, self._breath_phase = (float(phase) for phase in rng.uniform(0.0, 2.0 * pi, 2))
        self._noise = _normals(rng)
        self._cycle = 0.0
        self._next_beat_at = 1.0
        self._last_beat_ticks: int | None = None
        self._rr_ticks: list[int] = []
        self._recent: deque[int] = deque(maxlen=BPM_BEATS)
        self._rise, self._fall = exp(-step_s / HR_RISE_S), exp(-step_s / HR_FALL_S)
        self._drift_kept = exp(-step_s / DRIFT_S)
        self._drift_fresh = traits.drift_sd_bpm * sqrt(1.0 - self._drift_kept * self._drift_kept)
        self._movement_kept = exp(-step_s / MOVEMENT_S)
        self._breath_kept = exp(-step_s / BREATH_SHIFT_S)

    @property
    def mean_bpm(self) -> float:
        """Heart rate without the beat-to-beat rhythm."""
        rate_bpm = self._traits.rest_bpm + self._response_bpm + self._drift_bpm + self._movement_bpm
        return min(max(rate_bpm, LOWEST_BPM), HIGHEST_BPM)

    @property
    def shown_bpm(self) -> int:
        """Heart rate as a strap shows it: the mean of the last beats, rounded."""
        if not self._recent:
            return round(self.mean_bpm)
        return round(60.0 * TICKS_PER_S * len(self._recent) / sum(self._recent))

    def move(self, speed_m_s: float) -> None:
        """From now on the head moves at this mean speed."""
        self._speed_m_s = speed_m_s

    def live(self, first_step: int, fears: Sequence[float], pace_per_min: float | None) -> None:
        """Live through a step for each fear (0-100), the first at `first_step`, at a breathing pace if one is shown."""
        traits, step_s = self._traits, self._step_s
        gain_bpm, rest_fear, rest_bpm = traits.hr_gain_bpm, traits.rest_fear, traits.rest_bpm
        span, own_hz, paced_hz = GAIN_AT_FEAR - rest_fear, traits.breath_per_min / 60.0, self._paced_hz(pace_per_min)
        delayed = [*self._waiting, *fears]
        self._waiting = delayed[len(fears) :]
        for number, fear in enumerate(fears):
            wanted = gain_bpm * (delayed[number] - rest_fear) / span
            kept = self._rise if abs(wanted) > abs(self._response_bpm) else self._fall
            self._response_bpm = response_bpm = wanted + (self._response_bpm - wanted) * kept
            self._drift_bpm = drift_bpm = self._drift_kept * self._drift_bpm + self._drift_fresh * next(self._noise)
            if self._speed_m_s > 0.0 or self._movement_bpm > STILL_BPM:
                self._move_on()
            self._breath_hz = breath_hz = paced_hz + (self._breath_hz - paced_hz) * self._breath_kept
            self._breath_phase += TURN * breath_hz * step_s
            self._lf_phase += TURN * LF_HZ * step_s
            slow = own_hz / breath_hz
            breath = traits.breath_depth * min(SLOWEST, slow) * sin(self._breath_phase)
            rhythm = (1.0 - 0.5 * fear / 100.0) * (breath + traits.lf_depth * sin(self._lf_phase))
            rate_bpm = rest_bpm + response_bpm + drift_bpm + self._movement_bpm
            rate_bpm = min(max(rate_bpm, LOWEST_BPM), HIGHEST_BPM)
            gained = rate_bpm / 60.0 * (1.0 + rhythm) * step_s
            before = self._cycle
            self._cycle = before + gained
            while self._cycle >= self._next_beat_at:
                part = (self._next_beat_at - before) / gained
                self._beat((first_step + number) * step_s + part * step_s)

    def take_rr_ticks(self) -> tuple[int, ...]:
        """The intervals since the last call, in ticks of 1/1024 s, oldest first."""
        taken = tuple(self._rr_ticks)
        self._rr_ticks.clear()
        return taken

    def _move_on(self) -> None:
        moved = self._traits.movement_bpm_per_m_s * self._speed_m_s
        self._movement_bpm = moved + (self._movement_bpm - moved) * self._movement_kept

    def _paced_hz(self, pace_per_min: float | None) -> float:
        """Where the breath goes: its own rate, or towards the pace shown."""
        own = self._traits.breath_per_min
        wanted = own if pace_per_min is None else own + self._traits.paces_breath_0to1 * (pace_per_min - own)
        return wanted / 60.0

    def _beat(self, t_s: float) -> None:
        ticks = round(t_s * TICKS_PER_S)
        if self._last_beat_ticks is not None:
            self._rr_ticks.append(ticks - self._last_beat_ticks)
            self._recent.append(ticks - self._last_beat_ticks)
        self._last_beat_ticks = ticks
        self._next_beat_at = round(self._next_beat_at) + 1.0 + JITTER * next(self._noise)


def _normals(rng: Generator) -> Iterator[float]:
    """Standard normal numbers, drawn in blocks because single draws are slow."""
    while True:
        yield from rng.standard_normal(NOISE_BLOCK).tolist()
