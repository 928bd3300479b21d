"""What the hash chain costs as rows are written, and how fast a record is checked."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.audit.tampering import without_triggers
from tests.faults.working import make_record
from tests.store.examples import decision, session_info
from tests.store.raw import raw_connection
from therapy.session.events import Decided, Tick
from therapy.store.auditing import Auditor
from therapy.store.recorder import Recorder
from therapy.store.waiting import RecorderSettings

SECONDS, TICKS_PER_S = 1800, 4
ROWS = SECONDS * TICKS_PER_S * 2
ENOUGH = RecorderSettings(queue_rows=ROWS + 10)


def written_in_s(database: Path) -> float:
    """Half an hour of journal and decisions, as fast as the writer takes them; seconds of processor time."""
    with Recorder(database, settings=ENOUGH) as recorder:
        recorder.begin(session_info())
        start_s = time.process_time()
        for seq in range(SECONDS * TICKS_PER_S):
            t_s = seq / TICKS_PER_S
            recorder.append_event(seq, t_s, Tick())
            recorder.append_output(seq, t_s, Decided(decision(t_s)))
        recorder.flush(120.0)
        return time.process_time() - start_s


@pytest.mark.timeout(600)
def test_the_chain_keeps_up_with_a_hundred_sessions_at_once(tmp_path: Path) -> None:
    chained, bare = tmp_path / "chained" / "acclimate.db", tmp_path / "bare" / "acclimate.db"
    make_record(chained)
    make_record(bare)
    with closing(raw_connection(bare)) as raw:
        without_triggers(raw)
    with_s, without_s = written_in_s(chained), written_in_s(bare)
    start_s = time.process_time()
    found = Auditor(chained).verify()
    audit_s = time.process_time() - start_s
    with closing(raw_connection(chained)) as raw:
        ((rows, size),) = raw.execute("SELECT count(*), sum(length(sealed)) FROM chain").fetchall()
    row_us = (with_s - without_s) / ROWS * 1e6
    print(f"\n{ROWS} rows: {with_s:.2f} s chained, {without_s:.2f} s without, {row_us:.0f} µs a row")
    print(f"{SECONDS / with_s:.0f} times life's pace; audit {rows / audit_s:.0f} rows/s; {size / rows:.0f} bytes a row")
    assert found.is_intact
    assert SECONDS / with_s > 100.0
