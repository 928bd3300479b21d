"""Patients who come back: the same virtual patient through several sessions, habituation and noise carried on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from protocols.loader import load_protocol
from protocols.schema import Protocol
from tests.session.rehearsal import Rehearsal
from therapy.patient.model import PatientAnswer
from therapy.patient.response import PastSession
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient
from therapy.predicting import past_session
from therapy.sensing.heart import HeartBeatBatch
from therapy.session.events import Outcome, Phase, PhaseChanged, Rated, SampleTaken, SessionEnded
from therapy.session.state import SessionSetup
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.records import SessionInfo, new_session_id

BETWEEN_S = 100.0


class Later:
    """A patient on another day: session time begins anew, life goes on."""

    def __init__(self, patient: VirtualPatient, since_s: float) -> None:
        self._patient = patient
        self._since_s = since_s

    def set_scene(self, t_s: float, intensity_0to1: float | None, pace_per_min: float | None = None) -> None:
        self._patient.set_scene(t_s + self._since_s, intensity_0to1, pace_per_min)

    def advance(self, t_s: float) -> HeartBeatBatch:
        return self._patient.advance(t_s + self._since_s)

    def answer(self, panel: str, t_s: float) -> PatientAnswer | None:
        return self._patient.answer(panel, t_s + self._since_s)


@dataclass
class Lived:
    """One session that was lived through."""

    rehearsal: Rehearsal
    past: PastSession
    exposure_s: tuple[float, float]


def short_protocol(exposure_s: float = 900.0) -> Protocol:
    """The first heights session with shorter waits."""
    whole = load_protocol("heights-first").protocol
    return whole.model_copy(
        update={
            "baseline": whole.baseline.model_copy(update={"duration_s": 150.0}),
            "exposure": whole.exposure.model_copy(update={"duration_s": exposure_s}),
            "recovery": whole.recovery.model_copy(update={"duration_s": 120.0}),
        }
    )


def live(
    seed: int, stratum: Stratum, sessions: int, protocol: Protocol | None = None, *, suds_only: bool = False
) -> list[Lived]:
    """Sessions of one patient, one after the other."""
    plan = protocol or short_protocol()
    patient, since_s, tolerated_0to1 = VirtualPatient(seed, stratum), 0.0, 0.0
    lived = []
    for _ in range(sessions):
        setup = SessionSetup(protocol=plan, age_years=40, tolerated_0to1=tolerated_0to1, suds_only=suds_only)
        session = Rehearsal(setup, Later(patient, since_s)).begin().run(4000.0)  # type: ignore[arg-type]
        assert session.ended
        since_s += session.t_s + BETWEEN_S
        tolerated_0to1 = session.state.place.tolerated_0to1
        lived.append(_lived(session))
    return lived


def record_lives(database: Path, code: str, lived: list[Lived], simulated: tuple[str, ...] = ()) -> None:
    """Put sessions on a record, as a person's unless the patient is named as simulated: what a prediction reads."""
    loaded = load_protocol("heights-first")
    with People(database) as people:
        people.register_patient(code, 1984)
        people.record_consent(code, "T-1")
    info = SessionInfo(
        patient_code=code,
        protocol_name=loaded.protocol.name,
        protocol_sha256=loaded.sha256,
        protocol_text=loaded.text,
        simulated=simulated,
    )
    with Recorder(database) as recorder:
        for one in lived:
            recorder.begin(replace(info, session_id=new_session_id()))
            for seq, (t_s, output) in enumerate(one.rehearsal.outputs):
                if isinstance(output, SampleTaken | Rated):
                    recorder.append_output(seq, t_s, output)
            recorder.end("completed" if one.past.completed else "safety-stop")


def _lived(session: Rehearsal) -> Lived:
    samples = [(t_s, one) for t_s, one in session.outputs if isinstance(one, SampleTaken)]
    rated = [(t_s, one) for t_s, one in session.outputs if isinstance(one, Rated)]
    completed = session.all_of(SessionEnded)[0].outcome is Outcome.COMPLETED
    turns = [(t_s, one) for t_s, one in session.outputs if isinstance(one, PhaseChanged)]
    begins_s = next(t_s for t_s, one in turns if one.after is Phase.EXPOSURE)
    ends_s = next(t_s for t_s, one in turns if one.before is Phase.EXPOSURE)
    past = past_session(samples, rated, session.setup.protocol.scene, completed=completed)
    return Lived(session, past, (begins_s, ends_s))
