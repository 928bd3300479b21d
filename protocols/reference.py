"""The format itself as data: JSON Schema for editors, and a table of every field for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from protocols.guardrail import Guardrail
from protocols.schema import Protocol

_SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPE_WORDS: Final = {str: "text", int: "whole number", float: "number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the format as a reader needs it; empty texts where there is nothing to say."""

    path: str
    kind: str
    default: str
    recommended: str
    accepted: str
    description: str


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a protocol file, for editors that complete and check YAML."""
    return {"$schema": _SCHEMA_DIALECT, **Protocol.model_json_schema()}


def field_rows(section: type[BaseModel] = Protocol, prefix: str = "") -> Iterator[FieldRow]:
    """Every field in the order of the schema, sections first described, then opened."""
    for name, info in section.model_fields.items():
        path = f"{prefix}{name}"
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield FieldRow(path, "section", "", "", "", info.description or "")
            yield from field_rows(inner, f"{path}.")
        else:
            yield _row(path, info)


def markdown_table() -> str:
    """The fields as a Markdown table."""
    lines = ["| Field | Type | Default | Recommended | Accepted | Meaning |", "|---|---|---|---|---|---|"]
    for row in field_rows():
        cells = (f"`{row.path}`", row.kind, row.default, row.recommended, row.accepted, row.description)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _row(path: str, info: FieldInfo) -> FieldRow:
    rail = next((item for item in info.metadata if isinstance(item, Guardrail)), None)
    recommended = rail.recommended_words() if rail else ""
    accepted = rail.absolute_words() if rail else ""
    return FieldRow(path, _kind(info.annotation), _default(info), recommended, accepted, info.description or "")


def _kind(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is tuple:
        return f"list of {_kind(get_args(annotation)[0])}s"
    if origin is dict:
        return f"mapping of names to {_kind(get_args(annotation)[1])}s"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return " or ".join(f"`{choice}`" for choice in annotation)
    if hasattr(annotation, "__metadata__"):
        return _kind(get_args(annotation)[0])
    return _TYPE_WORDS[annotation]


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "needed"
    default = info.default
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, int | float):
        return f"{default:g}"
    if isinstance(default, dict):
        return "{" + ", ".join(f"{key}: {setting:g}" for key, setting in default.items()) + "}"
    return f"“{default}”" if isinstance(default, str) else "none"
