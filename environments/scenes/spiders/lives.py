"""How spiders spend their time: plans that end where they began, made from the seed alone.

A spider goes to a place, waits, feels about with a front leg, goes on.  The first one comes up to its distance from the
hands and draws back, again and again.  They decide one after the other, in the order of time; whoever decides knows
where all others are going to and where they will rest, and goes nowhere where it would meet one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.scenes.spiders.charts import Level
from environments.scenes.spiders.company import Area, Spider, area_of, company_of
from environments.scenes.spiders.place import HANDS_M, JAR
from environments.scenes.spiders.tracks import Pose, Track, Walk, track, turning_steps, walks_to, wrapped

Floats = NDArray[np.float64]
FASTEST_M_S = 0.17
APART = 0.40
"""Two spiders stay this part of the sum of their spans apart."""
_ROUND_S, _TURNING_S, _HOME_S = 55.0, 2.5, 12.0
"""They decide for a round, and then go all ways back; between them is time to turn."""
_TRIES, _WALK_S = 6, 9.0
_LOOK_HZ, _AHEAD_S = 6.0, 14.0
"""How finely and how far ahead ways are compared."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What lives depend on."""

    seed: int
    count: int
    size_m: float
    distance_m: float
    motion_0to1: float
    holds: str


@dataclass(frozen=True, slots=True, eq=False)
class Life:
    """One spider, where it may go, what it does and how fast it is."""

    spider: Spider
    area: Area
    track: Track
    walks: tuple[Walk, ...]
    home: Pose
    speed_m_s: float


@lru_cache(maxsize=8)
def lives_of(setting: Setting) -> tuple[Life, ...]:
    """All spiders of a setting, in the order of `company_of`; their tracks have the same duration."""
    spiders = company_of(setting.count, setting.size_m, setting.holds)
    if not spiders:
        return ()
    areas = [area_of(spider, setting.distance_m, setting.holds) for spider in spiders]
    homes = _homes(spiders, areas, setting)
    company = _Company(setting, spiders, areas, homes)
    duration_s = company.run() if setting.motion_0to1 > 0.0 else _HOME_S
    return tuple(
        Life(
            spider,
            area,
            track(walks, (area.chart, home), spider.homes_m(), spider.span_m, duration_s),
            tuple(walks),
            home,
            speed_m_s(spider, setting.motion_0to1),
        )
        for spider, area, home, walks in zip(spiders, areas, homes, company.walks, strict=True)
    )


def speed_m_s(spider: Spider, motion_0to1: float) -> float:
    """How fast a spider walks."""
    return min(spider.span_m * (0.55 + 0.95 * motion_0to1), FASTEST_M_S)


def _homes(spiders: Sequence[Spider], areas: Sequence[Area], setting: Setting) -> list[Pose]:
    """Where spiders begin: as far apart as there is room, the first one near its distance from the hands."""
    rng = np.random.default_rng((setting.seed, 30))
    found: list[Pose] = []
    for number, (spider, area) in enumerate(zip(spiders, areas, strict=True)):
        points = area.sampled(rng, 60)
        room = np.full(len(points), 1.6)
        for other, pose in zip(spiders, found, strict=False):
            away = np.hypot(points[:, 0] - pose.x_m, points[:, 1] - pose.z_m)
            room = np.minimum(room, away / (APART * (spider.span_m + other.span_m)))
        if setting.holds == "free":
            near = np.hypot(points[:, 0], points[:, 1] - HANDS_M[1]) - area.least_m
            room -= (2.0 if number == 0 else 0.8) * near
        x, z = points[int(np.argmax(room))]
        found.append(Pose(float(x), float(z), float(rng.uniform(-np.pi, np.pi))))
    return found


class _Company:
    """Spiders that decide where to go; `walks` are those of each."""

    def __init__(
        self, setting: Setting, spiders: Sequence[Spider], areas: Sequence[Area], homes: Sequence[Pose]
    ) -> None:
        self._setting, self._spiders, self._areas, self._homes = setting, spiders, areas, homes
        self.walks: list[list[Walk]] = [[] for _ in spiders]
        spans = np.array([spider.span_m for spider in spiders])
        self._reach = APART * (spans[:, None] + spans)
        samples = int((_ROUND_S + 4.0 * _AHEAD_S) * _LOOK_HZ)
        self._paths = np.zeros((len(spiders), samples, 2))
        for number, home in enumerate(homes):
            self._paths[number] = home.x_m, home.z_m
        self._rngs = [np.random.default_rng((setting.seed, 31, number)) for number in range(len(spiders))]

    def run(self) -> float:
        """Decide for a while, then let all ways be gone back in reverse order; how long that takes."""
        still = 1.0 - self._setting.motion_0to1
        next_s = [float(rng.uniform(0.2, 0.6 + 3.0 * still)) for rng in self._rngs]
        while min(next_s) < _ROUND_S:
            number = int(np.argmin(next_s))
            now_s, rng = next_s[number], self._rngs[number]
            pause_s = float(rng.uniform(0.5, 1.5)) * (0.4 + 7.0 * still**1.5)
            way = self._way(number, now_s, self._here(number))
            if way:
                self._go(number, way, pause_s, rng)
                now_s = way[-1].end_s
            next_s[number] = now_s + pause_s
        middle_s = max((walks[-1].end_s for walks in self.walks if walks), default=_ROUND_S) + _TURNING_S
        for walks, home in zip(self.walks, self._homes, strict=True):
            walks.extend(gone_back(walks, home, middle_s))
        return 2.0 * middle_s + _TURNING_S

    def _here(self, number: int) -> Pose:
        walks = self.walks[number]
        return walks[-1].end if walks else self._homes[number]

    def _way(self, number: int, now_s: float, here: Pose) -> list[Walk]:
        """A way that is free; empty where none was found."""
        area, spider, rng = self._areas[number], self._spiders[number], self._rngs[number]
        speed = speed_m_s(spider, self._setting.motion_0to1)
        for target in _targets(area, here, (self._setting, number, len(self.walks[number])), rng):
            way = walks_to(area.chart, now_s, (here, _nearer(here, target, _WALK_S * speed)), spider.span_m, speed)
            if way and _is_inside(area, way) and self._is_free(number, way):
                return way
        return []

    def _is_free(self, number: int, way: Sequence[Walk]) -> bool:
        """Whether nobody will be met on a way and at its end."""
        if len(self._spiders) == 1:
            return True
        first = int(way[0].start_s * _LOOK_HZ)
        last = first + int(max(_AHEAD_S, way[-1].end_s - way[0].start_s) * _LOOK_HZ) + 1
        last = min(last, self._paths.shape[1])
        points = _along(way, np.arange(first, last) / _LOOK_HZ)
        away = np.linalg.norm(self._paths[:, first:last] - points, axis=2).min(axis=1)
        away[number] = np.inf
        return bool((away >= self._reach[number]).all())

    def _go(self, number: int, way: list[Walk], pause_s: float, rng: np.random.Generator) -> None:
        feels = int(rng.choice((0, 4))) if pause_s > 1.6 and rng.random() < 0.65 else -1
        self.walks[number] += [*way[:-1], replace(way[-1], feels=feels)]
        first = int(way[0].start_s * _LOOK_HZ)
        times_s = np.arange(first, self._paths.shape[1]) / _LOOK_HZ
        self._paths[number, first:] = _along(way, times_s)


def gone_back(walks: Sequence[Walk], home: Pose, middle_s: float) -> list[Walk]:
    """The same ways gone back, mirrored in time about `middle_s`: where nobody met on the way, nobody meets again.

    Turns are made anew, in the pauses before the ways; there was as much time for them on the way there.
    """
    found: list[Walk] = []
    heading, free_s = (walks[-1].end.heading_rad if walks else home.heading_rad), walks[-1].end_s if walks else 0.0
    for walk in reversed(walks):
        if walk.begin.x_m == walk.end.x_m and walk.begin.z_m == walk.end.z_m:
            continue
        start_s = 2.0 * middle_s - walk.end_s
        facing = heading + wrapped(walk.begin.heading_rad + np.pi - heading)
        begin = Pose(walk.end.x_m, walk.end.z_m, facing)
        _turned(found, walk, (replace(begin, heading_rad=heading), begin), (free_s, start_s))
        found.append(
            Walk(walk.chart, start_s, begin, Pose(walk.begin.x_m, walk.begin.z_m, facing), walk.steps, walk.step_s)
        )
        heading, free_s = facing, found[-1].end_s
    if found:
        last = found[-1].end
        end = replace(last, heading_rad=heading + wrapped(home.heading_rad - heading))
        _turned(found, walks[0], (last, end), (free_s, 2.0 * middle_s + _TURNING_S - 0.1))
    return found


def _turned(found: list[Walk], like: Walk, way: tuple[Pose, Pose], gap_s: tuple[float, float]) -> None:
    """Add a turn on the spot that ends with a gap, faster where the gap is short."""
    steps = turning_steps(abs(way[1].heading_rad - way[0].heading_rad))
    if steps == 0:
        return
    step_s = min(like.step_s, (gap_s[1] - gap_s[0]) / (steps + 0.05))
    found.append(Walk(like.chart, gap_s[1] - steps * step_s, *way, steps, step_s))


def _nearer(here: Pose, target: Pose, most_m: float) -> Pose:
    """The target, or what lies on the way to it and is not too far for one walk."""
    part = min(most_m / max(float(np.hypot(target.x_m - here.x_m, target.z_m - here.z_m)), 1e-6), 1.0)
    x, z = here.x_m + part * (target.x_m - here.x_m), here.z_m + part * (target.z_m - here.z_m)
    return replace(target, x_m=x, z_m=z)


def _along(way: Sequence[Walk], times_s: Floats) -> Floats:
    """Where (n, 2) a spider is on a way, before it and after it."""
    points = way[0].poses(times_s)[:, :2]
    for walk in way[1:]:
        late = times_s >= walk.start_s
        points[late] = walk.poses(times_s[late])[:, :2]
    return points


def _is_inside(area: Area, way: Sequence[Walk]) -> bool:
    """Whether a way keeps to its area."""
    spots = np.linspace(0.0, 1.0, 25)
    return all(area.holds(walk.poses(walk.start_s + spots * (walk.end_s - walk.start_s))[:, :2]).all() for walk in way)


def _targets(area: Area, here: Pose, role: tuple[Setting, int, int], rng: np.random.Generator) -> list[Pose]:
    """Where it may want to go next, what it wants most first."""
    setting, number, walked = role
    points = area.sampled(rng, _TRIES)
    if setting.holds == "free" and number == 0 and isinstance(area.chart, Level):
        away = np.hypot(here.x_m - HANDS_M[0], here.z_m - HANDS_M[1])
        if walked == 0 or away > area.least_m + 0.10:
            turns = rng.uniform(-0.6, 0.6, 5)
            near = np.stack([HANDS_M[0] + area.least_m * np.sin(turns), HANDS_M[1] - area.least_m * np.cos(turns)], -1)
            points = np.concatenate([near[area.holds(near)], points])
    if setting.holds != "free" and rng.random() < 0.45:
        turn = rng.uniform(-np.pi, np.pi)
        up = JAR.radius_m + rng.uniform(0.012, 0.05)
        points = np.concatenate([[(up * np.sin(turn), up * np.cos(turn))], points])
    return [Pose(float(x), float(z), _facing(here, x, z, rng)) for x, z in points]


def _facing(here: Pose, x: float, z: float, rng: np.random.Generator) -> float:
    """The way it came, or another way now and then."""
    turn = rng.normal(0.0, 0.6) if rng.random() < 0.35 else 0.0
    return float(np.arctan2(x - here.x_m, z - here.z_m) + turn)
