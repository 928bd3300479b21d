from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.examples import record_session
from therapy.report.facts import SessionFacts, read_facts
from therapy.store.archive import Archive


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with the whole example session."""
    database = tmp_path_factory.mktemp("record") / "acclimate.db"
    record_session(database)
    return database


@pytest.fixture(scope="session")
def facts(recorded: Path) -> SessionFacts:
    with Archive(recorded) as archive:
        return read_facts(archive, "last")
