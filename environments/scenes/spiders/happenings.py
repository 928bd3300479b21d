"""Events: one stops in mid-step, one climbs the lamp (or the glass of its jar), the lid of the jar opens.

All are over within `LONGEST_S` and leave nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from environments.scenes.spiders.charts import Climb, Inside, Level, along_at_m, along_up_m
from environments.scenes.spiders.gait import Stage, stage_of
from environments.scenes.spiders.lives import APART, Life, Setting, lives_of
from environments.scenes.spiders.place import DESK, HANDS_M, JAR, LAMP
from environments.scenes.spiders.tracks import RATE_HZ, Pose, Walk, track, walks_to

LONGEST_S = 30.0
_STILL_S, _BACK_S = 7.0, 28.0
_SWINGS_S, _STAYS_S = 3.5, 20.0
_WAITS_S = 3.0
_WIDE_DEG = 118.0
_CLIMB_M_S, _LEAST_M_S = 0.085, 0.10
_FIRST_STEPS_S = 0.6
_RESTS_WITHIN_S, _LOOK_HZ = 8.0, 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Outing:
    """What one spider does instead of what it had planned, between two ages of its event."""

    number: int
    from_s: float
    until_s: float
    stage: Stage


def lid_deg(base_deg: float, age_s: float | None) -> float:
    """How far the lid is open."""
    if age_s is None or age_s <= 0.0:
        return base_deg
    part = min(age_s / _SWINGS_S, 1.0, max((_STAYS_S + 2 * _SWINGS_S - age_s) / _SWINGS_S, 0.0))
    eased = part**3 * (10.0 - 15.0 * part + 6.0 * part**2)
    return base_deg + (_WIDE_DEG - base_deg) * eased


def lag_s(age_s: float | None) -> float:
    """How far the clock of the one that stops is behind: it stands, then catches up little by little."""
    if age_s is None or not 0.0 < age_s < _BACK_S:
        return 0.0
    brake_s = 0.3
    if age_s < brake_s:
        return 0.5 * age_s * age_s / brake_s
    stopped = age_s - 0.5 * brake_s
    if age_s < _STILL_S:
        return stopped
    most = _STILL_S - 0.5 * brake_s
    part = (age_s - _STILL_S) / (_BACK_S - _STILL_S)
    return most * (1.0 - part * part * (3.0 - 2.0 * part))


@lru_cache(maxsize=8)
def stopping(lives: tuple[Life, ...], began_s: float) -> tuple[int, float] | None:
    """Who stops, and how long after the event began: the nearest to the hands of those that walk.

    While nobody walks it is who will walk next, in the middle of the first steps; None where nobody ever does.
    """
    found: list[tuple[float, float, int]] = []
    for number, life in enumerate(lives):
        row = int((began_s + 0.2) % life.track.duration_s * RATE_HZ)
        waits_s = float(np.argmax(np.roll(life.track.moving, -row))) / RATE_HZ
        if life.track.moving.any():
            x, _, z = life.track.bodies[row, :3]
            away_m = float(np.hypot(x - HANDS_M[0], z - HANDS_M[1]))
            found.append((waits_s + _FIRST_STEPS_S if waits_s else 0.0, away_m, number))
    if not found:
        return None
    waits_s, _, number = min(found)
    return number, waits_s


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """A way up and down that one spider could go, from its next rest or a later one on."""

    number: int
    start_s: float
    here: Pose
    walks: list[Walk]


@lru_cache(maxsize=8)
def climbing(setting: Setting, began_s: float) -> Outing | None:
    """The way up and down of one that meets no other on it; None where nobody can climb."""
    lives = lives_of(setting)
    best, most = None, 0.0
    for way in _ways(lives, began_s):
        room = _room(lives, way, began_s)
        if best is None or room > most:
            best, most = way, room
        if room >= 1.0:
            break
    if best is None:
        return None
    life = lives[best.number]
    until_s = best.walks[-1].end_s
    made = track(best.walks, (life.area.chart, best.here), life.spider.homes_m(), life.spider.span_m, until_s + 1.0)
    return Outing(best.number, best.start_s, until_s, stage_of([made], [life.spider.span_m]))


def _ways(lives: Sequence[Life], began_s: float) -> Iterator[_Way]:
    """Ways of those that can climb, the nearest to the lamp first, each from its next rests on."""
    able = [number for number, life in enumerate(lives) if _can_climb(life)]
    for number in sorted(able, key=lambda number: _from_lamp_m(lives[number], began_s)):
        life = lives[number]
        base_s = began_s % life.track.duration_s
        speed = max(life.speed_m_s, _LEAST_M_S)
        for rest_s, here in _next_rests(life, base_s):
            start_s = rest_s - base_s
            walks = _up_and_down(life, start_s, here, speed)
            yield _Way(number, start_s, here, walks + _home_again(life, walks, base_s, speed))


def _room(lives: Sequence[Life], way: _Way, began_s: float) -> float:
    """The least distance to others and to things on the desk, as a part of what is wanted."""
    life = lives[way.number]
    level = [walk for walk in way.walks if walk.chart == life.area.chart]
    if not isinstance(life.area.chart, Level) or not level:
        return 1.0
    ages_s = np.concatenate([np.arange(walk.start_s, walk.end_s, 1.0 / _LOOK_HZ) for walk in level])
    points = np.concatenate([walk.poses(np.arange(walk.start_s, walk.end_s, 1.0 / _LOOK_HZ))[:, :2] for walk in level])
    parts = [np.hypot(points[:, 0] - x, points[:, 1] - z).min() / radius for x, z, radius in life.area.blocked[1:]]
    for other in (one for number, one in enumerate(lives) if number != way.number):
        rows = ((began_s + ages_s) % other.track.duration_s * RATE_HZ).astype(int)
        away = np.hypot(*(points - other.track.bodies[rows][:, [0, 2]]).T)
        parts.append(away.min() / (APART * (life.spider.span_m + other.spider.span_m)))
    return float(min(parts, default=1.0))


def _can_climb(life: Life) -> bool:
    chart = life.area.chart
    return isinstance(chart, Inside) or (isinstance(chart, Level) and chart.height_m == DESK.top_m)


def _from_lamp_m(life: Life, began_s: float) -> float:
    x, _, z = life.track.bodies[int(began_s % life.track.duration_s * RATE_HZ), :3]
    return float(np.hypot(x - LAMP.centre_m[0], z - LAMP.centre_m[1])) + 1.5 * life.spider.span_m


def _next_rests(life: Life, base_s: float) -> list[tuple[float, Pose]]:
    """When in its period, and in which poses, all its feet stand: at once or next, and after the walks that follow."""
    found: list[tuple[float, Pose]] = []
    pose = life.home
    for walk in life.walks:
        if base_s < walk.start_s and not found:
            found.append((base_s, pose))
        pose = walk.end
        if base_s < walk.end_s <= base_s + _RESTS_WITHIN_S or (base_s < walk.end_s and not found):
            found.append((walk.end_s, pose))
    return found or [(base_s, pose)]


def _up_and_down(life: Life, start_s: float, here: Pose, speed: float) -> list[Walk]:
    span, chart = life.spider.span_m, life.area.chart
    slow = min(speed, _CLIMB_M_S)
    if isinstance(chart, Inside):
        turn, up = float(np.arctan2(here.x_m, here.z_m)), JAR.radius_m + min(0.095, JAR.height_m - 0.55 * span)
        top = Pose(up * float(np.sin(turn)), up * float(np.cos(turn)), turn)
        return walks_to(chart, start_s, (here, top), span, slow)
    x, z = here.x_m - LAMP.centre_m[0], here.z_m - LAMP.centre_m[1]
    away, azimuth = float(np.hypot(x, z)), float(np.arctan2(x, z))
    first = min(away, LAMP.foot_m + 0.5 * span + 0.02)
    foot = Pose(LAMP.centre_m[0] + first * x / away, LAMP.centre_m[1] + first * z / away, azimuth + np.pi)
    way = walks_to(chart, start_s, (here, foot), span, speed)
    climb, low = Climb(azimuth), Pose(0.0, along_at_m(first), 0.0)
    high = Pose(0.0, along_up_m(min(LAMP.height_m - 0.07 - 0.3 * span, 0.26)), 0.0)
    now_s = way[-1].end_s if way else start_s
    way += walks_to(climb, now_s, (low, high), span, slow)
    way += walks_to(climb, way[-1].end_s + _WAITS_S, (high, Pose(0.0, low.z_m, np.pi)), span, slow)
    return way


def _home_again(life: Life, way: Sequence[Walk], base_s: float, speed: float) -> list[Walk]:
    """The way to where it would be resting by then."""
    last, span, chart = way[-1], life.spider.span_m, life.area.chart
    here, now_s = last.end, last.end_s
    if isinstance(chart, Inside):
        now_s += _WAITS_S
    else:
        climb = last.chart
        spot = climb.places_m(np.array([last.end.x_m, last.end.z_m]))
        azimuth = climb.azimuth_rad if isinstance(climb, Climb) else 0.0
        here = Pose(float(spot[0]), float(spot[2]), azimuth)
    rests = _rests(life)
    for start_s, end_s, pose in rests:
        back = walks_to(chart, now_s, (here, pose), span, speed)
        arrival_s = back[-1].end_s if back else now_s
        if start_s <= arrival_s + base_s <= end_s - 0.1:
            return back
    return walks_to(chart, now_s, (here, life.home), span, speed)


def _rests(life: Life) -> list[tuple[float, float, Pose]]:
    """Pauses of this period and the next: from, until, pose."""
    found = []
    whole_s = life.track.duration_s
    for turn in (0.0, whole_s):
        pose, start_s = life.home, 0.0
        for walk in life.walks:
            if walk.start_s - start_s > 0.4:
                found.append((start_s + turn, walk.start_s + turn, pose))
            pose, start_s = walk.end, walk.end_s
        found.append((start_s + turn, whole_s + turn, pose))
    return found
