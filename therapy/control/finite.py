"""Keeping NaN and infinities away from the rules."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from therapy.control.decision import HeartView, Limits, LoopInputs


def all_finite(inputs: LoopInputs) -> bool:
    """Whether every number a rule may use is a number."""
    heart, place = inputs.heart, inputs.place
    numbers = (
        inputs.t_s, heart.hr10_bpm, heart.hr5_bpm, heart.delta_bpm, heart.baseline_bpm, heart.age_s,
        heart.valid_for_s, heart.quality_0to1, inputs.rating.age_s, place.current_0to1, place.dwell_s,
        inputs.limits.protocol_0to1, inputs.limits.therapist_0to1, inputs.limits.patient_0to1, inputs.limits.next_0to1,
    )  # fmt: skip
    return all(map(isfinite, filter(None, numbers)))  # neither None nor zero needs a look


def without_numbers(inputs: LoopInputs) -> LoopInputs:
    """Inputs with every unusable number taken out, so that no rule can mistake one for a reading."""

    def finite(number: float, otherwise: float) -> float:
        return number if isfinite(number) else otherwise

    limits = inputs.limits
    return replace(
        inputs,
        t_s=finite(inputs.t_s, 0.0),
        heart=HeartView(contact=inputs.heart.contact),
        rating=replace(inputs.rating, age_s=None),
        limits=Limits(
            finite(limits.protocol_0to1, 0.0),
            finite(limits.therapist_0to1, 0.0),
            finite(limits.patient_0to1, 0.0),
            limits.suds_calm_at,
            finite(limits.next_0to1, 0.0),
        ),
        place=replace(inputs.place, current_0to1=finite(inputs.place.current_0to1, 0.0), dwell_s=0.0, clock_ok=False),
    )
