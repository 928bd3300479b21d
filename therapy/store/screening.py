"""The screening checklist: what is asked before a first session, and what a yes means.

The conditions are those of published cautions for virtual reality and exposure; which of them block
and which only caution is our engineering default, for the therapist to review.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCREENING_VERSION = 1
SCREENING_VALID_DAYS = 30
"""Engineering default: after this many days the checklist is asked again."""
YOUNGEST_YEARS = 13


class Effect(StrEnum):
    """What a yes does."""

    BLOCKS = "blocks"
    SUDS_ONLY = "suds-only"
    CAUTION = "caution"


@dataclass(frozen=True, slots=True)
class ScreeningItem:
    """One question, answered yes or no by the therapist."""

    id: str
    question: str
    effect: Effect


CHECKLIST: tuple[ScreeningItem, ...] = (
    ScreeningItem("epilepsy", "Has the person ever had epilepsy, a seizure or a convulsion?", Effect.BLOCKS),
    ScreeningItem(
        "photosensitivity", "Do flashing lights or patterns bring on fits, or are they suspected to?", Effect.BLOCKS
    ),
    ScreeningItem("migraine", "Does the person have migraine?", Effect.CAUTION),
    ScreeningItem("vestibular", "Is there a balance or inner-ear disease, or recurring vertigo?", Effect.CAUTION),
    ScreeningItem("dementia", "Is there dementia, or confusion about place or time?", Effect.BLOCKS),
    ScreeningItem("psychosis", "Is there a psychosis, now or before, or a tendency to dissociate?", Effect.BLOCKS),
    ScreeningItem(
        "uncontrolled-disorder", "Is there a major psychiatric disorder that is not under control?", Effect.BLOCKS
    ),
    ScreeningItem(
        "self-harm-thoughts", "Was item 9 of the PHQ-9 (thoughts of self-harm) answered above 0?", Effect.BLOCKS
    ),
    ScreeningItem("pregnancy", "Is the person pregnant?", Effect.CAUTION),
    ScreeningItem("arrhythmia", "Is there an irregular heartbeat, or a pacemaker?", Effect.SUDS_ONLY),
    ScreeningItem("heart-attack", "Was there a recent heart attack, or is there unstable angina?", Effect.BLOCKS),
    ScreeningItem("hypertension", "Is there high blood pressure that is not under control?", Effect.BLOCKS),
    ScreeningItem("syncope", "Does the person faint, or has fainted without a known cause?", Effect.BLOCKS),
    ScreeningItem("beta-blocker", "Does the person take a beta blocker?", Effect.SUDS_ONLY),
    ScreeningItem("hearing", "Is hearing severely impaired?", Effect.CAUTION),
    ScreeningItem("stereopsis", "Is seeing depth with both eyes impossible?", Effect.CAUTION),
    ScreeningItem("face-neck", "Is there an injury of face, head or neck that a headset could hurt?", Effect.CAUTION),
    ScreeningItem("intoxication", "Is the person under the influence of alcohol or another drug today?", Effect.BLOCKS),
    ScreeningItem("under-13", "Is the person younger than 13 years?", Effect.BLOCKS),
    ScreeningItem(
        "blood-injection",
        "Is the fear one of blood, injection or injury? (Teach applied tension first; stop when the pulse falls.)",
        Effect.CAUTION,
    ),
)
ITEMS: dict[str, ScreeningItem] = {item.id: item for item in CHECKLIST}


class ScreeningOutcome(StrEnum):
    """What a whole checklist comes to."""

    CLEAR = "clear"
    CAUTION = "caution"
    SUDS_ONLY = "suds-only"
    BLOCKED = "blocked"


def outcome_of(answers: dict[str, bool]) -> ScreeningOutcome:
    """The strictest effect among the items answered yes; a question left open blocks."""
    if any(item.id not in answers for item in CHECKLIST):
        return ScreeningOutcome.BLOCKED
    effects = {item.effect for item in CHECKLIST if answers[item.id]}
    if Effect.BLOCKS in effects:
        return ScreeningOutcome.BLOCKED
    if Effect.SUDS_ONLY in effects:
        return ScreeningOutcome.SUDS_ONLY
    return ScreeningOutcome.CAUTION if effects else ScreeningOutcome.CLEAR
