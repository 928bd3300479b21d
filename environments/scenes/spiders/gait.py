"""Spiders at a moment: where bodies and feet are, read from tracks, for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.scenes.spiders.tracks import RATE_HZ, TETRAPODS, Track

Floats = NDArray[np.float64]
_LAGS = np.array([0.16, 0.10, 0.05, 0.0, 0.13, 0.08, 0.03, 0.0])
"""Hind legs of a group swing a little before the front ones, as parts of a swing."""
_SWING = 0.80
_LIFT_SPANS, _FEEL_SPANS = 0.085, 0.16


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The tracks of k spiders in common arrays, longer than their own ones where needed; `spans_m` (k,)."""

    bodies: Floats
    starts_s: Floats
    lasts_s: Floats
    ends_s: Floats
    prints_m: Floats
    feels: NDArray[np.intp]
    number_at: NDArray[np.intp]
    spans_m: Floats
    duration_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Stances:
    """Bodies (k, 13) as in `Track.bodies`, feet (k, 8, 3), and how far the swing has gone (k,), 1 at rest."""

    bodies: Floats
    feet_m: Floats
    swing_0to1: Floats


def stage_of(tracks: Sequence[Track], spans_m: Sequence[float]) -> Stage:
    """Tracks of the same duration, side by side."""
    most = max(len(one.starts_s) for one in tracks)

    def filled(values: NDArray[np.float64], length: int) -> Floats:
        return np.concatenate([values, np.repeat(values[-1:], length - len(values), axis=0)])

    times_s = np.arange(len(tracks[0].bodies)) / RATE_HZ
    return Stage(
        np.stack([one.bodies for one in tracks]),
        np.stack([np.append(one.starts_s, np.full(most - len(one.starts_s), 1e9)) for one in tracks]),
        np.stack([filled(one.lasts_s, most) for one in tracks]),
        np.stack([filled(one.ends_s, most) for one in tracks]),
        np.stack([filled(one.prints_m, most + 1) for one in tracks]),
        np.stack([filled(one.feels.astype(float), most).astype(np.intp) for one in tracks]),
        np.stack([np.searchsorted(one.starts_s, times_s, side="right") - 1 for one in tracks]),
        np.array(spans_m),
        tracks[0].duration_s,
    )


def stances(stage: Stage, clocks_s: Floats) -> Stances:
    """Where k spiders are when their clocks (k,) show these times; tracks repeat."""
    clock = clocks_s % stage.duration_s
    every = np.arange(len(clock))
    at = clock * RATE_HZ
    row = at.astype(np.intp)
    part = (at - row)[:, None]
    bodies = stage.bodies[every, row] * (1.0 - part) + stage.bodies[every, row + 1] * part
    number = stage.number_at[every, row]
    more = np.minimum(number + 1, stage.starts_s.shape[1] - 1)
    number = np.where(clock >= stage.starts_s[every, more], more, number)
    start, last = stage.starts_s[every, number], stage.lasts_s[every, number]
    gone = np.minimum((clock - start) / last, 1.0)
    before, after = stage.prints_m[every, number], stage.prints_m[every, number + 1]
    swing = np.minimum(np.maximum((gone[:, None] - _LAGS) / _SWING, 0.0), 1.0)
    eased = swing * swing * (3.0 - 2.0 * swing)
    way = after - before
    far = np.sqrt(np.einsum("kij,kij->ki", way, way))
    span = stage.spans_m[:, None]
    lift = _LIFT_SPANS * span * far / (far + 0.05 * span) * 4.0 * swing * (1.0 - swing)
    feet = before + way * eased[..., None]
    up = bodies[:, None, 6:9]
    feet += lift[..., None] * up
    _feel(feet, stage, (every, number), clock, bodies)
    return Stances(bodies, feet, gone)


def _feel(
    feet: Floats, stage: Stage, now: tuple[NDArray[np.intp], NDArray[np.intp]], clock: Floats, bodies: Floats
) -> None:
    """Raise, in place, the leg that feels about in the middle of a pause."""
    leg = stage.feels[now]
    rest = stage.starts_s[now] + stage.lasts_s[now]
    since, until = clock - rest, stage.ends_s[now] - clock
    feeling = np.nonzero((leg >= 0) & (since > 0.0) & (until > 0.0))[0]
    if not len(feeling):
        return
    late = np.minimum(np.minimum(since, until)[feeling] - 0.15, 2.4)
    size = np.minimum(np.maximum(late / 0.6, 0.0), 1.0)
    size = size * size * (3.0 - 2.0 * size) * stage.spans_m[feeling]
    beat = since[feeling] * 2.0 * np.pi
    up, ahead = bodies[feeling, 6:9], bodies[feeling, 9:12]
    rise = size * _FEEL_SPANS * (1.0 + 0.35 * np.sin(0.9 * beat))
    reach = size * 0.10 * (0.6 + np.sin(0.55 * beat + 1.0))
    feet[feeling, leg[feeling]] += rise[:, None] * up + reach[:, None] * ahead


def group_of(leg: int) -> int:
    """Which of the two tetrapods a leg (0 to 7) swings with."""
    return int(TETRAPODS[leg])
