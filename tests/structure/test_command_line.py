"""Every command has help and stands in the documentation."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest

from tests.structure.tree import ROOT

DOCUMENT = ROOT / "docs" / "cli.md"

if importlib.util.find_spec("therapy.cli.main") is None:
    pytest.skip("the command line is not there", allow_module_level=True)


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command below this one, groups included, with the words that call it."""
    for name, child in sorted(getattr(command, "commands", {}).items()):
        words = f"{path} {name}"
        if not child.hidden:
            yield words, child
            yield from _commands(child, words)


def _all_commands() -> dict[str, Any]:
    import typer.main

    from therapy.cli.main import app

    return dict(_commands(typer.main.get_command(app), "acclimate"))


def test_every_command_has_help() -> None:
    commands = _all_commands()
    assert commands
    assert not [words for words, command in commands.items() if not (command.help or "").strip()]


def test_every_option_has_help() -> None:
    silent = [
        f"{words} {parameter.name}"
        for words, command in _all_commands().items()
        for parameter in command.params
        if not (getattr(parameter, "help", None) or "").strip()
    ]
    assert not silent


def test_every_command_stands_in_the_documentation() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert not [words for words in _all_commands() if words not in text]
