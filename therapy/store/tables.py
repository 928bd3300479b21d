"""The tables.  Session rows are few and wide; everything that happens in a session is append-only.

The append-only tables are keyed by (session, seq, part): `seq` is the number of the journal entry that
caused the row and `part` its place among what that entry caused, so writing a row twice changes nothing.
Times `t_s` are session seconds, exact.  A REAL that is NULL was not a number, or was not there.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 4
_CLUSTERED = {"sqlite_with_rowid": False}


def _session_key() -> Any:
    return Field(sa_column=Column(Integer, ForeignKey("session.number"), primary_key=True))


class SchemaVersionRow(SQLModel, table=True):
    """Which schema the file has, since when, by which software."""

    __tablename__ = "schema_version"
    version: int = Field(primary_key=True)
    since: str
    software: str


class PatientRow(SQLModel, table=True):
    """A patient by code; no name, no address, no identity of any kind belongs here.

    `erased` is when the patient's key was destroyed.
    """

    __tablename__ = "patient"
    code: str = Field(primary_key=True)
    birth_year: int
    created: str
    erased: str | None = None


class IdentityRow(SQLModel, table=True):
    """Who a patient is, sealed under the patient's key; the newest row counts."""

    __tablename__ = "identity"
    number: int | None = Field(default=None, primary_key=True)
    patient_code: str = Field(foreign_key="patient.code", index=True)
    sealed: str = Field(sa_type=Text)
    recorded_by: str
    at: str


class UserRow(SQLModel, table=True):
    """A user of this record; passwords and keys are not here but in the key file."""

    __tablename__ = "user"
    user_id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    roles: str
    patient_code: str | None = Field(default=None, foreign_key="patient.code")
    created: str
    disabled: str | None = None


class AssignmentRow(SQLModel, table=True):
    """Whose patient somebody is."""

    __tablename__ = "assignment"
    patient_code: str = Field(foreign_key="patient.code", primary_key=True)
    user_id: str = Field(foreign_key="user.user_id", primary_key=True)
    since: str


class AccessRow(SQLModel, table=True):
    """Who read what, and who changed users and keys: rows are added, never changed."""

    __tablename__ = "access"
    number: int | None = Field(default=None, primary_key=True)
    at: str
    user_id: str
    act: str
    patient_code: str | None = Field(default=None, index=True)
    session_id: str | None = None
    detail: str = ""


class ConsentRow(SQLModel, table=True):
    """Consent given or withdrawn: rows are added, never changed."""

    __tablename__ = "consent"
    number: int | None = Field(default=None, primary_key=True)
    patient_code: str = Field(foreign_key="patient.code", index=True)
    act: str
    version: int
    language: str
    text: str = Field(sa_type=Text)
    recorded_by: str
    at: str


class ScreeningRow(SQLModel, table=True):
    """One filled-in checklist."""

    __tablename__ = "screening"
    number: int | None = Field(default=None, primary_key=True)
    patient_code: str = Field(foreign_key="patient.code", index=True)
    version: int
    answers: str = Field(sa_type=Text)
    outcome: str
    recorded_by: str
    at: str


class AutomationRow(SQLModel, table=True):
    """One change of what the automation may do with a patient: rows are added, never changed."""

    __tablename__ = "automation"
    number: int | None = Field(default=None, primary_key=True)
    patient_code: str = Field(foreign_key="patient.code", index=True)
    kind: str
    setting: str
    recorded_by: str
    reason: str = Field(sa_type=Text)
    at: str


class ProtocolRow(SQLModel, table=True):
    """The full text of each protocol that was ever run, by its hash."""

    __tablename__ = "protocol"
    sha256: str = Field(primary_key=True)
    text: str = Field(sa_type=Text)


class SessionRow(SQLModel, table=True):
    """One session; `outcome` is NULL while it runs, and after a crash until `close_interrupted`."""

    __tablename__ = "session"
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    patient_code: str = Field(foreign_key="patient.code", index=True)
    protocol_name: str
    protocol_sha256: str = Field(foreign_key="protocol.sha256")
    started: str
    software: str
    setup: str = Field(sa_type=Text)
    sensor: str = Field(sa_type=Text)
    player: str = Field(sa_type=Text)
    simulated: str
    ended: str | None = None
    duration_s: float | None = None
    outcome: str | None = None
    detail: str | None = None
    lost_rows: int = 0


class JournalRow(SQLModel, table=True):
    """Every event that reached the session, in order: folding them again gives the session again."""

    __tablename__ = "journal"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    t_s: float
    kind: str
    payload: str = Field(sa_type=Text)


class DecisionRow(SQLModel, table=True):
    """Every decision of the loop with all it saw."""

    __tablename__ = "decision"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    t_s: float
    decided_t_s: float | None
    cause: str
    rule: str
    reasons: str
    before_0to1: float | None
    proposed_0to1: float | None
    applied_0to1: float | None
    ramp_s: float | None
    calm: bool
    latched: bool
    policy_rule: str
    inputs: str = Field(sa_type=Text)
    limiting: str | None = None
    suggested_0to1: float | None = None
    pace_per_min: float | None = None


class SampleRow(SQLModel, table=True):
    """Once a second: heart rate with quality and age, intensities, the newest SUDS."""

    __tablename__ = "sample"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    t_s: float
    hr10_bpm: float | None
    hr5_bpm: float | None
    delta_bpm: float | None
    quality_0to1: float | None
    age_s: float | None
    target_0to1: float | None
    shown_0to1: float | None
    scene: str
    scene_time_s: float | None
    suds: int | None


class BeatRow(SQLModel, table=True):
    """Every RR interval in raw ticks of 1/1024 s."""

    __tablename__ = "beat"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    t_s: float
    beat_t_s: float | None
    rr_ticks: int
    accepted: bool
    after_gap: bool


class RatingRow(SQLModel, table=True):
    """Every rating that counts."""

    __tablename__ = "rating"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    t_s: float
    scale: str
    answer: int
    prompted: bool
    intensity_0to1: float | None


class EventRow(SQLModel, table=True):
    """Everything else a session put out: phases, notices, scene commands, panels, baseline, end."""

    __tablename__ = "event"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    t_s: float
    kind: str
    payload: str = Field(sa_type=Text)


class FrameRow(SQLModel, table=True):
    """How the frames of one second went, in wall milliseconds."""

    __tablename__ = "frame_statistics"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    t_s: float
    frames: int
    late_frames: int
    median_ms: float
    p99_ms: float


class PoseRow(SQLModel, table=True):
    """One block of head poses as compressed columns; `first_scene_time_s` is exact, the columns are float32."""

    __tablename__ = "head_pose"
    __table_args__ = _CLUSTERED
    session_number: int = _session_key()
    seq: int = Field(primary_key=True)
    t_s: float
    rows: int
    first_scene_time_s: float
    columns: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
