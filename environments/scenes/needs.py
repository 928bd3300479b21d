"""What an event needs before it can be seen: ranges of numbers, choices.  Pure data of a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

Given = float | str


@dataclass(frozen=True, slots=True)
class Need:
    """One parameter lies between two numbers, or is one of some choices (then the numbers mean nothing)."""

    parameter: str
    minimum: float = 0.0
    maximum: float = 0.0
    choices: tuple[str, ...] = ()

    def is_met(self, given: Given) -> bool:
        """Whether a value is what is needed."""
        if self.choices or isinstance(given, str):
            return given in self.choices
        return self.minimum <= given <= self.maximum

    def words(self, given: Given) -> str:
        """What is needed, and what there is."""
        if self.choices:
            return f"needs {self.parameter} {' or '.join(self.choices)}, which is {given}"
        now = given if isinstance(given, str) else f"{given:.3g}"
        return f"needs {self.parameter} between {self.minimum:g} and {self.maximum:g}, which is {now}"


Needs = tuple[Need, ...]


def unmet(needs: Needs, values: Mapping[str, Given]) -> Need | None:
    """The first need that values do not meet."""
    return next((need for need in needs if not need.is_met(values[need.parameter])), None)


def _range_or_choices(wanted: list[float | str]) -> list[float | str]:
    numbers = [one for one in wanted if not isinstance(one, str)]
    if not wanted or len(numbers) not in (0, len(wanted)) or (numbers and len(numbers) != 2):
        raise ValueError("a need is a range of two numbers or a list of choices")
    return wanted


class EventFile(BaseModel):
    """An event in a manifest; `needs` names parameters that it takes to be seen, each with a range or choices."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
    words: str
    needs: dict[str, Annotated[list[float | str], AfterValidator(_range_or_choices)]] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, raw: object) -> object:
        """Words alone are an event that is always possible."""
        return {"words": raw} if isinstance(raw, str) else raw

    def made(self) -> Needs:
        """The needs as the rest of the program knows them."""
        return tuple(_need(name, wanted) for name, wanted in self.needs.items())


def _need(name: str, wanted: list[float | str]) -> Need:
    numbers = [one for one in wanted if not isinstance(one, str)]
    if numbers:
        return Need(name, numbers[0], numbers[1])
    return Need(name, choices=tuple(one for one in wanted if isinstance(one, str)))
