"""Sections of a protocol that one policy or one measurement needs; all are engineering defaults."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from protocols.guardrail import Guardrail
from protocols.section import Section

Question = Annotated[str, StringConstraints(min_length=1, max_length=160)]


class HrWindow(Section):
    """The target band of heart rate over baseline, where heart rate alone moves the level both ways."""

    low_bpm: Annotated[float, Guardrail(0, 2, 8, 15, "bpm")] = Field(
        4.0, description="Below this much over baseline, movement-corrected, one level up."
    )
    high_bpm: Annotated[float, Guardrail(6, 10, 15, 15, "bpm")] = Field(
        12.0, description="Above this much over baseline, one level down."
    )
    below_s: Annotated[float, Guardrail(20, 30, 60, 120, "s")] = Field(
        30.0, description="How long below the band before a step up."
    )
    above_s: Annotated[float, Guardrail(10, 15, 30, 60, "s")] = Field(
        20.0, description="How long above the band before a step down."
    )


class Schedule(Section):
    """The fixed schedule: so long on each level, within the guard."""

    minutes_per_level: Annotated[float, Guardrail(0.75, 2, 5, 20, "min")] = Field(
        3.0, description="How long each level lasts before the next one."
    )


class Breathing(Section):
    """The breathing pace of a calm session."""

    search: bool = Field(
        False, description="Whether the resonance pace is searched first: 6.5, 6.0, 5.5, 5.0 and 4.5 breaths a minute."
    )
    trial_s: Annotated[float, Guardrail(90, 120, 180, 300, "s")] = Field(
        120.0, description="How long each pace of the search is tried."
    )


class Distraction(Section):
    """The pace of a distraction session, led from the patient's own breath down to a goal."""

    led: bool = Field(False, description="Whether the scene is paced; without it the scene keeps its own pace.")
    pace_per_min: Annotated[float, Guardrail(4, 6, 10, 12, "a minute")] = Field(6.0, description="The pace to lead to.")
    lead_every_s: Annotated[float, Guardrail(20, 30, 120, 300, "s")] = Field(
        60.0, description="The least time between two changes of pace, each of at most half a breath a minute."
    )
    played: bool = Field(False, description="Whether the scene is played, and its pace follows the hits a minute.")
    hits_per_min: Annotated[float, Guardrail(1, 3, 8, 20, "a minute")] = Field(
        5.0, description="About so many hits a minute are wished; well above the play goes quicker, well below slower."
    )


class Pain(Section):
    """The patient's pain, 0 to 10 (NRS), before the exposure and after it."""

    ask: bool = Field(False, description="Whether pain is asked before and after.")
    question: Question = Field("How strong is your pain now?", description="The question before.")
    question_after: Question = Field("And now: how strong is your pain?", description="The question after.")


class Movement(Section):
    """Heart rate also rises when people move: a minute of looking and reaching teaches by how much."""

    calibrate: bool = Field(False, description="Whether the session has this minute, after the baseline.")
    duration_s: Annotated[float, Guardrail(60, 60, 90, 120, "s")] = Field(60.0, description="How long it lasts.")


class Sickness(Section):
    """Sickness from the picture, 0 to 20 (FMS)."""

    ask: bool = Field(False, description="Whether the patient is asked; without it only the therapist enters it.")
    every_s: Annotated[float, Guardrail(60, 90, 180, 600, "s")] = Field(
        120.0, description="How often it is asked during the exposure."
    )
