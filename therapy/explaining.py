"""What the loop knew, wanted and did at one moment, and everything that stood against a step up.

Pure: from the decisions of a recomputed session to one `Explanation`.  The words are made in `therapy.report`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from therapy.control import guard
from therapy.control.decision import Decision, Proposal, Reason, Rule, Stage
from therapy.control.graduation import PEOPLES
from therapy.control.guard import GuardState
from therapy.control.limits import TINY, Allowance, cap
from therapy.control.policies.base import passed_s, stay
from therapy.session.events import Phase
from therapy.session.state import SessionSetup

SECOND_S = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One decision of a session: the journal's entry that caused it, and what the loop remembered.

    `memory` is the policy's before the step (None before its first), `guard` the guard's after it.
    """

    seq: int
    decision: Decision
    memory: Any
    guard: GuardState
    phase: Phase


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that stood against a step up; `by_guard` if no policy and no wish could pass it."""

    reason: Reason
    by_guard: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one moment.

    `raised_for_s` is how long the heart rate has been at the protocol's brake or above it; `objections` are all
    that stood against a step up, the most limiting first, none where the step was one up.
    """

    setup: SessionSetup
    moment: Moment
    proposal: Proposal
    allowed: Allowance
    objections: tuple[Objection, ...]
    raised_for_s: float
    previous: Decision | None
    following: Decision | None

    @property
    def decision(self) -> Decision:
        """The decision that is explained."""
        return self.moment.decision


def explain(setup: SessionSetup, moments: Sequence[Moment], at_s: float) -> Explanation:
    """Explain the second `at_s` of a session, or the exact time if it is not a whole second; `moments` is not empty.

    A whole second is told by what changed in it, where nothing did by its first decision.
    """
    changes = change_numbers(one.decision for one in moments)
    index = _chosen(moments, changes, at_s)
    moment = moments[index]
    proposal = proposal_of(setup, moment)
    before = [number for number in changes if number < index]
    after = [number for number in changes if number > index]
    return Explanation(
        setup=setup,
        moment=moment,
        proposal=proposal,
        allowed=cap(moment.decision.inputs.limits),
        objections=objections(moment, proposal),
        raised_for_s=raised_for_s(moments[: index + 1], setup.protocol.heart.brake_bpm),
        previous=moments[before[-1]].decision if before else None,
        following=moments[after[0]].decision if after else None,
    )


def change_numbers(decisions: Iterable[Decision]) -> list[int]:
    """The numbers of the decisions that made something different for the patient: level, pace, or the calm scene."""
    found, was_calm = [], False
    for number, decision in enumerate(decisions):
        moved = abs(decision.applied_0to1 - decision.before_0to1) > TINY and not decision.calm
        entered = decision.rule is Rule.RE_ENTRY
        if moved or entered or decision.calm != was_calm or decision.pace_per_min is not None:
            found.append(number)
        was_calm = decision.calm
    return found


def proposal_of(setup: SessionSetup, moment: Moment) -> Proposal:
    """What the policy proposed: it is asked again, with what it remembered and saw."""
    memory = setup.policy.begin() if moment.memory is None else moment.memory
    try:
        return setup.policy.step(memory, moment.decision.inputs)[1]
    except Exception:  # noqa: BLE001 - a policy that failed then fails again: the guard saw it as "stay"
        return stay(moment.decision.inputs, guard.CALM_RAMP_S)


def objections(moment: Moment, proposal: Proposal) -> tuple[Objection, ...]:
    """Everything that stood against a step up.

    Where the policy wanted one, the guard's come first, since they held it back; else the policy's do.
    """
    decision = moment.decision
    before = decision.before_0to1
    if decision.applied_0to1 > before + TINY:
        return ()
    guards = [Objection(reason, by_guard=True) for reason in _guards(moment)]
    wanted = proposal.intensity_0to1 > before + TINY
    policys = [] if wanted else [Objection(reason, by_guard=False) for reason in proposal.reasons]
    stage = decision.inputs.stage
    if stage is not Stage.BOUNDED_RAISE and proposal.rule not in PEOPLES:
        why = Reason.STAGE_LOWER_ONLY if stage is Stage.LOWER_ONLY else Reason.STAGE_SUGGEST_ONLY
        policys.append(Objection(why, by_guard=False))
    first = guards + policys if wanted or decision.calm else policys + guards
    # In the calm scene no level changes; that says nothing beside what called it.
    told = [one for one in first if not (decision.latched and one.reason is Reason.NOT_GRADING)]
    return _each_once(told, decision.limiting)


def raised_for_s(moments: Sequence[Moment], brake_bpm: float) -> float:
    """How long the heart rate has been raised at the last moment; a moment without one neither adds nor clears."""
    held_s, last_s = 0.0, None
    for moment in moments:
        inputs = moment.decision.inputs
        delta_bpm = inputs.heart.delta_bpm
        if delta_bpm is not None:
            held_s = held_s + passed_s(last_s, inputs.t_s) if delta_bpm >= brake_bpm else 0.0
        last_s = inputs.t_s
    return held_s


def _chosen(moments: Sequence[Moment], changes: Sequence[int], at_s: float) -> int:
    """The number of the moment that tells most about a second."""
    times_s = [moment.decision.t_s for moment in moments]
    within_s = SECOND_S if at_s == int(at_s) else 0.0
    inside = [number for number, t_s in enumerate(times_s) if at_s <= t_s < at_s + within_s]
    changed = [number for number in inside if number in changes]
    before = [number for number, t_s in enumerate(times_s) if t_s <= at_s]
    return next(iter([*changed, *inside, *reversed(before)]), 0)


def _guards(moment: Moment) -> list[Reason]:
    """What the guard had against a step up: the latch, its conditions, the ceilings, and how fast it was."""
    decision, remembered = moment.decision, moment.guard
    inputs = decision.inputs
    against = list(guard.raise_objections(remembered, inputs))
    if decision.latched:
        against = [*decision.reasons, Reason.LATCHED, *against]
    allowed = cap(inputs.limits)
    if allowed.at_most_0to1 <= decision.before_0to1 + TINY and not decision.latched:
        against.append(allowed.limiting)
    recent = [amount for t_s, amount in remembered.raises if inputs.t_s - t_s < guard.RAISE_WINDOW_S]
    if sum(recent) >= guard.RAISE_LIMIT_0TO1 - TINY:
        against.append(Reason.RAISE_TOO_SOON)
    return against


def _each_once(found: Iterable[Objection], limiting: Reason | None) -> tuple[Objection, ...]:
    """Each reason once, as the guard's where it is the guard's too; the one that bound stands first."""
    by_reason: dict[Reason, Objection] = {}
    for one in found:
        known = by_reason.get(one.reason, one)
        by_reason[one.reason] = Objection(one.reason, known.by_guard or one.by_guard)
    return tuple(sorted(by_reason.values(), key=lambda one: one.reason is not limiting))
