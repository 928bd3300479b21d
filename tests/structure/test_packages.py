"""What is installed is what is in the tree."""

from __future__ import annotations

import fnmatch
import tomllib
from typing import Any

from tests.structure.tree import ROOT, python_files, tracked_files

TOPS = ("therapy", "environments", "protocols")
# Scripts that make the assets: for development, not installed.
DEVELOPMENT = ROOT / "environments" / "assets" / "build"


def _setuptools() -> dict[str, Any]:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(settings["tool"]["setuptools"])


def test_every_package_of_the_tree_is_listed_and_nothing_else() -> None:
    in_tree = {".".join(p.parent.relative_to(ROOT).parts) for p in python_files(*TOPS) if p.name == "__init__.py"}
    assert sorted(_setuptools()["packages"]) == sorted(in_tree)


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in python_files(*TOPS)} - {DEVELOPMENT}
    assert not [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]


def test_packaging_never_becomes_a_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_every_other_file_of_a_package_is_shipped_with_it() -> None:
    shipped = _setuptools()["package-data"]
    forgotten = []
    for path in tracked_files():
        top, *rest = path.relative_to(ROOT).parts
        if top not in TOPS or path.suffix in (".py", ".pyi") or path.parent == DEVELOPMENT:
            continue
        inside = "/".join(rest)
        if not any(_matches(inside, pattern) for pattern in shipped[top]):
            forgotten.append(f"{top}/{inside}")
    assert not forgotten


def _matches(name: str, pattern: str) -> bool:
    """Setuptools' reading: `**` stands for any folders, also none."""
    return fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(name, pattern.replace("**/", ""))
