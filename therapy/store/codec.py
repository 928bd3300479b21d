"""Events, outputs and decisions as JSON and back, bit for bit.

Works for the frozen dataclasses of `therapy.session.events` and `therapy.control.decision`, from their
type hints.  Floats are written with Python's shortest exact form; NaN and infinities become strings.
A dataclass where several are possible carries its class name under `"kind"`.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, partial
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from therapy.errors import StoreError
from therapy.session.events import Event, Output

KIND = "kind"
Builder = Callable[[Any], Any]
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
        return _builder(cls)(json.loads(payload))
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


@cache
def _builder(hint: Any) -> Builder:
    """A function that makes a `hint` of plain JSON, or raises TypeError, ValueError or KeyError."""
    options = [option for option in _options(hint) if option is not type(None)]
    builders = [_builder_of_one(option) for option in options if not is_dataclass(option)]
    if classes := _dataclasses_in(hint):
        builders.append(_one_of(classes) if len(classes) > 1 else _dataclass_builder(classes[0]))
    build = builders[0] if len(builders) == 1 else _first_that_fits(builders)
    if len(options) == len(_options(hint)):
        return build
    return lambda plain: None if plain is None else build(plain)


def _builder_of_one(option: Any) -> Builder:
    if get_origin(option) is tuple:
        return _tuple_builder(get_args(option))
    if isinstance(option, type) and issubclass(option, Enum):
        return option
    if option is float:
        return _float
    return partial(_exactly, option)


def _dataclass_builder(cls: type) -> Builder:
    builders = {name: _builder(hint) for name, hint in _hints(cls).items()}

    def build(plain: dict[str, Any]) -> object:
        return cls(**{name: builders[name](part) for name, part in plain.items()})

    return build


def _one_of(classes: tuple[type, ...]) -> Builder:
    builders = {cls.__name__: _dataclass_builder(cls) for cls in classes}

    def build(plain: dict[str, Any]) -> object:
        return builders[plain[KIND]]({name: part for name, part in plain.items() if name != KIND})

    return build


def _tuple_builder(inner: tuple[Any, ...]) -> Builder:
    if len(inner) == 2 and inner[1] is Ellipsis:
        build_part = _builder(inner[0])
        return lambda plain: tuple(build_part(part) for part in _exactly(list, plain))
    builders = [_builder(part) for part in inner]
    return lambda plain: tuple(build(part) for build, part in zip(builders, _exactly(list, plain), strict=True))


def _first_that_fits(builders: list[Builder]) -> Builder:
    def build(plain: Any) -> Any:
        for attempt in builders:
            with suppress(TypeError, ValueError, KeyError, AttributeError):
                return attempt(plain)
        raise TypeError(f"{plain!r} does not fit")

    return build


def _exactly(cls: type, plain: Any) -> Any:
    if type(plain) is not cls:
        raise TypeError(f"{plain!r} is no {cls.__name__}")
    return plain


def _float(plain: Any) -> float:
    """An int may stand where a float is meant, and stays one."""
    if type(plain) is float or type(plain) is int:
        return plain
    if plain in {"nan", "inf", "-inf"}:
        return float(plain)
    raise TypeError(f"{plain!r} is no number")
