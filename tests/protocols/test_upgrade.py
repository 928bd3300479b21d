from pathlib import Path

import pytest

from protocols.loader import parse_protocol
from protocols.upgrade import Document, VersionProblem, upgraded


def _split_times(document: Document) -> Document:
    """A format before the first, in which the exposure was given in minutes."""
    minutes = document.pop("exposure_min")
    return {**document, "exposure": {"duration_s": 60 * minutes}}


def test_an_older_file_is_brought_up_and_says_so(scenes: Path, good_text: str):
    old = good_text.replace("schema_version: 1", "schema_version: 0")
    old = old.replace("exposure: {duration_s: 1260}", "exposure_min: 21")
    loaded = parse_protocol(old, "mine.yaml", upgraders={0: _split_times})
    assert loaded.protocol.exposure.duration_s == 1260
    assert loaded.protocol.schema_version == 1
    assert [warning.text for warning in loaded.warnings] == ["written in schema_version 0, read as 1"]
    assert loaded.text == old


def test_the_document_given_is_left_as_it_is():
    document: Document = {"schema_version": 0, "exposure_min": 21}
    upgraded(document, {0: _split_times})
    assert document == {"schema_version": 0, "exposure_min": 21}


@pytest.mark.parametrize("version", [-1, 0, 2, 99])
def test_versions_without_a_way_here_are_refused(version: int):
    with pytest.raises(VersionProblem):
        upgraded({"schema_version": version})
