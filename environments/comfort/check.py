"""Leads a patient's eyes through every level of a scene and measures what they get."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from environments.comfort import courses as paths
from environments.comfort.colour import Bytes, Rgb, linear_light, relative_luminance
from environments.comfort.courses import Course, Moment
from environments.comfort.field import Fields
from environments.comfort.flicker import FlickerAnalyser
from environments.comfort.limits import NEAREST_M, EyeMeasures, Load, Seen
from environments.comfort.motion import CameraSample, Motion, motion, worst
from environments.comfort.nearness import Nearest, Surroundings
from environments.comfort.panel_text import PanelText, panel_texts
from environments.player_model import CALM_SCENE
from environments.render.matrices import eye_position
from environments.render.model import EyePose, Scene, SceneFrame
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import SceneManifest, load_manifest
from environments.scenes.registry import scene as scene_called

EYE_PX = 128
"""Side of one eye's square picture: a pixel in the middle is 1.1° wide, a 10° field holds over 90 of them."""

FOV_DEG = 100.0
"""About what a headset shows."""

FIELD_SPACING_PX = 2
FRAMES_PER_S = 32.0
"""Ten frames and more for each change at 3 Hz; what alternates every second or third frame of a headset at 72, 80, 90
or 120 a second still shows as at least 2 Hz, which a divisor of those rates would hide."""

CAMERA_PER_S = 30.0
QUICK_CAMERA_PER_S = 10.0
NEARNESS_EVERY_S = 1.0
IPD_M = 0.063
EYES = ("left", "right")
SEATED_M, STANDING_M = 1.2, 1.62
SEED = 0

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to check: a scene and its levels, whole or shortened."""

    scene: str
    levels: tuple[int, ...]
    is_quick: bool = False


@dataclass(frozen=True, slots=True)
class LevelPlan:
    """A level's courses: those that are drawn, and those whose camera alone is followed."""

    level: int
    drawn: tuple[Course, ...]
    followed: tuple[Course, ...]


@dataclass(slots=True)
class _Eye:
    """What one eye has seen so far."""

    general: Seen = field(default_factory=Seen)
    red: Seen = field(default_factory=Seen)
    darkest: tuple[float, Rgb] = (2.0, (0.0, 0.0, 0.0))
    brightest: tuple[float, Rgb] = (-1.0, (255.0, 255.0, 255.0))

    def look(self, picture: Bytes) -> None:
        """Remember the darkest and brightest colour."""
        pixels = picture.reshape(-1, 3)
        light = relative_luminance(linear_light(pixels))
        low, high = int(light.argmin()), int(light.argmax())
        if light[low] < self.darkest[0]:
            self.darkest = float(light[low]), _rgb(pixels[low])
        if light[high] > self.brightest[0]:
            self.brightest = float(light[high]), _rgb(pixels[high])

    def take(self, analyser: FlickerAnalyser, course: Course) -> None:
        """Keep the worst of a finished course."""
        if analyser.general.per_s > self.general.flashes.per_s:
            self.general = Seen(analyser.general, course.name)
        if analyser.red.per_s > self.red.flashes.per_s:
            self.red = Seen(analyser.red, course.name)


def levels_of(manifest: SceneManifest, wanted: Sequence[int] | None, is_quick: bool) -> tuple[int, ...]:
    """The levels to check: those wanted, when quick the first, middle and last of them; without levels, 0."""
    if not manifest.is_graded:
        return (0,)
    levels = [one.number for one in manifest.levels if wanted is None or one.number in wanted]
    if not is_quick or len(levels) <= 3:
        return tuple(levels)
    return levels[0], levels[len(levels) // 2], levels[-1]


class Checker:
    """Draws and measures one scene with a renderer whose size it sets."""

    def __init__(self, renderer: Renderer, wanted: Wanted) -> None:
        self._renderer = renderer
        self._wanted = wanted
        self._manifests = {name: load_manifest(name) for name in (CALM_SCENE, wanted.scene)}
        self._manifest = self._manifests[wanted.scene]
        self._scenes: dict[str, Scene] = {name: scene_called(name) for name in self._manifests}
        self.plans = tuple(self._plans())

    @property
    def frames(self) -> int:
        """How many pictures will be drawn."""
        return sum(paths.count(course, FRAMES_PER_S) for plan in self.plans for course in plan.drawn)

    def _plans(self) -> Iterator[LevelPlan]:
        manifest, manifests = self._manifest, self._manifests
        lengths_s = paths.event_lengths_s(manifest, self._scenes[manifest.name])
        for place, level in enumerate(self._wanted.levels):
            changes = paths.changes(manifest, level, manifests)
            events = paths.events(manifest, level, lengths_s)
            stays = paths.stays(manifest, level, paths.BRIEF_STAY_S if self._wanted.is_quick else paths.STAY_S)
            if self._wanted.is_quick:
                share = events[place :: len(self._wanted.levels)]
                is_middle = place == len(self._wanted.levels) // 2
                drawn = (*(changes[:1] if is_middle else ()), *map(_brief, share[-1:]))
                yield LevelPlan(level, drawn if changes and drawn else (*stays[:1], *drawn), (*changes, *share))
            else:
                yield LevelPlan(level, (*stays, *paths.unlike(changes, manifests), *events), (*changes, *events))

    def measure(self, progress: Progress) -> Iterator[tuple[int, str, EyeMeasures]]:
        """Level, eye and what was measured, level by level; `progress` hears of drawn pictures."""
        self._renderer.resize(2 * EYE_PX, EYE_PX)
        fields = _fields()
        surroundings = Surroundings(self._scenes[self._wanted.scene].build(SEED))
        texts = panel_texts()
        for plan in self.plans:
            eyes, load = self._drawn(plan, fields, progress)
            moved, course = self._followed(plan)
            for index, (name, eye) in enumerate(zip(EYES, eyes, strict=True)):
                sideways_m = (index - 0.5) * IPD_M
                nearest = self._nearest(plan, surroundings, sideways_m)
                behind = eye.darkest[1], eye.brightest[1]
                yield plan.level, name, _measures(eye, (moved, course), load, nearest, (texts, behind))

    def _drawn(self, plan: LevelPlan, fields: Fields, progress: Progress) -> tuple[tuple[_Eye, _Eye], Load]:
        eyes, load = (_Eye(), _Eye()), Load()
        for course in plan.drawn:
            analysers = FlickerAnalyser(fields), FlickerAnalyser(fields)
            for moment in paths.moments(course, FRAMES_PER_S, self._manifests):
                pictures = self._pictures(moment)
                load = _heavier(load, self._renderer)
                for eye, analyser, picture in zip(eyes, analysers, pictures, strict=True):
                    analyser.add(moment.time_s, picture)
                    if moment.shown.fade_0to1 == 0.0:
                        eye.look(picture)
                progress(1)
            for eye, analyser in zip(eyes, analysers, strict=True):
                eye.take(analyser, course)
        return eyes, load

    def _pictures(self, moment: Moment) -> tuple[Bytes, Bytes]:
        shown = moment.shown
        eye = EyePose(eye_height_m=STANDING_M if self._manifests[shown.target.scene].is_graded else SEATED_M)
        self._renderer.draw_stereo(
            View(
                shown.target.scene, shown.values, SEED, moment.time_s, eye, moment.events, shown.fade_0to1,
                vertical_fov_deg=FOV_DEG,
            ),
            IPD_M,
        )  # fmt: skip
        both = self._renderer.read_rgb()
        return both[:, :EYE_PX], both[:, EYE_PX:]

    def _frame(self, moment: Moment) -> SceneFrame:
        shown = moment.shown
        return self._scenes[shown.target.scene].frame(shown.values, SEED, moment.time_s, moment.events)

    def _followed(self, plan: LevelPlan) -> tuple[Motion, str]:
        """The worst motion, and the course of the strongest acceleration."""
        per_s = QUICK_CAMERA_PER_S if self._wanted.is_quick else CAMERA_PER_S
        found = [
            (motion([self._sample(one) for one in paths.moments(course, per_s, self._manifests)]), course.name)
            for course in plan.followed
        ]
        strongest = max(found, key=lambda pair: pair[0].acceleration_m_s2, default=(Motion(), ""))
        return worst(one for one, _ in found), strongest[1]

    def _sample(self, moment: Moment) -> CameraSample:
        shown, frame = moment.shown, self._frame(moment)
        choices = (f"{name} {value}" for name, value in shown.values.items() if isinstance(value, str))
        state = (shown.target.scene, *choices)
        return CameraSample(moment.time_s, frame.eye_base_m, frame.eye_yaw_deg, shown.fade_0to1, state)

    def _nearest(self, plan: LevelPlan, surroundings: Surroundings, sideways_m: float) -> Nearest | None:
        """The nearest thing at rest and during events, for a patient who sits and one who stands."""
        found: list[Nearest] = []
        for course in plan.drawn:
            if course.wanted is not None:
                continue
            for moment in paths.moments(course, 1.0 / NEARNESS_EVERY_S, self._manifests):
                frame = self._frame(moment)
                for height_m in (SEATED_M, STANDING_M):
                    eye_m = eye_position(frame, EyePose(eye_height_m=height_m), sideways_m)
                    near = surroundings.nearest(frame, eye_m, NEAREST_M, self._allowed(plan.level))
                    found += [near] if near is not None else []
        return min(found, key=lambda one: one.distance_m, default=None)

    def _allowed(self, level: int) -> frozenset[str]:
        levels = self._manifest.levels
        return frozenset(levels[level].near) if levels else frozenset()


@cache
def _fields() -> Fields:
    """The fields of every picture; they take a second to find."""
    return Fields((EYE_PX, EYE_PX), FOV_DEG, FIELD_SPACING_PX)


def _brief(course: Course) -> Course:
    """A part from the middle of an event."""
    from_s = max((course.duration_s - paths.BRIEF_STAY_S) / 2.0, 0.0)
    return replace(course, duration_s=paths.BRIEF_STAY_S, events_from_s=dict.fromkeys(course.events_from_s, from_s))


def _heavier(load: Load, renderer: Renderer) -> Load:
    now = renderer.statistics()
    return Load(
        max(load.draws, now.draws), max(load.triangles, now.triangles), max(load.texture_bytes, now.texture_bytes)
    )


def _measures(
    eye: _Eye,
    moved: tuple[Motion, str],
    load: Load,
    nearest: Nearest | None,
    panels: tuple[tuple[PanelText, ...], tuple[Rgb, Rgb]],
) -> EyeMeasures:
    return EyeMeasures(eye.general, eye.red, *moved, load, nearest, *panels)


def _rgb(code: Bytes) -> Rgb:
    red, green, blue = (float(part) for part in code)
    return red, green, blue
