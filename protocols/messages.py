"""Plain words for what pydantic finds in a protocol file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from protocols.problems import did_you_mean
from protocols.schema import Mode, PolicyName, Protocol

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"mode": tuple(str(mode) for mode in Mode), "policy": tuple(str(policy) for policy in PolicyName)},
)
_WANTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "float_type": "a number",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "bool_type": "true or false",
        "string_type": "a text",
        "tuple_type": "a list, each entry on a line that begins with '- '",
        "model_type": "a mapping of keys",
        "dict_type": "a mapping of keys",
    }
)
_SLUG: Final = "must be lower-case words, with digits after the first letter and one hyphen between words"


def field_text(error: ErrorDetails) -> str:
    """What is wrong with one field and what to write instead, in one sentence."""
    kind, key = error["type"], str(error["loc"][-1])
    if kind == "extra_forbidden":
        return f"unknown key {key!r}; {did_you_mean(key, known_keys(error['loc'][:-1]))}"
    if kind == "missing":
        return f"key {key!r} is missing: {_description(error['loc'])}"
    if kind == "enum":
        return f"{key} is {_shown(error['input'])}; {did_you_mean(str(error['input']), _CHOICES[key])}"
    if kind in _WANTED:
        return f"{key} must be {_WANTED[kind]}, not {_shown(error['input'])}{_cure(kind, error['input'])}"
    if kind == "string_pattern_mismatch" and key == "name":
        return f"name {_SLUG}"
    return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}"


def known_keys(path: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys a section may have; `path` is empty for the file itself."""
    section: type[BaseModel] = Protocol
    for part in path:
        inner = section.model_fields[str(part)].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return ()
        section = inner
    return tuple(section.model_fields)


def _description(path: tuple[int | str, ...]) -> str:
    return Protocol.model_fields[str(path[0])].description or ""


def _shown(given: Any) -> str:
    if given is None:
        return "empty"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str):
        return f"the text {given[:40]!r}"
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list):
        return "a list"
    return f"{given:g}" if isinstance(given, float) else str(given)


def _cure(kind: str, given: Any) -> str:
    if kind in ("float_type", "int_type") and isinstance(given, str) and ":" in given:
        return "; write a time in seconds, for example 90"
    if kind == "bool_type" and str(given).lower() in ("on", "yes", "y"):
        return "; write true"
    if kind == "bool_type" and str(given).lower() in ("off", "no", "n"):
        return "; write false"
    return ""
