"""A record at work, small: several sessions of a few rows, each acknowledged as it was."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from tests.store.examples import CODE, clear_answers, decision, session_info
from therapy.errors import StoreError
from therapy.session.events import Decided, Rated, Therapist, TherapistAction, Tick
from therapy.store.archive import Archive
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.waiting import RecorderSettings

ACKNOWLEDGED = "acknowledged"
SETTINGS = RecorderSettings(commit_every_s=0.002, retry_every_s=0.01, busy_timeout_s=0.05, least_free_mb=0.0)
NOTE = Therapist(TherapistAction.NOTE, text="holds the rail with both hands " * 40)


@dataclass
class Told:
    """What a workload was told: the sessions begun, the rows acknowledged of each, and the failures."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def make_record(database: Path) -> None:
    with People(database) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "T-1")
        people.record_screening(CODE, clear_answers(), "T-1")


def work(database: Path, sessions: int = 2, rows: int = 8, acknowledge: bool = False) -> Told:
    """Record; whatever the disk refuses is told, and nothing else may be raised."""
    told = Told()
    marks = os.open(database.with_name(ACKNOWLEDGED), os.O_CREAT | os.O_WRONLY | os.O_APPEND) if acknowledge else -1
    try:
        for _ in range(sessions):
            _one_session(database, rows, told, marks)
    except StoreError as error:
        told.refused.append(str(error))
    finally:
        if marks >= 0:
            os.close(marks)
    return told


def _one_session(database: Path, rows: int, told: Told, marks: int) -> None:
    with Recorder(database, told.failures.append, SETTINGS) as recorder:
        session_id = recorder.begin(session_info())
        _acknowledged(told, session_id, 0, marks)
        for seq in range(rows):
            t_s = seq * 0.25
            recorder.append_event(seq, t_s, NOTE if seq % 3 == 0 else Tick())
            recorder.append_output(seq, t_s, Decided(decision(t_s)))
            recorder.append_output(seq, t_s, Rated("suds", 40, True, 0.2))
            recorder.flush(0.05 if told.failures else 10.0)
            _acknowledged(told, session_id, seq + 1, marks)
        recorder.end("completed")
        told.ended.append(session_id)


def _acknowledged(told: Told, session_id: str, count: int, marks: int) -> None:
    told.acknowledged[session_id] = count
    if marks >= 0:
        os.write(marks, f"{session_id} {count}\n".encode())


def missing_from(database: Path, acknowledged: dict[str, int]) -> list[str]:
    """What was acknowledged and is not on the record, or not in order, in words."""
    missing = []
    with Archive(database) as archive:
        for session_id, count in acknowledged.items():
            for name, rows in (("journal", archive.journal(session_id)), ("rating", archive.ratings(session_id))):
                seqs = [row.seq for row in rows]
                if seqs != list(range(len(seqs))) or len(seqs) < count:
                    missing.append(f"{name} of {session_id[:8]}: {seqs} of {count}")
    return missing


def acknowledged_in(data: bytes) -> dict[str, int]:
    """What the marks of a workload say; a half-written line does not count."""
    lines = data.decode().splitlines(keepends=True)
    return {words[0]: int(words[1]) for line in lines if line.endswith("\n") and (words := line.split())}
