"""What a spider does for a while: walks and pauses, worked out once as footprints and as a table of its body.

The gait is the alternating tetrapod: left 1 and 3 with right 2 and 4, then the others (Wilson, Annual Review of
Entomology 11:103, 1966; Foelix, Biology of Spiders, 2011).  A foot stands where it is under its hip in the middle of
its stance, so it cannot slip; every walk begins and ends with all feet where they are at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.scenes.spiders.charts import Chart

Floats = NDArray[np.float64]
RATE_HZ = 30
TETRAPODS = np.array([0, 1, 0, 1, 1, 0, 1, 0])
"""Which of the two groups swings legs left 1 to 4, right 1 to 4."""
_STEP_SPANS = 0.24
"""How far a body goes while one group swings, in spans."""
_STEP_RAD = 0.60
_BODY_SPANS = 0.22
"""The body lies on the mean of two points of the surface this far before and behind it."""


@dataclass(frozen=True, slots=True)
class Pose:
    """A place in a chart's plane and a heading: 0 looks along the second axis, a quarter along the first."""

    x_m: float
    z_m: float
    heading_rad: float


@dataclass(frozen=True, slots=True)
class Walk:
    """A straight walk or a turn on the spot: `steps` swings of a group, each `step_s`; from `start_s` on.

    `feels` is a leg that feels about during the pause after it, or -1.
    """

    chart: Chart
    start_s: float
    begin: Pose
    end: Pose
    steps: int
    step_s: float
    feels: int = -1

    @property
    def end_s(self) -> float:
        """When all feet stand again."""
        return self.start_s + self.steps * self.step_s

    def poses(self, times_s: Floats) -> Floats:
        """(..., 3): x, z, heading at times."""
        ways = np.array([self.begin.x_m, self.begin.z_m, self.begin.heading_rad])
        gone = np.array([self.end.x_m, self.end.z_m, self.end.heading_rad]) - ways
        return np.asarray(ways + self._part(times_s)[..., None] * gone)

    def _part(self, times_s: Floats) -> Floats:
        """How much is gone, 0 to 1: even, but for a soft first and last step."""
        at = np.clip((times_s - self.start_s) / self.step_s, 0.0, self.steps)
        soft = 0.5 * np.minimum(at, 1.0) ** 2 + np.clip(at - 1.0, 0.0, self.steps - 2.0)
        late = np.maximum(at - (self.steps - 1.0), 0.0)
        return np.asarray((soft + late - 0.5 * late**2) / (self.steps - 1.0))


def walks_to(chart: Chart, start_s: float, way: tuple[Pose, Pose], span_m: float, speed_m_s: float) -> list[Walk]:
    """The turn towards a place, the walk there and the turn to its heading, each only as far as it is needed."""
    begin, end = way
    across, along = end.x_m - begin.x_m, end.z_m - begin.z_m
    far = float(np.hypot(across, along))
    step_s = _STEP_SPANS * span_m / speed_m_s
    found: list[Walk] = []
    here = begin
    if far > 0.15 * span_m:
        heading = here.heading_rad + wrapped(float(np.arctan2(across, along)) - here.heading_rad)
        here = _turn(found, chart, here, heading, (start_s, step_s))
        there = Pose(end.x_m, end.z_m, heading)
        steps = max(2, int(np.ceil(far / (_STEP_SPANS * span_m))) + 1)
        found.append(Walk(chart, _last_s(found, start_s), here, there, steps, step_s))
        here = there
    _turn(found, chart, here, here.heading_rad + wrapped(end.heading_rad - here.heading_rad), (start_s, step_s))
    return found


def _turn(found: list[Walk], chart: Chart, here: Pose, heading_rad: float, clock: tuple[float, float]) -> Pose:
    start_s, step_s = clock
    steps = turning_steps(abs(heading_rad - here.heading_rad))
    if steps == 0:
        return here
    there = Pose(here.x_m, here.z_m, heading_rad)
    found.append(Walk(chart, _last_s(found, start_s), here, there, steps, step_s))
    return there


def turning_steps(turn_rad: float) -> int:
    """How many swings a turn on the spot takes; none where it is too small to see."""
    return 0 if turn_rad < 0.05 else max(2, int(np.ceil(turn_rad / _STEP_RAD)) + 1)


def _last_s(found: Sequence[Walk], start_s: float) -> float:
    return found[-1].end_s if found else start_s


def wrapped(angle_rad: float) -> float:
    """The same angle between half a turn to the right and to the left."""
    return (angle_rad + np.pi) % (2.0 * np.pi) - np.pi


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A while of a spider's life.

    `bodies` (n, 13) every 1 / `RATE_HZ` s: place, ways left, up and ahead, and 1 on level ground.  Of s swings:
    `starts_s`, `lasts_s`, `ends_s` of the pause after (s,), `prints_m` (s + 1, 8, 3), and the leg that feels about in
    the pause (s,) or -1.  `moving` (n,) is whether it walks.
    """

    bodies: Floats
    starts_s: Floats
    lasts_s: Floats
    ends_s: Floats
    prints_m: Floats
    feels: NDArray[np.intp]
    moving: NDArray[np.bool_]

    @property
    def duration_s(self) -> float:
        """How long it is."""
        return (len(self.bodies) - 1) / RATE_HZ


def track(walks: Sequence[Walk], rest: tuple[Chart, Pose], homes_m: Floats, span_m: float, duration_s: float) -> Track:
    """All walks in a row, rest before, between and after them; `homes_m` (8, 2) are the feet at rest, x and z."""
    times_s = np.arange(round(duration_s * RATE_HZ) + 1) / RATE_HZ
    starts, lasts, feels = [-1.0], [0.5], [-1]
    chart, pose = rest
    first = np.array([pose.x_m, pose.z_m, pose.heading_rad])
    prints = [_prints(chart, first[None], homes_m)[0]] * 2
    rows = np.repeat(_bodies(chart, first[None], span_m), len(times_s), axis=0)
    moving = np.zeros(len(times_s), bool)
    for number, walk in enumerate(walks):
        until = walks[number + 1].start_s if number + 1 < len(walks) else duration_s + 1.0
        inside = (times_s >= walk.start_s) & (times_s < walk.end_s)
        moving |= inside
        rows[inside] = _bodies(walk.chart, walk.poses(times_s[inside]), span_m)
        rest_of = (times_s >= walk.end_s) & (times_s < until)
        rows[rest_of] = _bodies(walk.chart, walk.poses(np.array([walk.end_s])), span_m)
        prints += _steps_of(walk, prints[-1], homes_m)
        starts += [walk.start_s + k * walk.step_s for k in range(walk.steps)]
        lasts += [walk.step_s] * walk.steps
        feels += [-1] * (walk.steps - 1) + [walk.feels]
    ends = [*starts[1:], duration_s + 1.0]
    clock = np.array([starts, lasts, ends], np.float64)
    return Track(rows, clock[0], clock[1], clock[2], np.array(prints), np.array(feels, np.intp), moving)


def _steps_of(walk: Walk, standing_m: Floats, homes_m: Floats) -> list[Floats]:
    """The footprints (8, 3) after each swing of a walk."""
    numbers = np.arange(walk.steps)
    middle_s = np.asarray(walk.start_s + (numbers + 1.5) * walk.step_s, np.float64)
    middle_s[numbers >= walk.steps - 2] = walk.end_s
    wanted = _prints(walk.chart, walk.poses(middle_s), homes_m)
    found, here = [], standing_m
    for number in range(walk.steps):
        here = np.where(np.equal(TETRAPODS, number % 2)[:, None], wanted[number], here)
        found.append(here)
    return found


def _prints(chart: Chart, poses: Floats, homes_m: Floats) -> Floats:
    """Where feet (n, 8, 3) are at rest below bodies at poses (n, 3)."""
    cosine, sine = np.cos(poses[:, 2:]), np.sin(poses[:, 2:])
    x = poses[:, :1] + homes_m[:, 0] * cosine + homes_m[:, 1] * sine
    z = poses[:, 1:2] - homes_m[:, 0] * sine + homes_m[:, 1] * cosine
    return chart.places_m(np.stack([x, z], -1))


def _bodies(chart: Chart, poses: Floats, span_m: float) -> Floats:
    """Rows of a body's table (n, 13) at poses (n, 3)."""
    out = _BODY_SPANS * span_m
    ahead2 = np.stack([np.sin(poses[:, 2]), np.cos(poses[:, 2])], -1) * out
    side2 = np.stack([ahead2[:, 1], -ahead2[:, 0]], -1) * 0.25
    fore, back = (chart.places_m(poses[:, :2] + sign * ahead2) for sign in (1.0, -1.0))
    left, right = (chart.places_m(poses[:, :2] + sign * side2) for sign in (1.0, -1.0))
    ahead = _unit(fore - back)
    up = _unit(np.cross(fore - back, left - right))
    level = np.full((len(poses), 1), 1.0 if chart.is_level else 0.0)
    return np.concatenate([0.5 * (fore + back), np.cross(up, ahead), up, ahead, level], axis=1)


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))
