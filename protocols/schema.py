"""A session protocol: what a file may say, with the limits of every number.

The defaults and limits are engineering defaults resting on the practice described in `docs/protocols.md`;
a limit only ever makes a session stricter than the safety guard, never laxer.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from protocols.guardrail import Guardrail
from protocols.measures import Breathing, Distraction, HrWindow, Movement, Pain, Question, Schedule, Sickness
from protocols.section import Section
from protocols.steps import Heart, Steps

SCHEMA_VERSION: Final = 1
LEVEL_STEP_0TO1: Final = 0.1
SESSION_WARN_S: Final = 1800.0
SESSION_REFUSE_S: Final = 2700.0
MOST_NOTES: Final = 900
"""Letters of the patient's notes; what a lectern really shows depends on their lines."""

Line = Annotated[str, StringConstraints(max_length=240)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
SceneName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Source = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Mode(StrEnum):
    """What a session is for."""

    HABITUATION = "habituation"
    INHIBITORY_LEARNING = "inhibitory-learning"
    CALM = "calm"
    DISTRACTION = "distraction"

    @property
    def is_graded(self) -> bool:
        """Whether exposure intensity may change in this mode."""
        return self in GRADED_MODES


GRADED_MODES = (Mode.HABITUATION, Mode.INHIBITORY_LEARNING)


class PolicyName(StrEnum):
    """What proposes changes of intensity."""

    LADDER = "ladder"
    HR_WINDOW = "hr-window"
    FUSED = "fused"
    FIXED = "fixed"
    MANUAL = "manual"
    LOCKED = "locked"
    BREATHING = "breathing"
    DISTRACTION = "distraction"

    @property
    def is_graded(self) -> bool:
        """Whether the policy moves exposure intensity."""
        return self in (
            PolicyName.LADDER, PolicyName.HR_WINDOW, PolicyName.FUSED, PolicyName.FIXED, PolicyName.MANUAL,
        )  # fmt: skip


LevelNumber = Annotated[int, Guardrail(0, 0, 10, 10)]


class Levels(Section):
    """The levels a session uses.  One level is 0.1 of intensity."""

    start: Annotated[int, Guardrail(0, 0, 1, 10)] = Field(
        0, description="The level the exposure begins on, at most the highest one this patient has tolerated before."
    )
    ceiling: LevelNumber = Field(
        0, description="The highest level without the therapist raising the ceiling, which is recorded with a reason."
    )
    top: LevelNumber = Field(10, description="The highest level the therapist may raise the ceiling to.")

    @property
    def start_0to1(self) -> float:
        """`start` as an intensity."""
        return self.start / 10

    @property
    def ceiling_0to1(self) -> float:
        """`ceiling` as an intensity."""
        return self.ceiling / 10

    @property
    def top_0to1(self) -> float:
        """`top` as an intensity."""
        return self.top / 10


class Calm(Section):
    """The calm scene: baseline, safe place and recovery."""

    scene: SceneName = Field("shore", description="The scene of baseline, safe place and recovery; not a graded one.")
    overrides: dict[str, float] = Field(
        {"pace_per_min": 6.0},
        description="Settings of the calm scene by parameter name; `pace_per_min` is the breathing pace of the waves.",
    )

    @property
    def override_pairs(self) -> tuple[tuple[str, float], ...]:
        """The overrides as (name, setting), sorted by name."""
        return tuple(sorted(self.overrides.items()))


class Fitting(Section):
    """The strap's fit check before anything else."""

    at_most_s: Annotated[float, Guardrail(30, 60, 180, 600, "s")] = Field(
        120.0, description="After this long without a good signal the therapist chooses: try on, or ratings only."
    )
    good_for_s: Annotated[float, Guardrail(5, 10, 30, 60, "s")] = Field(
        10.0, description="How long the signal must be good without a break."
    )
    quality_at_least: Annotated[float, Guardrail(0.6, 0.8, 0.95, 1.0)] = Field(
        0.8, description="The share of accepted beats (0 to 1) that counts as good."
    )


class Baseline(Section):
    """Resting heart rate, seated in the calm scene."""

    duration_s: Annotated[float, Guardrail(150, 180, 300, 600, "s")] = Field(
        240.0, description="How long the baseline lasts when the signal is good."
    )
    discard_s: Annotated[float, Guardrail(30, 60, 90, 120, "s")] = Field(
        60.0, description="The settling time at the start that does not count."
    )
    valid_s: Annotated[float, Guardrail(90, 90, 180, 300, "s")] = Field(
        90.0, description="How much valid heart rate is needed."
    )
    at_most_s: Annotated[float, Guardrail(150, 240, 600, 900, "s")] = Field(
        420.0, description="After this long without enough valid heart rate there is no baseline: ratings only, or end."
    )


class Expectation(Section):
    """The feared expectation, asked before the first level and again in the review."""

    ask: bool = Field(True, description="Whether the expectation is asked.")
    question_level: Question = Field(
        "How likely is it that what you fear will happen here?", description="The question on entering a level."
    )
    question_level_after: Question = Field(
        "And now: how likely is it to happen here?", description="The question after the level's test."
    )
    at_each_level: bool = Field(
        False,
        description="Whether it is asked on entering each level and tested before the next (inhibitory learning).",
    )
    test_s: Annotated[float, Guardrail(60, 60, 180, 600, "s")] = Field(
        75.0, description="How long a level tests the expectation before it is asked again."
    )
    violated_by: Annotated[int, Guardrail(5, 10, 40, 80, "points")] = Field(
        20, description="The expectation counts as violated when it fell by this much on the level, or to 20 % or less."
    )
    question: Question = Field(
        "How likely is it that what you fear will happen?", description="The question before, answered 0 to 100 %."
    )
    question_after: Question = Field(
        "Now that you have been there: how likely would it have been?",
        description="The question afterwards, answered 0 to 100 %.",
    )


class Prompts(Section):
    """When the patient is asked for a rating (SUDS, 0 to 100)."""

    climbing_s: Annotated[float, Guardrail(45, 45, 60, 120, "s")] = Field(
        50.0, description="Time between prompts while the last rating was low enough to climb."
    )
    window_s: Annotated[float, Guardrail(45, 90, 120, 120, "s")] = Field(
        90.0, description="Time between prompts while the last rating lies in the working window."
    )
    answer_within_s: Annotated[float, Guardrail(10, 20, 45, 45, "s")] = Field(
        30.0, description="An unanswered prompt counts as missed after this long; two in a row lead to the calm scene."
    )
    question: Question = Field("How tense are you now, 0 to 100?", description="The words on the rating dial.")


class Exposure(Section):
    """The graded part; in mode calm the breathing practice in the calm scene."""

    duration_s: Annotated[float, Guardrail(60, 120, 1500, 2400, "s")] = Field(1260.0, description="How long it lasts.")


class Recovery(Section):
    """The quiet end in the calm scene."""

    duration_s: Annotated[float, Guardrail(120, 180, 300, 600, "s")] = Field(240.0, description="How long it lasts.")


class Lines(Section):
    """What the guiding voice says.  An empty line is not said."""

    welcome: Line = Field(
        "Welcome. You are sitting by the sea. Take a moment to look around.", description="At the start."
    )
    rehearsal: Line = Field(
        "You can stop at any time: look at the low disc for two seconds, or hold any button or key. Try it once now.",
        description="How to stop, said before the patient tries it.",
    )
    baseline: Line = Field(
        "There is nothing to do for a few minutes. Just sit and watch the waves.",
        description="When the baseline begins.",
    )
    look_and_reach: Line = Field(
        "For one minute, look around you, turn your head, and reach out with your arms now and then.",
        description="When the movement is calibrated.",
    )
    exposure: Line = Field("We are going there now. You decide how far.", description="When the exposure begins.")
    step_up: Line = Field("One step further.", description="With a step up.")
    step_down: Line = Field("One step back. You can stay here as long as you like.", description="With a step down.")
    hold: Line = Field(
        "Stay with it. Notice what you feel, and what really happens.", description="While a level is held."
    )
    recovery: Line = Field(
        "You are back by the sea. Let your breath find its own pace.", description="When the recovery begins."
    )
    goodbye: Line = Field("That was all for today. You can take the headset off.", description="At the end.")
    safe: Line = Field(
        "You are in the safe place. It goes on only when you want it to.",
        description="After a stop, in the calm scene.",
    )


class Protocol(Section):
    """A session protocol as the session runs it."""

    schema_version: Annotated[int, Field(ge=SCHEMA_VERSION, le=SCHEMA_VERSION)] = Field(
        description="The version of this format."
    )
    name: Slug = Field(description="The file's name without `.yaml`: lower-case words joined by hyphens.")
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(description="The title people read.")
    sources: tuple[Source, ...] = Field((), strict=False, description="What the protocol rests on, one work a line.")
    scene: SceneName = Field(description="The scene of the exposure, by name; in mode calm the calm scene.")
    mode: Mode = Field(strict=False, description="What the session is for.")
    policy: PolicyName = Field(
        strict=False,
        description="What proposes changes: `ladder` (the patient's ratings), `hr-window` (heart rate alone, with the "
        "therapist's leave for the patient), `fused` (both, experimental), `fixed` (a schedule), `manual` (the "
        "therapist); `locked`, `breathing` (mode calm) and `distraction` never move the level.",
    )
    levels: Levels = Field(Levels(), description="The levels used; needed with policy ladder.")
    calm: Calm = Field(Calm(), description="The calm scene.")
    stop_rehearsal: bool = Field(
        True, description="Whether the patient tries the stop first; without it no exposure starts."
    )
    fitting: Fitting = Field(Fitting(), description="The strap's fit check.")
    baseline: Baseline = Field(Baseline(), description="The resting baseline.")
    expectation: Expectation = Field(Expectation(), description="The feared expectation.")
    prompts: Prompts = Field(Prompts(), description="The ratings.")
    steps: Steps = Field(Steps(), description="The ladder's rules.")
    heart: Heart = Field(Heart(), description="The heart rate's brake.")
    hr_window: HrWindow = Field(HrWindow(), description="The band of policy hr-window.")
    schedule: Schedule = Field(Schedule(), description="The times of policy fixed.")
    breathing: Breathing = Field(Breathing(), description="The pace of policy breathing.")
    distraction: Distraction = Field(Distraction(), description="The pace of policy distraction.")
    pain: Pain = Field(Pain(), description="Whether pain is asked.")
    movement: Movement = Field(Movement(), description="How movement is taken out of heart rate.")
    sickness: Sickness = Field(Sickness(), description="Whether sickness is asked.")
    exposure: Exposure = Field(Exposure(), description="The exposure, or the calm practice.")
    recovery: Recovery = Field(Recovery(), description="The quiet end.")
    lines: Lines = Field(Lines(), description="The guiding voice.")
    notes: Annotated[str, StringConstraints(max_length=MOST_NOTES)] = Field(
        "", description="The patient's own words, for a scene with a lectern; too many lines are refused by the player."
    )

    @property
    def planned_s(self) -> float:
        """The planned time in the headset: baseline, look and reach, exposure and recovery."""
        moving_s = self.movement.duration_s if self.movement.calibrate else 0.0
        return self.baseline.duration_s + moving_s + self.exposure.duration_s + self.recovery.duration_s
