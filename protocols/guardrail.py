"""A limit as a value: what is recommended, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Verdict(StrEnum):
    """How a number stands to its guardrail."""

    FINE = "fine"
    UNUSUAL = "unusual"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """Bounds of one number, ends included, lowest first.

    Outside the recommended bounds a protocol is used with a warning; outside the absolute bounds it is
    refused.  As `Annotated` metadata it makes pydantic refuse what lies outside the absolute bounds.
    """

    absolute_low: float
    recommended_low: float
    recommended_high: float
    absolute_high: float
    unit: str = ""

    def __post_init__(self) -> None:
        ends = (self.absolute_low, self.recommended_low, self.recommended_high, self.absolute_high)
        if list(ends) != sorted(ends):
            raise ValueError(f"the recommended bounds lie outside the absolute ones: {ends}")

    def verdict(self, number: float) -> Verdict:
        """Whether `number` is fine, unusual or refused; NaN is refused."""
        if not self.absolute_low <= number <= self.absolute_high:
            return Verdict.REFUSED
        if not self.recommended_low <= number <= self.recommended_high:
            return Verdict.UNUSUAL
        return Verdict.FINE

    def absolute_words(self) -> str:
        """The absolute bounds as text, for example `45 to 600 s`."""
        return self._words(self.absolute_low, self.absolute_high)

    def recommended_words(self) -> str:
        """The recommended bounds as text."""
        return self._words(self.recommended_low, self.recommended_high)

    def _words(self, low: float, high: float) -> str:
        return f"{low:g} to {high:g} {self.unit}".rstrip()

    def _checked(self, number: float) -> float:
        if self.verdict(number) is Verdict.REFUSED:
            context = {"number": f"{number:g}", "bounds": self.absolute_words()}
            raise PydanticCustomError("guardrail", "{number} is refused; it must lie in {bounds}", context)
        return number

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        schema["minimum"] = self.absolute_low
        schema["maximum"] = self.absolute_high
        return schema
