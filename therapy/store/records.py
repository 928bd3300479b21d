"""What goes into the record and comes out of it: plain frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import uuid4

T = TypeVar("T")
VIRTUAL_PATIENT = "patient"
"""The word in a session's `simulated` that says the patient was a virtual one."""
Json = Mapping[str, Any]


def new_session_id() -> str:
    """A new session id: 32 hexadecimal digits."""
    return uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionInfo:
    """What is known when a session starts.

    `setup` is whatever a replay needs (seed, age, SUDS-only …), kept as it is.  `sensor` and `player`
    say what they are (name, address, kind; display, renderer …).  `simulated` names in plain words every
    part that was not real, such as "heart-rate strap" or "patient".
    """

    patient_code: str
    protocol_name: str
    protocol_sha256: str
    protocol_text: str
    started: datetime = field(default_factory=lambda: datetime.now().astimezone())
    software: str = ""
    setup: Json = field(default_factory=dict)
    sensor: Json = field(default_factory=dict)
    player: Json = field(default_factory=dict)
    simulated: tuple[str, ...] = ()
    session_id: str = field(default_factory=new_session_id)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as the record has it.

    `outcome` is None only while the session is being recorded; a session that a crash left open reads as
    "interrupted".  `last_t_s` is the last recorded second of session time.
    """

    session_id: str
    patient_code: str
    protocol_name: str
    protocol_sha256: str
    protocol_text: str
    started: datetime
    ended: datetime | None
    last_t_s: float
    outcome: str | None
    detail: str
    software: str
    setup: Json
    sensor: Json
    player: Json
    simulated: tuple[str, ...]
    lost_rows: int = 0

    @property
    def is_running(self) -> bool:
        """Whether it is being recorded at this moment."""
        return self.outcome is None

    @property
    def patient_is_virtual(self) -> bool:
        """Whether a virtual patient answered; what was recorded then says nothing about a person."""
        return VIRTUAL_PATIENT in self.simulated


@dataclass(frozen=True, slots=True)
class Recorded(Generic[T]):
    """Something recorded: the journal number that caused it, its place among the effects, its time."""

    seq: int
    part: int
    t_s: float
    what: T


@dataclass(frozen=True, slots=True)
class FrameSecond:
    """How the frames of one second went, in wall milliseconds."""

    frames: int
    late_frames: int
    median_ms: float
    p99_ms: float
