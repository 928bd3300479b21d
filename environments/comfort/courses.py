"""What a patient can be led through at a level, moment by moment, as the player does it.  Pure.

Ramps, fades and the choice between them are the player's own (`environments.player_scene`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from environments import player_scene as scenes
from environments.player_model import CALM_SCENE
from environments.player_scene import Shown, Target
from environments.render.model import Scene, SceneFrame
from environments.scenes.manifest import ParameterValue, SceneManifest

LEAD_S = 0.1
"""A course shows where it begins for this long before anything changes."""

FADES_S = 2.0 * scenes.FADE_S
SETTLED_S = 0.4
STAY_S = 4.0
BRIEF_STAY_S = 0.6
RAMPS_S = (2.0, 3.0, 5.0)
"""The ramps a protocol should use (CLINICAL: 2 to 5 s)."""

USUAL_RAMP_S = 3.0
EVENT_STEP_S = 0.25
QUIET_S = 20.0
"""An event that has changed nothing for this long is over."""

LONGEST_EVENT_S = 300.0

Manifests = Mapping[str, SceneManifest]
Values = Mapping[str, ParameterValue]


@dataclass(frozen=True, slots=True)
class Course:
    """One thing that happens: staying at `start`, changing to `wanted`, or an event from an age on."""

    name: str
    start: Target
    duration_s: float
    wanted: Target | None = None
    ramp_s: float = USUAL_RAMP_S
    is_safety_stop: bool = False
    events_from_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """What the player shows at a time of a course."""

    time_s: float
    shown: Shown
    events: Mapping[str, float]


def moments(course: Course, per_s: float, manifests: Manifests) -> Iterator[Moment]:
    """Evenly spaced moments of a course, both ends included; scene time begins at 0 and runs with the wall's."""
    start = course.start
    values = manifests[start.scene].values_at(start.intensity_0to1, dict(start.overrides))
    shown = Shown(start, start.intensity_0to1, values)
    is_commanded = course.wanted is None
    for index in range(count(course, per_s)):
        time_s = index / per_s
        if index:
            shown = scenes.advance(shown, 1.0 / per_s, 1.0 / per_s, manifests)
        if course.wanted is not None and not is_commanded and time_s >= LEAD_S:
            is_commanded = True
            if course.is_safety_stop:
                shown = scenes.retreat(shown, course.wanted)
            else:
                shown = scenes.follow(shown, course.wanted, course.ramp_s, manifests)
        is_there = shown.target.scene == start.scene
        events = {name: from_s + time_s for name, from_s in course.events_from_s.items()} if is_there else {}
        yield Moment(time_s, shown, events)


def count(course: Course, per_s: float) -> int:
    """How many moments there are."""
    return round(course.duration_s * per_s) + 1


def changes(manifest: SceneManifest, level: int, manifests: Manifests) -> tuple[Course, ...]:
    """Every change from a level: to its neighbours and half of the way, to and from the calm scene."""
    here, calm = Target(manifest.name, level / 10.0), Target(CALM_SCENE)
    found: list[Course] = []
    last = len(manifest.levels) - 1
    for step in (1.0, -1.0, 0.5, -0.5):
        if not 0.0 <= level + step <= last:
            continue
        there = Target(manifest.name, (level + step) / 10.0)
        for ramp_s in RAMPS_S:
            name = f"level {level} to {level + step:g}, ramp {ramp_s:g} s"
            length_s = FADES_S if _is_dark(here, there, ramp_s, manifests) else ramp_s
            found.append(Course(name, here, LEAD_S + length_s + SETTLED_S, there, ramp_s))
    if manifest.name != CALM_SCENE:
        length_s = LEAD_S + FADES_S + SETTLED_S
        found.append(Course("from the calm scene", calm, length_s, here))
        found.append(Course("a stop", here, length_s, calm, is_safety_stop=True))
    return tuple(found)


def _is_dark(here: Target, there: Target, ramp_s: float, manifests: Manifests) -> bool:
    values = manifests[here.scene].values_at(here.intensity_0to1)
    shown = scenes.follow(Shown(here, here.intensity_0to1, values), there, ramp_s, manifests)
    return shown.pending is not None


def unlike(courses: tuple[Course, ...], manifests: Manifests) -> tuple[Course, ...]:
    """The courses that look different: of those that only fade to the same place, one is enough."""
    kept: dict[tuple[Target, Target | None, float], Course] = {}
    for course in courses:
        fades = course.wanted is None or _is_dark(course.start, course.wanted, course.ramp_s, manifests)
        kept.setdefault((course.start, course.wanted, 0.0 if fades else course.ramp_s), course)
    return tuple(kept.values())


def stays(manifest: SceneManifest, level: int, duration_s: float) -> tuple[Course, ...]:
    """Staying at a level; an ungraded scene also with each number at both ends of its range."""
    here = Target(manifest.name, level / 10.0)
    found = [Course("staying", here, duration_s)]
    for parameter in () if manifest.is_graded else manifest.parameters:
        for limit in (parameter.minimum, parameter.maximum):
            # Without a comfort limit it is nobody's to set, as the breath's phase.
            if limit is not None and parameter.max_rate_per_s is not None:
                there = Target(manifest.name, 0.0, overrides=((parameter.name, limit),))
                found.append(Course(f"staying with {parameter.name} {limit:g}", there, duration_s))
    return tuple(found)


def event_lengths_s(manifest: SceneManifest, scene: Scene) -> dict[str, float]:
    """How long each event of a scene changes anything, found by watching the scene's own moments."""
    return {name: _length_s(scene, _seen_with(manifest, name), name) for name in manifest.events}


def _seen_with(manifest: SceneManifest, event: str) -> Values:
    """Parameters with which an event can be seen, near the middle of the levels where it can be."""
    by_nearness = sorted(range(11), key=lambda level: abs(level - 5))
    at_levels = [manifest.values_at(level / 10.0) for level in by_nearness]
    return next((values for values in at_levels if manifest.why_not(event, values) is None), at_levels[0])


def _length_s(scene: Scene, values: Values, name: str) -> float:
    last_s, before = 0.0, scene.frame(values, 0, 0.0, {name: 0.0})
    age_s = 0.0
    while age_s - last_s < QUIET_S and age_s < LONGEST_EVENT_S:
        age_s += EVENT_STEP_S
        now = scene.frame(values, 0, 0.0, {name: age_s})
        if not is_same(before, now):
            last_s = age_s
        before = now
    return last_s


def is_same(one: SceneFrame, other: SceneFrame) -> bool:
    """Whether two moments show the same."""
    plain = ("sun", "eye_base_m", "eye_yaw_deg", "haze_0to1", "cloud_0to1", "wind_0to1", "sea", "hidden")
    if any(getattr(one, name) != getattr(other, name) for name in plain):
        return False
    if one.moves.keys() != other.moves.keys() or one.poses.keys() != other.poses.keys():
        return False
    return all(_equal(one.moves[name], other.moves[name]) for name in one.moves) and all(
        _equal(getattr(one.poses[name], part), getattr(other.poses[name], part))
        for name in one.poses
        for part in ("places", "joints", "morphs")
    )


def _equal(one: object, other: object) -> bool:
    return one is other or bool(np.array_equal(np.asarray(one), np.asarray(other)))


def events(manifest: SceneManifest, level: int, lengths_s: Mapping[str, float]) -> tuple[Course, ...]:
    """Every event that can be seen at a level, from its beginning to its end and a moment longer."""
    here = Target(manifest.name, level / 10.0)
    values = manifest.values_at(level / 10.0)
    return tuple(
        Course(f"event {name}", here, lengths_s[name] + SETTLED_S, events_from_s={name: 0.0})
        for name in manifest.events
        if manifest.why_not(name, values) is None
    )
