"""A change in sight: how it is eased, and whether it can be shown.  Pure.

A ramp leaves and arrives smoothly: its speed and its acceleration are continuous.  What does not move the patient and
is set by itself (an hour, a breathing pace) changes evenly.  A length in metres moves the patient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from environments.scenes.manifest import ParameterValue, SceneManifest

MOST_SPEED_M_S = 1.5
MOST_ACCELERATION_M_S2 = 0.5
"""What a patient may be moved by in sight (clinical design, lifts)."""

SAMPLE_S = 0.05
_MOST_SAMPLES = 2400
"""A ramp of more than two minutes is looked at more coarsely."""

_MOVES_PATIENT_UNIT = "m"
_FASTEST_START = 2.5
"""Start speed, as a multiple of the mean, beyond which a ramp would pass its end and come back."""

_GRID = 20
_ROUNDING = 1.0 + 1e-9

Values = Mapping[str, ParameterValue]
Path = Callable[[float], dict[str, ParameterValue]]


@dataclass(frozen=True, slots=True)
class Ramp:
    """Where a running change began, how fast it was already going, and how far it is, in scene time."""

    from_intensity_0to1: float
    from_values: Values
    to_intensity_0to1: float
    to_overrides: tuple[tuple[str, float], ...]
    duration_s: float
    from_rate_per_s: float = 0.0
    elapsed_s: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the end is reached."""
        return self.elapsed_s >= self.duration_s

    @property
    def intensity_0to1(self) -> float:
        """The intensity now; never turns back."""
        return _between(self.from_intensity_0to1, self.to_intensity_0to1, self._eased_0to1(self.elapsed_s))

    @property
    def intensity_per_s(self) -> float:
        """How fast the intensity moves now."""
        now = min(self.elapsed_s / self.duration_s, 1.0)
        start = self.from_rate_per_s * self.duration_s
        slope = (1.0 - now) ** 2 * (30.0 * now**2 + start * (1.0 + 2.0 * now - 15.0 * now**2))
        return slope / self.duration_s * (self.to_intensity_0to1 - self.from_intensity_0to1)

    def path(self, manifest: SceneManifest) -> Path:
        """Every value at a scene time since the ramp began."""
        start = manifest.values_at(self.from_intensity_0to1)
        end = {**manifest.values_at(self.to_intensity_0to1), **dict(self.to_overrides)}
        alone = {name for name, _ in self.to_overrides}
        alone |= {name for name, before in self.from_values.items() if before != start.get(name)}
        eased = {one.name for one in manifest.parameters if one.unit == _MOVES_PATIENT_UNIT}

        def at(elapsed_s: float) -> dict[str, ParameterValue]:
            part, even = self._eased_0to1(elapsed_s), min(elapsed_s / self.duration_s, 1.0)
            values = manifest.values_at(_between(self.from_intensity_0to1, self.to_intensity_0to1, part))
            for name in alone:
                values[name] = _mixed(self.from_values[name], end[name], part if name in eased else even)
            return values

        return at

    def _eased_0to1(self, elapsed_s: float) -> float:
        """The quintic with the given start speed, and no speed at the end nor acceleration at either."""
        now = elapsed_s / self.duration_s
        if now >= 1.0:
            return 1.0
        start = self.from_rate_per_s * self.duration_s
        rest = now**3 * (10.0 - 15.0 * now + 6.0 * now**2)
        moving = now - 6.0 * now**3 + 8.0 * now**4 - 3.0 * now**5
        return min(max(rest + start * moving, 0.0), 1.0)


def going_on(ramp: Ramp, intensity_per_s: float) -> Ramp:
    """The ramp, begun at the speed of the one before when that goes the same way.

    It is shortened when that speed would carry it past its end.
    """
    way = ramp.to_intensity_0to1 - ramp.from_intensity_0to1
    if way * intensity_per_s <= 0.0:
        return ramp
    rate_per_s = intensity_per_s / way
    return replace(ramp, from_rate_per_s=rate_per_s, duration_s=min(ramp.duration_s, _FASTEST_START / rate_per_s))


def is_comfortable(ramp: Ramp, manifest: SceneManifest) -> bool:
    """Whether a ramp keeps every comfort limit, moves the patient gently and swaps no choice."""
    if _swaps(ramp, manifest):
        return False
    step_s = max(SAMPLE_S, ramp.duration_s / _MOST_SAMPLES)
    count = int(np.ceil(ramp.duration_s / step_s - 1e-9)) + 1
    path = ramp.path(manifest)
    samples = [path(min(index * step_s, ramp.duration_s)) for index in range(count)]
    for parameter in manifest.parameters:
        limit = parameter.max_rate_per_s
        if limit is not None:
            numbers = np.array([float(one[parameter.name]) for one in samples])
            if np.abs(np.diff(numbers)).max(initial=0.0) > limit * step_s * _ROUNDING:
                return False
    moving = [one.name for one in manifest.parameters if one.unit == _MOVES_PATIENT_UNIT]
    places_m = np.array([[float(one[name]) for name in moving] for one in samples])
    return _is_gentle(places_m, step_s, ramp.from_rate_per_s == 0.0)


def _is_gentle(places_m: NDArray[np.float64], step_s: float, is_at_rest: bool) -> bool:
    """Speed and acceleration, as differences over two samples, of places that rest after the last one."""
    rests = np.repeat(places_m[:1], 4 if is_at_rest else 0, axis=0), np.repeat(places_m[-1:], 4, axis=0)
    places_m = np.concatenate([rests[0], places_m, rests[1]])
    speeds_m_s = (places_m[2:] - places_m[:-2]) / (2.0 * step_s)
    gains_m_s2 = (speeds_m_s[2:] - speeds_m_s[:-2]) / (2.0 * step_s)
    return bool(
        np.linalg.norm(speeds_m_s, axis=1).max() <= MOST_SPEED_M_S * _ROUNDING
        and np.linalg.norm(gains_m_s2, axis=1).max() <= MOST_ACCELERATION_M_S2 * _ROUNDING
    )


def _swaps(ramp: Ramp, manifest: SceneManifest) -> bool:
    """Whether a choice changes at the ends or at any place of the levels' grid in between."""
    low, high = sorted((ramp.from_intensity_0to1, ramp.to_intensity_0to1))
    grid = [index / _GRID for index in range(_GRID + 1) if low < index / _GRID < high]
    end = {**manifest.values_at(ramp.to_intensity_0to1), **dict(ramp.to_overrides)}
    between = [manifest.values_at(place) for place in grid]
    return any(
        value != before
        for name, before in ramp.from_values.items()
        if isinstance(before, str)
        for value in (end[name], *(values[name] for values in between))
    )


def _mixed(before: ParameterValue, after: ParameterValue, part_0to1: float) -> ParameterValue:
    if isinstance(before, str) or isinstance(after, str):
        return after
    return _between(before, after, part_0to1)


def _between(before: float, after: float, part_0to1: float) -> float:
    return after if part_0to1 >= 1.0 else before + (after - before) * part_0to1
