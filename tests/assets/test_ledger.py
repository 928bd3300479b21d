"""Nothing is shipped whose origin and licence are not written down."""

from __future__ import annotations

import hashlib
import tomllib
from typing import Any

from tests.assets.glb import FOLDER, asset_files
from tests.structure.tree import ROOT

ALLOWED = {"CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "MIT", "Apache-2.0"}
MEGABYTE = 1_000_000


def _ledger() -> dict[str, dict[str, Any]]:
    entries = tomllib.loads((FOLDER / "LEDGER.toml").read_text(encoding="utf-8"))["file"]
    names = [entry["name"] for entry in entries]
    assert len(set(names)) == len(names)
    return {entry["name"]: entry for entry in entries}


def test_every_file_stands_in_the_ledger_and_nothing_else_does() -> None:
    assert sorted(_ledger()) == [path.relative_to(FOLDER).as_posix() for path in asset_files()]


def test_hashes_are_those_of_the_files() -> None:
    found = {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in _ledger()}
    assert found == {name: entry["sha256"] for name, entry in _ledger().items()}


def test_licences_allow_to_pass_the_files_on() -> None:
    for name, entry in _ledger().items():
        kept_apart = entry["licence"] == "CC-BY-SA-3.0" and name.startswith("share-alike/")
        assert entry["licence"] in ALLOWED or kept_apart, name
        assert not entry["licence"].startswith("CC-BY") or entry.get("credit"), name


def test_every_file_says_who_made_it_with_which_script_and_what_was_changed() -> None:
    for name, entry in _ledger().items():
        assert entry["author"], name
        assert entry["changed"], name
        assert (FOLDER / entry["script"]).is_file(), name
        if entry.get("package"):
            assert entry["version"], name
            assert entry["path"], name


def test_credits_in_the_documentation_name_every_source() -> None:
    text = (ROOT / "docs" / "assets.md").read_text(encoding="utf-8").split("## Credits")[1]
    for name, entry in _ledger().items():
        if entry.get("package"):
            assert entry["package"].split()[0] in text, name
            assert entry["version"] in text, name
        assert entry["licence"] in text, name
        assert entry.get("credit", "") in text, name


def test_all_assets_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in asset_files()) <= 120 * MEGABYTE
