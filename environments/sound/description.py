"""What a place sounds like: `sound.toml` in the scene's folder, read and checked against the scene's manifest.  Pure.

Gains are in dB, places in metres of the scene (+x right, +y up, -z ahead of a patient who looks straight on).
docs/sound.md explains every key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from environments.scenes.manifest import SCENES_DIR, SceneManifest, imported_folder
from environments.sound.messages import PLAYED
from environments.sound.synth.catalogue import SOUNDS

FILE_NAME = "sound.toml"
BREATH = "breath"
EVENT, RATE = "event:", "rate:"
HIGHEST_GAIN_DB = 6.0
MOST_BED_SOURCES = 32
Vector = tuple[float, float, float]


class SoundFileError(ValueError):
    """A `sound.toml` that cannot be used; the text is one sentence that names the file."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A table: `by` a parameter, `breath` (0-1 through a wave), `event:NAME` (its age, s) or `rate:PARAMETER` (1/s)."""

    by: str
    points: tuple[tuple[float, float], ...] = ()
    choices: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One sound of a place; `to_m` and `lasts_s` make it move, `moves_along` keeps it with the patient's body."""

    name: str
    sound: str
    gain_db: float = 0.0
    places_m: tuple[Vector, ...] = ()
    near_m: float = 1.0
    width_m: float = 0.0
    moves_along: bool = False
    follow: tuple[Follow, ...] = ()
    pitch: tuple[Follow, ...] = ()
    every_s: tuple[float, float] | None = None
    event: str | None = None
    after_s: float = 0.0
    to_m: Vector | None = None
    lasts_s: float | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """All sounds of a scene; the listener's height over the scene's ground is the parameter `up`, if there is one."""

    scene: str
    beds: tuple[Part, ...] = ()
    sometimes: tuple[Part, ...] = ()
    on_events: tuple[Part, ...] = ()
    up: str | None = None

    @property
    def sounds(self) -> tuple[str, ...]:
        """The names of all sounds, what plays all the time first."""
        return tuple(dict.fromkeys(part.sound for part in (*self.beds, *self.on_events, *self.sometimes)))


_FILE = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
_Number = Annotated[float, Field(strict=False)]
_Place = Annotated[list[_Number], Field(min_length=3, max_length=3)]


class _FollowFile(BaseModel):
    model_config = _FILE
    by: str
    points: list[Annotated[list[_Number], Field(min_length=2, max_length=2)]] = []
    choices: dict[str, _Number] = {}


class _PartFile(BaseModel):
    model_config = _FILE
    sound: str
    gain_db: Annotated[float, Field(strict=False, ge=-60.0, le=HIGHEST_GAIN_DB)] = 0.0
    places_m: list[_Place] = []
    near_m: Annotated[float, Field(strict=False, ge=0.0)] = 1.0
    width_m: Annotated[float, Field(strict=False, ge=0.0)] = 0.0
    moves_along: bool = False
    follow: list[_FollowFile] = []
    pitch: list[_FollowFile] = []


class _PassingFile(_PartFile):
    to_m: _Place | None = None
    lasts_s: Annotated[float, Field(strict=False, gt=0.0)] | None = None


class _SometimesFile(_PassingFile):
    every_s: Annotated[list[_Number], Field(min_length=2, max_length=2)]


class _EventFile(_PassingFile):
    after_s: Annotated[float, Field(strict=False, ge=0.0)] = 0.0


class _ListenerFile(BaseModel):
    model_config = _FILE
    up: str | None = None


class _SoundFile(BaseModel):
    model_config = _FILE
    listener: _ListenerFile = _ListenerFile()
    beds: dict[str, _PartFile] = {}
    sometimes: dict[str, _SometimesFile] = {}
    events: dict[str, list[_EventFile]] = {}


def load_description(manifest: SceneManifest) -> Description:
    """The sounds of a scene; none where it has no `sound.toml`; `SoundFileError` where that cannot be used."""
    for folder in (SCENES_DIR, imported_folder()):
        path = None if folder is None else folder / manifest.name / FILE_NAME
        if path is not None and path.is_file():
            return _read(path, manifest)
    return Description(manifest.name)


def _read(path: Path, manifest: SceneManifest) -> Description:
    try:
        return parse_description(path.read_text("utf-8"), manifest)
    except (OSError, UnicodeDecodeError, SoundFileError) as error:
        raise SoundFileError(f"The sounds of {manifest.name} cannot be used: {path}: {error}.") from error


def parse_description(text: str, manifest: SceneManifest) -> Description:
    """The sounds in a text; `SoundFileError` with the first thing that is wrong."""
    try:
        raw = _SoundFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SoundFileError(str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SoundFileError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    events = [
        _part(f"{event} {number}", one, event=event)
        for event, several in raw.events.items()
        for number, one in enumerate(several)
    ]
    described = Description(
        manifest.name,
        tuple(_part(name, one) for name, one in raw.beds.items()),
        tuple(_part(name, one) for name, one in raw.sometimes.items()),
        tuple(events),
        raw.listener.up,
    )
    for problem in _problems(described, manifest):
        raise SoundFileError(problem)
    return described


def _part(name: str, raw: _PartFile, event: str | None = None) -> Part:
    every = (raw.every_s[0], raw.every_s[1]) if isinstance(raw, _SometimesFile) else None
    passing = raw if isinstance(raw, _PassingFile) else None
    return Part(
        name=name,
        sound=raw.sound,
        gain_db=raw.gain_db,
        places_m=tuple(_vector(place) for place in raw.places_m),
        near_m=raw.near_m,
        width_m=raw.width_m,
        moves_along=raw.moves_along,
        follow=tuple(_follow(one) for one in raw.follow),
        pitch=tuple(_follow(one) for one in raw.pitch),
        every_s=every,
        event=event,
        after_s=raw.after_s if isinstance(raw, _EventFile) else 0.0,
        to_m=None if passing is None or passing.to_m is None else _vector(passing.to_m),
        lasts_s=None if passing is None else passing.lasts_s,
    )


def _vector(place: list[float]) -> Vector:
    return place[0], place[1], place[2]


def _follow(raw: _FollowFile) -> Follow:
    return Follow(raw.by, tuple((point[0], point[1]) for point in raw.points), tuple(raw.choices.items()))


def _problems(described: Description, manifest: SceneManifest) -> Iterator[str]:
    sources = sum(max(len(part.places_m), 1) for part in described.beds)
    if sources > MOST_BED_SOURCES:
        yield f"beds have {sources} places; at most {MOST_BED_SOURCES} sound at once"
    if described.up is not None and described.up not in _parameters(manifest):
        yield f"listener.up: the scene has no parameter {described.up!r}"
    for part in (*described.beds, *described.sometimes, *described.on_events):
        for problem in _part_problems(part, manifest):
            yield f"{part.name}: {problem}"


def _part_problems(part: Part, manifest: SceneManifest) -> Iterator[str]:
    sound = SOUNDS.get(part.sound)
    if sound is None:
        yield f"there is no sound {part.sound!r}; there are {', '.join(sorted(SOUNDS))}"
        return
    is_bed = part.every_s is None and part.event is None
    if is_bed and not sound.loops:
        yield f"{part.sound} does not loop and cannot be a bed"
    if not is_bed and sound.loops and part.lasts_s is None:
        yield f"{part.sound} loops and needs lasts_s here"
    if part.to_m is not None and (len(part.places_m) != 1 or part.lasts_s is None):
        yield "a sound that moves needs one place, to_m and lasts_s"
    if part.every_s is not None and not 1.0 <= part.every_s[0] <= part.every_s[1]:
        yield "every_s is the shortest and the longest time between, in seconds from 1 on"
    if part.event is not None and part.event not in (*manifest.events, *PLAYED):
        yield f"the scene has no event {part.event!r}"
    for table in (*part.follow, *part.pitch):
        yield from _table_problems(table, manifest)


def _table_problems(table: Follow, manifest: SceneManifest) -> Iterator[str]:
    known = _parameters(manifest)
    kind, _, name = table.by.rpartition(":")
    if kind == "event":
        if name not in manifest.events:
            yield f"the scene has no event {name!r} to follow"
    elif table.by != BREATH and ((kind not in ("", "rate")) or name not in known):
        yield f"nothing is called {table.by!r} to follow; there are breath, {', '.join(known)}"
    elif kind == "rate" and known[name]:
        yield f"{name} is a choice and has no rate"
    if bool(table.points) == bool(table.choices):
        yield f"following {table.by} needs either points or choices"
    steps = [at for at, _ in table.points]
    if any(after <= before for before, after in pairwise(steps)):
        yield f"the points that follow {table.by} do not ascend"
    if table.choices and set(dict(table.choices)) != set(known.get(table.by, ())):
        yield f"following {table.by} needs one value for each of {', '.join(known.get(table.by, ())) or 'its choices'}"


def _parameters(manifest: SceneManifest) -> Mapping[str, tuple[str, ...]]:
    return {one.name: one.choices for one in manifest.parameters}
