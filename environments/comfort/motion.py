"""How the camera moves where it can be seen.  Pure.

Speeds and accelerations are differences over `STEP_S`, far longer than the rounding of a position and far shorter
than any ride: a smooth ride keeps its value, a start or stop from one frame to the next shows as its change of speed
over `STEP_S`, a cut as something enormous.  What happens while the picture is wholly dark is not seen: a fully faded
sample ends one stretch and the next begins after it.  A fade that is not complete hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

STEP_S = 0.1
DARK_0TO1 = 1.0
_ROUNDING = 1e-9

Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class CameraSample:
    """Where the floor under the patient is, where it faces, and how dark the picture is.

    `state` holds whatever cannot change gradually: the scene and the choices of its parameters.
    """

    time_s: float
    place_m: Place
    yaw_deg: float
    fade_0to1: float = 0.0
    state: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Motion:
    """The most of each in any stretch that can be seen; the shortest whole fade, if there was one."""

    speed_m_s: float = 0.0
    acceleration_m_s2: float = 0.0
    yaw_deg_s: float = 0.0
    shortest_fade_s: float | None = None
    cuts: tuple[str, ...] = ()


def motion(samples: Sequence[CameraSample]) -> Motion:
    """The motion in samples whose times rise, at most `STEP_S` apart."""
    speed = acceleration = yaw = 0.0
    for stretch in _seen(samples):
        spaced = _spaced(stretch)
        times_s = np.array([one.time_s for one in spaced])
        places_m = np.array([one.place_m for one in spaced])
        yaws_deg = np.unwrap(np.array([one.yaw_deg for one in spaced]), period=360.0)
        if len(spaced) < 2:
            continue
        steps_s = np.diff(times_s)
        speeds = np.diff(places_m, axis=0) / steps_s[:, None]
        speed = max(speed, float(np.linalg.norm(speeds, axis=1).max()))
        yaw = max(yaw, float(np.abs(np.diff(yaws_deg) / steps_s).max()))
        if len(spaced) > 2:
            changes = np.diff(speeds, axis=0) / (0.5 * (steps_s[1:] + steps_s[:-1]))[:, None]
            acceleration = max(acceleration, float(np.linalg.norm(changes, axis=1).max()))
    return Motion(speed, acceleration, yaw, _shortest_fade_s(samples), tuple(_cuts(samples)))


def worst(motions: Iterable[Motion]) -> Motion:
    """The most of each among several."""
    found = list(motions)
    fades = [one.shortest_fade_s for one in found if one.shortest_fade_s is not None]
    return Motion(
        max((one.speed_m_s for one in found), default=0.0),
        max((one.acceleration_m_s2 for one in found), default=0.0),
        max((one.yaw_deg_s for one in found), default=0.0),
        min(fades, default=None),
        tuple(dict.fromkeys(cut for one in found for cut in one.cuts)),
    )


def _seen(samples: Sequence[CameraSample]) -> Iterator[list[CameraSample]]:
    stretch: list[CameraSample] = []
    for sample in samples:
        if sample.fade_0to1 >= DARK_0TO1:
            if stretch:
                yield stretch
            stretch = []
        else:
            stretch.append(sample)
    if stretch:
        yield stretch


def _spaced(stretch: list[CameraSample]) -> list[CameraSample]:
    """Samples at least `STEP_S` apart; the last one always counts, so that nothing at the end is missed."""
    kept = [stretch[0]]
    for sample in stretch[1:]:
        if sample.time_s - kept[-1].time_s >= STEP_S - _ROUNDING:
            kept.append(sample)
    if kept[-1] is not stretch[-1] and len(kept) > 1:
        kept[-1] = stretch[-1]
    elif kept[-1] is not stretch[-1]:
        kept.append(stretch[-1])
    return kept


def _shortest_fade_s(samples: Sequence[CameraSample]) -> float | None:
    """How long a whole fade would take at the fastest change of darkness."""
    rates = [
        abs(after.fade_0to1 - before.fade_0to1) / (after.time_s - before.time_s) for before, after in pairwise(samples)
    ]
    fastest = max(rates, default=0.0)
    return 1.0 / fastest if fastest > 0.0 else None


def _cuts(samples: Sequence[CameraSample]) -> Iterator[str]:
    for before, after in pairwise(samples):
        if before.state != after.state and min(before.fade_0to1, after.fade_0to1) < DARK_0TO1:
            gone = [word for word in before.state if word not in after.state]
            come = [word for word in after.state if word not in before.state]
            yield f"{', '.join(gone)} becomes {', '.join(come)}"
