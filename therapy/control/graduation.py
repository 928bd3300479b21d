"""Graduation: what of a policy's proposals a patient's stage lets through.

A new patient's automation only suggests; later it may lower; last it may raise, within the guard.  What a
person or the session's plan decides passes at every stage, and so does everything the guard does by itself.
"""

from __future__ import annotations

import math

from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Stage

TINY = 1e-9
PEOPLES = frozenset(
    {Rule.HOLD, Rule.THERAPIST_UP, Rule.THERAPIST_DOWN, Rule.PATIENT_UP, Rule.SESSION_PLAN, Rule.RE_ENTRY}
)
"""Rules by which a person or the plan moves intensity, and standing still."""


def graduated(inputs: LoopInputs, proposal: Proposal) -> tuple[Proposal, float | None]:
    """The part of a proposal that the stage lets through, and the intensity it leaves to the therapist, if any."""
    current, wanted = inputs.place.current_0to1, proposal.intensity_0to1
    if not math.isfinite(wanted):
        return proposal, None
    if inputs.stage is Stage.BOUNDED_RAISE or proposal.rule in PEOPLES or abs(wanted - current) <= TINY:
        return proposal, None
    if inputs.stage is Stage.LOWER_ONLY and wanted < current:
        return proposal, None
    why = Reason.STAGE_LOWER_ONLY if inputs.stage is Stage.LOWER_ONLY else Reason.STAGE_SUGGEST_ONLY
    return Proposal(current, Rule.SUGGESTED, (why, *proposal.reasons), proposal.ramp_s, proposal.pace_per_min), wanted
