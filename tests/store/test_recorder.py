from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from environments.contract import FrameStatistics
from tests.store.examples import CODE, decision, session_info
from therapy.errors import NotAllowed, StoreError, UsageError
from therapy.session.events import (
    Answered,
    BeatSeen,
    Decided,
    Event,
    NoticeCode,
    Noticed,
    Output,
    PacketArrived,
    Phase,
    PhaseChanged,
    Rated,
    SampleTaken,
    SetScene,
    Tick,
)
from therapy.store.archive import Archive
from therapy.store.recorder import Recorder
from therapy.store.waiting import RecorderSettings


def test_what_is_appended_can_be_read_while_the_session_runs(recorder: Recorder) -> None:
    session_id = recorder.begin(session_info())
    events: list[Event] = [Tick(), PacketArrived("1648"), Answered(1, "suds", 40)]
    for seq, event in enumerate(events):
        recorder.append_event(seq, seq * 0.25, event)
    recorder.flush()
    with Archive(recorder.path) as archive:
        assert [(row.seq, row.t_s, row.what) for row in archive.journal(session_id)] == [
            (seq, seq * 0.25, event) for seq, event in enumerate(events)
        ]
        assert [row.seq for row in archive.journal(session_id, (PacketArrived, Answered))] == [1, 2]
        assert archive.session(session_id).is_running


def test_each_kind_of_output_has_its_place(recorder: Recorder) -> None:
    session_id = recorder.begin(session_info())
    beat = BeatSeen(1.5, 853, True, False)
    sample = SampleTaken(71.5, None, 1.5, 1.0, 0.2, 0.1, 0.05, "heights", 12.25, 35)
    rated = Rated("suds", 35, True, 0.1)
    others: list[Output] = [
        PhaseChanged(Phase.BASELINE, Phase.EXPOSURE),
        SetScene("heights", 0.1, 3.0, (("wind", 0.2),)),
        Noticed(NoticeCode.BATTERY_LOW, "9"),
    ]
    outputs: list[Output] = [Decided(decision(1.0)), beat, beat, sample, rated, *others]
    for output in outputs:
        recorder.append_output(4, 1.0, output)
    recorder.append_frames(1.0, FrameStatistics(90, 1, 11.1, 12.5))
    recorder.flush()
    with Archive(recorder.path) as archive:
        assert [row.what for row in archive.decisions(session_id)] == [decision(1.0)]
        assert [(row.part, row.what) for row in archive.beats(session_id)] == [(1, beat), (2, beat)]
        assert [row.what for row in archive.samples(session_id)] == [sample]
        assert [row.what for row in archive.ratings(session_id)] == [rated]
        assert [row.what for row in archive.events(session_id)] == others
        assert [row.what.late_frames for row in archive.frames(session_id)] == [1]
        kinds = ("decisions", "samples", "beats", "ratings", "events", "frames", "poses", "journal")
        assert [archive.counts(session_id)[kind] for kind in kinds] == [1, 1, 2, 1, 3, 1, 0, 0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(t_s=st.floats(0.0, 1e6), a=st.floats(), b=st.floats(), c=st.floats())
def test_numbers_survive_bit_for_bit(recorder: Recorder, t_s: float, a: float, b: float, c: float) -> None:
    session_id = recorder.begin(session_info())
    written = decision(a, before_0to1=b, applied_0to1=c)
    recorder.append_output(1, t_s, Decided(written))
    recorder.flush()
    with Archive(recorder.path) as archive:
        row = archive.decisions(session_id)[0]
    assert row.t_s == t_s
    assert repr(row.what.inputs) == repr(written.inputs)
    for read, wrote in ((row.what.t_s, a), (row.what.before_0to1, b), (row.what.applied_0to1, c)):
        assert read == wrote or (math.isnan(read) and math.isnan(wrote))


def test_head_poses_come_back_as_a_table(recorder: Recorder) -> None:
    session_id = recorder.begin(session_info())
    rng = np.random.default_rng(5)
    poses = rng.uniform(-90.0, 90.0, (180, 7))
    poses[:, 0] = 1800.0 + np.arange(180) / 90.0
    for second in (poses[:90], poses[90:]):
        recorder.append_poses(float(second[0, 0]), second.tolist())
    recorder.append_poses(1802.0, ())
    recorder.flush()
    with Archive(recorder.path) as archive:
        read = archive.poses(session_id)
    assert read.shape == poses.shape
    np.testing.assert_allclose(read[:, 0], poses[:, 0], atol=1e-7)
    np.testing.assert_allclose(read[:, 1:], poses[:, 1:], rtol=1e-6)


def test_a_stop_is_on_disk_at_once_and_a_tick_within_a_quarter_second(database: Path) -> None:
    slow = RecorderSettings(commit_every_s=30.0)
    with Recorder(database, settings=slow) as recorder:
        session_id = recorder.begin(session_info())
        recorder.append_event(1, 0.1, Tick())
        recorder.append_event(2, 0.2, Answered(0, "suds", 90))
        with Archive(database) as archive:
            assert eventually(lambda: len(archive.journal(session_id)) == 2)


def test_a_change_of_intensity_is_urgent_and_a_hold_is_not(database: Path) -> None:
    with Recorder(database, settings=RecorderSettings(commit_every_s=30.0)) as recorder:
        session_id = recorder.begin(session_info())
        with Archive(database) as archive:
            recorder.append_output(1, 0.1, Decided(decision(0.1)))
            assert not archive.decisions(session_id)
            recorder.append_output(2, 0.2, Decided(decision(0.2, applied_0to1=0.1)))
            assert eventually(lambda: len(archive.decisions(session_id)) == 2)


def test_a_session_ends_with_its_outcome(recorder: Recorder) -> None:
    session_id = recorder.begin(session_info())
    recorder.append_event(1, 12.5, Tick())
    recorder.end("completed", "as planned", 12.5)
    with Archive(recorder.path) as archive:
        record = archive.session(session_id[:6])
    assert (record.outcome, record.detail, record.last_t_s, record.is_running) == (
        "completed",
        "as planned",
        12.5,
        False,
    )
    assert record.ended is not None
    assert record.ended >= record.started
    assert record.simulated == ("heart-rate strap", "patient")
    assert record.setup == {"seed": 7, "age_years": 42}


def test_one_recorder_writes_several_sessions_one_after_the_other(recorder: Recorder) -> None:
    for _ in range(2):
        recorder.begin(session_info())
        recorder.append_output(0, 0.0, Rated("suds", 10, True, 0.0))
        recorder.end("completed")
    with Archive(recorder.path) as archive:
        assert [len(archive.ratings(record.session_id)) for record in archive.sessions()] == [1, 1]


def test_a_protocol_text_is_kept_once(recorder: Recorder, database: Path) -> None:
    for _ in range(3):
        recorder.begin(session_info(protocol_text="x" * 100_000, protocol_sha256="00"))
        recorder.end("completed")
    with Archive(database) as archive:
        assert [len(record.protocol_text) for record in archive.sessions()] == [100_000] * 3
    assert database.with_name("acclimate.db-wal").stat().st_size < 1_000_000


def test_only_a_known_patient_can_have_a_session(recorder: Recorder) -> None:
    with pytest.raises(NotAllowed, match="NOBODY"):
        recorder.begin(session_info(patient_code="NOBODY"))


def test_no_session_begins_with_too_little_space(database: Path, failures: list[str]) -> None:
    with Recorder(database, failures.append, RecorderSettings(least_free_mb=1e12)) as recorder:
        with pytest.raises(StoreError, match="MB are free") as caught:
            recorder.begin(session_info())
        assert "--data" in caught.value.cure
    with Archive(database) as archive:
        assert archive.sessions() == ()


def test_a_row_that_cannot_be_written_does_not_take_others_with_it(recorder: Recorder, failures: list[str]) -> None:
    session_id = recorder.begin(session_info())
    recorder.append_event(1, math.nan, Tick())
    recorder.append_event(2, 0.5, Tick())
    recorder.append_event(2, 0.7, Answered(1, "suds", 40))
    recorder.append_event(3, 0.8, Tick())
    recorder.flush()
    recorder.append_event(4, 0.9, Tick())
    recorder.end("completed")
    with Archive(recorder.path) as archive:
        assert [row.seq for row in archive.journal(session_id)] == [2, 3, 4]
        assert archive.session(session_id).lost_rows == 2
    assert recorder.lost_rows == 2
    assert len(failures) >= 1


def test_an_append_without_a_session_is_reported_and_does_not_raise(recorder: Recorder, failures: list[str]) -> None:
    recorder.append_event(1, 0.1, Tick())
    recorder.flush()
    assert recorder.lost_rows == 1
    assert "no session" in failures[0]


def test_a_closed_recorder_counts_and_reports(database: Path, failures: list[str]) -> None:
    recorder = Recorder(database, failures.append)
    recorder.begin(session_info())
    recorder.close()
    recorder.append_event(1, 0.1, Tick())
    with pytest.raises(StoreError, match="closed"):
        recorder.flush()
    assert recorder.lost_rows == 1
    assert failures == ["The record is closed."]


def test_reading_does_not_hold_up_the_writer(recorder: Recorder) -> None:
    session_id = recorder.begin(session_info())
    with Archive(recorder.path) as archive, archive._reading() as held:
        held.connection().exec_driver_sql("SELECT * FROM journal").fetchall()
        for seq in range(50):
            recorder.append_event(seq, seq * 0.1, Tick())
        recorder.flush(timeout_s=5.0)
    with Archive(recorder.path) as archive:
        assert len(archive.journal(session_id)) == 50


def test_sessions_are_found_by_prefix_last_and_patient(recorder: Recorder) -> None:
    ids = ["aa11" + "0" * 28, "aa22" + "0" * 28]
    for session_id in ids:
        recorder.begin(session_info(session_id=session_id))
        recorder.end("completed")
    with Archive(recorder.path) as archive:
        assert archive.session("last").session_id == ids[1]
        assert archive.session("AA11").session_id == ids[0]
        assert [record.session_id for record in archive.sessions(CODE)] == ids
        assert archive.sessions("NOBODY") == ()
        for wanted, words in (("aa", "Several"), ("%", "No session"), ("aa1_", "No session")):
            with pytest.raises(UsageError, match=words):
                archive.session(wanted)


def test_an_archive_cannot_write(recorder: Recorder) -> None:
    recorder.begin(session_info())
    with Archive(recorder.path) as archive, pytest.raises(StoreError, match="read-only"), archive._reading() as session:
        session.connection().exec_driver_sql("DELETE FROM patient")


def eventually(holds: Any, within_s: float = 10.0) -> bool:
    """Ask again until it holds; the writer thread runs beside the test."""
    pause = threading.Event()
    tries = int(within_s / 0.01)
    return any(holds() or pause.wait(0.01) for _ in range(tries))
