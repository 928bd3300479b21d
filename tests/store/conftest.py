from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.examples import CODE, clear_answers
from therapy.store.people import People
from therapy.store.recorder import Recorder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A record with one patient who may have a session."""
    path = tmp_path / "data" / "acclimate.db"
    with People(path) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "T-1")
        people.record_screening(CODE, clear_answers(), "T-1")
    return path


@pytest.fixture
def failures() -> list[str]:
    return []


@pytest.fixture
def recorder(database: Path, failures: list[str]) -> Iterator[Recorder]:
    with Recorder(database, failures.append) as opened:
        yield opened
