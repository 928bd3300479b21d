"""The policy a protocol asks for, with the protocol's numbers."""

from __future__ import annotations

from protocols.schema import Mode, PolicyName, Protocol
from therapy.control.policies.base import Policy
from therapy.control.policies.breathing import Breathing
from therapy.control.policies.distraction import Distraction
from therapy.control.policies.fixed import Fixed
from therapy.control.policies.fused import Fused
from therapy.control.policies.hr_window import HrWindow
from therapy.control.policies.inhibitory import Inhibitory
from therapy.control.policies.ladder import Ladder
from therapy.control.policies.locked import Locked
from therapy.control.policies.manual import Manual
from therapy.control.policies.playing import Playing

PACE = "pace_per_min"
PLAY_PACE = "pace_0to1"
"""The pace of a played scene: 1 is 60 metres a minute."""

USUAL_PACE_PER_MIN = 6.0
PACED_POLICIES = (PolicyName.BREATHING, PolicyName.DISTRACTION)
"""Policies that look at the patient's breath."""


def policy_of(protocol: Protocol) -> Policy:
    """The policy of a protocol, ready to step."""
    match protocol.policy:
        case PolicyName.LADDER if protocol.expectation.at_each_level and protocol.mode is Mode.INHIBITORY_LEARNING:
            return Inhibitory(ladder_of(protocol), protocol.expectation.violated_by)
        case PolicyName.LADDER:
            return ladder_of(protocol)
        case PolicyName.HR_WINDOW:
            band = protocol.hr_window
            return HrWindow(ladder_of(protocol), band.low_bpm, band.high_bpm, band.below_s, band.above_s)
        case PolicyName.FUSED:
            return Fused(ladder_of(protocol))
        case PolicyName.FIXED:
            return Fixed(ladder_of(protocol), protocol.schedule.minutes_per_level)
        case PolicyName.MANUAL:
            return Manual(protocol.steps.ramp_s)
        case PolicyName.BREATHING:
            pace_per_min = protocol.calm.overrides.get(PACE, USUAL_PACE_PER_MIN)
            return Breathing(pace_per_min, protocol.breathing.search, protocol.breathing.trial_s)
        case PolicyName.DISTRACTION:
            rules = protocol.distraction
            if rules.played:
                return Playing(rules.hits_per_min, lasts_s=protocol.exposure.duration_s)
            return Distraction(rules.pace_per_min if rules.led else None, rules.lead_every_s)
        case PolicyName.LOCKED:
            return Locked()


def ladder_of(protocol: Protocol) -> Ladder:
    """The ladder with the protocol's numbers."""
    steps, heart = protocol.steps, protocol.heart
    return Ladder(
        up_below_suds=steps.up_below_suds,
        whole_below_suds=steps.whole_below_suds,
        edge_below_suds=steps.edge_below_suds,
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
