"""Tracked files say nothing about the machine they were written on, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.structure.tree import ROOT, place, text_files, tracked_files

MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:home|root|Users|work|mnt|opt)/\w")
REGISTRIES = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|registry\s*=|https?://[^\s)\"']*/simple\b")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^make (\w+)", re.MULTILINE)
TEXTS_ABOUT_THEMSELVES = (Path(__file__),)


def _hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{place(path, number)}: {line.strip()[:80]}"
        for path, text in text_files()
        if path not in TEXTS_ABOUT_THEMSELVES
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_a_machine() -> None:
    assert not _hits(MACHINE_PATHS)


def test_no_file_names_a_registry() -> None:
    assert not _hits(REGISTRIES)


def test_lock_files_pin_every_package_by_hash() -> None:
    for path in sorted((ROOT / "packaging").glob("requirements*.txt")):
        blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8"))
        packages = [block for block in blocks if not block.startswith("#")]
        assert len(packages) >= 3
        assert not [block.splitlines()[0] for block in packages if "==" not in block or "--hash=sha256:" not in block]


def test_links_between_documents_resolve() -> None:
    broken = []
    for path in (p for p in tracked_files() if p.suffix == ".md"):
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target.split("#")[0]).exists():
                broken.append(f"{place(path)}: {target}")
    assert not broken


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/install.md"])
def test_commands_in_the_documents_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z ]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    known = {word for line in targets for word in line.split()}
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(COMMAND.findall(text)) | set(re.findall(r"`make (\w+)", text))
    assert named
    assert named <= known


def test_readme_names_the_two_commands_on_every_system() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in text
        assert rf"py packaging\bootstrap.py {target}" in text


def test_every_page_of_docs_is_reached_from_another_page() -> None:
    pages = [path for path in tracked_files() if path.suffix == ".md"]
    linked = {
        (page.parent / target.split("#")[0]).resolve()
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target
    }
    docs = [page for page in pages if page.parent.name == "docs" and page.name != "README.md"]
    assert not [place(page) for page in docs if page.resolve() not in linked]
