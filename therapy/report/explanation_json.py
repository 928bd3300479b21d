"""An explanation for programs: codes and figures, with the words beside them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from therapy.control.decision import Decision, Reason
from therapy.control.guard_rules import rule_id
from therapy.replaying import Explained
from therapy.report.explanation import headline
from therapy.report.loop_words import REASONS
from therapy.report.needs import need_in_words


def explanation_as_json(found: Explained) -> dict[str, Any]:
    """Everything about the second: what was known, proposed and applied, and what stood against a step up."""
    seen, decision = found.explanation, found.explanation.decision
    allowed = seen.allowed
    return {
        "session": found.session.session_id,
        "t_s": decision.t_s,
        "phase": seen.moment.phase.value,
        "text": headline(decision, seen.raised_for_s),
        "knew": asdict(decision.inputs) | {"raised_for_s": seen.raised_for_s},
        "allowed": {"at_most_0to1": allowed.at_most_0to1} | _reason(allowed.limiting),
        "proposed": asdict(seen.proposal),
        "applied": _decided(decision),
        "limiting": None if decision.limiting is None else _reason(decision.limiting),
        "step_up_needs": [
            _reason(one.reason) | {"by_guard": one.by_guard, "needs": need_in_words(one, seen)}
            for one in seen.objections
        ],
        "previous_change": _brief(seen.previous),
        "next_change": _brief(seen.following),
        "record_says_the_same": found.identical,
        "recorded": None if found.identical or found.recorded is None else _decided(found.recorded),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"reason": reason.value, "rule_id": rule_id(reason), "words": REASONS[reason]}


def _decided(decision: Decision) -> dict[str, Any]:
    """A decision without what it saw."""
    return {name: part for name, part in asdict(decision).items() if name != "inputs"}


def _brief(decision: Decision | None) -> dict[str, Any] | None:
    return None if decision is None else {"t_s": decision.t_s, "text": headline(decision)}
