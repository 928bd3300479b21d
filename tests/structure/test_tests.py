"""Tests that can fail, and that wait for what happens instead of sleeping."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.structure.tree import functions, parsed, place, python_files

# Waiting helpers fail when what they wait for does not come.
ASSERTING_CALLS = ("raises", "warns", "fail", "assert_", "check_", "expect", "until", "wait_for", "wait_state")


def _asserts(function: ast.AST) -> bool:
    return any(isinstance(node, ast.Assert) or _may_fail(node) for node in ast.walk(function))


def _may_fail(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise):
        return node.exc is not None and "AssertionError" in ast.unparse(node.exc)
    if not isinstance(node, ast.Call):
        return False
    return ast.unparse(node.func).rpartition(".")[2].lstrip("_").startswith(ASSERTING_CALLS)


def _calls(path: Path, *names: str) -> list[int]:
    calls = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if ast.unparse(call.func) in names]


def test_every_test_asserts_something() -> None:
    found = [
        f"{place(path, function.lineno)} {function.name}"
        for path in python_files("tests")
        if path.name.startswith("test_") and "bench" not in path.parts
        for function in functions(path)
        if function.name.startswith("test_") and not _asserts(function)
    ]
    assert not found


def test_every_test_file_holds_a_test() -> None:
    files = [path for path in python_files("tests") if path.name.startswith("test_")]
    without = [path for path in files if not any(f.name.startswith("test_") for f in functions(path))]
    assert not [place(path) for path in without if ".TestCase" not in path.read_text("utf-8")]  # a state machine


def test_no_test_sleeps_on_the_wall_clock() -> None:
    found = [place(p, line) for p in python_files("tests") for line in _calls(p, "time.sleep", "sleep")]
    assert not found


@pytest.mark.parametrize(
    ("body", "verdict"),
    [("assert x", True), ("with pytest.raises(E): f()", True), ("check_same(a, b)", True), ("f()", False)],
)
def test_the_check_knows_an_assertion_when_it_sees_one(body: str, verdict: bool) -> None:
    assert _asserts(ast.parse(f"def test_x():\n    {body}")) is verdict
