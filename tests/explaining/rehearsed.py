"""Rehearsed sessions as moments, and as a record on disk."""

from __future__ import annotations

from pathlib import Path

from protocols.loader import load_protocol
from tests.session.rehearsal import Rehearsal
from therapy.explaining import Moment
from therapy.preparation import SessionOptions, setup_as_json
from therapy.session.engine import step
from therapy.session.events import Decided
from therapy.session.state import SessionState
from therapy.store.paths import database_path
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.records import SessionInfo
from therapy.store.screening import CHECKLIST

CODE = "EX-001"


def moments_of(session: Rehearsal) -> list[Moment]:
    """Every decision of a rehearsal with what the loop remembered around it."""
    found, state = [], SessionState()
    for seq, (t_s, event) in enumerate(session.journal):
        before = state
        state, outputs = step(session.setup, state, event, t_s)
        found += [
            Moment(seq, output.decision, before.loop.policy, state.loop.guard, before.phase)
            for output in outputs
            if isinstance(output, Decided)
        ]
    return found


def record_rehearsal(folder: Path, session: Rehearsal, *, ends: bool = True) -> str:
    """Write a rehearsal to a record of its own; without an end it reads as interrupted."""
    loaded = load_protocol(session.setup.protocol.name)
    with People(database_path(folder)) as people:
        people.register_patient(CODE, 1985)
        people.record_consent(CODE, "test")
        people.record_screening(CODE, {item.id: False for item in CHECKLIST}, "test")
    with Recorder(database_path(folder)) as recorder:
        session_id = recorder.begin(
            SessionInfo(
                patient_code=CODE,
                protocol_name=loaded.protocol.name,
                protocol_sha256=loaded.sha256,
                protocol_text=loaded.text,
                setup=setup_as_json(session.setup, SessionOptions(loaded, CODE)),
            )
        )
        state = SessionState()
        for seq, (t_s, event) in enumerate(session.journal):
            recorder.append_event(seq, t_s, event)
            state, outputs = step(session.setup, state, event, t_s)
            for output in outputs:
                recorder.append_output(seq, t_s, output)
        if ends:
            recorder.end("completed", "", session.t_s)
        recorder.flush()
    return session_id
