"""Recorded RR intervals: reading the file, and the recorded heart beating again."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from therapy.errors import UsageError
from therapy.sensing.heart import TICKS_PER_S, HeartBeatBatch

SHORTEST_MS = 100.0
LONGEST_MS = 10_000.0
SHOWN_OVER_BEATS = 5
FORMAT_CURE = "A recording is a text file with one RR interval in milliseconds on each line, or a .npy array of them."

_SEPARATOR = re.compile(r"[,;\t]")


class RecordedHeart:
    """Beats with recorded intervals; `finished` once all have been given."""

    def __init__(self, rr_ms: tuple[float, ...]) -> None:
        ends_ms = np.cumsum(np.asarray(rr_ms, dtype=np.float64))
        # Rounding the ends, not the intervals, keeps the recording's length to half a tick.
        self._end_ticks: list[int] = [round(end_ms / 1000.0 * TICKS_PER_S) for end_ms in ends_ms.tolist()]
        self._next = 0

    @property
    def finished(self) -> bool:
        """Whether every interval was given."""
        return self._next == len(self._end_ticks)

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The intervals that ended by `t_s` and the mean rate of the last five."""
        first = self._next
        while not self.finished and self._end_ticks[self._next] <= t_s * TICKS_PER_S:
            self._next += 1
        return HeartBeatBatch(self._shown_bpm(), tuple(self._rr_ticks(i) for i in range(first, self._next)), None)

    def _rr_ticks(self, index: int) -> int:
        return self._end_ticks[index] - (self._end_ticks[index - 1] if index else 0)

    def _shown_bpm(self) -> int:
        if not self._next:
            return 0
        recent = [self._rr_ticks(i) for i in range(max(0, self._next - SHOWN_OVER_BEATS), self._next)]
        return round(60.0 * TICKS_PER_S * len(recent) / sum(recent))


def read_recording(path: Path) -> tuple[float, ...]:
    """RR intervals in ms from a text, CSV or .npy file.

    Raises:
        UsageError: no such file, nothing in it, or a line that is no RR interval in ms, with its number.
    """
    if not path.is_file():
        raise UsageError(f"There is no recording at {path}.", FORMAT_CURE)
    rr_ms = _read_array(path) if path.suffix == ".npy" else _read_text(path)
    if not rr_ms:
        raise UsageError(f"The recording {path} has no RR intervals in it.", FORMAT_CURE)
    return rr_ms


def _read_array(path: Path) -> tuple[float, ...]:
    try:
        array = np.load(path, allow_pickle=False)
        numbers = np.asarray(array, dtype=np.float64)
    except (ValueError, TypeError, OSError, EOFError) as problem:
        raise UsageError(f"The recording {path} is not a numeric .npy array.", FORMAT_CURE) from problem
    if numbers.squeeze().ndim > 1:
        raise UsageError(f"The recording {path} has the shape {numbers.shape}, not one column.", FORMAT_CURE)
    return tuple(_checked(rr_ms, f"{path}, value {i}") for i, rr_ms in enumerate(numbers.ravel().tolist(), start=1))


def _read_text(path: Path) -> tuple[float, ...]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as problem:
        raise UsageError(f"The recording {path} cannot be read as text.", FORMAT_CURE) from problem
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    column = 0
    if lines and _number(_fields(lines[0][1])[0]) is None:
        column = _rr_column(_fields(lines[0][1]))
        lines = lines[1:]
    rr_ms: list[float] = []
    for number, line in lines:
        fields = _fields(line)
        if column >= len(fields) or (interval_ms := _number(fields[column])) is None:
            raise UsageError(f"{path}, line {number}: {line[:40]!r} is no RR interval.", FORMAT_CURE)
        rr_ms.append(_checked(interval_ms, f"{path}, line {number}"))
    return tuple(rr_ms)


def _fields(line: str) -> list[str]:
    return [field.strip().strip('"') for field in _SEPARATOR.split(line)]


def _rr_column(header: list[str]) -> int:
    """The column whose name speaks of RR or NN intervals, else the first."""
    names = [name.casefold() for name in header]
    return next((i for i, name in enumerate(names) if name.startswith(("rr", "nn", "ibi"))), 0)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _checked(rr_ms: float, where: str) -> float:
    if SHORTEST_MS <= rr_ms <= LONGEST_MS:
        return rr_ms
    hint = " It may be in seconds." if 0.1 <= rr_ms <= 10.0 else ""
    limits = f"{SHORTEST_MS:g} to {LONGEST_MS:g}"
    raise UsageError(f"{where}: {rr_ms:g} ms is no RR interval ({limits} ms are).{hint}", FORMAT_CURE)
