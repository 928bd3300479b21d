"""Scenario files: what happens to a session in plain terms, and what the loop must then decide.

Times are minutes and seconds from the beginning of the exposure.  A file that cannot be used is told with
every problem as `file:line:column`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from protocols.problems import Problem, ProtocolFileError, did_you_mean
from protocols.steps import Steps
from protocols.yaml_source import YamlSource
from therapy.cli.therapist_input import CommandUnclear, parse
from therapy.control.decision import Reason, Rule, Stage
from therapy.session.events import NoticeCode

FOLDER = Path(__file__).parent
HEART = re.compile(r"(\d{1,3}) bpm(, flat)?")
CLOCK = re.compile(r"jumps (\d{1,3}) s (ahead|back)|is no number")
LEVELS = re.compile(r"\d{1,2}(\.5)? -> \d{1,2}(\.5)?")
OF_THE_PATIENT = ("heart", "distress", "expects", "answers")
OF_THE_SESSION = ("strap", "rating", "patient", "therapist", "clock", "display", "record")
HAPPENINGS = (*OF_THE_PATIENT, *OF_THE_SESSION)
OUTCOMES = ("level", "suggests", "never", "told", "stands")


def wrong(words: str) -> PydanticCustomError:
    """A problem in words of our own."""
    return PydanticCustomError("scenario", "{words}", {"words": words})


def _seconds(text: object) -> float:
    found = re.fullmatch(r"(\d{1,3}):([0-5]\d)", text) if isinstance(text, str) else None
    if found is None:
        raise wrong(f"{text!r} is no time; write minutes and seconds, such as 12:30")
    return int(found[1]) * 60.0 + int(found[2])


def _span(text: object) -> tuple[float, float]:
    first, word, last = text.partition(" to ") if isinstance(text, str) else ("", "", "")
    if not word:
        raise wrong(f"{text!r} is no span of time; write 1:00 to 2:30")
    span = _seconds(first), _seconds(last)
    if span[0] >= span[1]:
        raise wrong("a span ends after it begins")
    return span


def _of(codes: type[Rule | Reason | NoticeCode | Stage], what: str) -> BeforeValidator:
    def read(code: object) -> object:
        known = [one.value for one in codes]
        if code not in known:
            near = did_you_mean(str(code), known).split(" (known")[0]
            raise wrong(f"there is no {what} {code!r}; {near}")
        return codes(code)

    return BeforeValidator(read)


def _reasons(given: object) -> object:
    return given if isinstance(given, list) else [given]


Seconds = Annotated[float, BeforeValidator(_seconds)]
Span = Annotated[tuple[float, float], BeforeValidator(_span)]
RuleCode = Annotated[Rule, _of(Rule, "rule")]
NoticeName = Annotated[NoticeCode, _of(NoticeCode, "notice")]
StageCode = Annotated[Stage, _of(Stage, "stage")]
Reasons = Annotated[list[Annotated[Reason, _of(Reason, "reason")]], BeforeValidator(_reasons)]


class Part(BaseModel):
    """A part of a scenario file: no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Patient(Part):
    """Who it is.  `tolerated` and `limit` are levels; `heart` is the resting heart rate in bpm."""

    age: int = 40
    heart: int = 70
    tolerated: int = 0
    limit: int = 10
    stage: StageCode = Stage.BOUNDED_RAISE
    ratings_only: bool = False


class Happening(Part):
    """One thing that happens at a time."""

    at: Seconds
    heart: str | None = None
    strap: Literal["lost", "back", "sends zero", "sends nonsense", "sends impossible beats", "repeats"] | None = None
    rating: int | None = None
    distress: int | None = None
    expects: int | None = None
    answers: Literal["none", "after 5 s", "after 25 s"] | None = None
    patient: Literal["stops"] | None = None
    therapist: str | None = None
    clock: str | None = None
    display: Literal["lost", "headset off"] | None = None
    record: Literal["fails"] | None = None

    @property
    def is_of_the_patient(self) -> bool:
        """Whether it says how the patient is from then on."""
        return any(getattr(self, name) is not None for name in OF_THE_PATIENT)

    @model_validator(mode="after")
    def _one_thing(self) -> Happening:
        named = [name for name in HAPPENINGS if getattr(self, name) is not None]
        if len(named) != 1:
            raise wrong(f"one thing happens at a time: {', '.join(HAPPENINGS)}")
        for name, pattern, example in (("heart", HEART, "95 bpm"), ("clock", CLOCK, "jumps 60 s ahead")):
            given = getattr(self, name)
            if given is not None and not pattern.fullmatch(given):
                raise wrong(f"{given!r} is no {name}; write for example: {name}: {example}")
        if self.therapist is not None:
            try:
                parse(self.therapist)
            except CommandUnclear as unclear:
                raise wrong(str(unclear)) from None
        return self


class Expected(Part):
    """One thing that must be so, at a second or within a span."""

    at: Seconds | None = None
    within: Span | None = None
    level: str | None = None
    rule: RuleCode | None = None
    because: Reasons = []
    calm: bool = False
    suggests: float | None = None
    never: Literal["step up", "change"] | None = None
    told: NoticeName | None = None
    saying: str = ""
    stands: float | None = None

    @model_validator(mode="after")
    def _complete(self) -> Expected:
        if (self.at is None) == (self.within is None):
            raise wrong("say either when (at: 1:20) or within which span (within: 1:20 to 1:40)")
        named = [name for name in OUTCOMES if getattr(self, name) is not None]
        if len(named) != 1:
            raise wrong(f"one thing is expected: {', '.join(OUTCOMES)}")
        if self.level is not None and not (LEVELS.fullmatch(self.level) and self.rule is not None and self.because):
            raise wrong("a change is: level: 1 -> 2, rule: …, because: …")
        if self.never is not None and self.within is None:
            raise wrong("what must never happen needs a span: within: 1:00 to 2:30")
        return self

    @property
    def span_s(self) -> tuple[float, float]:
        """From when until before when; a single time is that second."""
        if self.within is not None:
            return self.within
        assert self.at is not None
        return self.at, self.at + 1.0


class Scenario(Part):
    """A whole file."""

    title: Annotated[str, Field(min_length=10)]
    why: Annotated[str, Field(min_length=40)]
    protocol: str = "heights-first"
    steps: dict[str, int] = {}
    patient: Patient = Patient()
    timeline: list[Happening]
    until: Seconds
    expected: Annotated[list[Expected], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Scenario:
        for name in self.steps:
            if name not in Steps.model_fields:
                raise wrong(f"a protocol's steps have no {name!r}; {did_you_mean(name, Steps.model_fields)}")
        times_s = [one.at for one in self.timeline]
        if times_s != sorted(times_s):
            raise wrong("the timeline is not in order of time")
        if max([*times_s, *(one.span_s[0] for one in self.expected)]) > self.until:
            raise wrong("something stands after the scenario's end (until)")
        return self


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file; `ProtocolFileError` with every problem and its place."""
    source = YamlSource(path.read_text(encoding="utf-8"), path.name)
    try:
        return Scenario.model_validate(source.document)
    except ValidationError as error:
        raise ProtocolFileError([_problem(source, one) for one in error.errors()]) from None


def _problem(source: YamlSource, error: Any) -> Problem:
    place = tuple(part for part in error["loc"] if not (isinstance(part, str) and "[" in part))
    if error["type"] == "extra_forbidden":
        return source.problem(place, f"there is no key {place[-1]!r} here", at_key=True)
    words = f"{place[-1]!r} is missing" if error["type"] == "missing" else error["msg"]
    return source.problem(place[:-1] if error["type"] == "missing" else place, words)
