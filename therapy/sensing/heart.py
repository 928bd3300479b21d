"""What beats inside a virtual strap."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import Protocol

TICKS_PER_S = 1024


@dataclass(frozen=True, slots=True)
class HeartBeatBatch:
    """The heart since it was last asked: the rate shown (bpm), the RR intervals in ticks of 1/1024 s, skin contact."""

    bpm: int
    rr_ticks: tuple[int, ...]
    contact: bool | None = True


class Heart(Protocol):
    """A source of beats in session time."""

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The beats between the last call and `t_s`."""
        ...


class SteadyHeart:
    """A resting heart that slows and quickens with six breaths a minute; the same beats every time."""

    def __init__(self, mean_bpm: float = 68.0, swing_bpm: float = 4.0, breaths_per_min: float = 6.0) -> None:
        self._mean_bpm = mean_bpm
        self._swing_bpm = swing_bpm
        self._breaths_per_s = breaths_per_min / 60.0
        self._beat_ticks = 0

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The beats that ended by `t_s`."""
        rr_ticks: list[int] = []
        while self._beat_ticks + (rr := self._next_rr_ticks()) <= t_s * TICKS_PER_S:
            self._beat_ticks += rr
            rr_ticks.append(rr)
        return HeartBeatBatch(round(self._rate_bpm()), tuple(rr_ticks))

    def _rate_bpm(self) -> float:
        beat_s = self._beat_ticks / TICKS_PER_S
        return self._mean_bpm + self._swing_bpm * sin(2.0 * pi * self._breaths_per_s * beat_s)

    def _next_rr_ticks(self) -> int:
        return round(60.0 / self._rate_bpm() * TICKS_PER_S)
