"""What a person's recorded sessions say about the next stage of the automation."""

from __future__ import annotations

from dataclasses import dataclass

from therapy.control.decision import Reason, Stage
from therapy.history import protocol_of
from therapy.session.events import NoticeCode, Noticed, Outcome, Therapist, TherapistAction
from therapy.store.archive import Archive
from therapy.store.automation import Automation
from therapy.store.desk import Where
from therapy.store.graduation import Criterion, SessionEvidence, criteria, next_stage, suggestions_in
from therapy.store.people import People
from therapy.store.records import SessionRecord

SUDS = "suds"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a patient's automation stands, and what must be so before the stage that follows (None after the last)."""

    automation: Automation
    sessions: int
    following: Stage | None
    criteria: tuple[Criterion, ...]


def standing(record: Where, code: str) -> Standing:
    """Where a patient's automation stands; `UsageError` if unknown."""
    with People(record) as people:
        automation = people.automation(code)
    sessions = evidence(record, code, automation)
    stage = automation.stage
    return Standing(automation, len(sessions), next_stage(stage), criteria(stage, sessions))


def move(record: Where, code: str, to: Stage, *, recorded_by: str, reason: str = "") -> None:
    """Record a stage, if the criteria let it be; `UsageError` with what is missing."""
    with People(record) as people:
        sessions = evidence(record, code, people.automation(code))
        people.record_stage(code, to, recorded_by, reason, sessions)


def evidence(record: Where, code: str, automation: Automation) -> tuple[SessionEvidence, ...]:
    """What each graded session of the person at the present stage says, oldest first.

    Sessions answered by a virtual patient, and those before the stage was last recorded, do not count.
    """
    with Archive(record) as archive:
        return tuple(
            _evidence_of(archive, session) for session in archive.sessions(code) if _counts(session, automation)
        )


def _counts(session: SessionRecord, automation: Automation) -> bool:
    since = automation.stage_since
    at_stage = session.setup.get("stage") == automation.stage and (since is None or session.started >= since)
    over = not session.patient_is_virtual and not session.is_running
    return at_stage and over and protocol_of(session).mode.is_graded


def _evidence_of(archive: Archive, session: SessionRecord) -> SessionEvidence:
    rated = [(row.t_s, row.what) for row in archive.ratings(session.session_id) if row.what.scale == SUDS]
    notices = [row.what for row in archive.events(session.session_id) if isinstance(row.what, Noticed)]
    commands = archive.journal(session.session_id, (Therapist,))
    ups_s = [row.t_s for row in commands if isinstance(row.what, Therapist) and row.what.action is TherapistAction.UP]
    suggested = [(row.t_s, row.what) for row in archive.decisions(session.session_id, suggested_only=True)]
    return SessionEvidence(
        completed=session.outcome == Outcome.COMPLETED,
        interrupted=session.outcome == Outcome.INTERRUPTED,
        ratings_answered=sum(one.prompted for _, one in rated),
        ratings_missed=sum(one.code is NoticeCode.PROMPT_MISSED and one.detail == SUDS for one in notices),
        stops=tuple(Reason(word) for one in notices if one.code is NoticeCode.LATCHED for word in one.detail.split()),
        suggestions=suggestions_in(suggested, ups_s, [(t_s, one.answer) for t_s, one in rated]),
    )
