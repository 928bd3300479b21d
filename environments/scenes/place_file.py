"""The `[place]` of a manifest: what a clinic's own model needs to be told to become a scene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Vector = tuple[float, float, float]

FASTEST_EYE_M_S = 1.5
"""As fast as the built-in lift; moved faster without walking, people feel sick.  Engineering default."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Nodes (names, * for any letters) that are there while a parameter is at least `from_value` and under `until`."""

    nodes: tuple[str, ...]
    parameter: str
    from_value: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Nodes, or the patient's eyes where there are none, moved by `by_m` as a parameter goes from least to most."""

    nodes: tuple[str, ...]
    parameter: str
    by_m: Vector


@dataclass(frozen=True, slots=True)
class Place:
    """A model in `folder` as a scene.

    The patient's eyes are at `camera` or, without one, at `eye_m` looking to `yaw_deg`.  `light` are the values of sun
    and air; parameters of the same names go before them.  `clips` gives each event its clip; `loops` play all the time.
    """

    folder: Path
    camera: str | None = None
    eye_m: Vector = (0.0, 1.2, 0.0)
    yaw_deg: float = 0.0
    light: Mapping[str, float] = field(default_factory=dict)
    shown: tuple[Shown, ...] = ()
    moved: tuple[Moved, ...] = ()
    clips: Mapping[str, str] = field(default_factory=dict)
    loops: tuple[str, ...] = ()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Metres = Annotated[float, Field(ge=-1e4, le=1e4)]
VectorFile = tuple[Metres, Metres, Metres]
NodesFile = Annotated[list[str], Field(min_length=1, max_length=200)]
Part = Annotated[float, Field(ge=0.0, le=1.0)]


class LightFile(_Strict):
    """Sun and air."""

    sun_azimuth_deg: Annotated[float, Field(ge=-180.0, le=180.0)] = -35.0
    sun_elevation_deg: Annotated[float, Field(ge=-4.0, le=90.0)] = 38.0
    haze_0to1: Part = 0.2
    cloud_0to1: Part = 0.3
    wind_0to1: Part = 0.2


class ShownFile(_Strict):
    """One entry of `[[place.shown]]`."""

    nodes: NodesFile
    parameter: str
    from_: float = Field(alias="from")
    until: float | None = None


class MovedFile(_Strict):
    """One entry of `[[place.moved]]`."""

    nodes: NodesFile
    parameter: str
    by_m: VectorFile


class EyeMovedFile(_Strict):
    """`[place.eye_moved]`."""

    parameter: str
    by_m: VectorFile


class PlaceFile(_Strict):
    """`[place]` as written."""

    camera: str | None = None
    eye_m: VectorFile | None = None
    yaw_deg: float = 0.0
    light: LightFile = LightFile()
    shown: list[ShownFile] = []
    moved: list[MovedFile] = []
    eye_moved: EyeMovedFile | None = None
    clips: dict[str, str] = {}
    loops: list[str] = []

    def place(self, folder: Path) -> Place:
        """The same as plain data."""
        moved = [Moved(tuple(one.nodes), one.parameter, one.by_m) for one in self.moved]
        if self.eye_moved is not None:
            moved.append(Moved((), self.eye_moved.parameter, self.eye_moved.by_m))
        return Place(
            folder,
            self.camera,
            self.eye_m or (0.0, 1.2, 0.0),
            self.yaw_deg,
            self.light.model_dump(),
            tuple(Shown(tuple(one.nodes), one.parameter, one.from_, one.until) for one in self.shown),
            tuple(moved),
            self.clips,
            tuple(self.loops),
        )


def problems(place: PlaceFile, steps: Mapping[str, tuple[float, float] | None], events: set[str]) -> Iterator[str]:
    """What in a place does not fit the rest of its manifest.

    `steps` gives each numeric parameter its range and its fastest change a second, None for a choice.
    """
    if (place.camera is None) == (place.eye_m is None):
        yield "[place] names either a camera or eye_m, not both or none"
    for kind, named in (("shown", place.shown), ("moved", place.moved)):
        for one in named:
            if steps.get(one.parameter) is None:
                yield f"[[place.{kind}]] follows {one.parameter!r}, which is no numeric parameter"
    for event in place.clips:
        if event not in events:
            yield f"[place.clips] names the event {event!r}, which [events] does not have"
    if place.eye_moved is not None:
        yield from _eye_problems(place.eye_moved, steps)


def _eye_problems(moved: EyeMovedFile, steps: Mapping[str, tuple[float, float] | None]) -> Iterator[str]:
    step = steps.get(moved.parameter)
    if step is None:
        yield f"[place.eye_moved] follows {moved.parameter!r}, which is no numeric parameter"
        return
    span, rate_per_s = step
    if sum(one * one for one in moved.by_m) ** 0.5 * rate_per_s > FASTEST_EYE_M_S * max(span, 1e-9) * (1.0 + 1e-9):
        yield (
            f"[place.eye_moved] would move the patient faster than {FASTEST_EYE_M_S:g} m/s; "
            f"give {moved.parameter} a smaller max_rate_per_s"
        )
