"""Modules, functions and parameter lists stay readable."""

from __future__ import annotations

import re
from pathlib import Path

from tests.structure.tree import PRODUCT, Function, functions, place, python_files

MODULE_LINES = 300
LONGEST_LINES = 500
# Vocabularies: lists of small records that belong side by side.
VOCABULARIES = ("environments/contract.py", "therapy/control/decision.py", "therapy/session/events.py")
FUNCTION_LINES = 40
POSITIONAL_PARAMETERS = 5
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_short() -> None:
    long = [path for path in python_files(*PRODUCT) if _lines(path) > MODULE_LINES]
    assert not [f"{place(p)}: {_lines(p)} lines" for p in long if place(p) not in VOCABULARIES]


def test_no_module_at_all_is_longer_than_the_hard_limit() -> None:
    files = python_files(*PRODUCT, "tests")
    assert not [f"{place(p)}: {_lines(p)} lines" for p in files if _lines(p) > LONGEST_LINES]


def test_functions_are_short() -> None:
    found = []
    for path in python_files(*PRODUCT, "tests"):
        for function in functions(path):
            # A command's signature is its table of options; what it does is its body.
            first = function.body[0].lineno if _is_command(path, function) else function.lineno
            length = (function.end_lineno or first) - first + 1
            if length > FUNCTION_LINES:
                found.append(f"{place(path, function.lineno)} {function.name}: {length} lines")
    assert not found


def test_parameter_lists_are_short() -> None:
    found = []
    for path in python_files(*PRODUCT):
        for function in functions(path):
            names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
            count = len([name for name in names if name not in ("self", "cls")])
            if count > POSITIONAL_PARAMETERS and not _is_command(path, function) and not _is_callback(function):
                found.append(f"{place(path, function.lineno)} {function.name}: {count} positional parameters")
    assert not found


def _is_command(path: Path, function: Function) -> bool:
    """Whether typer calls it: its parameters are options, given by name on the command line."""
    return place(path).startswith("therapy/cli/") and not function.name.startswith("_")


def _is_callback(function: Function) -> bool:
    """Whether a library calls it and so decides on its parameters."""
    return function.name.lstrip("_").startswith("on_")


def test_nothing_is_left_for_later() -> None:
    found = [
        place(path, number)
        for path in python_files(*PRODUCT, "tests")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found
