"""What a control step sees and what it decides: plain records, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from therapy.frozen import quick


class Cause(StrEnum):
    """What made the loop step."""

    TICK = "tick"
    HEART_RATE = "heart-rate"
    SENSOR = "sensor"
    RATING = "rating"
    MOVEMENT = "movement"
    STOP = "stop"
    THERAPIST = "therapist"
    PLAYER = "player"
    FAULT = "fault"


class Rule(StrEnum):
    """The rule that set the outcome of a step."""

    HOLD = "hold"
    LADDER_UP = "ladder-up"
    LADDER_UP_HALF = "ladder-up-half"
    LADDER_DOWN_ONE = "ladder-down-one"
    LADDER_DOWN_TWO = "ladder-down-two"
    LADDER_VARY = "ladder-vary"
    HR_BRAKE = "hr-brake"
    HR_WINDOW_UP = "hr-window-up"
    HR_WINDOW_DOWN = "hr-window-down"
    FUSED_UP = "fused-up"
    FUSED_DOWN = "fused-down"
    SCHEDULE = "schedule"
    PACE = "pace"
    PUBLISHED_UP = "published-up"
    PUBLISHED_DOWN = "published-down"
    PUBLISHED_CALM = "published-calm"
    SUGGESTED = "suggested"
    THERAPIST_UP = "therapist-up"
    THERAPIST_DOWN = "therapist-down"
    PATIENT_UP = "patient-up"
    SESSION_PLAN = "session-plan"
    RE_ENTRY = "re-entry"
    GUARD_HOLD = "guard-hold"
    GUARD_CAP = "guard-cap"
    GUARD_STALE_DOWN = "guard-stale-down"
    GUARD_HR_HIGH_DOWN = "guard-hr-high-down"
    GUARD_SICKNESS_DOWN = "guard-sickness-down"
    GUARD_CALM = "guard-calm"


class Reason(StrEnum):
    """Why an outcome was limited or asked for."""

    # the policy's reasons
    SUDS_LOW = "suds-low"
    SUDS_FAIRLY_LOW = "suds-fairly-low"
    SUDS_STEADY = "suds-steady"
    SUDS_HALVED = "suds-halved"
    SUDS_IN_WINDOW = "suds-in-window"
    SUDS_HIGH = "suds-high"
    SUDS_VERY_HIGH = "suds-very-high"
    DWELL_SHORT = "dwell-short"
    HR_SUSTAINED = "hr-sustained"
    HR_VETO = "hr-veto"
    WAITING_FOR_RATING = "waiting-for-rating"
    NOT_GRADING = "not-grading"
    HELD_BY_THERAPIST = "held-by-therapist"
    ASKED_BY_THERAPIST = "asked-by-therapist"
    ASKED_BY_PATIENT = "asked-by-patient"
    TOP_REACHED = "top-reached"
    PLANNED = "planned"
    PLANNED_START = "planned-start"
    EXPECTATION_UNTESTED = "expectation-untested"
    EXPECTATION_HELD = "expectation-held"
    EXPECTATION_VIOLATED = "expectation-violated"
    VARIED_ORDER = "varied-order"
    HR_BELOW_BAND = "hr-below-band"
    HR_IN_BAND = "hr-in-band"
    HR_ABOVE_BAND = "hr-above-band"
    HR_STABLE = "hr-stable"
    HR_UNKNOWN = "hr-unknown"
    ESTIMATE_LOW = "estimate-low"
    ESTIMATE_IN_WINDOW = "estimate-in-window"
    ESTIMATE_HIGH = "estimate-high"
    ESTIMATE_UNCERTAIN = "estimate-uncertain"
    SCHEDULED = "scheduled"
    MANUAL = "manual"
    NOT_ENABLED = "not-enabled"
    PACE_SEARCH = "pace-search"
    PACE_FOUND = "pace-found"
    PACE_LED = "pace-led"
    PACE_EASED = "pace-eased"
    PLAY_GOES_ON = "play-goes-on"
    PLAY_QUICKER = "play-quicker"
    PLAY_SLOWER = "play-slower"
    PLAY_ENDS = "play-ends"
    STAGE_SUGGEST_ONLY = "stage-suggest-only"
    STAGE_LOWER_ONLY = "stage-lower-only"
    # the guard's reasons
    SUDS_STALE = "suds-stale"
    SUDS_AFTER_SIGNAL_LOSS_MISSING = "suds-after-signal-loss-missing"
    HR_MISSING = "hr-missing"
    HR_STALE = "hr-stale"
    HR_LOST = "hr-lost"
    HR_NOT_REQUALIFIED = "hr-not-requalified"
    HR_TOO_FLAT = "hr-too-flat"
    NO_BASELINE = "no-baseline"
    PAUSED = "paused"
    HEADSET_OFF = "headset-off"
    TRACKING_LOST = "tracking-lost"
    FRAMES_LATE = "frames-late"
    RAISE_TOO_SOON = "raise-too-soon"
    RAISE_TOO_LARGE = "raise-too-large"
    CEILING = "ceiling"
    PROTOCOL_LIMIT = "protocol-limit"
    PATIENT_LIMIT = "patient-limit"
    NOT_TOLERATED_YET = "not-tolerated-yet"
    HARD_LIMIT = "hard-limit"
    HR_NEAR_MAXIMUM = "hr-near-maximum"
    HR_FAR_ABOVE_BASELINE = "hr-far-above-baseline"
    HR_ABOVE_BASELINE = "hr-above-baseline"
    HR_FAR_BELOW_BASELINE = "hr-far-below-baseline"
    SUDS_EXTREME = "suds-extreme"
    PATIENT_STOPPED = "patient-stopped"
    THERAPIST_STOPPED = "therapist-stopped"
    PROMPTS_MISSED = "prompts-missed"
    SICKNESS = "sickness"
    SICKNESS_RISING = "sickness-rising"
    EXCEPTION = "exception"
    WATCHDOG_MISSED = "watchdog-missed"
    PLAYER_LOST = "player-lost"
    PLAYER_LATCHED = "player-latched"
    PLAYER_MISMATCH = "player-mismatch"
    STORE_FAILED = "store-failed"
    SENSOR_UNRELIABLE = "sensor-unreliable"
    BEATS_REPEATED = "beats-repeated"
    CLOCK_JUMPED = "clock-jumped"
    NOT_FINITE = "not-finite"
    LATCHED = "latched"


class Wish(StrEnum):
    """What a person asked for."""

    UP = "up"
    DOWN = "down"


class Stage(StrEnum):
    """How far the automation of one patient has graduated; only a person moves it on."""

    SUGGEST_ONLY = "suggest-only"
    LOWER_ONLY = "lower-only"
    BOUNDED_RAISE = "bounded-raise"


@quick
@dataclass(frozen=True, slots=True)
class HeartView:
    """Heart rate as the loop may use it at one moment; a number that may not be used is None.

    `hr10_bpm` and `hr5_bpm` are 10-s and 5-s medians; `delta_bpm` is HR10 minus baseline and minus
    `movement_bpm`, the part that the patient's movement explains (None without a calibration).  With
    `moved_beyond` the movement lies outside what was calibrated: HR may then veto, and lower nothing.
    `repeats` says that beats came twice in the last half minute.
    `valid_for_s` counts since the signal last qualified; `quality_0to1` is the share of the last 10 s
    with accepted beats.
    """

    hr10_bpm: float | None = None
    hr5_bpm: float | None = None
    delta_bpm: float | None = None
    baseline_bpm: float | None = None
    baseline_spread_bpm: float | None = None
    age_s: float | None = None
    valid_for_s: float = 0.0
    quality_0to1: float = 0.0
    is_flat: bool = False
    contact: bool | None = None
    reconnects_in_10_min: int = 0
    movement_bpm: float | None = None
    moved_beyond: bool = False
    repeats: bool = False


@quick
@dataclass(frozen=True, slots=True)
class BreathView:
    """Breathing as seen in the rhythm of the beats; None where it cannot be told.

    `rate_per_min` is the strongest rhythm in the breathing range, `regularity_0to1` how much of the
    variation it carries, `swing_bpm` the mean peak-to-trough HR over a breath, `power_bpm2` its power.
    """

    rate_per_min: float | None = None
    regularity_0to1: float | None = None
    swing_bpm: float | None = None
    power_bpm2: float | None = None
    covers_s: float = 0.0


@quick
@dataclass(frozen=True, slots=True)
class RatingView:
    """The patient's own ratings (SUDS 0-100) as the loop may use them.

    `previous_on_level` is the rating before this one, where both were given on the present level.  `fms` is
    sickness 0-20 and `fms_rise` its rise since the session began; the expectancies (0-100 %) are those of the
    level the patient is on.
    """

    suds: int | None = None
    age_s: float | None = None
    previous_on_level: int | None = None
    peak_on_level: int | None = None
    lows_in_a_row: int = 0
    given_on_level: bool = False
    is_new: bool = False
    since_signal_return: bool = True
    missed_in_a_row: int = 0
    fms: int | None = None
    fms_rise: int | None = None
    expectancy_before: int | None = None
    expectancy_after: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class Limits:
    """The ceilings in force, as intensities, of which the smallest binds; and the rating that means calm.

    `patient_0to1` is the limit set for this patient, `next_0to1` one step above the highest intensity tolerated.
    """

    protocol_0to1: float
    therapist_0to1: float
    patient_0to1: float = 1.0
    suds_calm_at: int = 95
    next_0to1: float = 1.0


@quick
@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where the patient is: what the player reports and what people have asked for.

    `in_phase_s` counts since the phase began, pauses left out; `practising` is the main part of a session whose
    intensity is locked.
    """

    grading: bool = False
    paused: bool = False
    held: bool = False
    level_step_0to1: float = 0.1
    current_0to1: float = 0.0
    dwell_s: float = 0.0
    since_raise_s: float | None = None
    since_lower_s: float | None = None
    since_stimulus_s: float | None = None
    wish: Wish | None = None
    wish_is_patients: bool = False
    planned_0to1: float | None = None
    reentry_0to1: float | None = None
    head_worn: bool = True
    head_tracked: bool = True
    frames_in_budget: bool = True
    player_present: bool = True
    player_latched: bool = False
    player_matches: bool = True
    patient_stopped: bool = False
    therapist_stopped: bool = False
    store_ok: bool = True
    clock_ok: bool = True
    watchdog_ok: bool = True
    loop_ok: bool = True
    in_phase_s: float = 0.0
    practising: bool = False
    pace_per_min: float | None = None
    since_pace_s: float | None = None
    entry_is_planned: bool = False


@quick
@dataclass(frozen=True, slots=True)
class PlayView:
    """How much the patient plays: hits a minute over the last one (None before it can be told), and counts so far.

    `hits` is None in a session without play.
    """

    hits_per_min: float | None = None
    hits: int | None = None
    throws: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class LoopInputs:
    """Everything one control step saw.  `hr_may_drive` is the therapist's leave for HR to move intensity both ways."""

    t_s: float
    cause: Cause
    heart: HeartView
    rating: RatingView
    limits: Limits
    place: PlaceView
    age_years: int
    suds_only: bool
    stage: Stage = Stage.BOUNDED_RAISE
    hr_may_drive: bool = False
    breath: BreathView = BreathView()
    play: PlayView = PlayView()


@quick
@dataclass(frozen=True, slots=True)
class Proposal:
    """What a policy would do: an intensity, its rule, its reasons, and a pace where it sets one.

    A pace is breaths a minute, or metres a minute where the scene is played.
    """

    intensity_0to1: float
    rule: Rule
    reasons: tuple[Reason, ...]
    ramp_s: float
    pace_per_min: float | None = None


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """One step's outcome, with all it saw.

    `limiting` is the reason that bound the most, kept apart from the others; None where nothing was limited.
    `suggested_0to1` is what the policy would have done where the patient's stage leaves it to the therapist.
    """

    t_s: float
    cause: Cause
    rule: Rule
    reasons: tuple[Reason, ...]
    before_0to1: float
    proposed_0to1: float
    applied_0to1: float
    ramp_s: float
    calm: bool
    latched: bool
    policy_rule: Rule
    inputs: LoopInputs
    limiting: Reason | None = None
    suggested_0to1: float | None = None
    pace_per_min: float | None = None
