"""What can be wrong with a protocol file, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend or to know; `line` and `col` count from 1, 0 where there is no place to point at."""

    file: str
    line: int
    col: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.col}" if self.line else self.file
        return f"{place}: {self.text}"


class ProtocolFileError(ValueError):
    """A protocol file that cannot be used; `problems` holds everything found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.col)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProtocolNotFound(ProtocolFileError):
    """There is no protocol of that name and no file at that path."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A hint for a mistyped name: the nearest known one, and all of them."""
    names = sorted(known)
    if not names:
        return "there are none"
    near = get_close_matches(given.lower(), names, n=1, cutoff=0.6)
    everything = f"known: {', '.join(names)}"
    return f"did you mean {near[0]!r}? ({everything})" if near else everything
