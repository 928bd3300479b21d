"""Ways that bodies go: smooth corners, an even start and stop, and where a body is at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from environments.animation.easing import FASTEST, eased
from environments.animation.quaternions import Floats

_STEP_M = 0.05
_TURN_DEG_PER_S = 110.0
_SPEED_UP_M_PER_S2 = 0.9


@dataclass(frozen=True, slots=True)
class Route:
    """A way through `points_m` (x, z) on the ground, at `speed_m_per_s`, begun `starts_s` after time 0.

    A closed route leads from its last point to its first and goes on for ever.  An open one begins and ends standing:
    the body first turns from `facing_deg` (0 is +z, positive towards +x) into its way, and at the end to `ends_deg`;
    None leaves out a turn.  Corners are rounded by up to `corner_m`.
    """

    points_m: tuple[tuple[float, float], ...]
    speed_m_per_s: float = 1.2
    starts_s: float = 0.0
    closed: bool = False
    facing_deg: float | None = None
    ends_deg: float | None = None
    corner_m: float = 0.8


class Routes:
    """k routes together; shorter ones are filled up with standing at their end."""

    def __init__(self, routes: Sequence[Route]) -> None:
        tables = [_table(route) for route in routes]
        longest = max(len(table) for table in tables)
        self._tables = np.stack([np.pad(t, ((0, longest - len(t)), (0, 0)), mode="edge") for t in tables])
        self._closed = np.array([route.closed for route in routes])
        self._lengths_m = np.array([table[-1, 3] for table in tables])
        self._steps_m = self._lengths_m / np.array([len(table) - 1 for table in tables])
        self._rounds_rad = np.array([table[-1, 2] - table[0, 2] for table in tables])
        self._starts_s = np.array([route.starts_s for route in routes])
        self.speeds_m_per_s: Floats = np.array([route.speed_m_per_s for route in routes])
        turns = np.array([_end_turns(route, table) for route, table in zip(routes, tables, strict=True)])
        self._turns_rad = turns
        self._turning_s = FASTEST * np.degrees(np.abs(turns)) / _TURN_DEG_PER_S

    def at(self, times_s: Floats) -> Floats:
        """Where k bodies are at moments (..., k): (..., k, 3) of x, z in metres and heading in radians."""
        since_s = times_s - self._starts_s
        gone_m, walking_s = self._gone_m(since_s - self._turning_s[:, 0])
        along_m = np.where(self._closed, gone_m - np.floor(gone_m / self._lengths_m) * self._lengths_m, gone_m)
        out = self._read(along_m)
        out[..., 2] += np.where(self._closed, np.floor(gone_m / self._lengths_m) * self._rounds_rad, 0.0)
        first, last = self._turns_rad.T
        turned = eased(since_s / np.maximum(self._turning_s[:, 0], 1e-6))
        ended_s = since_s - self._turning_s[:, 0] - walking_s
        out[..., 2] -= first * (1.0 - turned)
        out[..., 2] += np.where(self._closed, 0.0, last * eased(ended_s / np.maximum(self._turning_s[:, 1], 1e-6)))
        return out

    def _read(self, along_m: Floats) -> Floats:
        place = np.clip(along_m / self._steps_m, 0.0, self._tables.shape[1] - 1.001)
        before = place.astype(np.intp)
        part = (place - before)[..., None]
        rows = np.arange(before.shape[-1])
        start, end = self._tables[rows, before, :3], self._tables[rows, before + 1, :3]
        return np.asarray(start + (end - start) * part)

    def _gone_m(self, since_s: Floats) -> tuple[Floats, Floats]:
        """How far along, and how long the whole way takes: even speed with an even start and stop."""
        speed = self.speeds_m_per_s
        ramp_s = speed / _SPEED_UP_M_PER_S2
        ramp_s = np.where(self._closed, ramp_s, np.minimum(ramp_s, np.sqrt(self._lengths_m / _SPEED_UP_M_PER_S2)))
        top = ramp_s * _SPEED_UP_M_PER_S2
        whole_s = np.where(self._closed, np.inf, self._lengths_m / np.maximum(top, 1e-9) + ramp_s)
        t = np.clip(since_s, 0.0, np.where(self._closed, np.inf, whole_s))
        begun = 0.5 * _SPEED_UP_M_PER_S2 * np.minimum(t, ramp_s) ** 2 + top * np.maximum(t - ramp_s, 0.0)
        stopping_s = np.where(self._closed, 0.0, np.maximum(t - np.where(self._closed, 0.0, whole_s - ramp_s), 0.0))
        return begun - 0.5 * _SPEED_UP_M_PER_S2 * stopping_s**2, np.where(self._closed, 0.0, whole_s)


def _end_turns(route: Route, table: Floats) -> tuple[float, float]:
    """The turns before and after an open route, the short way round."""
    if route.closed:
        return 0.0, 0.0
    first = 0.0 if route.facing_deg is None else table[0, 2] - np.radians(route.facing_deg)
    last = 0.0 if route.ends_deg is None else np.radians(route.ends_deg) - table[-1, 2]
    return float((first + np.pi) % (2.0 * np.pi) - np.pi), float((last + np.pi) % (2.0 * np.pi) - np.pi)


def _table(route: Route) -> Floats:
    """Rows of x, z, heading and length, about every `_STEP_M` along the rounded way."""
    points = np.array(route.points_m, np.float64)
    corners = _rounded(np.concatenate([points, points[:1]]) if route.closed else points, route)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    steps = max(int(np.ceil(lengths[-1] / _STEP_M)), 1)
    along = np.linspace(0.0, lengths[-1], steps + 1)
    places = np.stack([np.interp(along, lengths, corners[:, axis]) for axis in (0, 1)], -1)
    ways = np.diff(corners, axis=0)
    headings = np.unwrap(np.arctan2(ways[:, 0], ways[:, 1]))
    middles = (lengths[1:] + lengths[:-1]) / 2.0
    if route.closed:
        turn = np.round((headings[-1] - headings[0]) / (2.0 * np.pi)) * 2.0 * np.pi
        around = lengths[-1]
        middles = np.concatenate([middles - around, middles, middles + around])
        headings = np.concatenate([headings - turn, headings, headings + turn])
    heading = np.interp(along, middles, headings)
    return np.column_stack([places, heading, along])


def _rounded(points: Floats, route: Route) -> Floats:
    """Corners replaced by quadratic curves that touch both sides."""
    inner = range(len(points) - 1) if route.closed else range(1, len(points) - 1)
    out: list[Floats] = [] if route.closed else [points[0]]
    for index in inner:
        before = points[index - 1] if index else points[-2]
        corner, after = points[index], points[index + 1]
        to_before, to_after = before - corner, after - corner
        size = [float(np.linalg.norm(way)) for way in (to_before, to_after)]
        cut_m = min(route.corner_m, 0.45 * size[0], 0.45 * size[1])
        start, end = corner + to_before * (cut_m / size[0]), corner + to_after * (cut_m / size[1])
        t = np.linspace(0.0, 1.0, 17)[:, None]
        out.extend((1.0 - t) ** 2 * start + 2.0 * t * (1.0 - t) * corner + t * t * end)
    out.append(out[0] if route.closed else points[-1])
    return np.array(out)
