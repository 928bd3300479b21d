"""Heart of a virtual patient: a slow response to fear, and beats by integral pulse frequency modulation."""

from __future__ import annotations

from collections import deque
from math import exp, pi, sin, sqrt

from numpy.random import Generator

from therapy.patient.traits import Traits

TICKS_PER_S = 1024
FEAR_TO_HR_DELAY_S = 2.0
HR_RISE_S = 10.0
HR_FALL_S = 22.0
DRIFT_S = 90.0
GAIN_AT_FEAR = 60.0
BREATH_SHIFT_S = 20.0
LF_HZ = 0.1
JITTER = 0.004
"""Standard deviation of single beats around their place in the rhythm, as a share of an interval."""

BPM_BEATS = 8
"""Beats a strap averages for the rate it shows."""


class BeatingHeart:
    """Turns fear into heart beats, step by step; `rr_ticks` taken out sum up to the beats' time exactly."""

    def __init__(self, traits: Traits, rng: Generator, step_s: float) -> None:
        self._traits = traits
        self._rng = rng
        self._step_s = step_s
        self._waiting = deque([traits.rest_fear] * round(FEAR_TO_HR_DELAY_S / step_s))
        self._response_bpm = self._wanted_response_bpm(traits.rest_fear)
        self._drift_bpm = traits.drift_sd_bpm * rng.standard_normal()
        self._breath_hz = traits.breath_per_min / 60.0
        self._lf_phase, self._breath_phase = rng.uniform(0.0, 2.0 * pi, 2)
        self._cycle = 0.0
        self._next_beat_at = 1.0
        self._last_beat_ticks: int | None = None
        self._rr_ticks: list[int] = []
        self._recent: deque[int] = deque(maxlen=BPM_BEATS)

    @property
    def mean_bpm(self) -> float:
        """Heart rate without the beat-to-beat rhythm."""
        return min(max(self._traits.rest_bpm + self._response_bpm + self._drift_bpm, 38.0), 195.0)

    @property
    def shown_bpm(self) -> int:
        """Heart rate as a strap shows it: the mean of the last beats, rounded."""
        if not self._recent:
            return round(self.mean_bpm)
        return round(60.0 * TICKS_PER_S * len(self._recent) / sum(self._recent))

    def step(self, t_s: float, fear: float, pace_per_min: float | None) -> None:
        """Live through the step that begins at `t_s`, at a fear of 0-100, breathing at a pace if one is given."""
        self._respond(fear)
        self._breathe(pace_per_min)
        gained = self.mean_bpm / 60.0 * (1.0 + self._rhythm(fear)) * self._step_s
        before = self._cycle
        self._cycle += gained
        while self._cycle >= self._next_beat_at:
            part = (self._next_beat_at - before) / gained
            self._beat(t_s + part * self._step_s)

    def take_rr_ticks(self) -> tuple[int, ...]:
        """The intervals since the last call, in ticks of 1/1024 s, oldest first."""
        taken = tuple(self._rr_ticks)
        self._rr_ticks.clear()
        return taken

    def _wanted_response_bpm(self, fear: float) -> float:
        return self._traits.hr_gain_bpm * (fear - self._traits.rest_fear) / (GAIN_AT_FEAR - self._traits.rest_fear)

    def _respond(self, fear: float) -> None:
        self._waiting.append(fear)
        wanted = self._wanted_response_bpm(self._waiting.popleft())
        tau_s = HR_RISE_S if abs(wanted) > abs(self._response_bpm) else HR_FALL_S
        self._response_bpm = wanted + (self._response_bpm - wanted) * exp(-self._step_s / tau_s)
        kept = exp(-self._step_s / DRIFT_S)
        fresh = self._traits.drift_sd_bpm * sqrt(1.0 - kept * kept)
        self._drift_bpm = kept * self._drift_bpm + fresh * self._rng.standard_normal()

    def _breathe(self, pace_per_min: float | None) -> None:
        own = self._traits.breath_per_min
        led = self._traits.paces_breath_0to1
        wanted = own if pace_per_min is None else own + led * (pace_per_min - own)
        self._breath_hz = wanted / 60.0 + (self._breath_hz - wanted / 60.0) * exp(-self._step_s / BREATH_SHIFT_S)
        self._breath_phase += 2.0 * pi * self._breath_hz * self._step_s
        self._lf_phase += 2.0 * pi * LF_HZ * self._step_s

    def _rhythm(self, fear: float) -> float:
        """Relative modulation of the rate: deeper with slow breath, shallower with fear."""
        slow = min(2.5, self._traits.breath_per_min / 60.0 / self._breath_hz)
        breath = self._traits.breath_depth * slow * sin(self._breath_phase)
        return (1.0 - 0.5 * fear / 100.0) * (breath + self._traits.lf_depth * sin(self._lf_phase))

    def _beat(self, t_s: float) -> None:
        ticks = round(t_s * TICKS_PER_S)
        if self._last_beat_ticks is not None:
            self._rr_ticks.append(ticks - self._last_beat_ticks)
            self._recent.append(ticks - self._last_beat_ticks)
        self._last_beat_ticks = ticks
        self._next_beat_at = round(self._next_beat_at) + 1.0 + JITTER * self._rng.standard_normal()
