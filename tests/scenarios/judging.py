"""Compares what came of a scenario with what was expected; every difference is a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from tests.scenarios.playing import Played
from tests.scenarios.reading import Expected, Scenario
from therapy.control.decision import Decision, Rule
from therapy.control.limits import TINY
from therapy.report.loop_words import limiting_first
from therapy.report.phrases import clock, level

At = tuple[float, Decision]


def complaints(scenario: Scenario, played: Played) -> list[str]:
    """Everything that is not as the scenario says.

    Every change of level and every call of the calm scene has to be expected, in order; nothing else may happen.
    """
    changes = changes_of(played.decisions)
    wanted = [one for one in scenario.expected if one.level is not None]
    found = [words for one, change in zip(wanted, changes, strict=False) for words in _change(one, change)]
    found += [f"{_when(one)}: level {one.level} did not happen" for one in wanted[len(changes) :]]
    found += [f"{_told(change)} is not in the list" for change in changes[len(wanted) :]]
    for one in scenario.expected:
        if one.never is not None:
            found += _never(one, played.decisions)
        elif one.suggests is not None:
            found += _suggested(one, played.decisions)
        elif one.told is not None:
            found += _noticed(one, played)
        elif one.stands is not None:
            found += _stands(one, played.decisions)
    return found


def changes_of(decisions: Sequence[At]) -> list[At]:
    """Every change of level, every call of the calm scene, every way back."""
    found, was_calm = [], False
    for t_s, decision in decisions:
        moved = abs(decision.applied_0to1 - decision.before_0to1) > TINY and not decision.calm
        if moved or decision.rule is Rule.RE_ENTRY or (decision.calm and not was_calm):
            found.append((t_s, decision))
        was_calm = decision.calm
    return found


def happened(played: Played) -> str:
    """What came of it, for the reader of a failure."""
    rows = [(t_s, _told((t_s, decision))) for t_s, decision in changes_of(played.decisions)]
    rows += [(t_s, f"{clock(t_s)}: told {one.code.value} {one.detail}") for t_s, one in played.notices]
    return "\n".join(words for _, words in sorted(rows))


def _change(wanted: Expected, change: At) -> list[str]:
    t_s, decision = change
    before, after = (wanted.level or "").split(" -> ")
    as_wanted = (
        _is_in(wanted, t_s)
        and (level(decision.before_0to1), level(decision.applied_0to1)) == (before, after)
        and decision.rule is wanted.rule
        and decision.calm is wanted.calm
        and _gives(decision, wanted)
    )
    return (
        [] if as_wanted else [f"{_when(wanted)}: expected level {wanted.level} by {_why(wanted)}, but {_told(change)}"]
    )


def _never(wanted: Expected, decisions: Sequence[At]) -> list[str]:
    inside = [one for one in decisions if _is_in(wanted, one[0])]
    if not inside:
        return [f"{_when(wanted)}: there is no decision in that span"]
    least = TINY if wanted.never == "step up" else -2.0
    changed = [
        (t_s, one)
        for t_s, one in changes_of(decisions)
        if _is_in(wanted, t_s) and one.applied_0to1 - one.before_0to1 > least
    ]
    found = [f"{_when(wanted)}: never a {wanted.never}, but {_told(one)}" for one in changed]
    if wanted.because and not any(_gives(decision, wanted) for _, decision in inside):
        given = sorted({" ".join(limiting_first(decision)) for _, decision in inside})
        found.append(f"{_when(wanted)}: {_why(wanted)} never was the reason; there were: {', '.join(given)}")
    return found


def _suggested(wanted: Expected, decisions: Sequence[At]) -> list[str]:
    inside = [decision for t_s, decision in decisions if _is_in(wanted, t_s)]
    as_wanted = (one for one in inside if one.suggested_0to1 is not None and _gives_any(one, wanted))
    levels = {level(one.suggested_0to1) for one in as_wanted if one.suggested_0to1 is not None}
    return [] if f"{wanted.suggests:g}" in levels else [f"{_when(wanted)}: level {wanted.suggests:g} was not suggested"]


def _noticed(wanted: Expected, played: Played) -> list[str]:
    told = [one for t_s, one in played.notices if _is_in(wanted, t_s) and one.code is wanted.told]
    if any(wanted.saying in one.detail for one in told):
        return []
    return [f"{_when(wanted)}: not told {wanted.told} {wanted.saying!r}; told {[one.detail for one in told]}"]


def _stands(wanted: Expected, decisions: Sequence[At]) -> list[str]:
    levels = {level(decision.applied_0to1) for t_s, decision in decisions if _is_in(wanted, t_s)}
    here = f"{wanted.stands:g}"
    return [] if levels == {here} else [f"{_when(wanted)}: stands on {levels}, not on {here}"]


def _is_in(wanted: Expected, t_s: float) -> bool:
    from_s, to_s = wanted.span_s
    return from_s <= t_s < to_s


def _gives(decision: Decision, wanted: Expected) -> bool:
    """Whether the first reason named is the one that bound, and all others are among the decision's."""
    reasons = limiting_first(decision)
    return reasons[: len(wanted.because[:1])] == tuple(wanted.because[:1]) and set(wanted.because) <= set(reasons)


def _gives_any(decision: Decision, wanted: Expected) -> bool:
    return set(wanted.because) <= set(decision.reasons)


def _when(wanted: Expected) -> str:
    from_s, to_s = wanted.span_s
    return clock(from_s) if wanted.within is None else f"{clock(from_s)} to {clock(to_s)}"


def _why(wanted: Expected) -> str:
    return f"{wanted.rule} ({', '.join(wanted.because)})" if wanted.rule else ", ".join(wanted.because)


def _told(change: At) -> str:
    t_s, one = change
    reasons = ", ".join(limiting_first(one))
    calm = ", calm scene" if one.calm else ""
    return f"{clock(t_s)}: level {level(one.before_0to1)} -> {level(one.applied_0to1)}{calm} by {one.rule} ({reasons})"
