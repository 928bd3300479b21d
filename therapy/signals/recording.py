"""Reads a recording of RR intervals in milliseconds from a text, CSV or .npy file; guesses nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from therapy.errors import UsageError

LARGEST_BYTES = 20_000_000
MOST_INTERVALS = 200_000
LONGEST_MS = 60_000.0
PLAUSIBLE_MEDIAN_MS = (250.0, 2500.0)
SECONDS_BELOW_MS = 10.0
FORMAT_CURE = (
    "A recording is a text or CSV file with RR intervals in milliseconds, one on each line or in a column named rr, "
    "nn or ibi, or a .npy array of them."
)

_ARRAY_MAGIC = b"\x93NUMPY"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"^([+-]?\d+),(\d+)$")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_RR_NAME = re.compile(r"(rri?|r_r|nni?|ibis?|inter_?beat)(_?intervals?)?(_?(ms|msec|milliseconds|s|sec|seconds))?")
_SHOWN = 40

Located = tuple[str, float]
Line = tuple[int, str]
Row = tuple[int, list[str]]


def read_recording(path: Path) -> tuple[float, ...]:
    """RR intervals in ms; a line that begins with # is a comment, lines before the first number are a header.

    Of several columns the one named rr, nn or ibi (also with `_ms`, `interval`) is read, or the only one with
    numbers.  Columns are parted by semicolons, tabs, commas or spaces, as the header or else the first row has
    them; where commas part nothing, 812,5 is 812.5.

    Raises:
        UsageError: no such file, not a recording, or a value that is no RR interval in ms, with its line.
    """
    content = _content(path)
    values = _array(path, content) if content.startswith(_ARRAY_MAGIC) else _text(path, content)
    located: list[Located] = []
    for where, number in values:
        if not 0 < number < float("inf"):
            raise UsageError(f"{path}, {where}: {number:g} is no RR interval in ms.", FORMAT_CURE)
        located.append((where, number))
        if len(located) > MOST_INTERVALS:
            raise UsageError(f"The recording {path} has more than {MOST_INTERVALS} intervals.", "Split it into parts.")
    if not located:
        raise UsageError(f"The recording {path} has no RR intervals in it.", FORMAT_CURE)
    _check_unit(path, [number for _, number in located])
    for where, number in located:
        if number > LONGEST_MS:
            raise UsageError(f"{path}, {where}: {number:g} ms is longer than a minute.", FORMAT_CURE)
    return tuple(number for _, number in located)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", FORMAT_CURE)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError as problem:
        raise UsageError(f"There is no recording at {path}.", FORMAT_CURE) from problem
    except (OSError, ValueError) as problem:
        raise UsageError(
            f"The recording {path} cannot be read: {problem}.", "Check the file and its rights."
        ) from problem
    if len(content) > LARGEST_BYTES:
        raise UsageError(
            f"{path} has more than {LARGEST_BYTES // 1_000_000} MB, too much for RR intervals.", FORMAT_CURE
        )
    return content


def _array(path: Path, content: bytes) -> Iterator[Located]:
    try:
        array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except (ValueError, TypeError, EOFError, MemoryError, OverflowError) as problem:
        raise UsageError(f"The recording {path} is not a numeric .npy array.", FORMAT_CURE) from problem
    if array.dtype.kind not in "iuf":
        raise UsageError(f"The recording {path} is not a numeric .npy array.", FORMAT_CURE)
    if array.squeeze().ndim > 1:
        raise UsageError(f"The recording {path} has the shape {array.shape}, not one column.", FORMAT_CURE)
    return ((f"value {i}", float(number)) for i, number in enumerate(array.ravel().tolist(), start=1))


def _text(path: Path, content: bytes) -> Iterator[Located]:
    column, rows = _table(path, _lines(path, content))
    for number, fields in rows:
        value = _number(fields[column]) if column < len(fields) else None
        if value is None:
            raise UsageError(f"{path}, line {number}: {' '.join(fields)[:_SHOWN]!r} holds no RR interval.", FORMAT_CURE)
        yield f"line {number}", value


def _lines(path: Path, content: bytes) -> list[Line]:
    """The lines that are neither empty nor comments, each with its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if _CONTROL.search(text):
        raise UsageError(f"The recording {path} cannot be read as text.", FORMAT_CURE)
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]


def _table(path: Path, lines: list[Line]) -> tuple[int, list[Row]]:
    """Which column holds the intervals, and the rows below the header."""
    for at, (_, line) in enumerate(lines):
        mark = next((mark for mark in ";\t," if mark in line), None)
        fields = _fields(line, mark)
        named = next((i for i, field in enumerate(fields) if _speaks_of_rr(field)), None)
        below = lines[at + 1 :]
        # Words of a sentence are no names of columns: then the row below has another number of fields.
        is_header = named == 0 or mark or (below and len(_fields(below[0][1], mark)) == len(fields))
        if named is not None and is_header:
            return named, [(number, _fields(row, mark)) for number, row in below]
        if _number(next(filter(None, fields), "")) is None:
            continue
        numeric = [i for i, field in enumerate(fields) if _number(field) is not None]
        if len(numeric) == 1:
            return numeric[0], [(number, _fields(row, mark)) for number, row in lines[at:]]
        if not below:
            return 0, [(lines[at][0], [field]) for field in fields]
        raise UsageError(
            f"{path} has {len(numeric)} columns of numbers, and no header says which of them holds RR intervals.",
            "Write rr above that column. A decimal comma needs columns parted by semicolons, tabs or spaces.",
        )
    return 0, []


def _fields(line: str, mark: str | None) -> list[str]:
    fields = [field.strip().strip("\"'").strip() for field in line.split(mark)]
    return fields if mark == "," else [_DECIMAL_COMMA.sub(r"\1.\2", field) for field in fields]


def _speaks_of_rr(field: str) -> bool:
    return _RR_NAME.fullmatch(_NO_NAME.sub("_", field.casefold()).strip("_")) is not None


def _number(field: str) -> float | None:
    return float(field) if _NUMBER.fullmatch(field) else None


def _check_unit(path: Path, rr_ms: list[float]) -> None:
    """Refuses seconds, beats per minute and times of beats, which are no RR intervals in ms."""
    middle = median(rr_ms)
    low_ms, high_ms = PLAUSIBLE_MEDIAN_MS
    if low_ms <= middle <= high_ms:
        return
    if middle < SECONDS_BELOW_MS:
        meant, cure = "seconds", "Multiply the intervals by 1000: milliseconds are expected."
    elif middle < low_ms:
        meant, cure = (
            "beats per minute",
            "RR intervals in milliseconds are expected, such as 833 for 72 beats a minute.",
        )
    else:
        meant, cure = "times of beats", "The intervals between them are expected, in milliseconds."
    raise UsageError(
        f"The middle value of {path} is {middle:g}: these look like {meant}, not RR intervals in ms.", cure
    )
