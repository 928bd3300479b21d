"""Events, outputs and decisions as JSON and back, bit for bit.

Works for the frozen dataclasses of `therapy.session.events` and `therapy.control.decision`, from their
type hints.  Floats are written with Python's shortest exact form; NaN and infinities become strings.
A dataclass where several are possible carries its class name under `"kind"`.
"""

from __future__ import annotations

import json
import math
import types
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from therapy.errors import StoreError
from therapy.session.events import Event, Output

KIND = "kind"
EVENT_CLASSES: dict[str, type] = {cls.__name__: cls for cls in get_args(Event)}
OUTPUT_CLASSES: dict[str, type] = {cls.__name__: cls for cls in get_args(Output)}


def encode(record: object) -> str:
    """A dataclass of plain fields as JSON; `StoreError` for anything that cannot be written exactly."""
    return json.dumps(_plain(record), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def decode_event(kind: str, payload: str) -> Event:
    """The event of class `kind` that `encode` wrote as `payload`."""
    return cast(Event, _decode_class(EVENT_CLASSES, kind, payload))


def decode_output(kind: str, payload: str) -> Output:
    """The output of class `kind` that `encode` wrote as `payload`."""
    return cast(Output, _decode_class(OUTPUT_CLASSES, kind, payload))


def decode(cls: Any, payload: str) -> Any:
    """An object of type `cls` (a dataclass or any type of its fields) from JSON; `StoreError` if it does not fit."""
    try:
        return _build(cls, json.loads(payload))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise StoreError(f"A stored {getattr(cls, '__name__', cls)} cannot be read: {error}.", _CURE) from error


_CURE = "The record was written by another version or is damaged; keep the file and report it."


def _decode_class(classes: dict[str, type], kind: str, payload: str) -> object:
    if kind not in classes:
        raise StoreError(f"The record holds a {kind!r}, which this version does not know.", _CURE)
    return decode(classes[kind], payload)


def _plain(value: object, tagged: bool = False) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (int, str)):
        return value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        tags = _tagged_fields(type(value))
        plain = {name: _plain(getattr(value, name), name in tags) for name in _hints(type(value))}
        return {KIND: type(value).__name__, **plain} if tagged else plain
    raise StoreError(f"A {type(value).__name__} cannot be written to the record.", "Report this; it is a fault.")


@cache
def _hints(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}


@cache
def _tagged_fields(cls: type) -> frozenset[str]:
    """The fields whose type leaves more than one dataclass open."""
    return frozenset(name for name, hint in _hints(cls).items() if len(_dataclasses_in(hint)) > 1)


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _dataclasses_in(hint: Any) -> tuple[type, ...]:
    return tuple(option for option in _options(hint) if is_dataclass(option) and isinstance(option, type))


def _build(hint: Any, plain: Any) -> Any:
    options = _options(hint)
    if plain is None:
        return _none(options)
    classes = _dataclasses_in(hint)
    if isinstance(plain, dict) and classes:
        return _build_dataclass(classes, plain)
    if isinstance(plain, list):
        return _build_tuple(hint, plain)
    for option in options:
        built = _scalar(option, plain)
        if built is not None:
            return built
    raise TypeError(f"{plain!r} is no {hint}")


def _none(options: tuple[Any, ...]) -> None:
    if type(None) not in options:
        raise TypeError("a value is missing")


def _build_dataclass(classes: tuple[type, ...], plain: dict[str, Any]) -> object:
    cls = classes[0]
    if len(classes) > 1:
        cls = {option.__name__: option for option in classes}[plain[KIND]]
        plain = {name: part for name, part in plain.items() if name != KIND}
    hints = _hints(cls)
    if unknown := set(plain) - set(hints):
        raise TypeError(f"{cls.__name__} has no {', '.join(sorted(unknown))}")
    return cls(**{name: _build(hints[name], part) for name, part in plain.items()})


def _build_tuple(hint: Any, plain: list[Any]) -> tuple[Any, ...]:
    inner = next(get_args(option) for option in _options(hint) if get_origin(option) is tuple)
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(_build(inner[0], part) for part in plain)
    return tuple(_build(option, part) for option, part in zip(inner, plain, strict=True))


def _scalar(option: Any, plain: Any) -> Any:
    """`plain` as an `option`, or None if it is none.  An int may stand where a float is meant, and stays one."""
    if not isinstance(option, type):
        return None
    if issubclass(option, Enum):
        return option(plain) if plain in [member.value for member in option] else None
    if option is float:
        return _number(plain)
    return plain if type(plain) is option else None


def _number(plain: Any) -> float | None:
    if plain in ("nan", "inf", "-inf") and isinstance(plain, str):
        return float(plain)
    return plain if isinstance(plain, (int, float)) and not isinstance(plain, bool) else None
