"""Bring documents of older schema versions up to the current one, one version at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from protocols.schema import SCHEMA_VERSION

Document = dict[str, Any]
Upgrader = Callable[[Document], Document]

UPGRADERS: Final[Mapping[int, Upgrader]] = MappingProxyType({})
"""By version: what turns a document of that version into one of the next.  Version 1 is the first."""


class VersionProblem(ValueError):
    """A document whose schema version cannot be read."""


def upgraded(document: Document, upgraders: Mapping[int, Upgrader] = UPGRADERS) -> tuple[Document, int]:
    """The document in the current version, and the version it was written in; `VersionProblem` otherwise.

    A document without a version number is returned as it is: the schema says what is wrong with it.  The
    document given is never changed; an upgrader returns a new one and need not set `schema_version`.
    """
    written = document.get("schema_version")
    if not isinstance(written, int) or isinstance(written, bool):
        return document, SCHEMA_VERSION
    if written > SCHEMA_VERSION:
        raise VersionProblem(
            f"schema_version {written} is newer than this program reads ({SCHEMA_VERSION}); update Acclimate"
        )
    for version in range(written, SCHEMA_VERSION):
        if version not in upgraders:
            raise VersionProblem(f"schema_version {written} is not known; the current one is {SCHEMA_VERSION}")
        document = {**upgraders[version](dict(document)), "schema_version": version + 1}
    return document, written
