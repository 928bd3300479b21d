"""Recomputing a recorded session: the same events over the same set-up must give the same decisions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from protocols.loader import parse_protocol
from therapy.control.decision import Decision, Stage
from therapy.errors import StoreError, UsageError
from therapy.explaining import Explanation, Moment, explain
from therapy.session.engine import step
from therapy.session.events import Decided, Output
from therapy.session.state import SessionSetup, SessionState
from therapy.store.archive import Archive
from therapy.store.records import SessionRecord

STAGE = "stage"
"""The part of a session's set-up that tells whether patients had stages when it was recorded."""

OUTCOME_FIELDS = (
    "t_s", "cause", "rule", "reasons", "before_0to1", "proposed_0to1", "applied_0to1", "ramp_s", "calm", "latched",
    "policy_rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a recomputation compares with the record; the last three fields tell of the first difference.

    `by_outcome`: only what was decided and why was compared, because the session is older than what is seen now.
    """

    session_id: str
    events: int
    decisions: int
    differences: int
    by_outcome: bool
    first_t_s: float | None = None
    recorded: str = ""
    recomputed: str = ""

    @property
    def identical(self) -> bool:
        """Whether every decision came out the same."""
        return self.differences == 0

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "session": self.session_id,
            "events": self.events,
            "decisions": self.decisions,
            "identical": self.identical,
            "compared": "outcomes" if self.by_outcome else "decisions",
            "differences": self.differences,
            "first_difference_t_s": self.first_t_s,
            "recorded": self.recorded or None,
            "recomputed": self.recomputed or None,
        }


def setup_of(session: SessionRecord) -> SessionSetup:
    """The set-up a session was recorded with."""
    loaded = parse_protocol(session.protocol_text, session.protocol_name, check_scenes=False)
    fixed = session.setup
    try:
        return SessionSetup(
            protocol=loaded.protocol,
            age_years=fixed["age_years"],
            suds_only=fixed["suds_only"],
            tolerated_0to1=fixed["tolerated_0to1"],
            event_names=tuple(fixed["event_names"]),
            watchdog_s=fixed["watchdog_s"],
            # A session from before patients had stages was run with the whole of the automation.
            stage=Stage(fixed.get(STAGE, Stage.BOUNDED_RAISE)),
            hr_may_drive=fixed.get("hr_may_drive", False),
            patient_limit_0to1=fixed.get("patient_limit_0to1", 1.0),
        )
    except KeyError as error:
        raise StoreError(
            f"Session {session.session_id[:8]} has no {error} on record.", "It cannot be recomputed."
        ) from None


def trace(archive: Archive, session: SessionRecord) -> Iterator[Moment]:
    """Every decision with what the loop remembered around it, from the journal alone."""
    setup, state = setup_of(session), SessionState()
    for entry in archive.journal(session.session_id):
        before = state
        outputs: tuple[Output, ...] = ()
        # What raised in the session raises again here: its state stood then too, and a fault event follows.
        with contextlib.suppress(Exception):
            state, outputs = step(setup, state, entry.what, entry.t_s)
        for output in outputs:
            if isinstance(output, Decided):
                yield Moment(entry.seq, output.decision, before.loop.policy, state.loop.guard, before.phase)


def recompute(archive: Archive, session: SessionRecord) -> list[tuple[int, Decision]]:
    """Every decision with the number of the event that caused it."""
    return [(moment.seq, moment.decision) for moment in trace(archive, session)]


@dataclass(frozen=True, slots=True)
class Explained:
    """One moment of a recorded session, and the decision that the record has for it (None if it has none)."""

    session: SessionRecord
    explanation: Explanation
    recorded: Decision | None

    @property
    def identical(self) -> bool:
        """Whether the record says the same."""
        return self.recorded == self.explanation.decision

    @property
    def differing(self) -> tuple[str, ...]:
        """The parts in which the record says something else."""
        was, now = self.recorded, self.explanation.decision
        if was is None:
            return ()
        own = [name for name in _unlike(was, now) if name != "inputs"]
        return (*own, *(f"inputs.{name}" for name in _unlike(was.inputs, now.inputs)))


def explain_second(archive: Archive, id_or_prefix: str, at_s: float) -> Explained:
    """Recompute a session and explain a second of it; `UsageError` for a second that it does not have."""
    session = archive.session(id_or_prefix)
    moments = tuple(trace(archive, session))
    if not moments:
        raise UsageError(f"Session {session.session_id[:8]} holds no decision.", "See: acclimate sessions.")
    if not 0.0 <= at_s <= moments[-1].decision.t_s:
        raise UsageError(f"The session has no second {at_s:g}.", f"It lasted {_minutes(moments[-1].decision.t_s)}.")
    found = explain(setup_of(session), moments, at_s)
    recorded = {one.seq: one.what for one in archive.decisions(session.session_id)}
    return Explained(session, found, recorded.get(found.moment.seq))


def _unlike(one: Any, other: Any) -> list[str]:
    return [field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name)]


def _minutes(t_s: float) -> str:
    return f"from 0:00 to {int(t_s) // 60}:{int(t_s) % 60:02d} ({t_s:.2f} s)"


def compare(archive: Archive, id_or_prefix: str) -> Comparison:
    """Recompute a session and compare decision by decision.

    Decisions are compared as values, floats exactly.  A session cut off by a crash may lack the outputs of its last
    events; a journal that goes on longer than the decisions is no difference there.  The decisions of a session from
    before patients had stages lack much of what is seen and said now: of those the outcomes are compared.
    """
    session = archive.session(id_or_prefix)
    recorded = [(one.seq, one.what) for one in archive.decisions(session.session_id)]
    again = recompute(archive, session)
    events = len(archive.journal(session.session_id))
    cut_off = session.outcome == "interrupted"
    if cut_off:
        again = again[: len(recorded)] if len(again) > len(recorded) else again
    pairs = list(zip(recorded, again, strict=False))
    by_outcome = STAGE not in session.setup
    wrong = [(a, b) for a, b in pairs if (_outcome(*a) != _outcome(*b) if by_outcome else a != b)]
    differences = len(wrong) + abs(len(recorded) - len(again))
    first = _missing(recorded, again)
    if wrong:
        (_, was), (_, now) = wrong[0]
        first = (was.t_s, _brief(was), _brief(now))
    return Comparison(session.session_id, events, len(recorded), differences, by_outcome, *first)


def _outcome(seq: int, decision: Decision) -> tuple[object, ...]:
    """What was decided and why, without what was seen and without what older decisions do not say."""
    return (seq, *(getattr(decision, name) for name in OUTCOME_FIELDS))


def _missing(recorded: list[tuple[int, Decision]], again: list[tuple[int, Decision]]) -> tuple[float | None, str, str]:
    if len(recorded) == len(again):
        return None, "", ""
    longer = recorded if len(recorded) > len(again) else again
    first = longer[min(len(recorded), len(again))][1]
    here, nothing = _brief(first), "nothing"
    return (first.t_s, here, nothing) if longer is recorded else (first.t_s, nothing, here)


def _brief(decision: Decision) -> str:
    reasons = ", ".join(reason.value for reason in decision.reasons)
    return (
        f"{decision.rule.value} ({reasons}): {decision.before_0to1!r} -> {decision.proposed_0to1!r} "
        f"-> {decision.applied_0to1!r}, HR10 {decision.inputs.heart.hr10_bpm!r}, SUDS {decision.inputs.rating.suds!r}"
    )
