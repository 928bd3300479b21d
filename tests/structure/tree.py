"""The tracked files of the project, as the structure tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef
PRODUCT = ("therapy", "environments", "protocols", "packaging")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file git would ship from here, tracked or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def python_files(*tops: str) -> list[Path]:
    """The Python files below the folders named."""
    return [p for p in tracked_files() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in tops]


def text_files() -> Iterator[tuple[Path, str]]:
    """Every tracked file that is text, with its text."""
    for path in tracked_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> list[Function]:
    """Every function and method of a file."""
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def place(path: Path, line: int | None = None) -> str:
    """`path:line` from the root, for messages."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"
