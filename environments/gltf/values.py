"""Typed reading of a document's objects; whatever is not what it should be is a `GltfError`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from environments.gltf.problems import GltfError

Json = dict[str, Any]
LARGEST = 2**31


def whole(element: Json, key: str, default: int | None = None, most: int = LARGEST) -> int:
    """A whole number from 0 to `most`."""
    found = element.get(key, default)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if type(found) is not int or not 0 <= found <= most:
        raise GltfError(f"{key} is no whole number from 0 to {most}")
    return found


def index(element: Json, key: str, length: int) -> int | None:
    """An index into a list of `length`, None where there is none."""
    if key not in element:
        return None
    if length == 0:
        raise GltfError(f"{key} points to something the file does not have")
    return whole(element, key, most=length - 1)


def number(element: Json, key: str, default: float) -> float:
    """A finite number."""
    return _finite(element.get(key, default), key)


def _finite(found: object, key: str) -> float:
    if type(found) is not float and type(found) is not int:
        raise GltfError(f"{key} is no number")
    if not abs(found) < 1e30 or math.isnan(found):
        raise GltfError(f"{key} is not finite")
    return float(found)


def numbers(element: Json, key: str, default: Sequence[float]) -> tuple[float, ...]:
    """As many finite numbers as `default` has."""
    found = element.get(key)
    if found is None:
        return tuple(default)
    if not isinstance(found, list) or len(found) != len(default):
        raise GltfError(f"{key} is no list of {len(default)} numbers")
    return tuple([_finite(value, key) for value in found])


def text(element: Json, key: str, default: str = "") -> str:
    """A text of at most 200 characters."""
    found = element.get(key, default)
    if not isinstance(found, str):
        raise GltfError(f"{key} is no text")
    return found[:200]


def part(element: Json, key: str) -> Json:
    """An object inside, an empty one where there is none."""
    found = element.get(key, {})
    if not isinstance(found, dict):
        raise GltfError(f"{key} is no object")
    return found


def parts(element: Json, key: str) -> list[Json]:
    """A list of objects, an empty one where there is none."""
    found = element.get(key, [])
    if not isinstance(found, list) or not all(type(one) is dict for one in found):
        raise GltfError(f"{key} is no list of objects")
    return found


def indices(element: Json, key: str, length: int) -> list[int]:
    """A list of indices into a list of `length`, an empty one where there is none."""
    found = element.get(key, [])
    if not isinstance(found, list) or not all(type(one) is int and 0 <= one < length for one in found):
        raise GltfError(f"{key} is no list of numbers from 0 to {length - 1}")
    return found


def extension(element: Json, name: str) -> Json | None:
    """One extension's object, None where it is not used."""
    found = part(element, "extensions")
    return part(found, name) if name in found else None
