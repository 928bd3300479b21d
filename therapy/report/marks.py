"""Limits and stops: the moments when something kept the intensity down, numbered for the figure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from therapy.control.decision import Decision, Reason, Rule
from therapy.explaining import change_numbers
from therapy.report.facts import SessionFacts
from therapy.store.records import Recorded

TOGETHER_S = 5.0
"""The same limit again within this time is the same episode."""
_TINY = 1e-6
_NO_AUTHORITY = {Reason.WAITING_FOR_RATING, Reason.SUDS_IN_WINDOW, Reason.SUDS_HIGH, Reason.HELD_BY_THERAPIST}
_DOWN = {
    Rule.LADDER_DOWN_ONE,
    Rule.LADDER_DOWN_TWO,
    Rule.HR_BRAKE,
    Rule.HR_WINDOW_DOWN,
    Rule.FUSED_DOWN,
    Rule.PUBLISHED_DOWN,
    Rule.GUARD_CAP,
    Rule.GUARD_STALE_DOWN,
    Rule.GUARD_HR_HIGH_DOWN,
    Rule.GUARD_SICKNESS_DOWN,
}


class MarkKind(StrEnum):
    """How much a limit did."""

    HELD = "held"
    LOWERED = "lowered"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Mark:
    """One limit or stop, from its first to its last decision."""

    number: int
    kind: MarkKind
    from_s: float
    to_s: float
    first: Decision


def limits_and_stops(facts: SessionFacts) -> tuple[Mark, ...]:
    """Every limit and stop in order of time."""
    marks: list[Mark] = []
    was_calm = False
    for row in facts.decisions:
        kind = _kind(row.what, was_calm)
        was_calm = row.what.calm
        if kind is None:
            if marks and row.what.calm and marks[-1].kind is MarkKind.STOPPED:
                marks[-1] = _until(marks[-1], row.t_s)
            continue
        last = marks[-1] if marks else None
        if last is not None and _is_same(last, kind, row.what) and row.t_s - last.to_s <= TOGETHER_S:
            marks[-1] = _until(last, row.t_s)
        else:
            marks.append(Mark(len(marks) + 1, kind, row.t_s, row.t_s, row.what))
    return tuple(marks)


def changes(facts: SessionFacts) -> tuple[Recorded[Decision], ...]:
    """The decisions that changed something: the intensity, the pace, or whether the calm scene is held."""
    return tuple(facts.decisions[number] for number in change_numbers(row.what for row in facts.decisions))


def _kind(decision: Decision, was_calm: bool) -> MarkKind | None:
    if decision.calm:
        return None if was_calm else MarkKind.STOPPED
    lowered = decision.applied_0to1 < decision.before_0to1 - _TINY
    if lowered:
        return MarkKind.LOWERED if decision.rule in _DOWN else None
    if decision.proposed_0to1 > decision.applied_0to1 + _TINY:
        return MarkKind.HELD
    reasons = set(decision.reasons)
    vetoed = decision.rule is Rule.HOLD and Reason.HR_VETO in reasons and not reasons & _NO_AUTHORITY
    return MarkKind.HELD if vetoed else None


def _is_same(last: Mark, kind: MarkKind, decision: Decision) -> bool:
    return (
        kind is MarkKind.HELD
        and last.kind is kind
        and (last.first.rule, last.first.reasons[:1]) == (decision.rule, decision.reasons[:1])
    )


def _until(mark: Mark, t_s: float) -> Mark:
    return Mark(mark.number, mark.kind, mark.from_s, t_s, mark.first)
