"""Two small scenes of known manifests, and a protocol text to spoil."""

from collections.abc import Callable
from pathlib import Path

import pytest

from environments.scenes import manifest
from protocols.loader import Problem, ProtocolFileError, load_protocol, parse_protocol

_CALM = """
title = "Shore"
purpose = "calm"
[parameters.pace_per_min]
unit = "a minute"
words = "breathing pace"
default = 6.0
minimum = 4.0
maximum = 10.0
[parameters.tide]
words = "the tide"
default = "low"
choices = ["low", "high"]
"""
_GRADED = """
title = "Heights"
purpose = "exposure"
[parameters.height_m]
unit = "m"
words = "height"
default = 0.0
minimum = 0.0
maximum = 120.0
"""
_PLAYED = """
title = "Snow"
purpose = "play"
played = true
[parameters.pace_0to1]
words = "pace"
default = 0.6
minimum = 0.0
maximum = 1.0
"""
_LEVEL = """
[[levels]]
words = "{number} of 10"
parameters = {{ height_m = {height_m} }}
"""


@pytest.fixture
def scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenes directory with calm, graded and played scenes of the library's names, and no others."""
    graded = _GRADED + "".join(_LEVEL.format(number=n, height_m=12.0 * n) for n in range(11))
    for name, text in {
        "shore": _CALM,
        "forest_lake": _CALM,
        "heights": graded,
        "snow": _PLAYED,
        "enclosed": graded,
        "speaking": graded,
        "spiders": graded,
    }.items():
        (tmp_path / "scenes" / name).mkdir(parents=True)
        (tmp_path / "scenes" / name / "manifest.toml").write_text(text, "utf-8")
    monkeypatch.setattr(manifest, "SCENES_DIR", tmp_path / "scenes")
    return tmp_path / "scenes"


@pytest.fixture
def good_text(scenes: Path) -> str:
    """The first heights session as it ships."""
    return load_protocol("heights-first").text


@pytest.fixture
def problems_of(scenes: Path) -> Callable[[str], tuple[Problem, ...]]:
    """What the loader finds wrong with a text."""

    def found(text: str) -> tuple[Problem, ...]:
        with pytest.raises(ProtocolFileError) as caught:
            parse_protocol(text, "mine.yaml")
        return caught.value.problems

    return found
