"""What a scene can be told: parameters, graded levels, events.  Pure data, read from `manifest.toml`.

Built-in scenes lie beside this file.  A clinic's own lie in the folder `scenes` of the data folder, which the session's
side names in the environment (`DATA_VARIABLE`) so that every process that it starts finds them too.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from environments.scenes.needs import EventFile, Needs, unmet
from environments.scenes.place_file import Place, PlaceFile, problems

SCENES_DIR = Path(__file__).parent
DATA_VARIABLE = "ACCLIMATE_DATA"
IMPORTED = "scenes"
MANIFEST_NAME = "manifest.toml"
MODEL_NAME = "place.glb"
NAME = re.compile(r"[a-z][a-z0-9_-]{1,39}")  # a folder on every system
ParameterValue = float | str

DRIFT_PACE = "pace_0to1"
"""How fast a played scene drifts, in metres a second, and how lively it is."""

DRIFT = "drift_m"
"""Metres such a scene adds to scene time times pace; the player keeps them, so that a change of pace is no jump."""

BREATH_PACE = "pace_per_min"
"""The parameter that paces a scene: breaths a minute."""

BREATH_PHASE = "breath_phase_cycles"
"""Breaths a paced scene adds to scene time times pace; the player keeps it, so that a change of pace is no jump."""


class ManifestError(ValueError):
    """A manifest that cannot be used, or a name or number that a manifest does not hold."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing of a scene that can be set.

    `choices` is empty for a number.  `max_rate_per_s` is the comfort limit on its change while the
    patient looks; a faster change has to happen behind a fade.
    """

    name: str
    unit: str
    words: str
    default: ParameterValue
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    max_rate_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A grade 0-10: a therapist's words and a full set of graded parameter values.

    `near` are the groups of the scene's geometry that may come nearer to the eyes than comfort otherwise allows.
    """

    number: int
    words: str
    parameters: Mapping[str, ParameterValue]
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SceneManifest:
    """Everything the session may know of a scene."""

    name: str
    title: str
    purpose: str
    parameters: tuple[Parameter, ...]
    levels: tuple[Level, ...]
    events: Mapping[str, str]
    place: Place | None = None
    is_played: bool = False
    in_own_room: bool = False  # what is feared can stand in the patient's own room
    needs: Mapping[str, Needs] = field(default_factory=dict)
    shows_notes: bool = False

    @property
    def is_graded(self) -> bool:
        """Whether intensity changes what is seen."""
        return bool(self.levels)

    @property
    def is_paced(self) -> bool:
        """Whether a breathing pace can be set."""
        return any(parameter.name == BREATH_PACE for parameter in self.parameters)

    def parameter(self, name: str) -> Parameter:
        """The parameter called `name`; `ManifestError` with the known names if there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(p.name for p in self.parameters)
        raise ManifestError(f"scene {self.name} has no parameter {name!r}; it has {known}")

    def values_at(
        self, intensity_0to1: float, overrides: Mapping[str, ParameterValue] | None = None
    ) -> dict[str, ParameterValue]:
        """Every parameter at an intensity: numbers interpolate between levels, choices follow the nearer level."""
        values: dict[str, ParameterValue] = {p.name: p.default for p in self.parameters}
        if self.levels:
            values.update(self._graded(min(max(intensity_0to1, 0.0), 1.0)))
        for name, wanted in (overrides or {}).items():
            values[name] = self.checked(self.parameter(name), wanted)
        return values

    def why_not(self, event: str, values: Mapping[str, ParameterValue]) -> str | None:
        """Why an event of the scene cannot be seen with all parameters as in `values`; None if it can."""
        need = unmet(self.needs.get(event, ()), values)
        return None if need is None else need.words(values[need.parameter])

    def commanded_at(
        self, intensity_0to1: float, overrides: Mapping[str, ParameterValue] | None = None
    ) -> dict[str, ParameterValue]:
        """`values_at` for a command; `ManifestError` also for what the player alone sets."""
        for name in (BREATH_PHASE, DRIFT):
            if name in (overrides or {}):
                raise ManifestError(f"{name} of {self.name} is kept by the player")
        return self.values_at(intensity_0to1, overrides)

    def _graded(self, intensity_0to1: float) -> dict[str, ParameterValue]:
        position = intensity_0to1 * (len(self.levels) - 1)
        index = min(int(position), len(self.levels) - 2)
        part = position - index
        below, above = self.levels[index].parameters, self.levels[index + 1].parameters
        graded: dict[str, ParameterValue] = {}
        for name, low in below.items():
            high = above[name]
            if isinstance(low, str) or isinstance(high, str):
                graded[name] = high if part >= 0.5 else low
            else:
                graded[name] = low if part == 0.0 else low + (high - low) * part
        return graded

    def checked(self, parameter: Parameter, wanted: ParameterValue) -> ParameterValue:
        """`wanted` if `parameter` may have it; else `ManifestError` with what it may be."""
        if parameter.choices:
            if wanted not in parameter.choices:
                raise ManifestError(f"{parameter.name} of {self.name} is one of {', '.join(parameter.choices)}")
            return wanted
        low, high = parameter.minimum, parameter.maximum
        if isinstance(wanted, str) or low is None or high is None or not low <= wanted <= high:
            raise ManifestError(
                f"{parameter.name} of {self.name} lies between {low} and {high} {parameter.unit}".rstrip()
            )
        return wanted


class _ParameterFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    unit: str = ""
    words: str
    default: float | str
    minimum: float | None = None
    maximum: float | None = None
    choices: list[str] = []
    max_rate_per_s: float | None = None


class _LevelFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    words: str
    parameters: dict[str, float | str]
    near: list[str] = []


class _ManifestFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    title: str
    purpose: str
    parameters: dict[str, _ParameterFile]
    levels: list[_LevelFile] = []
    events: dict[str, EventFile] = {}
    place: PlaceFile | None = None
    played: bool = False
    own_room: bool = False
    notes: bool = False


def built_in_names() -> tuple[str, ...]:
    """The scenes that come with the program, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in SCENES_DIR.glob(f"*/{MANIFEST_NAME}")))


def imported_folder() -> Path | None:
    """Where a clinic's own scenes lie; None where no data folder is named."""
    data = os.environ.get(DATA_VARIABLE)
    return Path(data) / IMPORTED if data else None


def scene_names() -> tuple[str, ...]:
    """The scenes that exist, in alphabetical order."""
    folder = imported_folder()
    own = [] if folder is None else [path.parent.name for path in folder.glob(f"*/{MANIFEST_NAME}")]
    return tuple(sorted({*built_in_names(), *filter(NAME.fullmatch, own)}))


def load_manifest(name: str) -> SceneManifest:
    """The manifest of the scene called `name`; `ManifestError` with the known names if there is none."""
    folders = (SCENES_DIR, imported_folder()) if NAME.fullmatch(name) else ()
    for folder in folders:
        if folder is not None and (path := folder / name / MANIFEST_NAME).is_file():
            return _read(name, path, path.stat().st_mtime_ns)
    raise ManifestError(f"there is no scene {name!r}; there are {', '.join(scene_names())}")


def usable_manifests() -> dict[str, SceneManifest]:
    """Every scene whose manifest can be used, by name; a clinic's broken one takes no other with it."""
    found = {}
    for name in scene_names():
        try:
            found[name] = load_manifest(name)
        except ManifestError:
            if name in built_in_names():
                raise
    return found


@cache
def _read(name: str, path: Path, changed_ns: int) -> SceneManifest:
    del changed_ns
    try:
        return parse_manifest(name, path.read_text("utf-8"), path.parent)
    except (OSError, UnicodeDecodeError, ManifestError) as error:
        raise ManifestError(f"{path}: {error}") from error


def parse_manifest(name: str, text: str, folder: Path) -> SceneManifest:
    """The manifest in a text; `ManifestError` with the first thing that is wrong with it."""
    try:
        raw = _ManifestFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ManifestError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    parameters = tuple(
        Parameter(key, p.unit, p.words, p.default, p.minimum, p.maximum, tuple(p.choices), p.max_rate_per_s)
        for key, p in raw.parameters.items()
    )
    levels = tuple(
        Level(number, item.words, item.parameters, tuple(item.near)) for number, item in enumerate(raw.levels)
    )
    place = None if raw.place is None else raw.place.place(folder)
    words = {event: one.words for event, one in raw.events.items()}
    needs = {event: one.made() for event, one in raw.events.items()}
    manifest = SceneManifest(
        name, raw.title, raw.purpose, parameters, levels, words, place, raw.played, raw.own_room, needs, raw.notes
    )
    for parameter in parameters:
        manifest.checked(parameter, parameter.default)
    _check_levels(manifest)
    _check_needs(manifest)
    for problem in () if raw.place is None else problems(raw.place, _steps(parameters), set(raw.events)):
        raise ManifestError(problem)
    return manifest


def _steps(parameters: tuple[Parameter, ...]) -> dict[str, tuple[float, float] | None]:
    """The range of each numeric parameter and how fast it may change (without a limit at once)."""
    return {
        one.name: None
        if one.minimum is None or one.maximum is None
        else (one.maximum - one.minimum, one.max_rate_per_s or math.inf)
        for one in parameters
    }


def _check_needs(manifest: SceneManifest) -> None:
    for need in (need for needs in manifest.needs.values() for need in needs):
        for wanted in need.choices or (need.minimum, need.maximum):
            manifest.checked(manifest.parameter(need.parameter), wanted)


def _check_levels(manifest: SceneManifest) -> None:
    if manifest.levels and len(manifest.levels) != 11:
        raise ManifestError(f"scene {manifest.name} has {len(manifest.levels)} levels; a graded scene has 11 (0 to 10)")
    for level in manifest.levels:
        if set(level.parameters) != set(manifest.levels[0].parameters):
            raise ManifestError(f"level {level.number} of {manifest.name} does not set the same parameters as level 0")
        for name, setting in level.parameters.items():
            manifest.checked(manifest.parameter(name), setting)
