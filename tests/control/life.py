"""A policy in the whole loop for some minutes: what it applies is where the patient is at the next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.control.inputs import allowed
from therapy.control import loop
from therapy.control.decision import Decision, LoopInputs, Proposal
from therapy.control.loop import LoopState
from therapy.control.policies.base import Policy

TINY = 1e-9


@dataclass(frozen=True)
class Stretch:
    """Some seconds that are alike but for the time, beginning with a rating; `changes` as `allowed` takes them."""

    seconds: int
    changes: dict[str, Any]


def lived(
    policy: Policy, stretches: Iterable[Stretch], *, start_0to1: float = 0.2, open_limits: bool = True
) -> Iterator[Decision]:
    """Every decision of a life, one a second, under the guard."""
    state, t_s, current, began_s = LoopState(), 100.0, start_0to1, 0.0
    lowered_s = raised_s = None
    wide = {"limits__therapist_0to1": 1.0, "limits__patient_0to1": 1.0} if open_limits else {}
    for stretch in stretches:
        rated_s = t_s
        for _ in range(stretch.seconds):
            inputs = _moment(allowed(**{**wide, **stretch.changes}), t_s, current, rated_s)
            place = replace(
                inputs.place,
                dwell_s=t_s - began_s,
                since_lower_s=None if lowered_s is None else t_s - lowered_s,
                since_raise_s=None if raised_s is None else t_s - raised_s,
            )
            rating = replace(inputs.rating, given_on_level=inputs.rating.given_on_level and rated_s >= began_s)
            state, decision = loop.step(state, replace(inputs, place=place, rating=rating), policy)
            yield decision
            if abs(decision.applied_0to1 - current) > TINY:
                began_s = t_s
                lowered_s, raised_s = (t_s, raised_s) if decision.applied_0to1 < current else (lowered_s, t_s)
                current = decision.applied_0to1
            t_s += 1.0


def _moment(inputs: LoopInputs, t_s: float, current_0to1: float, rated_s: float) -> LoopInputs:
    """The inputs at a time; a rating's age grows from what the stretch says."""
    age_s = inputs.rating.age_s
    return replace(
        inputs,
        t_s=t_s,
        rating=replace(inputs.rating, age_s=None if age_s is None else age_s + t_s - rated_s),
        place=replace(inputs.place, current_0to1=current_0to1, in_phase_s=t_s - 100.0),
    )


def levels(decisions: Iterable[Decision]) -> list[int]:
    """The level after each decision."""
    return [round(one.applied_0to1 * 10) for one in decisions]


def watched(policy: Policy, inputs: LoopInputs, seconds: int, state: Any = None) -> tuple[Any, list[Proposal]]:
    """The policy alone, nothing but time going on, now and for some seconds: its memory, its proposals."""
    state, found = policy.begin() if state is None else state, []
    age_s = inputs.rating.age_s
    for second in range(seconds + 1):
        rating = replace(inputs.rating, age_s=None if age_s is None else age_s + second)
        state, proposal = policy.step(state, replace(inputs, t_s=inputs.t_s + second, rating=rating))
        found.append(proposal)
    return state, found
