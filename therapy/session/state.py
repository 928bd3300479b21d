"""What a session remembers, and the draft in which one step changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from protocols.schema import Protocol
from therapy.control.decision import BreathView, HeartView, Reason, Stage, Wish
from therapy.control.loop import LoopState
from therapy.control.policies.base import Policy
from therapy.frozen import changed, closed, opened, quick
from therapy.session.choice import PACE, PACED_POLICIES, policy_of
from therapy.session.engagement import Engagement
from therapy.session.events import NoticeCode, Noticed, Outcome, Output, Phase, PhaseChanged, Speak
from therapy.signals.baseline import Baseline, BaselineSamples
from therapy.signals.heart import HeartState, look
from therapy.signals.movement import MovementModel, MovementSamples, MovementState
from therapy.signals.rhythm import RhythmState

NO_TIME_S = -1.0e9
"""Stands for "never" where a time is compared and not shown."""
UNSEEN = HeartView()
"""What is seen of the heart before anybody looks."""


@dataclass(frozen=True, slots=True)
class SessionSetup:
    """All that is fixed when a session begins; with the events it is the whole of the session.

    `tolerated_0to1` is the highest intensity this patient has tolerated in earlier sessions, and
    `event_names` are the events the exposure scene can show.  Without a step for longer than `watchdog_s` of
    session time the loop counts as stalled; a session faster than life is given more of it.  `stage`, `hr_may_drive`
    and `patient_limit_0to1` are what a therapist has set for this patient.
    """

    protocol: Protocol
    age_years: int
    suds_only: bool = False
    tolerated_0to1: float = 0.0
    event_names: tuple[str, ...] = ()
    watchdog_s: float = 1.0
    stage: Stage = Stage.BOUNDED_RAISE
    hr_may_drive: bool = False
    patient_limit_0to1: float = 1.0

    policy: Policy = field(init=False, compare=False, repr=False)
    watches_breath: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy", policy_of(self.protocol))
        object.__setattr__(self, "watches_breath", self.protocol.policy in PACED_POLICIES)

    @property
    def pace_pairs(self) -> tuple[tuple[str, float], ...]:
        """The pace that the protocol gives the calm scene, as an override; none if it gives none."""
        return tuple(pair for pair in self.protocol.calm.override_pairs if pair[0] == PACE)


class Purpose(StrEnum):
    """What a panel's answer is for."""

    SUDS = "suds"
    EXPECTANCY_BEFORE = "expectancy-before"
    EXPECTANCY_AFTER = "expectancy-after"
    LEVEL_BEFORE = "expectancy-level-before"
    LEVEL_AFTER = "expectancy-level-after"
    SICKNESS = "fms"
    PAIN_BEFORE = "nrs-before"
    PAIN_AFTER = "nrs-after"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class OpenPanel:
    """A question that waits for its answer; `shown_s` is None until the player showed it."""

    panel_id: int
    purpose: Purpose
    asked_s: float
    shown_s: float | None = None
    asked_0to1: float = 0.0


@quick
@dataclass(frozen=True, slots=True)
class Ratings:
    """The patient's ratings.  `asked_s` of a volunteered rating is its own time.

    `closed_s` is when the last question went away.  The `level_…` fields are the expectancies (0-100 %) of the present
    level, `fms` the newest sickness (0-20) and `fms_first` the session's first.
    """

    suds: int | None = None
    at_s: float | None = None
    asked_s: float = NO_TIME_S
    previous_on_level: int | None = None
    peak_on_level: int | None = None
    lows_in_a_row: int = 0
    missed_in_a_row: int = 0
    is_new: bool = False
    open: OpenPanel | None = None
    prompted_s: float = NO_TIME_S
    next_panel_id: int = 1
    dial_s: float | None = None
    dial_0to1: float = 0.0
    closed_s: float = NO_TIME_S
    level_before: int | None = None
    level_after: int | None = None
    level_asked_s: float = NO_TIME_S
    level_answered_s: float = NO_TIME_S
    fms: int | None = None
    fms_first: int | None = None
    fms_asked_s: float = NO_TIME_S


@quick
@dataclass(frozen=True, slots=True)
class Place:
    """Where the patient is by command, and what people asked for."""

    in_scene: bool = False
    current_0to1: float = 0.0
    level_at_s: float = NO_TIME_S
    raised_at_s: float | None = None
    lowered_at_s: float | None = None
    stimulus_at_s: float | None = None
    ramp_s: float = 1.0
    ceiling_0to1: float = 0.0
    tolerated_0to1: float = 0.0
    held: bool = False
    paused: bool = False
    wish: Wish | None = None
    wish_is_patients: bool = False
    wish_at_s: float = 0.0
    entering_0to1: float | None = None
    entering_since_s: float = 0.0
    entering_as_planned: bool = False
    suggested_0to1: float | None = None
    pace_per_min: float | None = None
    pace_at_s: float | None = None


@quick
@dataclass(frozen=True, slots=True)
class Health:
    """What may have gone wrong."""

    player_present: bool = False
    player_seen: bool = False
    player_latch: str | None = None
    player_latch_id: int = 0
    expected_latch_until_s: float = NO_TIME_S
    shown_0to1: float = 0.0
    shown_scene: str = ""
    scene_time_s: float = 0.0
    above_command_since_s: float | None = None
    above_command_reports: int = 0
    head_worn: bool = True
    head_tracked: bool = True
    frames_in_budget: bool = True
    store_ok: bool = True
    loop_ok: bool = True
    watchdog_ok: bool = True
    clock_ok: bool = True
    patient_stopped: bool = False
    therapist_stopped: bool = False
    latched: tuple[Reason, ...] = ()
    latched_at_s: float = 0.0
    signal_said: str = "never"
    signal_back_s: float = NO_TIME_S
    repeated_at_s: float = NO_TIME_S


@quick
@dataclass(frozen=True, slots=True)
class SessionState:
    """A session at one moment."""

    t_s: float = 0.0
    phase: Phase = Phase.FITTING
    phase_at_s: float = 0.0
    started: bool = False
    suds_only: bool = False
    heart: HeartState = HeartState()
    samples: BaselineSamples = BaselineSamples()
    baseline: Baseline | None = None
    movement: MovementState = MovementState()
    movement_samples: MovementSamples = MovementSamples()
    movement_model: MovementModel | None = None
    rhythm: RhythmState = RhythmState()
    breath: BreathView = BreathView()
    play: Engagement = Engagement()
    loop: LoopState = LoopState()
    ratings: Ratings = Ratings()
    place: Place = Place()
    health: Health = Health()
    good_since_s: float | None = None
    choice_since_s: float | None = None
    rehearsed_at_s: float | None = None
    said_at_s: float = 0.0
    calm_since_s: float | None = None
    tick_s: float | None = None
    sampled_s: float = NO_TIME_S
    stopping: str | None = None
    sound_problem: str | None = None
    outcome: Outcome = Outcome.COMPLETED
    outcome_detail: str = ""


class Draft:
    """One step in the making: the state so far and the outputs so far.

    It lives inside a single `step` call, which stays a pure function of what goes in.  `state` is a copy that `change`
    changes in place until `done` locks it; the records in it are replaced and never changed.
    """

    def __init__(self, setup: SessionSetup, state: SessionState, t_s: float) -> None:
        self.setup = setup
        self.protocol = setup.protocol
        self.state = opened(state)
        self.t_s = t_s
        self.outputs: list[Output] = []
        self.seen = UNSEEN
        self.change(t_s=t_s)

    def look(self) -> None:
        """Bring the heart rate to this moment and see it: one view for all of a step."""
        heart, self.seen = look(self.state.heart, self.t_s, self.state.baseline)
        if heart is not self.state.heart:
            self.change(heart=heart)

    def done(self) -> tuple[SessionState, tuple[Output, ...]]:
        """The state and the outputs, for good."""
        return closed(self.state), tuple(self.outputs)

    def change(self, **fields: Any) -> None:
        """Change fields of the state."""
        for name, new in fields.items():
            setattr(self.state, name, new)

    def change_place(self, **fields: Any) -> None:
        """Replace fields of the place."""
        self.change(place=changed(self.state.place, **fields))

    def change_ratings(self, **fields: Any) -> None:
        """Replace fields of the ratings."""
        self.change(ratings=changed(self.state.ratings, **fields))

    def change_health(self, **fields: Any) -> None:
        """Replace fields of the health."""
        self.change(health=changed(self.state.health, **fields))

    def emit(self, output: Output) -> None:
        """Add an output."""
        self.outputs.append(output)

    def notice(self, code: NoticeCode, detail: str = "") -> None:
        """Tell the therapist something."""
        self.outputs.append(Noticed(code, detail))

    def speak(self, line: str) -> None:
        """Say a guidance line; an empty one is not said."""
        if line:
            self.outputs.append(Speak(line))

    def enter(self, phase: Phase) -> None:
        """Move on to a phase."""
        self.outputs.append(PhaseChanged(self.state.phase, phase))
        self.change(phase=phase, phase_at_s=self.t_s, choice_since_s=None)
        self.change_ratings(missed_in_a_row=0)

    @property
    def in_phase_s(self) -> float:
        """How long the phase has lasted, pauses left out."""
        return self.t_s - self.state.phase_at_s
