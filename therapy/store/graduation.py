"""When a patient's automation may go on to the next stage, worked out from what is on the record.

A new patient's automation only suggests; then it may lower; last it may raise within the guard's bounds.  Going
on is a person's act, a stage is never skipped, and going back is always possible.  All figures are
engineering defaults [D]: no authority has published any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from therapy.control.decision import Decision, Reason, Stage
from therapy.control.limits import TINY, cap

FOLLOWED_WITHIN_S = 60.0
ANSWERED_BY_RATING_WITHIN_S = 120.0
HIGH_SUDS = 85
SESSIONS_NEEDED = 1
SUGGESTIONS_OR_RATINGS_NEEDED = 3
ANSWERED_SHARE_NEEDED = 0.8
FOLLOWED_SHARE_NEEDED = 0.6
STAGES = (Stage.SUGGEST_ONLY, Stage.LOWER_ONLY, Stage.BOUNDED_RAISE)
FAULTS = frozenset(
    {
        Reason.EXCEPTION,
        Reason.STORE_FAILED,
        Reason.WATCHDOG_MISSED,
        Reason.PLAYER_LOST,
        Reason.PLAYER_MISMATCH,
        Reason.PLAYER_LATCHED,
        Reason.TRACKING_LOST,
    }
)
"""Reasons for the calm scene that are faults of the program or its devices, and no person's doing."""


class CriterionKind(StrEnum):
    """What is asked before the next stage."""

    SESSIONS_COMPLETED = "sessions-completed"
    SUGGESTIONS_OR_RATINGS = "suggestions-or-ratings"
    RATINGS_ANSWERED = "ratings-answered"
    NO_FAULT_STOP = "no-fault-stop"
    LAST_SESSION_CALM = "last-session-calm"
    SUGGESTIONS_FOLLOWED = "suggestions-followed"
    NO_HIGH_RATING_AFTER = "no-high-rating-after"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: `found` of `needed`; shares are 0-1, stops and high ratings are counts of which none may be.

    `out_of` is what a share is of.
    """

    kind: CriterionKind
    met: bool
    found: float
    needed: float
    out_of: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggested step: when, which way, when the therapist followed, and the highest rating soon after that."""

    t_s: float
    is_up: bool
    followed_t_s: float | None = None
    highest_suds_after: int | None = None


@dataclass(frozen=True, slots=True)
class SessionEvidence:
    """What one graded session at the present stage says; one that broke off (a crash, no power) is `interrupted`."""

    completed: bool
    interrupted: bool
    ratings_answered: int
    ratings_missed: int
    stops: tuple[Reason, ...]
    suggestions: tuple[Suggestion, ...]


def next_stage(stage: Stage) -> Stage | None:
    """The stage after this one; None after the last."""
    place = STAGES.index(stage)
    return STAGES[place + 1] if place + 1 < len(STAGES) else None


def is_forward(stage: Stage, to: Stage) -> bool:
    """Whether going from one stage to another gives the automation more to do."""
    return STAGES.index(to) > STAGES.index(stage)


def suggestions_in(
    decisions: Iterable[tuple[float, Decision]],
    therapist_ups_s: Sequence[float],
    ratings: Sequence[tuple[float, int]],
) -> tuple[Suggestion, ...]:
    """The suggestions of a session, from its decisions, the therapist's steps up, and the ratings, with their times.

    A suggestion stands from its first decision on; it is another one when level or direction differ, or when it was
    gone for longer than a therapist has to follow.  A step up beyond a limit in force is no suggestion: nobody
    could follow it.
    """
    found: list[tuple[float, bool]] = []
    last: tuple[float, bool] | None = None
    seen_s = 0.0
    for t_s, decision in decisions:
        wanted_0to1, before_0to1 = decision.suggested_0to1, decision.before_0to1
        if wanted_0to1 is None or wanted_0to1 > cap(decision.inputs.limits).at_most_0to1 + TINY:
            continue
        this = (before_0to1, wanted_0to1 > before_0to1)
        if this != last or t_s - seen_s > FOLLOWED_WITHIN_S:
            found.append((t_s, this[1]))
        last, seen_s = this, t_s
    return tuple(_followed(t_s, is_up, therapist_ups_s, ratings) for t_s, is_up in found)


def criteria(stage: Stage, sessions: Sequence[SessionEvidence]) -> tuple[Criterion, ...]:
    """What must be so before the stage after `stage`; none after the last.  `sessions` are those at this stage."""
    if stage is Stage.SUGGEST_ONLY:
        return _before_lowering(sessions)
    if stage is Stage.LOWER_ONLY:
        return _before_raising(sessions)
    return ()


def _followed(
    t_s: float, is_up: bool, therapist_ups_s: Sequence[float], ratings: Sequence[tuple[float, int]]
) -> Suggestion:
    ups_s = [up_s for up_s in therapist_ups_s if t_s <= up_s <= t_s + FOLLOWED_WITHIN_S]
    if not is_up or not ups_s:
        return Suggestion(t_s, is_up)
    up_s = min(ups_s)
    after = [suds for at_s, suds in ratings if up_s <= at_s <= up_s + ANSWERED_BY_RATING_WITHIN_S]
    return Suggestion(t_s, is_up, up_s, max(after, default=None))


def _before_lowering(sessions: Sequence[SessionEvidence]) -> tuple[Criterion, ...]:
    answered = sum(one.ratings_answered for one in sessions)
    asked = answered + sum(one.ratings_missed for one in sessions)
    material = answered + sum(len(one.suggestions) for one in sessions)
    faults = sum(_stopped_by(one, FAULTS) for one in sessions)
    return (
        _completed(sessions),
        _at_least(CriterionKind.SUGGESTIONS_OR_RATINGS, material, SUGGESTIONS_OR_RATINGS_NEEDED),
        _share(CriterionKind.RATINGS_ANSWERED, answered, asked, ANSWERED_SHARE_NEEDED),
        _none(CriterionKind.NO_FAULT_STOP, faults),
    )


def _before_raising(sessions: Sequence[SessionEvidence]) -> tuple[Criterion, ...]:
    stops = _stopped_by(sessions[-1], FAULTS | {Reason.SUDS_EXTREME}) if sessions else 0
    ups = [one for session in sessions for one in session.suggestions if one.is_up]
    followed = [one for one in ups if one.followed_t_s is not None]
    high = sum(one.highest_suds_after is not None and one.highest_suds_after >= HIGH_SUDS for one in followed)
    return (
        _completed(sessions),
        _none(CriterionKind.LAST_SESSION_CALM, stops),
        _share(CriterionKind.SUGGESTIONS_FOLLOWED, len(followed), len(ups), FOLLOWED_SHARE_NEEDED),
        _none(CriterionKind.NO_HIGH_RATING_AFTER, high),
    )


def _stopped_by(session: SessionEvidence, reasons: frozenset[Reason]) -> int:
    """How many stops of a session had one of these reasons; breaking off is a fault's stop."""
    return sum(reason in reasons for reason in session.stops) + session.interrupted


def _completed(sessions: Sequence[SessionEvidence]) -> Criterion:
    completed = sum(one.completed for one in sessions)
    return _at_least(CriterionKind.SESSIONS_COMPLETED, completed, SESSIONS_NEEDED)


def _at_least(kind: CriterionKind, found: int, needed: int) -> Criterion:
    return Criterion(kind, found >= needed, found, needed)


def _share(kind: CriterionKind, part: int, whole: int, needed: float) -> Criterion:
    """A share of nothing is not met."""
    share = part / whole if whole else 0.0
    return Criterion(kind, share >= needed, share, needed, whole)


def _none(kind: CriterionKind, found: int) -> Criterion:
    return Criterion(kind, found == 0, found, 0)
