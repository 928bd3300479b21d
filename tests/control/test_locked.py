"""Locked: nothing moves, and it says that nothing is graded."""

from __future__ import annotations

from tests.control.inputs import allowed
from therapy.control.decision import Proposal, Reason, Rule, Wish
from therapy.control.policies.locked import Locked, LockedState


def test_it_stays_where_it_is_whoever_asks() -> None:
    policy = Locked()
    state, proposal = policy.step(policy.begin(), allowed(place__wish=Wish.UP))
    assert proposal == Proposal(0.2, Rule.HOLD, (Reason.NOT_GRADING,), 1.0)
    assert state == policy.begin() == LockedState()
