"""The policy a protocol asks for, with the protocol's numbers."""

from __future__ import annotations

from protocols.schema import PolicyName, Protocol
from therapy.control.policies.base import Policy
from therapy.control.policies.ladder import Ladder
from therapy.control.policies.locked import Locked


def policy_of(protocol: Protocol) -> Policy:
    """The policy of a protocol, ready to step."""
    if protocol.policy is PolicyName.LADDER:
        return ladder_of(protocol)
    return Locked()


def ladder_of(protocol: Protocol) -> Ladder:
    """The ladder with the protocol's numbers."""
    steps, heart = protocol.steps, protocol.heart
    return Ladder(
        up_below_suds=steps.up_below_suds,
        lows_needed=steps.lows_needed,
        halved_from_peak=steps.halved_from_peak,
        down_one_at=steps.down_one_at,
        down_two_at=steps.down_two_at,
        dwell_up_s=steps.dwell_up_s,
        dwell_down_s=steps.dwell_down_s,
        ramp_s=steps.ramp_s,
        brake_bpm=heart.brake_bpm,
        brake_s=heart.brake_s,
        veto_s=heart.veto_s,
    )
