"""What comes after the mixer: fades, ducking under the voice, mono, volume, and the limiter.  Pure numpy.

No sample that leaves here is above -12 dBFS, whatever goes in, and no level changes faster than its ramp.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from environments.sound.loudness import amplitude, decibels
from environments.sound.mixer import BLOCK, RATE_HZ, Samples

CEILING_DB = -12.0
DUCK_DB = -9.0
"""How far the place steps back while somebody speaks."""

FADE_S = 0.4
"""Seconds from full to nothing, on top of the picture's own fade of 0.5 s."""

DUCK_DOWN_S, DUCK_UP_S = 0.2, 0.8
CONTROL_S = 0.3
"""Seconds that volume, mute and mono take from end to end."""

_STEP = 48
"""Samples of one step of the limiter: 1 ms."""

_AHEAD = 5
_RELEASE_S = 0.2
_AS_GOOD_AS_ONE = 0.9999


@dataclass(frozen=True, slots=True)
class Controls:
    """What the therapist sets."""

    volume_0to1: float = 1.0
    is_muted: bool = False
    is_mono: bool = False


@dataclass(slots=True)
class Glide:
    """A level that moves to where it should be in a straight line, at most 1 in `down_s` or `up_s` seconds."""

    value: float
    down_s: float
    up_s: float

    def to(self, goal: float, count: int) -> NDArray[np.float64]:
        """The next `count` values on the way to `goal`."""
        rate = 1.0 / (RATE_HZ * (self.up_s if goal > self.value else self.down_s))
        way = np.arange(1, count + 1) * rate
        line = np.minimum(self.value + way, goal) if goal > self.value else np.maximum(self.value - way, goal)
        self.value = float(line[-1])
        return np.asarray(line)


class Limiter:
    """Holds every sample under a ceiling by turning down smoothly 5 ms ahead; it delays by 5 ms."""

    def __init__(self, ceiling_db: float = CEILING_DB) -> None:
        self._ceiling = amplitude(ceiling_db)
        self._waiting = np.zeros((_AHEAD * _STEP, 2), np.float32)
        self._needed = [1.0] * (2 * _AHEAD)
        self._held = 1.0
        self._edge = 1.0

    def __call__(self, block: Samples) -> Samples:
        """The samples (n, 2) of 5 ms ago, limited; n is a multiple of 48."""
        loud = np.abs(block).reshape(-1, _STEP * 2).max(axis=1)
        if self._held == 1.0 and min(self._needed) == 1.0 and float(loud.max()) <= self._ceiling:
            line = np.concatenate([self._waiting, block])
            self._waiting = line[len(block) :]
            return line[: len(block)]
        recovery = 1.0 - math.exp(-_STEP / (RATE_HZ * _RELEASE_S))
        edges = [self._edge]
        for peak in loud:
            self._needed.append(min(1.0, self._ceiling / max(float(peak), 1e-9)))
            del self._needed[0]
            # The mean of minima that each look 5 ms ahead is a ramp that is down in time.
            ahead = [min(self._needed[i : i + _AHEAD + 1]) for i in range(_AHEAD)]
            self._held = min(sum(ahead) / _AHEAD, self._held + (1.0 - self._held) * recovery)
            if self._held > _AS_GOOD_AS_ONE:
                self._held = 1.0
            edges.append(self._held)
        self._edge = edges[-1]
        gains = self._between(edges)
        line = np.concatenate([self._waiting, block])
        self._waiting = line[len(block) :]
        limited = line[: len(block)] * gains[:, None]
        return np.clip(limited, -self._ceiling, self._ceiling).astype(np.float32)

    @staticmethod
    def _between(edges: list[float]) -> NDArray[np.float64]:
        at = np.arange(1, (len(edges) - 1) * _STEP + 1) / _STEP
        return np.interp(at, np.arange(len(edges)), edges)


@dataclass(slots=True)
class Meter:
    """The highest sample and the mean power since it was read."""

    peak: float = 0.0
    power: float = 0.0
    count: int = 0

    def add(self, block: Samples) -> None:
        """Take a block in."""
        self.peak = max(self.peak, float(np.abs(block).max(initial=0.0)))
        self.power += float((block**2).mean()) * len(block)
        self.count += len(block)

    def read(self) -> tuple[float, float]:
        """Peak and mean level in dBFS, and begin anew."""
        mean = math.sqrt(self.power / self.count) if self.count else 0.0
        found = decibels(self.peak), decibels(mean)
        self.peak, self.power, self.count = 0.0, 0.0, 0
        return found


@dataclass(slots=True)
class Master:
    """From the mixer's picture of the place and the voice to what is played."""

    controls: Controls = Controls()
    meter: Meter = field(default_factory=Meter)
    _limiter: Limiter = field(default_factory=Limiter)
    _scene: Glide = field(default_factory=lambda: Glide(0.0, FADE_S, FADE_S))
    _duck: Glide = field(default_factory=lambda: Glide(1.0, DUCK_DOWN_S, DUCK_UP_S))
    _mono: Glide = field(default_factory=lambda: Glide(0.0, CONTROL_S, CONTROL_S))
    _volume: Glide = field(default_factory=lambda: Glide(0.0, CONTROL_S, CONTROL_S))

    def block(self, place: Samples, voice: Samples, scene_0to1: float, *, is_speaking: bool) -> Samples:
        """One block: the place (n, 2) at `scene_0to1`, the voice (n,) over it."""
        count = len(place)
        duck = self._duck.to(amplitude(DUCK_DB) if is_speaking else 1.0, count)
        bed = place * (_eased(self._scene.to(scene_0to1, count)) * duck)[:, None]
        mixed = bed + voice[:, None]
        mono = self._mono.to(float(self.controls.is_mono), count)[:, None]
        mixed = mixed * (1.0 - mono) + mixed.mean(axis=1, keepdims=True) * mono
        wanted = 0.0 if self.controls.is_muted else self.controls.volume_0to1
        # Loudness grows with about the square of a slider that feels even.
        mixed *= (self._volume.to(wanted, count) ** 2)[:, None]
        out = self._limiter(mixed.astype(np.float32))
        self.meter.add(out)
        return out

    @property
    def is_silent(self) -> bool:
        """Whether the place has faded out."""
        return self._scene.value == 0.0


def _eased(line: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(np.pi * line)


SILENT_BLOCK = np.zeros(BLOCK, np.float32)
