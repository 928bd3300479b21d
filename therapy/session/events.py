"""Everything that can happen to a session, and what a session asks the world to do.

A session is `step(state, event, t_s) -> (state, outputs)`.  The events in order, with their times,
are the whole of a session: folding them again gives the same outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from therapy.control.decision import Decision
from therapy.frozen import quick


class Phase(StrEnum):
    """Where a session is."""

    FITTING = "fitting"
    REHEARSAL = "rehearsal"
    BASELINE = "baseline"
    LOOK_AND_REACH = "look-and-reach"
    EXPECTATION = "expectation"
    EXPOSURE = "exposure"
    RECOVERY = "recovery"
    REVIEW = "review"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"
    STOPPED_BY_PATIENT = "stopped-by-patient"
    STOPPED_BY_THERAPIST = "stopped-by-therapist"
    SAFETY_STOP = "safety-stop"
    NOT_STARTED = "not-started"
    INTERRUPTED = "interrupted"


class LinkState(StrEnum):
    """The strap's link."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    CLOSED = "closed"


class TherapistAction(StrEnum):
    """What a therapist can ask for."""

    UP = "up"
    DOWN = "down"
    HOLD = "hold"
    GO_ON = "go-on"
    PAUSE = "pause"
    SAFE = "safe"
    RESUME = "resume"
    STOP = "stop"
    CEILING = "ceiling"
    SUDS_ONLY = "suds-only"
    RECOVER = "recover"
    ASK = "ask"
    SICKNESS = "sickness"
    EVENT = "event"
    SAY = "say"
    GUIDE = "guide"
    RECENTRE = "recentre"
    SOUND = "sound"
    NOTE = "note"
    EXPECTATION = "expectation"


class NoticeCode(StrEnum):
    """What a therapist is told; `Noticed.detail` carries the data of the sentence."""

    SIMULATED = "simulated"
    STRAP_FITTED = "strap-fitted"
    FIT_POOR = "fit-poor"
    SUDS_ONLY = "suds-only"
    STOP_REHEARSED = "stop-rehearsed"
    STOP_NOT_REHEARSED = "stop-not-rehearsed"
    BASELINE_SETTLED = "baseline-settled"
    BASELINE_NOT_SETTLED = "baseline-not-settled"
    MOVEMENT_CALIBRATED = "movement-calibrated"
    MOVEMENT_NOT_CALIBRATED = "movement-not-calibrated"
    PACE_FOUND = "pace-found"
    HEART_RATE_STALE = "heart-rate-stale"
    HEART_RATE_LOST = "heart-rate-lost"
    HEART_RATE_BACK = "heart-rate-back"
    BATTERY_LOW = "battery-low"
    BEATS_REPEATED = "beats-repeated"
    PROMPT_MISSED = "prompt-missed"
    CHECK_FOR_FAINTING = "check-for-fainting"
    LATCHED = "latched"
    RESUMING = "resuming"
    RESUMED = "resumed"
    PAUSED = "paused"
    CONTINUED = "continued"
    CEILING_CHANGED = "ceiling-changed"
    EVENT_FIRED = "event-fired"
    NOTE = "note"
    EXPECTATION = "expectation"
    WISH_EXPIRED = "wish-expired"
    SUGGESTED = "suggested"
    SOUND = "sound"
    COMMAND_REFUSED = "command-refused"
    PLAYER_GONE = "player-gone"
    PLAYER_BACK = "player-back"
    DISPLAY_HELD = "display-held"
    STORE_FAILED = "store-failed"
    FAULT = "fault"


# --- events -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """The 4-Hz clock of the loop."""


@dataclass(frozen=True, slots=True)
class PacketArrived:
    """One 0x2A37 notification, as raw bytes in hex."""

    data_hex: str


@dataclass(frozen=True, slots=True)
class SensorLink:
    """The strap's link changed."""

    state: LinkState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BatteryRead:
    """The strap's battery level."""

    percent: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The patient answered a panel; `panel_id` 0 is a rating nobody asked for."""

    panel_id: int
    panel: str
    answer: int


@dataclass(frozen=True, slots=True)
class PanelAppeared:
    """A panel became visible to the patient."""

    panel_id: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The patient stopped inside the player; the picture is already fading."""

    source: str
    latch_id: int


@dataclass(frozen=True, slots=True)
class Therapist:
    """A therapist's command.

    `amount` is a level for `ceiling`, 0-100 for `expectation`, 0-20 for `sickness`, breaths a minute for `guide`.
    """

    action: TherapistAction
    amount: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlayerSaid:
    """The player's state, read back; the pace and the phase of the breath are those drawn, where the scene has them.

    `hits` and `throws` count since the player began; None without play.
    """

    scene: str
    intensity_0to1: float
    scene_time_s: float
    latch: str | None
    latch_id: int
    head_worn: bool
    head_tracked: bool
    frames_in_budget: bool
    pace_per_min: float | None = None
    breath_phase_cycles: float | None = None
    hits: int | None = None
    throws: int | None = None


@dataclass(frozen=True, slots=True)
class HeadMoved:
    """How fast the patient's head moved in the last second, in m/s."""

    speed_m_s: float


@dataclass(frozen=True, slots=True)
class PlayerGone:
    """The link to the player broke or the process ended."""

    detail: str


@dataclass(frozen=True, slots=True)
class PlayerBack:
    """A player is there (again)."""


@dataclass(frozen=True, slots=True)
class PlayerRefused:
    """The player could not carry a command out."""

    command: str
    reason: str


@dataclass(frozen=True, slots=True)
class SoundSaid:
    """What the patient can hear, read back: levels in dBFS since the last time, and why nothing is heard, if so."""

    device: str
    has_hrtf: bool
    is_muted: bool
    problem: str
    peak_db: float
    level_db: float
    voice_delay_s: float | None = None


class FaultKind(StrEnum):
    """What went wrong on the session's own side."""

    STORE = "store"
    EXCEPTION = "exception"
    WATCHDOG = "watchdog"
    CLOCK = "clock"
    LISTENER = "listener"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of the session's own failed."""

    fault: FaultKind
    detail: str


Event = (
    Tick
    | PacketArrived
    | SensorLink
    | BatteryRead
    | Answered
    | PanelAppeared
    | Stopped
    | Therapist
    | PlayerSaid
    | HeadMoved
    | PlayerGone
    | PlayerBack
    | PlayerRefused
    | SoundSaid
    | Fault
)


# --- outputs ----------------------------------------------------------------------------------


@quick
@dataclass(frozen=True, slots=True)
class SetScene:
    """Show this; `latch` asks the player to hold the calm scene until released."""

    scene: str
    intensity_0to1: float
    ramp_s: float
    overrides: tuple[tuple[str, float], ...] = ()
    latch: bool = False


@dataclass(frozen=True, slots=True)
class AskPatient:
    """Show a panel."""

    panel_id: int
    panel: str
    text: str


@dataclass(frozen=True, slots=True)
class TakePanelAway:
    """Hide a panel."""

    panel_id: int


@dataclass(frozen=True, slots=True)
class Speak:
    """A guidance line to the patient."""

    text: str


@dataclass(frozen=True, slots=True)
class GuideBreath:
    """Show the breathing guide at a pace, or take it away."""

    pace_per_min: float | None


@dataclass(frozen=True, slots=True)
class FaceAhead:
    """Where the patient looks now becomes straight ahead."""


@dataclass(frozen=True, slots=True)
class AdjustSound:
    """Change what the patient hears, in the therapist's words (`therapy/session/hearing.py`)."""

    words: str


@dataclass(frozen=True, slots=True)
class Stimulate:
    """Fire a scene event."""

    name: str


@dataclass(frozen=True, slots=True)
class Unlatch:
    """Release the player's latch."""

    latch_id: int


@quick
@dataclass(frozen=True, slots=True)
class Decided:
    """A control step's decision."""

    decision: Decision


@quick
@dataclass(frozen=True, slots=True)
class BeatSeen:
    """One RR interval in raw ticks of 1/1024 s with the time of its beat and whether it counts."""

    t_s: float
    rr_ticks: int
    accepted: bool
    after_gap: bool


@quick
@dataclass(frozen=True, slots=True)
class SampleTaken:
    """Once a second: heart rate with quality and age, intensities, the newest SUDS."""

    hr10_bpm: float | None
    hr5_bpm: float | None
    delta_bpm: float | None
    quality_0to1: float
    age_s: float | None
    target_0to1: float
    shown_0to1: float
    scene: str
    scene_time_s: float
    suds: int | None


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating that counts: `scale` is suds, nrs-before, nrs-after, expectancy-before or expectancy-after."""

    scale: str
    answer: int
    prompted: bool
    intensity_0to1: float


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """The session moved on."""

    before: Phase
    after: Phase


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something a therapist should know: a code, and the data its sentence needs."""

    code: NoticeCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BaselineSettled:
    """The personal baseline."""

    bpm: float
    spread_bpm: float
    valid_s: float


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The last output."""

    outcome: Outcome
    detail: str


Output = (
    SetScene
    | AskPatient
    | TakePanelAway
    | Speak
    | GuideBreath
    | FaceAhead
    | AdjustSound
    | Stimulate
    | Unlatch
    | Decided
    | BeatSeen
    | SampleTaken
    | Rated
    | PhaseChanged
    | Noticed
    | BaselineSettled
    | SessionEnded
)
