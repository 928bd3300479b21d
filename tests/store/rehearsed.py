"""A whole session of the real engine, written to the record event by event as a live session is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from protocols.loader import LoadedProtocol, load_protocol, parse_protocol
from tests.session.rehearsal import Rehearsal
from tests.store.examples import CODE
from therapy.control.decision import Stage
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient
from therapy.preparation import SessionOptions, setup_as_json
from therapy.session.events import Event, Output
from therapy.session.state import SessionSetup
from therapy.store.recorder import Recorder
from therapy.store.records import SessionInfo

FLUSH_EVERY_S = 20.0


def short_session(exposure_s: float) -> LoadedProtocol:
    """The first heights session with its waits as short as the schema lets them be."""
    text = load_protocol("heights-first").text
    for long, short in (
        ("baseline: {duration_s: 240, discard_s: 60", "baseline: {duration_s: 150, discard_s: 30"),
        ("exposure: {duration_s: 1260}", f"exposure: {{duration_s: {exposure_s:g}}}"),
        ("recovery: {duration_s: 240}", "recovery: {duration_s: 120}"),
    ):
        assert long in text
        text = text.replace(long, short)
    return parse_protocol(text, "heights-first.yaml")


@dataclass
class _Recorded(Rehearsal):
    recorder: Recorder | None = None
    seq: int = -1

    def feed(self, event: Event) -> tuple[Output, ...]:
        """One event now, into the session and onto the record."""
        assert self.recorder is not None
        self.seq = seq = self.seq + 1
        self.recorder.append_event(seq, self.t_s, event)
        outputs = super().feed(event)
        for output in outputs:
            self.recorder.append_output(seq, self.t_s, output)
        return outputs


def record_rehearsal(
    database: Path, stage: Stage, on_tick: Callable[[Rehearsal], object] | None = None, exposure_s: float = 240.0
) -> str:
    """Run and record a session of a tolerant patient who counts as a person; its id."""
    loaded = short_session(exposure_s)
    setup = SessionSetup(protocol=loaded.protocol, age_years=40, stage=stage)
    info = SessionInfo(
        patient_code=CODE,
        protocol_name=loaded.protocol.name,
        protocol_sha256=loaded.sha256,
        protocol_text=loaded.text,
        setup=setup_as_json(setup, SessionOptions(loaded, CODE)),
    )
    with Recorder(database) as recorder:
        session_id = recorder.begin(info)
        session = _Recorded(setup, VirtualPatient(5, Stratum.TOLERANT), on_tick=on_tick, recorder=recorder)
        session.begin()
        while not session.ended:
            session.run(session.t_s + FLUSH_EVERY_S)
            recorder.flush()
        recorder.end(session.state.outcome.value, t_s=session.t_s)
        assert recorder.lost_rows == 0
    return session_id
