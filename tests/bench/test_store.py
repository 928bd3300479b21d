"""What encryption costs, how fast a session is written, and how a record of 10,000 sessions is read.

Figures are printed; the bounds are those of the issue, with room for a shared machine where time is asked for.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Float, Integer, MetaData, Table, Text, create_engine, event
from sqlalchemy.pool import StaticPool

from protocols.loader import load_protocol
from tests.store.examples import CODE, decision, session_info
from therapy.session.events import BeatSeen, Decided, PacketArrived, SampleTaken
from therapy.store.archive import Archive
from therapy.store.connecting import connect_to_write, engine_on
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.unlocking import make_throw_away

SESSIONS, PATIENTS, WHOLE = 10_000, 200, 20
SECONDS = 1800
FASTER = 100


def seconds(act: Any, times: int = 5) -> float:
    """The median processor time something takes, in seconds: reading waits for nothing once its pages are cached."""
    took = []
    for _ in range(times):
        begun_s = time.process_time()
        act()
        took.append(time.process_time() - begun_s)
    return median(took)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A throw-away record of 10,000 sessions of 30 min; every 500th with all its rows, the others with their own alone.

    Rows are put in past the chain, which is no part of what is measured here.
    """
    path = tmp_path_factory.mktemp("many") / "acclimate.db"
    desk = make_throw_away(path)
    with People(desk) as people:
        for number in range(PATIENTS):
            people.register_patient(f"P-{number:03d}", 1984)
    with closing(connect_to_write(path, desk.vault, 5.0, None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("BEGIN")
        connection.execute("INSERT INTO protocol VALUES ('a', ?)", (load_protocol("heights-first").text,))
        connection.executemany(
            "INSERT INTO session (number, id, patient_code, protocol_name, protocol_sha256, started, software, setup,"
            " sensor, player, simulated, ended, duration_s, outcome, detail, lost_rows) VALUES"
            " (?, ?, ?, 'heights-first', 'a', '2026-01-01T10:00:00.000+00:00', 'acclimate', '{\"seed\": 1}',"
            " '{\"kind\": \"virtual\"}', '{}', '[]', '2026-01-01T10:30:00.000+00:00', 1800.0, 'completed', '', 0)",
            ((number, f"{number:032x}", f"P-{number % PATIENTS:03d}") for number in range(1, SESSIONS + 1)),
        )
        for number in range(SESSIONS // WHOLE, SESSIONS + 1, SESSIONS // WHOLE):
            _put_rows(connection, number)
        connection.execute("COMMIT")
    return path


def _put_rows(connection: Any, number: int) -> None:
    each = [(number, second, float(second)) for second in range(SECONDS)]
    connection.executemany(
        "INSERT INTO sample (session_number, seq, part, t_s, hr10_bpm, quality_0to1, target_0to1, shown_0to1, scene)"
        " VALUES (?, ?, 0, ?, 70.0, 1.0, 0.3, 0.3, 'heights')",
        each,
    )
    connection.executemany(
        "INSERT INTO beat (session_number, seq, part, t_s, beat_t_s, rr_ticks, accepted, after_gap)"
        " VALUES (?, ?, 1, ?, 1.0, 900, 1, 0)",
        each,
    )
    connection.executemany(
        "INSERT INTO journal (session_number, seq, t_s, kind, payload) VALUES (?, ?, ?, 'Tick', '{}')",
        ((number, tick, tick / 4) for tick in range(4 * SECONDS)),
    )


def test_lists_and_sessions_are_read_fast_among_ten_thousand(many: Path) -> None:
    opening_s = seconds(lambda: Archive(many).close())
    with Archive(many) as archive:
        listing_s = seconds(lambda: archive.sessions(newest=100))
        of_one_s = seconds(lambda: archive.sessions("P-100"))
        last = archive.session("last").session_id
        reads = (archive.samples, archive.beats, archive.ratings, archive.events, archive.frames, archive.poses)
        curves_s = seconds(lambda: [read(last) for read in reads])
        journal_s = seconds(lambda: archive.journal(last))
        assert len(archive.sessions(newest=100)) == 100
        assert len(archive.samples(last)) == SECONDS
    print(
        f"\nof {SESSIONS} sessions: opening {1e3 * opening_s:.0f} ms, the newest 100 {1e3 * listing_s:.0f} ms, "
        f"those of a patient {1e3 * of_one_s:.0f} ms, a session's curves and answers {1e3 * curves_s:.0f} ms, "
        f"its journal {1e3 * journal_s:.0f} ms"
    )
    assert opening_s < 0.5
    assert listing_s < 0.05
    assert curves_s + journal_s < 0.3


def _insert_s(engine: Engine) -> float:
    """The time 20,000 rows of a decision's length take as the writer writes them: through SQLAlchemy, 100 a commit."""
    table = Table(
        "measured", MetaData(), Column("seq", Integer, primary_key=True), Column("t_s", Float),
        *(Column(f"number_{place}", Float) for place in range(8)), Column("inputs", Text),
    )  # fmt: skip
    table.create(engine)
    numbers = {f"number_{place}": place / 3 for place in range(8)}
    inputs = json.dumps({"t_s": 1.5, "heart": {"hr10_bpm": 71.25}, "seen": "y" * 900})
    begun_s = time.perf_counter()
    for first in range(0, 20_000, 100):
        rows = [{"seq": seq, "t_s": seq / 4, "inputs": inputs, **numbers} for seq in range(first, first + 100)]
        with engine.begin() as connection:
            connection.execute(table.insert(), rows)
    took_s = time.perf_counter() - begun_s
    engine.dispose()
    return took_s


def _plain_engine(path: Path) -> Engine:
    """The same settings without a key, on the same driver's code but the standard library's build of it."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def test_encryption_costs_at_most_half_as_much_again(tmp_path: Path) -> None:
    sealed_s, plain_s = [], []
    vault = make_throw_away(tmp_path / "acclimate.db").vault
    for turn in range(5):
        place = tmp_path / f"{turn}-sealed.db"
        sealed_s.append(
            _insert_s(engine_on(lambda at=place: connect_to_write(at, vault, 1.0, None), "BEGIN IMMEDIATE"))  # type: ignore[misc]
        )
        plain_s.append(_insert_s(_plain_engine(tmp_path / f"{turn}-plain.db")))
    ratio = min(sealed_s) / min(plain_s)
    print(f"\n20,000 rows of 1 kB: encrypted {min(sealed_s):.2f} s, plain {min(plain_s):.2f} s, ratio {ratio:.2f}")
    assert ratio <= 1.5


def test_a_hundred_sessions_worth_a_second_is_written_without_a_growing_queue(tmp_path: Path) -> None:
    """Packets, beats, a sample a second, four decisions a second, 90 poses a second: five times 60 s of it."""
    desk = make_throw_away(tmp_path / "acclimate.db")
    with People(desk) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "bench")
    sample = SampleTaken(70.0, 70.0, 1.0, 1.0, 0.5, 0.3, 0.3, "heights", 1.0, 30)
    poses = [(second / 90, 1.0, 2.0, 3.0, 0.1, 1.6, 0.2) for second in range(90)]
    decided = Decided(decision(1.0))
    lags_s = []
    with Recorder(desk) as recorder:
        recorder.begin(session_info())
        begun_s, seq = time.perf_counter(), 0
        for minute in range(5):
            for second in range(60):
                t_s = minute * 60.0 + second
                for part in range(4):
                    seq += 1
                    recorder.append_event(seq, t_s, PacketArrived("10480c03"))
                    recorder.append_output(seq, t_s, decided)
                    if part == 0:
                        recorder.append_output(seq, t_s, BeatSeen(t_s, 900, True, False))
                        recorder.append_output(seq, t_s, sample)
                recorder.append_poses(t_s, poses)
            flushed_s = time.perf_counter()
            recorder.flush()
            lags_s.append(round(time.perf_counter() - flushed_s, 3))
        took_s = time.perf_counter() - begun_s
        lost = recorder.lost_rows
    per_s = 300.0 / took_s
    print(f"\n300 s of a session in {took_s:.2f} s: {per_s:.0f} times real time; last waits {lags_s} s, lost {lost}")
    assert lost == 0
    assert per_s >= FASTER
